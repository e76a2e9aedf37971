// Which facts are worth keeping: a condition tested once and never set tells nothing more on its path.

import type { Decision } from './compile.js';
import type { Frame } from './frame.js';
import { unbounded } from './levels.js';
import type { BoundFact, Cond, Op } from './ops.js';

/** Keys whose facts may decide something later; with `exports` also those that callers understand. */
export function usefulKeys(frame: Frame, ops: readonly (readonly Op[])[], decisions: readonly (Decision | undefined)[], read: Iterable<number>, exports: boolean): ReadonlySet<number> {
  const uses = new Uint8Array(frame.keys.length);
  const add = (key: number, n = 1): void => { if (key >= 0) uses[key] = Math.min(200, uses[key]! + n); };
  const cond = (c: Cond): void => { for (const key of keysOf(c)) add(key); };
  for (const d of decisions) {
    if (d?.k === 'branch') cond(d.cond);
    else if (d?.k === 'switch') for (const c of d.cases) if (c) cond(c);
  }
  for (const key of read) add(key, 2);
  const copies: [number, number][] = [];
  for (const list of ops) for (const op of list) countOp(op, add, cond, copies);
  const useful = new Set<number>();
  // Callees whose demands depend on conditions are asked only when needed: what is tested here may be what they depend on.
  const asked = ops.some((list) => list.some((op) => op.k === 'call' && op.callee !== undefined && (op.callee.demands || op.callee.bounds !== unbounded)));
  for (let key = 0; key < uses.length; key++) if (uses[key]! >= 2 || (uses[key]! > 0 && (asked || (exports && frame.keys[key]!.shared)))) useful.add(key);
  for (const [to, from] of copies) if (useful.has(to) || uses[to]! > 0) useful.add(from);
  return useful;
}

function countOp(op: Op, add: (key: number, n?: number) => void, cond: (c: Cond) => void, copies: [number, number][]): void {
  const facts = (list: readonly BoundFact[]): void => { for (const f of list) if ('cond' in f) for (const key of keysOf(f.cond)) add(key, 2); else add(f.key, 2); };
  if (op.k === 'return') {
    add(op.key, 2);
    if (op.cond) cond(op.cond);
    return;
  }
  const set = op.k === 'set' ? op : op.target;
  if (set) {
    if (set.value.k !== 'unknown' && set.value.k !== 'unset') add(set.key);
    if (set.equal !== undefined) add(set.equal);
    if (set.value.k === 'cond') cond(set.value.cond);
    else if (set.value.k === 'copy') copies.push([set.key, set.value.key]);
  }
  if (op.k !== 'call') return;
  if (op.act?.k === 'assume') cond(op.act.cond);
  add(op.result);
  for (const o of op.callee?.outcomes ?? []) {
    facts(o.pre);
    facts(o.post);
  }
}

export function keysOf(c: Cond): number[] {
  switch (c.k) {
    case 'truth': case 'sign': return [c.key];
    case 'compare': return c.text < 0 ? [c.key] : [c.key, c.text];
    default: return [];
  }
}
