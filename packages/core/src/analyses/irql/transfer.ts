// What one operation makes of one path: contract checks, level changes, facts. Lock operations are in lock-transfer.ts.

import { boundsOf, highest, lowest, type Bounds, type Mask } from './levels.js';
import { addPartitions, type Partitions } from '../../flow/lattice.js';
import { copyOf, withEntry, withFacts, withKnown, withLevel, withMuted, withSaved } from './changed.js';
import type { Compiled } from './compile.js';
import type { Environment } from './environment.js';
import type { LevelEvent } from './events.js';
import type { Frame } from './frame.js';
import { LockTransfer } from './lock-transfer.js';
import type { BoundNeed, CallOp, Contract, LevelExpr, Op, ReturnOp, SetOp } from './ops.js';
import { Recorder, type Rules } from './recorder.js';
import { anything, drop, entryLevel, get, initialOf, isInitial, keyOfInitial, levelMask, narrow, put, unset, type LevelValue, type Part, type Step } from './state.js';

export class Transfer {
  /** Key of the returned value. */
  readonly returned: number;
  readonly locks: LockTransfer;
  /** The call under way was found to be made at a wrong level: what it sets is no second finding. */
  private broken = false;

  constructor(
    readonly frame: Frame, readonly compiled: Compiled, readonly env: Environment, readonly rules: Rules, readonly recorder: Recorder, private readonly domain: Partitions<Part>,
  ) {
    this.returned = frame.named('$return', '');
    this.locks = new LockTransfer(this);
  }

  /** Runs the operations of a block on all paths that reach it. */
  run(ops: readonly Op[], paths: readonly Part[]): readonly Part[] {
    let now = paths;
    for (const op of ops) {
      this.locks.together = now;
      let next: Part[] | undefined;
      for (let i = 0; i < now.length; i++) {
        const p = now[i]!;
        const result = this.apply(op, p);
        if (result === p && !next) continue;
        next ??= now.slice(0, i);
        if (Array.isArray(result)) for (const q of result as Part[]) next.push(q);
        else next.push(result as Part);
      }
      if (next) now = next;
    }
    return now;
  }

  /** Paths alike in level and locks as one. */
  joined(paths: readonly Part[]): Part[] {
    return paths.length < 2 ? [...paths] : [...addPartitions(this.domain, [], paths)];
  }

  private apply(op: Op, p: Part): Part | Part[] {
    switch (op.k) {
      case 'set': return this.set(op, p);
      case 'call': return this.call(op, p);
      case 'return': return this.leave(op, p);
    }
  }

  mask(p: Part, v: LevelValue = p.cur): Mask {
    return levelMask(p, v, this.env.scale.all);
  }

  // --- assignments ----------------------------------------------------------------------------------

  set(op: SetOp, p: Part): Part | Part[] {
    const { value } = op;
    if (value.k === 'cond') {
      const yes = this.compiled.conditions.assume(p, value.cond, true);
      const no = this.compiled.conditions.assume(p, value.cond, false);
      const done = (q: Part | undefined, v: number): Part[] => (q ? [this.store(op, q, v, undefined)] : []);
      return [...done(yes, this.compiled.values.nonZero), ...done(no, this.compiled.values.zero)];
    }
    if (value.k === 'value') return this.store(op, p, value.id, value.mask);
    if (value.k === 'copy') return this.store(op, p, get(p.facts, value.key), get(p.saved, value.key) ?? (value.level ? this.initial(value.key) : undefined));
    return this.store(op, p, undefined, undefined);
  }

  /** Level that a place which was not written holds, when it means something. */
  private initial(key: number): LevelValue | undefined {
    return this.frame.keys[key]!.shared ? initialOf(key) : undefined;
  }

  private store(op: SetOp, p: Part, fact: number | undefined, level: LevelValue | undefined): Part {
    let facts = drop(p.facts, op.kills);
    let saved = this.forget(p.saved, op.forgets);
    if (op.key >= 0 && fact !== undefined && fact >= 0) facts = put(facts, op.key, fact);
    if (op.key >= 0) {
      if (level !== undefined) saved = put(saved, op.key, level);
      else if (get(saved, op.key) !== undefined) saved = put(saved, op.key, anything);
    }
    if (op.equal !== undefined) facts = put(facts, op.equal, this.compiled.values.nonZero);
    for (const k of op.unsets) saved = put(saved, k, unset);
    const q = op.local === undefined ? p : this.locks.rename(p, op.local);
    return facts === p.facts && saved === p.saved ? q : withKnown(q, facts, saved);
  }

  private forget(saved: readonly number[], keys: readonly number[]): readonly number[] {
    let result = saved;
    for (const k of keys) if (get(result, k) !== undefined) result = put(result, k, anything);
    return result;
  }

  // --- calls ----------------------------------------------------------------------------------------

  private call(op: CallOp, p: Part): Part | Part[] {
    const kept = this.contract(op, p);
    this.broken = kept !== undefined && kept.muted !== p.muted;
    const demanded = kept && op.callee ? this.needs(op, kept) : kept;
    if (!demanded) return [];
    let q = demanded;
    if (op.target) q = this.set(op.target, q) as Part;
    if (op.kills.length > 0 || op.forgets.length > 0) {
      const facts = drop(q.facts, op.kills);
      const saved = this.forget(q.saved, op.forgets);
      if (facts !== q.facts || saved !== q.saved) q = withKnown(q, facts, saved);
    }
    for (const k of op.marks) if (get(q.saved, k) === undefined) q = withSaved(q, put(q.saved, k, anything));
    if (op.act) return this.act(op, q);
    if (op.callee?.outcomes) return this.locks.outcomes(op, op.callee.outcomes, q);
    return q;
  }

  private act(op: CallOp, p: Part): Part | Part[] {
    const act = op.act!;
    switch (act.k) {
      case 'current': return op.result >= 0 ? withSaved(p, put(p.saved, op.result, p.cur)) : p;
      case 'assume': return this.assume(op, p);
      case 'raise': return this.raise(op, p);
      case 'lower': return this.lower(op, p);
      case 'acquire': return this.locks.acquire(op, p);
      case 'release': return this.locks.release(op, p);
      case 'pending': return act.when(p) === true && p.pending === undefined ? this.moved(pendingAt(p, act.to, p.cur), op, 'raises the IRQL until the next wait') : p;
      case 'wait': return p.pending === undefined ? p : pendingAt(p, p.pending, undefined);
      case 'float': return this.float(op, p);
    }
  }

  /** The path with a step added that tells how the level came about. */
  moved(p: Part, op: CallOp, what: string, inner?: readonly Step[]): Part {
    const q = copyOf(p);
    q.muted = 0;
    q.trail = {
      prev: p.trail, file: this.frame.file.path, start: op.start, end: op.end, text: `${op.name} ${what}`, level: p.cur, mask: this.mask(p),
      inner: inner && inner.length > 0 ? inner : undefined,
    };
    return q;
  }

  /** The level to go to: the present one by its name when a constant names just that. */
  settle(p: Part, to: LevelValue): LevelValue {
    return to > 0 && p.cur < 0 && this.mask(p) === to && lowest(to) === highest(to) ? p.cur : to;
  }

  level(e: LevelExpr, p: Part): LevelValue {
    switch (e.k) {
      case 'mask': return e.mask === 0 ? anything : e.mask;
      case 'current': return p.cur;
      case 'unknown': return anything;
      case 'place': {
        const saved = get(p.saved, e.key);
        if (saved !== undefined) return saved;
        const fact = get(p.facts, e.key);
        const eq = fact === undefined ? undefined : this.compiled.values.get(fact).eq;
        if (typeof eq === 'number' && this.env.scale.only(eq) > 0) return this.env.scale.only(eq);
        return this.unwritten(e.key);
      }
    }
  }

  /** What a place holds that no level was saved in on this path: the caller's level, or, in a local that got its value elsewhere, anything. */
  unwritten(key: number): LevelValue {
    const { memory, names, expr } = this.frame.keys[key]!;
    return this.frame.isOwn(expr) || (!memory && names.some((n) => this.frame.isLocal(n) && !this.frame.isParam(n))) ? anything : initialOf(key);
  }

  private raise(op: CallOp, p: Part): Part {
    const act = op.act as CallOp['act'] & { k: 'raise' };
    const to = act.sameAsCurrent ? p.cur : this.level(act.to, p);
    const target = this.mask(p, to);
    const before = this.mask(p);
    let q = p;
    if (to > 0 && highest(target) < lowest(before)) {
      this.recorder.change(this.frame, 'lowered-improperly', op, p, target, before, 'it raises the IRQL');
      return act.saves >= 0 ? withSaved(p, put(p.saved, act.saves, p.cur)) : p;
    }
    if (to > 0) q = narrow(p, p.cur, this.env.scale.range(0, highest(target)), this.env.scale.all) ?? p;
    const saved = act.saves >= 0 ? put(q.saved, act.saves, q.cur) : q.saved;
    return this.limits(op, this.moved(withSaved(withLevel(q, this.settle(q, to)), saved), op, 'raises the IRQL'));
  }

  private lower(op: CallOp, p: Part): Part {
    const act = op.act as CallOp['act'] & { k: 'lower' };
    let to = this.level(act.to, p);
    if (to === unset || to === anything) {
      if (to === unset) this.recorder.change(this.frame, 'not-saved', op, p, 0, 0, this.placeText(act.to));
      to = anything;
    }
    const target = this.mask(p, to);
    const above = act.above === undefined ? anything : this.level(act.above, p);
    if (to > 0 && above > 0 && lowest(target) >= highest(above)) return p;
    if (to > 0 && lowest(target) > highest(this.mask(p))) {
      this.recorder.change(this.frame, 'lowered-improperly', op, p, target, this.mask(p), 'it lowers the IRQL');
      return p;
    }
    to = this.locks.checkBelow(op, p, p.locks, to);
    return this.limits(op, this.moved(withLevel(p, this.settle(p, to)), op, 'lowers the IRQL'));
  }

  placeText(e: LevelExpr | undefined): string {
    return e?.k === 'place' ? this.frame.keys[e.key]!.text : '';
  }

  /** The limits the function itself declares for all of its body; a path that breaks one goes on as if it had kept it. */
  limits(op: CallOp, p: Part): Part {
    const { max, min } = this.rules;
    const now = this.mask(p);
    if (p.cur === entryLevel || p.cur === anything || p.vague || this.broken) return p;
    if (max && lowest(now) > max.level) {
      this.recorder.change(this.frame, 'set-too-high', op, p, now, this.env.scale.only(max.level), max.text, max);
      return withLevel(p, this.env.scale.only(max.level));
    }
    if (min && highest(now) < min.level) {
      this.recorder.change(this.frame, 'set-too-low', op, p, now, this.env.scale.only(min.level), min.text, min);
      return withLevel(p, this.env.scale.only(min.level));
    }
    if (min?.declared && isInitial(p.cur)) {
      const contract: Contract = { allowed: this.env.scale.range(min.level, this.env.scale.top), source: 'annotation', doubtful: 0 };
      this.recorder.need(this.frame, op, p, contract, op.name, keyOfInitial(p.cur), undefined, [], { func: this.frame.fn, because: min.text });
    }
    return p;
  }

  private float(op: CallOp, p: Part): Part {
    const act = op.act as CallOp['act'] & { k: 'float' };
    if (!act.restores) return withSaved(p, put(p.saved, act.key, p.cur));
    const saved = get(p.saved, act.key);
    if (saved === undefined) this.recorder.floatNeed(this.frame, op, p, act.key);
    else this.compareFloat(op, p, saved, []);
    return p;
  }

  private compareFloat(op: CallOp, p: Part, saved: LevelValue, steps: readonly Step[]): void {
    if (saved === anything || p.cur === anything || saved === p.cur || saved === unset) return;
    const [a, b] = [this.mask(p, saved), this.mask(p)];
    if ((a & b) === 0) this.recorder.change(this.frame, 'float-state', op, p, a, b, '', undefined, steps);
  }

  private assume(op: CallOp, p: Part): Part | Part[] {
    const { cond, needs } = op.act as CallOp['act'] & { k: 'assume' };
    if (cond.k === 'current' && needs) {
      const q = this.compiled.conditions.assume(withLevel(withEntry(p, this.env.scale.all, this.env.scale.all), entryLevel), cond, true);
      return q ? this.check(op, p, { allowed: q.entry, doubtful: 0, source: 'assertion' }) ?? [] : p;
    }
    // What contradicts the path says that it does not happen; a plain ASSERT(FALSE) is code like any other.
    return this.compiled.conditions.assume(p, cond, true) ?? (cond.k === 'known' ? p : []);
  }

  // --- contracts --------------------------------------------------------------------------------------

  private contract(op: CallOp, p: Part): Part | undefined {
    const c = typeof op.contract === 'function' ? op.contract(p) : op.contract;
    return c ? this.check(op, p, c) : p;
  }

  /** Undefined: the path cannot be meant, callers must not enter the function on its levels. */
  private check(op: CallOp, p: Part, c: Contract): Part | undefined {
    if (p.cur === unset || (p.pending !== undefined && op.act?.k === 'wait')) return p;
    const now = this.mask(p);
    const fits = (now & c.allowed) >>> 0;
    if (p.cur === entryLevel && this.recorder.on) this.recorder.bound(boundsOf(c.allowed));
    if (fits === 0) {
      // A level that was tested for and asserted not to be: the branch for what must not happen.
      if (c.source === 'assertion' && p.cur === entryLevel && p.entry !== this.rules.entry) return p;
      if (this.isUntested(p, p.cur, c.allowed)) return this.untested(op, p, c, op.name);
      const direction = tooLow(now, c.allowed) ? 2 : 1;
      if (p.muted & direction) return p;
      this.recorder.level(this.frame, op, p, now, c, { who: op.name, steps: [], certainty: 'sure' });
      return withMuted(p, p.muted | direction);
    }
    if (c.doubtful !== 0 && (now & ~c.doubtful & c.allowed) === 0) {
      this.recorder.level(this.frame, op, p, now, { ...c, allowed: (c.allowed & ~c.doubtful) >>> 0 }, { who: op.name, steps: [], certainty: 'doubtful' });
    }
    if (fits === now) return p;
    if (p.cur === entryLevel) {
      this.recorder.need(this.frame, op, p, c, op.name);
      if (this.rules.documented && c.source !== 'assertion' && highest(now) > highest(c.allowed) && highest(now) === highest(this.rules.entry)) this.mayBe(op, p, now, c, op.name, []);
    } else if (isInitial(p.cur)) this.recorder.need(this.frame, op, p, c, op.name, keyOfInitial(p.cur));
    return narrow(p, p.cur, fits, this.env.scale.all) ?? p;
  }

  /** The level is the caller's, and only the way a called function ended makes it one that is not allowed. */
  private isUntested(p: Part, v: LevelValue, allowed: Mask): boolean {
    return v === entryLevel && (p.sure & allowed) !== 0;
  }

  private untested(op: CallOp, p: Part, c: Contract, who: string, below?: BoundNeed): undefined {
    const allowed = (c.allowed | (this.env.scale.all & ~p.entry)) >>> 0;
    this.recorder.need(this.frame, op, p, { ...c, allowed }, who, undefined, below?.need, below?.pre);
    if (this.rules.documented && highest(p.entry) > highest(c.allowed) && highest(p.entry) === highest(this.rules.entry)) this.mayBe(op, p, p.entry, c, who, below?.need.steps ?? []);
    return undefined;
  }

  private mayBe(op: CallOp, p: Part, now: Mask, c: Contract, who: string, steps: readonly Step[]): void {
    // The path was chosen by a level that somebody noted: the one it is to run on.
    for (let i = 1; i < p.initial.length; i += 2) if (highest(p.initial[i]!) <= highest(c.allowed)) return;
    const event: Partial<LevelEvent> = { kind: 'may-be-too-high', ...(this.rules.configurable && { configurable: true }) };
    this.recorder.level(this.frame, op, p, now, c, { who, steps, certainty: 'sure' }, event);
  }

  /** What the function called demands of the level, further down. */
  private needs(op: CallOp, p: Part): Part | undefined {
    const callee = op.callee!;
    let q: Part | undefined = p;
    if (this.recorder.on) {
      if (p.cur === entryLevel) this.recorder.bound(callee.bounds);
      if (callee.demands || this.asks(p, callee.bounds)) for (const n of callee.needs()) q = q && this.need(op, q, n);
    }
    if (!q || q.muted) return q;
    return narrow(q, q.cur, this.env.mustOf(callee.fn), this.env.scale.all) ?? q;
  }

  /** Looking at the demands of a callee can show something: a bound is broken, or the top of a documented range breaks one. */
  private asks(p: Part, { floor, ceiling }: Bounds): boolean {
    const now = this.mask(p);
    if (lowest(now) > ceiling || highest(now) < floor) return true;
    if (p.cur !== entryLevel || (highest(now) <= ceiling && lowest(now) >= floor)) return false;
    return this.rules.collects === true || (this.rules.documented === true && !this.rules.configurable && highest(now) > ceiling && highest(now) === highest(this.rules.entry));
  }

  private need(op: CallOp, p: Part, b: BoundNeed): Part | undefined {
    if (b.impossible) return p;
    let q: Part | undefined = p;
    for (const f of b.pre) q = q && this.compiled.conditions.require(q, f);
    if (!q) return p;
    const conditional = q !== p || !b.need.always;
    const v = b.on === undefined ? p.cur : get(p.saved, b.on) ?? initialOf(b.on);
    if (b.need.float) {
      if (get(p.saved, b.on!) === undefined) this.recorder.floatNeed(this.frame, op, p, b.on!);
      else this.compareFloat(op, p, v, b.need.steps);
      return p;
    }
    return this.compareNeed(op, p, b, v, this.mask(q, b.on === undefined ? q.cur : v), conditional);
  }

  private compareNeed(op: CallOp, p: Part, b: BoundNeed, v: LevelValue, levels: Mask, conditional: boolean): Part | undefined {
    const { need } = b;
    if (v === unset || v === anything) return p;
    let now = levels;
    // A level that was saved by raising from it lies below the one it was raised to.
    if (b.on !== undefined && p.cur > 0 && v !== p.cur) now = (now & this.env.scale.range(0, lowest(p.cur) - 1)) >>> 0 || now;
    const fits = (now & need.allowed) >>> 0;
    const c: Contract = { allowed: need.allowed, doubtful: 0, source: need.source };
    if (fits === 0) {
      if (now === levels && this.isUntested(p, v, need.allowed)) return conditional ? p : this.untested(op, p, c, need.who, b);
      const direction = tooLow(now, need.allowed) ? 2 : 1;
      if (b.on === undefined && p.muted & direction) return p;
      // A callee that needs a higher level under a condition has a variant for callers who are there already; whoever is not does not ask for it.
      if (conditional && direction === 2 && b.on === undefined) return p;
      if (need.reportInside && need.steps[0]) this.recorder.inside(this.frame, op, p, now, need);
      else this.recorder.level(this.frame, op, p, now, c, { who: need.who, steps: need.steps, certainty: conditional ? 'likely' : 'sure' });
      return b.on === undefined ? withMuted(p, p.muted | direction) : p;
    }
    if (fits === now) return p;
    if (v === entryLevel) {
      this.recorder.need(this.frame, op, p, c, need.who, undefined, need, b.pre);
      if (this.rules.documented && !conditional && highest(now) > highest(need.allowed) && highest(now) === highest(this.rules.entry)) this.mayBe(op, p, now, c, need.who, need.steps);
    } else if (isInitial(v)) this.recorder.need(this.frame, op, p, c, need.who, keyOfInitial(v), need, b.pre);
    return p;
  }

  // --- returns --------------------------------------------------------------------------------------

  private leave(op: ReturnOp, p: Part): Part | Part[] {
    const keep = (q: Part, v: number | undefined): Part => (v === undefined ? q : withFacts(q, put(q.facts, this.returned, v)));
    if (op.value !== undefined) return keep(p, op.value);
    if (op.cond) {
      const yes = this.compiled.conditions.assume(p, op.cond, true);
      const no = this.compiled.conditions.assume(p, op.cond, false);
      const { nonZero, zero } = this.compiled.values;
      return [...(yes ? [keep(yes, nonZero)] : []), ...(no ? [keep(no, zero)] : [])];
    }
    const q = op.key >= 0 ? keep(p, get(p.facts, op.key)) : p;
    return op.key >= 0 && get(p.saved, op.key) !== undefined ? withSaved(q, put(q.saved, this.returned, get(p.saved, op.key)!)) : q;
  }
}

/** A level that holds until the next wait, or goes back to the one before. */
function pendingAt(p: Part, cur: LevelValue, pending: LevelValue | undefined): Part {
  const q = copyOf(p);
  q.cur = cur;
  q.pending = pending;
  return q;
}

function tooLow(now: Mask, allowed: Mask): boolean {
  return highest(now) < lowest(allowed);
}
