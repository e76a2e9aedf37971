// Whether anything can still happen to a variable after a point of its function: any mention of its name on any path from there.

import { successors, type Cfg } from '../../flow/cfg.js';
import { some } from '../../flow/walk.js';
import type { Expr } from '../../model/expr.js';
import { endExpression, expressionsOf, type Point } from './graphs.js';

/** True when a step after the one at `point` mentions the variable; `counts` may leave mentions out. */
export function isMentionedAfter(cfg: Cfg, point: Point, name: string, counts: (e: Expr) => boolean = () => true): boolean {
  const mentions = (e: Expr): boolean => counts(e) && some(e, (x) => x.k === 'name' && x.name === name);
  const blockMentions = (id: number, from: number): boolean => {
    const { steps } = cfg.blocks[id];
    for (let i = from; i < steps.length; i++) if (expressionsOf(steps[i]).some(mentions)) return true;
    const end = endExpression(cfg, id);
    return end !== undefined && mentions(end);
  };
  if (blockMentions(point.block, point.step + 1)) return true;
  const seen = new Set<number>();
  const todo = successors(cfg.blocks[point.block].term);
  for (let id = todo.pop(); id !== undefined; id = todo.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    if (blockMentions(id, 0)) return true;
    todo.push(...successors(cfg.blocks[id].term));
  }
  return false;
}
