// `drvlint check`: analyse, report, and say in the exit status what came of it.

import path from 'node:path';
import { atLeast, type Rule } from '@drvlint/core';
import { displayPath, reasonOf } from '@drvlint/project';
import type { Request, ReportTarget } from '../arguments.js';
import { applyFixes } from '../fixing.js';
import { formatters } from '../formats/index.js';
import { countByLevel, type ReportData } from '../formats/report.js';
import type { Io } from '../io.js';
import { addLineLevels, type LineLevels } from '../line-levels.js';
import { pageOf } from '../pages.js';
import { printable } from '../printable.js';
import { runAnalysis, type Analysis } from '../run-analysis.js';
import { coverageText, statisticsText, statsText, summaryText, timingText } from '../summaries.js';
import { version } from '../version.js';
import { writeWhole } from '../write-file.js';

export async function check(request: Request, io: Io, rules: readonly Rule[]): Promise<number> {
  const levels: LineLevels = new Map();
  const wantsLevels = request.reports.some((r) => r.format === 'html');
  const fixing = request.values.has('fix') || request.values.has('fix-dry-run');
  const { analysis, failures: fixFailures } = fixing ? await applyFixes(request, io, rules) : {
    analysis: await runAnalysis(request, io, { rules, ...(wantsLevels ? { onProject: (project) => addLineLevels(project, levels) } : {}) }), failures: [],
  };
  return finish(request, io, analysis, { ...reportOf(analysis, io, rules, fixFailures), levels });
}

/** Delivers the reports and the notes on standard error; the exit status. */
export function finish(request: Request, io: Io, analysis: Analysis, report: ReportData): number {
  const failures = [...report.failures, ...deliver(request.reports, report, request, io), ...writePartial(request, io, analysis)];
  notes(request, io, analysis, report, failures);
  return statusOf(request, analysis, report, failures);
}

export function reportOf(analysis: Analysis, io: Io, rules: readonly Rule[], failures: readonly string[] = []): ReportData {
  const { result } = analysis;
  const internal = result.internal.map((p) => `internal error${p.rule ? ` in rule ${p.rule}` : ''}${p.file ? ` at ${p.file}` : ''}${p.function ? `, function ${p.function}` : ''}: ${p.message}`);
  const nothing = analysis.nothingToDo === undefined ? nothingAnalysed(analysis) : [];
  const active = new Set(result.findings.map((f) => f.rule));
  for (const id of analysis.configurations.rulesFor(path.join(io.cwd, 'any.c')).keys()) active.add(id);
  return {
    tool: { name: 'drvlint', version }, cwd: io.cwd.replaceAll('\\', '/'), rules, active, findings: analysis.findings, sources: result.sources, projects: result.projects,
    notAnalysed: result.notAnalysed, failures: [...failures, ...nothing, ...internal],
    files: result.files, filesFailed: result.filesFailed, functions: result.functions, functionsAnalysed: result.functionsAnalysed,
    ms: analysis.ms, peakMemoryMB: process.resourceUsage().maxRSS / 1024, pageOf,
  };
}

function nothingAnalysed({ result }: Analysis): string[] {
  if (result.files === 0 && result.partial.total > 0 && result.partial.outcomes.length === 0) return [];
  if (result.files === 0) return [result.filesFailed > 0 ? 'nothing was analysed' : 'nothing was analysed: there is no C or C++ file'];
  return result.functions > 0 && result.functionsAnalysed === 0 ? ['nothing was analysed: all functions were given up (--coverage lists them)'] : [];
}

/** `--partial FILE`: what `drvlint merge` puts together. */
function writePartial(request: Request, io: Io, { result }: Analysis): string[] {
  const file = request.values.get('partial')?.[0];
  if (file === undefined) return [];
  try {
    writeWhole(path.resolve(io.cwd, file), `${JSON.stringify({ version: 1, tool: version, ...result.partial })}\n`);
    return [];
  } catch (e) {
    return [`${file}: the partial result cannot be written: ${reasonOf(e)}`];
  }
}

/** Writes every report; a file that cannot be written does not keep the others from being written. */
function deliver(targets: readonly ReportTarget[], report: ReportData, request: Request, io: Io): string[] {
  const failures: string[] = [];
  for (const { format, output } of targets) {
    const text = formatters[format](report, { color: output === undefined && useColor(request, io, io.outIsTerminal) });
    const whole = request.values.has('coverage') && (format === 'text' || format === 'compact') ? text + coverageText(report) : text;
    if (output === undefined) io.out(whole);
    else {
      try {
        writeWhole(path.resolve(io.cwd, output), whole);
      } catch (e) {
        failures.push(`${output}: the report cannot be written: ${reasonOf(e)}`);
      }
    }
  }
  return failures;
}

export function useColor(request: Request, io: Io, terminal: boolean): boolean {
  if (request.values.has('color')) return true;
  if (request.values.has('no-color') || io.env.NO_COLOR) return false;
  if (io.env.FORCE_COLOR) return io.env.FORCE_COLOR !== '0';
  return terminal && io.env.TERM !== 'dumb';
}

function notes(request: Request, io: Io, analysis: Analysis, report: ReportData, failures: readonly string[]): void {
  const say = (line: string): void => io.err(`drvlint: ${printable(line)}\n`);
  for (const n of report.notAnalysed.filter((each) => each.failed)) say(`${n.file}${n.line === undefined ? '' : `:${n.line}`}: ${n.reason}`);
  for (const failure of failures) say(failure);
  if (io.env.DRVLINT_DEBUG) for (const p of analysis.result.internal) io.err(`${p.stack ?? p.message}\n`);
  if (request.values.has('quiet')) return;
  if (request.values.has('coverage') && !request.reports.some((r) => r.output === undefined && (r.format === 'text' || r.format === 'compact'))) io.err(coverageText(report));
  if (request.values.has('statistics')) io.err(statisticsText(report));
  if (request.values.has('timing')) io.err(timingText(analysis.result));
  if (request.values.has('stats')) io.err(statsText(analysis.result, report));
  if (analysis.baseline && analysis.baseline.stale.length > 0) {
    say(`${analysis.baseline.stale.length} entries of ${displayPath(io.cwd, analysis.baseline.file)} match nothing any more: \`drvlint baseline prune\` drops them`);
  }
  if (analysis.nothingToDo !== undefined) say(analysis.nothingToDo);
  if (analysis.result.interrupted) say('interrupted: what was found so far is reported');
  io.err(summaryText(report));
}

function statusOf(request: Request, analysis: Analysis, report: ReportData, failures: readonly string[]): number {
  if (analysis.result.interrupted) return 130;
  if (failures.length > 0 || report.notAnalysed.some((n) => n.failed)) return 2;
  const counted = report.findings.filter((f) => !f.suppressed);
  if (request.maxWarnings !== undefined) {
    const counts = countByLevel(counted);
    return counts.error > 0 || counts.warning > request.maxWarnings ? 1 : 0;
  }
  return counted.some((f) => atLeast(f.level, request.failOn)) ? 1 : 0;
}
