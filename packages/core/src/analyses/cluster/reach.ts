// Which functions run in which role: reachable from workers, from entry points, from DllMain, by calls alone. A routine given to
// ClusWorkerCreate, CreateThread or a thread pool is no call, so reachability does not cross the start of a thread.

import { threadStart } from '@drvlint/wdk';
import type { CallExpr } from '../../model/expr.js';
import { FunctionValues } from '../../model/function-values.js';
import type { Func, Project } from '../../model/project.js';
import { fileOf } from './api.js';
import type { Graphs } from './graphs.js';
import type { Roles, EntryRole } from './roles.js';
import type { Workers, Worker } from './workers.js';

/** How a function is reached: the first of the chain is the role's own function, the last call leads into the function itself. */
export interface Chain { root: Func; calls: { call: CallExpr; inside: Func }[] }

const MAX_DEPTH = 6;

export class Reach {
  private readonly chains = new Map<Func, Map<Func, Chain>>();
  /** Routines of threads that are no cluster workers. */
  readonly threads: ReadonlySet<Func>;

  constructor(private readonly project: Project, private readonly graphs: Graphs, private readonly roles: Roles, private readonly workers: Workers) {
    this.threads = this.findThreads();
  }

  /** Functions reached from `root` by calls, itself included, with the shortest chain to each. */
  from(root: Func): ReadonlyMap<Func, Chain> {
    let known = this.chains.get(root);
    if (known) return known;
    known = new Map([[root, { root, calls: [] }]]);
    this.chains.set(root, known);
    for (const [fn, chain] of known) {
      if (chain.calls.length >= MAX_DEPTH) continue;
      for (const call of this.graphs.calls(fn)) {
        const callee = this.project.calleeOf(call, fn);
        if (callee?.def && !known.has(callee)) known.set(callee, { root, calls: [...chain.calls, { call, inside: fn }] });
      }
    }
    return known;
  }

  /** Workers from which `fn` is reached. */
  workersReaching(fn: Func): Worker[] {
    return this.workers.workers.filter((w) => this.from(w.func).has(fn));
  }

  /** Chains from entry points with one of the roles (all when none is named) to `fn`. */
  entriesReaching(fn: Func, roles?: readonly EntryRole[]): { role: EntryRole; chain: Chain }[] {
    const found: { role: EntryRole; chain: Chain }[] = [];
    for (const e of this.roles.entries) {
      if (roles && !roles.includes(e.role)) continue;
      const chain = this.from(e.func).get(fn);
      if (chain && !found.some((f) => f.role === e.role && f.chain.root === chain.root)) found.push({ role: e.role, chain });
    }
    return found;
  }

  private findThreads(): Set<Func> {
    const values = new FunctionValues(this.project);
    const threads = new Set<Func>();
    for (const fn of this.project.funcs) {
      if (!fn.def || !this.project.isResourceDll(fn.def.file)) continue;
      for (const call of this.graphs.calls(fn)) {
        const name = this.project.calleeName(call, fileOf(fn));
        const at = name === undefined ? undefined : threadStart(name);
        const arg = at === undefined ? undefined : call.args[at];
        if (arg) for (const v of values.of(arg, { file: fileOf(fn), inside: fn })) if (v.func) threads.add(v.func);
      }
    }
    return threads;
  }
}
