// node test/fuzz/fuzz.mjs [--kind bytes|mutate|levels|options|lsp|edits|all] [--count N] [--seed N] [--seconds N]
// Throws inputs at the analysis; `bytes` at reading, scanning, rewriting and parsing alone, which is what a million of them go through. What must hold: nothing is thrown, no rule fails, other files keep their findings, every place lies in its
// file, no input takes longer than the budget; and for programs with known levels: a wait that is never raised is not reported, the first
// one that is on some path gets a finding, and functions that give back every lock have no finding about locks or exits; `lsp` and `edits` are in lsp.mjs. Prints what broke, with the seed that makes it again.
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { analyseText, baseLayer, configuration, createParser, decode, linkProject, MacroEnvironment, ProjectReader, runRules, selectRules, sourceFromString } from '@drvlint/core';
import { rules } from '@drvlint/rules';
import { endLsp, storm } from './lsp.mjs';
import { levelProgram } from './oracle.mjs';
import { mutate } from './mutate.mjs';
import { random } from './random.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const BUDGET_MS = 20_000;
/** A storm is some hundred messages and a run of its own. */
const STORM_MS = 120_000;
const COMPANION = 'VOID Companion(PKSPIN_LOCK l, PLARGE_INTEGER t)\n{\n    KIRQL old;\n    KeAcquireSpinLock(l, &old);\n    KeDelayExecutionThread(KernelMode, FALSE, t);\n    KeReleaseSpinLock(l, old);\n}\n';

const parser = await createParser({ timeBudget: BUDGET_MS });
const everything = selectRules(rules, { presets: ['all'], arch: 'amd64', rules: {} });

const levelRules = selectRules(rules.filter((r) => r.meta.family === 'irql'), { presets: ['all'], arch: 'amd64', rules: {} });

/** Findings of texts that are one project, or what went wrong. */
export function analyseTexts(texts, active = everything, settings = {}) {
  const sources = new Map(Object.entries(texts).map(([name, text]) => [name, sourceFromString(text, name)]));
  const reader = new ProjectReader({
    source: (file) => sources.get(file),
    resolveInclude: (include) => (sources.has(include.target) ? include.target : undefined),
  }, parser, configuration({ arch: 'amd64', defines: {}, undefines: [], kernel: true, ...settings }));
  for (const name of sources.keys()) reader.readUnit(name, /\.cpp$/.test(name) ? 'cpp' : 'c', []);
  const project = linkProject(reader.files, { name: 'fuzz', arch: settings.arch ?? 'amd64', kindHint: 'kernel', textOf: (file) => sources.get(file)?.text ?? '' });
  return runRules(project, rules, { rulesFor: () => active, minimum: 'info' });
}

function wrongPlaces(result, texts) {
  return result.findings.filter((f) => !(f.start >= 0 && f.end >= f.start && f.end <= texts[f.file].length && f.line >= 1 && f.column >= 1));
}

function fixtureTexts() {
  const found = [];
  const walk = (folder) => {
    for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) walk(file);
      else if (/\.(?:c|cpp|h)$/.test(entry.name)) found.push({ cpp: entry.name.endsWith('.cpp'), text: fs.readFileSync(file, 'utf8') });
    }
  };
  walk(path.join(root, 'fixtures'));
  return found.sort((a, b) => (a.text < b.text ? -1 : 1));
}

const fixtures = fixtureTexts();

/** Bytes of a text in an encoding of chance, now and then with some bytes changed. */
function encoded(text, pick) {
  const bytes = [
    () => Buffer.from(text), () => Buffer.from(`\ufeff${text}`), () => Buffer.from(text, 'latin1'), () => Buffer.from(text, 'utf16le'), () => Buffer.from(`\ufeff${text}`, 'utf16le'),
    () => Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
  ][pick(6)]();
  for (let i = pick(3) === 0 ? 1 + pick(5) : 0; i > 0 && bytes.length > 0; i--) bytes[pick(bytes.length)] = pick(256);
  return bytes;
}

const plain = configuration({ arch: 'amd64', defines: {}, undefines: [], kernel: true });
const layers = { c: baseLayer(plain, 'c'), cpp: baseLayer(plain, 'cpp') };

/** What is wrong with the tree of a text: an offset outside of it, a child outside of its parent, nodes out of order. */
function brokenTree({ source, code, tree, failure }) {
  if (!tree) return failure ? undefined : 'neither a tree nor a reason';
  if (code.length !== source.text.length) return `rewriting changed the length from ${source.text.length} to ${code.length}`;
  for (let n = 0; n < tree.count; n++) {
    const parent = tree.parent[n];
    if (tree.start[n] < 0 || tree.end[n] > code.length || tree.start[n] > tree.end[n]) return `node ${n} lies at ${tree.start[n]}..${tree.end[n]} of ${code.length}`;
    if (n > 0 && (parent >= n || tree.next[n] > tree.next[parent] || tree.start[n] < tree.start[parent] || tree.end[n] > tree.end[parent])) return `node ${n} is not inside of its parent ${parent}`;
  }
  return undefined;
}

/** Rules that have nothing to say about functions that give everything back. */
const balanced = new Set(['lock-pairing', 'irql-not-restored', 'irql-not-saved', 'irql-lowered-improperly', 'irql-change-unannotated', 'irql-too-low']);

/** What broke, undefined when all held. */
const kinds = {
  bytes(pick) {
    const one = fixtures[pick(fixtures.length)];
    const from = pick(one.text.length);
    const text = mutate(one.text.slice(from, from + 200 + pick(1500)), fixtures[pick(fixtures.length)].text.slice(0, 1500), pick);
    const language = one.cpp ? 'cpp' : 'c';
    const source = decode(encoded(text, pick), 'input.c');
    return brokenTree(analyseText(source, language, MacroEnvironment.create(layers[language]), parser));
  },
  mutate(pick) {
    const one = fixtures[pick(fixtures.length)];
    const name = one.cpp ? 'input.cpp' : 'input.c';
    const texts = { [name]: mutate(one.text, fixtures[pick(fixtures.length)].text, pick), 'companion.c': COMPANION };
    const result = analyseTexts(texts);
    return broken(result, texts) ?? (result.findings.some((f) => f.file === 'companion.c' && f.rule === 'irql-too-high' && f.line === 5) ? undefined : 'the companion lost its finding');
  },
  levels(pick) {
    const programs = Array.from({ length: 8 }, (_, i) => levelProgram(pick, `F${i}`));
    const lines = ['#include <ntddk.h>', ...Array.from({ length: 40 }, (_, i) => `BOOLEAN Ask${i}(VOID);`)];
    const starts = programs.map(({ text }) => lines.push(...text) - text.length);
    const texts = { 'levels.c': `${lines.join('\n')}\n` };
    const result = analyseTexts(texts, levelRules);
    const problem = broken(result, texts);
    if (problem) return problem;
    for (const [i, { waits }] of programs.entries()) {
      const reported = new Map();
      for (const f of result.findings) if (/^irql-(?:may-be-)?too-high$/.test(f.rule) && f.function === `F${i}`) reported.set(f.line - 1 - starts[i], f.rule);
      for (const [line, rule] of reported) if (waits.get(line) === 'never') return `false alarm ${rule} in F${i}, line ${line + 1}:\n${programs[i].text.join('\n')}`;
      const unbalanced = result.findings.find((f) => f.function === `F${i}` && balanced.has(f.rule));
      if (unbalanced) return `false alarm ${unbalanced.rule} in F${i}, line ${unbalanced.line - starts[i]}:\n${programs[i].text.join('\n')}`;
      // One path on which it is raised is enough: that path is feasible.
      const first = [...waits].sort(([a], [b]) => a - b).find(([, when]) => when !== 'never');
      if (first && !reported.has(first[0])) return `missed in F${i}, line ${first[0] + 1}:\n${programs[i].text.join('\n')}`;
    }
    return undefined;
  },
  options(pick) {
    const chosen = Object.fromEntries(Array.from({ length: pick(6) }, () => [rules[pick(rules.length)].meta.id, { level: ['off', 'info', 'warning', 'error'][pick(4)] }]));
    const arch = ['amd64', 'arm64', 'x86'][pick(3)];
    const presets = ['recommended', 'strict', 'cluster', 'all', 'mustfix'].filter(() => pick(2));
    const one = fixtures[pick(fixtures.length)];
    const texts = { [one.cpp ? 'input.cpp' : 'input.c']: one.text };
    const active = selectRules(rules, { presets, arch, rules: chosen });
    const defines = Object.fromEntries(Array.from({ length: pick(4) }, () => [['DBG', '_WIN64', 'NTDDI_VERSION', 'UNICODE', 'X', '_KERNEL_MODE'][pick(6)], ['', '0', '1', '0x0A000000', '(((', 'X', '"s"'][pick(7)]]));
    const result = analyseTexts(texts, active, { arch, defines, kernel: pick(2) === 1 });
    const off = result.findings.find((f) => chosen[f.rule]?.level === 'off');
    return broken(result, texts) ?? (off ? `${off.rule} is off and reports` : undefined);
  },
  lsp: (pick) => storm(pick),
  // The same without changes on disk, and shorter.
  edits: (pick) => storm(pick, { messages: 60, disk: false }),
};

function broken(result, texts) {
  if (result.problems.length > 0) return `${result.problems[0].rule}: ${result.problems[0].stack ?? result.problems[0].message}`;
  const wrong = wrongPlaces(result, texts);
  return wrong.length > 0 ? `${wrong[0].rule} has a place outside of ${wrong[0].file}` : undefined;
}

/** Runs `count` inputs of a kind; what broke, by seed. */
export async function fuzz(kind, count, seed, until = Infinity) {
  const problems = [];
  let slowest = 0;
  let done = 0;
  for (; done < count && performance.now() < until; done++) {
    const from = performance.now();
    let problem;
    try {
      problem = await kinds[kind](random(seed + done));
    } catch (e) {
      problem = e instanceof Error ? e.stack : String(e);
    }
    const ms = performance.now() - from;
    slowest = Math.max(slowest, ms);
    if (ms > (kind === 'lsp' || kind === 'edits' ? STORM_MS : BUDGET_MS)) problem ??= `took ${Math.round(ms)} ms`;
    if (problem) problems.push({ kind, seed: seed + done, problem });
    if (done % 16 === 15) await new Promise((resolve) => setImmediate(resolve));
  }
  await endLsp();
  return { problems, slowest, done };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { kind: { type: 'string', default: 'all' }, count: { type: 'string', default: '1000' }, seed: { type: 'string', default: '1' }, seconds: { type: 'string', default: '100000' } } });
  for (const kind of values.kind === 'all' ? Object.keys(kinds) : [values.kind]) {
    const { problems, slowest, done } = await fuzz(kind, Number(values.count), Number(values.seed), performance.now() + Number(values.seconds) * 1000);
    for (const p of problems.slice(0, 10)) console.log(`${p.kind} seed ${p.seed}: ${p.problem}`);
    console.log(`${kind}: ${done} inputs, ${problems.length} problems, slowest ${Math.round(slowest)} ms, ${Math.round(process.resourceUsage().maxRSS / 1024)} MB`);
    if (problems.length > 0) process.exitCode = 1;
  }
}
