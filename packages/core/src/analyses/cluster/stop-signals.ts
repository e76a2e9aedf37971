// How a worker learns that it must stop: ClusWorkerCheckTerminate on its own structure, helpers that call it, functions nobody sees that
// get the worker, private events and flags that Terminate sets before it joins.

import { some } from '../../flow/walk.js';
import type { CallExpr, Expr } from '../../model/expr.js';
import type { Func } from '../../model/project.js';
import { walkExpr, walkStmts } from '../../model/walk.js';
import { fileOf, uncast } from './api.js';
import { identityOf, isNull, pointeeIdentity } from './identity.js';
import type { ClusterModel } from './model.js';
import type { Chain } from './reach.js';

/** Calls that take a worker pointer and look at nothing. */
const IDLE = /^(?:UNREFERENCED_PARAMETER|UNREFERENCED_LOCAL_VARIABLE|DBG_UNREFERENCED_\w+|_?ASSERTE?|assert|NT_ASSERT|wsprintf\w*|s?n?printf|w?printf|OutputDebugString\w*|(?:Rtl)?(?:Copy|Move|Zero|Fill|SecureZero)Memory|mem(?:cpy|move|set|cmp)|std::(?:move|forward|ignore|cout)|static_cast|sizeof)$/;

/** Calls that set a private stop event. Source: the Windows API pages. */
const EVENTS = /^(?:SetEvent|PulseEvent|ReleaseSemaphore|PostQueuedCompletionStatus|WSASetEvent|WakeConditionVariable|WakeAllConditionVariable)$/;
/** Calls by which Terminate makes a wait on the argument end in another way. */
const INTERRUPTS = /^(?:ReleaseMutex|TerminateProcess|TerminateJobObject|closesocket|shutdown|CancelIoEx|CancelSynchronousIo|DisconnectNamedPipe|SetWaitableTimer)$/;

export type Verdict = 'own' | 'wrong' | 'unknown';

export class StopSignals {
  private readonly checking = new Map<Func, boolean>();
  private contexts?: ReadonlySet<string>;
  private events?: ReadonlySet<string>;
  private flags?: ReadonlySet<string>;
  private interrupts?: ReadonlySet<string>;

  constructor(private readonly model: ClusterModel, private readonly extra: ReadonlySet<string>) {}

  /** The call asks ClusWorkerCheckTerminate, or a function that the configuration names. */
  isCheck(call: CallExpr, inside: Func): boolean {
    if (this.model.api.kind(call, inside) === 'check') return true;
    const name = this.model.project.calleeName(call, fileOf(inside));
    return name !== undefined && this.extra.has(name);
  }

  /** A project function that asks, itself or through up to three levels. */
  checks(fn: Func, depth = 0): boolean {
    const known = this.checking.get(fn);
    if (known !== undefined) return known;
    if (depth > 3) return false;
    this.checking.set(fn, false);
    const found = this.model.graphs.calls(fn).some((call) => {
      if (this.isCheck(call, fn)) return true;
      const callee = this.model.calleeOf(call, fn);
      return callee?.def !== undefined && this.checks(callee, depth + 1);
    });
    if (found || depth === 0) this.checking.set(fn, found);
    else this.checking.delete(fn);
    return found;
  }

  /** Whether the argument of a check is the worker that runs `inside`. */
  denotes(arg: Expr | undefined, inside: Func): Verdict {
    if (!arg) return 'unknown';
    if (isNull(arg)) return 'wrong';
    const own = pointeeIdentity(arg, inside, this.model.project);
    if (!own) return 'unknown';
    const workers = this.model.reach.workersReaching(inside);
    const identities = new Set(workers.flatMap((w) => w.sites.flatMap((s) => s.identities.map((i) => i.key))));
    if (identities.has(own.key)) return 'own';
    if (own.kind === 'local' && !own.key.startsWith('*')) return this.isWorkerObject(arg, inside) ? 'wrong' : 'unknown';
    if (own.kind === 'param' && own.param !== undefined) return this.isWorkerObject(arg, inside) ? 'wrong' : 'own';
    if (own.key.startsWith('*') || own.key.includes('?.') || identities.size === 0) return 'unknown';
    const complete = workers.length > 0 && workers.every((w) => w.sites.length > 0 && w.sites.every((s) => s.identities.length > 0 && s.identities.every((i) => i.kind !== 'param' && !i.key.startsWith('*'))));
    return complete && this.isWorkerObject(arg, inside) ? 'wrong' : 'unknown';
  }

  /** `&x` where x is a CLUS_WORKER of its own: a local, a by-value parameter, a field. */
  private isWorkerObject(arg: Expr, inside: Func): boolean {
    const x = uncast(arg);
    if (x.k !== 'unary' || x.op !== '&') return false;
    return this.model.api.isWorkerType(this.model.project.typeOf(x.e, inside), fileOf(inside));
  }

  /** A function nobody sees gets the worker pointer, or a context in which the project stores that pointer. */
  mayCheck(call: CallExpr, inside: Func): boolean {
    if (this.model.api.kind(call, inside) !== undefined) return false;
    const callee = this.model.calleeOf(call, inside);
    if (callee?.def && this.model.graphs.cfg(callee)) return false;
    const name = this.model.project.calleeName(call, fileOf(inside));
    if (name !== undefined && (IDLE.test(name) || this.model.waits.direct(call, inside))) return false;
    if (callee && !callee.def && this.isContextMethod(callee)) return true;
    return [...call.args, ...(call.callee.k === 'field' ? [call.callee.e] : [])].some((a) => this.isWorkerPointer(a, inside) || (!this.isDocumented(name) && this.holdsWorker(a, inside)));
  }

  /** A method without a body in sight of a class that keeps a worker pointer. */
  private isContextMethod(fn: Func): boolean {
    const owner = fn.decls[0]?.decl.scope.at(-1);
    return owner?.kind === 'class' && this.contextRecords().has(owner.name);
  }

  /** The worker pointer, or a context that holds it, is written in an expression. */
  namesWorker(e: Expr, inside: Func): boolean {
    return some(e, (x) => x.k !== 'call' && (this.isWorkerPointer(x, inside) || this.holdsWorker(x, inside)));
  }

  private isWorkerPointer(e: Expr, inside: Func): boolean {
    const x = uncast(e);
    const type = this.model.project.typeOf(x, inside);
    if (type && this.model.api.isWorkerPointer(type, fileOf(inside))) return true;
    return x.k === 'unary' && x.op === '&' && this.model.api.isWorkerType(this.model.project.typeOf(x.e, inside), fileOf(inside));
  }

  private isDocumented(name: string | undefined): boolean {
    return name !== undefined && /^(?:ResUtil|Clus|Cluster)[A-Z]\w+$/.test(name);
  }

  private holdsWorker(e: Expr, inside: Func): boolean {
    const type = this.model.project.typeOf(uncast(e), inside);
    if (!type) return false;
    const full = this.model.project.canonical(type, fileOf(inside));
    return full.ptr <= 1 && this.contextRecords().has(full.base);
  }

  /** Structures in which the project stores a worker pointer. */
  private contextRecords(): ReadonlySet<string> {
    if (this.contexts) return this.contexts;
    const found = new Set<string>();
    for (const file of this.model.project.files) {
      for (const r of file.records) {
        if (r.fields.some((f) => this.model.api.isWorkerPointer(f.type, file))) for (const n of [r.name, r.typedefName]) if (n) found.add(n);
      }
    }
    return this.contexts = found;
  }

  /** Identities of events (and completion ports) that the Terminate role sets before it joins the worker. */
  stopEvents(): ReadonlySet<string> {
    if (!this.events) this.collectSignals();
    return this.events!;
  }

  /** Fields that the Terminate role writes before it joins the worker. */
  stopFlags(): ReadonlySet<string> {
    if (!this.flags) this.collectSignals();
    return this.flags!;
  }

  /** Objects whose waits the Terminate role ends otherwise before it joins: processes it kills, sockets it closes. */
  private interrupted(): ReadonlySet<string> {
    if (!this.interrupts) this.collectSignals();
    return this.interrupts!;
  }

  private collectSignals(): void {
    const events = new Set<string>();
    const flags = new Set<string>();
    const interrupts = new Set<string>();
    for (const entry of this.model.roles.withRole('Terminate')) {
      for (const [fn, chain] of this.model.reach.from(entry.func)) {
        const before = this.beforeJoin(fn, chain);
        for (const call of this.model.graphs.calls(fn)) {
          const name = this.model.project.calleeName(call, fileOf(fn));
          if (!before(call.start)) continue;
          if (name !== undefined && call.args[0] && EVENTS.test(name)) this.addIdentity(call.args[0], fn, events);
          if (name !== undefined && call.args[0] && INTERRUPTS.test(name)) this.addIdentity(call.args[0], fn, interrupts);
          if (name !== undefined && call.args[0] && /^_?Interlocked(?:Exchange|Or|Increment)/.test(name)) {
            const id = pointeeIdentity(call.args[0], fn, this.model.project);
            if (id) flags.add(id.key);
          }
          this.addStore(call, fn, flags);
        }
        walkStmts(fn.def!.decl.body?.stmts ?? [], {
          expr: (e) => { if (e.k === 'assign' && e.op === '=' && before(e.start) && !isNull(e.r) && !isFalse(e.r)) this.addIdentity(e.l, fn, flags); },
        });
      }
    }
    this.events = events;
    this.flags = flags;
    this.interrupts = interrupts;
  }

  /** Whether a place of a function that Terminate reaches comes before a join, in that function and in those on the way to it. */
  private beforeJoin(fn: Func, chain: Chain): (at: number) => boolean {
    const joinsIn = (f: Func): number[] => this.model.graphs.calls(f).filter((c) => this.joins(c, f, 0)).map((c) => c.start);
    const outer = chain.calls.every(({ call, inside }) => {
      const joins = joinsIn(inside);
      return joins.length === 0 || joins.some((j) => j >= call.start);
    });
    const own = joinsIn(fn);
    return (at) => outer && (own.length === 0 || own.some((j) => j > at));
  }

  private joins(call: CallExpr, inside: Func, depth: number): boolean {
    if (/^terminate/.test(this.model.api.kind(call, inside) ?? '')) return true;
    const callee = this.model.calleeOf(call, inside);
    return depth < 3 && callee?.def !== undefined && callee !== inside && this.model.graphs.calls(callee).some((c) => this.joins(c, callee, depth + 1));
  }

  /** `m_stop.store(true)` */
  private addStore(call: CallExpr, fn: Func, flags: Set<string>): void {
    const callee = uncast(call.callee);
    if (callee.k === 'field' && /^(?:store|exchange|test_and_set|request_stop|notify_one|notify_all)$/.test(callee.name)) this.addIdentity(callee.e, fn, flags);
  }

  private addIdentity(e: Expr, fn: Func, into: Set<string>): void {
    const x = uncast(e);
    const id = identityOf(x.k === 'unary' && x.op === '&' ? x.e : x, fn, this.model.project);
    if (id && id.kind !== 'local' && id.kind !== 'param' && !id.key.includes('?.')) into.add(id.key);
  }

  /** The condition reads a flag that Terminate sets. */
  readsStopFlag(cond: Expr, inside: Func): boolean {
    const flags = this.stopFlags();
    if (flags.size === 0) return false;
    let found = false;
    walkExpr(cond, {
      expr: (e) => {
        const target = e.k === 'unary' && e.op === '&' ? e.e : e;
        if (target.k !== 'name' && target.k !== 'field') return;
        const id = identityOf(target, inside, this.model.project);
        if (id && flags.has(id.key)) found = true;
      },
    });
    return found;
  }

  /** What a wait on stop events returns when the event is set: the index of the event, or -1 when it may be among the handles. */
  stopWait(call: CallExpr, inside: Func): number | undefined {
    const name = this.model.project.calleeName(call, fileOf(inside));
    if (name === undefined || this.stopEvents().size === 0) return undefined;
    if (/^(?:WaitForSingleObject|WaitForSingleObjectEx)$/.test(name)) return call.args[0] && this.isStopEvent(call.args[0], inside) ? 0 : undefined;
    if (name === 'SignalObjectAndWait') return call.args[1] && this.isStopEvent(call.args[1], inside) ? 0 : undefined;
    if (name === 'GetQueuedCompletionStatus') return call.args[0] && this.isStopEvent(call.args[0], inside) ? -1 : undefined;
    if (!/^(?:Msg)?WaitForMultipleObjects(?:Ex)?$/.test(name)) return undefined;
    const all = call.args[2];
    if (all && this.model.project.valueOf(all, fileOf(inside)) === 1) return undefined;
    return call.args[1] ? this.indexOfStop(call.args[1], inside) : undefined;
  }

  /** Waits on the object end when Terminate runs: it signals or interrupts them before it joins. */
  endsWait(e: Expr, inside: Func): boolean {
    const x = uncast(e);
    const id = identityOf(x.k === 'unary' && x.op === '&' ? x.e : x, inside, this.model.project);
    return this.isStopEvent(e, inside) || (id !== undefined && this.interrupted().has(id.key));
  }

  /** The handle is one that Terminate signals before it joins. */
  isStopEvent(e: Expr, inside: Func): boolean {
    const id = identityOf(uncast(e), inside, this.model.project);
    if (id && this.stopEvents().has(id.key)) return true;
    const x = uncast(e);
    const init = x.k === 'name' ? this.model.project.localOf(x.name, x.start, inside)?.v?.init : undefined;
    return init !== undefined && this.isStopEvent(init, inside);
  }

  /** Index of a stop event in an array of handles that is filled in this function. */
  private indexOfStop(array: Expr, inside: Func): number | undefined {
    const x = uncast(array);
    if (x.k !== 'name') return -1;
    const local = this.model.project.localOf(x.name, x.start, inside);
    if (!local?.v) return -1;
    if (local.v.init?.k === 'init') {
      const at = local.v.init.items.findIndex((i) => this.isStopEvent(i.value, inside));
      if (at >= 0) return at;
    }
    let index: number | undefined;
    walkStmts(inside.def?.decl.body?.stmts ?? [], {
      expr: (e) => {
        if (e.k !== 'assign' || e.l.k !== 'index' || e.l.e.k !== 'name' || e.l.e.name !== x.name || !this.isStopEvent(e.r, inside)) return;
        index = this.model.project.valueOf(e.l.i, fileOf(inside)) ?? -1;
      },
    });
    return index;
  }
}

function isFalse(e: Expr): boolean {
  const x = uncast(e);
  return x.k === 'name' && /^(?:FALSE|false)$/.test(x.name);
}
