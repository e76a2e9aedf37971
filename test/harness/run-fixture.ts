// Runs the engine over a fixture and compares what it says with the markers. Shared by the tests of every host: they replay the
// same fixtures and compare with `analyseFixture`.

import fs from 'node:fs';
import path from 'node:path';
import { applyFixesToFiles, createParser, type Arch, type Finding, type Preset, type Project, type RuleSetting, type SyntaxParser } from '@drvlint/core';
import { analyse, Configurations, displayPath, type AnalysisResult } from '@drvlint/project';
import { rules } from '@drvlint/rules';
import type { Fixture } from './fixtures.js';
import { levelText } from './levels.js';
import { readMarkers, type FixtureHeader, type Marker, type MarkedText } from './markers.js';

let parser: Promise<SyntaxParser> | undefined;

export function sharedParser(): Promise<SyntaxParser> {
  return parser ??= createParser();
}

/** Ids of the rules a fixture runs: those of its folder, its markers and its header. */
export function rulesOfFixture(fixture: Fixture, marked: readonly MarkedText[]): string[] | undefined {
  if (marked.some((m) => m.header.preset !== undefined)) return undefined;
  const named = marked.flatMap((m) => [...m.header.rules, ...m.markers.flatMap((marker) => ('rule' in marker ? [marker.rule] : []))]);
  return [...new Set([...rules.some((r) => r.meta.id === fixture.rule) ? [fixture.rule] : [], ...named])];
}

function configurationsFor(fixture: Fixture, marked: readonly MarkedText[]): Configurations {
  const headers = marked.map((m) => m.header);
  const only = rulesOfFixture(fixture, marked);
  const last = <K extends keyof FixtureHeader>(key: K): FixtureHeader[K] | undefined => headers.map((h) => h[key]).findLast((v) => v !== undefined);
  const settings: Record<string, RuleSetting> = {};
  for (const h of headers) for (const [id, options] of Object.entries(h.options)) settings[id] = { options };
  const preset = last('preset') as Preset | undefined;
  const arch = last('arch') as Arch | undefined;
  return new Configurations({
    cwd: fixture.folder, rules, file: fs.existsSync(path.join(fixture.folder, 'drvlint.config.json')) ? 'drvlint.config.json' : false,
    overrides: {
      level: 'info', rules: settings, defines: Object.assign({}, ...headers.map((h) => h.defines)) as Record<string, string>,
      ...(only ? { only } : {}), ...(preset ? { presets: [preset] } : {}), ...(arch ? { arch } : {}),
    },
  });
}

export interface FixtureRun { result: AnalysisResult; projects: Project[]; marked: Map<string, MarkedText> }

/** `overlays` replace texts, for the second pass over fixed code. */
export async function analyseFixture(fixture: Fixture, overlays?: ReadonlyMap<string, string>): Promise<FixtureRun> {
  const marked = new Map(fixture.sources.map((file) => [displayPath(fixture.folder, file), readMarkers(fs.readFileSync(file, 'utf8'))]));
  const projects: Project[] = [];
  const result = await analyse({
    cwd: fixture.folder, inputs: fixture.sources.concat(fixture.inputs), rules, configurations: configurationsFor(fixture, [...marked.values()]),
    parser: await sharedParser(), onProject: (project) => void projects.push(project), ...(overlays ? { overlays } : {}),
  });
  return { result, projects, marked };
}

/** What does not agree with the markers, one line each. */
export function failuresOf({ result, projects, marked }: FixtureRun): string[] {
  const failures = [...marked].flatMap(([file, m]) => m.errors.map((e) => `${file}: ${e}`));
  for (const bug of result.internal) failures.push(`${bug.rule} threw: ${bug.stack ?? bug.message}`);
  const unknown = new Set([...marked.values()].flatMap((m) => m.markers).flatMap((m) => ('rule' in m && !rules.some((r) => r.meta.id === m.rule) ? [m.rule] : [])));
  for (const id of unknown) failures.push(`there is no rule ${id}`);
  for (const n of result.notAnalysed) failures.push(`${n.file}:${n.line ?? 1}: not analysed${n.function ? ` (${n.function})` : ''}: ${n.reason}`);
  const open = new Set(result.findings.filter((f) => !f.suppressed));
  for (const [file, { markers }] of marked) for (const marker of markers) failures.push(...check(file, marker, open, result, projects));
  for (const f of open) failures.push(`${f.file}:${f.line}:${f.column}: unexpected ${describe(f)}`);
  return failures;
}

/** Takes the finding a marker speaks of out of `open`. */
function check(file: string, marker: Marker, open: Set<Finding>, result: AnalysisResult, projects: readonly Project[]): string[] {
  const at = `${file}:${marker.line}`;
  if (marker.kind === 'irql') {
    const found = levelText(projects, file, marker.line);
    return found === marker.range ? [] : [`${at}: level before the statement is ${found}, not ${marker.range}`];
  }
  if (marker.kind === 'step') {
    const steps = result.findings.flatMap((f) => f.flow.slice(marker.number - 1, marker.number)).filter((s) => s.file === file && s.line === marker.line);
    return steps.some((s) => s.message.includes(marker.part)) ? [] : [`${at}: no flow has "${marker.part}" as step ${marker.number}${steps.map((s) => `; there is "${s.message}"`).join('')}`];
  }
  const here = [...open].filter((f) => f.file === file && f.line === marker.line && f.rule === marker.rule);
  if (marker.kind === 'ok') return here.map((f) => { open.delete(f); return `${at}: false alarm ${describe(f)}`; });
  if (marker.kind === 'todo-ok') {
    for (const f of here) open.delete(f);
    return here.length > 0 ? [] : [`${at}: todo-ok holds now: make it ok`];
  }
  const fitting = here.find((f) => (marker.part === undefined || f.message.includes(marker.part)) && (marker.level === undefined || f.level === marker.level));
  if (marker.kind === 'todo-expect') return fitting ? [`${at}: todo-expect holds now: make it expect`] : [];
  if (fitting) open.delete(fitting);
  return fitting ? [] : [`${at}: missing ${marker.rule}${marker.part === undefined ? '' : ` "${marker.part}"`}${here.map((f) => `; there is ${describe(f)}`).join('')}`];
}

function describe(f: Finding): string {
  return `${f.rule} (${f.level}): ${f.message}`;
}

/** Texts after applying all fixes (or first suggestions) until nothing is left to apply. Keys are absolute paths. */
export async function fixedTexts(fixture: Fixture, kind: 'fix' | 'suggestion'): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (let pass = 0; pass < 10; pass++) {
    const { result } = await analyseFixture(fixture, texts);
    const fixes = result.findings.filter((f) => !f.suppressed).flatMap((f) => (kind === 'fix' ? f.fix ?? [] : f.suggestions[0] ?? []));
    if (fixes.length === 0) return texts;
    const textOf = (file: string): string => texts.get(path.resolve(fixture.folder, file)) ?? result.sources.get(file)?.text ?? fs.readFileSync(path.resolve(fixture.folder, file), 'utf8');
    for (const [file, text] of applyFixesToFiles(fixes, textOf).texts) texts.set(path.resolve(fixture.folder, file), text);
  }
  throw new Error(`the fixes of ${fixture.name} do not come to an end`);
}
