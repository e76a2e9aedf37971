// One project as an editor keeps it: read once, then only what an edit touches is read again. It holds the facts of all its files,
// the linked project, and the findings of the files that were asked for since the last change.

import path from 'node:path';
import {
  hashText, linkProject, LiveReader, runRules, type FileFacts, type Finding, type InternalProblem, type Project, type Rule, type SourceText, type SyntaxParser,
} from '@drvlint/core';
import type { Configurations, ProjectSettings } from '../config/configurations.js';
import { generatedBy } from '../file-kinds.js';
import { displayPath } from '../paths.js';
import type { PlannedProject } from '../plan.js';
import type { ProjectPlan } from '../plan-types.js';
import { readingOf, type Reading } from '../reading.js';
import type { Sources } from '../sources.js';
import { planKey } from './planning.js';
import type { Turns } from './turns.js';

export interface LiveContext {
  cwd: string;
  sources: Sources;
  parser: SyntaxParser;
  rules: readonly Rule[];
  configurations: Configurations;
  turns: Turns;
  /** Files findings are wanted in, absolute. */
  isTarget(file: string): boolean;
  onInternal(problem: InternalProblem): void;
}

const textHashes = new WeakMap<SourceText, string>();

function hashOfText(source: SourceText | undefined): string {
  if (!source) return '';
  const known = textHashes.get(source) ?? hashText(source.text);
  textHashes.set(source, known);
  return known;
}

export class LiveProject {
  readonly plan: ProjectPlan;
  readonly #planned: PlannedProject;
  readonly #context: LiveContext;
  readonly #settings: ProjectSettings;
  readonly #reading: Reading;
  readonly #members: ReadonlySet<string>;
  readonly #edited = new Set<string>();
  /** Texts that changed since the project was read, absolute. */
  readonly #dirty = new Set<string>();
  readonly #findings = new Map<string, Finding[]>();
  #reader: LiveReader | undefined;
  #project: Project | undefined;
  /** Counts linked states, so that answers can be told apart. */
  generation = 0;

  constructor(planned: PlannedProject, context: LiveContext) {
    this.#planned = planned;
    this.plan = planned.plan;
    this.#context = context;
    this.#settings = context.configurations.settingsFor(planned.plan.root);
    this.#reading = readingOf(planned, this.#settings, context.cwd, context.sources);
    this.#members = new Set(planned.plan.files);
  }

  /** The linked project; undefined before it was read. */
  get project(): Project | undefined {
    return this.#project;
  }

  get isRead(): boolean {
    return this.#project !== undefined;
  }

  /** Its facts are those of the present texts. */
  get isCurrent(): boolean {
    return this.isRead && this.#dirty.size === 0;
  }

  /** Absolute path. */
  has(file: string): boolean {
    return this.#members.has(file);
  }

  /** Changes when anything changes that findings depend on, for the present texts. */
  fingerprint(): string {
    const { sources } = this.#context;
    const texts = this.plan.files.map((file) => hashOfText(sources.read(file)));
    return hashText(JSON.stringify([planKey(this.#planned), this.#settings, texts]));
  }

  /** Where an include written in a file leads, absolute. */
  resolveInclude(target: string, from: string, angled: boolean): string | undefined {
    return this.#planned.includes.resolve(target, from, angled);
  }

  /** Keeps the tree of a file (absolute) that is open in the editor. */
  edit(file: string, open: boolean): void {
    if (open) this.#edited.add(file);
    else this.#edited.delete(file);
    this.#reader?.keepTree(this.#shown(file), open);
  }

  changed(file: string): void {
    // While the project is being read, a file may have been read already.
    if (this.#members.has(file)) this.#dirty.add(file);
  }

  /** Reads everything, yielding; false when `stop` said so before the end. */
  async read(onProgress: (done: number, total: number) => void, stop: () => boolean): Promise<boolean> {
    const reader = new LiveReader(this.#reading.host, this.#context.parser, this.#reading.config);
    for (const file of this.#edited) reader.keepTree(this.#shown(file), true);
    this.#dirty.clear();
    const { units } = this.#reading;
    for (const [done, { file, language, before }] of units.entries()) {
      if (stop()) return false;
      try {
        reader.readUnit(file, language, before);
      } catch (e) {
        this.#bug(e, file);
      }
      onProgress(done + 1, units.length);
      await this.#context.turns.yield();
    }
    this.#reader = reader;
    this.#link();
    return true;
  }

  /** Brings the facts up to the present texts; false when everything has to be read again. */
  async refresh(): Promise<boolean> {
    if (!this.#reader || this.#dirty.size === 0) return true;
    const dirty = [...this.#dirty];
    this.#dirty.clear();
    try {
      const steps = this.#reader.refresh(dirty.map((f) => this.#shown(f)));
      let step = steps.next();
      for (; !step.done; step = steps.next()) await this.#context.turns.yield();
      if (step.value) {
        this.#link();
        return true;
      }
    } catch (e) {
      this.#bug(e, dirty[0]);
    }
    this.forget();
    return false;
  }

  /** Back to the state before reading; frees the facts. */
  forget(): void {
    this.#reader = undefined;
    this.#project = undefined;
    this.#findings.clear();
    this.#dirty.clear();
    this.generation++;
  }

  /** Text of a file (absolute) that its facts were made of. */
  source(file: string): SourceText | undefined {
    return this.#reader?.textOf(this.#shown(file));
  }

  /** The facts of a file, absolute path. */
  facts(file: string): FileFacts | undefined {
    return this.#project?.fileOf(this.#shown(file));
  }

  isChecked(file: string): boolean {
    return this.#findings.has(file);
  }

  /** Findings of one file (absolute), suppressed ones marked; computed when they were not yet. */
  findings(file: string): readonly Finding[] {
    let known = this.#findings.get(file);
    if (!known) this.#findings.set(file, known = this.#check(file));
    return known;
  }

  #check(file: string): Finding[] {
    const project = this.#project;
    if (!project || !this.isReported(file)) return [];
    const shown = this.#shown(file);
    const { configurations, rules, onInternal } = this.#context;
    try {
      const checked = runRules(project, rules, {
        rulesFor: (f) => configurations.rulesFor(this.#absolute(f)), minimum: configurations.levelFor(this.plan.root), reports: (f) => f === shown,
      });
      for (const problem of checked.problems) onInternal(problem);
      return checked.findings;
    } catch (e) {
      this.#bug(e, shown);
      return [];
    }
  }

  isReported(file: string): boolean {
    return this.#context.isTarget(file) && generatedBy(this.source(file)?.text ?? '') === undefined;
  }

  #link(): void {
    const { plan } = this;
    const reader = this.#reader!;
    this.#findings.clear();
    this.generation++;
    this.#project = linkProject(reader.files, {
      name: plan.name, arch: this.#settings.arch, textOf: (file) => reader.textOf(file)?.text ?? '', ...(plan.kind === 'unknown' ? {} : { kindHint: plan.kind }),
    });
  }

  #bug(e: unknown, file: string): void {
    const error = e instanceof Error ? e : new Error(String(e));
    this.#context.onInternal({ rule: '', file, message: `${error.message} (project ${this.plan.name})`, stack: error.stack });
  }

  #shown(file: string): string {
    return displayPath(this.#context.cwd, file);
  }

  #absolute(shown: string): string {
    return path.resolve(this.#context.cwd, shown);
  }
}
