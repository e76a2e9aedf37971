// A planned folder whose projects are run when one of their files is asked for, for hosts that ask file by file. What a file gets is
// what a run over the whole folder reports for it, whichever projects it is in. What was read once stays until `isCurrent` says no.

import path from 'node:path';
import { createParser, type Finding, type InternalProblem, type Rule, type SyntaxParser } from '@drvlint/core';
import { analyse } from './analyse.js';
import { Cache } from './cache/cache.js';
import { contentOf, outcomeKey } from './cache/key.js';
import type { Configurations } from './config/configurations.js';
import { Directories } from './directory.js';
import { discover } from './discovery.js';
import { absoluteProblems, Merge, type ProjectOutcome } from './outcome.js';
import { planProjects, type PlannedProject } from './plan.js';
import { runProject } from './project-run.js';
import { Sources } from './sources.js';
import { statOf } from './file-stat.js';

export interface OnDemandRequest {
  cwd: string;
  rules: readonly Rule[];
  configurations: Configurations;
  parser?: SyntaxParser;
  /** Folder of the cache; none when absent. `rules` must be those of the installed tool. */
  cacheFolder?: string;
}

export interface FileAnswer {
  findings: readonly Finding[];
  internal: readonly InternalProblem[];
  /** Why the file as a whole was not analysed. */
  failure?: string;
}

const nothing: FileAnswer = { findings: [], internal: [] };

interface Plan { projects: readonly PlannedProject[]; byFile: ReadonlyMap<string, number[]>; targets: ReadonlySet<string> }

export class OnDemand {
  readonly #request: OnDemandRequest;
  readonly #cache: Cache | undefined;
  readonly #sources: Sources;
  readonly #outcomes = new Map<number, ProjectOutcome>();
  readonly #answers = new Map<string, ReadonlyMap<string, FileAnswer>>();
  readonly #stamps = new Map<string, string>();
  /** How many projects that were not run yet have a file: its text is kept for them. */
  readonly #uses = new Map<string, number>();
  #plan: Promise<Plan> | undefined;
  #parser: SyntaxParser | undefined;

  constructor(request: OnDemandRequest) {
    this.#request = request;
    this.#cache = request.cacheFolder === undefined ? undefined : new Cache(request.cacheFolder);
    this.#sources = new Sources(request.cwd, this.#cache?.includes);
    this.#parser = request.parser;
  }

  /** Findings of a file as it is on disk. Absolute path. */
  async file(file: string): Promise<FileAnswer> {
    const plan = await this.#planned();
    const indexes = plan.byFile.get(file);
    if (!indexes) return this.#alone(file);
    const key = indexes.join();
    let answers = this.#answers.get(key);
    if (!answers) {
      const outcomes: ProjectOutcome[] = [];
      for (const index of indexes) outcomes.push(await this.#outcome(plan, index));
      this.#answers.set(key, answers = this.#merged(outcomes));
    }
    return answers.get(file) ?? nothing;
  }

  /** Findings of a file with another text than on disk; nothing of it is kept. */
  async edited(file: string, text: string): Promise<FileAnswer> {
    const plan = await this.#planned();
    const indexes = plan.byFile.get(file);
    if (!indexes) return this.#alone(file, text);
    const sources = new Sources(this.#request.cwd);
    sources.overlay(file, text);
    const outcomes: ProjectOutcome[] = [];
    for (const index of indexes) outcomes.push(await this.#run(plan, index, sources));
    const answers = this.#merged(outcomes);
    return answers.get(file) ?? nothing;
  }

  /** Whether the files that answers were made of, and the build files, are as they were. */
  isCurrent(): boolean {
    for (const [file, stamp] of this.#stamps) if (stampOf(file) !== stamp) return false;
    return true;
  }

  /** Writes to the cache what is not written yet. */
  finish(): void {
    this.#cache?.finish();
  }

  #planned(): Promise<Plan> {
    return this.#plan ??= this.#makePlan();
  }

  async #makePlan(): Promise<Plan> {
    const { cwd, configurations } = this.#request;
    const discovery = await discover(cwd, ['.'], configurations.ignoresFor(cwd));
    const settings = configurations.settingsFor(cwd);
    const { projects } = await planProjects(discovery, { cwd, arch: settings.arch, configuration: settings.configuration, directories: new Directories(), sources: this.#sources });
    const byFile = new Map<string, number[]>();
    projects.forEach(({ plan }, index) => {
      for (const file of plan.files) byFile.set(file, [...byFile.get(file) ?? [], index]);
    });
    for (const [file, { length }] of byFile) this.#uses.set(file, length);
    for (const file of discovery.buildFiles) this.#stamps.set(file, stampOf(file));
    return { projects, byFile, targets: new Set(discovery.sources) };
  }

  async #outcome(plan: Plan, index: number): Promise<ProjectOutcome> {
    const known = this.#outcomes.get(index);
    if (known) return known;
    const planned = plan.projects[index];
    for (const file of planned.plan.files) if (!this.#stamps.has(file)) this.#stamps.set(file, stampOf(file));
    const key = this.#cache && outcomeKey(planned, { ...this.#request, targets: plan.targets, sources: this.#sources });
    const content = this.#cache && contentOf(planned, this.#sources);
    let outcome = key === undefined ? undefined : this.#cache?.get(key);
    if (!outcome) {
      outcome = await this.#run(plan, index, this.#sources);
      if (key !== undefined && content === contentOf(planned, this.#sources) && outcome.internal.length === 0 && !outcome.readOthers) this.#cache?.put(key, outcome);
    }
    this.#outcomes.set(index, outcome);
    this.#release(planned);
    return outcome;
  }

  async #run(plan: Plan, index: number, sources: Sources): Promise<ProjectOutcome> {
    this.#parser ??= await createParser();
    const { cwd, rules, configurations } = this.#request;
    return runProject(plan.projects[index], { cwd, rules, configurations, sources, parser: this.#parser, targets: plan.targets });
  }

  #release({ plan }: PlannedProject): void {
    for (const file of plan.files) {
      const left = (this.#uses.get(file) ?? 1) - 1;
      this.#uses.set(file, left);
      if (left === 0) this.#sources.release(file);
    }
  }

  /** By absolute path of the file; bugs met in a project are told with each of its files. */
  #merged(outcomes: readonly ProjectOutcome[]): ReadonlyMap<string, FileAnswer> {
    const merge = new Merge();
    for (const outcome of outcomes) merge.add(outcome);
    const { findings, internal, notAnalysed } = merge.result();
    const absolute = (shown: string): string => path.resolve(this.#request.cwd, shown);
    const failures = new Map(notAnalysed.filter((n) => n.failed).map((n) => [absolute(n.file), n.reason]));
    for (const problem of outcomes.flatMap((o) => absoluteProblems(o, this.#request.cwd))) if (!problem.note) failures.set(problem.file, problem.reason);
    const answers = new Map<string, { findings: Finding[]; internal: InternalProblem[]; failure?: string }>();
    for (const file of [...outcomes.flatMap((o) => o.files.map(absolute)), ...failures.keys()]) {
      const failure = failures.get(file);
      answers.set(file, { findings: [], internal, ...(failure === undefined ? {} : { failure }) });
    }
    for (const finding of findings) answers.get(absolute(finding.file))?.findings.push(finding);
    return answers;
  }

  /** A file the folder's plan does not know: outside of it, ignored, or not on disk. */
  async #alone(file: string, text?: string): Promise<FileAnswer> {
    this.#parser ??= await createParser();
    const { cwd, rules, configurations } = this.#request;
    const { findings, internal, notAnalysed } = await analyse({ cwd, inputs: [file], rules, configurations, parser: this.#parser, ...(text === undefined ? {} : { overlays: new Map([[file, text]]) }) });
    const own = (entry: { file: string }): boolean => path.resolve(cwd, entry.file) === file;
    const failure = notAnalysed.find((n) => n.failed && own(n))?.reason;
    return { findings: findings.filter(own), internal, ...(failure === undefined ? {} : { failure }) };
  }
}

function stampOf(file: string): string {
  const stat = statOf(file);
  return stat ? `${stat.mtimeMs}:${stat.size}` : '-';
}
