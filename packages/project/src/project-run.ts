// One planned project from its files to its outcome: reading, linking, rules, counts. Yields to the event loop between files, so that
// progress can be shown and an interrupt is heard. A bug in one file or rule costs that file or rule.

import path from 'node:path';
import { irqlGivenUp, lineIndexAt, linkProject, ProjectReader, RuleRun, type FileFacts, type Project, type Rule, type SharedReads, type SyntaxParser } from '@drvlint/core';
import type { Configurations, ProjectSettings } from './config/configurations.js';
import { generatedBy } from './file-kinds.js';
import type { FunctionCounts, ProjectOutcome } from './outcome.js';
import { displayPath } from './paths.js';
import type { PlannedProject } from './plan.js';
import type { ProjectPlan } from './plan-types.js';
import { readingOf, remembered, type Reading } from './reading.js';
import type { Sources } from './sources.js';

export interface RunContext {
  cwd: string;
  rules: readonly Rule[];
  configurations: Configurations;
  sources: Sources;
  parser: SyntaxParser;
  /** Files (absolute) that were asked for: they are counted and, unless `wholeProjects`, reported on alone. */
  targets: ReadonlySet<string>;
  wholeProjects?: boolean;
  /** What the project is read under, instead of what the configurations say. */
  settings?: ProjectSettings;
  /** Its facts, when they were made before. */
  facts?: readonly FileFacts[];
  /** What other projects read of the files they have in common. */
  shared?: SharedReads;
  onProject?(project: Project, plan: ProjectPlan): void;
  onUnit?(done: number, total: number): void;
  signal?: AbortSignal;
}

export async function runProject(planned: PlannedProject, context: RunContext): Promise<ProjectOutcome> {
  return new ProjectRun(planned, context).outcome();
}

export function emptyOutcome(): ProjectOutcome {
  return { findings: [], notAnalysed: [], analysed: [], functions: [], files: [], internal: [], problems: [], stages: [], rules: [] };
}

class ProjectRun {
  readonly #planned: PlannedProject;
  readonly #context: RunContext;
  readonly #outcome = emptyOutcome();
  readonly #absolute: (shown: string) => string;
  readonly #generated = new Map<string, string | undefined>();
  #lastYield = performance.now();

  constructor(planned: PlannedProject, context: RunContext) {
    this.#planned = planned;
    this.#context = context;
    this.#absolute = remembered((shown) => path.resolve(context.cwd, shown));
  }

  async outcome(): Promise<ProjectOutcome> {
    const { plan } = this.#planned;
    const { configurations, cwd, sources } = this.#context;
    const settings = this.#context.settings ?? configurations.settingsFor(plan.root);
    try {
      const reading = readingOf(this.#planned, settings, cwd, sources);
      for (const [file, { text }] of reading.knowledge) sources.overlay(this.#absolute(file), text);
      const files = this.#context.facts ?? await this.#read(reading);
      const project = this.#timed('link', () => linkProject(files, { name: plan.name, arch: settings.arch, textOf: reading.textOf, ...(plan.kind === 'unknown' ? {} : { kindHint: plan.kind }) }));
      this.#context.onProject?.(project, plan);
      await this.#yield();
      await this.#check(project);
      this.#count(project);
      const listed = new Set(plan.files);
      this.#outcome.readOthers = project.files.some((f) => !listed.has(this.#absolute(f.path)) && !reading.knowledge.has(f.path));
    } catch (e) {
      this.#bug(e);
    }
    for (const file of plan.files) {
      const problem = sources.problems.get(file);
      if (problem) this.#outcome.problems.push({ ...problem, file: displayPath(this.#context.cwd, file) });
    }
    if (this.#context.signal?.aborted) this.#outcome.interrupted = true;
    return this.#outcome;
  }

  async #read(reading: Reading): Promise<FileFacts[]> {
    const reader = new ProjectReader(reading.host, this.#context.parser, reading.config, this.#context.shared);
    let ms = 0;
    for (const [index, { file, language, before }] of reading.units.entries()) {
      if (this.#context.signal?.aborted) break;
      const from = performance.now();
      try {
        reader.readUnit(file, language, before);
      } catch (e) {
        this.#bug(e, file);
      }
      ms += performance.now() - from;
      this.#context.onUnit?.(index + 1, reading.units.length);
      await this.#yield();
    }
    this.#outcome.stages.push(['read', ms]);
    return reader.files;
  }

  /** In steps: an interrupt is heard between them, and what was found by then is kept. */
  async #check(project: Project): Promise<void> {
    const { configurations, rules, signal } = this.#context;
    const from = performance.now();
    const run = new RuleRun(project, rules, {
      rulesFor: (file) => configurations.rulesFor(this.#absolute(file)),
      minimum: configurations.levelFor(this.#planned.plan.root),
      reports: (file) => (this.#context.wholeProjects === true || this.#isTarget(file)) && this.#generatedBy(file) === undefined,
    });
    let last = from;
    const steps = run.steps();
    while (!signal?.aborted && !steps.next().done) {
      if (performance.now() - last < 20) continue;
      await this.#yield();
      last = performance.now();
    }
    const checked = run.result();
    this.#outcome.stages.push(['rules', performance.now() - from]);
    this.#outcome.internal.push(...checked.problems);
    this.#outcome.findings = checked.findings;
    this.#outcome.rules = [...checked.ms];
    this.#outcome.files = project.files.map((f) => f.path);
  }

  #isTarget(file: string): boolean {
    return this.#context.targets.has(this.#absolute(file));
  }

  #generatedBy(file: string): string | undefined {
    if (!this.#generated.has(file)) this.#generated.set(file, generatedBy(this.#context.sources.read(this.#absolute(file))?.text ?? ''));
    return this.#generated.get(file);
  }

  #count(project: Project): void {
    const { name, why, kind } = this.#planned.plan;
    let files = 0;
    for (const facts of project.files) {
      if (!this.#isTarget(facts.path)) continue;
      const generated = this.#generatedBy(facts.path);
      if (generated !== undefined) {
        this.#outcome.notAnalysed.push({ file: facts.path, reason: generated });
        continue;
      }
      files++;
      this.#countFile(facts);
    }
    for (const { func, reason } of irqlGivenUp(project)) {
      const { decl, file } = func.def!;
      if (this.#isTarget(file.path)) this.#outcome.notAnalysed.push({ file: file.path, line: lineIndexAt(file.lineStarts, decl.nameStart) + 1, function: decl.qualified, reason: `IRQL: ${reason}` });
    }
    this.#outcome.summary = { name, why, kind, files, functions: 0, functionsAnalysed: 0 };
  }

  #countFile(facts: FileFacts): void {
    const { notAnalysed, analysed, functions } = this.#outcome;
    const lineOf = (offset: number): number => lineIndexAt(facts.lineStarts, offset) + 1;
    const whole = facts.notAnalysed.find((n) => n.function === undefined && facts.functions.length === 0 && (n.end === 0 || n.end === facts.length));
    if (whole) {
      notAnalysed.push({ file: facts.path, reason: whole.reason, failed: true });
      return;
    }
    analysed.push(facts.path);
    for (const n of facts.notAnalysed) if (n.function === undefined) notAnalysed.push({ file: facts.path, line: lineOf(n.start), reason: n.reason });
    const counts: FunctionCounts = { file: facts.path, analysed: [], open: [] };
    for (const fn of facts.functions) {
      if (!fn.isDefinition) continue;
      if (fn.notAnalysed === undefined && fn.body) counts.analysed.push(fn.nameStart);
      else counts.open.push({ at: fn.nameStart, line: lineOf(fn.nameStart), function: fn.qualified, reason: fn.notAnalysed ?? 'no body', failed: fn.notAnalysed !== undefined });
    }
    functions.push(counts);
  }

  #bug(e: unknown, file?: string): void {
    const error = e instanceof Error ? e : new Error(String(e));
    this.#outcome.internal.push({ rule: '', ...(file === undefined ? {} : { file }), message: `${error.message} (project ${this.#planned.plan.name})`, ...(error.stack === undefined ? {} : { stack: error.stack }) });
  }

  #timed<T>(stage: string, run: () => T): T {
    const from = performance.now();
    const value = run();
    this.#outcome.stages.push([stage, performance.now() - from]);
    return value;
  }

  async #yield(): Promise<void> {
    if (performance.now() - this.#lastYield < 5) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.#lastYield = performance.now();
  }
}
