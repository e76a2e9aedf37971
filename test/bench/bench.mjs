// npm run bench -- [--corpus DIR]... [--kloc N] [--rounds N] [--json FILE] [--peers] [--ast-grep DIR] [--cold]
// --cold: the whole run alone, for sizes. --ast-grep: a folder with @ast-grep/napi and @ast-grep/lang-c in its node_modules.
// How long everything takes, as ratios to the bare tree-sitter parse (native addon) of the same texts in the same process: on a shared
// machine nothing else can be compared. Times are processor time of the measuring thread where the system tells it (Linux), so that
// waiting for others does not count; runs with several threads are told in elapsed time beside an elapsed single-threaded run.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { createParser, decode, looksBinary, scanFile } from '@drvlint/core';
import { analyse, compileLess, Configurations, discover, keepHeapSmall } from '@drvlint/project';
import { rules } from '@drvlint/rules';
import { writeCorpus } from './corpus.mjs';

const { values } = parseArgs({ options: {
  corpus: { type: 'string', multiple: true, default: [] }, kloc: { type: 'string', default: '60' }, rounds: { type: 'string', default: '2' },
  json: { type: 'string' }, peers: { type: 'boolean', default: false }, 'ast-grep': { type: 'string' }, cold: { type: 'boolean', default: false },
} });
// As the command line does.
compileLess();
keepHeapSmall();
const rounds = Number(values.rounds);
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'drvlint-bench-'));
const native = await createParser({ prefer: 'native' });
const kernel = await createParser();

function clock() {
  try {
    return Number(fs.readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ')[0]) / 1e6;
  } catch {
    return performance.now();
  }
}

async function timed(run) {
  const cpu = clock();
  const from = performance.now();
  const value = await run();
  return { value, cpu: clock() - cpu, wall: performance.now() - from };
}

const breath = () => new Promise((resolve) => setImmediate(resolve));

async function textsOf(folder) {
  const { sources } = await discover(folder, [folder], []);
  const texts = [];
  for (const file of sources) {
    const bytes = fs.readFileSync(file);
    if (bytes.length === 0 || looksBinary(bytes)) continue;
    texts.push({ source: decode(bytes, file), language: /\.(?:cpp|cc|cxx|hpp|hxx)$/i.test(file) ? 'cpp' : 'c' });
  }
  return texts;
}

/** Least of several rounds: the one that was disturbed least. */
async function eachText(texts, run) {
  let least = Infinity;
  for (let round = 0; round < rounds; round++) {
    const { cpu } = await timed(async () => {
      for (const [i, text] of texts.entries()) {
        run(text);
        // Native trees are freed only after a turn of the event loop.
        if (i % 8 === 7) await breath();
      }
    });
    least = Math.min(least, cpu);
  }
  return least;
}

async function whole(folder, options) {
  const configurations = new Configurations({ cwd: folder, rules, file: false, overrides: { presets: ['all'] } });
  return timed(() => analyse({ cwd: folder, inputs: [folder], rules, configurations, rulesModule: import.meta.resolve('@drvlint/rules'), threads: 1, ...options }));
}

async function measure(folder, name) {
  const rows = [];
  const cacheFolder = path.join(scratch, `cache-${path.basename(folder)}`);
  const cold = await whole(folder, { cacheFolder });
  // Before anything else is held: the peak of the run itself.
  const peakMemoryMB = Math.round(process.resourceUsage().maxRSS / 1024);
  const texts = await textsOf(folder);
  const kloc = texts.reduce((sum, { source }) => sum + source.lineStarts.length, 0) / 1000;
  const raw = values.cold ? undefined : await eachText(texts, ({ source, language }) => native.raw(source.text, language));
  const row = (what, cpu, note = '') => rows.push({ what, ms: Math.round(cpu), ...(raw === undefined ? {} : { ratio: Number((cpu / raw).toFixed(3)) }), note });
  if (raw !== undefined) await stages(texts, raw, row);
  const { value: result } = cold;
  row('whole, one thread, empty cache', cold.cpu, `${(cold.cpu / kloc).toFixed(2)} ms/kLOC, ${result.findings.length} findings, ${result.functionsAnalysed} of ${result.functions} functions, ${result.projects.length} projects`);
  for (const [stage, ms] of result.stages) row(`  of it: ${stage}`, ms * cold.cpu / cold.wall);
  const slowest = [...result.rules].sort(([, one], [, other]) => other - one).slice(0, 6);
  for (const [rule, ms] of slowest) row(`    ${rule}`, ms * cold.cpu / cold.wall);
  if (raw !== undefined) await again(folder, cacheFolder, texts, row, cold);
  return { name, files: texts.length, kloc: Math.round(kloc), peakMemoryMB, rows };
}

async function stages(texts, raw, row) {
  row('raw tree-sitter parse (native)', raw);
  row('lex', await eachText(texts, ({ source }) => scanFile(source)));
  row('kernel: parse', await eachText(texts, ({ source, language }) => kernel.raw(source.text, language)));
  row('kernel: parse and flat tree', await eachText(texts, ({ source, language }) => kernel.parse(source.text, language)));
}

async function again(folder, cacheFolder, texts, row, cold) {
  const warm = await whole(folder, { cacheFolder });
  row('warm cache, nothing changed', warm.cpu, `${warm.value.cached} of ${warm.value.projects.length} projects`);
  for (const [stage, ms] of warm.value.stages) row(`  of it: ${stage}`, ms * warm.cpu / warm.wall);
  const unit = texts.find(({ source }) => source.path.endsWith('.c') && source.text.length > 5000) ?? texts[0];
  const changed = await whole(folder, { cacheFolder, overlays: new Map([[unit.source.path, `${unit.source.text}\n`]]) });
  row('warm cache, one file changed', changed.cpu, path.relative(folder, unit.source.path));
  const two = await whole(folder, { threads: 2 });
  row('whole, two threads (elapsed)', two.wall * cold.cpu / cold.wall, `elapsed ${(two.wall / cold.wall).toFixed(2)} times one thread's, beside what else the machine did`);
  if (values.peers) cppcheck(folder, texts, row);
  if (values['ast-grep'] !== undefined) await astGrep(values['ast-grep'], texts, row);
}

/** On the same .c files, by processor time of its process. */
function cppcheck(folder, texts, row) {
  const files = texts.filter(({ source }) => source.path.endsWith('.c')).map(({ source }) => source.path);
  if (spawnSync('cppcheck', ['--version']).status !== 0) return;
  const list = path.join(scratch, 'files.txt');
  fs.writeFileSync(list, files.join('\n'));
  const { stderr } = spawnSync('bash', ['-c', 'TIMEFORMAT="%U %S"; time cppcheck --quiet --max-configs=1 --file-list="$0" >/dev/null 2>/dev/null', list], { encoding: 'utf8', cwd: folder, env: { ...process.env, LC_ALL: 'C' } });
  const [user, system] = stderr.trim().split('\n').at(-1).split(' ').map(Number);
  row('cppcheck', (user + system) * 1000, `${files.length} .c files, one configuration`);
}

/** Parses the same files and looks for one kind of node: what a search tool does for a rule. */
async function astGrep(folder, texts, row) {
  const require = createRequire(path.join(path.resolve(folder), 'x.js'));
  const { parse, registerDynamicLanguage } = require('@ast-grep/napi');
  registerDynamicLanguage({ c: require('@ast-grep/lang-c') });
  let found = 0;
  const cpu = await eachText(texts.filter(({ language }) => language === 'c'), ({ source }) => { found += parse('c', source.text).root().findAll({ rule: { kind: 'call_expression' } }).length; });
  row('@ast-grep/napi', cpu, `parse and one search of the C files, ${found / rounds} matches`);
}

const folders = values.corpus.map((folder) => path.resolve(folder));
if (folders.length === 0) {
  const made = path.join(scratch, 'generated');
  writeCorpus(made, Number(values.kloc));
  folders.push(made);
}
const results = [];
for (const folder of folders) {
  const result = await measure(folder, path.basename(folder));
  results.push(result);
  console.log(`\n${result.name}: ${result.files} files, ${result.kloc} kLOC; peak memory of the whole run ${result.peakMemoryMB} MB\n`);
  console.log('| what | ms | times raw parse | |\n|---|---:|---:|---|');
  for (const r of result.rows) console.log(`| ${r.what} | ${r.ms} | ${r.ratio ?? ''} | ${r.note} |`);
}
if (values.json) fs.writeFileSync(values.json, `${JSON.stringify({ node: process.version, cpus: os.cpus().length, results }, null, 2)}\n`);
fs.rmSync(scratch, { recursive: true, force: true });
