// node test/tools/mutate-cluster.mjs FOLDER.. [--seed N] [--count N] [--operator TEXT] [--all] [--misses]
// Breaks resource DLLs on purpose, one change at a time, and counts how many of the changes are reported at the right line. Every folder
// is one DLL; it is copied to a temporary folder that is removed at the end. Needs a build (`npm run build`).

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createParser } from '../../packages/core/dist/index.js';
import { analyse, Configurations } from '../../packages/project/dist/index.js';
import { rules } from '../../rules/dist/index.js';
import { mutantsOf } from './cluster-mutations/operators.mjs';
import { SourceText } from './cluster-mutations/source.mjs';

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string', default: '1' }, count: { type: 'string', default: '100' }, operator: { type: 'string' }, all: { type: 'boolean', default: false }, misses: { type: 'boolean', default: false } },
});
const parser = await createParser();
const cluster = rules.filter((r) => r.meta.family === 'cluster').map((r) => r.meta.id);

/** Mulberry32. */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

async function findings(folder) {
  const configurations = new Configurations({ cwd: folder, rules, file: false, overrides: { level: 'info', only: cluster } });
  const result = await analyse({ cwd: folder, inputs: [folder], rules, configurations, parser });
  if (result.internal.length > 0) throw new Error(result.internal[0].stack ?? result.internal[0].message);
  return result.findings.map((f) => ({ rule: f.rule, file: path.resolve(folder, f.file), line: f.line, message: f.message }));
}

const lineOf = (text, at) => text.slice(0, at).split('\n').length;

/** Offset in the changed text of what stood at `at`; text inserted at `at` counts as standing there. */
function moved(at, edits) {
  return at + edits.filter((e) => e.end <= at && e.start < at).reduce((sum, e) => sum + e.text.length - (e.end - e.start), 0);
}

function apply(text, edits) {
  return [...edits].sort((a, b) => b.start - a.start || b.end - a.end).reduce((t, e) => t.slice(0, e.start) + e.text + t.slice(e.end), text);
}

class TestedDll {
  constructor(folder) {
    this.folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drvlint-mutants-'));
    fs.cpSync(folder, this.folder, { recursive: true, dereference: true });
    this.name = path.basename(folder);
    const files = fs.readdirSync(this.folder, { recursive: true }).map(String).filter((f) => /\.(?:c|cpp|h)$/i.test(f)).map((f) => path.join(this.folder, f));
    this.texts = new Map(files.map((f) => [f, fs.readFileSync(f, 'latin1')]));
    this.mutants = mutantsOf([...this.texts].map(([file, text]) => new SourceText(file, text)));
  }

  async start() {
    this.before = await findings(this.folder);
  }

  /** The finding that tells of a mutant, or what was found instead. */
  async judge(mutant) {
    const byFile = new Map([[mutant.file, mutant.edits]]);
    for (const o of mutant.others ?? []) byFile.set(o.file, [...(byFile.get(o.file) ?? []), o.edit]);
    for (const [file, edits] of byFile) fs.writeFileSync(file, apply(this.texts.get(file), edits), 'latin1');
    const after = await findings(this.folder);
    for (const file of byFile.keys()) fs.writeFileSync(file, this.texts.get(file), 'latin1');
    const line = (file, at) => lineOf(apply(this.texts.get(file), byFile.get(file) ?? []), moved(at, byFile.get(file) ?? []));
    const places = [...mutant.at.map((at) => ({ file: mutant.file, at })), ...(mutant.anywhere ?? [])].map((p) => `${p.file}:${line(p.file, p.at)}`);
    const known = new Set(this.before.map((f) => `${f.rule} ${f.file}:${line(f.file, lineStart(this.texts.get(f.file), f.line))} ${f.message}`));
    const fresh = after.filter((f) => !known.has(`${f.rule} ${f.file}:${f.line} ${f.message}`));
    return { found: fresh.some((f) => f.rule === mutant.rule && places.includes(`${f.file}:${f.line}`)), fresh, places };
  }
}

function lineStart(text, line) {
  let at = 0;
  for (let i = 1; i < line; i++) at = text.indexOf('\n', at) + 1;
  return at;
}

const dlls = positionals.map((folder) => new TestedDll(path.resolve(folder)));
try {
  for (const dll of dlls) await dll.start();
  const pool = dlls.flatMap((dll) => dll.mutants.filter((m) => !options.operator || m.operator.includes(options.operator)).map((mutant) => ({ dll, mutant })));
  const next = random(Number(options.seed));
  // An operator first, then one of its places: rules with many places do not crowd out the others.
  const byOperator = new Map();
  for (const p of pool) byOperator.set(p.mutant.operator, [...(byOperator.get(p.mutant.operator) ?? []), p]);
  const chosen = [];
  while (!options.all && chosen.length < Math.min(Number(options.count), pool.length)) {
    const keys = [...byOperator.keys()].filter((k) => byOperator.get(k).length > 0);
    const list = byOperator.get(keys[Math.floor(next() * keys.length)]);
    chosen.push(list.splice(Math.floor(next() * list.length), 1)[0]);
  }
  const tally = new Map();
  let found = 0;
  const tested = options.all ? pool : chosen;
  for (const { dll, mutant } of tested) {
    const verdict = await dll.judge(mutant);
    const row = tally.get(mutant.operator) ?? { found: 0, of: 0 };
    tally.set(mutant.operator, { found: row.found + (verdict.found ? 1 : 0), of: row.of + 1 });
    if (verdict.found) found++;
    else {
      console.log(`MISS ${dll.name} ${mutant.rule} [${mutant.operator}] ${mutant.what}`);
      console.log(`     wanted at ${verdict.places.map((p) => path.basename(p)).join(', ')}`);
      for (const f of verdict.fresh) console.log(`     instead ${path.basename(f.file)}:${f.line} ${f.rule}: ${f.message.slice(0, 110)}`);
    }
  }
  for (const [operator, t] of [...tally].sort((a, b) => (a[0] < b[0] ? -1 : 1))) if (!options.misses) console.log(`${String(t.found).padStart(4)} of ${String(t.of).padStart(4)}  ${operator}`);
  console.log(`${found} of ${tested.length} changes found at the right line (seed ${options.seed}, ${pool.length} possible)`);
} finally {
  for (const dll of dlls) fs.rmSync(dll.folder, { recursive: true, force: true });
}
