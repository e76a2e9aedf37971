// Replaces names in lowered code by expressions: how a use of a project macro becomes the code it stands for. All ranges of the
// result are those of the use, as findings inside a macro are reported there; substituted arguments keep their own.

import type { Expr } from './expr.js';
import type { LocalVar } from './facts.js';
import { PASTE } from './macro-bodies.js';
import type { Stmt } from './stmt.js';
import type { Range } from '../source/range.js';

export type Substitution = ReadonlyMap<string, Expr>;

/** `IRP_MJ_##x` with the argument's name in place of `x`. */
function pasted(name: string, map: Substitution): string {
  return name.split(PASTE).map((part) => {
    const value = map.get(part);
    return value?.k === 'name' ? value.name : value?.k === 'num' ? value.text : part;
  }).join('');
}

/** A copy of `e` in which every name of `map` is its expression and everything else lies at `at`. */
export function substituteExpr(e: Expr, map: Substitution, at: Range): Expr {
  if (e.k === 'name') {
    const value = map.get(e.name);
    if (value) return value;
    if (e.name.includes(PASTE)) return { ...e, name: pasted(e.name, map), start: at.start, end: at.end };
  }
  return rebuild(e, map, at) as Expr;
}

export function substituteStmts(list: readonly Stmt[], map: Substitution, at: Range): Stmt[] {
  return list.map((s) => rebuild(s, map, at) as Stmt);
}

/** Locals of the copy keep their names and places: only their initialisers are rewritten. */
export function substituteLocal(v: LocalVar, map: Substitution, at: Range): LocalVar {
  return rebuild(v, map, at) as LocalVar;
}

const opaque = new Set(['type', 'params', 'ret', 'annotations']);

function rebuild(node: unknown, map: Substitution, at: Range): unknown {
  if (Array.isArray(node)) return node.map((n) => rebuild(n, map, at));
  if (typeof node !== 'object' || node === null) return node;
  const copy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(node)) {
    if (key === 'start') copy[key] = at.start;
    else if (key === 'end') copy[key] = at.end;
    else if (key === 'nameStart') copy[key] = at.start;
    else if (opaque.has(key) || typeof value !== 'object') copy[key] = value;
    else if (isExpr(value)) copy[key] = substituteExpr(value, map, at);
    else copy[key] = Array.isArray(value) ? value.map((n: unknown) => isExpr(n) ? substituteExpr(n, map, at) : rebuild(n, map, at)) : rebuild(value, map, at);
  }
  return copy;
}

function isExpr(node: unknown): node is Expr {
  return typeof node === 'object' && node !== null && (node as { k?: unknown }).k === 'name';
}
