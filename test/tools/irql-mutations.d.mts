import type { Project } from '@drvlint/core';

export interface Site {
  kind: string;
  file: string;
  line: number;
  what: string;
  edits: { start: number; end: number; text: string }[];
  places: { file: string; from: number; to: number }[];
}

export function sitesOf(project: Project): Site[];
