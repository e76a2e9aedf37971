// What an expression given to a function pointer is, before any value is followed: a function by name, or a pointer of a known type. A
// cast says that the author knows better and gives nothing.

import type { Expr } from '../../model/expr.js';
import type { FileFacts } from '../../model/facts.js';
import type { Func, Project } from '../../model/project.js';
import type { FunctionType, TypeRef } from '../../model/types.js';
import { signatureOfFunc, signatureOfFunctionType, type Signature } from './signature.js';

export interface PointerSource {
  signature: Signature;
  /** Name as written, for messages. */
  name: string;
  func?: Func;
  /** The expression itself: one branch of a `?:`. */
  e: Expr;
}

/** Functions and function pointers that `e` may be; empty for casts, NULL and everything unknown. */
export function pointerSources(project: Project, e: Expr, file: FileFacts, inside: Func | undefined): PointerSource[] {
  if (e.k === 'cond') return [...pointerSources(project, e.a, file, inside), ...pointerSources(project, e.b, file, inside)];
  if (e.k === 'unary' && (e.op === '&' || e.op === '*')) return pointerSources(project, e.e, file, inside).map((s) => ({ ...s, e }));
  if (e.k === 'name') return named(project, e.name, e, file, inside);
  const type = e.k === 'field' && inside ? project.typeOf(e, inside) : undefined;
  const fn = type && functionOf(project, type, file);
  return fn ? [{ signature: signatureOfFunctionType(fn, file), name: e.k === 'field' ? e.name : '', e }] : [];
}

function named(project: Project, name: string, e: Expr, file: FileFacts, inside: Func | undefined): PointerSource[] {
  const local = inside && project.localOf(name, e.start, inside);
  const type = local?.type ?? (project.resolve(name, file) ? undefined : project.variable(name, file)?.decl.type);
  if (type) {
    const fn = functionOf(project, type, file);
    return fn ? [{ signature: signatureOfFunctionType(fn, file), name, e }] : [];
  }
  const func = project.resolve(name, file, inside && scopeOf(inside));
  const signature = func && !overloaded(project, func) ? signatureOfFunc(func) : undefined;
  return func && signature ? [{ signature, name, func, e }] : [];
}

function overloaded(project: Project, func: Func): boolean {
  return project.candidates(func.name).filter((f) => f.qualified === func.qualified).length > 1;
}

function functionOf(project: Project, type: TypeRef, file: FileFacts): FunctionType | undefined {
  const t = project.canonical(type, file);
  return t.fn && t.ptr <= 1 && !t.dims ? t.fn : undefined;
}

function scopeOf(fn: Func): string | undefined {
  const at = fn.qualified.lastIndexOf('::');
  return at < 0 ? undefined : fn.qualified.slice(0, at);
}
