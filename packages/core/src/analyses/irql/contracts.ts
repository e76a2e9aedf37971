// The levels a call may be made on: the row of a DDI at this call's arguments, or what a function's own annotations say.

import { contractAtCall, trustedMax, trustedMin, type ArgFact, type ArgTest, type Ddi, type IrqlEffect } from '@drvlint/wdk';
import { testHolds } from '@drvlint/wdk';
import { uncast } from '../../flow/walk.js';
import type { Expr } from '../../model/expr.js';
import type { Conditions } from './conditions.js';
import type { Frame } from './frame.js';
import type { Scale } from './levels.js';
import { mayHold } from './meaning.js';
import type { Contract } from './ops.js';
import { get, type Part } from './state.js';
import type { Values } from './values.js';

/** Contracts without conditions, made once per scale. */
const plainContracts = new WeakMap<Scale, Map<Ddi, Contract | undefined>>();

/** What is known of an argument: fixed by its text, or looked up on the path. */
export type ArgReader = (p: Part | undefined) => ArgFact | undefined;

export class Contracts {
  /** Keys that contracts look at. */
  readonly read = new Set<number>();

  constructor(private readonly frame: Frame, private readonly conditions: Conditions, private readonly values: Values, private readonly scale: Scale) {}

  /** Contract of a row whose conditions may look at arguments. */
  ofRow(row: Ddi, args: readonly Expr[]): Contract | ((p: Part) => Contract | undefined) | undefined {
    if (!row.irqlKnown) return undefined;
    if (row.soft) return { allowed: this.scale.all, doubtful: (this.scale.all & ~this.scale.known(0, row.max)) >>> 0, source: 'ddi' };
    const decidable = row.conditional.filter((c) => c.args.some((i) => mayHold(c.when, args[i], (e) => this.frame.project.valueOf(e, this.frame.file))));
    if (decidable.length === 0) return this.plain(row);
    const used = new Set(decidable.flatMap((c) => c.args));
    const readers = new Map([...used].map((i) => [i, this.argument(args[i])]));
    const at = (p: Part | undefined): Contract => {
      const c = contractAtCall(row, (i) => readers.get(i)?.(p));
      const because = c.because?.param === undefined ? undefined : describeTest(c.because.when, c.because.param);
      return { ...this.limits(c.min ?? 0, c.max ?? 15, c.max ?? 15), ...(because && { because }) };
    };
    return [...readers.values()].every((r) => r.length === 0) ? at(undefined) : (p) => at(p);
  }

  private plain(row: Ddi): Contract | undefined {
    let known = plainContracts.get(this.scale);
    if (!known) plainContracts.set(this.scale, (known = new Map()));
    if (!known.has(row)) known.set(row, this.newPlain(row));
    return known.get(row);
  }

  private newPlain(row: Ddi): Contract | undefined {
    const max = trustedMax(row) ?? 15;
    const min = trustedMin(row) ?? 0;
    return max >= 15 && min <= 0 ? undefined : this.limits(min, max, row.irqlKnown ? row.max : 15);
  }

  /** Contract of the lock and level routines, which are stated with their effect. */
  ofEffect(e: IrqlEffect): Contract | undefined {
    const { min, max, altMax } = e.requires;
    return this.limits(min, Math.max(max, altMax ?? 0), max);
  }

  limits(min: number, max: number, documentedMax: number): Contract {
    const allowed = this.scale.known(min, max);
    return { allowed, doubtful: documentedMax < max ? (allowed & ~this.scale.known(min, documentedMax)) >>> 0 : 0, source: 'ddi' };
  }

  /** Reader of an argument; one that takes no parameter needs no path. */
  argument(e: Expr | undefined): ArgReader {
    if (!e) return () => undefined;
    const fixed = this.fixedFact(e);
    if (fixed && (fixed.value !== undefined || fixed.text !== undefined || fixed.symbols)) return () => fixed;
    const x = uncast(e);
    const key = this.frame.key(x);
    const target = x.k === 'num' || x.k === 'str' ? -1 : this.frame.pointee(x);
    const wide = target < 0 ? -1 : this.frame.field(target, 'QuadPart');
    for (const k of [key, target, wide]) if (k >= 0) this.read.add(k);
    return (p) => {
      if (!p) return fixed;
      const fact: ArgFact = { ...fixed };
      const own = key < 0 ? undefined : get(p.facts, key);
      if (own !== undefined) {
        const { eq, ne } = this.values.get(own);
        if (typeof eq === 'number') fact.value = eq;
        else if (typeof eq === 'string') fact.symbols = [eq];
        if (ne?.includes(0)) fact.nonNull = true;
      }
      const at = (wide < 0 ? undefined : get(p.facts, wide)) ?? (target < 0 ? undefined : get(p.facts, target));
      if (at !== undefined) {
        const { eq, ne } = this.values.get(at);
        if (typeof eq === 'number') fact.pointee = eq;
        else if (ne?.includes(0)) fact.pointee = 'nonzero';
      }
      return fact;
    };
  }

  private fixedFact(e: Expr): ArgFact | undefined {
    const x = uncast(e);
    if (x.k === 'str') return { text: x.text };
    if (x.k === 'unary' && x.op === '&') return { nonNull: true };
    const symbols = flagNames(x);
    const value = this.conditions.constant(x);
    if (typeof value === 'number') return { value, ...(symbols && { symbols }) };
    return symbols && symbols.every((s) => !this.frame.isLocal(s)) && this.allConstant(x) ? { symbols } : undefined;
  }

  private allConstant(e: Expr): boolean {
    if (e.k === 'binary') return this.allConstant(uncast(e.l)) && this.allConstant(uncast(e.r));
    return this.conditions.constant(e) !== undefined;
  }

  /** Decides a test of the tables on an argument. */
  test(test: ArgTest, e: Expr | undefined): (p: Part) => boolean | undefined {
    const read = this.argument(e);
    return (p) => {
      const fact = read(p);
      return fact && testHolds(test, fact);
    };
  }
}

/** Names of `A | B | C`. */
function flagNames(e: Expr): string[] | undefined {
  if (e.k === 'name') return [e.name];
  if (e.k !== 'binary' || e.op !== '|') return undefined;
  const l = flagNames(uncast(e.l));
  const r = flagNames(uncast(e.r));
  return l && r && [...l, ...r];
}

function describeTest(test: ArgTest | { is: 'state'; text: string }, param: string): string | undefined {
  switch (test.is) {
    case 'null': return `with ${param} NULL`;
    case 'non-null': return `with a ${param}`;
    case 'true': return `with ${param} TRUE`;
    case 'false': return `with ${param} FALSE`;
    case 'pointee-zero': return `with a zero ${param}`;
    case 'null-or-pointee-nonzero': return `with a ${param} that waits`;
    case 'eq': return `with ${param} ${test.symbol}`;
    case 'ne': return `with ${param} other than ${test.symbol}`;
    case 'has-flag': return `with ${test.symbol} in ${param}`;
    case 'no-flag': return `without ${test.symbol} in ${param}`;
    case 'format-unicode': return 'with Unicode conversions';
    case 'memory-pageable': return 'on pageable memory';
    default: return undefined;
  }
}
