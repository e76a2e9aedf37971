// Conditions that let a check through only now and then: every n-th time round, or after some time. A loop that asks that often is fine.

import { some } from '../../flow/walk.js';
import type { Cfg, Loop } from '../../flow/cfg.js';
import type { Expr } from '../../model/expr.js';
import { uncast } from './api.js';
import { blocksOf } from './loop-class.js';
import { stepExprs, termExprs } from '../paths/live.js';

const CLOCKS = /^(?:(?:::)?GetTickCount(?:64)?|timeGetTime|QueryPerformanceCounter|GetSystemTime\w*|time|clock|QueryInterruptTime\w*|QueryUnbiasedInterruptTime|std::chrono::\w+::now)$|(?:^|::)now$/;

/** The condition counts rounds or measures time. */
export function isThrottle(cond: Expr, loop: Loop, cfg: Cfg): boolean {
  const x = uncast(cond);
  if (some(x, (e) => e.k === 'call' && isClock(e))) return true;
  const counter = (e: Expr): boolean => some(e, (y) => y.k === 'update' || (y.k === 'name' && isStepped(y.name, loop, cfg)));
  if (some(x, (e) => e.k === 'binary' && (e.op === '%' || e.op === '&') && counter(e.l))) return true;
  if (x.k === 'binary' && /^(?:[<>]=?|==)$/.test(x.op) && (counter(x.l) || counter(x.r))) return true;
  return some(x, (e) => e.k === 'name' && isTime(e.name, loop, cfg));
}

function isClock(e: Expr & { k: 'call' }): boolean {
  const callee = uncast(e.callee);
  return callee.k === 'name' ? CLOCKS.test(callee.name) : callee.k === 'field' && /^(?:now|elapsed|Elapsed\w*)$/.test(callee.name);
}

function anyExpr(loop: Loop, cfg: Cfg, f: (e: Expr) => boolean): boolean {
  return blocksOf(loop, cfg).some((b) => [...b.steps.flatMap(stepExprs), ...termExprs(b.term)].some((e) => some(e, f)));
}

/** The loop counts this name up or down, by steps. */
function isStepped(name: string, loop: Loop, cfg: Cfg): boolean {
  return anyExpr(loop, cfg, (e) => (e.k === 'update' && e.e.k === 'name' && e.e.name === name) || (e.k === 'assign' && /^[+-]=$/.test(e.op) && e.l.k === 'name' && e.l.name === name));
}

/** The name holds a time taken in the loop. */
function isTime(name: string, loop: Loop, cfg: Cfg): boolean {
  const local = blocksOf(loop, cfg).some((b) => b.steps.some((s) => s.k === 'decl' && s.v.name === name && s.v.init !== undefined && some(s.v.init, (y) => y.k === 'call' && isClock(y))));
  return local || anyExpr(loop, cfg, (e) => e.k === 'assign' && e.l.k === 'name' && e.l.name === name && some(e.r, (y) => y.k === 'call' && isClock(y)));
}
