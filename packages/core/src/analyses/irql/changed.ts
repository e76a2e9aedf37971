// Paths that differ from another one in some fields. Written out, so that all states have one hidden class: they are made by the
// million, and a spread costs many times as much as a literal.

import type { Mask } from './levels.js';
import type { Held, LevelValue, Owed, Part } from './state.js';

/** A state that is still being made. */
export type Draft = { -readonly [K in keyof Part]: Part[K] };

/** A copy to change before anyone else sees it. */
export function copyOf(p: Part): Draft {
  return {
    cur: p.cur, entry: p.entry, sure: p.sure, initial: p.initial, saved: p.saved, locks: p.locks, owed: p.owed, released: p.released, base: p.base,
    pending: p.pending, facts: p.facts, stale: p.stale, muted: p.muted, vague: p.vague, trail: p.trail,
  };
}

export function withLevel(p: Part, cur: LevelValue): Part {
  const q = copyOf(p);
  q.cur = cur;
  return q;
}

export function withFacts(p: Part, facts: readonly number[]): Part {
  const q = copyOf(p);
  q.facts = facts;
  return q;
}

export function withSaved(p: Part, saved: readonly number[]): Part {
  const q = copyOf(p);
  q.saved = saved;
  return q;
}

export function withKnown(p: Part, facts: readonly number[], saved: readonly number[]): Part {
  const q = copyOf(p);
  q.facts = facts;
  q.saved = saved;
  return q;
}

export function withInitial(p: Part, initial: readonly number[]): Part {
  const q = copyOf(p);
  q.initial = initial;
  return q;
}

export function withEntry(p: Part, entry: Mask, sure: Mask): Part {
  const q = copyOf(p);
  q.entry = entry;
  q.sure = sure;
  return q;
}

export function withMuted(p: Part, muted: number): Part {
  const q = copyOf(p);
  q.muted = muted;
  return q;
}

export function withLocks(p: Part, locks: readonly Held[], released: readonly number[]): Part {
  const q = copyOf(p);
  q.locks = locks;
  q.released = released;
  return q;
}

export function withOwed(p: Part, owed: readonly Owed[]): Part {
  const q = copyOf(p);
  q.owed = owed;
  return q;
}

export function withStale(p: Part, stale: readonly number[]): Part {
  const q = copyOf(p);
  q.stale = stale;
  return q;
}
