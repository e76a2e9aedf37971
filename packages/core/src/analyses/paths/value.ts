// Values on a path: a small set of constants, or a symbol whose constraints the state keeps. Copies of an unknown value share its
// symbol, so that a test of one copy holds for the others.

/** A number (32-bit values unsigned) or the name of a constant whose value is not known. Different names are different values. */
export type Const = number | string;

export type Val =
  | { readonly k: 'set'; readonly c: readonly Const[] }
  | { readonly k: 'sym'; readonly id: string };

/** What is known of a symbol: one of `is`, or none of `not`. */
export interface Constraint { readonly is?: readonly Const[]; readonly not?: readonly Const[] }

const MAX_SET = 8;

export function constant(...c: Const[]): Val {
  return { k: 'set', c };
}

export function symbol(id: string): Val {
  return { k: 'sym', id };
}

/** -1 and 0xFFFFFFFF are the same status value. */
export function normal(n: number): number {
  return n < 0 && n >= -0x80000000 ? n + 0x100000000 : n;
}

export function union(a: readonly Const[], b: readonly Const[]): readonly Const[] | undefined {
  const all = [...new Set([...a, ...b])];
  return all.length <= MAX_SET ? all : undefined;
}

export function sameVal(a: Val | undefined, b: Val | undefined): boolean {
  if (a === b) return true;
  if (!a || !b) return false;
  if (a.k === 'sym') return b.k === 'sym' && a.id === b.id;
  return b.k === 'set' && sameSet(a.c, b.c);
}

export function sameSet(a: readonly Const[], b: readonly Const[]): boolean {
  return a.length === b.length && a.every((c) => b.includes(c));
}

/** Truth of a constant: a named one stands for an error code or an enumerator other than zero. */
export function truthOf(c: Const): boolean {
  return c !== 0;
}

/** `a op b` for two constants; undefined when it cannot be told. */
export function compare(op: string, a: Const, b: Const): boolean | undefined {
  if (op === '==') return a === b;
  if (op === '!=') return a !== b;
  if (typeof a === 'number' && typeof b === 'number') {
    switch (op) {
      case '<': return a < b;
      case '>': return a > b;
      case '<=': return a <= b;
      case '>=': return a >= b;
    }
  }
  return undefined;
}

export function valText(v: Val): string {
  return v.k === 'sym' ? `$${v.id}` : v.c.length === 1 ? String(v.c[0]) : `{${[...v.c].map(String).sort().join(',')}}`;
}
