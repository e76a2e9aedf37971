// Which level a place of the source runs at, and why: the paths at the operation that stands there, joined.

import { describeMask, shortMask, type Mask } from './levels.js';
import type { IrqlEngine } from './engine.js';
import type { EventStep } from './events.js';
import { anything, entryLevel, levelMask, type Part } from './state.js';
import type { Run } from './run.js';
import type { Func } from '../../model/project.js';

export interface LevelAt {
  func: Func;
  mask: Mask;
  /** The level is the caller's, and nothing says which. */
  asCaller: boolean;
  /** `PASSIVE..DISPATCH`; `any` when nothing is known. */
  short: string;
  /** A sentence. */
  text: string;
  locks: string[];
  /** Where each of the locks was acquired, in the function's file. */
  held: { text: string; by: string; start: number; end: number }[];
  why: EventStep[];
}

/** Answer for the first thing executed in [from, to) of a file. */
export function levelAt(engine: IrqlEngine, path: string, from: number, to: number): LevelAt | undefined {
  const fn = functionAt(engine, path, from, to);
  const run = fn && engine.runOf(fn);
  if (!fn || !run) return undefined;
  const paths = pathsAt(run, from, to);
  if (!paths || paths.length === 0) return undefined;
  return describe(engine, fn, run, paths);
}

function functionAt(engine: IrqlEngine, path: string, from: number, to: number): Func | undefined {
  return engine.project.funcs.find((f) => {
    const body = f.def?.file.path === path ? f.def.decl.body : undefined;
    return body !== undefined && body.start <= to && body.end >= from && f.def!.decl.start <= to;
  });
}

/** Paths before the first operation in the range, else before the first that follows it. */
function pathsAt(run: Run, from: number, to: number): readonly Part[] | undefined {
  let best: { block: number; op: number; start: number; inside: boolean } | undefined;
  for (const id of run.frame.cfg.order) {
    for (const m of run.compiled.marks[id]!) {
      const inside = m.start >= from && m.start < to;
      const around = m.start < from && m.end > from;
      if (!inside && !around) continue;
      if (!best || (inside && !best.inside) || (inside === best.inside && (inside ? m.start < best.start : m.start > best.start))) best = { block: id, op: m.op, start: m.start, inside };
    }
  }
  if (!best) return undefined;
  const chosen = best;
  const found: Part[] = [];
  for (const id of run.frame.cfg.order) {
    const input = run.input[id];
    const mark = input && run.compiled.marks[id]!.find((m) => m.start === chosen.start);
    if (input && mark) found.push(...run.transfer.run(run.compiled.ops[id]!.slice(0, mark.op), input));
  }
  return found;
}

function describe(engine: IrqlEngine, func: Func, run: Run, paths: readonly Part[]): LevelAt {
  const { scale } = engine;
  let mask = 0;
  for (const p of paths) mask |= levelMask(p, p.cur, scale.all);
  mask >>>= 0;
  const asCaller = paths.every((p) => p.cur === entryLevel) && !engine.entryOf(func).known;
  const longest = paths.reduce((a, b) => (depth(b) > depth(a) ? b : a));
  const all = paths.flatMap((p) => p.locks);
  const locks = [...new Set(all.map((l) => l.text))];
  const held = all.filter((l, i) => all.findIndex((o) => o.start === l.start && o.text === l.text) === i).map(({ text, by, start, end }) => ({ text, by, start, end }));
  const unknown = mask === scale.all || paths.some((p) => p.cur === anything);
  const words = describeMask(mask, scale);
  const text = asCaller ? `The IRQL is as ${func.name}'s caller has it${mask === scale.all ? '' : `, ${words}`}.` : unknown ? 'The IRQL is not known here.' : `The IRQL is ${words}.`;
  return { func, mask, asCaller, short: unknown ? 'any' : shortMask(mask, scale), text, locks, held, why: run.recorder.flow(longest) };
}

function depth(p: Part): number {
  let n = 0;
  for (let t = p.trail; t; t = t.prev) n++;
  return n;
}
