// What a call is to the resource DLL interface: one of the ClusWorker* functions, a call back into the Resource Monitor, or something
// else. By name, or by the declared type of the function pointer it goes through.

import type { CallExpr, Expr } from '../../model/expr.js';
import type { FileFacts } from '../../model/facts.js';
import type { Func, Project } from '../../model/project.js';
import type { TypeRef } from '../../model/types.js';

export type ApiKind = 'create' | 'check' | 'terminate' | 'terminate-ex' | 'terminate-many' | 'report' | 'log';

/** Functions by name. Source: resapi.h. */
const BY_NAME: ReadonlyMap<string, ApiKind> = new Map([
  ['ClusWorkerCreate', 'create'], ['ClusWorkerCheckTerminate', 'check'], ['ClusWorkerTerminate', 'terminate'],
  ['ClusWorkerTerminateEx', 'terminate-ex'], ['ClusWorkersTerminate', 'terminate-many'],
]);

/** Function-pointer types. Source: resapi.h. */
const BY_TYPE: ReadonlyMap<string, ApiKind> = new Map([
  ['PCLUSAPI_CLUS_WORKER_CREATE', 'create'], ['PCLUSAPIClusWorkerCheckTerminate', 'check'], ['PCLUSAPI_CLUS_WORKER_TERMINATE', 'terminate'],
  ['PSET_RESOURCE_STATUS_ROUTINE', 'report'], ['PSET_RESOURCE_STATUS_ROUTINE_EX', 'report'], ['PLOG_EVENT_ROUTINE', 'log'],
]);

/** Members of CLRES_CALLBACK_FUNCTION_TABLE. Source: resapi.h. */
const BY_MEMBER: ReadonlyMap<string, ApiKind> = new Map([['SetResourceStatus', 'report'], ['SetResourceStatusEx', 'report'], ['LogEvent', 'log']]);
const CALLBACK_TABLE = /CLRES_CALLBACK_FUNCTION_TABLE$/;

export class Api {
  private readonly known = new WeakMap<CallExpr, { kind: ApiKind | undefined }>();

  constructor(readonly project: Project) {}

  kind(call: CallExpr, inside: Func): ApiKind | undefined {
    let entry = this.known.get(call);
    if (!entry) this.known.set(call, entry = { kind: this.find(call, inside) });
    return entry.kind;
  }

  private find(call: CallExpr, inside: Func): ApiKind | undefined {
    const file = fileOf(inside);
    const name = this.project.calleeName(call, file);
    const byName = name === undefined ? undefined : BY_NAME.get(name.replace(/^.*::/, ''));
    if (byName && !this.project.calleeOf(call, inside)?.def) return byName;
    const callee = stripAll(call.callee);
    const type = this.project.typeOf(callee, inside);
    const byType = type && this.kindOfType(type, file);
    if (byType) return byType;
    if (callee.k !== 'field') return undefined;
    const member = BY_MEMBER.get(callee.name);
    const owner = member && this.project.typeOf(callee.e, inside);
    return owner && CALLBACK_TABLE.test(this.project.canonical(owner, file).base) ? member : undefined;
  }

  /** Kind of function a type points to, through the project's own typedefs of it. */
  kindOfType(type: TypeRef, file: FileFacts): ApiKind | undefined {
    let t = type;
    for (let i = 0; i < 6; i++) {
      const kind = BY_TYPE.get(t.base);
      if (kind) return kind;
      const alias = this.project.typedef(t.base, file);
      if (!alias) return undefined;
      t = alias.decl.type;
    }
    return undefined;
  }

  /** The type is CLUS_WORKER (not a pointer to it). */
  isWorkerType(type: TypeRef | undefined, file: FileFacts): boolean {
    if (!type || type.ptr > 0 || type.fn) return false;
    const full = this.project.canonical(type, file);
    return full.ptr === 0 && isWorkerName(full.base);
  }

  isWorkerPointer(type: TypeRef | undefined, file: FileFacts): boolean {
    if (!type || type.fn) return false;
    const full = this.project.canonical(type, file);
    return (full.ptr === 1 && isWorkerName(full.base)) || (full.ptr === 0 && full.base === 'PCLUS_WORKER');
  }
}

function isWorkerName(base: string): boolean {
  return base === 'CLUS_WORKER' || base === '_CLUS_WORKER';
}

export function fileOf(fn: Func): FileFacts {
  return (fn.def ?? fn.decls[0]!).file;
}

/** Without casts, `&` and `*` of functions. */
export function stripAll(e: Expr): Expr {
  let x = e;
  for (;;) {
    if (x.k === 'cast') x = x.e;
    else if (x.k === 'unary' && x.op === '*') x = x.e;
    else return x;
  }
}

/** Without C and C++ casts. */
export function uncast(e: Expr): Expr {
  let x = e;
  while (x.k === 'cast') x = x.e;
  return x;
}
