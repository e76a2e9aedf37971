// One analysis as the command line asks for it: configuration, sources, baseline; what came out, and what went wrong, in words.

import fs from 'node:fs';
import path from 'node:path';
import { applyBaseline, decode, lineIndexAt, nearestWord, parseBaseline, type Baseline, type BaselineEntry, type Finding, type Project, type Rule } from '@drvlint/core';
import { analyse, Configurations, defaultCacheFolder, displayPath, reasonOf, sourceKind, statOf, type AnalyseRequest, type AnalysisResult, type FileProblem, type ProjectPlan } from '@drvlint/project';
import { rules as allRules } from '@drvlint/rules';
import { UsageError, type Request } from './arguments.js';
import { changesSince, staged, type Changes } from './git.js';
import type { Io } from './io.js';
import { printable } from './printable.js';
import { commands } from './options.js';
import { ProgressLine } from './progress.js';

/** Bad usage, configuration or input that leaves nothing to do: exit status 2. */
export class Failure extends Error {
  readonly lines: readonly string[];
  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.lines = lines;
  }
}

export interface Analysis {
  result: AnalysisResult;
  findings: Finding[];
  configurations: Configurations;
  baseline?: { file: string; stale: BaselineEntry[] };
  /** Nothing was asked for (no staged C file): not a failure. */
  nothingToDo?: string;
  ms: number;
}

export function configurationsOf(request: Request, rules: readonly Rule[], io: Io): Configurations {
  return new Configurations({
    cwd: io.cwd, rules,
    ...(request.values.has('no-config') ? { file: false as const } : request.values.has('config') ? { file: request.values.get('config')?.[0] } : {}),
    overrides: {
      rules: request.rules, defines: request.defines, undefines: request.undefines,
      ...(request.presets.length > 0 ? { presets: request.presets } : {}), ...(request.only ? { only: request.only } : {}), ...(request.arch ? { arch: request.arch } : {}),
      ...(request.level ? { level: request.level } : {}), ...(request.values.has('configuration') ? { configuration: request.values.get('configuration')?.[0] } : {}),
    },
  });
}

/** `FILE:LINE:COLUMN: reason`, paths as the report shows them. */
export function problemText(p: FileProblem, cwd: string): string {
  const place = [displayPath(cwd, p.file), p.line, p.column].filter((part) => part !== undefined).join(':');
  return `${place}: ${p.reason}`;
}

interface Input { inputs: string[]; overlays: Map<string, string>; changes?: Changes; nothing?: string }

/** A word that is neither a file nor a command was most likely meant as one. */
function checkFirstWord({ command, operands }: Request, io: Io): void {
  const [first] = operands;
  if (command !== 'check' || first === undefined || !/^[a-z]+$/.test(first) || fs.existsSync(path.resolve(io.cwd, first))) return;
  const near = nearestWord(first, commands.map((c) => c.name));
  if (near) throw new UsageError(`there is no file and no command '${first}'; did you mean drvlint ${near}?`);
}

async function inputOf(request: Request, io: Io): Promise<Input> {
  checkFirstWord(request, io);
  const overlays = new Map<string, string>();
  const inputs = request.operands.length > 0 ? request.operands : ['.'];
  if (request.values.has('stdin')) {
    const file = path.resolve(io.cwd, request.values.get('stdin-filename')?.[0] ?? '');
    overlays.set(file, await io.stdin());
    return { inputs: [file], overlays };
  }
  if (request.values.has('staged')) {
    const { files, contents } = staged(io.cwd, (name) => sourceKind(name) !== undefined);
    for (const [file, bytes] of contents) overlays.set(file, decode(bytes, file).text);
    const folders = request.operands.map((o) => path.resolve(io.cwd, o));
    const chosen = files.filter((f) => folders.length === 0 || folders.some((folder) => f === folder || f.startsWith(folder + path.sep)));
    return { inputs: chosen, overlays, ...(chosen.length === 0 ? { nothing: 'no C or C++ file is staged' } : {}) };
  }
  if (request.values.has('since')) {
    const changes = changesSince(io.cwd, request.values.get('since')?.[0] ?? '');
    const any = [...changes.keys()].some((file) => sourceKind(file) !== undefined);
    return { inputs, overlays, changes, ...(any ? {} : { nothing: `no C or C++ file changed since ${request.values.get('since')?.[0]}` }) };
  }
  return { inputs, overlays };
}

export interface RunOptions {
  rules: readonly Rule[];
  onProject?(project: Project, plan: ProjectPlan): void;
  /** Texts from an earlier pass of fixes, by absolute path. */
  overlays?: ReadonlyMap<string, string>;
  withBaseline?: boolean;
}

/** Throws Failure for what leaves nothing to report. */
export async function runAnalysis(request: Request, io: Io, options: RunOptions): Promise<Analysis> {
  const from = performance.now();
  const configurations = configurationsOf(request, options.rules, io);
  const input = await inputOf(request, io);
  for (const [file, text] of options.overlays ?? []) input.overlays.set(file, text);
  checkConfigurations(configurations, input.inputs, io);
  const baseline = options.withBaseline === false ? undefined : readBaseline(request, configurations, io);
  const functions = new FunctionRanges();
  const progress = new ProgressLine(io, request.values.has('no-progress') || request.values.has('quiet'));
  const wantsProjects = options.onProject !== undefined || input.changes !== undefined;
  const result = input.nothing === undefined ? await analyse({
    cwd: io.cwd, inputs: input.inputs, rules: options.rules, configurations, overlays: input.overlays, signal: io.signal,
    onProgress: (p) => {
      if (io.env.DRVLINT_DEBUG && p.done === 1) io.err(`drvlint: project ${printable(p.project)}\n`);
      progress.show(p);
    },
    ...executionOf(request, io, options.rules),
    ...(wantsProjects ? {
      onProject: (project: Project, plan: ProjectPlan) => {
        if (input.changes) functions.add(project);
        options.onProject?.(project, plan);
      },
    } : {}),
  }) : emptyResult();
  progress.clear();
  checkProblems(configurations, io);
  let findings = result.findings;
  if (input.changes) findings = findings.filter((f) => isChanged(f, path.resolve(io.cwd, f.file), input.changes ?? new Map(), functions));
  const applied = baseline && applyBaseline(findings, baseline.baseline);
  return {
    result, findings: applied?.findings ?? findings, configurations, ms: performance.now() - from,
    ...(baseline && applied ? { baseline: { file: baseline.file, stale: applied.stale } } : {}),
    ...(input.nothing === undefined ? {} : { nothingToDo: input.nothing }),
  };
}

/** Threads, cache and shard as the command line says; the rules that come with drvlint alone can be found again by a thread or a cache. */
function executionOf(request: Request, io: Io, rules: readonly Rule[]): Partial<AnalyseRequest> {
  const folder = request.values.get('cache-dir')?.[0];
  const cacheFolder = request.values.has('no-cache') ? undefined : folder === undefined ? defaultCacheFolder(io.env, process.platform) : path.resolve(io.cwd, folder);
  return {
    ...(rules === allRules ? { rulesModule: import.meta.resolve('@drvlint/rules') } : {}), ...(cacheFolder === undefined ? {} : { cacheFolder }),
    ...(request.threads === undefined ? {} : { threads: request.threads }), ...(request.shard ? { shard: request.shard } : {}),
  };
}

/** Reads the configurations of what was named first, so that a broken one is told before any work is done. */
function checkConfigurations(configurations: Configurations, inputs: readonly string[], io: Io): void {
  for (const input of inputs) {
    const absolute = path.resolve(io.cwd, input);
    const folder = statOf(absolute)?.isDirectory() === true ? absolute : path.dirname(absolute);
    configurations.chain(folder);
  }
  checkProblems(configurations, io);
}

function checkProblems(configurations: Configurations, io: Io): void {
  if (configurations.problems.length > 0) throw new Failure(configurations.problems.map((p) => problemText(p, io.cwd)));
}

export function readBaseline(request: Request, configurations: Configurations, io: Io): { file: string; baseline: Baseline } | undefined {
  if (request.values.has('no-baseline')) return undefined;
  const file = baselineFile(request, configurations, io);
  if (file === undefined) return undefined;
  let text: string;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch (e) {
    throw new Failure([`${displayPath(io.cwd, file)}: the baseline cannot be read: ${reasonOf(e)}`]);
  }
  const baseline = parseBaseline(text);
  if ('error' in baseline) throw new Failure([`${displayPath(io.cwd, file)}: the baseline ${baseline.error}`]);
  return { file, baseline };
}

/** Absolute path of the baseline of the command line or of the configuration. */
export function baselineFile(request: Request, configurations: Configurations, io: Io): string | undefined {
  const given = request.values.get('baseline')?.[0];
  return given === undefined ? configurations.baselineFor(io.cwd) : path.resolve(io.cwd, given);
}

/** First and last lines of functions, per file. */
class FunctionRanges {
  readonly #byFile = new Map<string, { from: number; to: number }[]>();

  add(project: Project): void {
    for (const file of project.files) {
      const lineOf = (offset: number): number => lineIndexAt(file.lineStarts, offset) + 1;
      this.#byFile.set(file.path, file.functions.filter((f) => f.isDefinition).map((f) => ({ from: lineOf(f.start), to: lineOf(Math.max(f.end, f.body?.end ?? 0)) })));
    }
  }

  around(file: string, line: number): { from: number; to: number } {
    const holding = (this.#byFile.get(file) ?? []).filter((r) => line >= r.from && line <= r.to);
    return holding.sort((a, b) => b.from - a.from)[0] ?? { from: line, to: line };
  }
}

function isChanged(f: Finding, absolute: string, changes: Changes, functions: FunctionRanges): boolean {
  const changed = changes.get(absolute);
  if (changed === undefined || changed === 'all') return changed === 'all';
  const around = functions.around(f.file, f.line);
  return changed.some((r) => r.from <= around.to && r.to >= around.from);
}


function emptyResult(): AnalysisResult {
  return {
    findings: [], sources: new Map(), projects: [], notAnalysed: [], internal: [], files: 0, filesFailed: 0, functions: 0, functionsAnalysed: 0,
    stages: new Map(), rules: new Map(), interrupted: false, cached: 0, corrupt: 0, threads: 1, partial: { total: 0, outcomes: [], notAnalysed: [] },
  };
}
