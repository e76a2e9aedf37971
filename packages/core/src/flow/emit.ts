// The part of the graph builder that places blocks and steps and turns expressions into branches: short-circuit operators and `?:`
// whose parts have effects become control flow, results of calls in conditions get names when the host wants them.

import type { Expr } from '../model/expr.js';
import type { LocalVar, MacroDef } from '../model/facts.js';
import type { Stmt } from '../model/stmt.js';
import type { Step, Terminator } from './cfg.js';
import { expand, type Expansion, type Names, type Place } from './rewrite-expr.js';
import { calledName, contents, Has, hasEffect, parts, some, uncast, visit } from './walk.js';

/** What the builder asks of its surroundings. */
export interface CfgHost {
  /** Project macro of that name, seen from an offset of the file. */
  macro(name: string, at: number): MacroDef | undefined;
  /** What a call does to control: it never returns, or leaves by an exception that a handler may take. */
  fate?(callee: string): 'stop' | 'raise' | undefined;
  /** The local's destructor does something. */
  destroys?(v: LocalVar): boolean;
  /** Integer constant an expression stands for, when known. */
  constant?(e: Expr): number | undefined;
  /** Calls in conditions and returns are assigned to a name first (`$1 = f(); if ($1)`), but not those of pure functions. */
  nameResults?: { pure(callee: string): boolean };
  /** Functions that say inside `__finally` whether it is left by a jump. */
  abnormal?: ReadonlySet<string>;
}

/** A block while it is being built: its terminator comes last. */
export interface OpenBlock { id: number; steps: Step[]; term: Terminator | undefined; preds: number[] }

/** A nested region with something to do, or somewhere to go, when it is left. */
export interface Scope {
  parent: Scope | undefined;
  kind: 'block' | 'loop' | 'switch' | 'finally' | 'handler';
  /** Locals with a destructor, in order of declaration. */
  vars: LocalVar[];
  /** Names declared here; with a replacement when an outer one of that name is in sight. */
  declared: Map<string, Expr | undefined> | undefined;
  breakTo: number | undefined;
  continueTo: number | undefined;
  leaveTo: number | undefined;
  handler: number | undefined;
  finally: Stmt | undefined;
  /** Copies of the `__finally` code made so far. */
  copies: number;
  /** In a copy of `__finally` code: whether a jump leads through it. */
  abnormal: boolean | undefined;
}

export function newScope(kind: Scope['kind'], parent: Scope | undefined): Scope {
  return {
    parent, kind, vars: [], declared: undefined, breakTo: undefined, continueTo: undefined, leaveTo: undefined, handler: undefined, finally: undefined, copies: 0,
    abnormal: undefined,
  };
}

export const either: Expr = { k: 'unknown', start: 0, end: 0, parts: [] };

export function num(value: number, at: Place): Expr {
  return { k: 'num', value, text: String(value), start: at.start, end: at.end };
}

export class Emitter {
  readonly blocks: OpenBlock[] = [];
  cur = 0;
  scope: Scope = newScope('block', undefined);
  gaveUp: string | undefined;
  /** Header of the loop whose test is being placed, and the branches that are tests of a loop. */
  testOf: number | undefined;
  readonly tests: [block: number, header: number][] = [];
  /** Names that are declared more than once, so that uses may need another name. */
  protected shadowed = new Set<string>();
  /** Some `__finally` code was put in place. */
  protected copiesFinally = false;
  private temps = 0;
  private readonly expansion: Expansion;
  private readonly fates = new Map<string, 'stop' | 'raise' | undefined>();

  constructor(protected readonly host: CfgHost) {
    const names: Names = { get: (name) => (this.shadowed.size > 0 && this.shadowed.has(name) ? this.renamed(name) : undefined) };
    this.expansion = { macro: (name, at) => this.macro(name, at), names, active: [], budget: { left: 200_000 } };
  }

  /** How names and macros are put in place right now. */
  protected get environment(): Expansion {
    return this.expansion;
  }

  private macro(name: string, at: number): MacroDef | undefined {
    if (this.copiesFinally && this.host.abnormal?.has(name)) {
      for (let s: Scope | undefined = this.scope; s; s = s.parent) {
        if (s.abnormal !== undefined) return { name, nameStart: at, params: [], body: '', bodyStart: at, start: at, end: at, expr: num(s.abnormal ? 1 : 0, { start: at, end: at }) };
      }
    }
    return this.host.macro(name, at);
  }

  private renamed(name: string): Expr | undefined {
    for (let s: Scope | undefined = this.scope; s; s = s.parent) if (s.declared?.has(name)) return s.declared.get(name);
    return undefined;
  }

  newBlock(): number {
    const id = this.blocks.length;
    this.blocks.push({ id, steps: [], term: undefined, preds: [] });
    if (id === 60_000) this.gaveUp ??= 'the function has too many paths through __finally blocks and macros';
    return id;
  }

  step(s: Step): void {
    this.blocks[this.cur]!.steps.push(s);
  }

  /** Ends the current block; what follows without a label is unreachable. */
  end(term: Terminator): void {
    this.blocks[this.cur]!.term ??= term;
    this.cur = this.newBlock();
  }

  /** Goes on in `to`. */
  goTo(to: number): void {
    this.blocks[this.cur]!.term ??= { k: 'goto', to };
    this.cur = to;
  }

  jump(to: number): void {
    this.end({ k: 'goto', to });
  }

  /** The expression with macros and renamed locals in place. */
  place(e: Expr): Expr {
    const placed = expand(e, this.expansion);
    if (this.expansion.budget.left <= 0) this.gaveUp ??= 'macro uses expand to too much code';
    return placed;
  }

  temp(at: Place): Expr & { k: 'name' } {
    return { k: 'name', name: `$${++this.temps}`, start: at.start, end: at.end };
  }

  /** Evaluates a placed expression for its effects. */
  evaluate(e: Expr): void {
    const x = uncast(e);
    if (x.k === 'comma') {
      this.evaluate(x.l);
      this.evaluate(x.r);
    } else if (isChoice(x) && hasEffect(x)) this.choose(x);
    else this.plain(this.value(e));
  }

  /** `a && f();`, `c ? f() : g();` as statements. */
  private choose(e: Expr): void {
    const yes = this.newBlock();
    const no = this.newBlock();
    const join = this.newBlock();
    if (e.k === 'cond') {
      this.branch(e.c, yes, no);
      this.cur = yes;
      this.evaluate(e.a);
      this.goTo(join);
      this.cur = no;
      this.evaluate(e.b);
      this.goTo(join);
      return;
    }
    const { op, l, r } = e as Expr & { k: 'binary' };
    this.branch(l, op === '&&' ? yes : join, op === '&&' ? join : yes);
    this.cur = yes;
    this.evaluate(r);
    this.goTo(join);
  }

  /** A step for an expression without choices left in it. */
  plain(e: Expr): void {
    this.step({ k: 'eval', e });
    this.follow(e);
  }

  /** Ends the path after calls that do not come back. */
  follow(e: Expr): void {
    if (!this.host.fate || (contents(e) & Has.call) === 0) return;
    let fate: 'stop' | 'raise' | undefined;
    visit(e, (x) => {
      if (fate !== undefined || x.k !== 'call') return;
      const name = calledName(x);
      if (name === undefined) return;
      if (!this.fates.has(name)) this.fates.set(name, this.host.fate!(name));
      fate = this.fates.get(name);
    });
    if (fate === 'stop') this.end({ k: 'stop' });
    else if (fate === 'raise') this.raise();
  }

  /** Leaves by an exception: overridden where handlers are known. */
  raise(): void {
    this.end({ k: 'stop' });
  }

  /** The value of an expression: choices with effects inside it become branches that set a temporary. */
  value(e: Expr): Expr {
    const inside = contents(e);
    if ((inside & Has.choice) === 0 || (inside & ~Has.choice) === 0 || !some(e, (x) => isChoice(x) && hasEffect(x))) return e;
    return this.valueParts(e);
  }

  private valueParts(e: Expr): Expr {
    if (!hasEffect(e)) return e;
    if (isChoice(e)) return this.chosenValue(e);
    return mapParts(e, (p) => this.valueParts(p));
  }

  private chosenValue(e: Expr): Expr {
    const t = this.temp(e);
    const yes = this.newBlock();
    const no = this.newBlock();
    const join = this.newBlock();
    this.branch(e.k === 'cond' ? e.c : e, yes, no);
    const set = (value: Expr): void => {
      this.plain({ k: 'assign', op: '=', l: t, r: value, start: e.start, end: e.end });
      this.goTo(join);
    };
    this.cur = yes;
    set(e.k === 'cond' ? this.value(e.a) : num(1, e));
    this.cur = no;
    set(e.k === 'cond' ? this.value(e.b) : num(0, e));
    return t;
  }

  /** Branches on a placed condition. */
  branch(e: Expr, ifTrue: number, ifFalse: number): void {
    const x = uncast(e);
    const known = this.constant(x);
    if (known !== undefined) return this.jump(known !== 0 ? ifTrue : ifFalse);
    if (x.k === 'unary' && x.op === '!') return this.branch(x.e, ifFalse, ifTrue);
    if (x.k === 'binary' && (x.op === '&&' || x.op === '||')) return this.branchChain(x, ifTrue, ifFalse);
    if (x.k === 'comma') {
      this.evaluate(x.l);
      return this.branch(x.r, ifTrue, ifFalse);
    }
    if (x.k === 'cond') {
      const yes = this.newBlock();
      const no = this.newBlock();
      this.branch(x.c, yes, no);
      this.cur = yes;
      this.branch(x.a, ifTrue, ifFalse);
      this.cur = no;
      return this.branch(x.b, ifTrue, ifFalse);
    }
    if (x.k === 'binary' && (x.op === '==' || x.op === '!=') && isLogical(uncast(x.l)) && this.constant(uncast(x.r)) === 0) {
      return x.op === '==' ? this.branch(x.l, ifFalse, ifTrue) : this.branch(x.l, ifTrue, ifFalse);
    }
    const cond = this.named(this.value(x));
    this.follow(cond);
    if (this.testOf !== undefined) this.tests.push([this.cur, this.testOf]);
    this.end({ k: 'branch', cond, ifTrue, ifFalse });
  }

  private branchChain(e: Expr & { k: 'binary' }, ifTrue: number, ifFalse: number): void {
    const operands: Expr[] = [];
    let left: Expr = e;
    while (left.k === 'binary' && left.op === e.op) {
      operands.push(left.r);
      left = uncast(left.l);
    }
    operands.push(left);
    while (operands.length > 1) {
      const next = this.newBlock();
      if (e.op === '&&') this.branch(operands.pop()!, next, ifFalse);
      else this.branch(operands.pop()!, ifTrue, next);
      this.cur = next;
    }
    this.branch(operands[0]!, ifTrue, ifFalse);
  }

  constant(e: Expr): number | undefined {
    if (e.k === 'num') return Number.isNaN(e.value) ? undefined : e.value;
    if (e.k !== 'name' && e.k !== 'sizeof' && (e.k !== 'unary' || e.e.k !== 'num')) return undefined;
    return this.host.constant?.(e);
  }

  /** A condition whose calls and assignments stand in steps before it, when the host wants that. */
  named(e: Expr): Expr {
    if (!this.host.nameResults || (contents(e) & (Has.call | Has.assign)) === 0) return e;
    if (e.k === 'assign') {
      this.plain(e);
      return e.op === '=' ? e.l : e.l;
    }
    if (e.k === 'call' && !this.isPure(e)) {
      const t = this.temp(e);
      this.plain({ k: 'assign', op: '=', l: t, r: e, start: e.start, end: e.end });
      return t;
    }
    return mapParts(e, (p) => this.named(p));
  }

  private isPure(e: Expr & { k: 'call' }): boolean {
    const name = calledName(e);
    return name !== undefined && this.host.nameResults!.pure(name);
  }
}

const logical = new Set(['&&', '||', '==', '!=', '<=', '>=', '<', '>']);

function isLogical(e: Expr): boolean {
  return (e.k === 'binary' && logical.has(e.op)) || (e.k === 'unary' && e.op === '!');
}

/** `&&`, `||` or `?:`. */
function isChoice(e: Expr): boolean {
  return e.k === 'cond' || (e.k === 'binary' && (e.op === '&&' || e.op === '||'));
}

/** A copy with its parts replaced in evaluation order; itself when none changes. */
function mapParts(e: Expr, f: (e: Expr) => Expr): Expr {
  const replaced = new Map<Expr, Expr>();
  for (const p of parts(e)) {
    const next = f(p);
    if (next !== p) replaced.set(p, next);
  }
  if (replaced.size === 0) return e;
  const copy = { ...e } as unknown as Record<string, unknown>;
  const swap = (v: unknown): unknown => {
    if (Array.isArray(v)) return v.map(swap);
    if (v === null || typeof v !== 'object') return v;
    if (replaced.has(v as Expr)) return replaced.get(v as Expr);
    return 'value' in v && !('k' in v) ? { ...v, value: swap((v as { value: Expr }).value) } : v;
  };
  for (const key of Object.keys(copy)) copy[key] = swap(copy[key]);
  return copy as unknown as Expr;
}
