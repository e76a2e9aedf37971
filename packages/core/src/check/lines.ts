// Offsets to lines and columns by binary search in a file's line table.

import type { Place } from './finding.js';

/** 0-based line of an offset; `lineStarts` as in SourceText. */
export function lineOf(lineStarts: ArrayLike<number>, offset: number): number {
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (lineStarts[middle] <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The place of [start, end) of a file. */
export function placeOf(file: string, lineStarts: ArrayLike<number>, start: number, end: number): Place {
  const first = lineOf(lineStarts, start);
  const last = lineOf(lineStarts, end);
  return { file, start, end, line: first + 1, column: start - lineStarts[first] + 1, endLine: last + 1, endColumn: end - lineStarts[last] + 1 };
}
