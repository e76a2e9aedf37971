// Small questions about where memory is: what an address expression points into, and what an lvalue starts from.

import type { Expr } from '../../model/expr.js';
import type { LocalVar } from '../../model/facts.js';
import type { Func, Project } from '../../model/project.js';
import { uncast } from '../../flow/walk.js';

/** Variable an lvalue lies in, when no pointer is followed on the way: `x` of `x.a[2].b`. */
export function rootName(e: Expr): (Expr & { k: 'name' }) | undefined {
  let x = e;
  for (;;) {
    if (x.k === 'name') return x;
    if (x.k === 'field' && !x.arrow) x = x.e;
    else if (x.k === 'index' || x.k === 'cast') x = x.e;
    else return undefined;
  }
}

/** Name at the bottom of an expression, pointers followed: `p` of `p->a.b[1]->c`. */
export function baseName(e: Expr): (Expr & { k: 'name' }) | undefined {
  let x = e;
  for (;;) {
    switch (x.k) {
      case 'name': return x;
      case 'field': case 'index': case 'cast': case 'unary': x = x.e; break;
      default: return undefined;
    }
  }
}

/** The automatic local variable an address lies in: `&x`, `&x.f`, `x` or `x.f` for an array. Parameters, statics and references are none. */
export function stackVariable(project: Project, address: Expr, fn: Func): LocalVar | undefined {
  const x = uncast(address);
  const target = x.k === 'unary' && x.op === '&' ? x.e : x;
  const root = rootName(target);
  const local = root && project.localOf(root.name, root.start, fn);
  const v = local?.v;
  if (!v || v.isStatic || v.isExtern || v.type.ref) return undefined;
  if (target === x && !(x.k === 'name' ? v.type.dims : x.k === 'field' && project.typeOf(x, fn)?.dims)) return undefined;
  for (let part = target; part.k === 'field' || part.k === 'index' || part.k === 'cast'; part = part.e) {
    if (part.k === 'index' && !project.typeOf(part.e, fn)?.dims) return undefined;
  }
  return v;
}

/** Flags of an `a | b | c` as names; undefined when something else is in it. */
export function flagNames(e: Expr): string[] | undefined {
  const x = uncast(e);
  if (x.k === 'name') return [x.name];
  if (x.k !== 'binary' || x.op !== '|') return undefined;
  const [l, r] = [flagNames(x.l), flagNames(x.r)];
  return l && r ? [...l, ...r] : undefined;
}

/** The two expressions are written alike: names, fields, indexes and constants only. */
export function sameText(a: Expr, b: Expr): boolean {
  const [x, y] = [uncast(a), uncast(b)];
  if (x.k === 'name' && y.k === 'name') return x.name === y.name;
  if (x.k === 'num' && y.k === 'num') return x.value === y.value;
  if (x.k === 'field' && y.k === 'field') return x.name === y.name && sameText(x.e, y.e);
  if (x.k === 'index' && y.k === 'index') return sameText(x.e, y.e) && sameText(x.i, y.i);
  if (x.k === 'unary' && y.k === 'unary') return x.op === y.op && sameText(x.e, y.e);
  return false;
}
