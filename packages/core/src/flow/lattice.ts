// Join semilattices for flow analyses: sets of small numbers as bit masks, flat values, maps, and bounded disjunctions that keep
// paths apart while they are few. `join` is idempotent, commutative and associative, which tests check.

export interface Lattice<T> {
  join(a: T, b: T): T;
  equal(a: T, b: T): boolean;
}

/** Sets of numbers 0..31 as bit masks. */
export const masks: Lattice<number> = {
  join: (a, b) => (a | b) >>> 0,
  equal: (a, b) => a >>> 0 === b >>> 0,
};

/** One known value, or `undefined` for "any". */
export function flat<T>(same: (a: T, b: T) => boolean = Object.is): Lattice<T | undefined> {
  return {
    join: (a, b) => (a !== undefined && b !== undefined && same(a, b) ? a : undefined),
    equal: (a, b) => (a === undefined || b === undefined ? a === b : same(a, b)),
  };
}

/** What is known by key: a key missing on one side is unknown in the join. */
export function facts<K, V>(value: Lattice<V | undefined>): Lattice<ReadonlyMap<K, V>> {
  return {
    join(a, b) {
      const joined = new Map<K, V>();
      for (const [k, v] of a) {
        const both = value.join(v, b.get(k));
        if (both !== undefined) joined.set(k, both);
      }
      return joined;
    },
    equal(a, b) {
      if (a.size !== b.size) return false;
      for (const [k, v] of a) {
        const other = b.get(k);
        if (other === undefined || !value.equal(v, other)) return false;
      }
      return true;
    },
  };
}

export interface Partitions<P> {
  /** Partitions with equal shape are joined at once. */
  sameShape(a: P, b: P): boolean;
  /** Join of two partitions of one shape; `a` itself when `b` adds nothing. */
  merge(a: P, b: P): P;
  /** Most partitions kept apart. */
  limit: number;
  /** Fewer partitions for too many; must return at most `limit`, or one. */
  shrink(all: readonly P[]): P[];
}

/** Adds `b` to the partitions `a`; `a` itself when nothing changes. */
export function addPartitions<P>(d: Partitions<P>, a: readonly P[], b: readonly P[]): readonly P[] {
  let result = a;
  for (const p of b) {
    const at = result.findIndex((q) => d.sameShape(q, p));
    if (at === -1) {
      result = [...result, p];
      continue;
    }
    const merged = d.merge(result[at]!, p);
    if (merged === result[at]) continue;
    result = result.map((q, i) => (i === at ? merged : q));
  }
  return result.length > d.limit ? d.shrink(result) : result;
}
