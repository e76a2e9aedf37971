// What acquiring and releasing locks makes of a path, directly and through functions of the project, and what is wrong about it.

import { sameLockFamily, type LockFamily } from '@drvlint/wdk';
import { copyOf, withEntry, withFacts, withKnown, withLevel, withLocks, withMuted, withOwed, withStale } from './changed.js';
import { lowest, highest, type Mask } from './levels.js';
import type { BoundLevel, BoundOutcome, CallOp, LockOp } from './ops.js';
import { anything, entryLevel, get, isInitial, put, unset, type Held, type LevelValue, type Owed, type Part, initialOf } from './state.js';
import type { Transfer } from './transfer.js';

export class LockTransfer {
  /** All paths that run the current operation. */
  together: readonly Part[] = [];
  private readonly dispatch: Mask;

  constructor(private readonly t: Transfer) {
    this.dispatch = t.env.scale.range(2, t.env.scale.top);
  }

  /** Locks named through a local that is set now can no longer be told by their name. */
  rename(p: Part, local: string): Part {
    if (p.locks.length === 0 && p.released.length === 0 && p.owed.length === 0) return p;
    const keys = this.t.frame.keys;
    const through = (k: number): boolean => k >= 0 && keys[k]!.names.includes(local);
    const locks = p.locks.some((l) => through(l.key) || through(l.handle))
      ? p.locks.map((l) => (through(l.key) || through(l.handle) ? { ...l, key: through(l.key) ? -1 : l.key, handle: through(l.handle) ? -1 : l.handle } : l)) : p.locks;
    const released = p.released.some(through) ? p.released.filter((k) => !through(k)) : p.released;
    const owed = p.owed.some((o) => through(o.key)) ? p.owed.map((o) => (through(o.key) ? { ...o, key: -1 } : o)) : p.owed;
    return locks === p.locks && released === p.released && owed === p.owed ? p : withOwed(withLocks(p, locks, released), owed);
  }

  // --- acquire --------------------------------------------------------------------------------------

  acquire(op: CallOp, p: Part): Part | Part[] {
    const act = op.act as CallOp['act'] & { k: 'acquire' };
    if (act.onlyIf === undefined) {
      this.twice(op, act.lock, p);
      return this.taken(op, p);
    }
    const { nonZero, zero, success, failure } = this.t.compiled.values;
    const [yes, no] = act.onlyIf === 'nonzero' ? [nonZero, zero] : [success, failure];
    const mark = (q: Part, v: number): Part => (op.result >= 0 ? withFacts(q, put(q.facts, op.result, v)) : q);
    return [mark(this.taken(op, p), yes), mark(p, no)];
  }

  private taken(op: CallOp, p: Part): Part {
    const act = op.act as CallOp['act'] & { k: 'acquire' };
    let saved = p.saved;
    if (act.raises !== false || act.marks) for (const k of act.saves) saved = put(saved, k, p.cur);
    const cur = act.raises === true ? this.raisedTo(p, act.to) : act.raises === 'maybe' ? anything : p.cur;
    const held: Held = {
      ...act.lock, savedIn: act.raises === false ? -1 : act.saves[0] ?? -1, before: p.cur, raised: act.raises !== false, by: op.name, start: op.start, end: op.end,
    };
    const raised = copyOf(p);
    raised.saved = saved;
    raised.cur = cur;
    raised.stale = this.remembered(p);
    const q = this.hold(raised, held, p.cur);
    const done = this.t.moved(q, op, act.raises === false ? 'takes a lock' : 'raises the IRQL');
    return act.raises === false ? withMuted(done, p.muted) : this.t.limits(op, done);
  }

  /** Facts about memory that a path brings along into a lock. */
  private remembered(p: Part): readonly number[] {
    const keys: number[] = [];
    for (let i = 0; i < p.facts.length; i += 2) if (this.t.frame.keys[p.facts[i]!]!.memory) keys.push(p.facts[i]!);
    return keys.length === 0 ? p.stale : keys;
  }

  /** A lock never lowers the level. */
  private raisedTo(p: Part, to: Mask): LevelValue {
    const now = this.t.mask(p);
    return p.cur > 0 && lowest(now) >= highest(to) ? p.cur : to;
  }

  private hold(p: Part, held: Held, before: LevelValue): Part {
    const owed = held.key < 0 ? -1 : p.owed.findIndex((o) => o.key === held.key);
    if (owed >= 0) return withOwed(p, p.owed.filter((_, i) => i !== owed));
    const released = p.released.includes(held.key) ? p.released.filter((k) => k !== held.key) : p.released;
    // Acquired here before, in a loop: the state must not grow with every turn.
    const others = p.locks.some((h) => h.start === held.start && h.end === held.end) ? p.locks.filter((h) => h.start !== held.start || h.end !== held.end) : p.locks;
    const q = copyOf(p);
    q.locks = [...others, held];
    q.base = p.locks.length === 0 ? before : p.base;
    q.released = released;
    return q;
  }

  private twice(op: CallOp, lock: LockOp, p: Part): void {
    if (lock.key < 0 || p.vague) return;
    const other = p.locks.find((h) => h.key === lock.key && h.family === lock.family && !(h.mode === 'shared' && lock.mode === 'shared'));
    if (other) this.t.recorder.lock(this.t.frame, 'acquired-twice', op, p, lock.text, other.by, { at: other });
  }

  // --- release --------------------------------------------------------------------------------------

  release(op: CallOp, p: Part): Part {
    const act = op.act as CallOp['act'] & { k: 'release' };
    const found = this.find(p, act.lock);
    if (!found) return this.releaseUnheld(op, p);
    const wrong = this.variant(op, p, act.lock, found);
    const locks = p.locks.filter((h) => h !== found);
    const released = found.key >= 0 && !p.released.includes(found.key) ? [...p.released, found.key] : p.released;
    let q: Part = withLocks(p, locks, released);
    if (act.lowers !== false) {
      let to = act.restores ? this.restoredLevel(act.restores, p, found) : anything;
      to = wrong ? found.before : this.checkRestored(op, p, locks, found, to);
      to = act.lowers === 'maybe' ? anything : to;
      q = this.t.limits(op, this.t.moved(withLevel(q, this.t.settle(p, to)), op, 'restores the IRQL'));
    } else q = withMuted(this.t.moved(q, op, 'drops the lock'), p.muted);
    return q;
  }

  private restoredLevel(e: NonNullable<(CallOp['act'] & { k: 'release' })['restores']>, p: Part, found: Held | undefined): LevelValue {
    if (e.k === 'place' && found && this.t.frame.keys[e.key]!.tag !== '') return get(p.saved, e.key) ?? found.before;
    return this.t.level(e, p);
  }

  private find(p: Part, lock: LockOp): Held | undefined {
    const backwards = [...p.locks].reverse();
    if (lock.key >= 0) {
      const byHandle = this.t.frame.keys[lock.key]!.tag === 'handle';
      const exact = backwards.find((h) => (byHandle ? h.handle === lock.key : h.key === lock.key && (lock.handle < 0 || h.handle < 0 || h.handle === lock.handle)))
        ?? (byHandle ? undefined : backwards.find((h) => h.key === lock.key));
      if (exact) return exact;
    }
    const same = backwards.filter((h) => sameLockFamily(h.family as LockFamily, lock.family as LockFamily));
    return same.find((h) => h.key < 0 || lock.key < 0 || this.mayBeSame(h, lock));
  }

  /** Two names that may mean one lock: the same field of different objects, or a pointer variable. */
  private mayBeSame(h: Held, lock: LockOp): boolean {
    const keys = this.t.frame.keys;
    const [a, b] = [keys[h.key]!, keys[lock.key]!];
    if (a.tag === 'handle' || b.tag === 'handle' || a.tag === 'global' || b.tag === 'global') return false;
    const plain = (text: string): boolean => /^[A-Za-z_$][\w$#]*$/.test(text);
    const [x, y] = [a.text.slice(5), b.text.slice(5)];
    if (plain(x) || plain(y)) return !(plain(x) && plain(y) && this.t.frame.isSteady(x) && this.t.frame.isSteady(y));
    if (a.fields.at(-1) === undefined || b.fields.at(-1) === undefined) return x.includes('[') && y.includes('[');
    return a.fields.at(-1) === b.fields.at(-1) && x !== y;
  }

  private variant(op: CallOp, p: Part, lock: LockOp, held: Held): boolean {
    if (p.vague) return false;
    const family = held.family !== lock.family;
    const mode = held.mode !== '' && lock.mode !== '' && held.mode !== lock.mode;
    const level = !family && !mode && this.restoresNothing(op, p, held);
    if (family || mode || level) this.t.recorder.lock(this.t.frame, 'wrong-variant', op, p, lock.text || held.text, held.by, { at: held });
    return family || mode || level;
  }

  /** It goes back to what the lock or its handle saved, and the acquire was the variant that saves nothing there. An acquire on a wrong level was told already. */
  private restoresNothing(op: CallOp, p: Part, held: Held): boolean {
    const act = op.act as CallOp['act'] & { k: 'release' };
    const e = act.restores;
    return act.lowers === true && !held.raised && (p.muted & 2) === 0 && e?.k === 'place' && this.t.frame.keys[e.key]!.tag !== '' && get(p.saved, e.key) === undefined;
  }

  private releaseUnheld(op: CallOp, p: Part): Part {
    const act = op.act as CallOp['act'] & { k: 'release' };
    const { lock } = act;
    const again = lock.key >= 0 && (p.released.includes(lock.key) || p.owed.some((o) => o.key === lock.key));
    if (again && !p.vague && this.isSteadyLock(lock.key)) {
      this.t.recorder.lock(this.t.frame, 'released-twice', op, p, lock.text, op.name);
      return p;
    }
    const others = lock.key >= 0 && !p.vague && p.locks.length === 0 && this.together.some((q) => q !== p && q.locks.some((h) => h.key === lock.key || h.handle === lock.key));
    if (others && this.t.compiled.acquires.has(lock.key) !== false) {
      this.t.recorder.lock(this.t.frame, 'not-held', op, p, lock.text, op.name);
      return p;
    }
    const owed: Owed = { key: lock.key, text: lock.text, family: lock.family, start: op.start, end: op.end };
    const q = withOwed(p, alsoOwed(p.owed, owed));
    if (act.lowers === false) return q;
    const to = act.lowers === 'maybe' || !act.restores ? anything : this.restoredLevel(act.restores, p, undefined);
    return this.t.limits(op, this.t.moved(withLevel(q, to === unset ? this.unsaved(op, p, lock) : this.t.settle(p, to)), op, 'restores the IRQL'));
  }

  private unsaved(op: CallOp, p: Part, lock: LockOp): LevelValue {
    const act = op.act as CallOp['act'] & { k: 'release' };
    if (!p.vague) this.t.recorder.lock(this.t.frame, 'restores-unsaved', op, p, lock.text, this.t.placeText(act.restores));
    return anything;
  }

  /** The name means the same lock all the way through the function. */
  private isSteadyLock(key: number): boolean {
    const k = this.t.frame.keys[key]!;
    return k.tag === 'global' || k.shared || k.names.every((n) => this.t.frame.isSteady(n) || (this.t.frame.isLocal(n) && !n.startsWith('$')));
  }

  /** Judges the level a release goes back to; the level to go on with. */
  private checkRestored(op: CallOp, p: Part, left: readonly Held[], held: Held, to: LevelValue): LevelValue {
    const act = op.act as CallOp['act'] & { k: 'release' };
    const source = this.t.placeText(act.restores);
    if (to === unset) {
      if (!p.vague) this.t.recorder.lock(this.t.frame, 'restores-unsaved', op, p, held.text, source, { at: held });
      return held.before;
    }
    const spins = left.filter((h) => h.spin);
    if (spins.length > 0) return this.checkBelow(op, p, spins, to);
    const expected = p.base;
    if (left.length > 0 || p.owed.length > 0 || p.vague || to === expected || to === anything || expected === anything) return to;
    if (!this.differs(p, to, expected, held)) return to;
    this.t.recorder.lock(this.t.frame, 'restores-wrong-level', op, p, held.text, source, { at: held, to: this.t.mask(p, to), expected: this.t.mask(p, expected) });
    return expected;
  }

  /** The level restored cannot be meant to be the one from before the first acquire. */
  private differs(p: Part, to: LevelValue, expected: LevelValue, held: Held): boolean {
    const [now, want] = [this.t.mask(p, to), this.t.mask(p, expected)];
    if (held.family === 'CancelSpinLock' && this.t.recorder.cancel && isInitial(expected)) return (now & ~this.dispatch) !== 0 || !this.isRestoredLater(expected);
    if (isInitial(to)) return held.raised && expected === entryLevel && this.t.frame.keys[-2 - to]!.tag === '' && held.savedIn !== -2 - to && held.savedIn >= 0;
    if (to <= 0) return false;
    if ((now & want) === 0) return true;
    return held.raised && expected === entryLevel && lowest(now) >= 2 && lowest(want) < 2;
  }

  /** Some other release of the function goes back to that level: until then it may stay raised. */
  private isRestoredLater(level: LevelValue): boolean {
    return this.t.compiled.ops.some((list) => list.some((op) => {
      const to = op.k !== 'call' ? undefined : op.act?.k === 'release' ? op.act.restores : op.act?.k === 'lower' ? op.act.to : undefined;
      return to?.k === 'place' && initialOf(to.key) === level;
    }));
  }

  /** A level below DISPATCH_LEVEL while a spin lock is held. */
  checkBelow(op: CallOp, p: Part, left: readonly Held[], to: LevelValue): LevelValue {
    const spin = left.find((h) => h.spin);
    if (!spin || p.vague || to === anything || to === unset || isInitial(to)) return to;
    const now = this.t.mask(p, to);
    if ((now & ~this.dispatch) === 0) return to;
    if (to === entryLevel && !left.some((h) => h.raised) && !p.locks.some((h) => h.raised)) return to;
    this.t.recorder.lock(this.t.frame, 'below-held', op, p, spin.text, spin.by, { at: spin, to: now });
    return this.t.env.scale.known(2, 2);
  }

  // --- functions of the project -----------------------------------------------------------------------

  outcomes(op: CallOp, outcomes: readonly BoundOutcome[], p: Part): Part | Part[] {
    const fit = (enter: (o: BoundOutcome) => Part | undefined): { o: BoundOutcome; q: Part }[] => outcomes.flatMap((o) => { const q = enter(o); return q ? [{ o, q }] : []; });
    let possible = fit((o) => this.enter(o, p));
    // Called on a level that none of its ways out is for, which is told where it matters: it does there what it does elsewhere.
    if (possible.length === 0) possible = fit((o) => this.asked(o, p));
    const results = this.fitting(possible, p).map(({ o, q }) => this.outcome(op, o, q));
    return results.length === 0 ? p : this.t.joined(results);
  }

  /**
   * Ways out of a callee that fit the path. One that releases what the path holds is taken for the right one when conditions nobody
   * knows here decide; while other paths hold the lock and this one does not, those that leave it alone are.
   */
  private fitting<T extends { o: BoundOutcome }>(all: T[], p: Part): T[] {
    if (all.length < 2) return all;
    const releases = all.filter((x) => x.o.releases.length > 0);
    const others = all.filter((x) => x.o.releases.length === 0);
    if (releases.length === 0) return all;
    const held = (q: Part, x: T): boolean => x.o.releases.every((r) => this.find(q, lockOf(r)) !== undefined);
    const right = releases.filter((x) => held(p, x));
    if (right.length > 0) return this.asAcquired(right, p);
    const elsewhere = others.length > 0 && releases.some((x) => this.together.some((q) => held(q, x)));
    return elsewhere ? others : all;
  }

  /** Of several ways to release what is held, those that undo the way it was acquired: with or without the level. */
  private asAcquired<T extends { o: BoundOutcome }>(all: T[], p: Part): T[] {
    const fits = all.filter((x) => x.o.releases.every((r) => (this.find(p, lockOf(r))?.raised ?? false) === (x.o.level.k !== 'same')));
    return fits.length > 0 ? fits : all;
  }

  /** Whether a path holds a lock, exactly by name. */
  holds(p: Part, key: number): boolean {
    return p.locks.some((h) => h.key === key || h.handle === key);
  }

  private enter(o: BoundOutcome, p: Part): Part | undefined {
    if ((this.t.mask(p) & o.entry) === 0) return undefined;
    let q = this.asked(o, p);
    if (q && p.cur === entryLevel) q = withEntry(q, (q.entry & o.entry) >>> 0, q.sure);
    return q;
  }

  /** The path on which what the outcome asks of arguments and memory holds. */
  private asked(o: BoundOutcome, p: Part): Part | undefined {
    let q: Part | undefined = p;
    for (const f of o.pre) q = q && this.t.compiled.conditions.require(q, f);
    return q;
  }

  private outcome(op: CallOp, o: BoundOutcome, p: Part): Part {
    const before = p.cur;
    let q = p;
    for (const r of o.releases) q = this.releasedInside(op, q, r);
    let to = this.boundLevel(p, o.level);
    if (to === unset) {
      if (!p.vague) this.t.recorder.change(this.t.frame, 'not-saved', op, p, 0, 0, '');
      to = anything;
    }
    if (o.level.k !== 'same' && o.releases.length > 0) to = this.afterReleases(op, p, q, to);
    for (const a of o.acquires) {
      this.twice(op, a.lock, q);
      const held: Held = {
        ...a.lock, savedIn: a.savedIn, before: this.boundLevel(p, a.before), raised: a.spec.raised, by: op.name, start: op.start, end: op.end,
      };
      q = this.hold(withStale(q, this.remembered(q)), held, before);
    }
    let { saved, facts } = q;
    for (const s of o.saves) saved = put(saved, s.key, this.boundLevel(p, s.level));
    for (const f of o.post) if ('key' in f) facts = put(facts, f.key, f.value);
    if (op.result >= 0 && o.ret >= 0) facts = put(facts, op.result, o.ret);
    to = this.t.settle(p, to);
    q = withLevel(withKnown(q, facts, saved), to);
    if (o.level.k === 'same' && o.acquires.length === 0 && o.releases.length === 0) return q;
    q = this.t.moved(q, op, this.what(o), o.steps);
    return to === before ? withMuted(q, p.muted) : this.t.limits(op, q);
  }

  private what(o: BoundOutcome): string {
    if (o.acquires.length > 0) return o.level.k === 'same' ? 'takes a lock' : 'returns with a lock held';
    if (o.releases.length > 0) return o.level.k === 'same' ? 'drops a lock' : 'drops a lock and restores the IRQL';
    return o.level.k === 'mask' ? 'sets the IRQL' : 'changes the IRQL';
  }

  private boundLevel(p: Part, l: BoundLevel): LevelValue {
    switch (l.k) {
      case 'same': return p.cur;
      case 'mask': return l.mask === 0 ? anything : l.mask;
      case 'place': {
        const saved = get(p.saved, l.key);
        if (saved !== undefined) return saved;
        const tag = this.t.frame.keys[l.key]!.tag;
        const held = tag === 'lock' ? p.locks.find((h) => h.key === l.key) : tag === 'handle' ? p.locks.find((h) => h.handle === l.key) : undefined;
        return held ? held.before : this.t.unwritten(l.key);
      }
      default: return anything;
    }
  }

  private releasedInside(op: CallOp, p: Part, r: { key: number; text: string; family: string }): Part {
    const found = this.find(p, lockOf(r));
    if (found) {
      const released = found.key >= 0 && !p.released.includes(found.key) ? [...p.released, found.key] : p.released;
      return withLocks(p, p.locks.filter((h) => h !== found), released);
    }
    if (r.key >= 0 && !p.vague && p.released.includes(r.key) && this.isSteadyLock(r.key)) {
      this.t.recorder.lock(this.t.frame, 'released-twice', op, p, r.text, op.name);
      return p;
    }
    const others = r.key >= 0 && !p.vague && p.locks.length === 0 && this.together.some((q) => q.locks.some((h) => h.key === r.key));
    if (others) {
      this.t.recorder.lock(this.t.frame, 'not-held', op, p, r.text, op.name);
      return p;
    }
    return withOwed(p, alsoOwed(p.owed, { key: r.key, text: r.text, family: r.family, start: op.start, end: op.end }));
  }

  private afterReleases(op: CallOp, before: Part, after: Part, to: LevelValue): LevelValue {
    const spins = after.locks.filter((h) => h.spin);
    if (spins.length > 0) return this.checkBelow(op, before, spins, to);
    return to;
  }
}

/** A release in a loop counts once. */
function alsoOwed(owed: readonly Owed[], one: Owed): readonly Owed[] {
  return owed.some((o) => o.start === one.start && o.end === one.end) ? owed : [...owed, one];
}

function lockOf(r: { key: number; text: string; family: string }): LockOp {
  return { key: r.key, text: r.text, family: r.family, mode: '', spin: true, handle: -1 };
}
