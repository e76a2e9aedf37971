// Who waits for a worker to end: calls of ClusWorkerTerminate and its kin, and the identities they join, by the role they are reached from.

import type { CallExpr } from '../../model/expr.js';
import type { Func } from '../../model/project.js';
import { fileOf, uncast } from './api.js';
import { onlyValue } from './identity.js';
import type { ClusterModel } from './model.js';
import type { EntryRole } from './roles.js';
import { placeOfCall, usesAfter } from './value-flow.js';
import { walkStmts } from '../../model/walk.js';

export interface Join {
  call: CallExpr;
  inside: Func;
  /** Identities joined; `*` for all that nobody can tell apart. */
  keys: readonly string[];
  /** It waits until the thread is gone: no finite timeout, or one whose result is tested. */
  certain: boolean;
}

export class Joins {
  private list?: readonly Join[];

  constructor(private readonly model: ClusterModel) {}

  all(): readonly Join[] {
    return this.list ??= this.model.functions.flatMap((fn) => this.model.graphs.calls(fn).flatMap((c) => this.join(c, fn)));
  }

  private join(call: CallExpr, fn: Func): Join[] {
    const kind = this.model.api.kind(call, fn);
    if (kind !== 'terminate' && kind !== 'terminate-ex' && kind !== 'terminate-many') return [];
    return [{ call, inside: fn, keys: kind === 'terminate-many' ? this.arrayKeys(call, fn) : this.keysOf(call, fn), certain: kind === 'terminate' || this.isCertain(call, fn, kind) }];
  }

  private keysOf(call: CallExpr, fn: Func): string[] {
    const arg = call.args[0];
    return arg ? this.model.workers.identities(arg, fn).map((i) => i.key) : [];
  }

  private arrayKeys(call: CallExpr, fn: Func): string[] {
    const arg = call.args[0] && uncast(call.args[0]);
    const name = arg?.k === 'name' ? arg.name : arg?.k === 'unary' && uncast(arg.e).k === 'name' ? (uncast(arg.e) as { name: string }).name : undefined;
    if (name === undefined) return ['*'];
    const init = this.model.project.localOf(name, call.start, fn)?.v?.init ?? onlyValue(name, fn);
    const items = init?.k === 'init' ? init.items.map((i) => i.value) : arg?.k === 'unary' && init ? [init] : [];
    walkStmts(fn.def!.decl.body!.stmts, { expr: (e) => { if (e.k === 'assign' && e.l.k === 'index' && e.l.e.k === 'name' && e.l.e.name === name) items.push(e.r); } });
    const keys = items.flatMap((i) => this.model.workers.identities(i, fn).map((id) => id.key));
    return keys.length > 0 ? keys : ['*'];
  }

  private isCertain(call: CallExpr, fn: Func, kind: 'terminate-ex' | 'terminate-many'): boolean {
    const timeout = call.args[kind === 'terminate-ex' ? 1 : 2];
    const value = timeout && this.model.project.valueOf(timeout, fileOf(fn));
    if (value === 0xFFFFFFFF || value === -1) return true;
    const cfg = this.model.graphs.cfg(fn);
    const place = cfg && placeOfCall(call, cfg);
    if (!cfg || !place || place.result === 'dropped' || place.result === 'void') return false;
    return place.result !== 'stored' || usesAfter(place.local!, place, cfg, fn, this.model).length > 0;
  }

  /** Joins of an identity in reach of entry points with one of the roles. */
  inRoles(key: string, roles: readonly EntryRole[]): Join[] {
    return this.all().filter((j) => (j.keys.includes(key) || j.keys.includes('*')) && this.model.reach.entriesReaching(j.inside, roles).length > 0);
  }

  /** An entry point with the role calls something that nobody sees and that gets the resource. */
  mayJoinElsewhere(role: EntryRole): boolean {
    return this.model.roles.withRole(role).some((e) => [...this.model.reach.from(e.func).keys()].some((fn) => this.model.graphs.calls(fn).some((c) => this.isForeign(c, fn))));
  }

  private isForeign(call: CallExpr, fn: Func): boolean {
    if (this.model.api.kind(call, fn) !== undefined) return false;
    const callee = this.model.calleeOf(call, fn);
    if (callee?.def && this.model.graphs.cfg(callee)) return false;
    const name = this.model.project.calleeName(call, fileOf(fn));
    const declared = callee !== undefined || (name !== undefined && this.model.project.candidates(name.replace(/^.*::/, '')).length > 0);
    const receiver = call.callee.k === 'field' ? [call.callee.e] : [];
    return [...call.args, ...receiver].some((a) => {
      const x = uncast(a);
      const type = this.model.project.typeOf(x, fn);
      if (!type) return false;
      if (this.model.api.isWorkerPointer(type, fileOf(fn))) return true;
      const full = this.model.project.canonical(type, fileOf(fn));
      const record = this.model.project.record(full.base, fileOf(fn));
      return declared && (type.base === 'RESID' || (full.ptr === 1 && record?.decl.fields.some((f) => this.model.api.isWorkerType(f.type, record.file)) === true));
    });
  }
}
