// node test/endurance/same-report.mjs [--runs N] [--threads N] [--corpus DIR]
// Runs over one tree with different numbers of threads and its parts named in different orders: every report must be the same, byte for byte.
// With several folders given the tree is named part by part; projects do not depend on what else is named, so the findings are those of the whole.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { analyse, Configurations } from '@drvlint/project';
import { rules } from '@drvlint/rules';
import { reportOf, writeTree } from './tree.mjs';

function shuffled(list, random) {
  const all = [...list];
  for (let i = all.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [all[i], all[j]] = [all[j], all[i]];
  }
  return all;
}

export async function runOnce(cwd, { inputs = ['.'], threads = 1, cacheFolder } = {}) {
  const configurations = new Configurations({ cwd, rules, file: false, overrides: { presets: ['all'] } });
  const result = await analyse({ cwd, inputs, rules, configurations, rulesModule: import.meta.resolve('@drvlint/rules'), threads, ...(cacheFolder ? { cacheFolder } : {}) });
  return { report: reportOf(result), threads: result.threads, findings: result.findings.length };
}

/** Number of runs whose report is another one than the first; the first run has one thread and the folder as it is. */
export async function differingRuns(cwd, runs, maxThreads, random = Math.random) {
  const parts = fs.readdirSync(cwd).filter((name) => fs.statSync(path.join(cwd, name)).isDirectory()).sort();
  // The parts in order are what the other orders are compared with: named parts and a named whole are told apart in the plan.
  const first = await runOnce(cwd, { inputs: parts });
  let differing = 0;
  for (let i = 0; i < runs; i++) {
    const { report } = await runOnce(cwd, { inputs: shuffled(parts, random), threads: 1 + (i % maxThreads) });
    if (report !== first.report) differing++;
  }
  return { differing, findings: first.findings };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({ options: { runs: { type: 'string', default: '100' }, threads: { type: 'string', default: '4' }, corpus: { type: 'string' } } });
  const scratch = values.corpus === undefined ? fs.mkdtempSync(path.join(os.tmpdir(), 'drvlint-same-')) : undefined;
  const { differing, findings } = await differingRuns(values.corpus ?? writeTree(scratch, 12), Number(values.runs), Number(values.threads));
  if (scratch) fs.rmSync(scratch, { recursive: true, force: true });
  console.log(`${values.runs} runs with 1 to ${values.threads} threads, inputs in random order, ${findings} findings: ${differing} reports differ`);
  process.exitCode = differing === 0 ? 0 : 1;
}
