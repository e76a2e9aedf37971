// Who calls whom inside the project, and which functions run only as part of others: the inverse call graph and reachability by calls.
// Calls through pointers that have no known target are no calls here; a function given away as a callback has a caller nobody sees.

import type { CallExpr } from '../../model/expr.js';
import type { Func, Project } from '../../model/project.js';
import { perProject, type Analysis } from '../analysis.js';

export interface Caller { fn: Func; call: CallExpr }

export const callGraph: Analysis<CallGraph> = perProject('call-graph', (project) => new CallGraph(project));

const nobody: readonly Caller[] = [];

export class CallGraph {
  private inverse?: Map<Func, Caller[]>;
  private readonly withRoles = new Map<string, ReadonlySet<Func>>();
  private readonly below = new Map<string, ReadonlySet<Func>>();

  constructor(private readonly project: Project) {}

  callersOf(fn: Func): readonly Caller[] {
    return (this.inverse ??= this.invert()).get(fn) ?? nobody;
  }

  private invert(): Map<Func, Caller[]> {
    const made = new Map<Func, Caller[]>();
    for (const fn of this.project.funcs) {
      for (const call of fn.def?.decl.body?.calls ?? []) {
        const callee = this.project.calleeOf(call, fn);
        if (!callee) continue;
        const list = made.get(callee);
        if (list) list.push({ fn, call });
        else made.set(callee, [{ fn, call }]);
      }
    }
    return made;
  }

  /** Functions defined in the project that have a role. */
  inRole(role: string): ReadonlySet<Func> {
    let found = this.withRoles.get(role);
    if (!found) this.withRoles.set(role, found = new Set(this.project.funcs.filter((fn) => fn.def && this.hasRole(fn, role))));
    return found;
  }

  hasRole(fn: Func, role: string): boolean {
    return this.project.rolesOf(fn).some((r) => r.role === role || r.role === `P${role}`);
  }

  /** Functions with one of the roles and everything they call inside the project. */
  reachedFrom(...roles: string[]): ReadonlySet<Func> {
    const key = roles.join(' ');
    let found = this.below.get(key);
    if (!found) this.below.set(key, found = this.callees(roles.flatMap((role) => [...this.inRole(role)])));
    return found;
  }

  /** The functions and all they call, directly or not. */
  callees(roots: Iterable<Func>): ReadonlySet<Func> {
    const reached = new Set<Func>(roots);
    for (const fn of reached) {
      for (const call of fn.def?.decl.body?.calls ?? []) {
        const callee = this.project.calleeOf(call, fn);
        if (callee?.def) reached.add(callee);
      }
    }
    return reached;
  }
}
