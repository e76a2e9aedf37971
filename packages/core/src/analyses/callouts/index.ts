// Callouts of the Windows Filtering Platform: functions whose annotation says which kind of classify function they are, with the functions
// they call, the WFP functions used there, and the constants they store, return or pass. A callout without annotation is not judged, as
// neither its layer nor its purpose stands in its code.

import { calloutKinds, wfpCall, type CalloutKind, type WfpCall } from '@drvlint/wdk';
import type { AssignExpr, Expr } from '../../model/expr.js';
import type { Func, Project } from '../../model/project.js';
import { walkExpr } from '../../model/walk.js';
import { perProject, type Analysis } from '../analysis.js';
import { bodies, type Bodies, type CallSite } from '../bodies/body-index.js';
import { callGraph, type CallGraph } from '../bodies/callers.js';

/** A constant given to something. */
export interface GivenConstant {
  name: string;
  e: Expr;
  fn: Func;
  /** Field, variable or '' (returned, passed) that gets it, and the assignment. */
  to: string;
  assign?: AssignExpr;
}

export interface UsedFunction { meaning: WfpCall; site: CallSite; fn: Func }

export const callouts: Analysis<Callouts> = perProject('callouts', (project) => new Callouts(project));

export class Callouts {
  private readonly bodies: Bodies;
  private readonly graph: CallGraph;
  private readonly constants = new Map<Func, GivenConstant[]>();

  constructor(private readonly project: Project) {
    this.bodies = bodies.run(project);
    this.graph = callGraph.run(project);
  }

  isOf(fn: Func, ...kinds: CalloutKind[]): boolean {
    if (!fn.decls.some((d) => d.decl.annotations.some((a) => a.name.startsWith('_Wfp_')))) return false;
    return this.project.annotationsOf(fn).some((a) => calloutKinds(a.name).some((k) => kinds.includes(k)));
  }

  /** Calls of WFP functions with one of the meanings in a callout and what it calls, its own first. */
  calls(callout: Func, ...meanings: WfpCall[]): UsedFunction[] {
    return [...this.graph.callees([callout])].flatMap((fn) => this.bodies.of(fn)
      .callsWhere((name) => meanings.includes(wfpCall(name) as WfpCall))
      .map((site) => ({ meaning: wfpCall(site.name)!, site, fn })));
  }

  /** Constants with a name that starts so, given to anything in a callout and what it calls. */
  given(callout: Func, prefix: string): GivenConstant[] {
    return [...this.graph.callees([callout])].flatMap((fn) => this.constantsOf(fn)).filter((g) => g.name.startsWith(prefix));
  }

  private constantsOf(fn: Func): GivenConstant[] {
    const known = this.constants.get(fn);
    if (known) return known;
    const found: GivenConstant[] = [];
    const body = this.bodies.of(fn);
    const add = (e: Expr, to: string, assign?: AssignExpr): void => walkExpr(e, {
      expr: (x) => {
        if (x.k === 'name' && /^FWPS?_/.test(x.name)) found.push({ name: x.name, e: x, fn, to, ...(assign && { assign }) });
        return x.k !== 'call' && !(x.k === 'binary' && /^(?:[=!<>]=|[<>]|&&|\|\|)$/.test(x.op));
      },
    });
    for (const a of body.assigns) add(a.r, a.l.k === 'field' || a.l.k === 'name' ? a.l.name : '', a);
    for (const v of body.locals) if (v.init) add(v.init, v.name);
    for (const r of body.returns) if (r.e) add(r.e, '');
    for (const call of fn.def?.decl.body?.calls ?? []) for (const arg of call.args) add(arg, '');
    this.constants.set(fn, found);
    return found;
  }
}
