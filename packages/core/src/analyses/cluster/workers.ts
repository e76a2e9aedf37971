// Where workers are created, with what structure, routine and context, and which functions run as workers. Wrapper functions that hand
// their parameters on to ClusWorkerCreate are seen through.

import type { CallExpr, Expr, LambdaExpr } from '../../model/expr.js';
import type { FileFacts } from '../../model/facts.js';
import { FunctionValues, type FunctionValue } from '../../model/function-values.js';
import type { Func, Project } from '../../model/project.js';
import type { TypeRef } from '../../model/types.js';
import { walkExpr, walkStmts } from '../../model/walk.js';
import type { Api } from './api.js';
import { fileOf } from './api.js';
import type { Graphs } from './graphs.js';
import { pointeeIdentity, type Identity } from './identity.js';

/** A routine given to ClusWorkerCreate, and the argument that gives it. */
export interface Routine {
  func?: Func;
  lambda?: LambdaExpr;
  cast?: TypeRef;
  /** The whole argument, casts included, and where it stands. */
  arg: Expr;
  leaf: Expr;
  file: FileFacts;
  inside: Func;
}

export interface CreateSite {
  readonly inside: Func;
  readonly file: FileFacts;
  readonly call: CallExpr;
  readonly worker: Expr | undefined;
  readonly routine: Expr | undefined;
  readonly context: Expr | undefined;
  /** Routines it may start; through wrappers, those of all callers. */
  readonly routines: readonly Routine[];
  /** Worker structures it may be given. */
  readonly identities: readonly Identity[];
  /** Object given as lpParameter, as far as it can be named. */
  readonly contextIdentity: Identity | undefined;
}

export interface Worker {
  readonly func: Func;
  readonly sites: readonly CreateSite[];
  /** Place that gave it the role. */
  readonly routine?: Routine;
}

const MAX_WRAPPERS = 3;

export class Workers {
  readonly sites: CreateSite[] = [];
  readonly workers: Worker[] = [];
  private readonly values: FunctionValues;
  private readonly callers = new Map<Func, { call: CallExpr; inside: Func }[]>();

  constructor(private readonly project: Project, private readonly api: Api, private readonly graphs: Graphs) {
    this.values = new FunctionValues(project);
    const funcs = project.funcs.filter((f) => f.def && project.isResourceDll(f.def.file));
    for (const fn of funcs) this.indexCalls(fn);
    for (const fn of funcs) this.findSites(fn);
    this.collectWorkers(funcs);
  }

  private indexCalls(fn: Func): void {
    for (const call of this.graphs.calls(fn)) {
      const callee = this.project.calleeOf(call, fn);
      if (!callee) continue;
      const list = this.callers.get(callee);
      if (list) list.push({ call, inside: fn });
      else this.callers.set(callee, [{ call, inside: fn }]);
    }
  }

  /** Calls of a function in the project. */
  callersOf(fn: Func): readonly { call: CallExpr; inside: Func }[] {
    return this.callers.get(fn) ?? [];
  }

  private findSites(fn: Func): void {
    for (const call of this.graphs.calls(fn)) {
      if (this.api.kind(call, fn) !== 'create') continue;
      const [worker, routine, context] = call.args;
      this.sites.push({
        inside: fn, file: fileOf(fn), call, worker, routine, context,
        routines: routine ? this.routines(routine, fn, 0) : [],
        identities: worker ? this.identities(worker, fn, 0) : [],
        contextIdentity: context && pointeeIdentity(context, fn, this.project),
      });
    }
  }

  private routines(arg: Expr, inside: Func, depth: number): Routine[] {
    return this.values.of(arg, { file: fileOf(inside), inside }, { argc: 2 }).flatMap((v) => this.routine(v, arg, inside, depth));
  }

  private routine(v: FunctionValue, arg: Expr, inside: Func, depth: number): Routine[] {
    if (v.param !== undefined) {
      if (depth >= MAX_WRAPPERS) return [];
      return this.callersOf(inside).flatMap(({ call, inside: caller }) => {
        const given = call.args[v.param!];
        return given ? this.routines(given, caller, depth + 1) : [];
      });
    }
    return [{ arg, leaf: v.leaf, file: fileOf(inside), inside, ...(v.func && { func: v.func }), ...(v.lambda && { lambda: v.lambda }), ...(v.cast && { cast: v.cast }) }];
  }

  /** Objects a pointer argument may refer to; a parameter of a wrapper stands for what its callers give. */
  identities(arg: Expr, inside: Func, depth = 0): Identity[] {
    const own = pointeeIdentity(arg, inside, this.project);
    if (!own) return [];
    if (own.kind !== 'param' || own.param === undefined || !own.key.startsWith('param:') || own.key !== `param:${inside.id}.${own.param}`) return [own];
    if (depth >= MAX_WRAPPERS) return [own];
    const outer = this.callersOf(inside).flatMap(({ call, inside: caller }) => {
      const given = call.args[own.param!];
      return given ? this.identities(given, caller, depth + 1) : [];
    });
    return outer.length > 0 ? outer : [own];
  }

  private collectWorkers(funcs: readonly Func[]): void {
    const found = new Map<Func, { sites: Set<CreateSite>; routine: Routine }>();
    for (const site of this.sites) {
      for (const r of site.routines) {
        const fn = r.func ?? (r.lambda && this.graphs.lambda(r.lambda, r.inside));
        if (!fn?.def) continue;
        const entry = found.get(fn);
        if (entry) entry.sites.add(site);
        else found.set(fn, { sites: new Set([site]), routine: r });
      }
    }
    for (const [func, { sites, routine }] of found) this.workers.push({ func, sites: [...sites], routine });
    const taken = this.addressTaken(funcs);
    for (const fn of taken) if (!found.has(fn)) this.workers.push({ func: fn, sites: [] });
  }

  /** Functions of a PCLUS_WORKER and a pointer whose address is taken somewhere: workers of a file that is not in sight. */
  private addressTaken(funcs: readonly Func[]): Func[] {
    const isPointer = (type: TypeRef, file: FileFacts): boolean => this.project.canonical(type, file).ptr > 0;
    const candidates = funcs.filter((f) => f.params.length === 2 && this.api.isWorkerPointer(f.params[0]!.type, fileOf(f)) && isPointer(f.params[1]!.type, fileOf(f)));
    if (candidates.length === 0) return [];
    const names = new Set(candidates.map((f) => f.name));
    const taken = new Set<Func>();
    const seen = (file: FileFacts, inside?: Func) => (e: Expr): boolean | void => {
      if (e.k === 'call') {
        for (const a of e.args) walkExpr(a, { expr: seen(file, inside) });
        if (e.callee.k !== 'name') walkExpr(e.callee, { expr: seen(file, inside) });
        return false;
      }
      if (e.k !== 'name' || !names.has(e.name.replace(/^.*::/, ''))) return;
      const fn = this.project.resolve(e.name, file, inside?.def?.decl.scope.map((s) => s.name).filter(Boolean).join('::'), 2);
      if (fn && candidates.includes(fn)) taken.add(fn);
    };
    for (const file of this.project.files) for (const v of file.variables) if (v.init) walkExpr(v.init, { expr: seen(file) });
    for (const fn of funcs) walkStmts(fn.def!.decl.body?.stmts ?? [], { expr: seen(fileOf(fn), fn) });
    return [...taken];
  }
}
