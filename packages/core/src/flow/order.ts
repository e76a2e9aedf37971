// Reverse post-order and loops of a graph given by successor lists. Iterative: depth of the graph costs no stack.

/** Blocks reachable from `entry` in reverse post-order. */
export function reversePostOrder(entry: number, succ: readonly (readonly number[])[]): number[] {
  const seen = new Uint8Array(succ.length);
  const post: number[] = [];
  const stack: number[] = [entry];
  const next: number[] = [0];
  seen[entry] = 1;
  while (stack.length > 0) {
    const node = stack[stack.length - 1]!;
    const i = next[next.length - 1]!++;
    const to = succ[node]![i];
    if (to === undefined) {
      post.push(node);
      stack.pop();
      next.pop();
    } else if (!seen[to]) {
      seen[to] = 1;
      stack.push(to);
      next.push(0);
    }
  }
  return post.reverse();
}

/** A retreating edge and the blocks that come round through it. */
export interface Cycle { header: number; sources: number[]; blocks: Set<number> }

/**
 * Cycles by header, outer before inner. For an irreducible cycle the header is the block its retreating edge (in reverse
 * post-order) leads to, and the blocks are those between the two.
 */
export function cycles(order: readonly number[], succ: readonly (readonly number[])[], preds: readonly (readonly number[])[]): Cycle[] {
  const rank = new Int32Array(succ.length).fill(-1);
  order.forEach((node, i) => { rank[node] = i; });
  const byHeader = new Map<number, Cycle>();
  for (const node of order) {
    for (const to of succ[node]!) {
      if (rank[to]! > rank[node]!) continue;
      let cycle = byHeader.get(to);
      if (!cycle) byHeader.set(to, cycle = { header: to, sources: [], blocks: new Set([to]) });
      if (!cycle.sources.includes(node)) cycle.sources.push(node);
    }
  }
  for (const cycle of byHeader.values()) fill(cycle, rank, preds);
  return [...byHeader.values()].sort((a, b) => b.blocks.size - a.blocks.size || rank[a.header]! - rank[b.header]!);
}

function fill(cycle: Cycle, rank: Int32Array, preds: readonly (readonly number[])[]): void {
  const first = rank[cycle.header]!;
  const todo = [...cycle.sources];
  while (todo.length > 0) {
    const node = todo.pop()!;
    if (cycle.blocks.has(node)) continue;
    cycle.blocks.add(node);
    for (const p of preds[node]!) if (rank[p]! >= first) todo.push(p);
  }
}
