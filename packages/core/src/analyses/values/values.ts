// Constant values of expressions at a place: through macros and const variables like everywhere, and through locals and globals by the
// definitions that reach the place. A global without a definition in the function has its initialiser's value when nothing else of the
// project assigns it.

import type { CallExpr, Expr } from '../../model/expr.js';
import type { Func, Project } from '../../model/project.js';
import { walkStmts } from '../../model/walk.js';
import { perProject, type Analysis } from '../analysis.js';
import { bodies, type Bodies } from '../bodies/body-index.js';
import { graphs, Graphs, pointsOfCall, type Point } from './graphs.js';
import { reachingDefinitions, type Definition } from './reaching.js';

export const values: Analysis<Values> = perProject('values', (project) => new Values(project));

const MAX_DEPTH = 4;

/** A call, or points of the function's graph. */
export type Place = CallExpr | readonly Point[];

interface Possible { known: ReadonlySet<number>; complete: boolean }
const unknown: Possible = { known: new Set(), complete: false };

function union(all: readonly Possible[]): Possible {
  return { known: new Set(all.flatMap((p) => [...p.known])), complete: all.every((p) => p.complete) };
}

export class Values {
  readonly graphs: Graphs;
  private readonly bodies: Bodies;
  private readonly assigned = new Map<string, number>();
  private scanned = false;

  constructor(private readonly project: Project) {
    this.graphs = graphs.run(project);
    this.bodies = bodies.run(project);
  }

  /** Definitions of the variable `e` names that reach a place of `fn`; undefined when that cannot be told. */
  definitionsAt(e: Expr, at: Place, fn: Func): Definition[] | undefined {
    if (e.k !== 'name') return undefined;
    const local = this.project.localOf(e.name, e.start, fn);
    const global = !local && this.project.variable(e.name, fn.def!.file);
    if ((!local && !global) || local?.type.ref || local?.v?.isStatic || this.bodies.of(fn).isShadowed(e.name)) return undefined;
    const cfg = this.graphs.of(fn);
    const points = cfg && (Array.isArray(at) ? at : pointsOfCall(cfg, at as CallExpr));
    if (!cfg || !points?.length) return undefined;
    return reachingDefinitions(cfg, {
      name: e.name, ...(global && { byCall: (x: CallExpr) => (this.mayAssign(x, fn, e.name) ? { kind: 'unknown', start: x.start } : undefined) }),
    }, points);
  }

  /** The one integer an argument has at a call, whatever path leads there. */
  constantAt(e: Expr, at: Place, fn: Func, depth = 0): number | undefined {
    const found = this.constantsAt(e, at, fn, depth);
    return found?.length === 1 ? found[0] : undefined;
  }

  /** All integers an argument may have at a call; undefined when one of them is not known. */
  constantsAt(e: Expr, at: Place, fn: Func, depth = 0): number[] | undefined {
    const { known, complete } = this.possibleAt(e, at, fn, depth);
    return complete ? [...known] : undefined;
  }

  /** Integers an argument may have at a call, as far as they are known; `complete` when there are no others. */
  possibleAt(e: Expr, at: Place, fn: Func, depth = 0): Possible {
    let x = e;
    while ((x.k === 'cast' && x.type.ptr === 0) || (x.k === 'assign' && x.op === '=') || x.k === 'comma') x = x.k === 'cast' ? x.e : x.r;
    const shadowed = x.k === 'name' && this.project.localOf(x.name, x.start, fn) !== undefined;
    const direct = shadowed ? undefined : this.project.valueOf(x, fn.def!.file);
    if (direct !== undefined) return { known: new Set([direct]), complete: true };
    if (x.k === 'cond') return union([this.possibleAt(x.a, at, fn, depth + 1), this.possibleAt(x.b, at, fn, depth + 1)]);
    const definitions = depth < MAX_DEPTH ? this.definitionsAt(x, at, fn) : undefined;
    if (!definitions || x.k !== 'name') return unknown;
    return union(definitions.map((d) => {
      if (d.kind === 'value' && d.e) return this.possibleAt(d.e, at, fn, depth + 1);
      return (d.kind === 'entry' ? this.initial(x.name, fn) : undefined) ?? unknown;
    }));
  }

  /** Value of a global at the entry of a function: its initialiser when no assignment exists. */
  private initial(name: string, fn: Func): Possible | undefined {
    const global = this.project.variable(name, fn.def!.file);
    if (!global || global.decl.isExtern || this.assignments(name) > 0) return undefined;
    const value = global.decl.init && this.project.valueOf(global.decl.init, global.file);
    return value === undefined ? undefined : { known: new Set([value]), complete: true };
  }

  /** Number of functions that assign a name or take its address. */
  private assignments(name: string): number {
    if (!this.scanned) {
      this.scanned = true;
      for (const fn of this.project.funcs) this.scan(fn);
    }
    return this.assigned.get(name) ?? 0;
  }

  private scan(fn: Func): void {
    const names = new Set<string>();
    walkStmts(fn.def?.decl.body?.stmts ?? [], {
      expr: (e) => {
        const target = e.k === 'assign' ? e.l : e.k === 'update' || (e.k === 'unary' && e.op === '&') ? e.e : undefined;
        if (target?.k === 'name') names.add(target.name);
      },
    });
    for (const name of names) if (!this.project.localOf(name, fn.def!.decl.end, fn)) this.assigned.set(name, (this.assigned.get(name) ?? 0) + 1);
  }

  /** A call of a project function may change a global that the project assigns anywhere else. */
  private mayAssign(call: CallExpr, fn: Func, name: string): boolean {
    return this.project.calleeOf(call, fn)?.def !== undefined && this.assignments(name) > 1;
  }
}
