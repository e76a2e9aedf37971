// The state of one path through a function: the level, what is saved where, which locks are held, what is known of conditions. States
// never change; paths that differ in level or locks stay apart until there are too many.

import type { Partitions } from '../../flow/lattice.js';
import { copyOf, withEntry, withInitial, withLevel } from './changed.js';
import type { Mask } from './levels.js';
import type { Values } from './values.js';

/**
 * A level or set of levels: > 0 a mask; 0 anything, nothing is known; -1 the level the function was entered on; less: the level that
 * a place held when the function was entered (key -2 - value).
 */
export type LevelValue = number;
export const anything: LevelValue = 0;
export const entryLevel: LevelValue = -1;
/** A local that was not given a level on this path. */
export const unset: LevelValue = -1_000_000;
export const initialOf = (key: number): LevelValue => -2 - key;
export const keyOfInitial = (v: LevelValue): number => -2 - v;
export const isInitial = (v: LevelValue): boolean => v <= -2 && v !== unset;

/** How the level came about, latest first. */
export interface Trail {
  readonly prev: Trail | undefined;
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Level after it. */
  readonly level: LevelValue;
  /** Levels possible after it, for people. */
  readonly mask: Mask;
  /** Steps inside a called function. */
  readonly inner: readonly Step[] | undefined;
}

export interface Step { file: string; start: number; end: number; text: string; mask?: Mask }

/** A lock this path holds. */
export interface Held {
  /** Key of the pointer to the lock; -1 when it has none (any more). */
  readonly key: number;
  readonly text: string;
  readonly family: string;
  readonly mode: '' | 'shared' | 'exclusive';
  readonly spin: boolean;
  /** Key of the handle it was acquired with, -1 without one. */
  readonly handle: number;
  /** Where the level was saved, -1 when it was not. */
  readonly savedIn: number;
  /** Level before the acquire. */
  readonly before: LevelValue;
  /** The acquire raised the level. */
  readonly raised: boolean;
  readonly by: string;
  readonly start: number;
  readonly end: number;
}

/** A lock of the caller that this path released. */
export interface Owed { readonly key: number; readonly text: string; readonly family: string; readonly start: number; readonly end: number }

export interface Part {
  readonly cur: LevelValue;
  /** Levels the function may have been entered on, on this path. */
  readonly entry: Mask;
  /** The same without what only the ways out of called functions say: nobody tested for that here. */
  readonly sure: Mask;
  /** Pairs key, levels of the initial contents of places. */
  readonly initial: readonly number[];
  /** Pairs place, level saved there; by place. */
  readonly saved: readonly number[];
  readonly locks: readonly Held[];
  readonly owed: readonly Owed[];
  /** Keys of locks released on this path after it had acquired them. */
  readonly released: readonly number[];
  /** Level before the first of the locks held. */
  readonly base: LevelValue;
  /** Level to go back to at the next wait. */
  readonly pending: LevelValue | undefined;
  /** Pairs key, value; by key. */
  readonly facts: readonly number[];
  /** Keys of facts about memory learned before a lock was acquired: whoever held it may have changed that since. */
  readonly stale: readonly number[];
  /** The level was found too high (1) or too low (2): do not say so again before it changes. */
  readonly muted: number;
  /** Paths were put together that should not be: say nothing about locks. */
  readonly vague: boolean;
  readonly trail: Trail | undefined;
}

export function get(pairs: readonly number[], key: number): number | undefined {
  for (let i = 0; i < pairs.length; i += 2) if (pairs[i] === key) return pairs[i + 1];
  return undefined;
}

export function put(pairs: readonly number[], key: number, value: number): readonly number[] {
  let i = 0;
  while (i < pairs.length && pairs[i]! < key) i += 2;
  if (pairs[i] === key) {
    if (pairs[i + 1] === value) return pairs;
    const copy = pairs.slice();
    copy[i + 1] = value;
    return copy;
  }
  const longer = new Array<number>(pairs.length + 2);
  for (let j = 0; j < i; j++) longer[j] = pairs[j]!;
  longer[i] = key;
  longer[i + 1] = value;
  for (let j = i; j < pairs.length; j++) longer[j + 2] = pairs[j]!;
  return longer;
}

export function drop(pairs: readonly number[], keys: readonly number[]): readonly number[] {
  if (pairs.length === 0 || keys.length === 0) return pairs;
  let result: number[] | undefined;
  for (let i = 0; i < pairs.length; i += 2) {
    if (keys.includes(pairs[i]!)) result ??= pairs.slice(0, i);
    else if (result) result.push(pairs[i]!, pairs[i + 1]!);
  }
  return result ?? pairs;
}

/** Pairs of both with equal keys, values joined; a value of `none` is left out. */
function joinPairs(a: readonly number[], b: readonly number[], join: (x: number, y: number) => number, none: number): readonly number[] {
  if (a === b) return a;
  const result: number[] = [];
  let same = a.length === b.length;
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i]! < b[j]!) { i += 2; same = false; } else if (a[i]! > b[j]!) { j += 2; same = false; } else {
      const v = a[i + 1] === b[j + 1] ? a[i + 1]! : join(a[i + 1]!, b[j + 1]!);
      if (v !== none) result.push(a[i]!, v);
      if (v !== a[i + 1]) same = false;
      i += 2;
      j += 2;
    }
  }
  return same || samePairs(result, a) ? a : result;
}

function samePairs(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** A place saved on one side only is not known to be unset. */
function joinSaved(a: readonly number[], b: readonly number[]): readonly number[] {
  if (a === b || samePairs(a, b)) return a;
  const keys = new Set<number>();
  for (let i = 0; i < a.length; i += 2) keys.add(a[i]!);
  for (let i = 0; i < b.length; i += 2) keys.add(b[i]!);
  const result: number[] = [];
  for (const key of [...keys].sort((x, y) => x - y)) result.push(key, joinLevels(get(a, key) ?? initialOf(key), get(b, key) ?? initialOf(key)));
  return samePairs(result, a) ? a : result;
}

export function joinLevels(x: LevelValue, y: LevelValue): LevelValue {
  if (x === y) return x;
  return x > 0 && y > 0 ? (x | y) >>> 0 : anything;
}

export function sameLock(a: Held, b: Held): boolean {
  return a === b || (a.key === b.key && a.family === b.family && a.mode === b.mode && a.handle === b.handle && a.savedIn === b.savedIn
    && a.before === b.before && a.raised === b.raised && (a.key !== -1 || a.start === b.start));
}

function sameLocks(a: Part, b: Part): boolean {
  if (a.locks.length === 0 && b.locks.length === 0 && a.owed.length === 0 && b.owed.length === 0) return true;
  return (a.locks === b.locks || (a.locks.length === b.locks.length && a.locks.every((l, i) => sameLock(l, b.locks[i]!))))
    && (a.owed === b.owed || (a.owed.length === b.owed.length && a.owed.every((o, i) => o.key === b.owed[i]!.key)));
}

/** Levels saved under keys that paths are told apart by. */
const sameSaved = (a: Part, b: Part, keys: readonly number[]): boolean => a.saved === b.saved || keys.every((k) => get(a.saved, k) === get(b.saved, k));

function sameShape(a: Part, b: Part): boolean {
  return a.cur === b.cur && a.muted === b.muted && a.pending === b.pending && (a.base === b.base || a.locks.length === 0) && sameLocks(a, b);
}

function merge(values: Values, all: Mask): (a: Part, b: Part) => Part {
  return (a, b) => {
    const entry = (a.entry | b.entry) >>> 0;
    const sure = (a.sure | b.sure) >>> 0;
    const initial = joinPairs(a.initial, b.initial, (x, y) => (x | y) >>> 0, all);
    const saved = joinSaved(a.saved, b.saved);
    const facts = a.facts === b.facts || samePairs(a.facts, b.facts) ? a.facts : joinPairs(a.facts, b.facts, (x, y) => values.join(x, y), -1);
    const released = a.released === b.released ? a.released : intersection(a.released, b.released);
    const stale = a.stale === b.stale || b.stale.every((k) => a.stale.includes(k)) ? a.stale : [...new Set([...a.stale, ...b.stale])];
    const vague = a.vague || b.vague;
    if (entry === a.entry && sure === a.sure && initial === a.initial && saved === a.saved && facts === a.facts && released === a.released && stale === a.stale && vague === a.vague) return a;
    const q = copyOf(a);
    q.entry = entry;
    q.sure = sure;
    q.initial = initial;
    q.saved = saved;
    q.facts = facts;
    q.released = released;
    q.stale = stale;
    q.vague = vague;
    return q;
  };
}

function intersection(a: readonly number[], b: readonly number[]): readonly number[] {
  const both = a.filter((x) => b.includes(x));
  return both.length === a.length ? a : both;
}

/** Fewer paths: first those alike in level and locks whatever was saved, then all into one of which little is known. */
function shrink(mergeTwo: (a: Part, b: Part) => Part): (all: readonly Part[]) => Part[] {
  return (all) => {
    const groups: Part[] = [];
    for (const p of all) {
      const at = groups.findIndex((g) => g.cur === p.cur && g.locks.length === p.locks.length && g.locks.every((l, i) => l.key === p.locks[i]!.key)
        && g.owed.length === p.owed.length && g.owed.every((o, i) => o.key === p.owed[i]!.key));
      if (at === -1) groups.push(p);
      else groups[at] = mergeTwo(groups[at]!, p);
    }
    if (groups.length <= 8) return groups;
    let one = groups[0]!;
    for (const p of groups.slice(1)) {
      const merged = mergeTwo(one, p);
      const next = copyOf(merged);
      next.cur = joinLevels(one.cur, p.cur);
      next.locks = one.locks.filter((l) => p.locks.some((m) => m.key === l.key));
      next.owed = [];
      next.pending = undefined;
      next.muted = 3;
      next.vague = true;
      one = next;
    }
    return [one];
  };
}

/** Something known on both paths is different: a later test can tell which of them it is on. */
function contradicts(values: Values, a: readonly number[], b: readonly number[]): boolean {
  if (a === b) return false;
  for (let i = 0; i < a.length; i += 2) {
    const other = get(b, a[i]!);
    if (other !== undefined && other !== a[i + 1] && values.meet(a[i + 1]!, other) === -1) return true;
  }
  return false;
}

/** `apart`: keys whose saved level tells paths apart; `byEntry`: what a test of the entry level left behind in variables does, too. */
export function partitions(values: Values, all: Mask, apart: readonly number[] = [], byEntry = false): Partitions<Part> {
  const mergeTwo = merge(values, all);
  const alike = byEntry ? (a: Part, b: Part): boolean => sameShape(a, b) && (a.sure === b.sure || !contradicts(values, a.facts, b.facts)) : sameShape;
  return { sameShape: apart.length === 0 ? alike : (a, b) => alike(a, b) && sameSaved(a, b, apart), merge: mergeTwo, limit: 16, shrink: shrink(mergeTwo) };
}

export function levelMask(p: Part, v: LevelValue, all: Mask): Mask {
  if (v > 0) return v;
  if (v === entryLevel) return p.entry;
  if (v === anything || v === unset) return all;
  return get(p.initial, keyOfInitial(v)) ?? all;
}

/** The path with the level narrowed to `mask`; undefined when that leaves nothing. */
export function narrow(p: Part, v: LevelValue, mask: Mask, all: Mask): Part | undefined {
  const now = levelMask(p, v, all);
  const left = (now & mask) >>> 0;
  if (left === 0) return undefined;
  if (left === now || v === anything) return p;
  if (v === entryLevel) return withEntry(p, left, (p.sure & mask) >>> 0);
  if (v > 0) return p.cur === v ? withLevel(p, left) : p;
  if (isInitial(v)) return withInitial(p, put(p.initial, keyOfInitial(v), left));
  return p.cur === v ? withLevel(p, left) : p;
}
