// The text being rewritten as a token sequence: every edit of the text goes through here, so that tokens and text stay in step.
// At the end the tokens are exactly those of the rewritten text, in order.

import type { ActiveFile } from '../lex/conditionals.js';
import { idOfName, nameOf } from '../lex/names.js';
import type { MacroText, Pragma } from '../lex/records.js';
import { scanFile } from '../lex/scan.js';
import { emptyTokens, Punct, TokenKind } from '../lex/tokens.js';
import type { Tokens } from '../lex/tokens.js';
import type { Language } from '../source/language.js';
import { sourceFromString } from '../source/text.js';
import { matchBrackets } from './brackets.js';
import type { RewriteBuffer } from './buffer.js';
import { argRanges } from './macro-shape.js';
import type { MacroShape } from './macro-shape.js';
import type { Annotation, MacroUse } from './records.js';
import type { VisibleMacros } from './visible-macros.js';
import { ANY_KEYWORD, wordFlags } from './words.js';

/** Kind of a token that was taken out. */
const DROPPED = 0;

export class Code {
  readonly text: string;
  readonly count: number;
  readonly kinds: Uint8Array;
  readonly ids: Int32Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly partner: Int32Array;
  readonly depth: number;
  readonly uses: MacroUse[] = [];
  readonly pragmas: Pragma[] = [];
  private readonly flags: Uint8Array;
  /** Tokens written where none of the original ones is left. */
  private readonly inserted: { at: number; end: number; kind: number; id: number }[] = [];

  constructor(
    active: ActiveFile, readonly language: Language, private readonly tokens: Tokens, readonly buffer: RewriteBuffer, readonly records: Annotation[],
    private readonly macros: VisibleMacros,
  ) {
    this.text = active.lexed.source.text;
    this.count = tokens.count;
    this.kinds = tokens.kind;
    this.ids = tokens.id;
    this.starts = tokens.start;
    this.ends = tokens.end;
    const brackets = matchBrackets(tokens);
    this.partner = brackets.partner;
    this.depth = brackets.depth;
    this.flags = wordFlags(language);
  }

  isPunct(i: number, code: number): boolean {
    return i < this.count && i >= 0 && this.kinds[i] === TokenKind.Punct && this.ids[i] === code;
  }

  isName(i: number): boolean {
    return i < this.count && i >= 0 && this.kinds[i] === TokenKind.Name;
  }

  /** A name that is no keyword. */
  isPlainName(i: number): boolean {
    return this.isName(i) && (this.word(i) & ANY_KEYWORD) === 0;
  }

  isString(i: number): boolean {
    return i < this.count && i >= 0 && this.kinds[i] === TokenKind.String;
  }

  is(i: number, id: number): boolean {
    return i < this.count && i >= 0 && this.ids[i] === id && this.kinds[i] === TokenKind.Name;
  }

  /** Word flags of a name token, 0 for others. */
  word(i: number): number {
    const id = this.ids[i];
    return this.kinds[i] === TokenKind.Name && id < this.flags.length ? this.flags[id] : 0;
  }

  name(i: number): string {
    return nameOf(this.ids[i]);
  }

  /** Index behind the bracket that closes the one at `i`; `limit` when it has no partner. */
  skip(i: number, limit: number): number {
    const partner = this.partner[i];
    return partner > i ? Math.min(partner + 1, limit) : limit;
  }

  /** Next token that was not taken out, from `i` on. */
  next(i: number): number {
    let n = i;
    while (n < this.count && this.kinds[n] === DROPPED) n++;
    return n;
  }

  /** Last token that was not taken out, from `i` backwards; -1 when there is none. */
  previous(i: number): number {
    let n = i;
    while (n >= 0 && this.kinds[n] === DROPPED) n--;
    return n;
  }

  /** A line end stands between two tokens. */
  onNewLine(before: number, i: number): boolean {
    for (let at = this.ends[before]; at < this.starts[i]; at++) {
      const unit = this.text.charCodeAt(at);
      if (unit === 10 || unit === 13) return true;
    }
    return false;
  }

  /** The project macro a name token stands for. */
  macro(i: number): MacroText | undefined {
    return this.isName(i) ? this.macros.of(this.ids[i]) : undefined;
  }

  shape(macro: MacroText): MacroShape {
    return this.macros.shape(macro);
  }

  /** Takes tokens first..last out of the text. */
  drop(first: number, last = first): void {
    for (let i = first; i <= last; i++) {
      if (this.kinds[i] === DROPPED) continue;
      this.buffer.blank(this.starts[i], this.ends[i]);
      this.kinds[i] = DROPPED;
    }
  }

  /** Takes a decoration out and records it. `last` is the closing parenthesis of its arguments, if it has any. */
  dropDecoration(first: number, last = first): void {
    const record: Annotation = { start: this.starts[first], end: this.ends[last], name: this.name(first), kind: 'decoration' };
    if (last > first) {
      const ranges = argRanges(this.tokens, first + 1, last);
      record.args = ranges.map(([from, to]) => this.text.slice(from, to));
      record.argStarts = ranges.map(([from]) => from);
    }
    this.records.push(record);
    this.drop(first, last);
  }

  /** Takes `NAME(args)` out and keeps it as a macro use; `end` is the last token that goes with it (a semicolon). */
  dropUse(first: number, close: number, end = close): void {
    this.recordUse(first, close);
    this.drop(first, end);
  }

  recordUse(first: number, close: number): void {
    const ranges = close > first ? argRanges(this.tokens, first + 1, close) : [];
    this.uses.push({
      start: this.starts[first], end: this.ends[close], name: this.name(first),
      args: ranges.map(([from, to]) => this.text.slice(from, to)), argStarts: ranges.map(([from]) => from),
    });
  }

  /** Writes a word over a token; it must not be longer. */
  rename(i: number, word: string): boolean {
    if (!this.buffer.replace(this.starts[i], this.ends[i], word)) return false;
    this.ends[i] = this.starts[i] + word.length;
    this.kinds[i] = TokenKind.Name;
    this.ids[i] = idOfName(word);
    return true;
  }

  /** Writes a word over a token, taking blanks around it when it is longer: first behind, then before it; with `lines`, line ends before it too. */
  grow(i: number, word: string, lines = false): boolean {
    if (this.rename(i, word)) return true;
    let [start, end] = [this.starts[i], this.ends[i]];
    const high = this.next(i + 1) < this.count ? this.starts[this.next(i + 1)] : this.text.length;
    const low = i > 0 ? this.ends[this.previous(i - 1)] ?? 0 : 0;
    while (end - start < word.length && end < high && this.buffer.isBlank(end)) end++;
    while (end - start < word.length && start > low && (lines || this.buffer.isBlank(start - 1))) start--;
    if (end - start < word.length) return false;
    this.buffer.write(start, word);
    this.starts[i] = start;
    this.ends[i] = start + word.length;
    this.buffer.blank(this.ends[i], end);
    this.ids[i] = idOfName(word);
    this.kinds[i] = TokenKind.Name;
    return true;
  }

  /** A token that was grown to two words: the first `at` units become a word of their own before it. */
  splitWord(i: number, at: number, id: number): void {
    const start = this.starts[i];
    const first = this.buffer.word(start, start + at);
    this.inserted.push({ at: start, end: start + first.length, kind: TokenKind.Name, id: idOfName(first) });
    this.starts[i] = start + at;
    this.ids[i] = id;
  }

  /** Writes a punctuator over a token of at least one unit. */
  setPunct(i: number, code: number): void {
    this.buffer.blank(this.starts[i], this.ends[i]);
    this.buffer.units[this.starts[i]] = code;
    this.ends[i] = this.starts[i] + 1;
    this.kinds[i] = TokenKind.Punct;
    this.ids[i] = code;
  }

  /** Makes an operator one unit longer; the unit behind it must be blank. */
  widen(i: number, unit: number): void {
    this.buffer.units[this.ends[i]] = unit;
    this.ends[i]++;
    this.ids[i] = Punct.Operator;
  }

  /** Puts a punctuator on blank space behind token `i`; false when there is none before the next token. */
  insertAfter(i: number, code: number): boolean {
    const next = this.next(i + 1);
    const limit = next < this.count ? this.starts[next] : this.text.length;
    const { units } = this.buffer;
    let at = this.ends[i];
    while (at < limit && !this.buffer.isBlank(at)) at++;
    // No blank: a line end will do, the parser takes any white space for the other.
    if (at >= limit) at = this.ends[i];
    if (at >= limit) return false;
    units[at] = code;
    this.inserted.push({ at, end: at + 1, kind: TokenKind.Punct, id: code });
    return true;
  }

  /** Takes tokens first..last out and writes `text` (code of its own) in their place when it fits on one line there. */
  substitute(first: number, last: number, text: string): boolean {
    const start = this.starts[first];
    if (!this.buffer.replace(start, this.ends[last], text)) return false;
    this.drop(first, last);
    this.buffer.write(start, text);
    const { tokens } = scanFile(sourceFromString(text));
    for (let i = 0; i < tokens.count; i++) this.inserted.push({ at: start + tokens.start[i], end: start + tokens.end[i], kind: tokens.kind[i], id: tokens.id[i] });
    return true;
  }

  /** The tokens of the rewritten text. */
  finalTokens(): Tokens {
    const extra = this.inserted.sort((a, b) => a.at - b.at);
    const result = emptyTokens(this.count + extra.length);
    let e = 0;
    for (let i = 0; i <= this.count; i++) {
      while (e < extra.length && (i === this.count || extra[e].at < this.starts[i])) {
        push(result, extra[e].kind, extra[e].at, extra[e].end, extra[e].id);
        e++;
      }
      if (i < this.count && this.kinds[i] !== DROPPED) push(result, this.kinds[i], this.starts[i], this.ends[i], this.ids[i]);
    }
    return result;
  }
}

function push(tokens: Tokens, kind: number, start: number, end: number, id: number): void {
  const n = tokens.count++;
  tokens.kind[n] = kind;
  tokens.start[n] = start;
  tokens.end[n] = end;
  tokens.id[n] = id;
}
