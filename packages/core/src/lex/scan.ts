// One scan over a file's text: tokens, comments and preprocessor directives. Everything here is independent of the
// configuration; which directives are in force is decided in conditionals.ts.

import type { SourceText } from '../source/text.js';
import { unitsOf } from '../source/units.js';
import { internUnits } from './names.js';
import { emptyTokens, growTokens, Punct, TokenKind } from './tokens.js';
import type { Tokens } from './tokens.js';
import { readDirective } from './directives.js';
import type { Directive, DirectiveComment, LexProblem } from './records.js';

export interface LexedFile {
  readonly source: SourceText;
  /** The units of the text. Not to be written to. */
  readonly units: Uint16Array;
  /** No unit is above 127. */
  readonly ascii: boolean;
  readonly tokens: Tokens;
  /** Start and end of every comment, in pairs; comments inside directives are not among them. */
  readonly comments: Int32Array;
  readonly directiveComments: DirectiveComment[];
  readonly directives: Directive[];
  /** Offsets outside of tokens, comments and directives where the text has something a parser must not see (NUL, stray bytes). */
  readonly strays: number[];
  readonly problems: LexProblem[];
}

const enum Class { Other = 0, Letter = 1, Digit = 2, Blank = 3, Line = 4, Stray = 5 }

const classes = new Uint8Array(128);
for (let c = 0; c < 128; c++) {
  if ((c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 95 || c === 36) classes[c] = Class.Letter;
  else if (c >= 48 && c <= 57) classes[c] = Class.Digit;
  else if (c === 32 || c === 9 || c === 11 || c === 12) classes[c] = Class.Blank;
  else if (c === 10 || c === 13) classes[c] = Class.Line;
  else if (c < 32 || c === 127 || c === 64 || c === 96) classes[c] = Class.Stray;
}

/** Scans a file. Never fails; what is wrong with the text is in `problems`. */
export function scanFile(source: SourceText): LexedFile {
  return new Scanner(source).run();
}

/** Tokens a text of so many units may have. Most texts are a macro's body, and arrays of a few entries cost the engine much less. */
function room(length: number): number {
  return length < 2048 ? (length >> 1) + 4 : (length >> 2) + 64;
}

class Scanner {
  private readonly text: string;
  private readonly units: Uint16Array;
  private readonly ascii: boolean;
  private readonly tokens: Tokens;
  private comments: number[] = [];
  private readonly directives: Directive[] = [];
  private readonly directiveComments: DirectiveComment[] = [];
  private readonly strays: number[] = [];
  private readonly problems: LexProblem[] = [];

  constructor(private readonly source: SourceText) {
    this.text = source.text;
    const { units, ascii } = unitsOf(source.text, 4);
    this.units = units;
    this.ascii = ascii;
    this.tokens = emptyTokens(room(source.text.length));
  }

  run(): LexedFile {
    const { units } = this;
    const length = this.text.length;
    let lineStart = true;
    let i = 0;
    while (i < length) {
      const c = units[i];
      const kind = c < 128 ? classes[c] : classOfWide(c);
      if (kind === Class.Blank) { i++; continue; }
      if (kind === Class.Line) { lineStart = true; i++; continue; }
      if (kind === Class.Letter) { i = this.name(i); lineStart = false; continue; }
      if (kind === Class.Stray) { this.strays.push(i++); continue; }
      if (c === 47 && (units[i + 1] === 47 || units[i + 1] === 42)) { i = this.comment(i); continue; }
      if (c === 35 && lineStart) { i = this.directive(i); continue; }
      lineStart = false;
      if (kind === Class.Digit || (c === 46 && isDigit(units[i + 1]))) i = this.number(i);
      else if (c === 34) i = this.quoted(i, i, 34);
      else if (c === 39) i = this.quoted(i, i, 39);
      else i = this.punct(i, c);
    }
    return {
      source: this.source, units, ascii: this.ascii, tokens: this.tokens, comments: Int32Array.from(this.comments), directiveComments: this.directiveComments,
      directives: this.directives, strays: this.strays, problems: this.problems,
    };
  }

  private push(kind: number, start: number, end: number, id: number): void {
    const { tokens } = this;
    const n = tokens.count;
    if (n === tokens.kind.length) growTokens(tokens);
    tokens.kind[n] = kind;
    tokens.start[n] = start;
    tokens.end[n] = end;
    tokens.id[n] = id;
    tokens.count = n + 1;
  }

  private name(start: number): number {
    const { units } = this;
    let hash = 0;
    let i = start;
    for (;;) {
      const c = units[i];
      if (c < 128) {
        const kind = classes[c];
        if (kind !== Class.Letter && kind !== Class.Digit) break;
      } else if (classOfWide(c) !== Class.Letter) break;
      hash = (Math.imul(hash, 31) + c) | 0;
      i++;
    }
    const next = units[i];
    if ((next === 34 || next === 39) && i - start <= 3) {
      const prefix = this.text.slice(start, i);
      if (next === 34 && /^(?:L|u|U|u8)?R$/.test(prefix)) return this.rawString(start, i);
      if (/^(?:L|u|U|u8)$/.test(prefix)) return this.quoted(start, i, next);
    }
    this.push(TokenKind.Name, start, i, internUnits(this.text, start, i, hash));
    return i;
  }

  private number(start: number): number {
    const { units } = this;
    let i = start + 1;
    for (;;) {
      const c = units[i];
      if (c < 128) {
        const kind = classes[c];
        if (kind === Class.Letter || kind === Class.Digit || c === 46) { i++; continue; }
        if ((c === 43 || c === 45) && isExponent(units, start, i)) { i++; continue; }
        if (c === 39 && isAlphanumeric(units[i + 1]) && isAlphanumeric(units[i - 1])) { i += 2; continue; }
      }
      break;
    }
    this.push(TokenKind.Number, start, i, 0);
    return i;
  }

  /** A string or character constant from its quote on; an unterminated one ends with its line. */
  private quoted(start: number, quote: number, mark: number): number {
    const { units } = this;
    const length = this.text.length;
    let i = quote + 1;
    for (; i < length; i++) {
      const c = units[i];
      if (c === mark) { i++; break; }
      if (c === 92) { i += units[i + 1] === 13 && units[i + 2] === 10 ? 2 : 1; continue; }
      if (c === 10 || c === 13) {
        this.problems.push({ start, end: i, reason: mark === 34 ? 'unterminated string' : 'unterminated character constant' });
        break;
      }
    }
    i = Math.min(i, length);
    this.push(mark === 34 ? TokenKind.String : TokenKind.Char, start, i, 0);
    return i;
  }

  private rawString(start: number, quote: number): number {
    const open = this.text.indexOf('(', quote);
    if (open < 0 || open - quote > 17) return this.quoted(start, quote, 34);
    const closing = `)${this.text.slice(quote + 1, open)}"`;
    const at = this.text.indexOf(closing, open);
    const end = at < 0 ? this.text.length : at + closing.length;
    if (at < 0) this.problems.push({ start, end, reason: 'unterminated raw string' });
    this.push(TokenKind.String, start, end, 0);
    return end;
  }

  private comment(start: number): number {
    const block = this.units[start + 1] === 42;
    const end = block ? this.blockCommentEnd(start) : this.lineCommentEnd(start);
    this.comments.push(start, end);
    this.keepDirectiveComment(start, end, block);
    return end;
  }

  private blockCommentEnd(start: number): number {
    const at = this.text.indexOf('*/', start + 2);
    if (at >= 0) return at + 2;
    this.problems.push({ start, end: this.text.length, reason: 'unterminated comment' });
    return this.text.length;
  }

  private lineCommentEnd(start: number): number {
    const { units } = this;
    const length = this.text.length;
    let i = start + 2;
    for (; i < length; i++) {
      const c = units[i];
      if (c !== 10 && c !== 13) continue;
      if (units[i - 1] !== 92) break;
      if (c === 13 && units[i + 1] === 10) i++;
    }
    return i;
  }

  private keepDirectiveComment(start: number, end: number, block: boolean): void {
    let i = start + 2;
    while (this.units[i] === 32 || this.units[i] === 9 || this.units[i] === 42) i++;
    const c = this.units[i];
    if (c !== 100 && c !== 101) return;
    const text = this.text.slice(i, block && this.text.startsWith('*/', end - 2) ? end - 2 : end).trim();
    if (/^(?:drvlint|eslint)-(?:disable|enable)/.test(text)) this.directiveComments.push({ start, end, text, block });
  }

  private directive(start: number): number {
    const end = this.directiveEnd(start);
    this.directives.push(readDirective(this.text, start, end, this.tokens.count));
    return end;
  }

  /** End of a directive: its line's end, where continued lines and comments over several lines belong to the line. */
  private directiveEnd(start: number): number {
    const { units } = this;
    const length = this.text.length;
    let i = start + 1;
    while (i < length) {
      const c = units[i];
      if (c === 10 || c === 13) break;
      if (c === 92 && (units[i + 1] === 10 || units[i + 1] === 13)) i += units[i + 1] === 13 && units[i + 2] === 10 ? 3 : 2;
      else if (c === 47 && units[i + 1] === 42) {
        const end = this.blockCommentEnd(i);
        this.keepDirectiveComment(i, end, true);
        i = end;
      } else if (c === 47 && units[i + 1] === 47) {
        const end = this.lineCommentEnd(i);
        this.keepDirectiveComment(i, end, false);
        i = end;
      } else if (c === 34 || c === 39) i = this.skipQuoted(i, c);
      else i++;
    }
    return Math.min(i, length);
  }

  private skipQuoted(start: number, mark: number): number {
    const { units } = this;
    for (let i = start + 1; i < this.text.length; i++) {
      const c = units[i];
      if (c === mark) return i + 1;
      if (c === 10 || c === 13) return start + 1;
      if (c === 92) i += units[i + 1] === 13 && units[i + 2] === 10 ? 2 : 1;
    }
    return start + 1;
  }

  private punct(start: number, c: number): number {
    const { units } = this;
    const d = units[start + 1];
    let code: number = c;
    let length = 1;
    if (c === 45 && d === 62) { code = Punct.Arrow; length = 2; }
    else if (c === 58 && d === 58) { code = Punct.Scope; length = 2; }
    else if (c === 46 && d === 46 && units[start + 2] === 46) { code = Punct.Ellipsis; length = 3; }
    else if (c === 38 && d === 38) { code = Punct.AndAnd; length = 2; }
    else if (c === 35 && d === 35) { code = Punct.HashHash; length = 2; }
    else if ((c === 43 && d === 43) || (c === 45 && d === 45)) { code = Punct.Increment; length = 2; }
    else if (c === 62 && d === 62 && units[start + 2] !== 61) { code = Punct.ShiftRight; length = 2; }
    else if (c === 124 && d === 124) { code = Punct.Operator; length = 2; }
    else if ((c === 60 && d === 60) || (c === 62 && d === 62)) { code = Punct.Operator; length = units[start + 2] === 61 ? 3 : 2; }
    else if (d === 61 && isBeforeAssign(c)) { code = Punct.Operator; length = 2; }
    else if (c === 92 || c === 35) { this.strays.push(...(c === 35 ? [start] : [])); return start + 1; }
    this.push(TokenKind.Punct, start, start + length, code);
    return start + length;
  }
}

function classOfWide(c: number): Class {
  if (c === 0xa0 || c === 0xfeff || c === 0x3000 || (c >= 0x2000 && c <= 0x206f) || c === 0xfffd) return Class.Stray;
  return Class.Letter;
}

function isDigit(c: number): boolean {
  return c >= 48 && c <= 57;
}

function isAlphanumeric(c: number): boolean {
  return c < 128 && (classes[c] === Class.Letter || classes[c] === Class.Digit);
}

/** A sign inside a number belongs to it behind `e` of a decimal or `p` of a hexadecimal number. */
function isExponent(units: Uint16Array, start: number, at: number): boolean {
  const before = units[at - 1] | 32;
  const hex = units[start] === 48 && (units[start + 1] | 32) === 120;
  return hex ? before === 112 : before === 101;
}

function isBeforeAssign(c: number): boolean {
  return c === 61 || c === 33 || c === 60 || c === 62 || c === 43 || c === 45 || c === 42 || c === 47 || c === 37 || c === 38 || c === 124 || c === 94;
}
