// The IRQL analysis of a project: summaries bottom-up over the call graph, events function by function, explanations on demand.

import type { CfgHost } from '../../flow/build.js';
import { components } from '../../flow/scc.js';
import { salOf } from '../../model/annotations-of.js';
import type { FileFacts, MacroDef } from '../../model/facts.js';
import type { Func, Project } from '../../model/project.js';
import { declaredOf, slotsOf, type Slots } from './declared.js';
import { entryOf, type Entry, type PassiveObjects } from './entry.js';
import type { Environment } from './environment.js';
import type { IrqlEvent } from './events.js';
import { Exits } from './exits.js';
import { boundsOf, highest, lowest, scaleOf, tighter, unbounded, type Bounds, type Mask, type Scale } from './levels.js';
import { fateOf, isPure, isReserved } from './meaning.js';
import { graphOf, runFunction, type Run, type Start } from './run.js';
import type { Frame } from './frame.js';
import { initialOf, type Held } from './state.js';
import type { Declared, Need, Summary } from './summary-types.js';
import { Survey, type Surveyed } from './survey.js';

export interface GivenUp { func: Func; reason: string }

/** Rounds that a cycle of functions calling each other may take. */
const maxRounds = 3;
/** Calls up from where a level becomes unknown that paths are followed although nothing else happens to it: one wrapper nobody understands spreads over a whole project. */
const maxHops = 4;
/** Calls deep that demands are followed on request; deeper ones are worked out from below. */
const maxDepth = 40;

export class IrqlEngine implements Environment {
  readonly scale: Scale;
  readonly passiveObjects: PassiveObjects;
  readonly givenUp: GivenUp[] = [];
  /** Functions whose paths were followed. */
  followed = 0;
  private readonly survey: Survey;
  private readonly entries = new Map<Func, Entry>();
  private readonly declarations = new Map<Func, Declared | undefined>();
  private readonly slots = new Map<Func, Slots>();
  private readonly summaries = new Map<Func, Summary>();
  private readonly bounds = new Map<Func, Bounds>();
  private readonly must = new Map<Func, Mask>();
  private readonly needs = new Map<Func, readonly Need[]>();
  private readonly events = new Map<Func, readonly IrqlEvent[]>();
  private readonly hosts = new Map<FileFacts, CfgHost>();
  private readonly fates = new Map<Func, 'stop' | 'raise' | undefined>();
  private depth = 0;
  private fromBelow = false;
  /** How far below the level becomes unknown, for functions that only pass that on. */
  private readonly hops = new Map<Func, number>();
  private readonly unknownAfter: Summary;

  constructor(readonly project: Project) {
    this.scale = scaleOf(project.arch);
    const { all } = this.scale;
    this.unknownAfter = { entry: all, outcomes: [{ pre: [], post: [], entry: all, level: { k: 'unknown' }, saves: [], acquires: [], releases: [], steps: [] }] };
    this.passiveObjects = passiveObjects(project);
    this.survey = new Survey(project, this.scale);
    this.summariseAll();
    this.reportAll();
  }

  eventsOf(fn: Func): readonly IrqlEvent[] {
    return this.events.get(fn) ?? [];
  }

  // --- environment ----------------------------------------------------------------------------------

  summaryOf(fn: Func): Summary {
    return this.summaries.get(fn) ?? { entry: this.scale.all };
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
    return this.bounds.get(fn) ?? unbounded;
  }

  needsOf(fn: Func): readonly Need[] {
    const known = this.needs.get(fn);
    if (known) return known;
    const s = this.survey.byFunc.get(fn);
    if (!s) return [];
    if (this.depth < maxDepth) return this.needsFrom(s);
    if (!this.fromBelow) this.needsFromBelow(s);
    return this.needs.get(fn) ?? [];
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
        if (!this.needs.has(at.s.fn)) this.needsFrom(at.s);
        continue;
      }
      const s = this.survey.byFunc.get(callee);
      if (!s || open.has(callee) || this.needs.has(callee) || this.boundsOf(callee) === unbounded) continue;
      open.add(callee);
      chain.push({ s, next: 0 });
    }
    this.fromBelow = false;
  }

  private needsFrom(s: Surveyed): readonly Need[] {
    const { fn } = s;
    this.needs.set(fn, []);
    this.depth++;
    const run = this.run(s, this.openStart(fn, true));
    this.depth--;
    const { known: ranged, mask } = this.entryOf(fn);
    // What the callee's own role or annotation breaks already stands in the callee.
    const found = (run ? this.needsOfRun(run) : []).filter((n) => !ranged || n.on !== undefined || (mask & n.allowed) !== 0);
    this.needs.set(fn, found);
    return found;
  }

  mustOf(fn: Func): Mask {
    return this.must.get(fn) ?? this.scale.all;
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

  private summariseAll(): void {
    const list = [...this.survey.byFunc.values()];
    const index = new Map(list.map((s, i) => [s.fn, i]));
    const callees = list.map((s) => s.callees.map((c) => index.get(c)).filter((i) => i !== undefined));
    const called = new Set(list.flatMap((s) => s.callees));
    for (const members of components(list.length, (i) => callees[i]!)) {
      const group = members.map((i) => list[i]!);
      const cyclic = group.length > 1 || callees[members[0]!]!.includes(members[0]!);
      for (const s of group) this.bounds.set(s.fn, this.boundsFrom(s));
      for (let round = 0; round < (cyclic ? maxRounds : 1); round++) {
        let changed = false;
        for (const s of group) changed = this.summarise(s, called.has(s.fn)) || changed;
        if (!changed) break;
      }
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
    const known = this.hops.get(s.fn) ?? 1 + Math.max(0, ...s.callees.map((c) => this.hops.get(c) ?? 0));
    this.hops.set(s.fn, known);
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
  private summarise(s: Surveyed, isCalled: boolean): boolean {
    if (!this.isRelevant(s)) return false;
    const entry = this.entryOf(s.fn);
    if (!entry.known && this.onlyPassesOn(s) && this.hopsOf(s) > maxHops) {
      const old = this.summaries.get(s.fn);
      this.summaries.set(s.fn, this.unknownAfter);
      return old !== this.unknownAfter;
    }
    const run = this.judge(s, entry);
    if (!run) return false;
    this.bounds.set(s.fn, run.recorder.bounds);
    if (!isCalled) return false;
    let summary: Summary;
    if (entry.known && entry.exit?.k !== 'same') {
      const open = this.run(s, this.openStart(s.fn, false));
      if (!open) return false;
      summary = this.exits(open, { ...entry, mask: this.scale.all }).summary();
      this.bounds.set(s.fn, open.recorder.bounds);
      if (open.recorder.needs.length > 0) summary = { ...summary, demands: true };
    } else {
      summary = this.exits(run, entry).summary();
      if (entry.known) summary = { entry: this.scale.all, ...(summary.outcomes && { outcomes: summary.outcomes }) };
      if (run.recorder.needs.length > 0) summary = { ...summary, demands: true };
    }
    const before = JSON.stringify(this.summaries.get(s.fn)?.outcomes?.map((o) => [o.level, o.acquires.length, o.releases.length]));
    this.summaries.set(s.fn, summary);
    return before !== JSON.stringify(summary.outcomes?.map((o) => [o.level, o.acquires.length, o.releases.length]));
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
    if (run.exits.length > 0) this.must.set(run.fn, must >>> 0);
    const needs = run.recorder.needs.map((n) => ({ ...n, always: n.on === undefined && run.exits.length > 0 && (must & ~n.allowed) === 0 }));
    return needs.sort((a, b) => Number(a.source === 'paged') - Number(b.source === 'paged'));
  }

  // --- events -----------------------------------------------------------------------------------------

  /** Functions whose level never changes: only a known entry level can make a call wrong. */
  private reportAll(): void {
    for (const s of this.survey.byFunc.values()) {
      if (this.events.has(s.fn)) continue;
      const entry = this.entryOf(s.fn);
      const slots = this.slotsOf(s.fn);
      const asked = slots.saves.length > 0 || slots.restores.length > 0 || entry.exit?.k === 'raises' || entry.cancel === true;
      const { floor, ceiling } = this.boundsOf(s.fn);
      if (asked || (entry.known && (highest(entry.mask) > ceiling || lowest(entry.mask) < floor)) || (s.reads && (ceiling < this.scale.top || floor > 0)) || ceiling < floor) this.judge(s, entry);
    }
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
    this.events.set(s.fn, run.recorder.events);
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

  run(s: Surveyed, start: Start): Run | undefined {
    const cfg = graphOf(s.fn, this.hostOf(s.file));
    this.followed++;
    const slots = this.slotsOf(s.fn).saves.map((x) => x.name);
    const run = runFunction(s.fn, s.file, cfg, this, slots.length > 0 ? { ...start, slotNames: new Set(slots) } : start);
    if (cfg.gaveUp !== undefined || !run.settled) this.givenUp.push({ func: s.fn, reason: cfg.gaveUp ?? 'too many different states' });
    else if (run.exits.some((x) => x.p.vague) && !this.givenUp.some((g) => g.func === s.fn)) this.givenUp.push({ func: s.fn, reason: 'paths put together: nothing is said about its locks' });
    return run;
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

  // --- graph ------------------------------------------------------------------------------------------

  private hostOf(file: FileFacts): CfgHost {
    let host = this.hosts.get(file);
    if (!host) this.hosts.set(file, (host = this.newHost(file)));
    return host;
  }

  private newHost(file: FileFacts): CfgHost {
    const { project } = this;
    const constants = new Map<string, number | undefined>();
    const macros = new Map<string, MacroDef | null>();
    return {
      macro: (name, at) => {
        let any = macros.get(name);
        if (any === undefined) macros.set(name, (any = isReserved(name) ? null : this.survey.macro(name, file)));
        if (any === null) return undefined;
        const def = project.macro(name, file, at)?.decl ?? any;
        return def.stmts && !def.expr && this.isIdleMacro(def, file) ? undefined : def;
      },
      fate: (name) => fateOf(name) ?? this.fateOfFunction(project.resolve(name, file)),
      destroys: (v) => file.language === 'cpp' && v.type.ptr === 0 && !v.type.ref && project.record(v.type.base, file) !== undefined && project.destructorOf(v.type, file) !== undefined,
      constant: (e) => {
        if (e.k !== 'name') return project.valueOf(e, file);
        if (!constants.has(e.name)) constants.set(e.name, /^[A-Z_]|^(?:true|false|nullptr)$/.test(e.name) ? project.valueOf(e, file) : undefined);
        return constants.get(e.name);
      },
      nameResults: { pure: isPure },
      abnormal: new Set(['AbnormalTermination', 'abnormal_termination', '_abnormal_termination']),
    };
  }

  private isIdleMacro(def: MacroDef, file: FileFacts): boolean {
    return this.survey.isIdle(def, file, (fn) => this.boundsOf(fn) === unbounded && this.summaryOf(fn).outcomes === undefined && this.declaredOf(fn) === undefined && this.fateOfFunction(fn) === undefined);
  }

  /** A function of the project that never returns: declared so, or its last statement does not. */
  private fateOfFunction(fn: Func | undefined): 'stop' | 'raise' | undefined {
    if (!fn) return undefined;
    if (this.fates.has(fn)) return this.fates.get(fn);
    this.fates.set(fn, undefined);
    const fate = this.findFate(fn);
    this.fates.set(fn, fate);
    return fate;
  }

  private findFate(fn: Func): 'stop' | 'raise' | undefined {
    if (salOf(this.project, fn).some((a) => a.kind === 'noreturn')) return 'stop';
    if (fn.decls.some((d) => d.decl.annotations.some((a) => a.name === 'DECLSPEC_NORETURN' || a.name === '_Noreturn' || (a.name === '__declspec' && a.args?.[0]?.trim() === 'noreturn')))) return 'stop';
    const body = fn.def?.decl.body;
    const last = body?.stmts.at(-1);
    if (!body || body.stmts.length > 12 || last?.k !== 'expr' || last.e.k !== 'call' || last.e.callee.k !== 'name') return undefined;
    if (body.stmts.some((s) => s.k !== 'expr' && s.k !== 'decl' && s.k !== 'empty')) return undefined;
    const name = last.e.callee.name;
    return fateOf(name) ?? this.fateOfFunction(this.project.resolve(name, fn.def!.file));
  }
}

/** Whether some object of the project is configured to run its callbacks at PASSIVE_LEVEL. Source: WDF_OBJECT_ATTRIBUTES, WDF_INTERRUPT_CONFIG pages. */
function passiveObjects(project: Project): PassiveObjects {
  const found = { execution: false, interrupt: false };
  for (const file of project.files) {
    const text = project.textOf(file.path);
    if (text.includes('WdfExecutionLevelPassive')) found.execution = true;
    if (text.includes('PassiveHandling') || text.includes('PASSIVE_LEVEL_INTERRUPT')) found.interrupt = true;
  }
  return found;
}
