// Locks of user-mode code by identity: critical sections, slim locks, mutexes, and the guards of C++. What a call or a declaration takes
// or gives back, and which locks a function can take.

import type { CallExpr, Expr } from '../../model/expr.js';
import type { LocalVar } from '../../model/facts.js';
import type { Func } from '../../model/project.js';
import { fileOf, uncast } from './api.js';
import { identityOf, pointeeIdentity, type Identity } from './identity.js';
import type { ClusterModel } from './model.js';

/** Functions that take or give back the lock their argument points to. Source: synchapi.h. */
const TAKES = /^(?:Enter|TryEnter)CriticalSection$|^(?:Try)?AcquireSRWLock(?:Exclusive|Shared)$/;
const GIVES = /^LeaveCriticalSection$|^ReleaseSRWLock(?:Exclusive|Shared)$/;
const GUARDS = /^(?:std::)?(?:lock_guard|unique_lock|scoped_lock|shared_lock)$|^(?:ATL::)?(?:CComCritSecLock|CCritSecLock|CSingleLock)$|AutoLock$|LockGuard$/;

export interface LockEffect { takes: Identity[]; gives: Identity[] }

export class Locks {
  private readonly taken = new Map<Func, ReadonlySet<string>>();
  private mutexes?: ReadonlySet<string>;

  constructor(private readonly model: ClusterModel) {}

  ofCall(call: CallExpr, fn: Func): LockEffect {
    const none: LockEffect = { takes: [], gives: [] };
    const callee = uncast(call.callee);
    if (callee.k === 'field') return this.ofMethod(callee, fn);
    const name = this.model.project.calleeName(call, fileOf(fn));
    if (name === undefined || !call.args[0]) return none;
    if (TAKES.test(name) || GIVES.test(name)) {
      const id = pointeeIdentity(call.args[0], fn, this.model.project);
      return id ? (TAKES.test(name) ? { takes: [id], gives: [] } : { takes: [], gives: [id] }) : none;
    }
    if (!/^(?:WaitForSingleObject(?:Ex)?|ReleaseMutex)$/.test(name)) return none;
    const id = identityOf(call.args[0], fn, this.model.project);
    if (!id || !this.mutexKeys().has(id.key)) return none;
    return name === 'ReleaseMutex' ? { takes: [], gives: [id] } : { takes: [id], gives: [] };
  }

  private ofMethod(callee: Expr & { k: 'field' }, fn: Func): LockEffect {
    const takes = /^(?:lock|try_lock|lock_shared|Lock|Enter)$/.test(callee.name);
    const gives = /^(?:unlock|unlock_shared|Unlock|Leave)$/.test(callee.name);
    const id = takes || gives ? (callee.arrow ? pointeeIdentity(callee.e, fn, this.model.project) : identityOf(callee.e, fn, this.model.project)) : undefined;
    return { takes: takes && id ? [id] : [], gives: gives && id ? [id] : [] };
  }

  /** Locks that a guard object holds while it lives. */
  ofGuard(v: LocalVar, fn: Func): Identity[] {
    if (!GUARDS.test(v.type.base)) return [];
    const args = v.ctorArgs ?? (v.init?.k === 'init' ? v.init.items.map((i) => i.value) : v.init?.k === 'call' ? v.init.args : []);
    return args.flatMap((a) => {
      const id = uncast(a).k === 'unary' ? pointeeIdentity(a, fn, this.model.project) : identityOf(a, fn, this.model.project);
      return id ? [id] : [];
    });
  }

  private mutexKeys(): ReadonlySet<string> {
    if (this.mutexes) return this.mutexes;
    const found = new Set<string>();
    for (const fn of this.model.functions) {
      for (const c of this.model.graphs.calls(fn)) {
        if (this.model.project.calleeName(c, fileOf(fn)) !== 'ReleaseMutex' || !c.args[0]) continue;
        const id = identityOf(c.args[0], fn, this.model.project);
        if (id) found.add(id.key);
      }
    }
    return this.mutexes = found;
  }

  /** Keys of all locks a function or one it calls can take. */
  takenBy(fn: Func): ReadonlySet<string> {
    const known = this.taken.get(fn);
    if (known) return known;
    const found = new Set<string>();
    this.taken.set(fn, found);
    for (const f of this.model.reach.from(fn).keys()) {
      for (const c of this.model.graphs.calls(f)) for (const id of this.ofCall(c, f).takes) found.add(id.key);
      for (const b of this.model.graphs.cfg(f)?.blocks ?? []) for (const s of b.steps) if (s.k === 'decl') for (const id of this.ofGuard(s.v, f)) found.add(id.key);
    }
    return found;
  }
}
