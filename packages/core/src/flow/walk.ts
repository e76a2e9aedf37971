// Walking expressions in evaluation order, without recursing along the left-deep chains that long operator lists become.

import type { CallExpr, Expr } from '../model/expr.js';

/** Direct subexpressions in evaluation order. Types and lambda bodies are not entered. */
export function parts(e: Expr): readonly Expr[] {
  switch (e.k) {
    case 'unary': case 'update': case 'cast': case 'delete': return [e.e];
    case 'field': return [e.e];
    case 'binary': case 'comma': return [e.l, e.r];
    case 'assign': return [e.r, e.l];
    case 'call': return e.callee.k === 'name' ? e.args : [e.callee, ...e.args];
    case 'index': return [e.e, e.i];
    case 'cond': return [e.c, e.a, e.b];
    case 'init': return e.items.flatMap((i) => (i.index ? [i.index, i.value] : [i.value]));
    case 'new': return [...(e.placement ?? []), ...(e.array ? [e.array] : []), ...(e.args ?? [])];
    case 'unknown': return e.parts;
    default: return none;
  }
}

const none: readonly Expr[] = [];

/** Calls `f` for every subexpression after its parts, itself last. `sizeof` operands and lambda bodies are not evaluated. */
export function visit(e: Expr, f: (e: Expr) => void): void {
  const chain: Expr[] = [];
  let left = e;
  while (left.k === 'binary' || left.k === 'comma') {
    chain.push(left);
    left = left.l;
  }
  for (const p of parts(left)) visit(p, f);
  f(left);
  for (let i = chain.length - 1; i >= 0; i--) {
    const node = chain[i] as Expr & { k: 'binary' };
    visit(node.r, f);
    f(node);
  }
}

/** True when `f` holds for the expression or any part of it. */
export function some(e: Expr, f: (e: Expr) => boolean): boolean {
  let node = e;
  for (;;) {
    if (f(node)) return true;
    if (node.k !== 'binary' && node.k !== 'comma') break;
    if (some(node.r, f)) return true;
    node = node.l;
  }
  for (const p of parts(node)) if (some(p, f)) return true;
  return false;
}

/** Evaluating it may change something or take time: a call, an assignment, `new`, `delete`. */
export function hasEffect(e: Expr): boolean {
  return some(e, (x) => x.k === 'call' || x.k === 'assign' || x.k === 'update' || x.k === 'new' || x.k === 'delete');
}

/** Name of a called function when it is called by a plain name. */
export function calledName(e: CallExpr): string | undefined {
  return e.callee.k === 'name' ? e.callee.name : undefined;
}

/** The expression without the casts around it. */
export function uncast(e: Expr): Expr {
  let x = e;
  while (x.k === 'cast') x = x.e;
  return x;
}
