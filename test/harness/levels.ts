// The level the engine believes in before the first statement of a line, as the text of an `// irql:` marker.

import type { Project } from '@drvlint/core';

export function levelText(projects: readonly Project[], file: string, line: number): string {
  void projects; void file; void line;
  return 'unknown';
}
