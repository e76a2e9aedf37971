// Evaluating the expressions of one step on a path: where an lvalue lies, what a value is, which outcomes a call has. Knows C and C++,
// not what any function does: that is the host's.

import type { CallExpr, CondExpr, Expr, NewExpr } from '../../model/expr.js';
import type { LocalVar } from '../../model/facts.js';
import type { Func, Project } from '../../model/project.js';
import { compare, constant, normal, symbol, truthOf, type Const, type Val } from './value.js';
import type { State } from './state.js';

export interface Outcome { readonly state: State; readonly val: Val }

/** One activation of a function on a path. */
export interface Frame {
  readonly fn: Func;
  /** Prefix of its locations: `f7:`. */
  readonly id: string;
  /** Names of its parameters and locals. */
  readonly locals: ReadonlySet<string>;
  readonly caller?: Frame;
  /** Of a lambda: the activation whose locals it sees. */
  readonly closure?: Frame;
  readonly depth: number;
}

/** A call as a host sees it: its arguments are evaluated. */
export interface CallSite {
  readonly call: CallExpr;
  readonly frame: Frame;
  readonly state: State;
  readonly args: readonly Val[];
  /** Plain name of the callee, C++ scope included; undefined for a call through an expression. */
  readonly name: string | undefined;
  /** Location an argument points to. */
  pointee(i: number): string | undefined;
}

export interface EvalHost {
  readonly project: Project;
  /** What a call may lead to; undefined: nothing is known of it. */
  call(site: CallSite): Outcome[] | undefined;
  /** A `?:` whose condition may go either way goes this way. */
  chosen?(e: CondExpr, truth: boolean, state: State): State;
  /** A `new` made an object at a location. */
  created?(e: NewExpr, loc: string, state: State): State;
}

const unknown = (at: { start: number }, what = ''): Val => symbol(`?${what}${at.start}`);

export class Evaluator {
  constructor(private readonly host: EvalHost) {}

  /** Location of an lvalue; undefined when it cannot be told. */
  locate(e: Expr, frame: Frame, state: State): string | undefined {
    switch (e.k) {
      case 'name': return this.locateName(e, frame, state);
      case 'cast': return this.locate(e.e, frame, state);
      case 'comma': return this.locate(e.r, frame, state);
      case 'assign': return this.locate(e.l, frame, state);
      case 'unary': return e.op === '*' ? this.pointeeOf(e.e, frame, state) : undefined;
      case 'index': {
        const base = this.pointeeOf(e.e, frame, state);
        const i = this.host.project.valueOf(e.i, fileOf(frame));
        return base === undefined ? undefined : i === undefined ? undefined : `${base}[${i}]`;
      }
      case 'field': {
        const base = e.arrow ? this.pointeeOf(e.e, frame, state) : this.locate(e.e, frame, state);
        return base === undefined ? undefined : `${base}.${e.name}`;
      }
      default: return undefined;
    }
  }

  private locateName(e: Expr & { k: 'name' }, frame: Frame, state: State): string | undefined {
    if (frame.locals.has(e.name)) {
      const loc = `${frame.id}${e.name}`;
      const target = state.fact(`ref ${loc}`);
      return target.k === 'set' && typeof target.c[0] === 'string' && target.c[0] !== '' ? target.c[0] : loc;
    }
    if (frame.closure) return this.locateName(e, frame.closure, state);
    if (this.constantName(e, frame) !== undefined) return undefined;
    if (this.host.project.fieldOf(e, frame.fn)) {
      const self = pointeeOfVal(state.read(`${frame.id}this`));
      return self === undefined ? undefined : `${self}.${e.name}`;
    }
    return `::${e.name}`;
  }

  /** Location a pointer (or an array, or a smart pointer) refers to. */
  pointeeOf(e: Expr, frame: Frame, state: State): string | undefined {
    const x = strip(e);
    if (x.k === 'unary' && x.op === '&') return this.locate(x.e, frame, state);
    if (x.k === 'name' && x.name === 'this') return pointeeOfVal(state.read(`${frame.id}this`));
    const type = this.host.project.typeOf(x, frame.fn);
    if (type?.dims && type.dims.length > 0) return this.locate(x, frame, state);
    const loc = this.locate(x, frame, state);
    if (loc !== undefined) return pointeeOfVal(state.read(loc));
    if (x.k === 'cond') {
      const a = this.pointeeOf(x.a, frame, state);
      return a !== undefined && a === this.pointeeOf(x.b, frame, state) ? a : undefined;
    }
    if (x.k === 'binary' && (x.op === '+' || x.op === '-')) return undefined;
    const v = x.k === 'call' || x.k === 'new' ? this.value(x, frame, state) : undefined;
    return v && pointeeOfVal(v);
  }

  /** All outcomes of evaluating an expression. */
  run(e: Expr, frame: Frame, state: State): Outcome[] {
    switch (e.k) {
      case 'call': return this.runCall(e, frame, state);
      case 'assign': return this.runAssign(e, frame, state);
      case 'update': return this.runUpdate(e, frame, state);
      case 'comma': return this.then(this.run(e.l, frame, state), (o) => this.run(e.r, frame, o.state));
      case 'cast': return this.run(e.e, frame, state);
      case 'unary': return this.runUnary(e, frame, state);
      case 'binary': return this.runBinary(e, frame, state);
      case 'cond': return this.choices(e, frame, state).flatMap((d) => this.run(d.truth ? e.a : e.b, frame, d.state));
      case 'name': case 'field': case 'index': return this.runLvalue(e, frame, state);
      case 'num': return [{ state, val: Number.isInteger(e.value) ? constant(normal(e.value)) : unknown(e) }];
      case 'char': return [{ state, val: constant(e.value) }];
      case 'str': return [{ state, val: symbol(`str@${e.start}`) }];
      case 'new': return this.sequence([...(e.placement ?? []), ...(e.args ?? []), ...(e.array ? [e.array] : [])], frame, state)
        .map((o) => {
          const loc = `new@${e.start}*`;
          const state = o.state.forget(loc, String(e.start));
          return { state: this.host.created?.(e, loc, state) ?? state, val: symbol(`new@${e.start}`) };
        });
      case 'delete': return this.run(e.e, frame, state).map((o) => ({ ...o, val: unknown(e) }));
      case 'init': return this.sequence(e.items.map((i) => i.value), frame, state).map((o) => ({ state: o.state, val: unknown(e) }));
      case 'unknown': return this.sequence(e.parts, frame, state).map((o) => ({ state: o.state, val: unknown(e) }));
      case 'sizeof': case 'lambda': return [{ state, val: unknown(e) }];
    }
  }

  private choices(e: CondExpr, frame: Frame, state: State): { state: State; truth: boolean }[] {
    const ways = this.decide(e.c, frame, state);
    const open = ways.some((w) => w.truth) && ways.some((w) => !w.truth);
    return open && this.host.chosen ? ways.map((w) => ({ truth: w.truth, state: this.host.chosen!(e, w.truth, w.state) })) : ways;
  }

  /** The value when there is one outcome; an unknown one otherwise. Effects are lost: for pure expressions. */
  value(e: Expr, frame: Frame, state: State): Val {
    const all = this.run(e, frame, state);
    return all.length === 1 ? all[0]!.val : unknown(e);
  }

  private then(outcomes: readonly Outcome[], f: (o: Outcome) => Outcome[]): Outcome[] {
    return outcomes.length === 1 ? f(outcomes[0]!) : outcomes.flatMap(f);
  }

  private sequence(list: readonly Expr[], frame: Frame, state: State): { state: State; vals: Val[] }[] {
    let all: { state: State; vals: Val[] }[] = [{ state, vals: [] }];
    for (const e of list) all = all.flatMap((s) => this.run(e, frame, s.state).map((o) => ({ state: o.state, vals: [...s.vals, o.val] })));
    return all;
  }

  private runLvalue(e: Expr & { k: 'name' | 'field' | 'index' }, frame: Frame, state: State): Outcome[] {
    if (e.k === 'name') {
      const c = this.constantName(e, frame);
      if (c !== undefined && !isLocal(e.name, frame)) return [{ state, val: constant(c) }];
    }
    const inner = e.k === 'name' ? undefined : e.e;
    const before = inner && inner.k !== 'name' && inner.k !== 'field' ? this.run(inner, frame, state) : [{ state, val: unknown(e) }];
    return before.map((o) => {
      const loc = this.locate(e, frame, o.state);
      return { state: o.state, val: loc === undefined ? unknown(e) : o.state.read(loc) };
    });
  }

  /** Constants by value, or by name when they look like one and no declaration is known. */
  private constantName(e: Expr & { k: 'name' }, frame: Frame): Const | undefined {
    const value = this.host.project.valueOf(e, fileOf(frame));
    if (value !== undefined) return normal(value);
    if (!/^[A-Z][A-Z0-9]*_[A-Z0-9_]+$/.test(e.name) || this.host.project.variable(e.name, fileOf(frame))) return undefined;
    return e.name;
  }

  private runUnary(e: Expr & { k: 'unary' }, frame: Frame, state: State): Outcome[] {
    if (e.op === '!') return this.decide(e.e, frame, state).map((d) => ({ state: d.state, val: constant(d.truth ? 0 : 1) }));
    if (e.op === '&') {
      const loc = this.locate(e.e, frame, state);
      return [{ state, val: loc === undefined ? unknown(e) : symbol(`&${loc}`) }];
    }
    if (e.op === '*') {
      return this.run(e.e, frame, state).map((o) => {
        const loc = pointeeOfVal(o.val);
        return { state: o.state, val: loc === undefined ? unknown(e) : o.state.read(loc) };
      });
    }
    return this.run(e.e, frame, state).map((o) => {
      const known = o.state.known(o.val);
      if (e.op === '-' && known?.every((c) => typeof c === 'number')) return { state: o.state, val: constant(...known.map((c) => normal(-(c as number)))) };
      return { state: o.state, val: e.op === '+' ? o.val : unknown(e) };
    });
  }

  private runUpdate(e: Expr & { k: 'update' }, frame: Frame, state: State): Outcome[] {
    const loc = this.locate(e.e, frame, state);
    return [{ state: loc === undefined ? state : state.forget(loc, String(e.start)), val: unknown(e) }];
  }

  private runBinary(e: Expr & { k: 'binary' }, frame: Frame, state: State): Outcome[] {
    if (/^(?:&&|\|\||[=!<>]=|[<>])$/.test(e.op)) return this.decide(e, frame, state).map((d) => ({ state: d.state, val: constant(d.truth ? 1 : 0) }));
    const value = this.host.project.valueOf(e, fileOf(frame));
    if (value !== undefined) return [{ state, val: constant(normal(value)) }];
    return this.sequence([e.l, e.r], frame, state).map((o) => ({ state: o.state, val: unknown(e) }));
  }

  private runAssign(e: Expr & { k: 'assign' }, frame: Frame, state: State): Outcome[] {
    return this.run(e.r, frame, state).map((o) => {
      const loc = this.locate(e.l, frame, o.state);
      if (loc === undefined) return o;
      if (e.op !== '=') return { state: o.state.forget(loc, String(e.start)), val: unknown(e) };
      return { state: this.store(loc, o.val, e.r, o.state), val: o.val };
    });
  }

  private store(loc: string, val: Val, from: Expr, state: State): State {
    if (from.k === 'init') return this.initialise(loc, from, undefined, state);
    return state.write(loc, val);
  }

  /** A declaration: its initialiser, zeroing braces, references. */
  declare(v: LocalVar, frame: Frame, state: State): State[] {
    const loc = `${frame.id}${v.name}`;
    if (v.isStatic) return [state];
    const fresh = state.setFact(`ref ${loc}`, '').forget(loc, String(v.start));
    if (!v.init) return this.sequence(v.ctorArgs ?? [], frame, fresh).map((o) => this.constructed(v, loc, o.vals, o.state));
    if (v.type.ref) {
      const target = this.locate(v.init, frame, fresh);
      return [target === undefined ? fresh : fresh.setFact(`ref ${loc}`, target)];
    }
    if (v.init.k === 'init') return [this.initialise(loc, v.init, frame, fresh)];
    return this.run(v.init, frame, fresh).map((o) => o.state.write(loc, o.val));
  }

  /** `T* p(x);` and smart pointers hold the pointer they are built from. */
  private constructed(_v: LocalVar, loc: string, vals: readonly Val[], state: State): State {
    return vals.length === 1 ? state.write(loc, vals[0]!) : state;
  }

  private initialise(loc: string, init: Expr & { k: 'init' }, frame: Frame | undefined, state: State): State {
    const only = init.items.length === 1 && init.items[0]!.field === undefined ? init.items[0]!.value : undefined;
    const zeros = init.items.every((i) => isZero(i.value));
    if (zeros) return state.zero(loc);
    if (only && frame) return state.write(loc, this.value(only, frame, state));
    let next = state.zero(loc);
    for (const item of init.items) {
      if (item.field === undefined || !frame) return state.forget(loc, String(init.start));
      next = next.write(`${loc}.${item.field}`, this.value(item.value, frame, next));
    }
    return next;
  }

  private runCall(e: CallExpr, frame: Frame, state: State): Outcome[] {
    const receiver = e.callee.k === 'field' && e.callee.e.k === 'call' ? [e.callee.e] : [];
    return this.sequence([...receiver, ...e.args], frame, state).flatMap((s) => {
      const args = s.vals.slice(receiver.length);
      const site: CallSite = {
        call: e, frame, state: s.state, args, name: calleeText(e),
        pointee: (i) => (e.args[i] ? this.pointeeOf(e.args[i], frame, s.state) ?? pointeeOfVal(args[i]!) : undefined),
      };
      return this.host.call(site) ?? [{ state: this.escape(site), val: unknown(e, 'call') }];
    });
  }

  /** What an unknown call may change: everything its arguments point to. */
  escape(site: CallSite): State {
    let state = site.state;
    const where = String(site.call.start);
    site.call.args.forEach((arg, i) => {
      const x = strip(arg);
      const byReference = x.k === 'unary' && x.op === '&';
      const loc = byReference ? this.locate(x.e, site.frame, site.state) : site.pointee(i);
      if (loc !== undefined) state = state.forget(loc, where);
    });
    return state;
  }

  /** Both ways a condition can go, with what is then known. */
  decide(e: Expr, frame: Frame, state: State): { state: State; truth: boolean }[] {
    const x = strip(e);
    if (x.k === 'unary' && x.op === '!') return this.decide(x.e, frame, state).map((d) => ({ state: d.state, truth: !d.truth }));
    if (x.k === 'binary' && (x.op === '&&' || x.op === '||')) {
      return this.decide(x.l, frame, state).flatMap((d) => (d.truth === (x.op === '&&') ? this.decide(x.r, frame, d.state) : [d]));
    }
    if (x.k === 'binary' && /^(?:[=!<>]=|[<>])$/.test(x.op)) return this.decideComparison(x, frame, state);
    if (x.k === 'call' && (x.callee.k === 'name' && failureMacros.has(x.callee.name)) && x.args.length === 1) return this.decideFailure(x, frame, state);
    if (x.k === 'comma') return this.run(x.l, frame, state).flatMap((o) => this.decide(x.r, frame, o.state));
    return this.run(x, frame, state).flatMap((o) => this.decideTruth(o.val, o.state, this.locate(x, frame, o.state)));
  }

  private decideTruth(v: Val, state: State, loc: string | undefined): { state: State; truth: boolean }[] {
    if (v.k === 'sym' && v.id.startsWith('&')) return [{ state, truth: true }];
    const known = state.known(v);
    const yes = known ? narrowed(state, v, loc, known.filter(truthOf)) : state.assume(v, [0], false);
    const no = known ? narrowed(state, v, loc, known.filter((c) => !truthOf(c))) : state.assume(v, [0], true);
    return [...(yes ? [{ state: yes, truth: true }] : []), ...(no ? [{ state: no, truth: false }] : [])];
  }

  private decideComparison(e: Expr & { k: 'binary' }, frame: Frame, state: State): { state: State; truth: boolean }[] {
    return this.sequence([e.l, e.r], frame, state).flatMap((s) => {
      const [a, b] = s.vals as [Val, Val];
      const left = s.state.known(a);
      const right = s.state.known(b);
      if (left && right) return compareSets(e.op, left, right, (truth, keep) => {
        const next = narrowed(s.state, a, this.locate(strip(e.l), frame, s.state), left.filter((c) => keep(c, right)));
        const more = next && narrowed(next, b, this.locate(strip(e.r), frame, next), right.filter((c) => left.some((d) => compare(e.op, d, c) !== !truth)));
        return more && { state: more, truth };
      });
      if (e.op !== '==' && e.op !== '!=') return [true, false].map((truth) => ({ state: s.state, truth }));
      const [open, set] = left ? [b, left] : [a, right];
      if (!set) return sameSymbol(a, b) ? [{ state: s.state, truth: e.op === '==' }] : [true, false].map((truth) => ({ state: s.state, truth }));
      const equal = s.state.assume(open, set, true);
      const other = set.length === 1 ? s.state.assume(open, set, false) : s.state;
      return [...(equal ? [{ state: equal, truth: e.op === '==' }] : []), ...(other ? [{ state: other, truth: e.op !== '==' }] : [])];
    });
  }

  /** SUCCEEDED(x), FAILED(x), NT_SUCCESS(x): zero succeeds, nothing else is told. */
  private decideFailure(e: CallExpr, frame: Frame, state: State): { state: State; truth: boolean }[] {
    const succeeds = e.callee.k === 'name' && failureMacros.get(e.callee.name) === true;
    return this.run(e.args[0]!, frame, state).flatMap((o) => {
      const zero = o.state.known(o.val);
      if (zero?.length === 1 && zero[0] === 0) return [{ state: o.state, truth: succeeds }];
      const failed = o.state.assume(o.val, [0], false);
      return [{ state: o.state, truth: succeeds }, ...(failed ? [{ state: failed, truth: !succeeds }] : [])];
    });
  }
}

/** Macros of the Windows headers that test a status, and whether they are true for a success. */
const failureMacros: ReadonlyMap<string, boolean> = new Map([
  ['SUCCEEDED', true], ['FAILED', false], ['NT_SUCCESS', true], ['IS_ERROR', false], ['NT_ERROR', false],
]);

function compareSets<T>(op: string, left: readonly Const[], right: readonly Const[], make: (truth: boolean, keep: (c: Const, set: readonly Const[]) => boolean) => T | undefined): T[] {
  const results = left.flatMap((a) => right.map((b) => compare(op, a, b)));
  const out: T[] = [];
  for (const truth of [true, false]) {
    if (!results.some((r) => r === undefined || r === truth)) continue;
    const one = make(truth, (c, set) => set.some((d) => compare(op, c, d) !== !truth));
    if (one) out.push(one);
  }
  return out;
}

function narrowed(state: State, v: Val, loc: string | undefined, left: readonly Const[]): State | undefined {
  if (left.length === 0) return undefined;
  const next = state.assume(v, left, true);
  return next?.narrow(loc, left);
}

function sameSymbol(a: Val, b: Val): boolean {
  return a.k === 'sym' && b.k === 'sym' && a.id === b.id && !a.id.startsWith('?');
}

/** Location a pointer value refers to. */
export function pointeeOfVal(v: Val): string | undefined {
  if (v.k !== 'sym') return undefined;
  if (v.id.startsWith('&')) return v.id.slice(1);
  return v.id.startsWith('?') && !v.id.startsWith('?call') ? undefined : `${v.id}*`;
}

export function strip(e: Expr): Expr {
  let x = e;
  for (;;) {
    if (x.k === 'cast') x = x.e;
    else return x;
  }
}

function isLocal(name: string, frame: Frame): boolean {
  return frame.locals.has(name) || (frame.closure !== undefined && isLocal(name, frame.closure));
}

function isZero(e: Expr): boolean {
  const x = strip(e);
  if (x.k === 'num') return x.value === 0;
  if (x.k === 'name') return /^(?:NULL|nullptr|FALSE|false)$/.test(x.name);
  return x.k === 'init' && x.items.every((i) => isZero(i.value));
}

function fileOf(frame: Frame) {
  return (frame.fn.def ?? frame.fn.decls[0]!).file;
}

/** Written name of the callee: `f`, `A::f`; undefined for an expression. */
export function calleeText(e: CallExpr): string | undefined {
  const callee = strip(e.callee);
  return callee.k === 'name' ? callee.name.replace(/^::/, '') : undefined;
}
