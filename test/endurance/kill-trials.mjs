// node test/endurance/kill-trials.mjs [--trials N] [--writers N] [--seed N]
// Kills processes that fill one cache beside each other at random moments with SIGKILL, then asks whether a run over what they left gives
// the report of a run without a cache. The sources change from trial to trial, so that there is always something to write. Every
// second writer dies at any moment, the others within the writing of a file: before it, in the middle of it, before or after its renaming.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { random } from '../fuzz/random.mjs';
import { runOnce } from './same-report.mjs';
import { writeProject, writeTree } from './tree.mjs';

const self = fileURLToPath(import.meta.url);

/** From now on a write to the cache ends the process now and then, with a part of the file written or with all of it and no name. */
function dieWriting(seed) {
  const pick = random(seed);
  const { writeFileSync, renameSync } = fs;
  const die = () => process.kill(process.pid, 'SIGKILL');
  fs.writeFileSync = (file, body, options) => {
    if (String(file).endsWith('.tmp') && pick(4) === 0) {
      writeFileSync(file, body.slice(0, pick(body.length + 1)), options);
      die();
    }
    writeFileSync(file, body, options);
  };
  fs.renameSync = (from, to) => {
    if (pick(8) === 0) die();
    renameSync(from, to);
    if (pick(8) === 0) die();
  };
}

/** One writer: changes a project of its own tree and runs with the shared cache, again and again, until it is killed. */
async function write(folder, cacheFolder, seed, inside) {
  if (inside) dieWriting(seed);
  process.stdout.write('ready\n');
  for (let version = seed; ; version++) {
    writeProject(folder, version % 3, version);
    await runOnce(folder, { cacheFolder });
  }
}

function writer(folder, cacheFolder, seed, inside) {
  const child = spawn(process.execPath, [self, '--write', folder, '--cache', cacheFolder, '--seed', String(seed), ...(inside ? ['--inside'] : [])], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ready = new Promise((resolve) => child.stdout.once('data', resolve));
  const closed = new Promise((resolve) => child.once('close', resolve));
  return { child, ready, closed, inside };
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Takes away what was written aside and never renamed; how many there were. */
function takeHalves(folder) {
  const halves = fs.readdirSync(folder).filter((name) => name.endsWith('.tmp'));
  for (const name of halves) fs.rmSync(path.join(folder, name));
  return halves.length;
}

/** Wrong reports after so many kills, and how many of them hit a file half written. */
export async function killTrials(scratch, trials, { writers = 2, seed = 1 } = {}) {
  let state = seed >>> 0;
  const next = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const cacheFolder = path.join(scratch, 'cache');
  const entries = path.join(cacheFolder, 'v1');
  fs.mkdirSync(entries, { recursive: true });
  const expected = new Map();
  let wrong = 0;
  let done = 0;
  let halves = 0;
  while (done < trials) {
    const folders = Array.from({ length: writers }, (_, i) => writeTree(path.join(scratch, `tree${i}`), 3, Math.floor(next() * 1e6)));
    const started = folders.map((folder, i) => writer(folder, cacheFolder, Math.floor(next() * 1e6) + i, i % 2 === 1));
    await Promise.all(started.map(({ ready }) => ready));
    for (const { child, closed, inside } of started) {
      await (inside ? Promise.race([closed, pause(3000)]) : pause(next() * 120));
      child.kill('SIGKILL');
      await closed;
      done++;
    }
    halves += takeHalves(entries);
    for (const folder of folders) {
      // A writer may have died while it wrote a source: what counts is what is there now.
      const texts = [0, 1, 2].flatMap((i) => ['common.h', 'drv.c'].map((name) => fs.readFileSync(path.join(folder, `p${i}`, name), 'utf8'))).join('\0');
      if (!expected.has(texts)) expected.set(texts, (await runOnce(folder)).report);
      if ((await runOnce(folder, { cacheFolder })).report !== expected.get(texts)) wrong++;
    }
  }
  return { done, wrong, halves };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({ options: {
    trials: { type: 'string', default: '1000' }, writers: { type: 'string', default: '2' }, seed: { type: 'string', default: '1' }, write: { type: 'string' }, inside: { type: 'boolean' }, cache: { type: 'string' },
  } });
  if (values.write !== undefined) await write(values.write, values.cache, Number(values.seed), values.inside);
  const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'drvlint-kill-'));
  const from = performance.now();
  const { done, wrong, halves } = await killTrials(scratch, Number(values.trials), { writers: Number(values.writers), seed: Number(values.seed) });
  fs.rmSync(scratch, { recursive: true, force: true });
  console.log(`${done} processes killed while they filled a cache in ${Math.round((performance.now() - from) / 1000)} s, ${halves} of them left a file half written: ${wrong} wrong reports`);
  process.exitCode = wrong === 0 ? 0 : 1;
}
