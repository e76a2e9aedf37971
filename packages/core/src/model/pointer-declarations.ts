// `KIRQL (*up)(VOID) = Up;` inside a body: without knowing which names are types the grammar reads an assignment to the result of a call,
// which C does not have. Read off the lowered expression; parameters are taken by their types alone.

import type { CallExpr, Expr } from './expr.js';
import type { LocalVar, Param } from './facts.js';
import { typeFromText } from './type-text.js';

export interface PointerDeclaration { v: LocalVar; /** What was taken for calls. */ calls: readonly CallExpr[] }

/** The variable that an expression statement declares; undefined when it is an expression. `isType` decides where nothing is assigned. */
export function pointerDeclaration(e: Expr, code: string, isType: (name: string) => boolean): PointerDeclaration | undefined {
  const outer = e.k === 'assign' && e.op === '=' ? e.l : e;
  if (outer.k !== 'call' || outer.callee.k !== 'call' || outer.callee.callee.k !== 'name') return undefined;
  const inner = outer.callee;
  const type = outer.callee.callee;
  const star = inner.args[0];
  if (inner.args.length !== 1 || star?.k !== 'unary' || star.op !== '*' || star.e.k !== 'name') return undefined;
  if (e === outer && !isType(type.name)) return undefined;
  const { name, start: nameStart } = star.e;
  const none = outer.args.length === 1 && /^(?:VOID|void)$/.test(code.slice(outer.args[0]!.start, outer.args[0]!.end));
  const v: LocalVar = {
    name, nameStart, start: e.start, end: e.end,
    type: { base: '(fn)', ptr: 1, fn: { ret: { base: type.name, ptr: 0 }, params: none ? [] : outer.args.map((a) => param(a, code, isType)) } },
    ...(e.k === 'assign' && { init: e.r }),
  };
  return { v, calls: [outer, inner] };
}

function param(e: Expr, code: string, isType: (name: string) => boolean): Param {
  const type = typeFromText(code.slice(e.start, e.end));
  return { name: '', nameStart: e.start, type: type && isType(type.base) ? type : { base: '', ptr: 0 }, annotations: [], start: e.start, end: e.end };
}
