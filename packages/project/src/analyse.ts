// A whole run: discovery, projects, an outcome for every project (from the cache, from this thread or from another one), and
// the outcomes of all projects as one result.

import os from 'node:os';
import path from 'node:path';
import { createParser, SharedReads, type Project, type Rule, type SourceText, type SyntaxParser } from '@drvlint/core';
import { Cache } from './cache/cache.js';
import { contentOf, outcomeKey } from './cache/key.js';
import { planWithCache } from './cache/plans.js';
import type { Configurations } from './config/configurations.js';
import { discover, type Discovery } from './discovery.js';
import { absoluteProblems, Merge, type Merged, type NotAnalysedEntry, type ProjectOutcome } from './outcome.js';
import { displayPath } from './paths.js';
import type { Planned, PlannedProject } from './plan.js';
import type { ProjectPlan } from './plan-types.js';
import { canThread, runPool, type TaskResult } from './pool.js';
import type { FileProblem } from './problems.js';
import { runProject } from './project-run.js';
import { chooseShard, type Shard } from './shard.js';
import { Sources } from './sources.js';

export type { NotAnalysedEntry, ProjectSummary } from './outcome.js';

export interface AnalyseRequest {
  cwd: string;
  /** Files, folders and patterns as the user gave them. */
  inputs: readonly string[];
  rules: readonly Rule[];
  configurations: Configurations;
  parser?: SyntaxParser;
  /** Folders whose other sources belong to a named file's project where no build file tells. */
  context?: readonly string[];
  /** Report on every file of the projects the inputs belong to, not on the inputs alone. */
  wholeProjects?: boolean;
  /** Texts to use instead of those on disk, by absolute path. */
  overlays?: ReadonlyMap<string, string>;
  /** Called with each linked project before its rules run; the project is dropped afterwards. Every project is then run here and now. */
  onProject?(project: Project, plan: ProjectPlan): void;
  onProgress?(progress: Progress): void;
  signal?: AbortSignal;
  /** Specifier of the module whose `rules` these are; without it there is no cache and one thread. */
  rulesModule?: string;
  /** At most so many threads; by the size of the input when absent. */
  threads?: number;
  /** Folder of the cache; none when absent. */
  cacheFolder?: string;
  /** Only this part of the projects. */
  shard?: Shard;
}

/** Text of a file by the path the report shows. */
export interface Texts { get(file: string): SourceText | undefined }

export interface Progress { project: string; done: number; total: number }

export interface AnalysisResult extends Merged {
  /** Texts by path as reported: for reports that show source lines. */
  sources: Texts;
  interrupted: boolean;
  /** Projects whose outcome came from the cache, and damaged entries that were made again. */
  cached: number;
  corrupt: number;
  threads: number;
  /** What a shard hands on. */
  partial: PartialRun;
}

/** The outcomes of a run by index in the plan: those of all shards together are those of the whole run. */
export interface PartialRun { total: number; outcomes: [number, ProjectOutcome][]; notAnalysed: NotAnalysedEntry[] }

/** Puts the parts of a run together: the result is that of the whole run, or what is missing or does not fit. */
export function mergeParts(parts: readonly PartialRun[], cwd: string): AnalysisResult | { problem: string } {
  const total = parts[0]?.total ?? 0;
  if (parts.some((p) => p.total !== total)) return { problem: 'the parts are of different runs: their numbers of projects differ' };
  const outcomes = new Map(parts.flatMap((p) => p.outcomes));
  const missing = Array.from({ length: total }, (_, i) => i).filter((i) => !outcomes.has(i));
  if (missing.length > 0) return { problem: `${missing.length} of ${total} projects are in none of the parts` };
  const merge = new Merge();
  const sources = new Sources(cwd);
  for (const entry of parts.flatMap((p) => p.notAnalysed)) merge.leaveOut(entry);
  for (const [, outcome] of [...outcomes].sort(([a], [b]) => a - b)) merge.add(outcome);
  const merged = merge.result();
  const all = [...outcomes].sort(([a], [b]) => a - b);
  return { ...merged, sources: textsOf(sources, cwd), interrupted: false, cached: 0, corrupt: 0, threads: 1, partial: { total, outcomes: all, notAnalysed: [] } };
}

/** Bytes of source a thread should have, to be worth its start. */
const BYTES_PER_THREAD = 2_000_000;
const MAX_THREADS = 16;

export async function analyse(request: AnalyseRequest): Promise<AnalysisResult> {
  return new Run(request).result();
}

class Run {
  readonly #request: AnalyseRequest;
  readonly #cache: Cache | undefined;
  readonly #sources: Sources;
  readonly #merge = new Merge();
  #targets: ReadonlySet<string> = new Set();
  #outcomes: (ProjectOutcome | undefined)[] = [];
  #cached = 0;
  #threads = 1;
  #parser: SyntaxParser | undefined;
  #shared: SharedReads | undefined;

  constructor(request: AnalyseRequest) {
    this.#request = request;
    this.#cache = request.cacheFolder !== undefined && this.#isPlain() ? new Cache(request.cacheFolder) : undefined;
    this.#sources = new Sources(request.cwd, this.#cache?.includes);
    for (const [file, text] of request.overlays ?? []) this.#sources.overlay(file, text);
  }

  async result(): Promise<AnalysisResult> {
    const planned = await this.#plan();
    const { projects } = planned;
    this.#outcomes = new Array<ProjectOutcome | undefined>(projects.length);
    const wanted = this.#request.shard ? chooseShard(projects.map(({ plan }) => plan), this.#request.shard) : projects.map((_, i) => i);
    const keys = await this.#timed('cache', () => this.#fromCache(projects, wanted));
    const open = wanted.filter((i) => !this.#outcomes[i]);
    await this.#run(projects, open, keys);
    for (const outcome of this.#outcomes) if (outcome) this.#add(outcome);
    await this.#timed('cache', () => this.#cache?.finish());
    return this.#result(planned);
  }

  /** Results may come from elsewhere: nobody wants to see the projects, and the rules are those of a module. */
  #isPlain(): boolean {
    return this.#request.onProject === undefined && this.#request.rulesModule !== undefined;
  }

  async #plan(): Promise<Planned> {
    const { cwd, inputs, configurations, context } = this.#request;
    const discovery = await this.#timed('discovery', () => discover(cwd, inputs, configurations.ignoresFor(cwd)));
    this.#addOverlays(discovery);
    this.#targets = new Set(discovery.sources);
    const settings = configurations.settingsFor(rootOf(discovery, cwd));
    const planned = await this.#timed('projects', () => planWithCache(discovery, {
      cwd, arch: settings.arch, configuration: settings.configuration, ...(context ? { context } : {}),
    }, this.#sources, this.#cache));
    this.#problems([...discovery.problems, ...planned.problems]);
    return planned;
  }

  /** Standard input or a staged file need not exist on disk. */
  #addOverlays(discovery: Discovery): void {
    for (const file of this.#request.overlays?.keys() ?? []) {
      if (!this.#request.inputs.some((input) => path.resolve(this.#request.cwd, input) === file)) continue;
      discovery.problems = discovery.problems.filter((p) => p.file !== file);
      if (!discovery.sources.includes(file)) discovery.sources.push(file);
      discovery.named.add(file);
    }
  }

  /** Takes what the cache has; the keys of all, with the content they stand for. */
  #fromCache(projects: readonly PlannedProject[], wanted: readonly number[]): Map<number, { key: string; content: string }> {
    const keys = new Map<number, { key: string; content: string }>();
    if (!this.#cache) return keys;
    for (const index of wanted) {
      const key = outcomeKey(projects[index], this.#keyContext());
      keys.set(index, { key, content: contentOf(projects[index], this.#sources) });
      const outcome = this.#cache.get(key);
      if (!outcome) continue;
      this.#outcomes[index] = outcome;
      this.#cached++;
    }
    return keys;
  }

  #keyContext(): Parameters<typeof outcomeKey>[1] {
    const { cwd, configurations, wholeProjects } = this.#request;
    return { cwd, configurations, targets: this.#targets, sources: this.#sources, ...(wholeProjects ? { wholeProjects } : {}) };
  }

  async #run(projects: readonly PlannedProject[], open: readonly number[], keys: ReadonlyMap<number, { key: string; content: string }>): Promise<void> {
    const uses = new Map<string, number>();
    for (const i of open) for (const file of projects[i].plan.files) uses.set(file, (uses.get(file) ?? 0) + 1);
    const common = [...uses].filter(([, count]) => count > 1).map(([file]) => displayPath(this.#request.cwd, file));
    const isCommon = new Set(common);
    this.#shared = new SharedReads((file) => isCommon.has(file));
    const done = ({ index, outcome, content }: TaskResult): void => {
      this.#outcomes[index] = outcome;
      const known = keys.get(index);
      // What was read must be what the key was made of; what went wrong is looked into again the next time.
      if (known && known.content === content && outcome.internal.length === 0 && !outcome.interrupted && !outcome.readOthers) this.#cache?.put(known.key, outcome);
      for (const file of projects[index].plan.files) {
        const left = (uses.get(file) ?? 1) - 1;
        uses.set(file, left);
        if (left > 0) continue;
        this.#sources.release(file);
        this.#shared?.release(displayPath(this.#request.cwd, file));
      }
    };
    const sizes = projects.map(({ plan }) => plan.files.reduce((sum, file) => sum + this.#sources.size(file), 0));
    this.#threads = this.#threadsFor(open, sizes);
    const here = (index: number): Promise<TaskResult> => this.#here(projects[index], index);
    if (this.#threads === 1) {
      for (const index of open) {
        if (this.#request.signal?.aborted) break;
        done(await here(index));
      }
      return;
    }
    const { cwd, configurations, overlays, rulesModule = '', wholeProjects = false, signal } = this.#request;
    await runPool(projects, open, sizes, {
      threads: this.#threads, targets: this.#targets, here, done, ...(signal ? { signal } : {}),
      start: { cwd, rulesModule, configuration: configurations.plainOptions(), overlays: [...overlays ?? []], wholeProjects, common, hashing: this.#cache !== undefined },
    });
  }

  async #here(planned: PlannedProject, index: number): Promise<TaskResult> {
    const { cwd, rules, configurations, wholeProjects, onProject, onProgress, signal } = this.#request;
    this.#parser ??= this.#request.parser ?? await this.#timed('parser', () => createParser());
    const outcome = await runProject(planned, {
      cwd, rules, configurations, sources: this.#sources, parser: this.#parser, targets: this.#targets, ...(wholeProjects ? { wholeProjects } : {}),
      ...(onProject ? { onProject } : {}), ...(this.#shared ? { shared: this.#shared } : {}), ...(signal ? { signal } : {}),
      onUnit: (done, total) => onProgress?.({ project: planned.plan.name, done, total }),
    });
    return { index, outcome, ...(this.#cache ? { content: contentOf(planned, this.#sources) } : {}) };
  }

  #threadsFor(open: readonly number[], sizes: readonly number[]): number {
    if (!this.#isPlain() || open.length < 2 || this.#request.parser || !canThread()) return 1;
    const bytes = open.reduce((sum, i) => sum + sizes[i], 0);
    const most = this.#request.threads ?? Math.min(os.availableParallelism(), Math.ceil(bytes / BYTES_PER_THREAD));
    return Math.max(1, Math.min(most, open.length, MAX_THREADS));
  }

  #add(outcome: ProjectOutcome): void {
    this.#merge.add(outcome);
    this.#problems(absoluteProblems(outcome, this.#request.cwd).filter((p) => this.#targets.has(p.file)));
  }

  #problems(problems: readonly FileProblem[]): void {
    for (const entry of problemEntries(problems, this.#request.cwd)) this.#merge.leaveOut(entry);
  }

  #result({ projects }: Planned): AnalysisResult {
    const merged = this.#merge.result();
    const outcomes = this.#outcomes.flatMap((outcome, index): [number, ProjectOutcome][] => (outcome ? [[index, outcome]] : []));
    return {
      ...merged, sources: textsOf(this.#sources, this.#request.cwd), interrupted: this.#request.signal?.aborted ?? false,
      cached: this.#cached, corrupt: this.#cache?.corrupt ?? 0, threads: this.#threads,
      partial: { total: projects.length, outcomes, notAnalysed: merged.notAnalysed.filter((n) => n.function === undefined) },
    };
  }

  async #timed<T>(stage: string, run: () => T | Promise<T>): Promise<T> {
    const from = performance.now();
    const value = await run();
    this.#merge.time(stage, performance.now() - from);
    return value;
  }
}

/** Texts a report of the findings may show, read when they are asked for. */
function textsOf(sources: Sources, cwd: string): Texts {
  return { get: (file) => sources.read(path.resolve(cwd, file)) };
}

export function problemEntries(problems: readonly FileProblem[], cwd: string): NotAnalysedEntry[] {
  return problems.map((p) => ({ file: displayPath(cwd, p.file), ...(p.line === undefined ? {} : { line: p.line }), reason: p.reason, ...(p.note ? {} : { failed: true }) }));
}

/** Folder whose configuration says how projects are read: the one given, else that of the first file. */
export function rootOf(discovery: Discovery, cwd: string): string {
  return discovery.folders[0] ?? (discovery.sources[0] === undefined ? cwd : path.dirname(discovery.sources[0]));
}
