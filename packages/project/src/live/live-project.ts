// One project as an editor keeps it: read once, then only what an edit touches is read again. It holds the facts of all its files,
// the linked project, and the findings of the files that were asked for since the last change.

import path from 'node:path';
import {
  compareFindings, hashText, keepAnalyses, linkProject, LiveReader, movedFindings, preparedLevels, relinkBody, relinkProject, RuleRun, textChange, type FileEdit, type FileFacts, type Finding, type Func,
  type InternalProblem, type LinkOptions, type Project, type Relinked, type Rule, type SourceText, type SyntaxParser,
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

/** Who is told when a part of the findings is known and the rest takes longer than that, in milliseconds. */
export interface Early { after: number; tell(): void }

interface Foreseen { findings: Finding[]; edited: ReadonlySet<Func>; isLookedAt: boolean }

function keyOf(f: Finding): string {
  return [f.rule, f.start, f.end, f.message].join('\0');
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
  /** Findings of earlier texts moved along, and the functions edited since that were not looked at. */
  readonly #foreseen = new Map<string, Foreseen>();
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
    // A file may have come or gone during the last unit.
    if (stop()) return false;
    this.#reader = reader;
    this.#link();
    return true;
  }

  /** Brings the facts up to the present texts; false when everything has to be read again. */
  async refresh(): Promise<boolean> {
    if (!this.#reader || this.#dirty.size === 0) return true;
    const dirty = [...this.#dirty].map((f) => this.#shown(f));
    const reader = this.#reader;
    const before = new Map(dirty.map((f) => [f, reader.textOf(f)?.text]));
    this.#dirty.clear();
    try {
      if (dirty.length === 1 && this.#relinkBody(dirty[0]!)) return true;
      const steps = reader.refresh(dirty);
      let step = steps.next();
      for (; !step.done; step = steps.next()) await this.#context.turns.yield();
      // Forgotten meanwhile: what was read is of no use.
      if (this.#reader !== reader) return false;
      if (step.value) {
        if (!this.#relink([...step.value], before)) this.#link();
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
    this.#foreseen.clear();
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

  /** Findings of one file (absolute), suppressed ones marked; undefined while they are not known. */
  findings(file: string): readonly Finding[] | undefined {
    return this.#findings.get(file) ?? this.#foreseen.get(file)?.findings;
  }

  /** Its findings are known, or those of the text before with the edited functions looked at anew. */
  isForeseen(file: string): boolean {
    return this.isChecked(file) || this.#foreseen.get(file)?.isLookedAt === true;
  }

  /** There is something to go by: findings of the text before. */
  canForesee(file: string): boolean {
    return this.isCurrent && this.#foreseen.get(file)?.isLookedAt === false;
  }

  /** Looks at the functions edited since alone. */
  foresee(file: string): void {
    const [foreseen, project] = [this.#foreseen.get(file), this.#project];
    if (!foreseen || !project) return;
    const fresh = this.#run(file, project, foreseen.edited).result().findings;
    const known = new Set(foreseen.findings.map(keyOf));
    const findings = [...foreseen.findings, ...fresh.filter((f) => !known.has(keyOf(f)))].sort(compareFindings);
    this.#foreseen.set(file, { findings, edited: new Set(), isLookedAt: true });
  }

  /** Finds out what there is to say of a file, yielding; left when the project changes meanwhile. `early` hears of a first part, where nothing was known before. */
  async check(file: string, early?: Early): Promise<void> {
    const project = this.#project;
    if (!project || this.isChecked(file)) return;
    if (!this.isReported(file)) return void this.#findings.set(file, []);
    const { generation } = this;
    const steps = this.#checking(file, project, this.#foreseen.has(file) ? undefined : early);
    try {
      for (let step = steps.next(); !step.done; step = steps.next()) {
        await this.#context.turns.yield();
        if (generation !== this.generation || !this.isCurrent) return void steps.return();
      }
    } catch (e) {
      this.#bug(e, this.#shown(file));
      if (generation === this.generation) this.#findings.set(file, []);
    }
  }

  /** Levels come last: they may depend on every function of the project. */
  * #checking(file: string, project: Project, early?: Early): Generator<void, void> {
    const facts = project.fileOf(this.#shown(file));
    const active = this.#rulesOf(file);
    const run = this.#run(file, project);
    const isLevelled = (rule: Rule): boolean => rule.meta.family === 'irql';
    yield* run.steps(this.#context.rules.filter((r) => !isLevelled(r)));
    const from = performance.now();
    for (const step of this.#levelled(run, project, active.some(isLevelled) ? facts : undefined)) {
      yield step;
      if (!early || performance.now() - from < early.after) continue;
      this.#foreseen.set(file, { findings: run.result().findings, edited: new Set(), isLookedAt: true });
      early.tell();
      early = undefined;
    }
    const { findings, problems } = run.result();
    for (const problem of problems) this.#context.onInternal(problem);
    this.#findings.set(file, findings);
    this.#foreseen.delete(file);
  }

  * #levelled(run: RuleRun, project: Project, facts: FileFacts | undefined): Generator<void, void> {
    if (facts) for (const fn of project.funcsIn(facts)) yield* preparedLevels(project, fn);
    yield* run.steps(this.#context.rules.filter((r) => r.meta.family === 'irql'));
  }

  #rulesOf(file: string): readonly Rule[] {
    const active = this.#context.configurations.rulesFor(file);
    return this.#context.rules.filter((r) => active.has(r.meta.id));
  }

  #run(file: string, project: Project, functions?: ReadonlySet<Func>): RuleRun {
    const shown = this.#shown(file);
    const { configurations, rules } = this.#context;
    const run = new RuleRun(project, rules, {
      rulesFor: (f) => configurations.rulesFor(this.#absolute(f)), minimum: configurations.levelFor(this.plan.root), reports: (f) => f === shown, ...(functions && { functions }),
    });
    if (functions) for (const step of run.steps()) void step;
    return run;
  }

  isReported(file: string): boolean {
    return this.#context.isTarget(file) && generatedBy(this.source(file)?.text ?? '') === undefined;
  }

  #link(): void {
    this.#take(linkProject(this.#reader!.files, this.#linking()));
  }

  /** Puts files read again into the linked project; false when that cannot be done. `before`: the texts they had. */
  #relink(read: readonly string[], before: ReadonlyMap<string, string | undefined>): boolean {
    const [reader, project] = [this.#reader!, this.#project];
    if (!project) return false;
    const edits: FileEdit[] = [];
    for (const file of read) {
      const [now, old, text] = [reader.factsOf(file), before.get(file), reader.textOf(file)?.text];
      if (!now || old === undefined || text === undefined) return false;
      edits.push({ now, change: textChange(old, text) });
    }
    const relinked = relinkProject(project, edits, this.#linking());
    if (!relinked) return false;
    for (const { now } of edits) reader.adopt(relinked.project.fileOf(now.path)!);
    this.#keep(project, relinked);
    return true;
  }

  /** Puts one function into the linked project that alone was read again; false when that cannot be done. */
  #relinkBody(file: string): boolean {
    const project = this.#project;
    const edit = project && this.#reader!.bodyEdit(file);
    const relinked = edit && relinkBody(project, edit, this.#linking());
    if (relinked) this.#keep(project, relinked);
    return relinked !== undefined;
  }

  /** Goes on with the project after an edit, and with what was known before as far as it holds. */
  #keep(project: Project, relinked: Relinked): void {
    keepAnalyses(project, relinked);
    const foreseen = [...new Set([...this.#findings.keys(), ...this.#foreseen.keys()])].map((file) => [file, this.#moved(file, relinked)] as const);
    this.#take(relinked.project);
    for (const [file, known] of foreseen) this.#foreseen.set(file, known);
  }

  /** What is known of a file's findings after an edit. Of edited functions only what rules say that look at the whole file. */
  #moved(file: string, { project, moved, edited }: Relinked): Foreseen {
    const facts = project.fileOf(this.#shown(file));
    const touched = new Set([...this.#foreseen.get(file)?.edited ?? [], ...[...edited].filter((fn) => fn.def?.file === facts)]);
    const single = new Set(this.#context.rules.filter((r) => r.func && !r.file && !r.all).map((r) => r.meta.id));
    const ranges = [...touched].map((fn) => fn.def!.decl);
    const findings = movedFindings(this.findings(file) ?? [], moved).filter((f) => !single.has(f.rule) || !ranges.some((r) => r.start <= f.start && f.end <= r.end));
    return { findings, edited: touched, isLookedAt: touched.size === 0 && !(facts && moved.has(facts)) };
  }

  #take(project: Project): void {
    this.#findings.clear();
    this.#foreseen.clear();
    this.generation++;
    this.#project = project;
  }

  #linking(): LinkOptions {
    const { plan } = this;
    const reader = this.#reader!;
    return { name: plan.name, arch: this.#settings.arch, textOf: (file) => reader.textOf(file)?.text ?? '', ...(plan.kind === 'unknown' ? {} : { kindHint: plan.kind }) };
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
