// All that has a place in the facts of a file, found once, so that an edit can move what stands behind it without looking for it again.
// The texts that macros stand for were lowered out of a made-up text and have no places.

import type { FileFacts, FunctionDecl } from './facts.js';
import { shifted, type TextChange } from './text-change.js';

const rarer = ['nameEnd', 'bodyStart', 'undefAt'] as const;

interface Named { start: number; end: number; nameStart: number }
type Placed = { start: number; end: number; nameStart?: number; argStarts?: number[] } & Partial<Record<(typeof rarer)[number], number>>;

/** What stands in one part of a file: that which only begins and ends somewhere, that which has a name as well, and the rest. */
interface Group { plain: Placed[]; named: Named[]; others: Placed[] }

/** Parts that are found elsewhere as well, or have no places. */
const skipped = new Set(['calls', 'bare', 'lineStarts', 'assumptions', 'dims']);

export class FilePlaces {
  private readonly heads = newGroup();
  private readonly bodies = new Map<FunctionDecl, Group>();

  constructor(facts: FileFacts) {
    const { macros, functions } = facts;
    // What is shared is moved once.
    const seen = new Set<object>();
    for (const macro of macros) collect(macro, this.heads, seen, ['expr', 'stmts']);
    for (const decl of functions) collect(decl, this.heads, seen, ['body']);
    collect(facts, this.heads, seen, ['macros', 'functions', 'directives', 'notAnalysed']);
    for (const decl of functions) this.addBody(decl, seen);
  }

  /** Takes the body a function has now for the one it had. */
  addBody(decl: FunctionDecl, seen = new Set<object>()): void {
    const group = newGroup();
    if (decl.body) collect(decl.body, group, seen);
    this.bodies.set(decl, group);
  }

  /** Moves what stands behind a change, but for comments, gaps and the body of `edited`, which holds it. */
  move(change: TextChange, edited: FunctionDecl): void {
    for (const [decl, group] of this.bodies) if (decl !== edited && decl.end > change.from) moveGroup(group, change);
    moveGroup(this.heads, change);
  }
}

/** Moves all that has a place in `value`. */
export function moveAll(value: object, change: TextChange): void {
  const group = newGroup();
  collect(value, group, new Set());
  moveGroup(group, change);
}

/** The objects with a place in `value` and below that were not met before. */
function collect(value: object, group: Group, seen: Set<object>, leftOut: readonly string[] = []): void {
  if (seen.has(value)) return;
  seen.add(value);
  if (!Array.isArray(value)) add(value as Partial<Placed>, group);
  for (const key in value) {
    const inner = (value as Record<string, unknown>)[key];
    if (typeof inner === 'object' && inner !== null && !skipped.has(key) && !leftOut.includes(key)) collect(inner, group, seen);
  }
}

function newGroup(): Group {
  return { plain: [], named: [], others: [] };
}

function add(value: Partial<Placed>, group: Group): void {
  if (value.argStarts || rarer.some((key) => value[key] !== undefined)) group.others.push(value as Placed);
  else if (value.nameStart !== undefined) group.named.push(value as Named);
  else if (value.start !== undefined) group.plain.push(value as Placed);
}

function moveGroup({ plain, named, others }: Group, change: TextChange): void {
  const { oldTo, newTo } = change;
  const by = newTo - oldTo;
  for (const at of plain) {
    if (at.start >= oldTo) at.start += by;
    if (at.end >= oldTo) at.end += by;
  }
  for (const at of named) {
    if (at.start >= oldTo) at.start += by;
    if (at.end >= oldTo) at.end += by;
    if (at.nameStart >= oldTo) at.nameStart += by;
  }
  for (const at of others) moveOwn(at, change);
}

/** Moves the places of an object itself. */
export function moveOwn(at: Placed, change: TextChange): void {
  for (const key of ['start', 'end', 'nameStart', ...rarer] as const) {
    const place = at[key];
    if (place !== undefined && place >= change.oldTo) at[key] = place + change.newTo - change.oldTo;
  }
  if (at.argStarts) at.argStarts = at.argStarts.map((place) => shifted(place, change) ?? place);
}
