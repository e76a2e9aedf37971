// Forward analysis over a control-flow graph: a worklist in reverse post-order, each block's input joined from the edges into it.

import type { Block, Cfg } from './cfg.js';

export interface ForwardProblem<S> {
  entry: S;
  /** Runs a block on its input and says what reaches each successor; an edge that is not named is not taken. */
  flow(block: Block, input: S, emit: (to: number, state: S) => void): void;
  /** Join of what a block had with what an edge brings; the first argument itself when nothing changed. */
  join(into: S, arriving: S, block: number, from: number): S;
  /** Runs of one block before its input is frozen. */
  visits: number;
}

export interface Solution<S> {
  /** Input by block; undefined for blocks no path reaches. */
  input: (S | undefined)[];
  /** False when a block used up its visits: the inputs are then not a fixpoint. */
  settled: boolean;
}

/** Solves a forward problem. Linear in blocks times the height the join allows. */
export function solveForward<S>(cfg: Cfg, p: ForwardProblem<S>): Solution<S> {
  const count = cfg.blocks.length;
  const rank = new Int32Array(count).fill(-1);
  cfg.order.forEach((id, i) => { rank[id] = i; });
  const input: (S | undefined)[] = new Array<S | undefined>(count).fill(undefined);
  const waiting = new Uint8Array(count);
  const runs = new Uint32Array(count);
  let settled = true;
  input[cfg.entry] = p.entry;
  waiting[cfg.entry] = 1;
  let from = 0;
  let lowest = rank[cfg.entry]!;
  const emit = (to: number, state: S): void => {
    const old = input[to];
    const joined = old === undefined ? state : p.join(old, state, to, from);
    if (old !== undefined && joined === old) return;
    if (runs[to]! >= p.visits) { settled = false; return; }
    input[to] = joined;
    waiting[to] = 1;
    if (rank[to]! < lowest) lowest = rank[to]!;
  };
  while (lowest < cfg.order.length) {
    const id = cfg.order[lowest++]!;
    if (!waiting[id]) continue;
    waiting[id] = 0;
    runs[id]!++;
    from = id;
    p.flow(cfg.blocks[id]!, input[id]!, emit);
  }
  return { input, settled };
}
