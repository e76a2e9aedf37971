// The place of a range in lines and columns, from a file's line table.

import { lineIndexAt } from '../source/text.js';
import type { Place } from './finding.js';

/** The place of [start, end) of a file. */
export function placeOf(file: string, lineStarts: ArrayLike<number>, start: number, end: number): Place {
  const first = lineIndexAt(lineStarts, start);
  const last = lineIndexAt(lineStarts, end);
  return { file, start, end, line: first + 1, column: start - lineStarts[first] + 1, endLine: last + 1, endColumn: end - lineStarts[last] + 1 };
}
