// Which values a variable may have at a point of its function: definitions that reach it. A definition is an assignment or initialiser
// with its expression, the value at entry, or something unknown (`&x` given away, `x++`, assembly). Fields and elements are no variables.

import type { Cfg, Step } from '../../flow/cfg.js';
import { visit } from '../../flow/walk.js';
import { solveForward } from '../../flow/worklist.js';
import type { CallExpr, Expr } from '../../model/expr.js';
import { endExpression, expressionsOf, type Point } from './graphs.js';

export interface Definition {
  kind: 'value' | 'entry' | 'none' | 'unknown';
  /** The value of a 'value' definition. */
  e?: Expr;
  /** Where it is given; -1 for 'entry'. 'none' is a declaration without initialiser. */
  start: number;
}

/** How steps define one variable. */
export interface Defined {
  name: string;
  /** What a call does to the variable, where the asker knows: a definition, or 'nothing' although it gets the variable's address. */
  byCall?(call: CallExpr): Definition | 'nothing' | undefined;
}

const maxDefinitions = 64;

/** Definitions of `variable` that reach each of the points; undefined when there are too many. */
export function reachingDefinitions(cfg: Cfg, variable: Defined, points: readonly Point[]): Definition[] | undefined {
  const definitions: Definition[] = [{ kind: 'entry', start: -1 }];
  const ids = new Map<string, number>();
  const idOf = (d: Definition): number => {
    const key = `${d.kind} ${d.start}`;
    let id = ids.get(key);
    if (id === undefined) {
      ids.set(key, id = definitions.length);
      definitions.push(d);
    }
    return id;
  };
  const solution = solveForward<ReadonlySet<number>>(cfg, {
    entry: new Set([0]),
    flow: (block, input, emit) => {
      let state = input;
      for (const step of block.steps) state = afterStep(step, state, variable, idOf);
      const end = endExpression(cfg, block.id);
      if (end) state = after(end, state, variable, idOf);
      const { term } = block;
      if (term.k === 'goto') emit(term.to, state);
      else if (term.k === 'branch') { emit(term.ifTrue, state); emit(term.ifFalse, state); } else if (term.k === 'switch') for (const to of [...term.cases.map((c) => c.to), term.otherwise]) emit(to, state);
    },
    join: (a, b) => ([...b].every((d) => a.has(d)) ? a : new Set([...a, ...b])),
    visits: 200,
  });
  if (!solution.settled || definitions.length > maxDefinitions) return undefined;
  const found = new Set<number>();
  for (const { block, step } of points) {
    let state = solution.input[block];
    if (!state) continue;
    for (const s of cfg.blocks[block].steps.slice(0, step)) state = afterStep(s, state, variable, idOf);
    for (const d of state) found.add(d);
  }
  return [...found].map((d) => definitions[d]);
}

type Add = (d: Definition) => number;

function afterStep(step: Step, state: ReadonlySet<number>, variable: Defined, idOf: Add): ReadonlySet<number> {
  let next = state;
  for (const e of expressionsOf(step)) next = after(e, next, variable, idOf);
  if (step.k === 'decl' && step.v.name === variable.name && !step.v.isStatic) {
    next = new Set([idOf(step.v.init ? { kind: 'value', e: step.v.init, start: step.v.init.start } : { kind: 'none', start: step.v.nameStart })]);
  }
  return next;
}

function after(e: Expr, state: ReadonlySet<number>, variable: Defined, idOf: Add): ReadonlySet<number> {
  let next = state;
  visit(e, (x) => {
    if (x.k === 'assign' && x.l.k === 'name' && x.l.name === variable.name) next = new Set([idOf(x.op === '=' ? { kind: 'value', e: x.r, start: x.r.start } : { kind: 'unknown', start: x.start })]);
    else if (x.k === 'update' && x.e.k === 'name' && x.e.name === variable.name) next = new Set([idOf({ kind: 'unknown', start: x.start })]);
    else if (x.k === 'call') {
      const known = variable.byCall?.(x);
      if (known !== undefined && known !== 'nothing') next = new Set([idOf(known)]);
      else if (known === undefined && givesAddress(x, variable.name)) next = new Set([idOf({ kind: 'unknown', start: x.start })]);
    }
  });
  return next;
}

/** `f(&x)`: the call may set the variable. */
function givesAddress(call: CallExpr, name: string): boolean {
  return call.args.some((a) => {
    let x = a;
    while (x.k === 'cast') x = x.e;
    return x.k === 'unary' && x.op === '&' && x.e.k === 'name' && x.e.name === name;
  });
}
