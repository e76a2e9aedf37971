// Visiting lowered bodies: every expression and local variable of a statement list, outer before inner, in source order.

import type { Expr } from './expr.js';
import type { LocalVar } from './facts.js';
import type { Stmt } from './stmt.js';

export interface Visitor {
  /** Called before the expression's parts; `false` skips them. */
  expr?(e: Expr): boolean | void;
  local?(v: LocalVar): void;
  /** Called before the statement's parts. */
  stmt?(s: Stmt): void;
}

/** Direct subexpressions of an expression, in source order; the body of a lambda is no part. */
export function partsOf(e: Expr): Expr[] {
  switch (e.k) {
    case 'unary': case 'update': case 'cast': case 'field': case 'delete': return [e.e];
    case 'binary': case 'assign': case 'comma': return [e.l, e.r];
    case 'call': return [e.callee, ...e.args];
    case 'index': return [e.e, e.i];
    case 'cond': return [e.c, e.a, e.b];
    case 'sizeof': return e.e ? [e.e] : [];
    case 'init': return e.items.flatMap((item) => item.index ? [item.index, item.value] : [item.value]);
    case 'new': return [...(e.placement ?? []), ...(e.array ? [e.array] : []), ...(e.args ?? [])];
    case 'unknown': return e.parts;
    default: return [];
  }
}

/** `e` and everything inside it, bodies of lambdas included. Written out, since every expression of a project passes here. */
export function walkExpr(e: Expr, visitor: Visitor): void {
  if (visitor.expr?.(e) === false) return;
  switch (e.k) {
    case 'unary': case 'update': case 'cast': case 'field': case 'delete':
      walkExpr(e.e, visitor);
      break;
    case 'binary': case 'assign': case 'comma':
      walkExpr(e.l, visitor);
      walkExpr(e.r, visitor);
      break;
    case 'call':
      walkExpr(e.callee, visitor);
      for (const arg of e.args) walkExpr(arg, visitor);
      break;
    case 'index':
      walkExpr(e.e, visitor);
      walkExpr(e.i, visitor);
      break;
    case 'name': case 'num': case 'str': case 'char': break;
    case 'lambda':
      walkStmts(e.body, visitor);
      break;
    default:
      for (const part of partsOf(e)) walkExpr(part, visitor);
  }
}

export function walkStmts(list: readonly Stmt[], visitor: Visitor): void {
  for (const s of list) walkStmt(s, visitor);
}

export function walkStmt(s: Stmt, visitor: Visitor): void {
  visitor.stmt?.(s);
  switch (s.k) {
    case 'expr': walkExpr(s.e, visitor); break;
    case 'decl': for (const v of s.vars) walkLocal(v, visitor); break;
    case 'block': case 'case':
      if (s.k === 'case' && s.v) walkExpr(s.v, visitor);
      if (s.k === 'case' && s.hi) walkExpr(s.hi, visitor);
      walkStmts(s.body, visitor);
      break;
    case 'if':
      if (s.init) walkStmt(s.init, visitor);
      walkExpr(s.c, visitor);
      walkStmt(s.then, visitor);
      if (s.else) walkStmt(s.else, visitor);
      break;
    case 'label':
      walkStmt(s.body, visitor);
      break;
    case 'while': case 'switch':
      if (s.k === 'switch' && s.init) walkStmt(s.init, visitor);
      walkExpr(s.c, visitor);
      walkStmt(s.body, visitor);
      break;
    case 'do':
      walkStmt(s.body, visitor);
      walkExpr(s.c, visitor);
      break;
    case 'for':
      if (s.init) walkStmt(s.init, visitor);
      if (s.c) walkExpr(s.c, visitor);
      if (s.update) walkExpr(s.update, visitor);
      walkStmt(s.body, visitor);
      break;
    case 'return': case 'throw': if (s.e) walkExpr(s.e, visitor); break;
    case 'goto': case 'break': case 'continue': case 'leave': case 'empty': break;
    default:
      for (const part of stmtParts(s)) {
        if (part.k === 'var') walkLocal(part.v, visitor);
        else if (part.k === 'e') walkExpr(part.e, visitor);
        else walkStmt(part.s, visitor);
      }
  }
}

function walkLocal(v: LocalVar, visitor: Visitor): void {
  visitor.local?.(v);
  if (v.init) walkExpr(v.init, visitor);
  if (v.ctorArgs) for (const arg of v.ctorArgs) walkExpr(arg, visitor);
}

export type StmtPart = { k: 'e'; e: Expr } | { k: 's'; s: Stmt } | { k: 'var'; v: LocalVar };
const es = (...list: (Expr | undefined)[]): StmtPart[] => list.flatMap((e) => e ? [{ k: 'e' as const, e }] : []);
const ss = (...list: (Stmt | undefined)[]): StmtPart[] => list.flatMap((s) => s ? [{ k: 's' as const, s }] : []);
const vs = (...list: (LocalVar | undefined)[]): StmtPart[] => list.flatMap((v) => v ? [{ k: 'var' as const, v }] : []);

/** What a statement consists of, in source order. */
export function stmtParts(s: Stmt): StmtPart[] {
  switch (s.k) {
    case 'expr': return es(s.e);
    case 'decl': return vs(...s.vars);
    case 'block': return ss(...s.body);
    case 'label': return ss(s.body);
    case 'if': return [...ss(s.init), ...es(s.c), ...ss(s.then, s.else)];
    case 'while': return [...es(s.c), ...ss(s.body)];
    case 'do': return [...ss(s.body), ...es(s.c)];
    case 'for': return [...ss(s.init), ...es(s.c, s.update), ...ss(s.body)];
    case 'rangefor': return [...vs(s.v), ...es(s.range), ...ss(s.body)];
    case 'switch': return [...ss(s.init), ...es(s.c), ...ss(s.body)];
    case 'case': return [...es(s.v, s.hi), ...ss(...s.body)];
    case 'return': case 'throw': return es(s.e);
    case 'seh': return [...ss(s.body), ...es(s.filter), ...ss(s.handler, s.finally)];
    case 'try': return [...ss(s.body), ...s.catches.flatMap((c) => [...vs(c.v), ...ss(c.body)])];
    default: return [];
  }
}
