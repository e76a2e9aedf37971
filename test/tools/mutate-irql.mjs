// node test/tools/mutate-irql.mjs FOLDER... [--count N] [--seed N] [--kind K[,K]] [--details] [--json FILE]
// How much the IRQL rules find: breaks real driver code at random places, one change at a time, and looks whether a finding that the
// unbroken code does not have stands at the change. Works on any folder; texts are changed in memory only, nothing is written or kept.
// Where a change is possible is read off the syntax (calls, statements, role declarations), never off what the IRQL analysis thinks.
import fs from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { createParser } from '@drvlint/core';
import { Configurations, Directories, discover, LiveProject, planProjects, Sources } from '@drvlint/project';
import { rules } from '@drvlint/rules';
import { random } from '../fuzz/random.mjs';
import { sitesOf } from './irql-mutations.mjs';

const family = rules.filter((r) => r.meta.family === 'irql');

async function openProjects(folder, parser) {
  const cwd = path.resolve(folder);
  const configurations = new Configurations({ cwd, rules: family, file: false, overrides: { presets: ['all'], level: 'warning' } });
  const sources = new Sources(cwd);
  const discovery = await discover(cwd, [cwd], configurations.ignoresFor(cwd));
  const { projects } = await planProjects(discovery, { cwd, arch: configurations.settingsFor(cwd).arch, directories: new Directories(), sources });
  const context = { cwd, sources, parser, rules: family, configurations, turns: { yield: async () => {} }, isTarget: () => true, onInternal: (p) => console.error('internal', p.message) };
  return projects.filter((p) => p.plan.kind !== 'user').map((p) => new LiveProject(p, context)).map((live) => ({ live, sources, cwd }));
}

/** Findings of the irql family in all files of a project: place, rule, and the lines its flow passes. */
async function findingsOf({ live, cwd }) {
  const found = [];
  for (const file of live.project.files) {
    const absolute = path.resolve(cwd, file.path);
    await live.check(absolute);
    for (const f of live.findings(absolute) ?? []) {
      found.push({ file: f.file, line: f.line, rule: f.rule, message: f.message, flow: (f.flow ?? []).map((s) => `${s.file}:${s.line}`) });
    }
  }
  return found;
}

const keyOf = (f) => `${f.file}:${f.line} ${f.rule}`;

async function tryOne(entry, site, before) {
  const { live, sources, cwd } = entry;
  const file = path.resolve(cwd, site.file);
  const text = sources.read(file).text;
  const broken = site.edits.sort((a, b) => b.start - a.start).reduce((t, e) => t.slice(0, e.start) + e.text + t.slice(e.end), text);
  const change = async (next) => {
    if (next === undefined) sources.refresh(file);
    else sources.overlay(file, next);
    live.changed(file);
    if (!(await live.refresh())) await live.read(() => {}, () => false);
  };
  await change(broken);
  const old = new Map();
  for (const f of before) old.set(keyOf(f), (old.get(keyOf(f)) ?? 0) + 1);
  const fresh = (await findingsOf(entry)).filter((f) => {
    const left = old.get(keyOf(f)) ?? 0;
    old.set(keyOf(f), left - 1);
    return left <= 0;
  });
  await change(undefined);
  return { fresh, hit: fresh.find((f) => site.places.some((p) => p.file === f.file && f.line >= p.from && f.line <= p.to) || (site.through && f.flow.at(-1) === `${site.through.file}:${site.through.from}`)) };
}

async function main() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { count: { type: 'string', default: '100' }, seed: { type: 'string', default: '1' }, kind: { type: 'string' }, details: { type: 'boolean', default: false }, json: { type: 'string' } },
  });
  if (positionals.length === 0) throw new Error('usage: mutate-irql.mjs FOLDER... [--count N] [--seed N] [--kind K,K] [--details] [--json FILE]');
  const pick = random(Number(values.seed));
  const parser = await createParser({});
  const sites = [];
  for (const folder of positionals) {
    for (const entry of await openProjects(folder, parser)) {
      if (!(await entry.live.read(() => {}, () => false))) continue;
      if (entry.live.project.kindHint === 'user') continue;
      for (const site of sitesOf(entry.live.project)) sites.push({ entry, site, folder });
      entry.live.forget();
    }
  }
  const byKind = Map.groupBy ? Map.groupBy(sites, (s) => s.site.kind) : groupBy(sites);
  const kinds = [...byKind.keys()].filter((k) => !values.kind || values.kind.split(',').includes(k)).sort();
  console.log(`places: ${kinds.map((k) => `${k} ${byKind.get(k).length}`).join(', ')}`);
  const chosen = choose(kinds.map((k) => [...byKind.get(k)]), Number(values.count), pick);
  chosen.sort((a, b) => order(a).localeCompare(order(b)));
  await report(chosen, values);
}

const order = (s) => `${s.folder} ${s.entry.live.plan.root} ${s.entry.live.plan.name}`;

function groupBy(sites) {
  const map = new Map();
  for (const s of sites) map.set(s.site.kind, [...(map.get(s.site.kind) ?? []), s]);
  return map;
}

/** Kinds in turn, a place of each at random. */
function choose(lists, count, pick) {
  const chosen = [];
  const seen = new Set();
  for (let i = 0; chosen.length < count && lists.some((l) => l.length > 0); i++) {
    const list = lists[i % lists.length];
    if (list.length === 0) continue;
    const [one] = list.splice(pick(list.length), 1);
    const key = `${one.site.kind} ${path.resolve(one.entry.cwd, one.site.file)} ${one.site.line}`;
    if (seen.has(key)) continue;
    seen.add(key);
    chosen.push(one);
  }
  return chosen;
}

async function report(chosen, values) {
  const results = [];
  let open;
  let before;
  for (const { entry, site, folder } of chosen) {
    if (open !== entry) {
      open?.live.forget();
      open = entry;
      await entry.live.read(() => {}, () => false);
      before = await findingsOf(entry);
    }
    const { fresh, hit } = await tryOne(entry, site, before);
    results.push({ kind: site.kind, folder, file: site.file, line: site.line, what: site.what, found: hit !== undefined, rule: hit?.rule, others: fresh.filter((f) => f !== hit).length });
    if (!hit || values.details) {
      console.log(`${hit ? 'found ' : 'MISSED'} ${site.kind} ${folder}/${site.file}:${site.line} ${site.what}${hit ? ` -> ${hit.rule} ${hit.line}` : ''}`);
      if (!hit) for (const f of fresh.slice(0, 3)) console.log(`         elsewhere: ${f.file}:${f.line} ${f.rule}`);
    }
  }
  for (const kind of new Set(results.map((r) => r.kind))) {
    const own = results.filter((r) => r.kind === kind);
    console.log(`${kind.padEnd(28)} ${own.filter((r) => r.found).length} of ${own.length}`);
  }
  console.log(`found ${results.filter((r) => r.found).length} of ${results.length}`);
  if (values.json) fs.writeFileSync(values.json, JSON.stringify(results, null, 1));
}

await main();
