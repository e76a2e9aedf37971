// `drvlint baseline`: writes the present findings to a file, compares with it, or drops the entries that match nothing any more.

import fs from 'node:fs';
import { createBaseline, type Rule } from '@drvlint/core';
import { displayPath, reasonOf } from '@drvlint/project';
import { UsageError, type Request } from '../arguments.js';
import type { Io } from '../io.js';
import { baselineFile, configurationsOf, Failure, runAnalysis, type Analysis } from '../run-analysis.js';
import { writeWhole } from '../write-file.js';
import path from 'node:path';
import { check } from './check.js';

export const defaultBaseline = 'drvlint-baseline.json';

export async function baseline(request: Request, io: Io, rules: readonly Rule[]): Promise<number> {
  const [action, ...operands] = request.operands;
  if (request.values.has('no-baseline')) throw new UsageError('baseline and --no-baseline exclude each other');
  const file = baselineFile(request, configurationsOf(request, rules, io), io) ?? path.join(io.cwd, defaultBaseline);
  const own: Request = { ...request, operands, values: new Map([...request.values, ['baseline', [file]]]) };
  switch (action) {
    case 'create': return create(own, io, rules, file);
    case 'check': return check(own, io, rules);
    case 'prune': return prune(own, io, rules, file);
    default: throw new UsageError(`baseline needs create, check or prune${action === undefined ? '' : `, not '${action}'`}`);
  }
}

async function create(request: Request, io: Io, rules: readonly Rule[], file: string): Promise<number> {
  if (fs.existsSync(file) && !request.values.has('force')) throw new Failure([`${displayPath(io.cwd, file)} exists: --force writes it again, \`baseline prune\` drops what is gone`]);
  const analysis = await runAnalysis(request, io, { rules, withBaseline: false });
  complete(analysis);
  return save(file, createBaseline(analysis.findings), io);
}

async function prune(request: Request, io: Io, rules: readonly Rule[], file: string): Promise<number> {
  const analysis = await runAnalysis(request, io, { rules });
  complete(analysis);
  return save(file, createBaseline(analysis.findings.filter((f) => f.suppressed?.kind === 'baseline')), io);
}

/** A baseline of half the sources would let the other half's findings in later. */
function complete({ result }: Analysis): void {
  const failed = result.notAnalysed.filter((n) => n.failed).map((n) => `${n.file}: ${n.reason}`);
  if (result.files === 0) failed.push('nothing was analysed');
  if (result.interrupted) failed.push('interrupted');
  if (failed.length + result.internal.length > 0) throw new Failure([...failed, ...result.internal.map((p) => p.message), 'the baseline was not written']);
}

function save(file: string, data: ReturnType<typeof createBaseline>, io: Io): number {
  try {
    writeWhole(file, `${JSON.stringify(data, null, 1)}\n`);
  } catch (e) {
    throw new Failure([`${displayPath(io.cwd, file)}: cannot be written: ${reasonOf(e)}`]);
  }
  io.err(`drvlint: ${data.findings.length} findings in ${displayPath(io.cwd, file)}\n`);
  return 0;
}
