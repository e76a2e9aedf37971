// `drvlint report`: what a check of projects would report, from their linked facts and their sources. With `--partial` and no report asked
// for, it only writes what `drvlint merge` puts together, and findings are for that one to count.

import { applyBaseline, type Rule } from '@drvlint/core';
import { mergeParts, outcomeOfLinked, readLinked, type Linked, type PartialRun } from '@drvlint/project';
import { readInput, withResponseFiles, writeOutput } from '../action-files.js';
import { UsageError, type Request } from '../arguments.js';
import type { Io } from '../io.js';
import { configurationsOf, Failure, readBaseline } from '../run-analysis.js';
import { version } from '../version.js';
import { finish, reportOf } from './check.js';

export async function report(request: Request, io: Io, rules: readonly Rule[]): Promise<number> {
  const from = performance.now();
  if (request.operands.length === 0) throw new UsageError('report needs linked facts: drvlint report driver.linked');
  const parts: PartialRun[] = [];
  for (const file of withResponseFiles(request.operands, io)) {
    const linked = readLinked(readInput(file, io));
    if (!linked) throw new Failure([`${file}: was not written by drvlint link`]);
    parts.push(await partOf(linked, request, io, rules));
  }
  const partial = request.values.get('partial')?.[0];
  if (partial !== undefined) writeOutput(partial, `${JSON.stringify({ version: 1, tool: version, ...joined(parts) })}\n`, io);
  if (partial !== undefined && !request.values.has('output') && !request.values.has('format')) return 0;
  const result = mergeParts([renumbered(joined(parts))], io.cwd);
  if ('problem' in result) throw new Failure([result.problem]);
  const configurations = configurationsOf(request, rules, io);
  const baseline = readBaseline(request, configurations, io);
  const applied = baseline && applyBaseline(result.findings, baseline.baseline);
  const analysis = {
    result, configurations, findings: applied?.findings ?? result.findings, ms: performance.now() - from,
    ...(baseline && applied ? { baseline: { file: baseline.file, stale: applied.stale } } : {}),
  };
  return finish({ ...request, values: new Map([...request.values].filter(([name]) => name !== 'partial')) }, io, analysis, reportOf(analysis, io, rules));
}

async function partOf(linked: Linked, request: Request, io: Io, rules: readonly Rule[]): Promise<PartialRun> {
  const configurations = configurationsOf({ ...request, arch: linked.head.project.settings.arch }, rules, io);
  const part = await outcomeOfLinked(linked, { cwd: io.cwd, rules, configurations, signal: io.signal });
  if ('problem' in part) throw new Failure([part.problem]);
  return part;
}

/** Times are not part of what was found: the same inputs give the same bytes. */
function joined(parts: readonly PartialRun[]): PartialRun {
  const outcomes = parts.flatMap((p) => p.outcomes).sort(([a], [b]) => a - b).map(([index, outcome]): PartialRun['outcomes'][number] => [index, { ...outcome, stages: [], rules: [] }]);
  return { total: parts[0].total, outcomes, notAnalysed: parts.flatMap((p) => p.notAnalysed) };
}

/** Those given are all there are. */
function renumbered({ outcomes, notAnalysed }: PartialRun): PartialRun {
  return { total: outcomes.length, outcomes: outcomes.map(([, outcome], i) => [i, outcome]), notAnalysed };
}
