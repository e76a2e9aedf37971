// The IRQL analysis of a project: summaries bottom-up over the call graph, events function by function, explanations on demand.

import type { Relinked } from '../../model/link.js';
import type { FileFacts } from '../../model/facts.js';
import type { Func, Project } from '../../model/project.js';
import { lap } from '../../source/laps.js';
import { declaredOf, slotsOf, type Slots } from './declared.js';
import { entryOf, type Entry, type PassiveObjects } from './entry.js';
import type { Environment } from './environment.js';
import type { IrqlEvent } from './events.js';
import { Exits } from './exits.js';
import { boundsOf, highest, lowest, scaleOf, tighter, unbounded, type Bounds, type Mask, type Scale } from './levels.js';
import { GraphHosts } from './graph-host.js';
import { movePlaces } from './moved-places.js';
import { BottomUp } from './order.js';
import { graphOf, runFunction, type Run, type Start } from './run.js';
import type { Frame } from './frame.js';
import { initialOf, type Held } from './state.js';
import type { Declared, Need, Summary } from './summary-types.js';
import { Survey, type Surveyed } from './survey.js';
import { Values } from './values.js';

export interface GivenUp { func: Func; reason: string }

/** Rounds that a cycle of functions calling each other may take. */
const maxRounds = 3;
/** Calls up from where a level becomes unknown that paths are followed although nothing else happens to it: one wrapper nobody understands spreads over a whole project. */
const maxHops = 4;
/** Calls deep that demands are followed on request; deeper ones are worked out from below. */
const maxDepth = 40;

/** What is known of functions, each once it was asked for. Kept over edits that leave it true. */
class Results {
  /** Summarised, and everything they call. */
  readonly ready = new Set<Func>();
  readonly summaries = new Map<Func, Summary>();
  readonly bounds = new Map<Func, Bounds>();
  readonly must = new Map<Func, Mask>();
  readonly needs = new Map<Func, readonly Need[]>();
  /** Functions that were judged already, or need not be. */
  readonly judged = new Set<Func>();
  /** Functions that something happens to the level or to locks in. */
  readonly relevant = new Set<Func>();
  readonly events = new Map<Func, readonly IrqlEvent[]>();
  readonly givenUp = new Map<Func, string>();
  /** How far below the level becomes unknown, for functions that only pass that on. */
  readonly hops = new Map<Func, number>();
  /** Summarised with what was known of their callees before an edit. */
  readonly interim = new Set<Func>();

  isSettled(fn: Func): boolean {
    return this.ready.has(fn) && !this.interim.has(fn);
  }

  forget(fn: Func): void {
    for (const part of [this.ready, this.summaries, this.bounds, this.must, this.needs, this.judged, this.relevant, this.events, this.givenUp, this.hops, this.interim]) part.delete(fn);
  }
}

interface Kept { survey: Survey; order: BottomUp; results: Results; passive: PassiveTexts }

export class IrqlEngine implements Environment {
  readonly scale: Scale;
  readonly values = new Values();
  readonly passiveObjects: PassiveObjects;
  /** Functions whose paths were followed. */
  followed = 0;
  private readonly passive: PassiveTexts;
  private readonly survey: Survey;
  private readonly order: BottomUp;
  private readonly results: Results;
  private readonly entries = new Map<Func, Entry>();
  private readonly declarations = new Map<Func, Declared | undefined>();
  private readonly slots = new Map<Func, Slots>();
  private readonly hosts: GraphHosts;
  /** Functions being summarised. */
  private readonly open = new Set<Func>();
  private depth = 0;
  private fromBelow = false;
  private readonly unknownAfter: Summary;

  constructor(readonly project: Project, kept?: Kept) {
    this.scale = scaleOf(project.arch);
    const { all } = this.scale;
    this.unknownAfter = { entry: all, outcomes: [{ pre: [], post: [], entry: all, level: { k: 'unknown' }, saves: [], acquires: [], releases: [], steps: [] }] };
    this.passive = kept?.passive ?? new PassiveTexts(project);
    this.passiveObjects = this.passive.objects;
    this.survey = kept?.survey ?? new Survey(project, this.scale);
    this.order = kept?.order ?? new BottomUp(this.survey.byFunc);
    this.results = kept?.results ?? new Results();
    this.hosts = new GraphHosts(project, this.survey, (fn) => this.isIdle(fn));
  }

  eventsOf(fn: Func): readonly IrqlEvent[] {
    const s = this.survey.byFunc.get(fn);
    if (!s) return [];
    const { ready, judged, events } = this.results;
    if (!ready.has(fn) || !judged.has(fn)) {
      lap('levels', () => {
        this.settle(fn);
        if (!judged.has(fn)) this.report(s);
      });
    }
    return events.get(fn) ?? [];
  }

  get givenUp(): GivenUp[] {
    return [...this.results.givenUp].map(([func, reason]) => ({ func, reason }));
  }

  // --- edits ----------------------------------------------------------------------------------------

  /**
   * The engine of the project after an edit; this one must not be used any more. Functions whose body or role changed are summarised
   * again, and only where their callers would see a difference is anything else forgotten.
   */
  after({ project, edited, moved }: Relinked, reassigned: ReadonlySet<Func>): IrqlEngine {
    const { results, survey } = this;
    const look = survey.after(project, edited);
    const order = look.calls ? new BottomUp(survey.byFunc) : this.order;
    const passive = this.passive.after(project, moved.keys());
    if (look.sections || passive !== this.passive) return new IrqlEngine(project);
    const next = new IrqlEngine(project, { survey, order, results, passive });
    movePlaces([...results.summaries.values(), ...results.needs.values(), ...results.events.values()], moved);
    // What nobody called was not summarised for callers.
    for (const fn of edited) for (const callee of survey.byFunc.get(fn)?.callees ?? []) if (!this.order.isCalled(callee) && order.isCalled(callee)) results.forget(callee);
    if (look.locks) {
      results.judged.clear();
      results.events.clear();
    }
    const different = new Set([...edited, ...reassigned].filter((fn) => next.isDifferent(fn, this.hosts.answered(fn))));
    for (const fn of order.above(different)) {
      if (different.has(fn)) results.interim.add(fn);
      else results.forget(fn);
    }
    return next;
  }

  /** Summarises a function again; whether that matters to its callers. */
  private isDifferent(fn: Func, before: { fate: unknown } | undefined): boolean {
    const { results } = this;
    if (!results.ready.has(fn)) return false;
    const asked = results.needs.has(fn);
    const old = this.seen(fn);
    results.forget(fn);
    const s = this.survey.byFunc.get(fn);
    results.ready.add(fn);
    if (s) {
      for (const callee of s.callees) this.settle(callee);
      results.bounds.set(fn, this.boundsFrom(s));
      this.summarise(s);
      if (asked) this.needsOf(fn);
    }
    return (before !== undefined && before.fate !== this.hosts.fateOf(fn)) || old !== this.seen(fn);
  }

  /** Everything callers use of a function, places left out. */
  private seen(fn: Func): string {
    const { results } = this;
    const places = new Set(['start', 'end', 'nameStart', 'nameEnd']);
    return JSON.stringify([results.summaries.get(fn), results.bounds.get(fn), results.needs.get(fn), results.must.get(fn)], (key, value: unknown) => {
      if (places.has(key)) return undefined;
      return key === 'func' ? (value as Func).qualified : value;
    });
  }

  // --- environment ----------------------------------------------------------------------------------

  summaryOf(fn: Func): Summary {
    this.settle(fn);
    return this.results.summaries.get(fn) ?? { entry: this.scale.all };
  }

  declaredOf(fn: Func): Declared | undefined {
    if (this.declarations.has(fn)) return this.declarations.get(fn);
    let d = declaredOf(this.project, this.scale, fn);
    const { pageable } = this.entryOf(fn);
    if (pageable) {
      const paged = this.scale.known(0, 1);
      const allowed = ((d?.allowed ?? this.scale.all) & paged) >>> 0;
      if (d?.allowed === undefined) d = { ...(d ?? { conditional: [] }), allowed: paged, text: '', ...pageable, paged: true };
      else if (allowed !== 0) d = { ...d, allowed };
    }
    this.declarations.set(fn, d);
    return d;
  }

  boundsOf(fn: Func): Bounds {
    this.settle(fn);
    return this.results.bounds.get(fn) ?? unbounded;
  }

  needsOf(fn: Func): readonly Need[] {
    const known = this.results.needs.get(fn);
    if (known) return known;
    const s = this.survey.byFunc.get(fn);
    if (!s) return [];
    if (this.depth < maxDepth) return this.needsFrom(s);
    if (!this.fromBelow) this.needsFromBelow(s);
    return this.results.needs.get(fn) ?? [];
  }

  /** Demands of everything a function calls, innermost first: a chain of any length needs no stack. */
  private needsFromBelow(top: Surveyed): void {
    this.fromBelow = true;
    const open = new Set([top.fn]);
    const chain = [{ s: top, next: 0 }];
    for (let at = chain.at(-1); at; at = chain.at(-1)) {
      const callee = at.s.callees[at.next++];
      if (!callee) {
        chain.pop();
        if (!this.results.needs.has(at.s.fn)) this.needsFrom(at.s);
        continue;
      }
      const s = this.survey.byFunc.get(callee);
      if (!s || open.has(callee) || this.results.needs.has(callee) || this.boundsOf(callee) === unbounded) continue;
      open.add(callee);
      chain.push({ s, next: 0 });
    }
    this.fromBelow = false;
  }

  private needsFrom(s: Surveyed): readonly Need[] {
    const { fn } = s;
    this.results.needs.set(fn, []);
    this.depth++;
    const run = this.run(s, this.openStart(fn, true));
    this.depth--;
    const { known: ranged, mask } = this.entryOf(fn);
    // What the callee's own role or annotation breaks already stands in the callee.
    const found = (run ? this.needsOfRun(run) : []).filter((n) => !ranged || n.on !== undefined || (mask & n.allowed) !== 0);
    this.results.needs.set(fn, found);
    return found;
  }

  mustOf(fn: Func): Mask {
    return this.results.must.get(fn) ?? this.scale.all;
  }

  entryOf(fn: Func): Entry {
    let e = this.entries.get(fn);
    if (!e) this.entries.set(fn, (e = entryOf(this.project, this.scale, fn, this.passiveObjects, this.survey.locksSections)));
    return e;
  }

  private slotsOf(fn: Func): Slots {
    let s = this.slots.get(fn);
    if (!s) this.slots.set(fn, (s = slotsOf(this.project, fn)));
    return s;
  }

  // --- bottom-up --------------------------------------------------------------------------------------

  /** Makes a function ready: summarises it and everything it calls, as far as that was not done. */
  private settle(fn: Func): void {
    if (this.results.ready.has(fn) || this.open.has(fn)) return;
    const steps = this.settling(fn);
    while (!steps.next().done);
  }

  /** The same in small steps. Left before its end, it has to be begun again for the functions that were under way. */
  * settling(fn: Func): Generator<void, void> {
    const isReady = (f: Func): boolean => this.results.isSettled(f) || this.open.has(f);
    for (const group of this.order.below(fn, isReady)) yield* this.settleGroup(group);
  }

  private * settleGroup(group: readonly Surveyed[]): Generator<void, void> {
    const cyclic = this.order.isCyclic(group);
    for (const s of group) this.open.add(s.fn);
    try {
      for (const s of group) this.results.bounds.set(s.fn, this.boundsFrom(s));
      for (let round = 0; round < (cyclic ? maxRounds : 1); round++) {
        let changed = false;
        for (const s of group) {
          changed = this.summarise(s, cyclic) || changed;
          yield;
        }
        if (!changed) break;
      }
      for (const s of group) {
        this.results.ready.add(s.fn);
        this.results.interim.delete(s.fn);
      }
    } finally {
      for (const s of group) this.open.delete(s.fn);
    }
  }

  private boundsFrom(s: Surveyed): Bounds {
    let b = s.direct;
    for (const c of s.callees) {
      const declared = this.declaredOf(c);
      b = tighter(b, declared?.allowed !== undefined ? boundsOf(declared.allowed) : this.boundsOf(c));
      for (const x of declared?.conditional ?? []) b = tighter(b, boundsOf(x.allowed));
    }
    return b;
  }

  private isRelevant(s: Surveyed): boolean {
    return s.changes || s.callees.some((c) => this.summaryOf(c).outcomes !== undefined || this.declaredOf(c)?.outcome !== undefined);
  }

  private hopsOf(s: Surveyed): number {
    const known = this.results.hops.get(s.fn) ?? 1 + Math.max(0, ...s.callees.map((c) => this.results.hops.get(c) ?? 0));
    this.results.hops.set(s.fn, known);
    return known;
  }

  /** Nothing happens to the level but that some callees leave it unknown. */
  private onlyPassesOn(s: Surveyed): boolean {
    return !s.changes && s.callees.every((c) => {
      const outcomes = this.summaryOf(c).outcomes ?? this.declaredOf(c)?.outcome ?? [];
      return outcomes.every((o) => (o.level.k === 'unknown' || o.level.k === 'same') && o.acquires.length === 0 && o.releases.length === 0);
    });
  }

  /** Follows the paths of a function that may change something; true when its summary is a new one. */
  private summarise(s: Surveyed, cyclic = false): boolean {
    if (!this.isRelevant(s)) return false;
    const entry = this.entryOf(s.fn);
    if (!entry.known && this.onlyPassesOn(s) && this.hopsOf(s) > maxHops) {
      const old = this.results.summaries.get(s.fn);
      this.results.summaries.set(s.fn, this.unknownAfter);
      return old !== this.unknownAfter;
    }
    this.results.relevant.add(s.fn);
    const run = this.judge(s, entry);
    if (!run) return false;
    this.results.bounds.set(s.fn, run.recorder.bounds);
    if (!this.order.isCalled(s.fn)) return false;
    let summary: Summary;
    if (entry.known && entry.exit?.k !== 'same') {
      const open = this.run(s, this.openStart(s.fn, false), run);
      if (!open) return false;
      summary = this.exits(open, { ...entry, mask: this.scale.all }).summary();
      this.results.bounds.set(s.fn, open.recorder.bounds);
      if (open.recorder.needs.length > 0) summary = { ...summary, demands: true };
    } else {
      summary = this.exits(run, entry).summary();
      if (entry.known) summary = { entry: this.scale.all, ...(summary.outcomes && { outcomes: summary.outcomes }) };
      if (run.recorder.needs.length > 0) summary = { ...summary, demands: true };
    }
    const before = this.results.summaries.get(s.fn);
    this.results.summaries.set(s.fn, summary);
    return cyclic && effectsOf(before) !== effectsOf(summary);
  }

  /** Entered on any level: for what callers must know. */
  private openStart(fn: Func, collects: boolean): Start {
    const entry = this.entryOf(fn);
    return { exports: true, rules: { entry: this.scale.all, entryKnown: false, collects, ...(entry.min && { min: entry.min }) }, ...this.heldOnEntry(entry, fn) };
  }

  /** Demands of a run, those made on every way out marked. */
  private needsOfRun(run: Run): Need[] {
    let must = 0;
    for (const x of run.exits) must |= x.p.entry;
    if (run.exits.length > 0) this.results.must.set(run.fn, must >>> 0);
    const needs = run.recorder.needs.map((n) => ({ ...n, always: n.on === undefined && run.exits.length > 0 && (must & ~n.allowed) === 0 }));
    return needs.sort((a, b) => Number(a.source === 'paged') - Number(b.source === 'paged'));
  }

  // --- events -----------------------------------------------------------------------------------------

  /** Where the level never changes only a known entry level can make a call wrong. */
  private report(s: Surveyed): void {
    this.results.judged.add(s.fn);
    const entry = this.entryOf(s.fn);
    const slots = this.slotsOf(s.fn);
    const asked = slots.saves.length > 0 || slots.restores.length > 0 || entry.exit?.k === 'raises' || entry.cancel === true || this.results.relevant.has(s.fn);
    const { floor, ceiling } = this.boundsOf(s.fn);
    if (!asked && !s.reads && floor <= 0 && ceiling >= 0 && isHarmless(entry)) return;
    if (asked || (entry.known && (highest(entry.mask) > ceiling || lowest(entry.mask) < floor)) || (s.reads && (ceiling < this.scale.top || floor > 0)) || ceiling < floor) this.judge(s, entry);
  }

  private judge(s: Surveyed, entry: Entry): Run | undefined {
    const run = this.run(s, {
      exports: entry.exit?.k !== 'same',
      rules: {
        entry: entry.mask, entryKnown: entry.known, documented: entry.annotated || entry.role !== undefined, ...(entry.configurable && { configurable: true }), ...(entry.max && { max: entry.max }), ...(entry.min && { min: entry.min }),
      },
      ...(entry.why && { entryStep: { ...entry.why } }), ...this.heldOnEntry(entry, s.fn),
    });
    if (!run) return undefined;
    this.exits(run, entry).judge();
    this.results.judged.add(s.fn);
    this.results.events.set(s.fn, run.recorder.events);
    return run;
  }

  private exits(run: Run, entry: Entry): Exits {
    const { decl } = run.fn.def!;
    const wrapper = decl.name.startsWith('~') || decl.scope.at(-1)?.name === decl.name;
    return new Exits(run, entry, this.slotsOf(run.fn), this.survey.census, wrapper);
  }

  /** A cancel routine owns the cancel spin lock; the level to go back to is in the IRP, its second parameter. */
  private heldOnEntry(entry: Entry, fn: Func): Pick<Start, 'held'> {
    const irp = fn.params[1]?.name;
    if (!entry.cancel || irp === undefined) return {};
    return {
      held: (frame: Frame): Held[] => {
        const at = { start: 0, end: 0 };
        const level = frame.key({ k: 'field', e: { k: 'name', name: irp, ...at }, name: 'CancelIrql', arrow: true, nameStart: 0, ...at });
        return [{
          key: frame.named('cancel', 'global'), text: 'the cancel spin lock', family: 'CancelSpinLock', mode: '', spin: true, handle: -1, savedIn: level,
          before: initialOf(level), raised: true, by: 'the I/O manager', ...at,
        }];
      },
    };
  }

  /** `before`: a run of the same function with the same exports, whose graph and operations will do. */
  run(s: Surveyed, start: Start, before?: Run): Run | undefined {
    const cfg = before?.frame.cfg ?? graphOf(s.fn, this.hosts.of(s.file));
    this.followed++;
    const slots = this.slotsOf(s.fn).saves.map((x) => x.name);
    const run = runFunction(s.fn, s.file, cfg, this, slots.length > 0 ? { ...start, slotNames: new Set(slots) } : start, before);
    const { givenUp } = this.results;
    if (cfg.gaveUp !== undefined || !run.settled) givenUp.set(s.fn, cfg.gaveUp ?? 'too many different states');
    else if (run.exits.some((x) => x.p.vague) && !givenUp.has(s.fn)) givenUp.set(s.fn, 'paths put together: nothing is said about its locks');
    return run;
  }

  private isIdle(fn: Func): boolean {
    return this.boundsOf(fn) === unbounded && this.summaryOf(fn).outcomes === undefined && this.declaredOf(fn) === undefined && this.hosts.fateOf(fn) === undefined;
  }

  /** Functions that are analysed at all. */
  isAnalysed(fn: Func): boolean {
    return this.survey.byFunc.has(fn);
  }

  /** States of one function, for explanations. */
  runOf(fn: Func): Run | undefined {
    const s = this.survey.byFunc.get(fn);
    if (!s) return undefined;
    const entry = this.entryOf(fn);
    return this.run(s, { rules: { entry: entry.mask, entryKnown: entry.known }, ...(entry.why && { entryStep: entry.why }), ...this.heldOnEntry(entry, fn) });
  }
}

/**
 * Entered on PASSIVE_LEVEL or above and nothing documented about the rest: most pageable code. Where the level never changes and no call
 * wants a raised one, PASSIVE_LEVEL keeps every demand, so none is broken for sure, and there is no range that could be too wide.
 */
function isHarmless(entry: Entry): boolean {
  return (entry.mask & 1) !== 0 && !entry.annotated && entry.role === undefined;
}

/** What makes a summary another one for those who call each other. */
function effectsOf(s: Summary | undefined): string | undefined {
  return JSON.stringify(s?.outcomes?.map((o) => [o.level, o.acquires.length, o.releases.length]));
}

/** Whether some object of the project is configured to run its callbacks at PASSIVE_LEVEL. Source: WDF_OBJECT_ATTRIBUTES, WDF_INTERRUPT_CONFIG pages. */
class PassiveTexts {
  readonly objects: PassiveObjects;
  private readonly byFile: ReadonlyMap<FileFacts, PassiveObjects>;

  constructor(project: Project, byFile?: ReadonlyMap<FileFacts, PassiveObjects>) {
    this.byFile = byFile ?? new Map(project.files.map((file) => [file, passiveIn(project, file)]));
    const all = [...this.byFile.values()];
    this.objects = { execution: all.some((o) => o.execution), interrupt: all.some((o) => o.interrupt) };
  }

  /** The same object where edits of some files change nothing. */
  after(project: Project, edited: Iterable<FileFacts>): PassiveTexts {
    const now = new Map([...edited].map((file) => [file, passiveIn(project, file)]));
    const isSame = [...now].every(([file, { execution, interrupt }]) => this.byFile.get(file)?.execution === execution && this.byFile.get(file)?.interrupt === interrupt);
    return isSame ? this : new PassiveTexts(project, new Map([...this.byFile, ...now]));
  }
}

function passiveIn(project: Project, file: FileFacts): PassiveObjects {
  const text = project.textOf(file.path);
  return { execution: text.includes('WdfExecutionLevelPassive'), interrupt: text.includes('PassiveHandling') || text.includes('PASSIVE_LEVEL_INTERRUPT') };
}
