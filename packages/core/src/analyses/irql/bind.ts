// A callee's summary in the caller's terms: parameters replaced by the arguments of one call, `this` by its receiver.

import { expand } from '../../flow/rewrite-expr.js';
import { uncast } from '../../flow/walk.js';
import type { CallExpr, Expr } from '../../model/expr.js';
import type { Func } from '../../model/project.js';
import type { Conditions } from './conditions.js';
import type { Environment } from './environment.js';
import { address, type Frame } from './frame.js';
import type { BoundCallee, BoundFact, BoundLevel, BoundNeed, BoundOutcome, LockOp } from './ops.js';
import { unbounded } from './levels.js';
import type { LevelSpec, LockSpec, Need, Outcome, Place } from './summary-types.js';
import type { Value, Values } from './values.js';

export interface Binding {
  fn: Func;
  args: readonly Expr[];
  receiver: Expr | undefined;
  /** Where the result goes. */
  result: Expr | undefined;
  /** What the callee's names stand for, once that was asked. */
  names: ReadonlyMap<string, Expr> | undefined;
  start: number;
  end: number;
}

export class Binder {
  constructor(
    private readonly frame: Frame, private readonly conditions: Conditions, private readonly values: Values, private readonly env: Environment,
  ) {}

  /** Receiver of a method call, as a pointer. */
  static receiver(call: CallExpr): Expr | undefined {
    const callee = uncast(call.callee);
    if (callee.k !== 'field') return undefined;
    return callee.arrow ? callee.e : address(callee.e);
  }

  bind(b: Binding): BoundCallee {
    const declared = this.env.declaredOf(b.fn);
    const summary = this.env.summaryOf(b.fn);
    const outcomes = summary.outcomes ?? declared?.outcome;
    let needs: readonly BoundNeed[] | undefined;
    return {
      fn: b.fn,
      outcomes: outcomes?.map((o) => this.outcome(o, b)).filter((o) => o !== undefined),
      demands: summary.demands ?? false,
      bounds: declared?.allowed !== undefined ? unbounded : this.env.boundsOf(b.fn),
      needs: () => (needs ??= declared?.allowed !== undefined ? [] : this.env.needsOf(b.fn).map((n) => this.need(n, b))),
    };
  }

  private need(need: Need, b: Binding): BoundNeed {
    const pre: BoundFact[] = [];
    let impossible = false;
    for (const f of need.pre) {
      const bound = this.fact(f, b);
      if (bound === 'contradiction') impossible = true;
      else if (bound) pre.push(bound);
    }
    const on = need.on ? this.place(need.on, b) : undefined;
    return { need, pre, on: on !== undefined && on < 0 ? undefined : on, impossible: impossible || (need.on !== undefined && (on ?? -1) < 0) };
  }

  private outcome(o: Outcome, b: Binding): BoundOutcome | undefined {
    const pre: BoundFact[] = [];
    for (const f of o.pre) {
      const bound = this.fact(f, b);
      if (bound === 'contradiction') return undefined;
      if (bound) pre.push(bound);
    }
    return {
      pre,
      post: o.post.map((f) => this.fact(f, b)).filter((f): f is BoundFact => f !== undefined && f !== 'contradiction'),
      ret: o.ret ? this.values.of(o.ret) : -1,
      entry: o.entry,
      level: this.level(o.level, b),
      saves: o.saves.map((s) => ({ key: this.place(s.place, b), level: this.level(s.level, b) })).filter((s) => s.key >= 0),
      acquires: o.acquires.map((a) => this.acquire(a, b)),
      releases: o.releases.map((r) => ({ key: r.lock ? this.frame.key(this.inCaller(r.lock, b), r.tag ?? 'lock') : -1, text: r.text, family: r.family })),
      steps: o.steps,
    };
  }

  private acquire(spec: LockSpec, b: Binding): BoundOutcome['acquires'][number] {
    const key = spec.lock ? this.frame.key(this.inCaller(spec.lock, b), spec.tag ?? 'lock') : -1;
    const lock: LockOp = {
      key, text: key < 0 ? spec.text : this.frame.keys[key]!.text.replace(/^(?:lock|handle|global):/, ''), family: spec.family, mode: spec.mode, spin: spec.spin,
      handle: spec.handle ? this.place(spec.handle, b) : -1,
    };
    return { lock, spec, savedIn: spec.savedIn ? this.place(spec.savedIn, b) : -1, before: this.level(spec.before, b) };
  }

  private level(spec: LevelSpec, b: Binding): BoundLevel {
    if (spec.k !== 'from') return spec;
    const e = this.inCaller(spec.place.expr, b);
    const c = spec.place.tag === '' ? this.conditions.constant(e) : undefined;
    if (typeof c === 'number') return { k: 'mask', mask: this.env.scale.only(c) };
    const key = this.frame.key(e, spec.place.tag);
    return key < 0 ? { k: 'unknown' } : { k: 'place', key };
  }

  private fact(f: { place: Place; value: Value }, b: Binding): BoundFact | 'contradiction' | undefined {
    const e = uncast(this.inCaller(f.place.expr, b));
    const value = this.values.of(f.value);
    const c = this.conditions.constant(e);
    if (c !== undefined) return this.values.meet(this.values.of({ eq: c }), value) === -1 ? 'contradiction' : undefined;
    if (e.k === 'unary' && e.op === '&') return this.values.meet(this.values.nonZero, value) === -1 ? 'contradiction' : undefined;
    if (f.place.tag === '' && (e.k === 'binary' || e.k === 'call' || (e.k === 'unary' && e.op === '!'))) {
      const cond = this.conditions.compile(e);
      const want = this.values.meet(value, this.values.zero) === -1 ? true : this.values.meet(value, this.values.nonZero) === -1 ? false : undefined;
      if (want !== undefined && cond.k === 'known') return cond.value === want ? undefined : 'contradiction';
      if (want !== undefined && cond.k !== 'any') return { cond, want };
    }
    const key = this.frame.key(e, f.place.tag);
    return key < 0 ? undefined : { key, value };
  }

  private place(p: Place, b: Binding): number {
    if (!b.result && p.expr.k === 'name' && p.expr.name === '$return') return -1;
    return this.frame.key(this.inCaller(p.expr, b), p.tag);
  }

  /** The callee's expression with arguments for parameters; ranges are those of the call. */
  inCaller(e: Expr, b: Binding): Expr {
    return expand(e, { macro: noMacro, names: b.names ??= namesOf(b), active: [], place: { start: b.start, end: b.end }, budget: { left: 10_000 } });
  }
}

const noMacro = (): undefined => undefined;

function namesOf(b: Binding): ReadonlyMap<string, Expr> {
  const names = new Map<string, Expr>();
  const { params } = b.fn;
  for (let i = 0; i < params.length && i < b.args.length; i++) if (params[i]!.name) names.set(params[i]!.name, b.args[i]!);
  if (b.receiver) names.set('this', b.receiver);
  if (b.result) names.set('$return', b.result);
  return names;
}
