// Which object an lvalue is, over functions: the same worker structure, lock or event is recognised in Online and in Terminate by the
// member it is (`field:RES.Worker`), by the global (`global:g_worker`) or by the local (`local:Start.w`).

import type { Expr } from '../../model/expr.js';
import type { Body } from '../../model/facts.js';
import type { Func, Project } from '../../model/project.js';
import { walkStmts } from '../../model/walk.js';
import { fileOf, uncast } from './api.js';

export interface Identity {
  /** `field:RES.Worker`; `param:F.0` for what a pointer parameter points to. */
  key: string;
  /** Short text for messages. */
  text: string;
  kind: 'field' | 'global' | 'local' | 'param';
  /** Record of a field. */
  record?: string;
  /** Index of the parameter. */
  param?: number;
}

const MAX_DEPTH = 8;

/** The object an lvalue names. */
export function identityOf(e: Expr, fn: Func, project: Project, depth = 0): Identity | undefined {
  const x = uncast(e);
  if (depth > MAX_DEPTH) return undefined;
  switch (x.k) {
    case 'field': return fieldIdentity(x, fn, project);
    case 'name': return nameIdentity(x, fn, project);
    case 'unary': return x.op === '*' ? pointeeIdentity(x.e, fn, project, depth + 1) : undefined;
    case 'index': {
      const base = identityOf(x.e, fn, project, depth + 1) ?? pointeeIdentity(x.e, fn, project, depth + 1);
      return base && { ...base, key: `${base.key}[]`, text: `${base.text}[]` };
    }
    default: return undefined;
  }
}

/** The object a pointer expression points to. */
export function pointeeIdentity(e: Expr, fn: Func, project: Project, depth = 0): Identity | undefined {
  const x = uncast(e);
  if (depth > MAX_DEPTH) return undefined;
  if (x.k === 'unary' && x.op === '&') return identityOf(x.e, fn, project, depth + 1);
  if (x.k === 'call' && x.callee.k === 'name' && /^(?:std::)?addressof$/.test(x.callee.name) && x.args[0]) return identityOf(x.args[0], fn, project, depth + 1);
  const type = project.typeOf(x, fn);
  if (type?.dims && type.dims.length > 0) {
    const own = identityOf(x, fn, project, depth + 1);
    return own && { ...own, key: `${own.key}[]` };
  }
  if (x.k === 'name') {
    const local = project.localOf(x.name, x.start, fn);
    if (local?.param) {
      const i = fn.params.findIndex((p) => p.name === x.name);
      return i >= 0 ? { key: `param:${fn.id}.${i}`, text: `*${x.name}`, kind: 'param', param: i } : undefined;
    }
    const value = local?.v?.init;
    if (value && !isNull(value) && !isReassigned(x.name, fn)) return pointeeIdentity(value, fn, project, depth + 1);
    if (local && !local.param && (!value || isNull(value))) {
      const only = onlyValue(x.name, fn);
      if (only) return pointeeIdentity(only, fn, project, depth + 1);
    }
  }
  const holder = identityOf(x, fn, project, depth + 1);
  return holder && { ...holder, key: `*${holder.key}`, text: `*${holder.text}` };
}

function fieldIdentity(x: Expr & { k: 'field' }, fn: Func, project: Project): Identity {
  const field = project.fieldOf(x, fn);
  const record = field ? project.canonical({ base: field.record, ptr: 0 }, fileOf(fn)).base : '?';
  return { key: `field:${record}.${x.name}`, text: x.name, kind: 'field', record };
}

function nameIdentity(x: Expr & { k: 'name' }, fn: Func, project: Project): Identity {
  const local = project.localOf(x.name, x.start, fn);
  if (local) {
    if (local.type.ref && local.v?.init) {
      const target = identityOf(local.v.init, fn, project, 1);
      if (target) return target;
    }
    const i = local.param ? fn.params.findIndex((p) => p.name === x.name) : -1;
    if (i >= 0 && local.type.ref) return { key: `param:${fn.id}.${i}`, text: x.name, kind: 'param', param: i };
    if (local.v?.isStatic) return { key: `global:${fn.qualified}.${x.name}`, text: x.name, kind: 'global' };
    return { key: `local:${fn.id}.${x.name}`, text: x.name, kind: 'local' };
  }
  const member = project.fieldOf(x, fn);
  if (member) {
    const record = project.canonical({ base: member.record, ptr: 0 }, fileOf(fn)).base;
    return { key: `field:${record}.${x.name}`, text: x.name, kind: 'field', record };
  }
  return { key: `global:${x.name.replace(/^::/, '')}`, text: x.name, kind: 'global' };
}

const assigned = new WeakMap<Body, Map<string, Expr[]>>();

/** Values assigned to the locals of a function after their declaration. */
function assignments(fn: Func): Map<string, Expr[]> {
  const body = fn.def?.decl.body;
  let known = body && assigned.get(body);
  if (known) return known;
  known = new Map();
  const map = known;
  const put = (name: string, e: Expr): void => void (map.get(name)?.push(e) ?? map.set(name, [e]));
  walkStmts(body?.stmts ?? [], {
    expr: (e) => {
      if (e.k === 'assign' && e.l.k === 'name') put(e.l.name, e.r);
      if (e.k === 'update' && e.e.k === 'name') put(e.e.name, e);
    },
  });
  if (body) assigned.set(body, known);
  return known;
}

export function isReassigned(name: string, fn: Func): boolean {
  return assignments(fn).has(name);
}

/** The only value a local without initialiser ever gets; NULL initialisers and assignments of NULL do not count. */
export function onlyValue(name: string, fn: Func): Expr | undefined {
  const values = (assignments(fn).get(name) ?? []).filter((e) => !isNull(e));
  return values.length === 1 ? values[0] : undefined;
}

export function isNull(e: Expr): boolean {
  const x = uncast(e);
  return (x.k === 'num' && x.value === 0) || (x.k === 'name' && /^(?:NULL|nullptr)$/.test(x.name));
}
