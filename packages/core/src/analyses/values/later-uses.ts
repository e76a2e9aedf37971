// What can still happen after a point of a function: expressions evaluated on any path from there.

import { successors, type Cfg } from '../../flow/cfg.js';
import { some } from '../../flow/walk.js';
import type { Expr } from '../../model/expr.js';
import { endExpression, expressionsOf, type Point } from './graphs.js';

/** True when an expression evaluated after the step at `point`, on some path, or a part of one satisfies `is`. */
export function happensAfter(cfg: Cfg, point: Point, is: (e: Expr) => boolean): boolean {
  const inBlock = (id: number, from: number): boolean => {
    const { steps } = cfg.blocks[id];
    for (let i = from; i < steps.length; i++) if (expressionsOf(steps[i]).some((e) => some(e, is))) return true;
    const end = endExpression(cfg, id);
    return end !== undefined && some(end, is);
  };
  if (inBlock(point.block, point.step + 1)) return true;
  for (const id of blocksAfter(cfg, point.block)) if (inBlock(id, 0)) return true;
  return false;
}

/** Blocks that a path from the end of `block` enters, itself only when a loop comes back to it. */
export function blocksAfter(cfg: Cfg, block: number): Set<number> {
  const seen = new Set<number>();
  const todo = successors(cfg.blocks[block].term);
  for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    todo.push(...successors(cfg.blocks[id].term));
  }
  return seen;
}

/** Return steps that a path from `point` reaches. */
export function returnsAfter(cfg: Cfg, point: Point): { e?: Expr; at: Point }[] {
  const found: { e?: Expr; at: Point }[] = [];
  const add = (id: number, from: number): void => cfg.blocks[id].steps.forEach((s, i) => {
    if (i >= from && s.k === 'return') found.push({ ...(s.e && { e: s.e }), at: { block: id, step: i } });
  });
  add(point.block, point.step + 1);
  for (const id of blocksAfter(cfg, point.block)) add(id, 0);
  return found;
}
