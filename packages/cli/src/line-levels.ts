// The interrupt level at every line of the functions of a project, for the strip in the margin of the HTML report.

import { analysisOf, highest, irql, lineIndexAt, scaleOf, shortMask, timelineOf, type Mask, type Moment, type Project } from '@drvlint/core';

export type LevelKind = 'passive' | 'apc' | 'dispatch' | 'device' | 'unknown';

export interface LineLevel {
  kind: LevelKind;
  /** `PASSIVE..DISPATCH`, or that it is the caller's. */
  text: string;
}

/** By file and 1-based line. */
export type LineLevels = Map<string, Map<number, LineLevel>>;

export function addLineLevels(project: Project, levels: LineLevels): void {
  const engine = analysisOf(project, irql);
  for (const fn of project.funcs) {
    const def = fn.def;
    const body = def?.decl.body;
    if (!def || !body) continue;
    let ofFile = levels.get(def.file.path);
    if (!ofFile) levels.set(def.file.path, ofFile = new Map());
    addFunction(project, timelineOf(engine, fn), def.file.lineStarts, body, ofFile);
  }
}

/** A line without a step of its own shows what the line above left. */
function addFunction(project: Project, moments: readonly Moment[], lineStarts: ArrayLike<number>, body: { start: number; end: number }, levels: Map<number, LineLevel>): void {
  if (moments.length === 0) return;
  const byLine = new Map<number, Moment[]>();
  for (const m of moments) {
    const line = lineIndexAt(lineStarts, m.start) + 1;
    byLine.set(line, [...byLine.get(line) ?? [], m]);
  }
  let left: State = { mask: moments[0].before, asCaller: moments[0].asCaller, unknown: moments[0].unknown };
  const last = lineIndexAt(lineStarts, body.end - 1) + 1;
  for (let line = lineIndexAt(lineStarts, body.start) + 1; line <= last; line++) {
    const here = byLine.get(line);
    levels.set(line, describe(project, here ? during(here) : left));
    if (here) left = leftBy(here[here.length - 1]);
  }
}

interface State { mask: Mask; asCaller: boolean; unknown: boolean }

/** A step that comes from any level the caller may have says what it leads to only. */
function during(moments: readonly Moment[]): State {
  const levels = (m: Moment): Mask => (m.asCaller || m.unknown ? (m.before === m.after ? 0 : m.after) : m.before | m.after);
  return {
    mask: moments.reduce((mask, m) => (mask | levels(m)) >>> 0, 0),
    asCaller: moments.every((m) => m.asCaller && m.before === m.after), unknown: moments.some((m) => m.unknown && m.before === m.after),
  };
}

/** A step that sets the level makes it known. */
function leftBy(m: Moment): State {
  const kept = m.before === m.after;
  return { mask: m.after, asCaller: m.asCaller && kept, unknown: m.unknown && kept };
}

function describe(project: Project, { mask, asCaller, unknown }: State): LineLevel {
  if (asCaller) return { kind: 'unknown', text: "as the caller's" };
  if (unknown) return { kind: 'unknown', text: 'not known' };
  const top = highest(mask);
  const kind = top <= 0 ? 'passive' : top === 1 ? 'apc' : top === 2 ? 'dispatch' : 'device';
  return { kind, text: shortMask(mask, scaleOf(project.arch)) };
}
