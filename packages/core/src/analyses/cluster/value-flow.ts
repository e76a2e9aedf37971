// Where the value of an expression comes from inside one function: the assignments of a local that reach a place, and the places that
// look at a value after it was stored.

import type { Cfg, Step } from '../../flow/cfg.js';
import { successors } from '../../flow/cfg.js';
import { parts, some } from '../../flow/walk.js';
import type { CallExpr, Expr } from '../../model/expr.js';
import type { Func } from '../../model/project.js';
import { stepExprs, termExprs } from '../paths/live.js';
import { fileOf, uncast } from './api.js';
import type { ClusterModel } from './model.js';

export interface Source { e: Expr; block: number; step: number }
export interface ReturnPlace { e: Expr; start: number; end: number; block: number; step: number }

export function returnsOf(cfg: Cfg): ReturnPlace[] {
  return cfg.order.flatMap((id) => cfg.blocks[id]!.steps.flatMap((s, i) => (s.k === 'return' && s.e ? [{ e: s.e, start: s.start, end: s.end, block: id, step: i }] : [])));
}

/** Expressions a value may come from: through `?:`, casts, and up to `depth` locals; `stop` ends the search at a local. */
export function sourcesOf(e: Expr, at: { block: number; step: number }, cfg: Cfg, fn: Func, model: ClusterModel, stop?: (local: Expr) => boolean, depth = 2): Source[] {
  const x = uncast(e);
  const on = (inner: Expr): Source[] => sourcesOf(inner, at, cfg, fn, model, stop, depth);
  if (x.k === 'cond') return [...on(x.a), ...on(x.b)];
  if (x.k === 'comma') return on(x.r);
  if (x.k === 'assign' && x.op === '=') return on(x.r);
  const isLocal = x.k === 'name' && (x.name.startsWith('$') || (model.project.localOf(x.name.replace(/#\d+$/, ''), x.end, fn) !== undefined));
  if (x.k !== 'name' || !isLocal || depth === 0 || stop?.(x)) return [{ e, ...at }];
  const definitions = reachingDefinitions(x.name, at, cfg);
  if (definitions.length === 0) return [{ e, ...at }];
  return definitions.flatMap((d) => sourcesOf(d.e, d, cfg, fn, model, stop, x.name.startsWith('$') ? depth : depth - 1));
}

/** Values assigned to a local that may be in it at a place. A constant that a test on the way rules out is none. */
export function reachingDefinitions(name: string, at: { block: number; step: number }, cfg: Cfg): Source[] {
  const found: Source[] = [];
  const seen = new Set<string>();
  const keep = (e: Expr, block: number, step: number, excluded: readonly string[]): void => {
    const key = constantKey(e);
    if ((key === undefined || !excluded.includes(key)) && !found.some((f) => f.e === e)) found.push({ e, block, step });
  };
  const look = (block: number, before: number, excluded: readonly string[]): void => {
    const steps = cfg.blocks[block]!.steps;
    for (let i = before - 1; i >= 0; i--) {
      const value = definitionIn(steps[i]!, name);
      if (value) return keep(value, block, i, excluded);
      if (steps[i]!.k === 'decl' && (steps[i] as Step & { k: 'decl' }).v.name === name) return;
    }
    for (const p of cfg.blocks[block]!.preds) {
      const term = cfg.blocks[p]!.term;
      const inTerm = termExprs(term).map((e) => assignedIn(e, name)).find((v) => v !== undefined);
      if (inTerm) { keep(inTerm, p, cfg.blocks[p]!.steps.length, excluded); continue; }
      const more = ruledOut(term, block, name);
      const next = more === undefined || excluded.includes(more) ? excluded : [...excluded, more].sort();
      const key = `${p} ${next.join()}`;
      if (!seen.has(key)) { seen.add(key); look(p, cfg.blocks[p]!.steps.length, next); }
    }
  };
  look(at.block, at.step, []);
  return found;
}

/** The constant that a local cannot be once a branch went to a block: `x == K` that failed, `x != K` that held. */
function ruledOut(term: Cfg['blocks'][number]['term'], to: number, name: string): string | undefined {
  if (term.k !== 'branch' || term.ifTrue === term.ifFalse) return undefined;
  const cond = uncast(term.cond);
  if (cond.k !== 'binary' || cond.op !== (to === term.ifFalse ? '==' : '!=')) return undefined;
  const isIt = (e: Expr): boolean => e.k === 'name' && e.name === name;
  return isIt(uncast(cond.l)) ? constantKey(cond.r) : isIt(uncast(cond.r)) ? constantKey(cond.l) : undefined;
}

function constantKey(e: Expr): string | undefined {
  const x = uncast(e);
  return x.k === 'name' && /^[A-Z][A-Z0-9_]*$/.test(x.name) ? x.name : x.k === 'num' ? String(x.value) : undefined;
}

function definitionIn(step: Step, name: string): Expr | undefined {
  if (step.k === 'decl') return step.v.name === name ? step.v.init : undefined;
  return stepExprs(step).map((e) => assignedIn(e, name)).find((v) => v !== undefined);
}

function assignedIn(e: Expr, name: string): Expr | undefined {
  if (e.k === 'assign' && e.op === '=' && uncast(e.l).k === 'name' && (uncast(e.l) as { name: string }).name === name) return e.r;
  for (const p of parts(e)) {
    const inner = assignedIn(p, name);
    if (inner) return inner;
  }
  return undefined;
}

export type Use = { kind: 'condition'; e: Expr; block: number } | { kind: 'value'; e: Expr; block: number };

/** Places that look at a local after it was set at `at`, before it is set again. Log entries and `(void)x` do not count. */
export function usesAfter(name: string, at: { block: number; step: number }, cfg: Cfg, fn: Func, model: ClusterModel): Use[] {
  const uses: Use[] = [];
  const seen = new Set<number>();
  const go = (block: number, from: number): void => {
    const b = cfg.blocks[block]!;
    for (let i = from; i < b.steps.length; i++) {
      const step = b.steps[i]!;
      for (const e of stepExprs(step)) if (reads(e, name, fn, model)) uses.push({ kind: 'value', e, block });
      if (definitionIn(step, name) || (step.k === 'decl' && step.v.name === name)) return;
    }
    for (const e of termExprs(b.term)) if (reads(e, name, fn, model)) uses.push({ kind: 'condition', e, block });
    if (termExprs(b.term).some((e) => assignedIn(e, name) !== undefined)) return;
    for (const to of successors(b.term)) if (!seen.has(to)) { seen.add(to); go(to, 0); }
  };
  go(at.block, at.step + 1);
  return uses;
}

function reads(e: Expr, name: string, fn: Func, model: ClusterModel): boolean {
  if (e.k === 'name') return e.name === name;
  if (e.k === 'cast' && e.type.base === 'void' && e.type.ptr === 0) return false;
  if (e.k === 'assign' && uncast(e.l).k === 'name' && e.op === '=') return reads(e.r, name, fn, model);
  if (e.k === 'call' && isLogging(e, fn, model)) return false;
  return parts(e).some((p) => reads(p, name, fn, model)) || (e.k === 'call' && e.callee.k !== 'name' && reads(e.callee, name, fn, model));
}

const LOGGING = /^(?:UNREFERENCED_\w+|\w*(?:[Ll]og|LOG|[Tt]race|TRACE|[Pp]rint|PRINT|printf|DbgPrint|DBG)\w*|OutputDebugString\w*|_?ASSERTE?|assert)$/;

/** The call only writes something down. */
export function isLogging(call: CallExpr, fn: Func, model: ClusterModel): boolean {
  if (model.api.kind(call, fn) === 'log') return true;
  const name = model.project.calleeName(call, fileOf(fn));
  if (name !== undefined) return LOGGING.test(name) && model.api.kind(call, fn) === undefined;
  return call.callee.k === 'field' && LOGGING.test(call.callee.name);
}

/** Where a call stands in its function, and what becomes of its result. */
export interface CallPlace {
  block: number;
  step: number;
  /** 'dropped', stored in a local, a condition, or used in some other way. */
  result: 'dropped' | 'void' | 'stored' | 'condition' | 'used';
  local?: string;
}

export function placeOfCall(call: CallExpr, cfg: Cfg): CallPlace | undefined {
  for (const id of cfg.order) {
    const b = cfg.blocks[id]!;
    for (let i = 0; i < b.steps.length; i++) {
      const step = b.steps[i]!;
      for (const e of stepExprs(step)) {
        if (!some(e, (x) => x === call)) continue;
        const at = { block: id, step: i };
        if (uncast(e) === call) {
          if (step.k === 'decl') return { ...at, result: 'stored', local: step.v.name };
          if (step.k === 'return') return { ...at, result: 'used' };
          return { ...at, result: e.k === 'cast' ? 'void' : 'dropped' };
        }
        if (e.k === 'assign' && e.op === '=' && uncast(e.r) === call && uncast(e.l).k === 'name') return { ...at, result: 'stored', local: (uncast(e.l) as { name: string }).name };
        return { ...at, result: 'used' };
      }
    }
    if (termExprs(b.term).some((e) => some(e, (x) => x === call))) return { block: id, step: b.steps.length, result: 'condition' };
  }
  return undefined;
}
