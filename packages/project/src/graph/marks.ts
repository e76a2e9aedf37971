// Places in a text that comments and white space do not move: an offset is told by the number of units of code before it. The numbers of
// a text before and after an edit of comments are the same, and so are facts that are written with them; the text gives the offsets back.
// Only how well edits are seen to be ones of comments depends on how exactly code is told from comments here, never what an offset means.

import { createHash } from 'node:crypto';

/** A place: `at` units of code stand before it. */
export interface Mark {
  at: number;
  kind: MarkKind;
  /** Units behind the code before it, for `Between`. */
  rest?: number;
}

export const enum MarkKind {
  /** At the first unit of code behind. */
  Start = 0,
  /** Directly behind the code before. */
  End = 1,
  /** In white space or a comment. */
  Between = 2,
  /** At the end of the line of the code before: where a directive ends, whatever comment stands behind it. */
  LineEnd = 3,
  /** At the end of the text. */
  Last = 4,
}

/** Comments that the analysis reads are code here: another text of theirs means another result. */
const SPEAKS = /^\/[/*][ \t*]*(?:drvlint|eslint)-(?:disable|enable)/;

const WORD_END = /[\w$\u0080-\uffff]$/;
const WORD_START = /^[\w$\u0080-\uffff]/;

const enum Unit { Tab = 9, Line = 10, FormFeed = 12, Return = 13, Blank = 32, Quote = 34, Apostrophe = 39, Star = 42, Slash = 47, Backslash = 92, NoBreak = 160 }

export class Marks {
  /** First and last offsets of stretches of code, and how many units of code stand before them. */
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #before: number[] = [];
  readonly #text: string;
  #count = 0;

  constructor(text: string) {
    this.#text = text;
    let i = 0;
    while (i < text.length) {
      const next = gapEnd(text, i);
      if (next > i) {
        i = next;
        continue;
      }
      const end = codeEnd(text, i);
      this.#add(i, end);
      i = end;
    }
  }

  /** Hash of the code alone; of white space, only that it parts two words counts. */
  digest(): string {
    const hash = createHash('sha256');
    let last = '';
    for (let k = 0; k < this.#starts.length; k++) {
      const code = this.#text.slice(this.#starts[k], this.#ends[k]);
      hash.update(WORD_END.test(last) && WORD_START.test(code) ? ` ${code}` : code);
      last = code;
    }
    return hash.digest('base64url').slice(0, 22);
  }

  /** A directive's end is that of its line, with a comment behind it or without: `ofLine`. */
  of(offset: number, ofLine = false): Mark {
    if (offset === this.#text.length) return { at: this.#count, kind: MarkKind.Last };
    const k = this.#find(this.#starts, offset);
    if (k < 0) return { at: 0, kind: MarkKind.Between, rest: offset };
    const [start, end] = [this.#starts[k], this.#ends[k]];
    if (offset < end) return { at: this.#before[k] + offset - start, kind: MarkKind.Start };
    const at = this.#before[k] + end - start;
    if (offset === end && !(ofLine && this.#lineEnd(end) === end)) return { at, kind: MarkKind.End };
    return offset === this.#lineEnd(end) ? { at, kind: MarkKind.LineEnd } : { at, kind: MarkKind.Between, rest: offset - end };
  }

  offset({ at, kind, rest = 0 }: Mark): number {
    if (kind === MarkKind.Last) return this.#text.length;
    if (kind === MarkKind.Start) {
      const k = this.#find(this.#before, at);
      return k < 0 ? 0 : this.#starts[k] + at - this.#before[k];
    }
    const k = this.#find(this.#before, at - 1);
    const end = k < 0 || at === 0 ? 0 : this.#starts[k] + at - this.#before[k];
    return kind === MarkKind.LineEnd ? this.#lineEnd(end) : end + rest;
  }

  /** Whether nothing but code and single blanks stands there: no comment, no line end. */
  isPlain(start: number, end: number): boolean {
    for (let i = start; i < end;) {
      const next = gapEnd(this.#text, i);
      if (next === i) i = codeEnd(this.#text, i);
      else if (next > i + 1 || this.#text.charCodeAt(i) !== Unit.Blank) return false;
      else i = next;
    }
    return true;
  }

  /** The line end that follows the code that ends at `end`, with nothing but blanks and comments between; -1 when code follows. */
  #lineEnd(end: number): number {
    for (let i = end; i < this.#text.length;) {
      const c = this.#text.charCodeAt(i);
      if (c === Unit.Line || c === Unit.Return) return i;
      const next = gapEnd(this.#text, i);
      if (next === i) return -1;
      i = next;
    }
    return -1;
  }

  #add(start: number, end: number): void {
    this.#starts.push(start);
    this.#ends.push(end);
    this.#before.push(this.#count);
    this.#count += end - start;
  }

  /** Index of the last value that is not above. */
  #find(values: readonly number[], value: number): number {
    let low = -1;
    let high = values.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (values[middle] <= value) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** Behind the white space, comment or joined line end at `i`; `i` when there is none. */
function gapEnd(text: string, i: number): number {
  const c = text.charCodeAt(i);
  if ((c >= Unit.Tab && c <= Unit.Return) || c === Unit.Blank || c === Unit.NoBreak) return i + 1;
  const next = text.charCodeAt(i + 1);
  if (c === Unit.Backslash && (next === Unit.Line || next === Unit.Return)) return i + 2;
  if (c !== Unit.Slash || (next !== Unit.Slash && next !== Unit.Star)) return i;
  const end = next === Unit.Star ? blockEnd(text, i) : lineEnd(text, i);
  return SPEAKS.test(text.slice(i, Math.min(end, i + 80))) ? i : end;
}

/** Behind a stretch of code that begins at `i`: a constant whole, else up to what gapEnd or a quote would begin with. */
function codeEnd(text: string, start: number): number {
  const first = text.charCodeAt(start);
  if (first === Unit.Quote || first === Unit.Apostrophe) return quotedEnd(text, start);
  if (first === Unit.Slash && text.charCodeAt(start + 1) === Unit.Star) return blockEnd(text, start);
  if (first === Unit.Slash && text.charCodeAt(start + 1) === Unit.Slash) return lineEnd(text, start);
  let i = start + 1;
  for (; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === Unit.Quote || c === Unit.Apostrophe || c <= Unit.Blank || c === Unit.Slash || c === Unit.Backslash || c === Unit.NoBreak) break;
  }
  return i;
}

function quotedEnd(text: string, start: number): number {
  const mark = text.charCodeAt(start);
  for (let i = start + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === mark) return i + 1;
    if (c === Unit.Line || c === Unit.Return) return i;
    if (c === Unit.Backslash) i += text.charCodeAt(i + 1) === Unit.Return && text.charCodeAt(i + 2) === Unit.Line ? 2 : 1;
  }
  return text.length;
}

function blockEnd(text: string, start: number): number {
  const end = text.indexOf('*/', start + 2);
  return end < 0 ? text.length : end + 2;
}

function lineEnd(text: string, start: number): number {
  for (let i = start; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if ((c === Unit.Line || c === Unit.Return) && text.charCodeAt(i - 1) !== Unit.Backslash && !(c === Unit.Line && text.charCodeAt(i - 1) === Unit.Return && text.charCodeAt(i - 2) === Unit.Backslash)) return i;
  }
  return text.length;
}
