// How one local variable is used in its function: every mention with what is done with it. When several locals have the name, every one
// counts, as where an inner one ends is not known; mentions in lambdas count as escapes.

import type { AssignExpr, CallExpr, Expr } from '../../model/expr.js';
import type { Func, Project } from '../../model/project.js';
import type { Stmt } from '../../model/stmt.js';
import { partsOf, stmtParts } from '../../model/walk.js';

/** A mention of the variable. */
export interface LocalUse {
  /** The name itself. */
  name: Expr & { k: 'name' };
  /** 'argument': it (or its address, or something inside it) is given to a call; 'stored': it is assigned or initialises something else. */
  kind: 'written' | 'argument' | 'stored' | 'returned' | 'read' | 'unevaluated' | 'lambda';
  /** Its own address (or that of a part of it), or an array that stands for it, is what is given, stored or returned. */
  address: boolean;
  /** A field or element of the variable (or of what it points to) is meant; without `address` its value. */
  part: boolean;
  /** Name of the outermost field, for a part. */
  field?: string;
  call?: CallExpr;
  /** Argument position for 'argument'. */
  index?: number;
  assign?: AssignExpr;
  /** Offset of the whole mention. */
  start: number;
  end: number;
}

type Parent = { e?: Expr; s?: Stmt; init?: true };

/** Uses of the locals and parameters of that name. */
export function usesOfLocal(project: Project, fn: Func, name: string): LocalUse[] {
  const body = fn.def?.decl.body;
  if (!body) return [];
  const found: LocalUse[] = [];
  const path: Parent[] = [];
  let lambda = 0;
  let sized = 0;
  const visitExpr = (e: Expr): void => {
    if (e.k === 'name') {
      const local = e.name === name ? project.localOf(name, e.start, fn) : undefined;
      if (local) found.push(classify(e, path, local.type.dims !== undefined && !local.param, lambda > 0, sized > 0));
      return;
    }
    path.push({ e });
    if (e.k === 'sizeof') sized++;
    if (e.k === 'lambda') {
      lambda++;
      e.body.forEach(visitStmt);
      lambda--;
    } else for (const part of partsOf(e)) visitExpr(part);
    if (e.k === 'sizeof') sized--;
    path.pop();
  };
  const visitStmt = (s: Stmt): void => {
    path.push({ s });
    for (const part of stmtParts(s)) {
      if (part.k === 's') visitStmt(part.s);
      else if (part.k === 'e') visitExpr(part.e);
      else {
        path.push({ init: true });
        if (part.v.init) visitExpr(part.v.init);
        for (const arg of part.v.ctorArgs ?? []) visitExpr(arg);
        path.pop();
      }
    }
    path.pop();
  };
  body.stmts.forEach(visitStmt);
  return found;
}

function classify(name: Expr & { k: 'name' }, path: readonly Parent[], array: boolean, lambda: boolean, sized: boolean): LocalUse {
  const use: LocalUse = { name, kind: 'read', address: array, part: false, start: name.start, end: name.end };
  if (sized) return { ...use, kind: 'unevaluated' };
  let child: Expr = name;
  let deref = false;
  for (let i = path.length - 1; i >= 0; i--) {
    const { e, s, init } = path[i];
    if (init) return done(use, 'stored', lambda);
    if (s) return done(use, s.k === 'return' ? 'returned' : 'read', lambda);
    if (!e) break;
    const step = climb(e, child, use, deref);
    if (step === 'stop') return done(use, use.kind, lambda);
    if (step === 'deref') deref = true;
    use.start = e.k === 'call' ? use.start : e.start;
    use.end = e.k === 'call' ? use.end : e.end;
    child = e;
  }
  return done(use, 'read', lambda);
}

function done(use: LocalUse, kind: LocalUse['kind'], lambda: boolean): LocalUse {
  return { ...use, kind: lambda ? 'lambda' : kind };
}

/** One step up from `child` to the expression around it; sets what is known so far. */
function climb(e: Expr, child: Expr, use: LocalUse, deref: boolean): 'on' | 'deref' | 'stop' {
  switch (e.k) {
    case 'cast': case 'comma': case 'cond':
      return e.k === 'cond' && e.c === child ? 'stop' : 'on';
    case 'field':
      use.part = true;
      use.field = e.name;
      if (e.arrow || deref) use.address = false;
      return 'on';
    case 'index':
      if (e.i === child) { use.part = false; use.address = false; return 'stop'; }
      use.part = true;
      use.address = false;
      return 'on';
    case 'unary':
      if (e.op === '&') { use.address = true; return 'on'; }
      if (e.op !== '*') return 'stop';
      use.part = true;
      use.address = false;
      return 'deref';
    case 'assign':
      if (e.l === child) { use.kind = 'written'; use.assign = e; return 'stop'; }
      use.kind = 'stored';
      use.assign = e;
      return 'stop';
    case 'update': use.kind = 'written'; return 'stop';
    case 'call': {
      const index = e.args.indexOf(child);
      if (index < 0) return 'stop';
      use.kind = 'argument';
      use.call = e;
      use.index = index;
      return 'stop';
    }
    case 'init': case 'new': use.kind = 'stored'; return 'stop';
    case 'binary': return e.op === '+' || e.op === '-' ? 'on' : 'stop';
    default: return 'stop';
  }
}
