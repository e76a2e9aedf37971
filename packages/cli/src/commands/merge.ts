// `drvlint merge`: one report from the `--partial` files of the shards of a run, equal to the report of the run as a whole.

import fs from 'node:fs';
import path from 'node:path';
import { applyBaseline, type Rule } from '@drvlint/core';
import { mergeParts, reasonOf, type PartialRun } from '@drvlint/project';
import { UsageError, type Request } from '../arguments.js';
import { withResponseFiles } from '../action-files.js';
import type { Io } from '../io.js';
import { configurationsOf, Failure, readBaseline } from '../run-analysis.js';
import { version } from '../version.js';
import { finish, reportOf } from './check.js';

export function merge(request: Request, io: Io, rules: readonly Rule[]): number {
  const from = performance.now();
  if (request.operands.length === 0) throw new UsageError('merge needs the --partial files of all shards: drvlint merge part1.json part2.json');
  const result = mergeParts(withResponseFiles(request.operands, io).map((file) => readPart(file, io)), io.cwd);
  if ('problem' in result) throw new Failure([result.problem]);
  const configurations = configurationsOf(request, rules, io);
  const baseline = readBaseline(request, configurations, io);
  const applied = baseline && applyBaseline(result.findings, baseline.baseline);
  const analysis = {
    result, configurations, findings: applied?.findings ?? result.findings, ms: performance.now() - from,
    ...(baseline && applied ? { baseline: { file: baseline.file, stale: applied.stale } } : {}),
  };
  return finish(request, io, analysis, reportOf(analysis, io, rules));
}

function readPart(file: string, io: Io): PartialRun {
  let part: unknown;
  try {
    part = JSON.parse(fs.readFileSync(path.resolve(io.cwd, file), 'utf8'));
  } catch (e) {
    throw new Failure([`${file}: ${e instanceof SyntaxError ? 'is no JSON' : `cannot be read: ${reasonOf(e)}`}`]);
  }
  const { version: form, tool, total, outcomes, notAnalysed } = (part ?? {}) as Partial<PartialRun> & { version?: unknown; tool?: unknown };
  if (form !== 1 || typeof total !== 'number' || !Array.isArray(outcomes) || !Array.isArray(notAnalysed)) throw new Failure([`${file}: was not written by drvlint check --partial`]);
  if (tool !== version) throw new Failure([`${file}: was written by drvlint ${String(tool)}, this is ${version}`]);
  return { total, outcomes, notAnalysed };
}
