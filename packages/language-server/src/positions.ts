// Offsets, 1-based lines and the protocol's 0-based positions. Columns are UTF-16 units on both sides.

import type { Position, Range } from 'vscode-languageserver';
import { lineIndexAt, type Place } from '@drvlint/core';

/** Position of an offset in a text whose lines start at `lineStarts`. */
export function positionAt(lineStarts: ArrayLike<number>, offset: number): Position {
  const line = lineIndexAt(lineStarts, offset);
  return { line, character: Math.max(0, offset - lineStarts[line]) };
}

export function rangeAt(lineStarts: ArrayLike<number>, start: number, end: number): Range {
  return { start: positionAt(lineStarts, start), end: positionAt(lineStarts, end) };
}

/** Offset of a position; what lies outside of the text becomes its nearest end. */
export function offsetAt(lineStarts: ArrayLike<number>, length: number, { line, character }: Position): number {
  if (!(line >= 0)) return 0;
  if (line >= lineStarts.length) return length;
  const start = lineStarts[line];
  const end = line + 1 < lineStarts.length ? lineStarts[line + 1] : length;
  return Math.min(Math.max(start, start + (character > 0 ? character : 0)), end);
}

export function rangeOf(place: Pick<Place, 'line' | 'column' | 'endLine' | 'endColumn'>): Range {
  return { start: { line: place.line - 1, character: place.column - 1 }, end: { line: place.endLine - 1, character: place.endColumn - 1 } };
}

export function overlaps(a: Range, b: Range): boolean {
  return compare(a.start, b.end) <= 0 && compare(b.start, a.end) <= 0;
}

function compare(a: Position, b: Position): number {
  return a.line - b.line || a.character - b.character;
}
