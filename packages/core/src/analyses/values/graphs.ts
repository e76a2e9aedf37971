// Control-flow graphs of the project's functions as the rules about single calls need them: built when first asked for, kept per project.

import { neverReturns } from '@drvlint/wdk';
import { buildCfg } from '../../flow/build.js';
import type { Cfg, Step } from '../../flow/cfg.js';
import { visit } from '../../flow/walk.js';
import type { CallExpr, Expr } from '../../model/expr.js';
import type { Func, Project } from '../../model/project.js';
import { perProject, type Analysis } from '../analysis.js';

export const graphs: Analysis<Graphs> = perProject('graphs', (project) => new Graphs(project));

export class Graphs {
  private readonly made = new Map<Func, Cfg | undefined>();

  constructor(readonly project: Project) {}

  /** Graph of a function's body; undefined when it has none or is too large. */
  of(fn: Func): Cfg | undefined {
    if (!this.made.has(fn)) this.made.set(fn, this.build(fn));
    return this.made.get(fn);
  }

  private build(fn: Func): Cfg | undefined {
    const def = fn.def;
    if (!def?.decl.body || def.decl.notAnalysed !== undefined) return undefined;
    const { project } = this;
    const cfg = buildCfg({ ...def.decl.body, params: fn.params.map((p) => p.name) }, {
      macro: (name, at) => project.macro(name, def.file, at)?.decl,
      fate: (callee) => (neverReturns(callee) ? 'stop' : undefined),
      constant: (e) => (e.k === 'name' && project.localOf(e.name, e.start, fn) ? undefined : project.valueOf(e, def.file)),
    });
    return cfg.gaveUp === undefined ? cfg : undefined;
  }
}

/** A place between two steps of a graph: before step `step` of block `block`; one past the last step is before the terminator. */
export interface Point { block: number; step: number }

/** Expressions a step evaluates. */
export function expressionsOf(step: Step): Expr[] {
  switch (step.k) {
    case 'eval': return [step.e];
    case 'decl': return [...(step.v.init ? [step.v.init] : []), ...(step.v.ctorArgs ?? [])];
    case 'return': return step.e ? [step.e] : [];
    default: return [];
  }
}

/** Expression a block ends by evaluating. */
export function endExpression(cfg: Cfg, block: number): Expr | undefined {
  const { term } = cfg.blocks[block];
  return term.k === 'branch' ? term.cond : term.k === 'switch' ? term.e : undefined;
}

/** Where an expression that begins at `start` and satisfies `is` is evaluated; several places when code was copied. */
export function pointsOf(cfg: Cfg, start: number, is: (e: Expr) => boolean): Point[] {
  const found: Point[] = [];
  const holds = (e: Expr): boolean => {
    let here = false;
    visit(e, (x) => { here ||= x.start === start && is(x); });
    return here;
  };
  for (const id of cfg.order) {
    const { steps } = cfg.blocks[id];
    steps.forEach((s, i) => { if (expressionsOf(s).some(holds)) found.push({ block: id, step: i }); });
    const end = endExpression(cfg, id);
    if (end && holds(end)) found.push({ block: id, step: steps.length });
  }
  return found;
}

/** Points of a call. */
export function pointsOfCall(cfg: Cfg, call: CallExpr): Point[] {
  return pointsOf(cfg, call.start, (e) => e.k === 'call' && e.end === call.end);
}
