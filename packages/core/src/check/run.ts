// Runs rules over a linked project and turns what they report into findings: gated by driver model and settings, with levels,
// identities and suppressions, equal ones dropped, in report order. A rule that throws loses that one function, nothing else.

import type { FileFacts, MacroDef } from '../model/facts.js';
import type { Func, Project } from '../model/project.js';
import type { Analysis, Level, Report, Rule, RuleContext } from '../rule/kit.js';
import { analysisOf, isAnalysed } from '../rule/results.js';
import { lap, lapTotal, takeLaps } from '../source/laps.js';
import { RuleNames } from './alias.js';
import { atLeast, compareFindings, lowerLevel, type Finding, type InternalProblem } from './finding.js';
import { FindingBuilder } from './build-finding.js';
import { Fingerprints, identityText } from './identity.js';
import type { ActiveRules } from './selection.js';
import { Suppressions } from './suppressions.js';
import { unusedSuppressionId, unusedSuppressions } from './unused.js';

export interface CheckSettings {
  /** Rules of a file; equal settings should be one object. */
  rulesFor(file: string): ActiveRules;
  /** Findings below are dropped, rules that are below altogether do not run. */
  minimum: Level;
  /** Whether findings in a file are wanted; headers of other folders may be read for their declarations only. */
  reports?(file: string): boolean;
  /** Only these functions are looked at, by the `func` hooks and nothing else; for editors. */
  functions?: ReadonlySet<Func>;
}

export interface CheckResult {
  findings: Finding[];
  problems: InternalProblem[];
  /** Milliseconds per rule; time of shared analyses stands under `analysis:<name>`. */
  ms: Map<string, number>;
}

export function runRules(project: Project, rules: readonly Rule[], settings: CheckSettings): CheckResult {
  const run = new RuleRun(project, rules, settings);
  const steps = run.steps();
  while (!steps.next().done);
  return run.result();
}

/** Whether a rule has anything to say about a file of this kind. */
export function appliesTo(rule: Rule, project: Project, file: FileFacts): boolean {
  return appliesToKind(rule, project.kindOf(file), () => project.isResourceDll(file));
}

function appliesToKind(rule: Rule, kind: ReturnType<Project['kindOf']>, resourceDll: () => boolean): boolean {
  return rule.meta.models.some((model) => model === 'cluster' ? resourceDll() : kind === 'unknown' || kind === model);
}

/** Files that a rule is either for or not: they have the same settings and are of the same kind. */
interface Group { readonly settings: ActiveRules; readonly kind: ReturnType<Project['kindOf']>; readonly resourceDll: boolean; readonly files: FileFacts[] }

/** A function a rule is to look at, and the number of its file's group. */
interface Asked { readonly fn: Func; readonly file: FileFacts; readonly group: number }

/** Functions a rule looks at in one step. */
const stepSize = 32;

/** A run in small steps, for hosts that must stay responsive; `result` may be asked for before the end. */
export class RuleRun {
  readonly #project: Project;
  readonly #rules: readonly Rule[];
  readonly #settings: CheckSettings;
  readonly #reports: { rule: Rule; report: Report; file: FileFacts }[] = [];
  readonly #problems = new Map<string, InternalProblem>();
  readonly #ms = new Map<string, number>();
  readonly #failed = new Set<string>();
  readonly #ran = new Set<Rule>();
  readonly #files: ReadonlySet<FileFacts>;
  readonly #rulesByFile = new Map<FileFacts, ActiveRules>();
  readonly #pragmaMacros = new Map<FileFacts, readonly MacroDef[]>();
  #groups: readonly Group[] | undefined;
  #funcs: Map<FileFacts, Func[]> | undefined;
  readonly #asked = new Map<string, readonly Asked[]>();
  /** Asked for by nearly every call of a rule. */
  readonly #analyses = new Map<Analysis<unknown>, unknown>();
  #complete = false;

  constructor(project: Project, rules: readonly Rule[], settings: CheckSettings) {
    this.#project = project;
    this.#rules = rules;
    this.#settings = settings;
    this.#files = new Set(project.files.filter((f) => settings.reports?.(f.path) ?? true));
  }

  /** Each step is one call of a rule, or its calls for some functions. `rules`: some of the run's, the others are for another call. */
  *steps(rules: readonly Rule[] = this.#rules): Generator<void, void> {
    for (const rule of rules) {
      yield* this.#runRule(rule);
      this.#ran.add(rule);
    }
    this.#complete = this.#settings.functions === undefined && this.#ran.size === this.#rules.length;
  }

  /** What was found so far. */
  result(): CheckResult {
    for (const [name, ms] of takeLaps()) this.#spend(`analysis:${name}`, ms);
    return { findings: this.#findings(), problems: [...this.#problems.values()], ms: this.#ms };
  }

  /** The rule's setting for a file, when it is to run there. */
  #active(rule: Rule, file: FileFacts): { level: Level; options: Readonly<Record<string, unknown>> } | undefined {
    const active = this.#rulesOf(file).get(rule.meta.id);
    return active && atLeast(active.level, this.#settings.minimum) && appliesTo(rule, this.#project, file) ? active : undefined;
  }

  #rulesOf(file: FileFacts): ActiveRules {
    let rules = this.#rulesByFile.get(file);
    if (!rules) this.#rulesByFile.set(file, rules = this.#settings.rulesFor(file.path));
    return rules;
  }

  /** Macros of a file that may switch warnings off. */
  #quieting(file: FileFacts): readonly MacroDef[] {
    let macros = this.#pragmaMacros.get(file);
    if (!macros) this.#pragmaMacros.set(file, macros = file.macros.filter((m) => m.body.includes('ragma')));
    return macros;
  }

  *#runRule(rule: Rule): Generator<void, void> {
    const part = this.#settings.functions !== undefined;
    if (part && !rule.func) return;
    const contexts = this.#wanted(rule);
    const first = contexts.find((c) => c !== undefined);
    if (!first) return;
    if (rule.all && !part) yield this.#hook(rule, undefined, undefined, () => rule.all?.(first));
    if (rule.file && !part) for (const { file, group } of this.#filesOf(contexts)) yield this.#hook(rule, file, undefined, () => rule.file?.(contexts[group]!, file));
    if (!rule.func) return;
    const asked = this.#functionsOf(contexts);
    for (let i = 0; i < asked.length;) yield void (i = this.#functions(rule, contexts, asked, i));
  }

  #groupsOfFiles(): readonly Group[] {
    if (this.#groups) return this.#groups;
    const groups: Group[] = [];
    for (const file of this.#files) {
      const settings = this.#rulesOf(file), kind = this.#project.kindOf(file), resourceDll = this.#project.isResourceDll(file);
      const group = groups.find((g) => g.settings === settings && g.kind === kind && g.resourceDll === resourceDll);
      if (group) group.files.push(file);
      else groups.push({ settings, kind, resourceDll, files: [file] });
    }
    return this.#groups = groups;
  }

  /** The rule's context in each group of files it is for: one per set of options. */
  #wanted(rule: Rule): readonly (RuleContext | undefined)[] {
    const made = new Map<ActiveRules, RuleContext>();
    return this.#groupsOfFiles().map(({ settings, kind, resourceDll }) => {
      const active = settings.get(rule.meta.id);
      if (!active || !atLeast(active.level, this.#settings.minimum) || !appliesToKind(rule, kind, () => resourceDll)) return undefined;
      let context = made.get(settings);
      if (!context) made.set(settings, context = this.#context(rule, active.options));
      return context;
    });
  }

  /** Files of the groups that have a context, in the project's order. */
  #filesOf(contexts: readonly (RuleContext | undefined)[]): { file: FileFacts; group: number }[] {
    const chosen = new Map(this.#groupsOfFiles().flatMap(({ files }, group) => contexts[group] ? files.map((file) => [file, group] as const) : []));
    return [...this.#files].flatMap((file) => { const group = chosen.get(file); return group === undefined ? [] : [{ file, group }]; });
  }

  /** Functions defined in these files that are to be looked at, in the order of the project's functions. The same for most rules. */
  #functionsOf(contexts: readonly (RuleContext | undefined)[]): readonly Asked[] {
    const key = contexts.map((c) => c ? '1' : '0').join('');
    const known = this.#asked.get(key);
    if (known) return known;
    const asked = this.#filesOf(contexts).flatMap(({ file, group }) => this.#defined(file).map((fn): Asked => ({ fn, file, group })));
    this.#asked.set(key, asked.sort((a, b) => a.fn.id - b.fn.id));
    return asked;
  }

  /** Functions defined in a file that are to be looked at. */
  #defined(file: FileFacts): readonly Func[] {
    if (!this.#funcs) {
      this.#funcs = new Map();
      const { functions } = this.#settings;
      for (const fn of functions ? [...functions].sort((a, b) => a.id - b.id) : this.#project.funcs) {
        const home = fn.def?.file;
        if (!home) continue;
        const list = this.#funcs.get(home);
        if (list) list.push(fn);
        else this.#funcs.set(home, [fn]);
      }
    }
    return this.#funcs.get(file) ?? [];
  }

  /** Asks about the next `stepSize` functions, going on behind one that a bug stops; index of the next one. */
  #functions(rule: Rule, contexts: readonly (RuleContext | undefined)[], asked: readonly Asked[], from: number): number {
    const until = Math.min(asked.length, from + stepSize);
    let i = from;
    while (i < until) {
      let at = i;
      this.#hook(rule, asked[i].file, () => asked[at].fn, () => {
        for (; at < until; at++) rule.func?.(contexts[asked[at].group]!, asked[at].fn);
      });
      i = at + 1;
    }
    return until;
  }

  #context(rule: Rule, options: Readonly<Record<string, unknown>>): RuleContext {
    const project = this.#project;
    return {
      project,
      options,
      analysis: (a) => this.#analysis(a),
      text: (file) => project.textOf(file),
      report: (report) => {
        const file = project.fileOf(report.file);
        if (!file) throw new Error(`report in a file that is not in the project: ${report.file}`);
        if (this.#files.has(file) && this.#active(rule, file)) this.#reports.push({ rule, report, file });
      },
    };
  }

  #analysis<T>(a: Analysis<T>): T {
    const known = this.#analyses.get(a);
    if (known !== undefined) return known as T;
    const made = isAnalysed(this.#project, a) ? analysisOf(this.#project, a) : lap(a.name, () => analysisOf(this.#project, a));
    this.#analyses.set(a, made);
    return made;
  }

  #spend(what: string, ms: number): void {
    this.#ms.set(what, (this.#ms.get(what) ?? 0) + ms);
  }

  #hook(rule: Rule, file: FileFacts | undefined, fn: (() => Func) | undefined, run: () => void): void {
    const from = performance.now();
    const laps = lapTotal();
    try {
      run();
    } catch (e) {
      this.#failed.add(rule.meta.id);
      const error = e instanceof Error ? e : new Error(String(e));
      const key = `${rule.meta.id}\0${error.message}`;
      if (!this.#problems.has(key)) {
        const func = fn?.();
        this.#problems.set(key, { rule: rule.meta.id, file: (func?.def?.file ?? file)?.path, function: func?.qualified, message: error.message, stack: error.stack });
      }
    }
    // What was made on first use counts by itself.
    this.#spend(rule.meta.id, performance.now() - from - (lapTotal() - laps));
  }

  #findings(): Finding[] {
    const names = new RuleNames(this.#rules);
    const byFile = new Map<FileFacts, Finding[]>([...this.#files].map((f) => [f, []]));
    const builder = new FindingBuilder(this.#project);
    const seen = new Set<string>();
    for (const { rule, report, file } of this.#reports) {
      const key = [rule.meta.id, report.file, report.start, report.end, report.message].join('\0');
      if (seen.has(key)) continue;
      seen.add(key);
      const level = this.#active(rule, file)?.level ?? rule.meta.level;
      byFile.get(file)?.push(builder.build(rule.meta.id, report, report.level ? lowerLevel(report.level, level) : level));
    }
    const result: Finding[] = [];
    for (const [file, findings] of byFile) result.push(...this.#finishFile(file, findings, names, builder));
    return result.sort(compareFindings);
  }

  /** Suppressions, the report of those that were not needed, identities, and the minimum level. */
  #finishFile(file: FileFacts, found: Finding[], names: RuleNames, builder: FindingBuilder): Finding[] {
    if (found.length === 0 && file.directives.length === 0 && file.pragmas.length === 0) return [];
    const text = this.#project.textOf(file.path);
    const suppressions = new Suppressions(file, text, names, this.#project.closure(file).flatMap((f) => this.#quieting(f)));
    for (const finding of found) finding.suppressed = suppressions.cover(finding.rule, finding.start);
    const rules = this.#rulesOf(file);
    const unused = rules.get(unusedSuppressionId);
    if (unused && this.#complete) {
      const ran = (rule: string): boolean => {
        const active = rules.get(rule);
        return active !== undefined && atLeast(active.level, this.#settings.minimum) && !this.#failed.has(rule);
      };
      const everyRule = this.#rules.every((r) => r.meta.level === 'info' || ran(r.meta.id));
      for (const report of unusedSuppressions(file, text, suppressions, { names, ran, everyRule })) {
        found.push(builder.build(unusedSuppressionId, report, lowerLevel(report.level ?? 'error', unused.level)));
      }
    }
    const kept = found.filter((f) => atLeast(f.level, this.#settings.minimum)).sort(compareFindings);
    const fingerprints = new Fingerprints();
    for (const f of kept) f.fingerprint = fingerprints.next(f.rule, f.function, identityText(file, text, f.start, f.end));
    return kept;
  }
}
