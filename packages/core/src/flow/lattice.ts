// Bounded disjunctions of a flow analysis: states that differ in what matters are kept apart while they are few.

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
  let own: P[] | undefined;
  for (const p of b) {
    let at = 0;
    while (at < result.length && !d.sameShape(result[at]!, p)) at++;
    if (at === result.length) {
      result = own ??= a.slice();
      own.push(p);
      continue;
    }
    const merged = d.merge(result[at]!, p);
    if (merged === result[at]) continue;
    result = own ??= a.slice();
    own[at] = merged;
  }
  return result.length > d.limit ? d.shrink(result) : result;
}
