// A branch with a release on one side only, reached by paths that hold the lock and by paths that do not: the condition is taken to
// tell the two apart, as code does that counts owners or remembers in a field whether it took the lock.

import type { Block, Cfg, Terminator } from '../../flow/cfg.js';
import type { Compiled } from './compile.js';
import type { Part } from './state.js';
import type { Transfer } from './transfer.js';

/** Blocks looked at on each side of a branch. */
const maxBlocks = 4;

export class ReleaseSides {
  private readonly known = new Map<number, { yes: readonly number[]; no: readonly number[] } | undefined>();

  constructor(private readonly cfg: Cfg, private readonly compiled: Compiled, private readonly transfer: Transfer) {}

  /** The side each path must take; undefined when all may take both. */
  sides(block: Block, t: Terminator & { k: 'branch' }, paths: readonly Part[]): Map<Part, boolean> | undefined {
    if (paths.length < 2 || paths.every((p) => p.locks.length === 0)) return undefined;
    if (!this.known.has(block.id)) this.known.set(block.id, this.look(t));
    const keys = this.known.get(block.id);
    if (!keys) return undefined;
    const found = new Map<Part, boolean>();
    for (const [list, side] of [[keys.yes, true], [keys.no, false]] as const) {
      for (const key of list) {
        const held = paths.filter((p) => this.transfer.locks.holds(p, key));
        if (held.length === 0 || held.length === paths.length || paths.some((p) => p.vague)) continue;
        for (const p of paths) found.set(p, held.includes(p) ? side : !side);
      }
    }
    return found.size > 0 ? found : undefined;
  }

  private look(t: Terminator & { k: 'branch' }): { yes: readonly number[]; no: readonly number[] } | undefined {
    const [yes, no] = [this.released(t.ifTrue), this.released(t.ifFalse)];
    const only = { yes: yes.filter((k) => !no.includes(k)), no: no.filter((k) => !yes.includes(k)) };
    return only.yes.length + only.no.length > 0 ? only : undefined;
  }

  /** Locks released on the straight way from a block on, before anything else is done to locks. */
  private released(from: number): number[] {
    const keys: number[] = [];
    let id = from;
    for (let n = 0; n < maxBlocks; n++) {
      const block = this.cfg.blocks[id]!;
      if (n > 0 && block.preds.length > 1) break;
      for (const op of this.compiled.ops[id]!) {
        if (op.k !== 'call') continue;
        if (op.act?.k === 'release' && op.act.lock.key >= 0) keys.push(op.act.lock.key);
        else if (op.act?.k === 'acquire') return keys;
        else if (op.callee?.outcomes?.length === 1) for (const r of op.callee.outcomes[0]!.releases) if (r.key >= 0) keys.push(r.key);
      }
      if (block.term.k !== 'goto') break;
      id = block.term.to;
    }
    return keys;
  }
}
