// Measures the front end on folders of source: files, functions, clean bodies, and time against the raw parse of the same text.
//   node test/tools/frontend-figures.mjs <folder>... [--list] [--wasm] [--no-direct] [--no-raw] [--only=text] [--headers]
import fs from 'node:fs';
import path from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import {
  analyseText, baseLayer, configuration, createParser, decode, firstError, hasErrorWithin, lineText, looksBinary, MacroEnvironment, NodeType, positionAt,
} from '@drvlint/core';

/** Milliseconds the main thread has computed, so that other work on the machine does not count; where the system does not tell, of the clock. */
function now() {
  try {
    return Number(fs.readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  } catch {
    return performance.now();
  }
}

const flags = new Set(process.argv.slice(2).filter((a) => a.startsWith('--')));
const only = [...flags].find((f) => f.startsWith('--only='))?.slice(7);
const folders = process.argv.slice(2).filter((a) => !a.startsWith('--'));
// The front end as it ships, against the bare parse of the same text by the native addon.
const parser = await createParser({ prefer: flags.has('--wasm') ? 'wasm' : 'kernel', direct: !flags.has('--no-direct') });
const native = await createParser({ prefer: 'native' });

function sources(folder, found = []) {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) {
      if (entry.name !== '.git') sources(file, found);
    } else if (/\.(?:c|cc|cpp|cxx|h|hpp|hxx|inl)$/i.test(entry.name)) found.push(file);
  }
  return found;
}

/** Same folder, then the longest shared path suffix that is unique. */
function resolver(files) {
  const byName = new Map();
  for (const file of files) {
    const name = path.basename(file).toLowerCase();
    byName.set(name, [...(byName.get(name) ?? []), file]);
  }
  return (from, target) => {
    const wanted = target.replace(/\\/g, '/').toLowerCase();
    const candidates = (byName.get(path.posix.basename(wanted)) ?? []).filter((f) => f.toLowerCase().endsWith(`/${wanted.replace(/^(?:\.\.?\/)+/, '')}`));
    const direct = path.join(path.dirname(from), wanted);
    return candidates.find((f) => f.toLowerCase() === direct.toLowerCase()) ?? nearest(candidates, from);
  };
}

function nearest(candidates, from) {
  const shared = (f) => { let i = 0; while (f[i] === from[i]) i++; return i; };
  return candidates.toSorted((a, b) => shared(b) - shared(a))[0];
}

async function measure(folder) {
  const files = sources(folder);
  const run = new Run(files);
  const mains = files.filter((f) => /\.(?:c|cc|cpp|cxx)$/i.test(f) && (!only || f.includes(only)));
  for (const file of mains) {
    run.unit(file);
    await turn();
  }
  if (flags.has('--headers')) for (const file of files) if (!/\.(?:c|cc|cpp|cxx)$/i.test(file)) { run.header(file, 'cpp'); await turn(); }
  if (!flags.has('--no-raw')) for (const file of mains) { run.raw(file); await turn(); }
  run.print(folder);
}

class Run {
  constructor(files) {
    this.resolve = resolver(files);
    const config = configuration();
    this.base = { c: baseLayer(config, 'c'), cpp: baseLayer(config, 'cpp') };
    this.headers = new Map();
    this.read = new Map();
    this.seen = new Set();
    this.totals = { c: { files: 0, functions: 0, clean: 0, bytes: 0 }, cpp: { files: 0, functions: 0, clean: 0, bytes: 0 } };
    this.unclean = [];
    this.failures = [];
    this.headerTotals = { files: 0, functions: 0, clean: 0 };
    this.frontTime = 0;
    this.headerTime = 0;
    this.rawTime = 0;
  }

  source(file) {
    let source = this.read.get(file);
    if (!source) {
      const bytes = fs.readFileSync(file);
      source = decode(looksBinary(bytes) ? new Uint8Array() : bytes, file);
      this.read.set(file, source);
    }
    return source;
  }

  unit(file) {
    const language = /\.c$/i.test(file) ? 'c' : 'cpp';
    const source = this.source(file);
    const before = this.headerTime;
    const started = now();
    const result = this.analyse(file, source, language, MacroEnvironment.create(this.base[language]));
    this.frontTime += now() - started - (this.headerTime - before);
    const totals = this.totals[language];
    totals.files++;
    totals.bytes += source.text.length;
    this.count(file, result, totals);
  }

  analyse(file, source, language, env) {
    return analyseText(source, language, env, parser, { onInclude: (include) => {
      if (include.angled) return;
      const target = this.resolve(file, include.target);
      if (!target) return;
      if (/\.(?:c|cc|cpp|cxx)$/i.test(target)) return;
      const layer = this.header(target, language);
      if (layer) env.include(layer);
    } });
  }

  header(file, language) {
    const key = `${language}:${file}`;
    if (this.headers.has(key)) return this.headers.get(key);
    this.headers.set(key, undefined);
    const source = this.source(file);
    const env = MacroEnvironment.create(this.base[language]);
    const nested = this.headerTime;
    const started = now();
    const result = this.analyse(file, source, language, env);
    const spent = now() - started;
    this.headerTime = Math.max(this.headerTime, nested + spent);
    this.headers.set(key, env);
    this.headerTotals.files++;
    this.count(file, result, this.headerTotals, true);
    return env;
  }

  count(file, result, totals, header = false) {
    if (!result.tree) {
      this.failures.push(`${file}: ${result.failure.reason}`);
      return;
    }
    const { tree } = result;
    for (let n = 0; n < tree.count; n++) {
      if (tree.type[n] === NodeType.ERROR && tree.parent[n] === 0 && !header) this.note(file, result, n, n, 'top');
      if (tree.type[n] !== NodeType.function_definition) continue;
      totals.functions++;
      if (!hasErrorWithin(tree, n)) totals.clean++;
      else this.note(file, result, n, firstError(tree, n), header ? 'header' : 'function');
    }
  }

  note(file, result, node, error, kind) {
    const { source, tree, code } = result;
    const at = positionAt(source, error < 0 ? tree.start[node] : tree.start[error]);
    const text = code.slice(tree.start[error], Math.min(tree.end[error], tree.start[error] + 60)).replace(/\s+/g, ' ');
    this.unclean.push(`${file}:${at.line}:${at.column} ${kind} [${tree.end[error] - tree.start[error]}] ${text}`);
    if (flags.has('--code')) for (let n = -2; n < 2; n++) this.unclean.push(`    | ${lineText({ ...source, text: code }, at.line + n)}`);
  }

  raw(file) {
    const { text } = this.source(file);
    const started = now();
    const tree = native.raw(text, /\.c$/i.test(file) ? 'c' : 'cpp');
    this.rawTime += now() - started;
    if (!tree) this.failures.push(`${file}: raw parse gave up`);
  }

  print(folder) {
    console.log(`== ${folder}`);
    for (const language of ['c', 'cpp']) {
      const t = this.totals[language];
      if (t.files) console.log(`  ${language}: ${t.files} files, ${(t.bytes / 1e6).toFixed(2)} M characters, ${t.functions} functions, ${t.clean} clean = ${(100 * t.clean / t.functions).toFixed(3)} % (${t.functions - t.clean} not)`);
    }
    const h = this.headerTotals;
    console.log(`  headers read: ${h.files}, ${h.functions} functions, ${h.functions - h.clean} not clean, ${this.headerTime.toFixed(0)} ms`);
    console.log(`  front end ${this.frontTime.toFixed(0)} ms, raw parse ${this.rawTime.toFixed(0)} ms, ratio ${(this.frontTime / this.rawTime).toFixed(2)}`);
    console.log(`  top-level errors: ${this.unclean.filter((u) => u.includes(' top [')).length}; refused: ${this.failures.length}`);
    for (const failure of this.failures) console.log(`  ! ${failure}`);
    if (flags.has('--list')) for (const line of this.unclean) console.log(`  ${line}`);
  }
}

for (const folder of folders) await measure(folder);
