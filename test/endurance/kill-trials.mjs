// node test/endurance/kill-trials.mjs [--trials N] [--writers N] [--seed N]
// Kills processes that fill one cache beside each other at random moments with SIGKILL, then asks whether a run over what they left gives
// the report of a run without a cache. The sources change from trial to trial, so that there is always something to write.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { runOnce } from './same-report.mjs';
import { writeProject, writeTree } from './tree.mjs';

const self = fileURLToPath(import.meta.url);

/** One writer: changes a project of its own tree and runs with the shared cache, again and again, until it is killed. */
async function write(folder, cacheFolder, seed) {
  process.stdout.write('ready\n');
  for (let version = seed; ; version++) {
    writeProject(folder, version % 3, version % 10);
    await runOnce(folder, { cacheFolder });
  }
}

function writer(folder, cacheFolder, seed) {
  const child = spawn(process.execPath, [self, '--write', folder, '--cache', cacheFolder, '--seed', String(seed)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ready = new Promise((resolve) => child.stdout.once('data', resolve));
  const closed = new Promise((resolve) => child.once('close', resolve));
  return { child, ready, closed };
}

/** Wrong reports after so many kills, and cache entries that were noticed to be damaged. */
export async function killTrials(scratch, trials, { writers = 2, seed = 1 } = {}) {
  let state = seed >>> 0;
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const cacheFolder = path.join(scratch, 'cache');
  const expected = new Map();
  let wrong = 0;
  let done = 0;
  while (done < trials) {
    const folders = Array.from({ length: writers }, (_, i) => writeTree(path.join(scratch, `tree${i}`), 3, Math.floor(random() * 10)));
    const started = folders.map((folder, i) => writer(folder, cacheFolder, Math.floor(random() * 1000) + i));
    await Promise.all(started.map(({ ready }) => ready));
    for (const { child, closed } of started) {
      await new Promise((resolve) => setTimeout(resolve, random() * 120));
      child.kill('SIGKILL');
      await closed;
      done++;
    }
    for (const folder of folders) {
      // A writer may have died while it wrote a source: what counts is what is there now.
      const texts = [0, 1, 2].map((i) => fs.readFileSync(path.join(folder, `p${i}`, 'drv.c'), 'utf8')).join('\0');
      if (!expected.has(texts)) expected.set(texts, (await runOnce(folder)).report);
      if ((await runOnce(folder, { cacheFolder })).report !== expected.get(texts)) wrong++;
    }
  }
  return { done, wrong };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({ options: {
    trials: { type: 'string', default: '1000' }, writers: { type: 'string', default: '2' }, seed: { type: 'string', default: '1' }, write: { type: 'string' }, cache: { type: 'string' },
  } });
  if (values.write !== undefined) await write(values.write, values.cache, Number(values.seed));
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'drvlint-kill-'));
  const from = performance.now();
  const { done, wrong } = await killTrials(scratch, Number(values.trials), { writers: Number(values.writers), seed: Number(values.seed) });
  fs.rmSync(scratch, { recursive: true, force: true });
  console.log(`${done} processes killed while they filled a cache in ${Math.round((performance.now() - from) / 1000)} s: ${wrong} wrong reports`);
  process.exitCode = wrong === 0 ? 0 : 1;
}
