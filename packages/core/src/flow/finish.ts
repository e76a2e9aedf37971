// The last step of building a graph: jumps through empty blocks are shortened, blocks put in order, loops found and named.

import { successors, type Block, type Cfg, type Loop, type Terminator } from './cfg.js';
import { cycles, reversePostOrder, type Cycle } from './order.js';

export interface Unfinished {
  blocks: { id: number; steps: Block['steps']; term: Terminator | undefined; preds: number[] }[];
  /** Offset of the closing brace. */
  end: number;
  loops: ReadonlyMap<number, Omit<Loop, 'header' | 'blocks'>>;
  gotos: ReadonlyMap<number, { start: number; end: number }>;
  /** Branches that are the test of the loop with this header. */
  tests: readonly (readonly [block: number, header: number])[];
  gaveUp?: string;
}

export function finish(g: Unfinished): Cfg {
  const blocks = g.blocks as Block[];
  shorten(g, blocks);
  const succ = blocks.map((b) => successors(b.term));
  const order = reversePostOrder(0, succ);
  const preds = blocks.map((b) => b.preds);
  for (const id of order) {
    const to = succ[id]!;
    for (let i = 0; i < to.length; i++) if (to.indexOf(to[i]!) === i) preds[to[i]!]!.push(id);
  }
  const loops = cycles(order, succ, preds).map((c) => loopOf(c, g));
  const byHeader = new Map(loops.map((l) => [l.header, l]));
  for (const [block, header] of g.tests) {
    const term = blocks[block]!.term;
    const loop = byHeader.get(header);
    if (term.k === 'branch' && loop) term.loop = loop;
  }
  return { blocks, entry: 0, loops, order, end: g.end, ...(g.gaveUp !== undefined && { gaveUp: g.gaveUp }) };
}

/** Makes edges skip blocks that hold nothing, except loop headers and the gotos that loops are reported at. */
function shorten(g: Unfinished, blocks: readonly Block[]): void {
  const target = (from: number): number => {
    let to = from;
    for (let hops = 0; hops < blocks.length; hops++) {
      const b = blocks[to]!;
      if (b.steps.length > 0 || b.term.k !== 'goto' || g.loops.has(to) || g.gotos.has(to)) return to;
      to = b.term.to;
    }
    return from;
  };
  for (const b of blocks) {
    const t = b.term;
    if (t.k === 'goto') t.to = target(t.to);
    else if (t.k === 'branch') {
      t.ifTrue = target(t.ifTrue);
      t.ifFalse = target(t.ifFalse);
    } else if (t.k === 'switch') {
      for (const c of t.cases) c.to = target(c.to);
      t.otherwise = target(t.otherwise);
    }
  }
}

function loopOf(c: Cycle, g: Unfinished): Loop {
  const written = g.loops.get(c.header);
  if (written) return { ...written, header: c.header, blocks: c.blocks };
  const jump = c.sources.map((s) => g.gotos.get(s)).find((at) => at !== undefined);
  return { start: jump?.start ?? g.end, end: jump?.end ?? g.end, kind: 'goto', header: c.header, blocks: c.blocks };
}
