// A lock that a function never gives back is one mistake, however many returns it has: the first way out that keeps it is the finding,
// the others belong to it. Where some path does give it back, every way out that forgets to is a mistake of its own.

import type { Cfg, Loop } from '../../flow/cfg.js';
import type { LockEvent } from './events.js';
import type { CallOp, Op } from './ops.js';
import type { Held } from './state.js';

type Blocks = readonly (readonly Op[])[];
type At = { readonly start: number; readonly end: number };

/** Events of ways out with a lock held, those of one acquire put together where nothing in `blocks` releases the lock. */
export function oneCause(events: readonly { event: LockEvent; key: number; family: string }[], blocks: Blocks): LockEvent[] {
  const first = new Map<string, LockEvent>();
  const kept: LockEvent[] = [];
  for (const { event, key, family } of [...events].sort((a, b) => a.event.start - b.event.start)) {
    const cause = `${key} ${event.lock} ${event.heldBy?.start ?? ''}`;
    const one = first.get(cause);
    if (!one || releases(blocks, key, family)) {
      first.set(cause, event);
      kept.push(event);
    } else (one.others ??= []).push({ start: event.start, end: event.end });
  }
  return kept;
}

/** Acquired in one loop and released in another: a set of locks, of which nobody knows how many. */
export function isSetOfLocks(held: Held, cfg: Cfg, blocks: Blocks): boolean {
  const taken = loopsAround(cfg, blocks, (op) => op.start === held.start && op.end === held.end);
  return taken.length > 0 && loopsAround(cfg, blocks, (op) => releasedBy(op).some((r) => r.family === held.family)).some((l) => !taken.includes(l));
}

/** A call stands in a loop. */
export function isInLoop(at: At, cfg: Cfg, blocks: Blocks): boolean {
  return loopsAround(cfg, blocks, (op) => op.start === at.start && op.end === at.end).length > 0;
}

function loopsAround(cfg: Cfg, blocks: Blocks, found: (op: CallOp) => boolean): Loop[] {
  return cfg.loops.filter((l) => [...l.blocks].some((id) => blocks[id]!.some((op) => op.k === 'call' && found(op))));
}

function releases(blocks: Blocks, key: number, family: string): boolean {
  return blocks.some((ops) => ops.some((op) => op.k === 'call' && releasedBy(op).some((r) => r.family === family && (r.key < 0 || key < 0 || r.key === key))));
}

function releasedBy(op: CallOp): { key: number; family: string }[] {
  if (op.act?.k === 'release') return [op.act.lock];
  return (op.callee?.outcomes ?? []).flatMap((o) => [...o.releases]);
}
