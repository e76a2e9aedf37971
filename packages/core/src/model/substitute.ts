// Replaces names in lowered code by expressions: how a use of a project macro becomes the code it stands for. All ranges of the
// result are those of the use, as findings inside a macro are reported there; substituted arguments keep their own.

import { copyAt } from './copy-expr.js';
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
  const one = (part: Expr): Expr => substituteExpr(part, map, at);
  const { start, end } = at;
  switch (e.k) {
    case 'name': return map.get(e.name) ?? { k: 'name', start, end, name: e.name.includes(PASTE) ? pasted(e.name, map) : e.name };
    case 'num': case 'str': case 'char': return copyAt(e, at);
    case 'unary': return { k: 'unary', start, end, op: e.op, e: one(e.e) };
    case 'binary': case 'assign': case 'comma': {
      const copy = copyAt(e, at) as typeof e;
      copy.l = one(e.l);
      copy.r = one(e.r);
      return copy;
    }
    case 'call': return { k: 'call', start, end, callee: one(e.callee), args: e.args.map(one) };
    case 'field': return { k: 'field', start, end, e: one(e.e), name: e.name, arrow: e.arrow, nameStart: start };
    case 'index': return { k: 'index', start, end, e: one(e.e), i: one(e.i) };
    case 'cast': return { k: 'cast', start, end, cast: e.cast, type: e.type, e: one(e.e) };
    case 'cond': return { k: 'cond', start, end, c: one(e.c), a: one(e.a), b: one(e.b) };
    default: return rebuild(e, map, at) as Expr;
  }
}

export function substituteStmts(list: readonly Stmt[], map: Substitution, at: Range): Stmt[] {
  return list.map((s) => substituteStmt(s, map, at));
}

function substituteStmt(s: Stmt, map: Substitution, at: Range): Stmt {
  const { start, end } = at;
  switch (s.k) {
    case 'expr': return { k: 'expr', start, end, e: substituteExpr(s.e, map, at) };
    case 'block': return { k: 'block', start, end, body: substituteStmts(s.body, map, at) };
    default: return rebuild(s, map, at) as Stmt;
  }
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
    else copy[key] = Array.isArray(value) ? value.map((n: unknown) => rebuilt(n, map, at)) : rebuilt(value, map, at);
  }
  return copy;
}

function rebuilt(node: unknown, map: Substitution, at: Range): unknown {
  return isExpr(node) ? substituteExpr(node, map, at) : rebuild(node, map, at);
}

const exprKinds = new Set<string | undefined>(['name', 'unary', 'binary', 'assign', 'comma', 'call', 'field', 'index', 'cast', 'cond']);

function isExpr(node: unknown): node is Expr {
  return typeof node === 'object' && node !== null && exprKinds.has((node as { k?: string }).k);
}
