// Which lines of a file hold code: anything that is no blank, no comment, no preprocessor directive and no `__pragma`. Works on
// the text alone, so that it also answers for files that could not be parsed.

import type { Range } from '../source/range.js';
import { lineIndexAt } from '../source/text.js';

export class CodeLines {
  readonly #lineStarts: ArrayLike<number>;
  readonly #masked: string;
  readonly #directive: boolean[];
  #next: Int32Array | undefined;

  /** `blank` are further ranges that count as nothing, such as `__pragma(...)`. */
  constructor(text: string, lineStarts: ArrayLike<number>, blank: readonly Range[]) {
    this.#lineStarts = lineStarts;
    this.#masked = maskComments(text, blank);
    this.#directive = directiveLines(this.#masked, lineStarts);
  }

  /** The first line after `line` that holds code; both 0-based. */
  after(line: number): number | undefined {
    const next = (this.#next ??= this.#nextLines())[line];
    return next >= 0 ? next : undefined;
  }

  /** For every line the next one that holds code, or -1. */
  #nextLines(): Int32Array {
    const next = new Int32Array(this.#lineStarts.length).fill(-1);
    for (let line = next.length - 2; line >= 0; line--) {
      const below = line + 1;
      next[line] = !this.#directive[below] && this.#holdsCode(this.#lineStarts[below], this.endOf(below)) ? below : next[below];
    }
    return next;
  }

  /** Whether code follows `offset` on its line. */
  follows(offset: number, line: number): boolean {
    return this.#holdsCode(offset, this.endOf(line));
  }

  /** Offsets where a name stands as a word, comments, strings and directives left out. */
  *wordsAt(name: string): Iterable<number> {
    for (let at = this.#masked.indexOf(name); at >= 0; at = this.#masked.indexOf(name, at + name.length)) {
      const alone = !/\w/.test(this.#masked[at - 1] ?? ' ') && !/\w/.test(this.#masked[at + name.length] ?? ' ');
      if (alone && !this.#directive[lineIndexAt(this.#lineStarts, at)]) yield at;
    }
  }

  /** End of the argument list that follows `offset` directly; `offset` when there is none. */
  argumentsEnd(offset: number): number {
    return offset + (/^[ \t]*\((?:[^()]|\([^()]*\))*\)/.exec(this.#masked.slice(offset, offset + 500))?.[0].length ?? 0);
  }

  /** Offset where the next line begins. */
  endOf(line: number): number {
    return line + 1 < this.#lineStarts.length ? this.#lineStarts[line + 1] : this.#masked.length;
  }

  #holdsCode(from: number, to: number): boolean {
    return /[^\s;]/.test(this.#masked.slice(from, to));
  }
}

function maskComments(text: string, blank: readonly Range[]): string {
  let masked = text.replace(/"(?:\\[\s\S]|[^"\\\r\n])*"|'(?:\\[\s\S]|[^'\\\r\n])*'|\/\*[\s\S]*?(?:\*\/|$)|\/\/[^\r\n]*/g,
    (m) => (m[0] === '/' ? m.replace(/[^\r\n]/g, ' ') : m[0] + m.slice(1, -1).replace(/\w/g, '.') + m.slice(-1)));
  for (const range of blank) {
    masked = masked.slice(0, range.start) + masked.slice(range.start, range.end).replace(/[^\r\n]/g, ' ') + masked.slice(range.end);
  }
  return masked;
}

function directiveLines(masked: string, lineStarts: ArrayLike<number>): boolean[] {
  const result: boolean[] = [];
  let continued = false;
  for (let line = 0; line < lineStarts.length; line++) {
    const text = masked.slice(lineStarts[line], line + 1 < lineStarts.length ? lineStarts[line + 1] : undefined);
    const directive: boolean = continued || /^[\s\uFEFF]*(?:#|\?\?=|%:)/.test(text);
    result.push(directive);
    continued = directive && /\\[ \t]*\r?\n?$/.test(text);
  }
  return result;
}
