// Control-flow graphs of the project's functions as the cluster analyses use them, lambdas included, and the calls in them.

import { buildCfg } from '../../flow/build.js';
import type { Cfg } from '../../flow/cfg.js';
import { visit } from '../../flow/walk.js';
import type { CallExpr, Expr, LambdaExpr } from '../../model/expr.js';
import type { LocalVar } from '../../model/facts.js';
import type { Func, Project } from '../../model/project.js';
import { walkStmts } from '../../model/walk.js';
import { stepExprs, termExprs } from '../paths/live.js';
import { fileOf } from './api.js';

/** Functions of Windows and the C runtime that do not return, or only through a handler. */
const FATES: ReadonlyMap<string, 'stop' | 'raise'> = new Map([
  ['ExitProcess', 'stop'], ['ExitThread', 'stop'], ['FreeLibraryAndExitThread', 'stop'], ['exit', 'stop'], ['_exit', 'stop'], ['abort', 'stop'], ['terminate', 'stop'],
  ['std::terminate', 'stop'], ['FatalExit', 'stop'], ['_endthreadex', 'stop'], ['_endthread', 'stop'], ['__fastfail', 'stop'],
  ['RaiseException', 'raise'], ['RaiseFailFastException', 'stop'],
]);

/** Class templates whose objects do something at the end of their scope. */
const GUARDS = /^(?:std::)?(?:lock_guard|unique_lock|scoped_lock|shared_lock|unique_ptr|shared_ptr)$|^(?:ATL::)?(?:CComCritSecLock|CComAutoCriticalSection|CAutoPtr|CHandle)$/;

export class Graphs {
  private readonly cfgs = new Map<Func, Cfg | undefined>();
  private readonly callLists = new Map<Func, readonly CallExpr[]>();
  private readonly lambdaFuncs = new Map<LambdaExpr, Func>();
  private nextId = 1_000_000;

  constructor(private readonly project: Project) {}

  cfg(fn: Func): Cfg | undefined {
    if (!this.cfgs.has(fn)) this.cfgs.set(fn, this.build(fn));
    return this.cfgs.get(fn);
  }

  private build(fn: Func): Cfg | undefined {
    const decl = fn.def?.decl;
    if (!decl?.body || decl.notAnalysed !== undefined) return undefined;
    const file = fileOf(fn);
    const cfg = buildCfg({ ...decl.body, params: fn.params.map((p) => p.name) }, {
      macro: (name, at) => this.project.macro(name, file, at)?.decl,
      fate: (callee) => FATES.get(callee.replace(/^::/, '')),
      destroys: (v) => this.destroys(v, fn),
      constant: (e) => this.constant(e, fn),
    });
    return cfg.gaveUp === undefined ? cfg : undefined;
  }

  private constant(e: Expr, fn: Func): number | undefined {
    if (e.k === 'name' && this.project.localOf(e.name, e.start, fn)) return undefined;
    return this.project.valueOf(e, fileOf(fn));
  }

  private destroys(v: LocalVar, fn: Func): boolean {
    if (v.type.ptr > 0 || v.type.ref || v.type.dims) return false;
    return GUARDS.test(v.type.base) || this.project.destructorOf(v.type, fileOf(fn)) !== undefined;
  }

  /** Calls of a function in its graph, macros in place, lambda bodies not included; of the body when it has no graph. */
  calls(fn: Func): readonly CallExpr[] {
    const known = this.callLists.get(fn);
    if (known) return known;
    const calls: CallExpr[] = [];
    const cfg = this.cfg(fn);
    const add = (e: Expr): void => visit(e, (x) => { if (x.k === 'call' && !calls.includes(x)) calls.push(x); });
    if (cfg) {
      for (const id of cfg.order) {
        for (const s of cfg.blocks[id]!.steps) for (const e of stepExprs(s)) add(e);
        for (const e of termExprs(cfg.blocks[id]!.term)) add(e);
      }
    } else calls.push(...(fn.def?.decl.body?.calls ?? []));
    this.callLists.set(fn, calls);
    return calls;
  }

  /** A lambda as a function of its own; its enclosing function's file is its file. */
  lambda(e: LambdaExpr, inside: Func): Func {
    let fn = this.lambdaFuncs.get(e);
    if (fn) return fn;
    const file = fileOf(inside);
    const calls: CallExpr[] = [];
    walkStmts(e.body, { expr: (x) => { if (x.k === 'call') calls.push(x); } });
    const def = {
      file,
      decl: {
        name: '(lambda)', qualified: '(lambda)', nameStart: e.start, nameEnd: e.start + 1, start: e.start, end: e.end, scope: inside.def?.decl.scope ?? [],
        ...(e.ret && { ret: e.ret }), params: e.params, isDefinition: true, annotations: [], body: { start: e.start, end: e.end, stmts: e.body, calls },
      },
    };
    fn = { id: this.nextId++, name: '(lambda)', qualified: '(lambda)', def, decls: [def], isStatic: true, params: e.params, ...(e.ret && { ret: e.ret }) } as unknown as Func;
    this.lambdaFuncs.set(e, fn);
    return fn;
  }
}
