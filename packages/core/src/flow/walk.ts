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
  switch (e.k) {
    case 'name': case 'num': case 'str': case 'char': case 'sizeof': case 'lambda': break;
    case 'unary': case 'update': case 'cast': case 'delete': case 'field':
      visit(e.e, f);
      break;
    case 'binary': case 'comma': return visitChain(e, f);
    case 'assign':
      visit(e.r, f);
      visit(e.l, f);
      break;
    case 'call':
      if (e.callee.k !== 'name') visit(e.callee, f);
      for (const a of e.args) visit(a, f);
      break;
    case 'index':
      visit(e.e, f);
      visit(e.i, f);
      break;
    default: for (const p of parts(e)) visit(p, f);
  }
  f(e);
}

function visitChain(e: Expr & { k: 'binary' | 'comma' }, f: (e: Expr) => void): void {
  const chain: (Expr & { k: 'binary' | 'comma' })[] = [e];
  let left = e.l;
  while (left.k === 'binary' || left.k === 'comma') {
    chain.push(left);
    left = left.l;
  }
  visit(left, f);
  for (let i = chain.length - 1; i >= 0; i--) {
    const node = chain[i]!;
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
  switch (node.k) {
    case 'name': case 'num': case 'str': case 'char': case 'sizeof': case 'lambda': return false;
    case 'unary': case 'update': case 'cast': case 'delete': case 'field': return some(node.e, f);
    case 'assign': return some(node.r, f) || some(node.l, f);
    case 'index': return some(node.e, f) || some(node.i, f);
    default: return parts(node).some((p) => some(p, f));
  }
}

/** What is in an expression, as bits. */
export const Has = { choice: 1, call: 2, assign: 4, otherEffect: 8 } as const;
const effects = Has.call | Has.assign | Has.otherEffect;

/** Which of `Has` are in an expression, in one walk. */
export function contents(e: Expr): number {
  let bits = 0;
  let node = e;
  while (node.k === 'binary' || node.k === 'comma') {
    if (node.k === 'binary' && (node.op === '&&' || node.op === '||')) bits |= Has.choice;
    bits |= contents(node.r);
    node = node.l;
  }
  switch (node.k) {
    case 'name': case 'num': case 'str': case 'char': case 'sizeof': case 'lambda': return bits;
    case 'unary': case 'cast': case 'field': return bits | contents(node.e);
    case 'update': case 'delete': return bits | Has.otherEffect | contents(node.e);
    case 'assign': return bits | Has.assign | contents(node.l) | contents(node.r);
    case 'index': return bits | contents(node.e) | contents(node.i);
    case 'call':
      bits |= Has.call;
      if (node.callee.k !== 'name') bits |= contents(node.callee);
      for (const a of node.args) bits |= contents(a);
      return bits;
    default:
      if (node.k === 'cond') bits |= Has.choice;
      else if (node.k === 'new') bits |= Has.otherEffect;
      for (const p of parts(node)) bits |= contents(p);
      return bits;
  }
}

/** Evaluating it may change something or take time: a call, an assignment, `new`, `delete`. */
export function hasEffect(e: Expr): boolean {
  return (contents(e) & effects) !== 0;
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
