// The levels all through one function, for editors: what may hold before and after every step of its body, over all paths, in the
// order of the source.

import type { Func } from '../../model/project.js';
import type { IrqlEngine } from './engine.js';
import type { Mask } from './levels.js';
import { anything, entryLevel, levelMask, type Part } from './state.js';

/** One step of the body: an expression, a declaration, a condition, the way out. */
export interface Moment {
  start: number;
  end: number;
  before: Mask;
  after: Mask;
  /** Levels are those of the caller, and nothing says which, on all paths. */
  asCaller: boolean;
  /** On some path nothing is known of the level. */
  unknown: boolean;
}

/** Empty for a function that is not analysed. */
export function timelineOf(engine: IrqlEngine, fn: Func): Moment[] {
  const run = engine.runOf(fn);
  if (!run) return [];
  const entryKnown = engine.entryOf(fn).known;
  const { all } = engine.scale;
  const moments = new Map<number, Moment>();
  for (const id of run.frame.cfg.order) {
    let paths = run.input[id];
    if (!paths) continue;
    const ops = run.compiled.ops[id];
    const marks = run.compiled.marks[id];
    for (let n = 0; n < marks.length; n++) {
      const first = marks[n];
      // The steps of a macro all stand where it is used.
      while (n + 1 < marks.length && marks[n + 1].start === first.start) n++;
      const until = marks[n + 1]?.op ?? ops.length;
      const next: readonly Part[] = run.transfer.run(ops.slice(first.op, until), paths);
      add(moments, first, maskOf(paths, all), maskOf(next, all), paths, entryKnown);
      paths = next;
    }
  }
  return [...moments.values()].sort((a, b) => a.start - b.start || b.end - a.end);
}

function maskOf(paths: readonly Part[], all: Mask): Mask {
  let mask = 0;
  for (const p of paths) mask |= levelMask(p, p.cur, all);
  return mask >>> 0;
}

function add(moments: Map<number, Moment>, { start, end }: { start: number; end: number }, before: Mask, after: Mask, paths: readonly Part[], entryKnown: boolean): void {
  if (paths.length === 0) return;
  const asCaller = !entryKnown && paths.every((p) => p.cur === entryLevel);
  const unknown = paths.some((p) => p.cur === anything);
  const known = moments.get(start);
  if (!known) moments.set(start, { start, end, before, after, asCaller, unknown });
  else {
    known.end = Math.max(known.end, end);
    known.before = (known.before | before) >>> 0;
    known.after = (known.after | after) >>> 0;
    known.asCaller &&= asCaller;
    known.unknown ||= unknown;
  }
}
