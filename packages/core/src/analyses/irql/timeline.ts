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
  /** The same, after the step. */
  backToCaller: boolean;
  /** On some path nothing is known of the level. */
  unknown: boolean;
  /** The step sets the level, rather than telling what it must have been. */
  sets: boolean;
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
      add(moments, { ...first, before: maskOf(paths, all), after: maskOf(next, all), ...flags(paths, next, entryKnown) });
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

function flags(paths: readonly Part[], next: readonly Part[], entryKnown: boolean): Pick<Moment, 'asCaller' | 'backToCaller' | 'unknown' | 'sets'> {
  const asEntered = (list: readonly Part[]): boolean => !entryKnown && list.length > 0 && list.every((p) => p.cur === entryLevel);
  return { asCaller: asEntered(paths), backToCaller: asEntered(next), unknown: paths.some((p) => p.cur === anything), sets: next.some((p) => !paths.some((q) => q.trail === p.trail)) };
}

function add(moments: Map<number, Moment>, { start, end, before, after, asCaller, backToCaller, unknown, sets }: Moment): void {
  if (before === 0) return;
  const known = moments.get(start);
  if (!known) moments.set(start, { start, end, before, after, asCaller, backToCaller, unknown, sets });
  else {
    known.end = Math.max(known.end, end);
    known.before = (known.before | before) >>> 0;
    known.after = (known.after | after) >>> 0;
    known.asCaller &&= asCaller;
    known.backToCaller &&= backToCaller;
    known.unknown ||= unknown;
    known.sets ||= sets;
  }
}
