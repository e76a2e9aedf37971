// The findings of all open files as one Markdown page, with how much was analysed.

import type { Finding, Level } from '@drvlint/core';
import type { Workspace } from '@drvlint/project';
import { pageUrl } from './diagnostics.js';
import { plain } from './features/markdown.js';

export function reportOf(workspaces: readonly Workspace[], uriOf: (workspace: Workspace, file: string) => string): string {
  const parts = ['# drvlint report'];
  for (const workspace of workspaces) for (const file of [...workspace.openFiles].sort()) parts.push(...fileReport(workspace, file, uriOf));
  if (parts.length === 1) parts.push('No C or C++ file is open.');
  return `${parts.join('\n\n')}\n`;
}

function fileReport(workspace: Workspace, file: string, uriOf: (workspace: Workspace, file: string) => string): string[] {
  const coverage = workspace.coverage(file);
  const findings = workspace.findingsNow(file);
  if (!coverage || !findings) return [];
  const shown = findings.filter((f) => !f.suppressed);
  const name = workspace.viewNow(file)?.facts.path ?? file;
  const head = `## ${plain(name)}`;
  const counts = `Project ${plain(coverage.project)}${coverage.partial ? ` (${coverage.partial})` : ''}; ${coverage.analysed} of ${coverage.functions} functions analysed; ${countText(shown)}${shown.length < findings.length ? `; ${findings.length - shown.length} suppressed` : ''}.`;
  const rows = shown.map((f) => `- [${f.line}:${f.column}](${uriOf(workspace, f.file)}#L${f.line}) **${f.level}** ${plain(f.message)} ([${f.rule}](${pageUrl(f.rule)}))`);
  const missed = coverage.reasons.map((r) => `- not analysed: ${r.function ? `${plain(r.function)}: ` : ''}${plain(r.reason)}`);
  return [head, counts, [...rows, ...missed].join('\n')].filter((p) => p !== '');
}

export function countByLevel(findings: readonly Finding[]): Record<Level, number> & { suppressed: number } {
  const counts = { error: 0, warning: 0, info: 0, suppressed: 0 };
  for (const f of findings) counts[f.suppressed ? 'suppressed' : f.level]++;
  return counts;
}

function countText(findings: readonly Finding[]): string {
  const { error, warning, info } = countByLevel(findings);
  return `${error} errors, ${warning} warnings, ${info} infos`;
}
