// The level the engine believes in before the first statement of a line, as the text of an `// irql:` marker.

import { analysisOf, irql, levelAt, type Project } from '@drvlint/core';

/** Several projects that hold the file must agree. */
export function levelText(projects: readonly Project[], file: string, line: number): string {
  const levels = new Set<string>();
  for (const project of projects) {
    const facts = project.fileOf(file);
    if (!facts) continue;
    const from = facts.lineStarts[line - 1];
    const to = line < facts.lineStarts.length ? facts.lineStarts[line] : facts.length;
    const at = levelAt(analysisOf(project, irql), file, from, to);
    if (at) levels.add(at.short);
  }
  return [...levels].join(' or ') || 'not known: no statement begins here';
}
