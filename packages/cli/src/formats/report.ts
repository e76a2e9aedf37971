// What every report format is made from. Formats are pure functions of it.

import type { Finding, Level, Rule, SourceText } from '@drvlint/core';
import type { LineLevels } from '../line-levels.js';
import type { NotAnalysedEntry, ProjectSummary } from '@drvlint/project';

export interface ReportData {
  tool: { name: string; version: string };
  /** Absolute working directory with forward slashes. */
  cwd: string;
  rules: readonly Rule[];
  /** Ids of the rules that are switched on. */
  active: ReadonlySet<string>;
  /** In report order, suppressed ones included. */
  findings: readonly Finding[];
  sources: { get(file: string): SourceText | undefined };
  projects: readonly ProjectSummary[];
  notAnalysed: readonly NotAnalysedEntry[];
  /** Messages about failures: bad input, internal errors. */
  failures: readonly string[];
  files: number;
  filesFailed: number;
  functions: number;
  functionsAnalysed: number;
  ms: number;
  peakMemoryMB: number;
  /** Page of a rule as Markdown. */
  pageOf(rule: string): string | undefined;
  /** Interrupt level per line, when a format wants it. */
  levels?: LineLevels;
}

export interface FormatOptions { color: boolean }

export type Format = (report: ReportData, options: FormatOptions) => string;

export function countByLevel(findings: readonly Finding[]): Record<Level, number> & { suppressed: number } {
  const counts = { error: 0, warning: 0, info: 0, suppressed: 0 };
  for (const f of findings) counts[f.suppressed ? 'suppressed' : f.level]++;
  return counts;
}

export const documentation = 'https://github.com/drvlint/drvlint/blob/main/rules';

/** Address of a rule's page. */
export function pageUrl(rule: string): string {
  return `${documentation}/${rule}/README.md`;
}
