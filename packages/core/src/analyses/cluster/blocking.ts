// Which calls can wait, for how long, directly or in a function of the project they reach. Times are in milliseconds.

import { blockingCall, type BlockingKind } from '@drvlint/wdk';
import type { CallExpr, Expr } from '../../model/expr.js';
import type { Func, Project } from '../../model/project.js';
import { fileOf, uncast } from './api.js';
import type { ClusterModel } from './model.js';
import { isReassigned } from './identity.js';

export interface Wait {
  /** Function that waits, as written in a message: `Sleep`. */
  name: string;
  kind: BlockingKind;
  /** Time of one call; Infinity for INFINITE, undefined when not known. */
  ms: number | undefined;
  call: CallExpr;
  inside: Func;
}

const INFINITE = 0xFFFFFFFF;
const MAX_DEPTH = 6;

export class Waits {
  private readonly summaries = new Map<Func, readonly Wait[]>();
  private readonly active = new Set<Func>();

  constructor(private readonly model: ClusterModel) {}

  private get project(): Project {
    return this.model.project;
  }

  /** How a call itself waits, if it does; a wait of 0 ms is none. */
  direct(call: CallExpr, inside: Func): Wait | undefined {
    for (const name of this.names(call, inside)) {
      const b = blockingCall(name);
      if (!b || (this.project.calleeOf(call, inside)?.def)) continue;
      const wait: Wait = { name: name.replace(/^.*::(?=\w+$)/, ''), kind: b.kind, ms: undefined, call, inside };
      if (b.for === 'arg') {
        const arg = call.args[b.arg];
        const ms = arg && this.time(arg, inside);
        return ms === 0 ? undefined : { ...wait, ms };
      }
      const overlapped = b.unlessNonNull === undefined ? undefined : call.args[b.unlessNonNull];
      if (overlapped && this.project.valueOf(overlapped, fileOf(inside)) !== 0) return undefined;
      return wait;
    }
    return undefined;
  }

  /** Names a call may be listed by: plain, and `Type::method`. */
  private names(call: CallExpr, inside: Func): string[] {
    const callee = uncast(call.callee);
    if (callee.k === 'field') {
      const type = this.project.typeOf(callee.e, inside);
      return type ? [`${this.project.canonical(type, fileOf(inside)).base}::${callee.name}`, `${type.base}::${callee.name}`] : [];
    }
    const name = this.project.calleeName(call, fileOf(inside));
    return name === undefined ? [] : [name];
  }

  /** Constant time of an argument; Infinity for INFINITE. */
  time(arg: Expr, inside: Func): number | undefined {
    const value = constantOf(arg, inside, this.project);
    return value === INFINITE || value === -1 ? Infinity : value;
  }

  /** All waits that running a function can reach. */
  of(fn: Func, depth = 0): readonly Wait[] {
    const known = this.summaries.get(fn);
    if (known) return known;
    if (this.active.has(fn) || depth > MAX_DEPTH) return [];
    this.active.add(fn);
    const found = this.model.graphs.calls(fn).flatMap((call) => this.ofCall(call, fn, depth));
    this.active.delete(fn);
    if (depth === 0) this.summaries.set(fn, found);
    return found;
  }

  /** Waits of one call: its own, or those of the project function it enters. */
  ofCall(call: CallExpr, inside: Func, depth = 0): readonly Wait[] {
    const own = this.direct(call, inside);
    if (own) return [own];
    const callee = this.model.calleeOf(call, inside);
    return callee?.def ? this.of(callee, depth + 1) : [];
  }
}

/** Literals, defines, enumerators, constants, locals that keep the literal they are initialised with, `std::chrono` durations. */
export function constantOf(e: Expr, inside: Func, project: Project, depth = 0): number | undefined {
  const x = uncast(e);
  if (x.k === 'name') {
    const local = project.localOf(x.name, x.start, inside);
    if (local) return local.v?.init && !local.param && depth < 4 && !isReassigned(x.name, inside) ? constantOf(local.v.init, inside, project, depth + 1) : undefined;
  }
  if (x.k === 'init' && x.items.length === 0) return 0;
  if (x.k === 'init' && x.items.length === 1) return constantOf(x.items[0]!.value, inside, project, depth + 1);
  if (x.k === 'call' && x.callee.k === 'name' && x.args.length === 1) {
    const unit = DURATIONS.get(x.callee.name.replace(/^.*::/, ''));
    const count = unit === undefined ? undefined : constantOf(x.args[0]!, inside, project, depth + 1);
    return unit === undefined || count === undefined ? undefined : count * unit;
  }
  if (x.k === 'binary' && depth < 6) {
    const l = constantOf(x.l, inside, project, depth + 1);
    const r = constantOf(x.r, inside, project, depth + 1);
    if (l !== undefined && r !== undefined) return x.op === '*' ? l * r : x.op === '+' ? l + r : x.op === '-' ? l - r : x.op === '/' && r !== 0 ? Math.trunc(l / r) : undefined;
  }
  return project.valueOf(x, (inside.def ?? inside.decls[0]!).file);
}

const DURATIONS: ReadonlyMap<string, number> = new Map([['milliseconds', 1], ['seconds', 1000], ['minutes', 60_000], ['hours', 3_600_000], ['microseconds', 0.001], ['nanoseconds', 0.000001]]);
