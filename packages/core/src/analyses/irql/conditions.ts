// Conditions: an expression in normal form, and what a path becomes when it holds or does not.

import { isIntegerType } from '@drvlint/wdk';
import { uncast } from '../../flow/walk.js';
import type { Expr } from '../../model/expr.js';
import { copyOf, withInitial, withSaved } from './changed.js';
import { print, type Frame } from './frame.js';
import type { Mask, Scale } from './levels.js';
import { isPure, meaningOf, statusTest } from './meaning.js';
import type { BoundFact, Compare, Cond, LevelExpr } from './ops.js';
import { anything, get, initialOf, levelMask, narrow, put, type LevelValue, type Part } from './state.js';
import type { Constant, ValueId, Values } from './values.js';

const mirrored: Readonly<Record<Compare, Compare>> = { '==': '==', '!=': '!=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' };
const opposite: Readonly<Record<Compare, Compare>> = { '==': '!=', '!=': '==', '<': '>=', '<=': '>', '>': '<=', '>=': '<' };

export class Conditions {
  /** Places that hold levels: what the function saves and restores. */
  readonly levelPlaces = new Set<number>();
  /** Places that are compared with a level by its name: they hold one as well, wherever it comes from. */
  readonly noted = new Set<number>();

  /** The function asks what level it runs on: what it found out tells paths apart. */
  asksLevel = false;

  /** Keys whose facts are kept; all while not known. */
  useful: ReadonlySet<number> | undefined;

  constructor(private readonly frame: Frame, private readonly values: Values, private readonly scale: Scale) {}

  /** Value of a constant expression: a number, or the name of a constant of the WDK whose number is not known. */
  constant(e: Expr): Constant | undefined {
    const x = this.named(uncast(e));
    if (!x) return undefined;
    const n = this.frame.project.valueOf(x, this.frame.file);
    if (n !== undefined) return n;
    return x.k === 'name' && /^[A-Z]+(?:_[A-Z0-9]+)+$/.test(x.name) && !this.frame.project.variable(x.name, this.frame.file) ? x.name : undefined;
  }

  /** The constant a once-set local stands for; undefined for any other local. */
  private named(x: Expr): Expr | undefined {
    if (x.k !== 'name' || !this.frame.isLocal(x.name)) return x;
    const r = this.frame.resolve(x);
    return r?.k === 'name' && !this.frame.isLocal(r.name) ? r : undefined;
  }

  compile(e: Expr): Cond {
    const x = uncast(e);
    const known = this.constant(x);
    if (typeof known === 'number') return { k: 'known', value: known !== 0 };
    if (x.k === 'unary' && x.op === '!') return negate(this.compile(x.e));
    if (x.k === 'binary' && x.op in mirrored) return this.comparison(x.op as Compare, x.l, x.r);
    if (x.k === 'call' && x.callee.k === 'name') {
      const test = statusTest(x.callee.name);
      if (test && x.args[0]) {
        const key = this.frame.key(x.args[0]);
        return key < 0 ? { k: 'any' } : { k: 'sign', key, ...test };
      }
      if (!isPure(x.callee.name)) return { k: 'any' };
    }
    const key = this.frame.key(x);
    return key < 0 ? { k: 'any' } : { k: 'truth', key, negated: false };
  }

  private comparison(op: Compare, l: Expr, r: Expr): Cond {
    const right = this.constant(r);
    if (right === undefined) {
      const left = this.constant(l);
      return left === undefined ? this.relation(op, l, r) : this.against(mirrored[op], r, left, l);
    }
    return this.against(op, l, right, r);
  }

  private against(op: Compare, e: Expr, c: Constant, written: Expr): Cond {
    const x = uncast(e);
    if (x.k === 'call' && x.callee.k === 'name' && meaningOf(x.callee.name)?.special?.k === 'current') {
      this.asksLevel = true;
      return typeof c === 'number' ? { k: 'current', op, level: c } : { k: 'any' };
    }
    if (x.k === 'call' && c === 1 && x.callee.k === 'name' && isPure(x.callee.name) && (op === '==' || op === '!=')) {
      const inner = this.compile(x);
      return op === '==' ? inner : negate(inner);
    }
    const key = this.frame.key(x);
    if (key < 0) return { k: 'any' };
    if (isLevelName(written)) this.noted.add(key);
    // A number without a sign is above zero, or it is zero.
    if ((c === 0 && (op === '>' || op === '<=')) || (c === 1 && (op === '>=' || op === '<'))) {
      if (this.isUnsigned(x)) return { k: 'compare', key, op: op === '>' || op === '>=' ? '!=' : '==', c: 0, text: -1, negated: false };
    }
    if (op === '==' || op === '!=') return { k: 'compare', key, op, c, text: -1, negated: false };
    // `a < c` and `a >= c`, `a <= c` and `a > c` share one key.
    const base = op === '<' || op === '>=' ? '<' : '<=';
    const at = { start: x.start, end: x.end };
    const right: Expr = typeof c === 'number' ? { k: 'num', value: c, text: String(c), ...at } : { k: 'name', name: c, ...at };
    const text = this.frame.key({ k: 'binary', op: base, l: x, r: right, ...at });
    return { k: 'compare', key, op, c, text, negated: op !== base };
  }

  private isUnsigned(e: Expr): boolean {
    const type = e.k === 'name' ? this.frame.typeOfLocal(e.name) : undefined;
    return type !== undefined && type.ptr === 0 && isIntegerType(type.base, undefined, false);
  }

  /** Key of the condition that two places are equal, when something asks for it. */
  equality(l: Expr, r: Expr): number | undefined {
    if (!this.frame.comparesPlaces) return undefined;
    const left = this.frame.resolveTarget(l);
    const right = this.frame.resolve(r);
    if (!left || !right || right.k === 'num') return undefined;
    const [a, b] = inOrder(left, right);
    return this.frame.find({ k: 'binary', op: '==', l: a, r: b, start: l.start, end: r.end });
  }

  private relation(op: Compare, l: Expr, r: Expr): Cond {
    const left = this.frame.resolve(l);
    const right = this.frame.resolve(r);
    if (!left || !right) return { k: 'any' };
    const swap = op === '>' || op === '<=';
    const base = op === '==' || op === '!=' ? '==' : '<';
    const [a, b] = base === '==' ? inOrder(left, right) : swap ? [right, left] : [left, right];
    const key = this.frame.key({ k: 'binary', op: base, l: a, r: b, start: l.start, end: r.end });
    if (key < 0) return { k: 'any' };
    const same = base === '==' ? this.levelPair(l, r) : undefined;
    return { k: 'truth', key, negated: op === '!=' || op === '>=' || op === '<=', ...(same && { same }) };
  }

  /** Keys of two places when one of them holds levels: where they are equal, so does the other. */
  private levelPair(l: Expr, r: Expr): readonly [number, number] | undefined {
    const pair = [this.frame.key(l), this.frame.key(r)] as const;
    if (pair[0] < 0 || pair[1] < 0 || !pair.some((k) => this.levelPlaces.has(k))) return undefined;
    for (const k of pair) this.levelPlaces.add(k);
    return pair;
  }

  private equalLevels(p: Part, [a, b]: readonly [number, number]): Part {
    const [x, y] = [get(p.saved, a), get(p.saved, b)];
    if (x !== undefined && x !== anything && y === undefined) return withSaved(p, put(p.saved, b, x));
    if (y !== undefined && y !== anything && x === undefined) return withSaved(p, put(p.saved, a, y));
    return p;
  }

  /** The path on which the condition is `want`; undefined when there is none. */
  assume(p: Part, cond: Cond, want: boolean): Part | undefined {
    switch (cond.k) {
      case 'any': return p;
      case 'known': return cond.value === want ? p : undefined;
      case 'current': return this.level(p, p.cur, want ? cond.op : opposite[cond.op], cond.level);
      case 'truth': {
        const holds = want !== cond.negated;
        const q = this.learn(p, cond.key, holds ? this.values.nonZero : this.values.zero);
        return q && holds && cond.same ? this.equalLevels(q, cond.same) : q;
      }
      case 'sign':
        if (!want && !cond.exact) return p;
        return this.learn(p, cond.key, (cond.sign === 1) === want ? this.values.success : this.values.failure);
      case 'compare': return this.assumeCompare(p, cond, want);
    }
  }

  private assumeCompare(p: Part, cond: Cond & { k: 'compare' }, want: boolean): Part | undefined {
    const op = want ? cond.op : opposite[cond.op];
    const saved = get(p.saved, cond.key);
    const isLevel = typeof cond.c === 'number' && cond.c >= 0 && cond.c <= this.scale.top && get(p.facts, cond.key) === undefined;
    if (isLevel && saved === anything) return withInitial(p, put(p.initial, cond.key, this.satisfying(op, cond.c as number)));
    if (isLevel && saved !== undefined) return this.level(p, saved, op, cond.c as number);
    if (isLevel && (this.levelPlaces.has(cond.key) || this.noted.has(cond.key))) {
      const q = this.level(p, initialOf(cond.key), op, cond.c as number);
      return q && this.compareValue(q, cond, op, want);
    }
    return this.compareValue(p, cond, op, want);
  }

  private compareValue(p: Part, cond: Cond & { k: 'compare' }, op: Compare, want: boolean): Part | undefined {
    if (op === '==') return this.learn(p, cond.key, this.values.equalTo(cond.c));
    if (op === '!=') return this.learn(p, cond.key, this.values.otherThan(cond.c));
    const fact = get(p.facts, cond.key);
    const eq = fact === undefined ? undefined : this.values.get(fact).eq;
    if (typeof eq === 'number' && typeof cond.c === 'number') return compare(eq, op, cond.c) ? p : undefined;
    let q: Part | undefined = p;
    if (cond.c === 0 && (op === '<' || op === '>=')) q = this.learn(p, cond.key, op === '<' ? this.values.failure : this.values.success);
    return q && this.learn(q, cond.text, want !== cond.negated ? this.values.nonZero : this.values.zero);
  }

  /** The path on which a callee's condition holds. */
  require(p: Part, f: BoundFact): Part | undefined {
    if ('cond' in f) return this.assume(p, f.cond, f.want);
    if (get(p.saved, f.key) === undefined) return this.learn(p, f.key, f.value);
    const { eq, ne } = this.values.get(f.value);
    let q: Part | undefined = p;
    const compare = (op: Compare, c: Constant): void => { q = q && this.assume(q, { k: 'compare', key: f.key, op, c, text: -1, negated: false }, true); };
    if (eq !== undefined) compare('==', eq);
    for (const c of ne ?? []) compare('!=', c);
    return q;
  }

  /** Adds a fact; undefined when it contradicts what is known. */
  learn(p: Part, key: number, value: ValueId): Part | undefined {
    if (this.useful && !this.useful.has(key)) return p;
    const old = get(p.facts, key);
    const both = old === undefined ? value : this.values.meet(old, value);
    if (both === -1) return undefined;
    const stale = p.stale.includes(key) ? p.stale.filter((k) => k !== key) : p.stale;
    if (both === old && stale === p.stale) return p;
    const q = copyOf(p);
    q.facts = put(p.facts, key, both);
    q.stale = stale;
    return q;
  }

  private level(p: Part, v: LevelValue, op: Compare, level: number): Part | undefined {
    return narrow(p, v, this.satisfying(op, level), this.scale.all);
  }

  private satisfying(op: Compare, level: number): Mask {
    const { all, range, top } = this.scale;
    switch (op) {
      case '==': return this.scale.only(level);
      case '!=': return (all & ~this.scale.only(level)) >>> 0;
      case '<': return range(0, level - 1);
      case '<=': return range(0, level);
      case '>': return range(level + 1, top);
      case '>=': return range(level, top);
    }
  }

  /** True or false where the path decides the condition. */
  decide(p: Part, cond: Cond): boolean | undefined {
    const yes = this.assume(p, cond, true);
    const no = this.assume(p, cond, false);
    return yes && no ? undefined : yes !== undefined;
  }

  /** Level an expression stands for. */
  levelOf(e: Expr): LevelExpr {
    const x = uncast(e);
    if (x.k === 'call' && x.callee.k === 'name' && meaningOf(x.callee.name)?.special?.k === 'current') return { k: 'current' };
    const c = this.constant(x);
    if (typeof c === 'number') return { k: 'mask', mask: this.scale.only(c) };
    if (x.k === 'name' && x.name === 'DIRQL') return { k: 'mask', mask: this.scale.device };
    if (x.k === 'binary' || x.k === 'call' || x.k === 'cond') return { k: 'unknown' };
    const key = this.frame.key(x);
    return key < 0 ? { k: 'unknown' } : { k: 'place', key };
  }

  mask(p: Part, v: LevelValue): Mask {
    return levelMask(p, v, this.scale.all);
  }
}

export function negate(c: Cond): Cond {
  switch (c.k) {
    case 'known': return { k: 'known', value: !c.value };
    case 'truth': return c.same ? { k: 'truth', key: c.key, negated: !c.negated, same: c.same } : { k: 'truth', key: c.key, negated: !c.negated };
    case 'current': return { k: 'current', op: opposite[c.op], level: c.level };
    case 'compare': return { k: 'compare', key: c.key, op: opposite[c.op], c: c.c, text: c.text, negated: !c.negated };
    case 'sign': return c.exact ? { k: 'sign', key: c.key, sign: c.sign === 1 ? -1 : 1, exact: true } : { k: 'any' };
    default: return c;
  }
}

function isLevelName(e: Expr): boolean {
  const x = uncast(e);
  return x.k === 'name' && /^(?:PASSIVE|APC|DISPATCH|CLOCK|PROFILE|IPI|POWER|HIGH)_LEVEL$/.test(x.name);
}

/** Operands of `==` in one order. */
function inOrder(l: Expr, r: Expr): [Expr, Expr] {
  return print(l) <= print(r) ? [l, r] : [r, l];
}

function compare(a: number, op: Compare, b: number): boolean {
  switch (op) {
    case '==': return a === b;
    case '!=': return a !== b;
    case '<': return a < b;
    case '<=': return a <= b;
    case '>': return a > b;
    case '>=': return a >= b;
  }
}
