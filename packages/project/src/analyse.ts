// A whole run: discovery, projects, reading, linking, rules, and the results of all projects as one. Yields to the event loop
// between files, so that native trees are freed, progress can be shown and an interrupt is heard.

import path from 'node:path';
import {
  compareFindings, createParser, lineIndexAt, linkProject, ProjectReader, runRules, unusedSuppressionId,
  type FileFacts, type Finding, type InternalProblem, type Project, type Rule, type SourceText, type SyntaxParser,
} from '@drvlint/core';
import type { Configurations } from './config/configurations.js';
import { Directories } from './directory.js';
import { discover, type Discovery } from './discovery.js';
import { generatedBy } from './file-kinds.js';
import { displayPath } from './paths.js';
import { planProjects, type PlannedProject } from './plan.js';
import type { ProjectPlan } from './plan-types.js';
import type { FileProblem } from './problems.js';
import { readingOf, remembered, type Reading } from './reading.js';
import { Sources } from './sources.js';

export interface AnalyseRequest {
  cwd: string;
  /** Files, folders and patterns as the user gave them. */
  inputs: readonly string[];
  rules: readonly Rule[];
  configurations: Configurations;
  parser?: SyntaxParser;
  /** Report on every file of the projects the inputs belong to, not on the inputs alone. */
  wholeProjects?: boolean;
  /** Texts to use instead of those on disk, by absolute path. */
  overlays?: ReadonlyMap<string, string>;
  /** Called with each linked project before its rules run; the project is dropped afterwards. */
  onProject?(project: Project, plan: ProjectPlan): void;
  onProgress?(progress: Progress): void;
  signal?: AbortSignal;
}

export interface Progress { project: string; done: number; total: number }

/** A part of the input that was not analysed. Paths as the report shows them. */
export interface NotAnalysedEntry {
  file: string;
  line?: number;
  function?: string;
  reason: string;
  /** The whole file failed: the run ends with exit status 2. */
  failed?: boolean;
}

export interface ProjectSummary {
  name: string;
  why: string;
  kind: string;
  files: number;
  functions: number;
  functionsAnalysed: number;
}

export interface AnalysisResult {
  findings: Finding[];
  /** Findings per file with a fix need the text they were made for; so do reports that show source lines. */
  sources: Map<string, SourceText>;
  projects: ProjectSummary[];
  notAnalysed: NotAnalysedEntry[];
  /** Bugs of drvlint or of a rule, contained. */
  internal: InternalProblem[];
  files: number;
  filesFailed: number;
  functions: number;
  functionsAnalysed: number;
  /** Stage or rule to milliseconds. */
  stages: Map<string, number>;
  rules: Map<string, number>;
  interrupted: boolean;
}

export async function analyse(request: AnalyseRequest): Promise<AnalysisResult> {
  return new Run(request).result();
}

class Run {
  readonly #request: AnalyseRequest;
  readonly #sources: Sources;
  readonly #findings = new Map<string, { finding: Finding; projects: number }>();
  readonly #projectsOfFile = new Map<string, number>();
  readonly #kept = new Map<string, SourceText>();
  readonly #functions = new Map<string, boolean>();
  readonly #notAnalysed = new Map<string, NotAnalysedEntry>();
  readonly #analysedFiles = new Set<string>();
  readonly #summaries: ProjectSummary[] = [];
  readonly #internal: InternalProblem[] = [];
  readonly #stages = new Map<string, number>();
  readonly #rules = new Map<string, number>();
  #targets = new Set<string>();
  #lastYield = performance.now();

  constructor(request: AnalyseRequest) {
    this.#request = request;
    this.#sources = new Sources(request.cwd);
    for (const [file, text] of request.overlays ?? []) this.#sources.overlay(file, text);
  }

  async result(): Promise<AnalysisResult> {
    const { cwd, inputs, configurations } = this.#request;
    const discovery = await this.#timed('discovery', () => discover(cwd, inputs, configurations.ignoresFor(cwd)));
    this.#addOverlays(discovery);
    this.#targets = new Set(discovery.sources);
    const settings = configurations.settingsFor(rootOf(discovery, cwd));
    const planned = await this.#timed('projects', () => planProjects(discovery, {
      cwd, arch: settings.arch, configuration: settings.configuration, directories: new Directories(), sources: this.#sources,
    }));
    this.#problems([...discovery.problems, ...planned.problems]);
    const parser = this.#request.parser ?? await this.#timed('parser', () => createParser());
    const uses = new Map<string, number>();
    for (const { plan } of planned.projects) for (const file of plan.files) uses.set(file, (uses.get(file) ?? 0) + 1);
    for (const project of planned.projects) {
      if (this.#request.signal?.aborted) break;
      await this.#project(project, parser);
      for (const file of project.plan.files) {
        const left = (uses.get(file) ?? 1) - 1;
        uses.set(file, left);
        if (left === 0) this.#sources.release(file);
      }
    }
    this.#problems([...this.#sources.problems.values()].filter((p) => this.#targets.has(p.file)));
    return this.#finish();
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

  async #project(planned: PlannedProject, parser: SyntaxParser): Promise<void> {
    const { plan } = planned;
    const settings = this.#request.configurations.settingsFor(plan.root);
    try {
      const reading = readingOf(planned, settings, this.#request.cwd, this.#sources);
      for (const [file, { text }] of reading.knowledge) this.#sources.overlay(this.#absolute(file), text);
      const files = await this.#read(planned, reading, parser);
      const project = await this.#timed('link', () => linkProject(files, {
        name: plan.name, arch: settings.arch, textOf: reading.textOf,
        ...(plan.kind === 'unknown' ? {} : { kindHint: plan.kind }),
      }));
      this.#request.onProject?.(project, plan);
      await this.#yield();
      await this.#check(project, plan);
      this.#count(project, plan);
    } catch (e) {
      this.#bug(e, plan.name);
    }
  }

  async #read(planned: PlannedProject, reading: Reading, parser: SyntaxParser): Promise<FileFacts[]> {
    const reader = new ProjectReader(reading.host, parser, reading.config);
    for (const [index, { file, language, before }] of reading.units.entries()) {
      if (this.#request.signal?.aborted) break;
      const from = performance.now();
      try {
        reader.readUnit(file, language, before);
      } catch (e) {
        this.#bug(e, planned.plan.name, file);
      }
      this.#add(this.#stages, 'read', performance.now() - from);
      this.#request.onProgress?.({ project: planned.plan.name, done: index + 1, total: reading.units.length });
      await this.#yield();
    }
    return reader.files;
  }

  async #check(project: Project, plan: ProjectPlan): Promise<void> {
    const { configurations, rules } = this.#request;
    const checked = await this.#timed('rules', () => runRules(project, rules, {
      rulesFor: (file) => configurations.rulesFor(this.#absolute(file)),
      minimum: configurations.levelFor(plan.root),
      reports: (file) => this.#isReported(file),
    }));
    this.#internal.push(...checked.problems);
    for (const [rule, ms] of checked.ms) this.#add(this.#rules, rule, ms);
    for (const finding of checked.findings) {
      const key = [finding.rule, finding.file, finding.start, finding.end, finding.message].join('\0');
      const known = this.#findings.get(key);
      if (known) known.projects++;
      else {
        this.#findings.set(key, { finding, projects: 1 });
        this.#keep(finding);
      }
    }
    for (const { path: file } of project.files) this.#projectsOfFile.set(file, (this.#projectsOfFile.get(file) ?? 0) + 1);
  }

  /** Texts a report of the finding may show. */
  #keep(finding: Finding): void {
    for (const { file } of [finding, ...finding.related, ...finding.flow]) {
      const source = this.#kept.has(file) ? undefined : this.#sources.read(this.#absolute(file));
      if (source) this.#kept.set(file, source);
    }
  }

  #isReported(file: string): boolean {
    if (!this.#request.wholeProjects && !this.#targets.has(this.#absolute(file))) return false;
    return generatedBy(this.#sources.read(this.#absolute(file))?.text ?? '') === undefined;
  }

  #count(project: Project, plan: ProjectPlan): void {
    const summary = { name: plan.name, why: plan.why, kind: plan.kind, files: 0, functions: 0, functionsAnalysed: 0 };
    for (const facts of project.files) {
      const absolute = this.#absolute(facts.path);
      if (!this.#targets.has(absolute)) continue;
      const generated = generatedBy(this.#sources.read(absolute)?.text ?? '');
      if (generated !== undefined) {
        this.#leaveOut({ file: facts.path, reason: generated });
        continue;
      }
      summary.files++;
      this.#countFile(facts, summary);
    }
    this.#summaries.push(summary);
  }

  #countFile(facts: FileFacts, summary: ProjectSummary): void {
    const whole = facts.notAnalysed.find((n) => n.function === undefined && facts.functions.length === 0 && (n.end === 0 || n.end === facts.length));
    if (whole) return this.#leaveOut({ file: facts.path, reason: whole.reason, failed: true });
    this.#analysedFiles.add(facts.path);
    for (const n of facts.notAnalysed) if (n.function === undefined) this.#leaveOut({ file: facts.path, line: lineIndexAt(facts.lineStarts, n.start) + 1, reason: n.reason });
    for (const fn of facts.functions) {
      if (!fn.isDefinition) continue;
      const key = `${facts.path}\0${fn.nameStart}`;
      const analysed = fn.notAnalysed === undefined && (fn.body !== undefined || this.#functions.get(key) === true);
      summary.functions++;
      if (analysed) summary.functionsAnalysed++;
      this.#functions.set(key, analysed || this.#functions.get(key) === true);
      if (!analysed) this.#leaveOut({ file: facts.path, line: lineIndexAt(facts.lineStarts, fn.nameStart) + 1, function: fn.qualified, reason: fn.notAnalysed ?? 'no body' });
    }
  }

  #leaveOut(entry: NotAnalysedEntry): void {
    this.#notAnalysed.set([entry.file, entry.line, entry.function, entry.reason].join('\0'), entry);
  }

  #problems(problems: readonly FileProblem[]): void {
    for (const p of problems) {
      this.#leaveOut({ file: this.#shown(p.file), ...(p.line === undefined ? {} : { line: p.line }), reason: p.reason, ...(p.note ? {} : { failed: true }) });
    }
  }

  #finish(): AnalysisResult {
    const findings = [...this.#findings.values()]
      // A suppression in a shared header is unused only when no project needs it.
      .filter(({ finding, projects }) => finding.rule !== unusedSuppressionId || projects === this.#projectsOfFile.get(finding.file))
      .map(({ finding }) => finding)
      .sort(compareFindings);
    const notAnalysed = [...this.#notAnalysed.values()].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : (a.line ?? 0) - (b.line ?? 0)));
    const failed = new Set(notAnalysed.filter((n) => n.failed).map((n) => n.file));
    return {
      findings, sources: this.#kept, projects: this.#summaries, notAnalysed, internal: this.#internal,
      files: this.#analysedFiles.size, filesFailed: failed.size,
      functions: this.#functions.size, functionsAnalysed: [...this.#functions.values()].filter(Boolean).length,
      stages: this.#stages, rules: this.#rules, interrupted: this.#request.signal?.aborted ?? false,
    };
  }

  #bug(e: unknown, project: string, file?: string): void {
    const error = e instanceof Error ? e : new Error(String(e));
    this.#internal.push({ rule: '', ...(file === undefined ? {} : { file }), message: `${error.message} (project ${project})`, stack: error.stack });
  }

  async #timed<T>(stage: string, run: () => T | Promise<T>): Promise<T> {
    const from = performance.now();
    const value = await run();
    this.#add(this.#stages, stage, performance.now() - from);
    return value;
  }

  #add(to: Map<string, number>, key: string, ms: number): void {
    to.set(key, (to.get(key) ?? 0) + ms);
  }

  async #yield(): Promise<void> {
    if (performance.now() - this.#lastYield < 5) return;
    await new Promise((resolve) => setImmediate(resolve));
    this.#lastYield = performance.now();
  }

  readonly #absolute = remembered((shown) => path.resolve(this.#request.cwd, shown));

  #shown(absolute: string): string {
    return displayPath(this.#request.cwd, absolute);
  }
}

/** Folder whose configuration says how projects are read: the one given, else that of the first file. */
function rootOf(discovery: Discovery, cwd: string): string {
  return discovery.folders[0] ?? (discovery.sources[0] === undefined ? cwd : path.dirname(discovery.sources[0]));
}
