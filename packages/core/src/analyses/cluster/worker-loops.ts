// Judges every loop that a worker can sit in. A loop is fine when it cannot come round for ever once ClusWorkerCheckTerminate says TRUE:
// its paths are walked under that assumption, and a cycle through its header that is left is the finding.

import type { Block, Cfg, Loop } from '../../flow/cfg.js';
import { some, visit } from '../../flow/walk.js';
import type { CallExpr, Expr } from '../../model/expr.js';
import type { FileFacts } from '../../model/facts.js';
import type { Func } from '../../model/project.js';
import type { Stmt } from '../../model/stmt.js';
import { partsOf, stmtParts } from '../../model/walk.js';
import { Explorer, type Node, type PathHost, type Way } from '../paths/explore.js';
import { calleeText, type CallSite, type Frame, type Outcome } from '../paths/eval.js';
import { stepExprs, termExprs } from '../paths/live.js';
import { State } from '../paths/state.js';
import { constant, symbol } from '../paths/value.js';
import { fileOf } from './api.js';
import { isNull } from './identity.js';
import { callsIn, conditionOf, LoopClasses, type LoopClass } from './loop-class.js';
import type { ClusterModel } from './model.js';
import type { Chain } from './reach.js';
import { StopSignals } from './stop-signals.js';
import { isThrottle } from './throttle.js';
import type { Worker } from './workers.js';

export type LoopFault =
  | 'no-check' | 'check-on-some-paths' | 'check-not-decisive' | 'inverted-check' | 'check-result-unused' | 'checks-wrong-worker' | 'exit-state-only' | 'self-recursion'
  /** Only with `strict`: a function that is not in sight may check; a walk over data without a check. */
  | 'unknown-check' | 'data-walk';

export interface LoopFinding {
  readonly func: Func;
  readonly file: FileFacts;
  readonly fault: LoopFault;
  /** Keyword of the loop; the call for self-recursion. */
  readonly start: number;
  readonly end: number;
  readonly loop?: Loop;
  readonly cls: LoopClass;
  /** The check, or the `continue` that skips it. */
  readonly check?: CallExpr;
  readonly skip?: { start: number; end: number };
  readonly worker: Worker;
  readonly chain: Chain;
}

export interface LoopSettings {
  /** Names of functions and macros that count as checks. */
  terminateChecks: readonly string[];
  /** Functions whose loops are bounded by what they do. */
  boundedFunctions: readonly string[];
  /** Tell of loops that are given the benefit of the doubt, and of walks over data. */
  strict: boolean;
}

interface Assumption { stop: boolean; signals?: boolean; exitState?: boolean; /** Checks of another worker count as well. */ anyWorker?: boolean }

const TEMP = '?T';

export class WorkerLoops {
  private readonly signals: StopSignals;
  private readonly classes: LoopClasses;

  constructor(private readonly model: ClusterModel, private readonly settings: LoopSettings) {
    this.signals = new StopSignals(model, new Set(settings.terminateChecks));
    this.classes = new LoopClasses(model);
  }

  /** Findings in one function. */
  judge(fn: Func): LoopFinding[] {
    const cfg = this.model.graphs.cfg(fn);
    if (!cfg || this.settings.boundedFunctions.includes(fn.name) || !this.model.coversFunc(fn)) return [];
    const worker = this.model.reach.workersReaching(fn)[0];
    if (!worker) return [];
    const chain = this.model.reach.from(worker.func).get(fn)!;
    const found = cfg.loops.flatMap((loop) => {
      const verdict = this.judgeLoop(loop, cfg, fn);
      return verdict ? [{ func: fn, file: fileOf(fn), start: loop.start, end: loop.end, loop, worker, chain, ...verdict }] : [];
    });
    return [...found, ...this.recursion(fn, cfg, worker, chain)];
  }

  /** The function, or one it calls, asks; or somebody that is not in sight may. */
  asksAnywhere(fn: Func): boolean {
    return this.signals.checks(fn) || this.model.graphs.calls(fn).some((c) => this.signals.mayCheck(c, fn) || this.signals.stopWait(c, fn) !== undefined);
  }

  private judgeLoop(loop: Loop, cfg: Cfg, fn: Func): { fault: LoopFault; cls: LoopClass; check?: CallExpr; skip?: { start: number; end: number } } | undefined {
    const calls = callsIn(loop, cfg);
    const cls = this.classes.classify(loop, cfg, fn);
    if (this.macroAsks(loop, cfg, fn)) return undefined;
    const doubt = calls.find((c) => this.signals.mayCheck(c, fn));
    if (doubt) return this.settings.strict && !isExempt(cls) && this.comesRound(loop, cfg, fn, { stop: true }) ? { fault: 'unknown-check', cls, check: doubt } : undefined;
    const direct = calls.filter((c) => this.signals.isCheck(c, fn));
    const unused = direct.filter((c) => isUnused(c, loop, cfg));
    const exempt = isExempt(cls);
    if (exempt && this.settings.strict && cls.kind === 'walk' && direct.length === 0) return { fault: 'data-walk', cls };
    if (exempt && unused.length === 0 && direct.every((c) => this.signals.denotes(c.args[0], fn) !== 'wrong')) return undefined;
    if (!this.comesRound(loop, cfg, fn, { stop: true })) return undefined;
    if (!this.comesRound(loop, cfg, fn, { stop: true, signals: true })) return undefined;
    const wrong = direct.find((c) => this.signals.denotes(c.args[0], fn) === 'wrong');
    if (wrong && !this.comesRound(loop, cfg, fn, { stop: true, signals: true, anyWorker: true })) return { fault: 'checks-wrong-worker', cls, check: wrong };
    if (direct.length > 0 && unused.length === direct.length) return { fault: 'check-result-unused', cls, check: direct[0] };
    if (exempt) return undefined;
    const check = direct[0];
    const asks = check !== undefined || calls.some((c) => this.isHelper(c, fn));
    if (!asks) {
      const exit = !this.comesRound(loop, cfg, fn, { stop: true, signals: true, exitState: true });
      return { fault: exit ? 'exit-state-only' : 'no-check', cls };
    }
    const fault = this.faultOfCheck(loop, cfg, fn);
    return { fault, cls, ...(check && { check }), ...(fault === 'check-on-some-paths' && this.skipOf(loop, check)) };
  }

  /** A macro writes the head of the loop and is given the worker. */
  private macroAsks(loop: Loop, cfg: Cfg, fn: Func): boolean {
    const head = this.classes.isMacro(loop, fn) ? conditionOf(loop, cfg) : undefined;
    return head !== undefined && this.signals.namesWorker(head, fn);
  }

  /** Why a loop that asks still comes round. */
  private faultOfCheck(loop: Loop, cfg: Cfg, fn: Func): LoopFault {
    if (!this.comesRound(loop, cfg, fn, { stop: false })) return 'inverted-check';
    const asking = new Set([...loop.blocks].filter((b) => this.asksIn(cfg.blocks[b]!, fn)));
    if (this.comesRound(loop, cfg, fn, { stop: true }, asking)) return 'check-on-some-paths';
    const test = conditionOf(loop, cfg);
    if (test && some(test, (e) => e.k === 'call' && this.isAsking(e, fn))) return 'check-not-decisive';
    for (const b of asking) {
      const block = cfg.blocks[b]!;
      if (this.leavesAfter(block, loop, cfg)) return 'check-on-some-paths';
    }
    return 'check-not-decisive';
  }

  /** Some way on from a block leaves the loop before it asks again. */
  private leavesAfter(block: Block, loop: Loop, cfg: Cfg): boolean {
    const term = block.term;
    const first = term.k === 'branch' ? [term.ifTrue] : term.k === 'switch' ? term.cases.map((c) => c.to) : term.k === 'goto' ? [term.to] : [];
    const seen = new Set<number>();
    const todo = [...first];
    for (let b = todo.pop(); b !== undefined; b = todo.pop()) {
      if (!loop.blocks.has(b)) return true;
      if (seen.has(b) || b === loop.header) continue;
      seen.add(b);
      const t = cfg.blocks[b]!.term;
      if (t.k === 'branch') todo.push(t.ifTrue, t.ifFalse);
      else if (t.k === 'goto') todo.push(t.to);
    }
    return false;
  }

  private isHelper(call: CallExpr, fn: Func): boolean {
    const callee = this.model.calleeOf(call, fn);
    return callee?.def !== undefined && this.signals.checks(callee);
  }

  /** NULL stands where the helper wants the worker. */
  private isGivenNobody(call: CallExpr, fn: Func): boolean {
    const callee = this.model.calleeOf(call, fn);
    return callee?.def !== undefined && call.args.some((a, i) => isNull(a) && callee.params[i] && this.model.api.isWorkerPointer(callee.params[i].type, fileOf(callee)));
  }

  private isAsking(call: CallExpr, fn: Func): boolean {
    return this.signals.isCheck(call, fn) || this.isHelper(call, fn);
  }

  private asksIn(block: Block, fn: Func): boolean {
    return [...block.steps.flatMap(stepExprs), ...termExprs(block.term)].some((e) => some(e, (x) => x.k === 'call' && this.isAsking(x, fn)));
  }

  /** `continue`, or a jump to the header, before the check. */
  private skipOf(loop: Loop, check: CallExpr | undefined): { skip?: { start: number; end: number } } {
    const body = loop.stmt && 'body' in loop.stmt ? loop.stmt.body : undefined;
    if (!body || Array.isArray(body)) return {};
    const found = continuesOf(body).find((c) => check === undefined || c.start < check.start);
    return found ? { skip: { start: found.start, end: found.end } } : {};
  }

  /** Whether the loop can come round for ever under an assumption, avoiding the blocks of `without`. */
  private comesRound(loop: Loop, cfg: Cfg, fn: Func, assume: Assumption, without: ReadonlySet<number> = new Set()): boolean {
    const within = new Set([...loop.blocks].filter((b) => !without.has(b)));
    if (without.has(loop.header)) return false;
    const explorer = new Explorer(this.host(loop, cfg, assume));
    const walk = explorer.walk(fn, State.empty, { block: loop.header, within });
    if (walk.exhausted) return false;
    return hasCycle(walk.nodes, loop.header);
  }

  private host(loop: Loop, cfg: Cfg, assume: Assumption): PathHost {
    const { model, signals } = this;
    return {
      project: model.project, depth: 4,
      cfg: (fn) => model.graphs.cfg(fn),
      enters: (fn) => signals.checks(fn) || this.reports(fn) || (assume.signals === true && this.waitsForStop(fn)),
      matters: (name) => name === 'ClusWorkerCheckTerminate',
      callee: (site) => model.calleeOf(site.call, site.frame.fn),
      call: (site) => this.outcome(site, assume),
      returned: (fn, outcomes) => this.returned(fn, outcomes, assume),
      prefer: (block, ways, frame) => this.prefer(block, ways, frame, loop, cfg, assume),
    };
  }

  private outcome(site: CallSite, assume: Assumption): Outcome[] | undefined {
    const inside = site.frame.fn;
    if (this.signals.isCheck(site.call, inside)) {
      const given = site.args[0] && site.state.known(site.args[0]);
      const other = !assume.anyWorker && (this.signals.denotes(site.call.args[0], inside) === 'wrong' || (given?.length === 1 && given[0] === 0));
      return [{ state: site.state, val: other ? symbol(`?other${site.call.start}`) : constant(assume.stop ? 1 : 0) }];
    }
    const kind = this.model.api.kind(site.call, inside);
    if (kind === 'report') return [{ state: site.state, val: assume.exitState ? constant(1) : symbol(`?report${site.call.start}`) }];
    if (kind !== undefined) return [{ state: site.state, val: symbol(`?api${site.call.start}`) }];
    if (assume.signals) {
      const index = this.signals.stopWait(site.call, inside);
      if (index !== undefined) return [{ state: site.state, val: index < 0 ? symbol(`${TEMP}${site.call.start}`) : constant(index) }];
      if (this.signals.mayCheck(site.call, inside)) return [{ state: site.state, val: symbol(`${TEMP}${site.call.start}`) }];
    }
    if (assume.stop && site.frame.depth > 0 && this.signals.mayCheck(site.call, inside)) return [{ state: site.state, val: symbol(`${TEMP}${site.call.start}`) }];
    return undefined;
  }

  /** A result that depends on the check but has no constant is marked, so that the way out it may mean is taken. */
  private returned(fn: Func, outcomes: Outcome[], assume: Assumption): Outcome[] {
    if (!assume.stop || !(this.signals.checks(fn) || (assume.exitState && this.reports(fn)) || (assume.signals && this.waitsForStop(fn)))) return outcomes;
    return outcomes.map((o) => (o.val.k === 'sym' && o.state.known(o.val) === undefined && !o.state.excluded(o.val).includes(0) && !o.val.id.startsWith(TEMP) ? { state: o.state, val: symbol(`${TEMP}${o.val.id}`) } : o));
  }

  private prefer(block: Block, ways: readonly Way[], frame: Frame, loop: Loop, cfg: Cfg, assume: Assumption): readonly Way[] {
    const inLoop = frame.depth === 0;
    const cond = block.term.k === 'branch' ? block.term.cond : block.term.k === 'switch' ? block.term.e : undefined;
    if (!cond || !assume.stop) return ways;
    if (assume.signals && this.signals.readsStopFlag(cond, frame.fn)) return leaving(ways, inLoop ? loop.blocks : undefined);
    const asked = some(cond, (e) => e.k === 'call' && ((this.isHelper(e, frame.fn) && !this.isGivenNobody(e, frame.fn)) || (assume.signals === true && this.signals.stopWait(e, frame.fn) === -1)));
    if (asked || ways.some((w) => dependsOnCheck(cond, frame, w.state))) return leaving(ways, inLoop ? loop.blocks : undefined);
    if (inLoop && isThrottle(cond, loop, cfg)) {
      const asking = ways.filter((w) => this.leadsToCheck(w.to, loop, cfg, frame.fn));
      if (asking.length === 1) return asking;
    }
    return ways;
  }

  /** From a block the check is reached before the loop comes round. */
  private leadsToCheck(from: number, loop: Loop, cfg: Cfg, fn: Func): boolean {
    const seen = new Set<number>([loop.header]);
    const todo = [from];
    for (let b = todo.pop(); b !== undefined; b = todo.pop()) {
      if (seen.has(b) || !loop.blocks.has(b)) continue;
      seen.add(b);
      const block = cfg.blocks[b]!;
      if (this.asksIn(block, fn)) return true;
      const t = block.term;
      if (t.k === 'branch') todo.push(t.ifTrue, t.ifFalse);
      else if (t.k === 'goto') todo.push(t.to);
      else if (t.k === 'switch') todo.push(t.otherwise, ...t.cases.map((c) => c.to));
    }
    return false;
  }

  private reports(fn: Func, depth = 0): boolean {
    return depth < 3 && this.model.graphs.calls(fn).some((c) => {
      if (this.model.api.kind(c, fn) === 'report') return true;
      const callee = this.model.calleeOf(c, fn);
      return callee?.def !== undefined && callee !== fn && this.reports(callee, depth + 1);
    });
  }

  private waitsForStop(fn: Func, depth = 0): boolean {
    return depth < 3 && this.model.graphs.calls(fn).some((c) => {
      if (this.signals.stopWait(c, fn) !== undefined) return true;
      const callee = this.model.calleeOf(c, fn);
      return callee?.def !== undefined && callee !== fn && this.waitsForStop(callee, depth + 1);
    });
  }

  /** A worker (or a helper that waits) that calls itself before it asks. */
  private recursion(fn: Func, cfg: Cfg, worker: Worker, chain: Chain): LoopFinding[] {
    const own = this.model.graphs.calls(fn).filter((c) => this.model.calleeOf(c, fn) === fn);
    if (own.length === 0 || (fn !== worker.func && this.model.waits.of(fn).length === 0)) return [];
    const reached = new Set<CallExpr>();
    const explorer = new Explorer({
      ...this.host({ start: 0, end: 0, kind: 'goto', header: cfg.entry, blocks: new Set(cfg.order) }, cfg, { stop: true, signals: true }),
      prefer: (_b, ways) => ways,
      call: (site) => {
        if (own.includes(site.call)) { reached.add(site.call); return []; }
        if (site.frame.depth === 0 && this.signals.mayCheck(site.call, fn)) return [];
        return this.outcome(site, { stop: true, signals: true });
      },
    });
    if (explorer.walk(fn).exhausted) return [];
    const wait = this.model.waits.of(fn)[0];
    return [...reached].map((call) => ({
      func: fn, file: fileOf(fn), fault: 'self-recursion' as const, start: call.start, end: call.end, worker, chain,
      cls: { kind: 'endless' as const, onlyCluster: false, ...(wait && { wait }) },
    }));
  }
}

function isExempt(cls: LoopClass): boolean {
  if (cls.kind === 'plain' || cls.kind === 'retry') return true;
  if (cls.kind === 'walk') return cls.wait === undefined;
  return cls.kind === 'bounded' && cls.totalMs !== undefined && cls.totalMs <= 300;
}

/** Ways out of the loop when there are any; in a callee no way is better than another. */
function leaving(ways: readonly Way[], loop: ReadonlySet<number> | undefined): readonly Way[] {
  const out = loop ? ways.filter((w) => !loop.has(w.to)) : [];
  return out.length > 0 ? out : ways;
}

/** The condition looks at a value that came from a check without being a constant. */
function dependsOnCheck(cond: Expr, frame: Frame, state: State): boolean {
  let found = false;
  visit(cond, (e) => {
    if (e.k !== 'name') return;
    const v = state.read(`${frame.id}${e.name}`);
    if (v.k === 'sym' && v.id.startsWith(TEMP)) found = true;
  });
  return found;
}

/** A node of the header can be reached again from itself. */
function hasCycle(nodes: readonly Node[], header: number): boolean {
  for (let n = 0; n < nodes.length; n++) {
    if (nodes[n]!.block !== header) continue;
    const seen = new Set<number>();
    const todo = [...nodes[n]!.to];
    for (let m = todo.pop(); m !== undefined; m = todo.pop()) {
      if (m === n) return true;
      if (seen.has(m)) continue;
      seen.add(m);
      todo.push(...nodes[m]!.to);
    }
  }
  return false;
}

const LOGGING = /^(?:_?[A-Za-z]*(?:Log|Trace|Print|printf|DbgPrint)\w*|OutputDebugString\w*)$/;

/** The result of a call is dropped, kept in a variable nobody reads, or only logged. */
function isUnused(call: CallExpr, loop: Loop, cfg: Cfg): boolean {
  for (const id of loop.blocks) {
    const block = cfg.blocks[id]!;
    if (termExprs(block.term).some((e) => some(e, (x) => x === call))) return false;
    for (const step of block.steps) {
      for (const e of stepExprs(step)) {
        if (!some(e, (x) => x === call)) continue;
        if (step.k === 'return') return false;
        return isDropped(e, step.k === 'decl' ? step.v.name : undefined, call, cfg);
      }
    }
  }
  return false;
}

function isDropped(e: Expr, declared: string | undefined, call: CallExpr, cfg: Cfg): boolean {
  let x = e;
  while (x.k === 'cast') x = x.e;
  if (x === call) return declared === undefined || !isRead(declared, cfg);
  if (x.k === 'assign' && x.op === '=' && x.l.k === 'name' && stripCasts(x.r) === call) return !isRead(x.l.name, cfg);
  if (x.k === 'call' && x.args.some((a) => stripCasts(a) === call)) return LOGGING.test(calleeText(x) ?? (x.callee.k === 'field' ? x.callee.name : ''));
  return false;
}

function stripCasts(e: Expr): Expr {
  let x = e;
  while (x.k === 'cast') x = x.e;
  return x;
}

/** The name occurs in a condition, a return, or an expression other than a store into it or a log entry. */
function isRead(name: string, cfg: Cfg): boolean {
  const reads = (e: Expr): boolean => {
    if (e.k === 'name') return e.name === name;
    if (e.k === 'assign' && e.l.k === 'name') return reads(e.r);
    if (e.k === 'call' && LOGGING.test(calleeText(e) ?? '')) return false;
    if (e.k === 'cast' && e.type.base === 'void' && e.type.ptr === 0) return false;
    if (e.k === 'call' && /^UNREFERENCED_/.test(calleeText(e) ?? '')) return false;
    let found = false;
    for (const p of partsOf(e)) found ||= reads(p);
    return found;
  };
  return cfg.blocks.some((b) => b.steps.some((s) => stepExprs(s).some(reads)) || termExprs(b.term).some(reads));
}

/** `continue` statements that belong to the loop whose body this is. */
function continuesOf(s: Stmt): Stmt[] {
  if (s.k === 'continue') return [s];
  if (s.k === 'while' || s.k === 'do' || s.k === 'for' || s.k === 'rangefor') return [];
  return stmtParts(s).flatMap((p) => (p.k === 's' ? continuesOf(p.s) : []));
}
