// How a function leaves: every way out compared with what it must be and with the other ways out. Makes the events about returns and
// the summary for callers.

import type { Step } from './state.js';
import type { Entry } from './entry.js';
import type { Slots } from './declared.js';
import type { ExitEvent, LockEvent } from './events.js';
import type { LockCensus } from './census.js';
import { highest, lowest, type Mask } from './levels.js';
import { isInLoop, isSetOfLocks, oneCause } from './one-cause.js';
import { sharedPlace } from './recorder.js';
import type { Exit, Run } from './run.js';
import { anything, entryLevel, get, initialOf, isInitial, keyOfInitial, levelMask, sameLock, unset, type Held, type LevelValue, type Part, type Trail } from './state.js';
import type { LevelSpec, LockSpec, Outcome, Place, Summary } from './summary-types.js';

type Relation = 'same' | 'changed' | 'restored' | 'unknown';

interface Way { exit: Exit; p: Part; level: Relation; held: readonly Held[] }

const maxOutcomes = 8;

export class Exits {
  private readonly ways: Way[];
  private readonly all: Mask;

  constructor(private readonly run: Run, private readonly entry: Entry, private readonly slots: Slots, private readonly census: LockCensus, private readonly wrapper: boolean) {
    this.all = run.transfer.env.scale.all;
    this.ways = run.exits.map((exit) => ({ exit, p: exit.p, level: this.relation(exit.p), held: exit.p.locks }));
  }

  private relation(p: Part): Relation {
    if (p.cur === entryLevel || p.pending === entryLevel) return 'same';
    if (p.cur === anything || p.cur === unset || p.vague) return 'unknown';
    if (isInitial(p.cur)) return 'restored';
    const now = levelMask(p, p.cur, this.all);
    if (now === p.entry && lowest(now) === highest(now)) return 'same';
    // What a place of the caller holds was tested to decide whether to lower: only the caller knows whether that fits.
    if (p.locks.length === 0 && this.asksCaller(p)) return 'unknown';
    if ((now & p.entry) === 0) return 'changed';
    return lowest(now) > lowest(p.entry) ? 'changed' : 'unknown';
  }

  /** A place that levels are saved in or restored from was tested as the caller left it. */
  private asksCaller({ initial }: Part): boolean {
    const { levelPlaces } = this.run.compiled.conditions;
    for (let i = 0; i < initial.length; i += 2) if (levelPlaces.has(initial[i]!)) return true;
    return false;
  }

  private isNeutral(w: Way): boolean {
    return w.level !== 'changed' && w.level !== 'restored' && w.held.length === 0 && w.p.owed.length === 0;
  }

  // --- events ---------------------------------------------------------------------------------------

  judge(): void {
    if (!this.run.settled) return;
    this.judgeWays();
    this.run.recorder.events.push(...oneCause(this.kept.splice(0), this.run.compiled.ops));
  }

  private judgeWays(): void {
    if (this.entry.cancel) return this.judgeCancel();
    const { exit } = this.entry;
    this.judgeSlots();
    if (exit?.k === 'raises') for (const w of this.ways) this.mustBe(w, this.run.transfer.env.scale.only(exit.level), 'raised', exit.limit.text, exit.limit);
    else if (this.slots.restores.length > 0 || this.slots.saves.length > 0 || this.slots.savesResult || exit?.k === 'free') return;
    else if (exit?.k === 'same') for (const w of this.ways) this.mustBeSame(w, exit.because, exit.limit);
    else this.judgeWrapper();
  }

  private mustBeSame(w: Way, because: string, at?: ExitEvent['at']): void {
    if (w.p.vague) return;
    if (w.held.length > 0) this.heldAtReturn(w);
    // Lowering to what the caller saved is a change too, where a written annotation rules it out.
    else if (w.level === 'changed' || (w.level === 'restored' && at !== undefined)) this.event(w, 'not-restored', 'entry', w.p.entry, because, at);
  }

  private mustBe(w: Way, expected: Mask, wants: ExitEvent['wants'], because: string, at?: ExitEvent['at']): void {
    const now = levelMask(w.p, w.p.cur, this.all);
    if (w.p.vague || w.p.cur === anything || isInitial(w.p.cur) || this.failed(w)) return;
    // As at entry where other ways out do raise: right only for callers who were there already.
    const forgotten = w.p.cur === entryLevel && lowest(now) < lowest(expected) && this.ways.some((x) => x.p.cur > 0 && levelMask(x.p, x.p.cur, this.all) === expected);
    if ((now & expected) !== 0 && !forgotten) return;
    this.event(w, 'not-restored', wants, expected, because, at);
  }

  /** What is annotated for the return holds for a call that worked: a status says whether it did. */
  private failed(w: Way): boolean {
    const { fn, compiled, transfer } = this.run;
    const ret = get(w.p.facts, transfer.returned);
    return ret !== undefined && fn.ret?.ptr === 0 && /^(?:NTSTATUS|HRESULT)$/.test(fn.ret.base) && compiled.values.get(ret).sign === -1;
  }

  private judgeCancel(): void {
    for (const w of this.ways) {
      const kept = w.held.find((h) => h.family === 'CancelSpinLock');
      if (kept && !w.p.vague) this.event(w, 'cancel', 'cancel-irql', 0, 'held');
    }
  }

  /** Parameters that are declared to save or restore the level. */
  private judgeSlots(): void {
    const { frame } = this.run;
    for (const s of this.slots.restores) {
      if (s.sal.when.length > 0) continue;
      for (const w of this.ways) {
        if (w.p.cur !== entryLevel || w.p.vague || w.p.owed.length > 0) continue;
        this.event(w, 'not-restored', 'restored', 0, `${s.name} is annotated ${s.sal.name}`, { file: s.sal.file.path, start: s.sal.start, end: s.sal.end, text: s.sal.name });
      }
    }
    for (const s of this.slots.saves) {
      if (s.sal.when.length > 0) continue;
      const keys = frame.madeOf(s.index >= 0 ? s.name : '');
      const missing = this.ways.find((w) => !w.p.vague && !keys.some((k) => get(w.p.saved, k) !== undefined && get(w.p.saved, k) !== unset));
      if (missing) this.notSaved(missing, `${s.name} is annotated ${s.sal.name}`);
    }
  }

  private notSaved(w: Way, because: string): void {
    if (this.quiet) return;
    const { decl, file } = this.run.fn.def!;
    this.run.recorder.events.push({
      kind: 'not-restored', func: this.run.fn, file: file.path, start: decl.nameStart, end: decl.nameEnd, wants: 'saved', here: 0, expected: 0, because,
      certainty: 'sure', flow: this.run.recorder.flow(w.p, [{ file: file.path, start: w.exit.start, end: w.exit.end, text: 'returns without having saved the IRQL' }]),
    });
  }

  /** A function that says nothing: all its ways out must agree, or callers must be able to tell them apart. */
  private judgeWrapper(): void {
    const ways = this.ways.filter((w) => !w.p.vague);
    const changed = ways.filter((w) => !this.isNeutral(w));
    const neutral = ways.filter((w) => this.isNeutral(w));
    if (changed.length === 0) return;
    if (neutral.length === 0) return this.judgeConsistent(changed);
    if (this.apart(changed, neutral) && changed.every((w) => this.isUsedElsewhere(w))) return;
    const unlocks = changed.filter((w) => w.held.length === 0 && w.p.owed.length > 0);
    // Released in a loop: no turn of it is no way out that forgot to.
    if (unlocks.length > 0 && unlocks.some((w) => w.p.owed.some((o) => isInLoop(o, this.run.frame.cfg, this.run.compiled.ops)))) return;
    if (unlocks.length > 0 && unlocks.length === changed.length && unlocks.length >= neutral.length) {
      // Where a way out with the release ends as well, the release stands under a condition: on purpose.
      const shared = new Set(unlocks.map((w) => w.exit.start));
      for (const w of neutral) if (!shared.has(w.exit.start) && !this.isAskedFor(w)) this.event(w, 'not-restored', 'restored', 0, unlocks[0]!.p.owed[0]!.text);
      return;
    }
    const keeps = new Set(changed.filter((w) => w.held.length > 0).map((w) => w.exit.start));
    for (const w of changed) {
      if (w.held.length > 0) this.heldAtReturn(w);
      else if (w.p.owed.length === 0 && !keeps.has(w.exit.start)) this.event(w, 'not-restored', 'entry', w.p.entry, 'other ways out of the function leave it as it was');
    }
  }

  private judgeConsistent(ways: readonly Way[]): void {
    const keeps = ways.filter((w) => w.held.length > 0 && !this.isUsedElsewhere(w));
    for (const w of keeps) this.heldAtReturn(w);
    if (keeps.length > 0 || this.wrapper || this.quiet) return;
    // A lock that is taken or given back at DISPATCH_LEVEL leaves the level alone.
    const w = ways.find((x) => x.level === 'changed' || x.level === 'restored');
    if (!w) return;
    const { decl, file } = this.run.fn.def!;
    this.run.recorder.events.push({
      kind: 'unannotated', func: this.run.fn, file: file.path, start: decl.nameStart, end: decl.nameEnd, wants: 'entry', here: levelMask(w.p, w.p.cur, this.all),
      expected: w.p.entry, because: isInitial(w.p.cur) ? 'restores' : 'raises', certainty: 'sure',
      flow: this.run.recorder.flow(w.p, [{ file: file.path, start: w.exit.start, end: w.exit.end, text: 'returns' }]),
    });
  }

  /** It was chosen by what the caller can see as well, be it the level, an argument or memory. */
  private isAskedFor(w: Way): boolean {
    const { frame, transfer } = this.run;
    if (this.ways.some((x) => (x.p.entry & w.p.entry) === 0)) return true;
    for (let i = 0; i < w.p.facts.length; i += 2) {
      const key = w.p.facts[i]!;
      if (key !== transfer.returned && frame.keys[key]!.shared) return true;
    }
    return false;
  }

  /** Some other function gives the lock back (or takes it first): leaving with it is on purpose. */
  private isUsedElsewhere(w: Way): boolean {
    const { frame } = this.run;
    return w.held.every((h) => this.census.releasedElsewhere(frame, h)) && (w.held.length > 0 || w.p.owed.length > 0 || w.level === 'restored' || this.handsOver(w.p));
  }

  /** The level before is handed to the caller: through a parameter or the result. */
  private handsOver(p: Part): boolean {
    const { frame } = this.run;
    for (let i = 0; i < p.saved.length; i += 2) {
      const k = frame.keys[p.saved[i]!]!;
      if (p.saved[i + 1] === entryLevel && (k.shared || k.names.includes('$return'))) return true;
    }
    return false;
  }

  /** Callers can tell: for every pair some condition on result, arguments or memory excludes the other. */
  private apart(a: readonly Way[], b: readonly Way[]): boolean {
    return a.every((x) => b.every((y) => this.excludes(x.p, y.p)));
  }

  private excludes(x: Part, y: Part): boolean {
    const { frame, compiled, transfer } = this.run;
    // Entered on other levels: callers are on one of them.
    if ((x.entry & y.entry) === 0) return true;
    const [a, b] = [get(x.facts, transfer.returned), get(y.facts, transfer.returned)];
    if (a !== undefined && b !== undefined && compiled.values.meet(a, b) === -1 && !this.succeeds(x, y)) {
      // Of a number nobody knows whether zero is success: who got the level from before does.
      return !this.returnsStatus && this.handsOver(x);
    }
    const givenBack = x.locks.some((h) => y.released.includes(h.key));
    for (let i = 0; i < x.facts.length; i += 2) {
      const key = x.facts[i]!;
      if (key !== transfer.returned && !frame.keys[key]!.shared) continue;
      // A way out that gives the same lock back decides inside, after it looked at memory: callers do not look again.
      if (givenBack && key !== transfer.returned && frame.keys[key]!.memory) continue;
      const other = get(y.facts, key);
      if (other === undefined || compiled.values.meet(x.facts[i + 1]!, other) !== -1) continue;
      if (key !== transfer.returned || this.succeeds(x, y)) return true;
    }
    return this.pointerResult(x, y);
  }

  private get returnsStatus(): boolean {
    const { ret } = this.run.fn;
    return ret?.ptr === 0 && /STATUS$|^HRESULT$|^LONG$/.test(ret.base);
  }

  /** Keeping something goes with success, not with failure. */
  private succeeds(x: Part, y: Part): boolean {
    const { compiled, transfer } = this.run;
    const [a, b] = [compiled.values.get(get(x.facts, transfer.returned)!), compiled.values.get(get(y.facts, transfer.returned)!)];
    if (this.returnsStatus) return !(a.sign === -1 && b.sign !== -1);
    return a.eq !== 0 || x.owed.length > 0;
  }

  private pointerResult(x: Part, y: Part): boolean {
    const { fn, compiled, transfer } = this.run;
    if (!fn.ret || (fn.ret.ptr === 0 && !/^P[A-Z]/.test(fn.ret.base))) return false;
    const [a, b] = [get(x.facts, transfer.returned), get(y.facts, transfer.returned)];
    return b !== undefined && compiled.values.get(b).eq === 0 && (a === undefined || compiled.values.get(a).eq !== 0);
  }

  private heldAtReturn(w: Way): void {
    this.wrong.add(w);
    for (const h of w.held) {
      if ((h.family === 'CancelSpinLock' && this.entry.cancel) || isSetOfLocks(h, this.run.frame.cfg, this.run.compiled.ops)) continue;
      const event: LockEvent = {
        kind: 'lock', problem: 'held-at-return', func: this.run.fn, file: this.run.frame.file.path, start: w.exit.start, end: w.exit.end, lock: h.text,
        callee: h.by, other: h.by, ...(h.end > 0 && { heldBy: { start: h.start, end: h.end } }), certainty: 'sure', flow: this.run.recorder.flow(w.p, [this.leaving(w)]),
      };
      if (this.isNew(event, `${h.key} ${h.text}`)) this.kept.push({ event, key: h.key, family: h.family });
    }
  }

  private leaving(w: Way): Step {
    const mask = levelMask(w.p, w.p.cur, this.all);
    return { file: this.run.frame.file.path, start: w.exit.start, end: w.exit.end, text: w.exit.brace ? 'the function ends' : 'it returns', mask };
  }

  private readonly seen = new Set<string>();

  /** Ways out that are a finding: callers are judged as if they had been right. */
  private readonly wrong = new Set<Way>();
  /** Only `wrong` is wanted. */
  private quiet = false;

  /** Ways out with a lock held. */
  private readonly kept: { event: LockEvent; key: number; family: string }[] = [];

  private isNew(e: LockEvent | ExitEvent, key: string): boolean {
    if (this.quiet) return false;
    const id = `${e.kind} ${e.start} ${key}`;
    if (this.seen.has(id)) return false;
    this.seen.add(id);
    return true;
  }

  private event(w: Way, kind: ExitEvent['kind'], wants: ExitEvent['wants'], expected: Mask, because: string, at?: ExitEvent['at']): void {
    if (wants !== 'saved') this.wrong.add(w);
    const event: ExitEvent = {
      kind, func: this.run.fn, file: this.run.frame.file.path, start: w.exit.start, end: w.exit.end, wants, here: levelMask(w.p, w.p.cur, this.all), expected,
      because, certainty: 'sure', ...(at && { at }), flow: this.run.recorder.flow(w.p, [this.leaving(w)]),
    };
    if (this.isNew(event, wants)) this.run.recorder.events.push(event);
  }

  // --- summary --------------------------------------------------------------------------------------

  summary(): Summary {
    if (!this.run.settled || this.ways.length === 0) return { entry: this.all };
    let entry = 0;
    for (const w of this.ways) entry |= w.p.entry;
    this.quiet = true;
    this.judge();
    this.quiet = false;
    const mustStay = this.entry.exit?.k === 'same' || this.entry.cancel;
    const raises = this.entry.exit?.k === 'raises';
    if (mustStay || this.ways.every((w) => (this.wrong.has(w) && !raises) || (this.isNeutral(w) && (w.level === 'same' || w.p.vague) && !this.hasSaves(w)))) return { entry: entry >>> 0 };
    return { entry: entry >>> 0, outcomes: this.merged(this.ways.map((w) => this.outcome(w))) };
  }

  private hasSaves(w: Way): boolean {
    return this.savesOf(w).length > 0;
  }

  private savesOf(w: Way): Outcome['saves'] {
    const { frame } = this.run;
    const found: Outcome['saves'] = [];
    for (let i = 0; i < w.p.saved.length; i += 2) {
      const key = w.p.saved[i]!;
      const k = frame.keys[key]!;
      const v = w.p.saved[i + 1]!;
      const place: Place | undefined = k.names.includes('$return') ? { expr: k.expr, tag: '' } : sharedPlace(frame, key);
      if (!place || v === initialOf(key) || v === anything || v === unset) continue;
      const out = frame.levelCopies.has(key) || (k.expr.k === 'unary' && k.expr.op === '*' && k.expr.e.k === 'name' && frame.isParam(k.expr.e.name));
      if (k.tag === 'lock' || k.tag === 'handle' ? w.held.length === 0 : k.tag === '' && !out && !k.names.includes('$return') && this.isNeutral(w)) continue;
      found.push({ place, level: this.spec(v) });
    }
    return found;
  }

  private spec(v: LevelValue): LevelSpec {
    if (v === entryLevel) return { k: 'same' };
    if (v > 0) return { k: 'mask', mask: v };
    if (!isInitial(v)) return { k: 'unknown' };
    const place = sharedPlace(this.run.frame, keyOfInitial(v));
    return place ? { k: 'from', place } : { k: 'unknown' };
  }

  private outcome(w: Way): Outcome {
    const { frame, compiled, transfer } = this.run;
    const pre: Outcome['pre'] = [];
    const post: Outcome['post'] = [];
    for (let i = 0; i < w.p.facts.length; i += 2) {
      const key = w.p.facts[i]!;
      if (key === transfer.returned) continue;
      const place = sharedPlace(frame, key);
      if (place) (frame.isWritten(key) ? post : pre).push({ place, value: compiled.values.get(w.p.facts[i + 1]!) });
    }
    const ret = get(w.p.facts, transfer.returned);
    const { exit } = this.entry;
    const declared = exit?.k === 'raises' ? this.run.transfer.env.scale.only(exit.level) : undefined;
    if (this.wrong.has(w) && declared === undefined) return { pre, post, ...(ret !== undefined && { ret: compiled.values.get(ret) }), entry: w.p.entry, level: { k: 'same' }, saves: [], acquires: [], releases: [], steps: [] };
    return {
      pre, post, ...(ret !== undefined && { ret: compiled.values.get(ret) }), entry: w.p.entry,
      level: this.wrong.has(w) && declared !== undefined ? { k: 'mask', mask: declared } : w.level === 'same' ? { k: 'same' } : w.level === 'unknown' && w.p.initial.length > 0 ? { k: 'unknown' } : this.spec(w.p.cur), saves: this.savesOf(w),
      acquires: w.held.map((h) => this.lockSpec(h)),
      releases: w.p.owed.map((o) => ({ ...(o.key >= 0 && sharedPlace(frame, o.key) && { lock: frame.keys[o.key]!.expr, tag: frame.keys[o.key]!.tag }), text: o.text, family: o.family })),
      steps: stepsOf(w.p.trail),
    };
  }

  private lockSpec(h: Held): LockSpec {
    const { frame } = this.run;
    const place = (key: number): Place | undefined => (key >= 0 ? sharedPlace(frame, key) : undefined);
    const lock = place(h.key);
    const handle = place(h.handle);
    const savedIn = place(h.savedIn);
    return {
      ...(lock && { lock: lock.expr, tag: lock.tag }), text: h.text, family: h.family, mode: h.mode, spin: h.spin, ...(handle && { handle }), ...(savedIn && { savedIn }),
      before: this.spec(h.before), raised: h.raised, by: h.by,
    };
  }

  /** Outcomes with the same effect joined; too many become one of which little is known. */
  private merged(list: Outcome[]): Outcome[] {
    if (list.length === 1) return [{ ...list[0]!, pre: [] }];
    let all = joined(list, (o) => text([o.level, o.saves, o.acquires, o.releases, o.ret ?? null, o.pre]));
    if (all.length > maxOutcomes) all = joined(all, (o) => text([o.level, o.saves, o.acquires, o.releases, o.ret ?? null]));
    if (all.length > maxOutcomes) all = joined(all, (o) => text([o.level, o.saves, o.acquires, o.releases]));
    if (all.length > maxOutcomes) return [{ pre: [], post: [], entry: this.all, level: { k: 'unknown' }, saves: [], acquires: [], releases: [], steps: [] }];
    const shared = all.map((o) => o.pre).reduce(common, all[0]!.pre);
    return all.map((o) => ({ ...o, pre: o.pre.filter((f) => !shared.includes(f)) }));
  }
}

function common<T extends { place: Place; value: unknown }>(a: T[], b: T[]): T[] {
  return a.filter((f) => b.some((g) => sameFact(f, g)));
}

/** Outcomes of one key as one: what only some of them ask for or leave behind is dropped. */
function joined(list: readonly Outcome[], keyOf: (o: Outcome) => string): Outcome[] {
  const byKey = new Map<string, Outcome>();
  for (const o of list) {
    const key = keyOf(o);
    const old = byKey.get(key);
    if (!old) byKey.set(key, o);
    else {
      const { ret, ...rest } = old;
      const same = ret !== undefined && text(ret) === text(o.ret);
      byKey.set(key, { ...rest, ...(same && { ret }), pre: common(old.pre, o.pre), post: common(old.post, o.post), entry: (old.entry | o.entry) >>> 0 });
    }
  }
  return [...byKey.values()];
}

const places = new Set(['start', 'end', 'nameStart', 'before']);

/** A text that is the same for what differs in places only: written by hand, as JSON with a filter costs ten times as much. */
function text(x: unknown): string {
  if (typeof x !== 'object' || x === null) return typeof x === 'string' ? JSON.stringify(x) : String(x);
  if (Array.isArray(x)) return `[${x.map(text).join()}]`;
  let all = '{';
  for (const [key, value] of Object.entries(x)) if (value !== undefined && !places.has(key)) all += `${key}:${text(value)},`;
  return `${all}}`;
}

function sameFact(f: { place: Place; value: unknown }, g: { place: Place; value: unknown }): boolean {
  if (f.place.tag !== g.place.tag || f.place.expr.k !== g.place.expr.k || (f.value !== g.value && text(f.value) !== text(g.value))) return false;
  return f.place.expr === g.place.expr || text(f.place.expr) === text(g.place.expr);
}

function stepsOf(trail: Trail | undefined): Step[] {
  const steps: Step[] = [];
  for (let t = trail; t && steps.length < 6; t = t.prev) steps.unshift({ file: t.file, start: t.start, end: t.end, text: t.text, mask: t.mask });
  return steps;
}

export { sameLock };
