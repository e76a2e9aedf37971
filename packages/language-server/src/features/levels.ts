// The levels of a file for its margins: at function heads, after each change, and the stretches that run at DISPATCH_LEVEL and above.

import { lineIndexAt, lowest, timelineOf, type Func, type IrqlEngine, type Mask, type Moment } from '@drvlint/core';
import type { FileView } from '@drvlint/project';
import { engineOf } from './lookup.js';
import { shortMask } from './wdk.js';

export interface FunctionLevels {
  fn: Func;
  /** Levels on entry; undefined when nothing says. */
  entry: Mask | undefined;
  configurable: boolean;
  why: string | undefined;
  moments: Moment[];
}

const known = new WeakMap<Func, { engine: IrqlEngine; levels: FunctionLevels }>();

/** Levels of every function defined in the file; those outside [start, end] are left out. */
export function levelsOf(view: FileView, start = 0, end = Infinity): FunctionLevels[] {
  const engine = engineOf(view.project);
  if (!engine) return [];
  const found: FunctionLevels[] = [];
  for (const decl of view.facts.functions) {
    if (!decl.isDefinition || !decl.body || decl.end < start || decl.start > end) continue;
    const fn = view.project.funcOf(decl);
    if (fn?.def?.decl === decl && engine.isAnalysed(fn)) found.push(levelsOfFunction(engine, fn));
  }
  return found;
}

function levelsOfFunction(engine: IrqlEngine, fn: Func): FunctionLevels {
  const before = known.get(fn);
  if (before?.engine === engine) return before.levels;
  const entry = engine.entryOf(fn);
  const levels = { fn, entry: entry.known ? entry.mask : undefined, configurable: entry.configurable, why: entry.why?.text, moments: momentsOf(engine, fn) };
  known.set(fn, { engine, levels });
  return levels;
}

function momentsOf(engine: IrqlEngine, fn: Func): Moment[] {
  try {
    return timelineOf(engine, fn);
  } catch {
    return [];
  }
}

export interface Change { at: number; after: Mask; text: string }

/** Steps after which the level is another one than before. */
export function changesOf(view: FileView, levels: FunctionLevels): Change[] {
  const engine = engineOf(view.project);
  if (!engine) return [];
  return levels.moments.flatMap((m) => {
    if (!m.sets || m.before === m.after || m.unknown || m.after === 0) return [];
    if (m.backToCaller) return m.asCaller ? [] : { at: m.end, after: m.after, text: 'as entered' };
    return m.after === engine.scale.all ? [] : { at: m.end, after: m.after, text: shortMask(m.after, engine.scale) };
  });
}

/** A stretch of lines (0-based, both ends included) that runs raised, on every path that is known. */
export interface RaisedLines { from: number; to: number; level: string; mask: Mask }

/** Lines whose code runs at DISPATCH_LEVEL (2) and above. */
export function raisedLines(view: FileView): RaisedLines[] {
  const engine = engineOf(view.project);
  const { lineStarts } = view.facts;
  const lines: RaisedLines[] = [];
  for (const { moments } of engine ? levelsOf(view) : []) {
    const byLine = new Map<number, Mask>();
    for (const m of moments) {
      if (m.unknown || m.asCaller) continue;
      const line = lineIndexAt(lineStarts, m.start);
      byLine.set(line, ((byLine.get(line) ?? 0) | m.before) >>> 0);
    }
    for (const [line, mask] of [...byLine].sort((a, b) => a[0] - b[0])) if (lowest(mask) >= 2) addLine(lines, line, mask, shortMask(mask, engine!.scale));
  }
  return lines;
}

function addLine(lines: RaisedLines[], line: number, mask: Mask, level: string): void {
  const last = lines.at(-1);
  // Blank lines and comments between two raised statements belong to them.
  if (last && last.mask === mask && line - last.to <= 2 && line >= last.to) last.to = line;
  else lines.push({ from: line, to: line, level, mask });
}
