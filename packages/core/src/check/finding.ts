// A finding as every host delivers it: what a rule reported, with its place in lines and columns, its level, its identity
// and its suppression. Offsets are UTF-16 offsets, lines and columns 1-based, columns in UTF-16 units.

import type { Level } from '../rule/kit.js';

/** A range of a file in offsets and in lines and columns. */
export interface Place {
  file: string;
  start: number;
  end: number;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
}

export interface RelatedPlace extends Place { message: string }

/** A step of a flow, first cause first; `irql` is the level set after the step (`PASSIVE..DISPATCH`). */
export interface FlowPlace extends RelatedPlace { irql?: string }

/** Replace the place by `text`. */
export interface FindingEdit extends Place { text: string }

export interface FindingFix { title: string; edits: FindingEdit[] }

/** Why a finding is not counted: a pragma or comment in the source, or an entry of the baseline. */
export interface Suppressed {
  kind: 'pragma' | 'comment' | 'baseline';
  /** The reason as written by the user. */
  reason?: string;
  /** 1-based line of the pragma or comment. */
  line?: number;
}

export interface Finding extends Place {
  rule: string;
  level: Level;
  message: string;
  /** Qualified name of the function the finding is in or about; '' at file scope. */
  function: string;
  /** Identity without line numbers: hash of rule, function and normalised statement, `:` and an ordinal among equals. */
  fingerprint: string;
  related: RelatedPlace[];
  flow: FlowPlace[];
  /** Keeps the meaning: `--fix` applies it. */
  fix?: FindingFix;
  /** May change behaviour: offered only. */
  suggestions: FindingFix[];
  variant?: string;
  suppressed?: Suppressed;
}

/** A rule or analysis that threw: the run goes on without it, and the host ends with exit status 2. */
export interface InternalProblem {
  rule: string;
  file?: string;
  function?: string;
  message: string;
  stack?: string;
}

const rank: Record<Level, number> = { info: 0, warning: 1, error: 2 };

/** True when `a` weighs at least as much as `b`. */
export function atLeast(a: Level, b: Level): boolean {
  return rank[a] >= rank[b];
}

/** The lighter of two levels. */
export function lowerLevel(a: Level, b: Level): Level {
  return rank[a] <= rank[b] ? a : b;
}

/** Order of every report: file, line, column, rule, then message. */
export function compareFindings(a: Finding, b: Finding): number {
  return compareText(a.file, b.file) || a.line - b.line || a.column - b.column || compareText(a.rule, b.rule)
    || a.endLine - b.endLine || a.endColumn - b.endColumn || compareText(a.message, b.message);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
