// What a run says beside its report: the summary line, coverage, statistics, times.

import type { AnalysisResult } from '@drvlint/project';
import { countByLevel, type ReportData } from './formats/report.js';
import { printable } from './printable.js';

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** Always the last line on standard error. */
export function summaryText(report: ReportData): string {
  const counts = countByLevel(report.findings);
  const total = counts.error + counts.warning + counts.info;
  const levels = [[counts.error, 'error'], [counts.warning, 'warning'], [counts.info, 'info']] as const;
  const detail = levels.filter(([n]) => n > 0).map(([n, word]) => plural(n, word)).join(', ');
  const failed = report.filesFailed > 0 ? ` (${report.filesFailed} failed)` : '';
  const given = report.functions - report.functionsAnalysed;
  return `${plural(report.files, 'file')}${failed}, ${plural(report.functions, 'function')} (${given} given up), ${plural(total, 'finding')}${detail ? ` (${detail})` : ''}${counts.suppressed > 0 ? `, ${counts.suppressed} suppressed` : ''}, ${(report.ms / 1000).toFixed(2)} s\n`;
}

/** Projects with their reason, and what was not analysed. */
export function coverageText(report: ReportData): string {
  const lines = ['Projects:'];
  for (const p of report.projects) lines.push(`  ${printable(p.name)}: ${printable(p.why)}; ${p.kind === 'unknown' ? '' : `${p.kind} mode, `}${plural(p.files, 'file')}, ${plural(p.functions, 'function')}, ${p.functions - p.functionsAnalysed} given up`);
  if (report.projects.length === 0) lines.push('  none');
  lines.push('Not analysed:');
  for (const n of report.notAnalysed) lines.push(`  ${printable(n.file)}${n.line === undefined ? '' : `:${n.line}`}: ${n.function ? `${printable(n.function)}: ` : ''}${printable(n.reason)}`);
  if (report.notAnalysed.length === 0) lines.push('  nothing: everything was analysed');
  const share = report.functions === 0 ? 100 : (100 * report.functionsAnalysed) / report.functions;
  lines.push(`Analysed: ${report.functionsAnalysed} of ${plural(report.functions, 'function')} (${share.toFixed(2)} %) in ${plural(report.files, 'file')}`);
  return `${lines.join('\n')}\n`;
}

export function statisticsText(report: ReportData): string {
  const counts = new Map<string, number>();
  for (const f of report.findings) if (!f.suppressed) counts.set(f.rule, (counts.get(f.rule) ?? 0) + 1);
  return table([...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([rule, count]) => [rule, String(count)]), 'Findings per rule:');
}

export function timingText(result: AnalysisResult): string {
  if (result.rules.size === 0 && result.cached > 0) return 'Time per rule:\n  none ran, all results are from the cache (--no-cache runs them)\n';
  return table([...result.rules].sort((a, b) => b[1] - a[1]).map(([rule, ms]) => [rule, `${ms.toFixed(1)} ms`]), 'Time per rule:');
}

export function statsText(result: AnalysisResult, report: ReportData): string {
  const stages = table([...result.stages].map(([stage, ms]) => [stage, `${ms.toFixed(1)} ms`]), 'Time per stage:');
  const run = `Threads: ${result.threads}; projects from the cache: ${result.cached} of ${result.projects.length}${result.corrupt > 0 ? `; damaged cache entries made again: ${result.corrupt}` : ''}\n`;
  return `${stages}${timingText(result)}${run}Peak memory: ${report.peakMemoryMB.toFixed(0)} MB\n`;
}

function table(rows: readonly [string, string][], title: string): string {
  const width = Math.max(0, ...rows.map(([key]) => key.length));
  return `${title}\n${rows.map(([key, value]) => `  ${key.padEnd(width)}  ${value}\n`).join('') || '  none\n'}`;
}
