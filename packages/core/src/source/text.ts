// A file as the analysis sees it: decoded text, and where its lines begin. Offsets are UTF-16 code units everywhere.

export type Encoding = 'utf-8' | 'utf-8-bom' | 'utf-16le' | 'utf-16be' | 'latin-1';

export interface SourceText {
  /** Path with forward slashes, relative to the working directory (or absolute outside of it). */
  readonly path: string;
  /** Decoded text without byte order mark. Line ends, NULs and tabs are kept as they are. */
  readonly text: string;
  readonly encoding: Encoding;
  /** Offset of the first unit of every line; `\n`, `\r\n` and a lone `\r` end a line. */
  readonly lineStarts: Int32Array;
}

/** 1-based line and 1-based column in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A source from text that is decoded already (an editor's buffer, a test). A leading byte order mark is dropped. */
export function sourceFromString(text: string, path = '<text>', encoding: Encoding = 'utf-8'): SourceText {
  const body = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  return { path, text: body, encoding, lineStarts: lineTable(body) };
}

/** Offset of the first unit of every line of `text`; the first entry is 0. */
export function lineTable(text: string): Int32Array {
  let starts = new Int32Array((text.length >> 5) + 16);
  let count = 1;
  const add = (offset: number): void => {
    if (count === starts.length) {
      const larger = new Int32Array(starts.length * 2);
      larger.set(starts);
      starts = larger;
    }
    starts[count++] = offset;
  };
  if (/\r(?!\n)/.test(text)) {
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit === 10) add(i + 1);
      else if (unit === 13 && text.charCodeAt(i + 1) !== 10) add(i + 1);
    }
  } else {
    for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) add(i + 1);
  }
  return starts.slice(0, count);
}

/** Index (0-based) of the line that holds `offset`; offsets outside the text belong to the first or last line. */
export function lineIndexAt(lineStarts: ArrayLike<number>, offset: number): number {
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (lineStarts[middle] <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** 1-based position of an offset. */
export function positionAt(source: { readonly lineStarts: ArrayLike<number> }, offset: number): Position {
  const line = lineIndexAt(source.lineStarts, offset);
  return { line: line + 1, column: Math.max(0, offset - source.lineStarts[line]) + 1 };
}

/** Offset of a 1-based position; a column behind the line's end gives the line's end, a line outside the text its nearest end. */
export function offsetAt(source: Pick<SourceText, 'lineStarts' | 'text'>, position: Position): number {
  const { lineStarts, text } = source;
  if (position.line < 1) return 0;
  if (position.line > lineStarts.length) return text.length;
  const start = lineStarts[position.line - 1];
  const limit = position.line < lineStarts.length ? lineStarts[position.line] : text.length;
  return Math.max(start, Math.min(start + position.column - 1, endOfLine(text, start, limit)));
}

/** Text of a 1-based line without its line end. */
export function lineText(source: Pick<SourceText, 'lineStarts' | 'text'>, line: number): string {
  const { lineStarts, text } = source;
  if (line < 1 || line > lineStarts.length) return '';
  const start = lineStarts[line - 1];
  const limit = line < lineStarts.length ? lineStarts[line] : text.length;
  return text.slice(start, endOfLine(text, start, limit));
}

function endOfLine(text: string, start: number, limit: number): number {
  let end = limit;
  while (end > start && (text.charCodeAt(end - 1) === 10 || text.charCodeAt(end - 1) === 13)) end--;
  return end;
}
