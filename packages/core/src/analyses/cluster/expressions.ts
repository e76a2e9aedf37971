// Every expression of a function as it is evaluated, macros in place, with the expressions around it.

import { parts } from '../../flow/walk.js';
import type { Expr } from '../../model/expr.js';
import type { Func } from '../../model/project.js';
import { stepExprs, termExprs } from '../paths/live.js';
import type { ClusterModel } from './model.js';

/** An expression, what it is part of (innermost first), and whether it stands in a condition. */
export interface Occurrence { e: Expr; parents: readonly Expr[]; inCondition: boolean; /** Declared variable it initialises. */ initialises?: string }

/** Calls `f` once for each expression written in a function; copies of `__finally` code count once. */
export function eachExpression(fn: Func, model: ClusterModel, f: (o: Occurrence) => void): void {
  const cfg = model.graphs.cfg(fn);
  if (!cfg) return;
  const seen = new Set<Expr>();
  const walk = (e: Expr, parents: readonly Expr[], inCondition: boolean, initialises?: string): void => {
    if (seen.has(e)) return;
    seen.add(e);
    f({ e, parents, inCondition, ...(initialises !== undefined && { initialises }) });
    const inner = [e, ...parents];
    for (const p of parts(e)) walk(p, inner, inCondition);
    if (e.k === 'call' && e.callee.k === 'name') walk(e.callee, inner, inCondition);
  };
  for (const id of cfg.order) {
    const block = cfg.blocks[id]!;
    for (const s of block.steps) for (const e of stepExprs(s)) walk(e, [], false, s.k === 'decl' ? s.v.name : undefined);
    for (const e of termExprs(block.term)) walk(e, [], block.term.k === 'branch');
  }
}
