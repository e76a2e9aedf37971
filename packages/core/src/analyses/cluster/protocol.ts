// The protocol of a pending operation on the paths of a function: workers and threads started and joined, states reported and what the
// Resource Monitor answered, ClusWorkerCheckTerminate answering TRUE. Rules read it off the facts of a path's state.
//
// Facts: `started` ('' | 'yes' | 'maybe'), `live KEY` ('1' once a create of the worker succeeded), `joined KEY` ('yes'), `report` (states
// of the last report, 'unknown', '' for none), `aborted` (offset of the first check that said TRUE), `exit` ('terminate' once a report was
// answered with it).

import { threadStart } from '@drvlint/wdk';
import type { Expr } from '../../model/expr.js';
import type { Func } from '../../model/project.js';
import { walkStmts } from '../../model/walk.js';
import { Explorer, type PathHost } from '../paths/explore.js';
import type { CallSite, Outcome } from '../paths/eval.js';
import type { State } from '../paths/state.js';
import { constant, symbol, type Val } from '../paths/value.js';
import { fileOf, uncast } from './api.js';
import { createFault } from './create-result.js';
import type { ClusterModel } from './model.js';

/** States after which an operation is over. Source: clusapi.h, resapi.h (the two CannotComeOnline macros are pending - 1 and - 2). */
export const FINAL_STATES: ReadonlySet<number | string> = new Set([2, 3, 4, 126, 127, 'ClusterResourceCannotComeOnlineOnThisNode', 'ClusterResourceCannotComeOnlineOnAnyNode']);
export const STATE_ONLINE = 2;
export const STATE_OFFLINE = 3;

const POOL_STARTS = /^(?:SubmitThreadpoolWork|SetThreadpoolTimer(?:Ex)?|SetThreadpoolWait(?:Ex)?|StartThreadpoolIo|std::async|std::thread|ResumeThread)$/;
const STATUS_INIT = /^ResUtilInitializeResourceStatus(?:Ex)?$/;
/** Calls that get a pointer and neither start, report nor join. */
const PLAIN = /^(?:UNREFERENCED_\w+|(?:Rtl)?(?:Secure)?(?:Zero|Copy|Move|Fill)Memory|mem(?:set|cpy|move|cmp)|_?ASSERTE?|assert|free|LocalFree|GlobalFree|HeapFree|CloseHandle|w?sprintf\w*|s?w?printf|String\w+|lstr\w+|wcs\w+|str\w+|Initialize\w+|Enter\w+|Leave\w+|Acquire\w+|Release\w+|Interlocked\w+|Get\w+|Reg\w+|ClusterReg\w+|ResUtil\w+|QueryServiceStatus\w*|WaitFor\w+|Sleep\w*|SetEvent|ResetEvent|Create\w+|Open\w+|Close\w+|std::\w+|static_cast|sizeof)$/;

/** Members whose values the protocol reads. */
const MEMBERS: ReadonlySet<string> = new Set(['ResourceState']);

export interface ProtocolHooks {
  /** Sees a report before its outcomes: the states sent, 'unknown' or a set. */
  reported?(site: CallSite, sent: readonly (number | string)[] | undefined): void;
  /** Sees every call that is no part of the protocol; an outcome replaces the default. */
  other?(site: CallSite): Outcome[] | undefined;
  step?: PathHost['step'];
  prefer?: PathHost['prefer'];
  leave?: PathHost['leave'];
  created?: PathHost['created'];
  chosen?: PathHost['chosen'];
  /** Functions that must be entered beside those that take part in the protocol. */
  enters?(fn: Func): boolean;
  /** Checks answer FALSE only: paths on which nobody asked to stop. */
  neverStopped?: boolean;
  depth?: number;
}

export class Protocol {
  private readonly relevant = new Map<Func, boolean>();
  private readonly faulty = new Map<Expr, boolean>();

  constructor(private readonly model: ClusterModel) {}

  explorer(hooks: ProtocolHooks = {}): Explorer {
    const { model } = this;
    return new Explorer({
      project: model.project, depth: hooks.depth ?? 4,
      cfg: (fn) => model.graphs.cfg(fn),
      enters: (fn) => this.takesPart(fn) || hooks.enters?.(fn) === true,
      matters: (name, call, inside) => (name !== undefined && /^ResUtilInitialize/.test(name)) || model.api.kind(call, inside) !== undefined,
      members: MEMBERS,
      callee: (site) => model.calleeOf(site.call, site.frame.fn),
      call: (site, evaluate) => this.call(site, hooks, evaluate),
      ...(hooks.step && { step: hooks.step }), ...(hooks.prefer && { prefer: hooks.prefer }), ...(hooks.leave && { leave: hooks.leave }), ...(hooks.created && { created: hooks.created }), ...(hooks.chosen && { chosen: hooks.chosen }),
    });
  }

  /** The function starts, joins, reports or checks, itself or in what it calls. */
  takesPart(fn: Func, depth = 0): boolean {
    const known = this.relevant.get(fn);
    if (known !== undefined) return known;
    if (depth > 5) return false;
    this.relevant.set(fn, false);
    const found = this.model.graphs.calls(fn).some((c) => {
      const kind = this.model.api.kind(c, fn);
      if (kind !== undefined && kind !== 'log') return true;
      const name = this.model.project.calleeName(c, fileOf(fn));
      if (name !== undefined && threadStart(name) !== undefined) return true;
      const callee = this.model.calleeOf(c, fn);
      return callee?.def !== undefined && this.takesPart(callee, depth + 1);
    });
    if (found || depth === 0) this.relevant.set(fn, found);
    else this.relevant.delete(fn);
    return found;
  }

  private call(site: CallSite, hooks: ProtocolHooks, _evaluate: unknown): Outcome[] | undefined {
    const inside = site.frame.fn;
    switch (this.model.api.kind(site.call, inside)) {
      case 'create': return this.create(site);
      case 'check': return this.check(site, hooks);
      case 'report': return this.report(site, hooks);
      case 'terminate': return [{ state: this.joined(site, site.state), val: symbol('?void') }];
      case 'terminate-ex': case 'terminate-many': return this.timed(site);
      case 'log': return [{ state: site.state, val: symbol('?void') }];
      default: return hooks.other?.(site) ?? this.unrelated(site);
    }
  }

  private create(site: CallSite): Outcome[] {
    const id = `create${site.call.start}`;
    let started = site.state.setFact('started', 'yes').setFact('thread', 'worker').setFact('joined *', '');
    for (const worker of site.call.args[0] ? this.model.workers.identities(site.call.args[0], site.frame.fn) : []) started = started.setFact(`joined ${worker.key}`, '').setFact(`live ${worker.key}`, '1');
    const ok: Outcome = { state: started, val: constant(0) };
    // A result that nobody looks at, or looks at the wrong way, is another rule's finding: here the worker counts as started.
    if (this.isUnchecked(site)) return [ok];
    return [ok, { state: site.state.constrain(id, { not: [0] }), val: symbol(id) }];
  }

  private isUnchecked(site: CallSite): boolean {
    let known = this.faulty.get(site.call);
    if (known === undefined) {
      const create = this.model.workers.sites.find((s) => s.call === site.call);
      this.faulty.set(site.call, known = create !== undefined && createFault(this.model, create) !== undefined);
    }
    return known;
  }

  /** The flag never goes back: once TRUE, always TRUE. */
  private check(site: CallSite, hooks: ProtocolHooks): Outcome[] {
    const before = site.state.factText('aborted');
    if (hooks.neverStopped) return [{ state: site.state, val: constant(0) }];
    if (before === undefined || before !== '') return [{ state: site.state.setFact('aborted', String(site.call.start)), val: constant(1) }];
    return [{ state: site.state.setFact('aborted', String(site.call.start)), val: constant(1) }, { state: site.state, val: constant(0) }];
  }

  private report(site: CallSite, hooks: ProtocolHooks): Outcome[] {
    const loc = site.pointee(1);
    const v: Val | undefined = loc === undefined ? undefined : site.state.read(`${loc}.ResourceState`);
    const sent = v && site.state.known(v);
    hooks.reported?.(site, sent);
    const state = site.state.setFact('report', sent ? constant(...sent) : 'unknown').setFact('reportAt', String(site.call.start));
    if (state.factText('exit') === 'terminate') return [{ state, val: constant(1) }];
    return [{ state, val: constant(0) }, { state: state.setFact('exit', 'terminate'), val: constant(1) }];
  }

  private joined(site: CallSite, state: State): State {
    const arg = site.call.args[0];
    let next = state.setFact('started', '');
    for (const id of arg ? this.model.workers.identities(arg, site.frame.fn) : []) next = next.setFact(`joined ${id.key}`, 'yes');
    return next;
  }

  /** A timed join is one only where its result says so; with an infinite timeout it always is. */
  private timed(site: CallSite): Outcome[] {
    const many = this.model.api.kind(site.call, site.frame.fn) === 'terminate-many';
    const timeout = site.call.args[many ? 2 : 1];
    const value = timeout && this.model.project.valueOf(timeout, fileOf(site.frame.fn));
    const done = many ? this.joinedMany(site) : this.joined(site, site.state);
    if (value === 0xFFFFFFFF || value === -1) return [{ state: done, val: constant(0) }];
    const id = `join${site.call.start}`;
    return [{ state: done, val: constant(0) }, { state: site.state.constrain(id, { not: [0] }), val: symbol(id) }];
  }

  /** ClusWorkersTerminate joins every worker whose address went into the array; an array nobody sees joins all. */
  private joinedMany(site: CallSite): State {
    const arg = site.call.args[0] && uncast(site.call.args[0]);
    let next = site.state.setFact('started', '');
    const add = (e: Expr): void => { for (const id of this.model.workers.identities(e, site.frame.fn)) next = next.setFact(`joined ${id.key}`, 'yes'); };
    if (arg?.k === 'unary' && arg.op === '&') {
      const init = uncast(arg.e).k === 'name' ? this.model.project.localOf((uncast(arg.e) as { name: string }).name, arg.start, site.frame.fn)?.v?.init : undefined;
      if (init) add(init);
      return next;
    }
    const local = arg?.k === 'name' ? this.model.project.localOf(arg.name, arg.start, site.frame.fn)?.v : undefined;
    let known = false;
    if (local?.init?.k === 'init') for (const item of local.init.items) { known = true; add(item.value); }
    if (arg?.k === 'name') for (const e of storesInto(arg.name, site.frame.fn)) { known = true; add(e); }
    return known ? next : next.setFact('joined *', 'yes');
  }

  private unrelated(site: CallSite): Outcome[] | undefined {
    const inside = site.frame.fn;
    const name = this.model.project.calleeName(site.call, fileOf(inside));
    if (name !== undefined && STATUS_INIT.test(name)) {
      const loc = site.pointee(0);
      return [{ state: loc === undefined ? site.state : site.state.zero(loc), val: symbol('?void') }];
    }
    if (name !== undefined && threadStart(name) !== undefined) return this.thread(site, name);
    if (name !== undefined && POOL_STARTS.test(name)) return [{ state: site.state.setFact('started', 'maybe'), val: symbol(`?start${site.call.start}`) }];
    const callee = this.model.calleeOf(site.call, inside);
    if (callee?.def && this.model.graphs.cfg(callee)) return undefined;
    if (!this.isForeign(site, name)) return undefined;
    const state = site.state.setFact('started', 'maybe').setFact('report', 'unknown').setFact('foreign', '1');
    return [{ state: this.escape(site, state), val: symbol(`?foreign${site.call.start}`) }];
  }

  private escape(site: CallSite, state: State): State {
    let next = state;
    site.call.args.forEach((_, i) => {
      const loc = site.pointee(i);
      if (loc !== undefined) next = next.forget(loc, String(site.call.start));
    });
    return next;
  }

  private thread(site: CallSite, name: string): Outcome[] {
    const started = site.state.setFact('started', 'yes').setFact('thread', 'other');
    if (name.startsWith('QueueUserWorkItem') || name === 'TrySubmitThreadpoolCallback') return [{ state: started, val: constant(1) }, { state: site.state, val: constant(0) }];
    const id = `thread${site.call.start}`;
    return [{ state: started.constrain(id, { not: [0] }), val: symbol(id) }, { state: site.state, val: constant(0) }];
  }

  /** A function that is not in sight and gets the resource, its status or its handle: it may do anything of the protocol. */
  private isForeign(site: CallSite, name: string | undefined): boolean {
    const inside = site.frame.fn;
    if (name !== undefined && PLAIN.test(name) && this.model.project.candidates(name.replace(/^.*::/, '')).length === 0) return false;
    if (name !== undefined && this.model.waits.direct(site.call, inside)) return false;
    const file = fileOf(inside);
    const passes = (e: Expr): boolean => {
      const x = uncast(e);
      if (x.k === 'num' || x.k === 'str' || x.k === 'sizeof') return false;
      const type = this.model.project.typeOf(x, inside);
      if (!type) return x.k === 'name' && x.name === 'this';
      if (type.base === 'RESOURCE_HANDLE' || type.base === 'RESID') return true;
      const full = this.model.project.canonical(type, file);
      if (/^_?RESOURCE_STATUS(?:_EX)?$/.test(full.base) && (full.ptr === 1 || type.ref !== undefined)) return true;
      if (this.model.api.isWorkerPointer(type, file)) return true;
      return (full.ptr === 1 || type.ref !== undefined) && this.isContext(full.base, x, inside);
    };
    const receiver = site.call.callee.k === 'field' ? [site.call.callee.e] : [];
    return [...site.call.args, ...receiver].some(passes) || (name === undefined && site.call.args.some(passes));
  }

  /** The structure of the resource: it is a worker's context or holds a worker. */
  private isContext(record: string, x: Expr, inside: Func): boolean {
    const placed = this.model.project.record(record, fileOf(inside));
    if (placed?.decl.fields.some((f) => this.model.api.isWorkerType(f.type, placed.file))) return true;
    if (record === 'void' && x.k === 'name') return inside.params.some((p) => p.name === x.name);
    return this.model.workers.sites.some((s) => s.context !== undefined && this.model.project.canonical(this.model.project.typeOf(uncast(s.context), s.inside) ?? { base: '', ptr: 0 }, s.file).base === record);
  }
}

/** `handles[i] = &x;` */
function storesInto(name: string, fn: Func): Expr[] {
  const found: Expr[] = [];
  walkStmts(fn.def?.decl.body?.stmts ?? [], {
    expr: (e) => { if (e.k === 'assign' && e.l.k === 'index' && e.l.e.k === 'name' && e.l.e.name === name) found.push(e.r); },
  });
  return found;
}
