// A folder as an editor sees it: its projects, the files that are open with their unsaved texts, and one piece of work at a time that
// brings facts and findings up to date, the file edited last first. Nothing here knows an editor's protocol.

import path from 'node:path';
import { hashText, type Finding } from '@drvlint/core';
import { configName, Configurations, type Overrides } from '../config/configurations.js';
import { isBuildFile } from '../discovery.js';
import { sourceKind } from '../file-kinds.js';
import { includeTargets } from '../includes.js';
import { displayPath } from '../paths.js';
import type { FileProblem } from '../problems.js';
import { Sources } from '../sources.js';
import { baselineOf, withBaseline } from './baseline-file.js';
import { LiveProject } from './live-project.js';
import { mergedFindings } from './merged-findings.js';
import { narrowed } from './narrowing.js';
import { isTooWide, planKey, planWorkspace } from './planning.js';
import { Stamps } from './stamps.js';
import { parseStored } from './stored-findings.js';
import { turn, Turns } from './turns.js';
import type { Coverage, FileView, OpenFile, Waiter, WorkspaceOptions } from './workspace-types.js';

/** Milliseconds without a keystroke after which a whole file is looked at again. */
const pause = 250;

export class Workspace {
  readonly cwd: string;
  readonly #options: WorkspaceOptions;
  readonly #sources: Sources;
  readonly #open = new Map<string, OpenFile>();
  readonly #turns = new Turns();
  readonly #remembered = new Map<string, Finding[]>();
  #configurations: Configurations;
  #overrides: Overrides;
  #projects = new Map<string, LiveProject>();
  #targets: ReadonlySet<string> = new Set();
  #lastUse = new Map<LiveProject, number>();
  #planned = false;
  #waiters: Waiter[] = [];
  #working: Promise<void> | undefined;
  #wake: (() => void) | undefined;
  readonly #stamps = new Stamps();
  #clock = 0;
  #closed = false;

  constructor(options: WorkspaceOptions) {
    this.#options = { ...options };
    this.cwd = options.cwd;
    this.#overrides = options.overrides ?? {};
    this.#sources = new Sources(options.cwd);
    this.#configurations = this.#newConfigurations();
  }

  // --- what the editor says -------------------------------------------------------------------------

  open(file: string, text: string): void {
    const onDisk = this.#sources.read(file)?.text;
    this.#open.set(file, { text, due: 0, calm: 0, edited: ++this.#clock, ...(onDisk === undefined ? {} : { saved: onDisk }) });
    this.#sources.overlay(file, text);
    for (const project of this.#of(file)) {
      project.edit(file, true);
      if (onDisk !== text) project.changed(file);
    }
    if (!this.#targets.has(file)) this.#planned = false;
    this.#start();
  }

  change(file: string, text: string): void {
    const open = this.#open.get(file);
    if (!open) return;
    // The same text may be a new version for the editor, which wants its findings again.
    open.shown = false;
    if (open.text === text) return this.#start();
    open.text = text;
    open.edited = ++this.#clock;
    open.due = performance.now() + (this.#options.debounce ?? 120);
    open.calm = open.due + pause;
    if (this.#leadsElsewhere(file, text)) this.#planned = false;
    this.#sources.overlay(file, text);
    for (const project of this.#of(file)) project.changed(file);
    this.#start();
  }

  saved(file: string): void {
    const open = this.#open.get(file);
    if (open) open.saved = open.text;
    this.#start();
  }

  close(file: string): void {
    const text = this.#open.get(file)?.text;
    if (!this.#open.delete(file)) return;
    this.#sources.refresh(file);
    const onDisk = this.#sources.read(file)?.text;
    for (const project of this.#of(file)) {
      project.edit(file, false);
      if (onDisk !== text) project.changed(file);
    }
    if (onDisk === undefined || this.#options.aroundFiles) this.#planned = false;
    this.#start();
  }

  /** Files that were changed, made or removed on disk. */
  touched(changes: readonly { file: string; exists: boolean; isNew: boolean }[]): void {
    for (const { file, exists, isNew } of changes) {
      const name = path.basename(file);
      if (name === configName || name === '.gitignore' || file === this.#baselineFile()) this.#reconfigure();
      else if (isBuildFile(name) || /\.(?:props|targets)$/i.test(name)) this.#planned = false;
      else if (sourceKind(file) && !this.#open.has(file)) this.#sourceTouched(file, exists, isNew);
    }
    this.#start();
  }

  configure(overrides: Overrides, limits: { debounce?: number; maxFiles?: number } = {}): void {
    Object.assign(this.#options, limits);
    if (JSON.stringify(overrides) === JSON.stringify(this.#overrides)) return;
    this.#overrides = overrides;
    this.#reconfigure();
    this.#start();
  }

  /** Looks for changes on disk that nobody told of. */
  rescan(): void {
    const changes = this.#stamps.changes();
    if (changes.length > 0) this.touched(changes);
  }

  dispose(): void {
    this.#closed = true;
    this.#release();
    this.#wake?.();
  }

  // --- what the editor asks ---------------------------------------------------------------------------

  /** The facts of a file once they are those of its present text; undefined for a file that is in no project. */
  async view(file: string, urgent = true): Promise<FileView | undefined> {
    await this.#when(file, 'facts', urgent);
    return this.viewNow(file);
  }

  /** What is known now, be it of an older text. */
  viewNow(file: string): FileView | undefined {
    const projects = this.#of(file).filter((p) => p.facts(file));
    const best = projects.reduce<LiveProject | undefined>((a, b) => (a && a.plan.files.length >= b.plan.files.length ? a : b), undefined);
    const [facts, source] = [best?.facts(file), best?.source(file)];
    if (!best?.project || !facts || !source) return undefined;
    return { file, project: best.project, facts, source, projects: projects.flatMap((p) => p.project ?? []), generation: projects.map((p) => p.generation).join() };
  }

  /** Findings of a file for its present text, suppressed ones included. */
  async findings(file: string, urgent = true): Promise<readonly Finding[]> {
    await this.#when(file, 'findings', urgent);
    return this.findingsNow(file) ?? [];
  }

  /** The same, or sooner: those of the text before with the functions edited since looked at anew. */
  async findingsSoon(file: string): Promise<readonly Finding[]> {
    await this.#when(file, 'foreseen', false);
    return this.findingsNow(file) ?? [];
  }

  /** Findings as far as they are known now; undefined while nothing is known. */
  findingsNow(file: string): readonly Finding[] | undefined {
    const projects = this.#of(file);
    const found = projects.every((p) => p.isForeseen(file)) ? mergedFindings(file, projects) : this.#remembered.get(file);
    return found && withBaseline(found, baselineOf(this.#configurations, this.cwd), displayPath(this.cwd, file), this.cwd);
  }

  coverage(file: string): Coverage | undefined {
    const view = this.viewNow(file);
    if (!view) return undefined;
    const definitions = view.facts.functions.filter((f) => f.isDefinition);
    const missed = definitions.filter((f) => f.notAnalysed !== undefined || f.body === undefined);
    const [project] = this.#of(file).filter((p) => p.project === view.project);
    return {
      functions: definitions.length, analysed: definitions.length - missed.length, project: project.plan.name, ...(project.plan.partial ? { partial: project.plan.partial } : {}),
      reasons: [
        ...view.facts.notAnalysed.filter((n) => n.function === undefined),
        ...missed.map((f) => ({ start: f.nameStart, end: f.nameEnd, function: f.qualified, reason: f.notAnalysed ?? 'no body' })),
      ],
    };
  }

  get configurations(): Configurations {
    return this.#configurations;
  }

  /** Everything that is open has its findings, and nothing is left to do. */
  async settled(): Promise<void> {
    for (const open of this.#open.values()) open.due = open.calm = 0;
    this.#start();
    this.#wake?.();
    while (this.#working) await this.#working;
  }

  get openFiles(): string[] {
    return [...this.#open.keys()];
  }

  get loadedProjects(): readonly LiveProject[] {
    return [...this.#projects.values()].filter((p) => p.isRead);
  }

  // --- the work ---------------------------------------------------------------------------------------

  #start(): void {
    if (this.#closed || this.#working) return this.#wake?.();
    this.#working = this.#work().then(() => true, (e: unknown) => this.#internal(e)).then((fine) => {
      this.#working = undefined;
      // Something may have come in since the last look.
      if (fine && !this.#closed && (this.#waiters.length > 0 || this.#next())) this.#start();
      else this.#release();
    });
  }

  async #work(): Promise<void> {
    await turn();
    while (!this.#closed) {
      this.#answer();
      const step = this.#next();
      if (!step) break;
      await step();
      await this.#turns.yield();
    }
    this.#options.onProgress?.(undefined);
    this.#store();
    this.#forgetIdle();
  }

  /** The most pressing thing to do. */
  #next(): (() => Promise<void> | void) | undefined {
    if (this.#open.size === 0) return undefined;
    const wait = this.#wait();
    if (!this.#planned) return wait > 0 ? () => this.#sleep(wait) : () => this.#plan();
    const files = this.#byUrgency();
    for (const file of files) {
      const stale = this.#of(file).find((p) => !p.isCurrent);
      if (!stale) continue;
      if (!stale.isRead) return () => this.#read(stale);
      return wait > 0 ? () => this.#sleep(wait) : () => this.#refresh(stale);
    }
    for (const file of files) {
      const unforeseen = this.#of(file).filter((p) => !p.isForeseen(file));
      if (unforeseen.length > 0 && unforeseen.every((p) => p.canForesee(file))) return () => this.#foresee(unforeseen, file);
      const unchecked = this.#of(file).find((p) => !p.isChecked(file));
      const rest = unchecked ? this.#untilCalm() : 0;
      if (unchecked) return rest > 0 ? () => this.#sleep(rest) : () => this.#check(unchecked, file);
      if (!this.#open.get(file)?.shown) return () => this.#show(file);
    }
    return undefined;
  }

  #byUrgency(): string[] {
    const asked = new Set(this.#waiters.map((w) => w.file));
    return [...this.#open].sort(([f, a], [g, b]) => Number(asked.has(g)) - Number(asked.has(f)) || b.edited - a.edited).map(([file]) => file);
  }

  /** Milliseconds until the last edit has rested long enough; 0 when someone waits for an answer. */
  #wait(): number {
    if (this.#waiters.some((w) => w.urgent)) return 0;
    const due = Math.max(0, ...[...this.#open.values()].map((o) => o.due));
    return Math.max(0, due - performance.now());
  }

  /** Milliseconds until nobody types any more; 0 when someone waits for findings. What was seen of an edit is shown already. */
  #untilCalm(): number {
    if (this.#waiters.some((w) => w.need === 'findings') || [...this.#open.keys()].some((file) => this.#of(file).some((p) => !p.isForeseen(file)))) return 0;
    return Math.max(0, Math.max(0, ...[...this.#open.values()].map((o) => o.calm)) - performance.now());
  }

  async #sleep(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#wake = undefined;
  }

  async #plan(): Promise<void> {
    this.#planned = true;
    this.#options.onProgress?.({ project: path.basename(this.cwd), done: 0, total: 0 });
    const open = [...this.#open.keys()];
    const aroundFiles = this.#options.aroundFiles === true || isTooWide(this.cwd);
    const plan = await planWorkspace({ cwd: this.cwd, sources: this.#sources, configurations: this.#configurations, open, aroundFiles });
    const before = this.#projects;
    this.#targets = plan.targets;
    // Opened while the plan was being made, and not on disk any more.
    if ([...this.#open.keys()].some((file) => !open.includes(file) && !plan.targets.has(file))) this.#planned = false;
    this.#projects = new Map(plan.projects.map((planned) => {
      const small = narrowed(planned, open, this.#options.maxFiles ?? 3000);
      const key = planKey(small);
      return [key, before.get(key) ?? this.#newProject(small)];
    }));
    for (const project of this.#projects.values()) for (const file of open) if (project.has(file)) project.edit(file, true);
    this.#stamps.take(plan.projects.flatMap((p) => p.plan.files), this.#configurations.chain(this.cwd).map((c) => c.file));
    this.#unshow();
    this.#reportProblems(plan.problems);
    await this.#remember();
  }

  #newProject(planned: ConstructorParameters<typeof LiveProject>[0]): LiveProject {
    return new LiveProject(planned, {
      cwd: this.cwd, sources: this.#sources, parser: this.#options.parser, rules: this.#options.rules, configurations: this.#configurations, turns: this.#turns,
      isTarget: (file) => this.#targets.has(file), onInternal: (p) => this.#options.onInternal?.(p),
    });
  }

  async #read(project: LiveProject): Promise<void> {
    const whole = await project.read((done, total) => {
      if (done % 8 === 0 || done === total) this.#options.onProgress?.({ project: project.plan.name, done, total });
    }, () => this.#closed || !this.#planned);
    if (whole) this.#unshow();
  }

  async #refresh(project: LiveProject): Promise<void> {
    await project.refresh();
    this.#unshow();
  }

  #foresee(projects: readonly LiveProject[], file: string): void {
    for (const project of projects) project.foresee(file);
    this.#options.onFindings?.(file);
  }

  async #check(project: LiveProject, file: string): Promise<void> {
    this.#lastUse.set(project, ++this.#clock);
    // What the last session said is more than a part of this one's.
    await project.check(file, this.#remembered.has(file) ? undefined : { after: this.#options.partAfter ?? 1000, tell: () => this.#showPart(file) });
  }

  #showPart(file: string): void {
    this.#options.onFindings?.(file);
    this.#answer();
  }

  #show(file: string): void {
    const open = this.#open.get(file);
    if (!open) return;
    open.shown = true;
    this.#remembered.delete(file);
    this.#options.onFindings?.(file);
  }

  #unshow(): void {
    for (const open of this.#open.values()) open.shown = false;
  }

  /** An edit that changes which files belong together. */
  #leadsElsewhere(file: string, text: string): boolean {
    const before = includeTargets(this.#sources.read(file)?.text ?? '');
    const now = includeTargets(text);
    if (JSON.stringify(before) === JSON.stringify(now)) return false;
    const leads = (project: LiveProject, list: typeof now): string => list.map((i) => project.resolveInclude(i.target, file, i.angled)).filter((f) => f !== undefined).join('\n');
    return this.#of(file).some((p) => leads(p, before) !== leads(p, now));
  }

  #sourceTouched(file: string, exists: boolean, isNew: boolean): void {
    this.#sources.refresh(file);
    const known = this.#of(file);
    if (!exists || isNew || known.length === 0) this.#planned = false;
    for (const project of known) {
      if (!exists || isNew) project.forget();
      else project.changed(file);
    }
  }

  #of(file: string): LiveProject[] {
    return [...this.#projects.values()].filter((p) => p.has(file));
  }

  #newConfigurations(): Configurations {
    return new Configurations({ cwd: this.cwd, rules: this.#options.rules, overrides: this.#overrides });
  }

  #reconfigure(): void {
    this.#configurations = this.#newConfigurations();
    this.#projects.clear();
    this.#remembered.clear();
    this.#planned = false;
  }

  #baselineFile(): string | undefined {
    return this.#configurations.baselineFor(this.cwd);
  }

  #reportProblems(problems: readonly FileProblem[]): void {
    this.#options.onProblems?.([...this.#configurations.problems, ...problems]);
  }

  #internal(e: unknown): false {
    const error = e instanceof Error ? e : new Error(String(e));
    this.#options.onInternal?.({ rule: '', message: error.message, stack: error.stack });
    return false;
  }

  // --- waiting ----------------------------------------------------------------------------------------

  async #when(file: string, need: Waiter['need'], urgent: boolean): Promise<void> {
    const open = this.#open.get(file);
    if (!open || this.#closed) return;
    await new Promise<void>((resolve) => {
      this.#waiters.push({ file, text: open.text, need, urgent, resolve });
      this.#start();
    });
  }

  #answer(): void {
    this.#waiters = this.#waiters.filter((w) => {
      const open = this.#open.get(w.file);
      // A text that is gone cannot be waited for.
      const answered = !open || open.text !== w.text || (this.#planned && this.#of(w.file).every((p) => p.isCurrent && (w.need === 'facts' || p.isChecked(w.file) || (w.need === 'foreseen' && p.isForeseen(w.file)))));
      if (answered) w.resolve();
      return !answered;
    });
  }

  #release(): void {
    for (const w of this.#waiters.splice(0)) w.resolve();
  }

  // --- memory -----------------------------------------------------------------------------------------

  /** Findings of the last session for the same texts, shown until those of this one are there. */
  async #remember(): Promise<void> {
    const { memory } = this.#options;
    for (const file of memory ? this.#open.keys() : []) {
      if (this.#of(file).some((p) => p.isRead)) continue;
      const text = await memory?.load(this.#memoryName(file));
      const stored = text === undefined ? undefined : parseStored(text);
      if (!stored || stored.key !== this.#memoryKey(file) || !this.#open.has(file)) continue;
      this.#remembered.set(file, stored.findings);
      this.#options.onFindings?.(file);
    }
  }

  #store(): void {
    const { memory } = this.#options;
    for (const [file, open] of memory ? this.#open : []) {
      if (open.text !== open.saved || open.stored === open.text || !open.shown) continue;
      open.stored = open.text;
      const findings = mergedFindings(file, this.#of(file));
      memory?.save(this.#memoryName(file), JSON.stringify({ key: this.#memoryKey(file), findings }));
    }
  }

  #memoryName(file: string): string {
    return hashText(`${this.cwd}\0${file}`);
  }

  /** Everything the findings of a file depend on. */
  #memoryKey(file: string): string {
    const { version = '', rules } = this.#options;
    const level = this.#configurations.levelFor(path.dirname(file));
    const own = [version, rules.map((r) => r.meta.id), this.#configurations.selectionFor(file), level];
    return hashText(JSON.stringify([own, this.#of(file).map((p) => p.fingerprint())]));
  }

  #forgetIdle(): void {
    const open = [...this.#open.keys()];
    const idle = this.loadedProjects.filter((p) => !open.some((file) => p.has(file)));
    idle.sort((a, b) => (this.#lastUse.get(b) ?? 0) - (this.#lastUse.get(a) ?? 0));
    for (const project of idle.slice(this.#options.maxIdle ?? 2)) {
      project.forget();
      for (const file of project.plan.files) if (!this.loadedProjects.some((p) => p.has(file)) && !this.#open.has(file)) this.#sources.release(file);
    }
  }
}
