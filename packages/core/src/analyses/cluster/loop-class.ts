// What kind of loop a worker sits in: endless, waiting, polling, bounded, a walk over data, a retry with the size it was told. From the
// loop's statement, its graph and the calls in it; what the loop does about ClusWorkerCheckTerminate is not looked at here.

import { allocator, freedArgument, isSizeProbe } from '@drvlint/wdk';
import type { Block, Cfg, Loop } from '../../flow/cfg.js';
import { some, visit } from '../../flow/walk.js';
import type { CallExpr, Expr } from '../../model/expr.js';
import type { Func } from '../../model/project.js';
import type { Stmt } from '../../model/stmt.js';
import { walkStmts } from '../../model/walk.js';
import { stepExprs, termExprs } from '../paths/live.js';
import { fileOf, uncast } from './api.js';
import { constantOf, type Wait } from './blocking.js';
import { identityOf } from './identity.js';
import type { ClusterModel } from './model.js';

export type LoopKind = 'endless' | 'waiting' | 'polling' | 'bounded' | 'walk' | 'retry' | 'plain';

export interface LoopClass {
  kind: LoopKind;
  /** First thing in the loop that can wait. */
  wait?: Wait;
  /** Longest time it can take, when trips and waits are constant. */
  totalMs?: number;
  trips?: number;
  /** What a polling loop looks at. */
  polls?: string;
  /** Everything that waits is a call of the cluster API, in a walk over data. */
  onlyCluster: boolean;
}

/** Calls that ask for a state outside of the process or the thread. Source: the Windows API pages of the functions. */
const POLLS = /^(?:QueryServiceStatus(?:Ex)?|GetExitCode(?:Process|Thread)|ResUtilVerify\w+|Reg(?:QueryValue|GetValue)\w*|ClusterRegQueryValue|GetFileAttributes\w*|PathFileExists\w*|PathIsDirectory\w*|GetClusterResourceState|GetClusterGroupState|GetClusterNodeState|_w?access(?:_s)?|_w?stat\w*|GetTickCount(?:64)?|timeGetTime|QueryPerformanceCounter|GetSystemTime\w*|time|PeekNamedPipe|PeekMessage\w*|GetOverlappedResult|HasOverlappedIoCompleted|_?Interlocked(?:CompareExchange\w*|Or\w*|And\w*|Add\w*)|Read(?:No)?Fence\w*|ReadAcquire\w*|TryEnterCriticalSection|TryAcquireSRWLock\w+|GetProcessId\w*|FindWindow\w*|NetShareCheck|std::filesystem::exists)$/;
const RETRY_CODES = /^(?:ERROR_MORE_DATA|ERROR_INSUFFICIENT_BUFFER|ERROR_BUFFER_OVERFLOW|NERR_BufTooSmall|STATUS_BUFFER_TOO_SMALL|STATUS_BUFFER_OVERFLOW|STATUS_INFO_LENGTH_MISMATCH|WSAEFAULT|STRSAFE_E_INSUFFICIENT_BUFFER)$/;
const QUIET = /^(?:GetProcessHeap|GetLastError|SetLastError|WSAGetLastError|UNREFERENCED_PARAMETER|assert|_?ASSERTE?|max|min|std::max|std::min|ZeroMemory|RtlZeroMemory|memset|free|LocalFree|sizeof|ARRAYSIZE|RTL_NUMBER_OF|_countof|FAILED|SUCCEEDED|HRESULT_CODE|HRESULT_FROM_WIN32|delete|new)$/;

export class LoopClasses {
  private readonly polling = new Map<Func, boolean>();

  constructor(private readonly model: ClusterModel) {}

  classify(loop: Loop, cfg: Cfg, fn: Func): LoopClass {
    const calls = callsIn(loop, cfg);
    const waits = calls.flatMap((c) => this.model.waits.ofCall(c, fn).map((w) => ({ w, c })));
    const cond = conditionOf(loop, cfg);
    const first = waits[0]?.w;
    const base = { onlyCluster: waits.length > 0 && waits.every(({ w }) => w.kind === 'cluster'), ...(first && { wait: first }) };
    if (this.isRetry(loop, cfg, fn, cond, calls)) return { ...base, kind: 'retry' };
    if (this.isMacro(loop, fn)) return { ...base, kind: first ? 'waiting' : 'walk' };
    if (!cond && loop.kind !== 'rangefor') return { ...base, kind: 'endless' };
    const trips = cond && this.trips(loop, cfg, fn, cond);
    if (trips !== undefined) return this.bounded(trips, waits, fn, base);
    const walk = loop.kind === 'rangefor' || (cond !== undefined && this.makesProgress(loop, cfg, fn, cond));
    if (first && !(walk && base.onlyCluster)) return { ...base, kind: 'waiting' };
    const polls = cond && this.pollsOn(loop, cfg, fn, cond, walk);
    if (polls) return { ...base, kind: 'polling', polls };
    if (first) return { ...base, kind: 'walk' };
    return { ...base, kind: walk ? 'walk' : loop.kind === 'goto' ? 'endless' : 'plain' };
  }

  /** `FOR_EACH(x, list) {`: a macro writes the head of the loop, and when it ends is not in sight. */
  isMacro(loop: Loop, fn: Func): boolean {
    if (loop.kind === 'goto') return false;
    return !/^(?:while|for|do)\b/.test(this.model.project.textOf(fileOf(fn).path).slice(loop.start, loop.start + 6));
  }

  private bounded(trips: number, waits: readonly { w: Wait; c: CallExpr }[], fn: Func, base: { onlyCluster: boolean; wait?: Wait }): LoopClass {
    if (waits.length === 0) return { ...base, kind: 'bounded', trips, totalMs: 0 };
    const constant = waits.every(({ w, c }) => w.ms !== undefined && Number.isFinite(w.ms) && (w.inside === fn ? true : !this.repeats(c, fn)));
    const perTrip = constant ? waits.reduce((sum, { w }) => sum + w.ms!, 0) : undefined;
    return { ...base, kind: 'bounded', trips, ...(perTrip !== undefined && { totalMs: perTrip * trips }) };
  }

  /** The callee has loops of its own, so that its waits may happen more than once. */
  private repeats(call: CallExpr, inside: Func): boolean {
    const callee = this.model.calleeOf(call, inside);
    if (!callee) return false;
    for (const f of this.model.reach.from(callee).keys()) if ((this.model.graphs.cfg(f)?.loops.length ?? 1) > 0) return true;
    return false;
  }

  /** `do { n = need; p = realloc(p, n); sc = Query(p, &n); } while (sc == ERROR_MORE_DATA)`, however it is written. */
  private isRetry(loop: Loop, cfg: Cfg, fn: Func, cond: Expr | undefined, calls: readonly CallExpr[]): boolean {
    const asks = (e: Expr): boolean => some(e, (x) => x.k === 'name' && RETRY_CODES.test(x.name));
    const tested = cond ? asks(cond) : blocksOf(loop, cfg).some((b) => termExprs(b.term).some(asks));
    if (!tested) return false;
    const file = fileOf(fn);
    const others = new Set<string>();
    for (const c of calls) {
      if (this.model.api.kind(c, fn) === 'log') continue;
      const name = this.model.project.calleeName(c, file) ?? `?${c.start}`;
      if (QUIET.test(name) || allocator(name) || freedArgument(name) !== undefined) continue;
      others.add(name);
    }
    if (others.size !== 1) return others.size === 0;
    const probe = [...others][0]!;
    const call = calls.find((c) => (this.model.project.calleeName(c, file) ?? `?${c.start}`) === probe)!;
    return isSizeProbe(probe) || this.model.waits.ofCall(call, fn).length === 0;
  }

  /** Times a loop can come round when counter, bound and step are constants and nothing else writes the counter. */
  private trips(loop: Loop, cfg: Cfg, fn: Func, cond: Expr): number | undefined {
    for (const part of conjuncts(cond)) {
      const n = this.tripsOf(part, loop, cfg, fn);
      if (n !== undefined) return n;
    }
    return undefined;
  }

  private tripsOf(cond: Expr, loop: Loop, cfg: Cfg, fn: Func): number | undefined {
    const x = uncast(cond);
    const test = x.k === 'binary' && /^(?:[<>]=?|!=)$/.test(x.op) ? x : undefined;
    const side = (e: Expr): { name: string; step: number } | undefined => counterOf(e);
    let counter = side(test ? test.l : x);
    let bound = test ? constantOf(test.r, fn, this.model.project) : 0;
    if (test && !counter) {
      counter = side(test.r);
      bound = constantOf(test.l, fn, this.model.project);
    }
    if (!counter || bound === undefined) return undefined;
    const writes = writesOf(counter.name, loop, cfg);
    const steps = writes.map(stepOf);
    if (steps.length === 0 || steps.some((s) => s === undefined)) return undefined;
    const step = Math.min(...steps.map((s) => Math.abs(s!)));
    const start = this.startOf(counter.name, loop, fn);
    if (start === undefined || step === 0 || steps.some((s) => Math.sign(s!) !== Math.sign(steps[0]!))) return undefined;
    const distance = (bound - start) * Math.sign(steps[0]!);
    return distance < 0 ? undefined : Math.ceil(distance / step) + (test && /=$/.test(test.op) && test.op !== '!=' ? 1 : 0);
  }

  /** Constant a counter holds when the loop begins. */
  private startOf(name: string, loop: Loop, fn: Func): number | undefined {
    const init = loop.stmt?.k === 'for' ? loop.stmt.init : undefined;
    const inInit = init && initialValue(init, name);
    if (inInit) return constantOf(inInit, fn, this.model.project);
    let last: Expr | undefined;
    let at = -1;
    const offer = (e: Expr | undefined, start: number): void => { if (e && start < loop.start && start > at) { last = e; at = start; } };
    walkStmts(fn.def?.decl.body?.stmts ?? [], {
      local: (v) => { if (v.name === name) offer(v.init, v.start); },
      expr: (e) => { if (e.k === 'assign' && e.op === '=' && e.l.k === 'name' && e.l.name === name) offer(e.r, e.start); },
    });
    return last && constantOf(last, fn, this.model.project);
  }

  /** The condition reads something that the loop itself moves on. */
  private makesProgress(loop: Loop, cfg: Cfg, fn: Func, cond: Expr): boolean {
    const names = new Set<string>();
    visit(cond, (e) => { if (e.k === 'name' && this.model.project.localOf(e.name, e.start, fn)) names.add(e.name); });
    for (const name of names) {
      if (writesOf(name, loop, cfg).some((w) => w.k === 'update' || (w.k === 'assign' && !this.fromOutside(w.r, fn)))) return true;
      if (fieldWrites(name, loop, cfg)) return true;
    }
    return false;
  }

  /** A value that a call with a life of its own gives. */
  private fromOutside(e: Expr, fn: Func): boolean {
    return some(e, (x) => x.k === 'call' && (this.pollsCall(x, fn) || this.model.calleeOf(x, fn) !== undefined));
  }

  /** Name of the outside state a condition depends on. */
  private pollsOn(loop: Loop, cfg: Cfg, fn: Func, cond: Expr, walk: boolean): string | undefined {
    let found: string | undefined;
    visit(cond, (e) => {
      if (found === undefined && e.k === 'call' && this.pollsCall(e, fn)) found = this.model.project.calleeName(e, fileOf(fn)) ?? 'a call';
    });
    return found ?? this.pollsThroughLocal(loop, cfg, fn, cond) ?? (walk ? undefined : this.spinsOn(loop, cfg, fn, cond));
  }

  private pollsCall(call: CallExpr, fn: Func): boolean {
    const name = this.model.project.calleeName(call, fileOf(fn));
    if (name !== undefined && POLLS.test(name)) return !this.isLockFree(name, call, fn);
    if (call.callee.k === 'field' && /^(?:load|test)$/.test(call.callee.name)) return true;
    if (this.model.api.kind(call, fn) === 'check') return true;
    const callee = this.model.calleeOf(call, fn);
    return callee?.def !== undefined && this.pollsInside(callee);
  }

  /** A compare-and-swap against a value that was just read: it repeats only when another thread made progress. */
  private isLockFree(name: string, call: CallExpr, fn: Func): boolean {
    if (!/^_?InterlockedCompareExchange/.test(name)) return false;
    const comparand = call.args[2];
    return comparand !== undefined && uncast(comparand).k === 'name' && constantOf(comparand, fn, this.model.project) === undefined;
  }

  private pollsInside(fn: Func, depth = 0): boolean {
    const known = this.polling.get(fn);
    if (known !== undefined) return known;
    if (depth > 3) return false;
    this.polling.set(fn, false);
    const found = this.model.graphs.calls(fn).some((c) => {
      const name = this.model.project.calleeName(c, fileOf(fn));
      if (name !== undefined && POLLS.test(name)) return true;
      const callee = this.model.calleeOf(c, fn);
      return callee?.def !== undefined && this.pollsInside(callee, depth + 1);
    });
    this.polling.set(fn, found);
    return found;
  }

  /** A local in the condition that a polling call in the loop fills. */
  private pollsThroughLocal(loop: Loop, cfg: Cfg, fn: Func, cond: Expr): string | undefined {
    const names = new Set<string>();
    visit(cond, (e) => { if (e.k === 'name') names.add(e.name); });
    for (const call of callsIn(loop, cfg)) {
      if (!this.pollsCall(call, fn)) continue;
      const fills = call.args.some((a) => some(a, (x) => x.k === 'unary' && x.op === '&' && some(x.e, (y) => y.k === 'name' && names.has(y.name))));
      const given = blocksOf(loop, cfg).some((b) => b.steps.some((s) => stepExprs(s).some((e) => e.k === 'assign' && e.l.k === 'name' && names.has(e.l.name) && some(e.r, (x) => x === call))));
      if (fills || given) return this.model.project.calleeName(call, fileOf(fn)) ?? 'a call';
    }
    return undefined;
  }

  /** A shared variable that nothing in the loop writes. */
  private spinsOn(loop: Loop, cfg: Cfg, fn: Func, cond: Expr): string | undefined {
    const project = this.model.project;
    const calls = callsIn(loop, cfg);
    let found: string | undefined;
    visit(cond, (e) => {
      if (found !== undefined || (e.k !== 'name' && e.k !== 'field')) return;
      const id = identityOf(e, fn, project);
      if (!id || (id.kind !== 'field' && id.kind !== 'global')) return;
      const type = project.typeOf(e, fn);
      if (!type || (id.kind === 'global' && !project.variable(id.key.slice(7), fileOf(fn)))) return;
      const isVolatile = ((type.cv ?? 0) & 2) !== 0 || /^(?:std::)?atomic/.test(type.base);
      if (e.k === 'field' && isLocalBase(e, fn, project) && !isVolatile) return;
      const written = blocksOf(loop, cfg).some((b) => b.steps.some((s) => stepExprs(s).some((x) => writes(x, id.key, fn, project))));
      const maybe = calls.some((c) => this.mayWrite(c, id.key, fn, isVolatile));
      if (!written && !maybe) found = id.text;
    });
    return found;
  }

  private mayWrite(call: CallExpr, key: string, fn: Func, isVolatile: boolean): boolean {
    const callee = this.model.calleeOf(call, fn);
    if (!callee?.def) return !isVolatile && (this.model.api.kind(call, fn) === undefined) && call.args.some((a) => uncast(a).k !== 'num' && uncast(a).k !== 'str') && !this.model.waits.direct(call, fn);
    for (const f of this.model.reach.from(callee).keys()) {
      let found = false;
      walkStmts(f.def?.decl.body?.stmts ?? [], { expr: (e) => { found ||= writes(e, key, f, this.model.project); } });
      if (found) return true;
    }
    return false;
  }
}

export function blocksOf(loop: Loop, cfg: Cfg): Block[] {
  return [...loop.blocks].map((b) => cfg.blocks[b]!);
}

export function callsIn(loop: Loop, cfg: Cfg): CallExpr[] {
  const calls: CallExpr[] = [];
  const add = (e: Expr): void => visit(e, (x) => { if (x.k === 'call') calls.push(x); });
  for (const b of blocksOf(loop, cfg).sort((x, y) => x.id - y.id)) {
    for (const s of b.steps) for (const e of stepExprs(s)) add(e);
    for (const e of termExprs(b.term)) add(e);
  }
  return calls.sort((a, b) => a.start - b.start);
}

/** The test of a loop; absent for one that never ends by itself. A backward goto is tested by the branch that leads to it. */
export function conditionOf(loop: Loop, cfg: Cfg): Expr | undefined {
  const tests = blocksOf(loop, cfg).filter((b) => b.term.k === 'branch' && b.term.loop === loop);
  const written: Stmt | undefined = loop.stmt;
  if (written && (written.k === 'while' || written.k === 'do' || written.k === 'for')) return tests.length > 0 ? written.c : undefined;
  if (loop.kind !== 'goto') return tests[0]?.term.k === 'branch' ? tests[0].term.cond : undefined;
  const back = blocksOf(loop, cfg).find((b) => b.term.k === 'goto' && b.term.to === loop.header && b.steps.length === 0 && b.preds.length === 1) ;
  const from = back && cfg.blocks[back.preds[0]!];
  return from?.term.k === 'branch' ? from.term.cond : undefined;
}

function conjuncts(e: Expr): Expr[] {
  const x = uncast(e);
  return x.k === 'binary' && x.op === '&&' ? [...conjuncts(x.l), ...conjuncts(x.r)] : [x];
}

/** `i`, `i++`, `--i` */
function counterOf(e: Expr): { name: string; step: number } | undefined {
  const x = uncast(e);
  if (x.k === 'name') return { name: x.name, step: 0 };
  if (x.k === 'update' && x.e.k === 'name') return { name: x.e.name, step: x.op === '++' ? 1 : -1 };
  return undefined;
}

type Write = Expr & { k: 'assign' | 'update' };

function writesOf(name: string, loop: Loop, cfg: Cfg): Write[] {
  const found: Write[] = [];
  const look = (e: Expr): void => visit(e, (x) => {
    if (x.k === 'assign' && x.l.k === 'name' && x.l.name === name) found.push(x);
    if (x.k === 'update' && x.e.k === 'name' && x.e.name === name) found.push(x);
  });
  for (const b of blocksOf(loop, cfg)) {
    for (const s of b.steps) for (const e of stepExprs(s)) look(e);
    for (const e of termExprs(b.term)) look(e);
  }
  return found;
}

/** `x.field = ..`, `x->pb += ..`: what a name leads to is moved on. */
function fieldWrites(name: string, loop: Loop, cfg: Cfg): boolean {
  return blocksOf(loop, cfg).some((b) => b.steps.some((s) => stepExprs(s).some((top) => some(top, (x) => {
    const target = x.k === 'assign' ? x.l : x.k === 'update' ? x.e : undefined;
    return target !== undefined && target.k !== 'name' && some(target, (y) => y.k === 'name' && y.name === name);
  }))));
}

function stepOf(w: Write): number | undefined {
  if (w.k === 'update') return w.op === '++' ? 1 : -1;
  const r = uncast(w.r);
  if (w.op === '+=' && r.k === 'num') return r.value;
  if (w.op === '-=' && r.k === 'num') return -r.value;
  if (w.op === '=' && r.k === 'binary' && (r.op === '+' || r.op === '-') && r.l.k === 'name' && w.l.k === 'name' && r.l.name === w.l.name && r.r.k === 'num') return r.op === '+' ? r.r.value : -r.r.value;
  return undefined;
}

function initialValue(init: Stmt, name: string): Expr | undefined {
  if (init.k === 'decl') return init.vars.find((v) => v.name === name)?.init;
  let found: Expr | undefined;
  if (init.k === 'expr') visit(init.e, (e) => { if (e.k === 'assign' && e.op === '=' && e.l.k === 'name' && e.l.name === name) found = e.r; });
  return found;
}

function isLocalBase(e: Expr & { k: 'field' }, fn: Func, project: ClusterModel['project']): boolean {
  let x: Expr = e;
  while (x.k === 'field' && !x.arrow) x = x.e;
  return x.k === 'name' && project.localOf(x.name, x.start, fn) !== undefined && project.localOf(x.name, x.start, fn)!.type.ref === undefined;
}

function writes(top: Expr, key: string, fn: Func, project: ClusterModel['project']): boolean {
  return some(top, (x) => {
    const target = x.k === 'assign' ? x.l : x.k === 'update' ? x.e : x.k === 'unary' && x.op === '&' ? x.e : undefined;
    return target !== undefined && identityOf(target, fn, project)?.key === key;
  });
}
