// First step of rewriting: annotations, calling conventions and decorations that a name or a macro tells by itself are blanked
// and recorded. What is left goes on to the steps that look at the context.

import type { ActiveFile } from '../lex/conditionals.js';
import { idOfName, nameOf } from '../lex/names.js';
import type { MacroText } from '../lex/records.js';
import { emptyTokens, growTokens, Punct, TokenKind } from '../lex/tokens.js';
import type { Tokens } from '../lex/tokens.js';
import type { RewriteBuffer } from './buffer.js';
import { argRanges, kindOfClass } from './macro-shape.js';
import type { MacroShape } from './macro-shape.js';
import { classOfName, NameClass, standsFor } from './names.js';
import type { Annotation } from './records.js';
import type { VisibleMacros } from './visible-macros.js';

const TAG_WORDS = new Set(['struct', 'union', 'enum', 'class', 'typename', 'goto'].map(idOfName));

/** Tokens that are left, and what was taken out. */
export interface Cleaned { tokens: Tokens; records: Annotation[] }

export class AnnotationPass {
  private readonly tokens: Tokens;
  private readonly text: string;
  private readonly left: Tokens;
  private readonly records: Annotation[] = [];

  constructor(active: ActiveFile, private readonly buffer: RewriteBuffer, private readonly macros: VisibleMacros) {
    this.tokens = active.tokens;
    this.text = active.lexed.source.text;
    this.left = emptyTokens(active.tokens.count + 1);
  }

  run(): Cleaned {
    const { kind, id, count } = this.tokens;
    for (let i = 0; i < count; i++) {
      if (kind[i] === TokenKind.Name) {
        const cls = classOfName(id[i]);
        if (cls !== NameClass.Plain || this.macros.maybe(id[i])) {
          i = this.named(i, cls);
          continue;
        }
      }
      this.keep(i);
    }
    return { tokens: this.left, records: this.records };
  }

  private keep(i: number): void {
    const { left, tokens } = this;
    const n = left.count++;
    if (n === left.kind.length) growTokens(left);
    left.kind[n] = tokens.kind[i];
    left.start[n] = tokens.start[i];
    left.end[n] = tokens.kind[i] === TokenKind.Number ? this.withoutSuffix(tokens.start[i], tokens.end[i]) : tokens.end[i];
    left.id[n] = tokens.id[i];
  }

  /** Microsoft's integer suffixes (`i64`, `UI32`) are not in the grammars. */
  private withoutSuffix(start: number, end: number): number {
    const { units } = this.buffer;
    const last = units[end - 1];
    // 8, 16, 32, 64
    if (last !== 52 && last !== 50 && last !== 54 && last !== 56) return end;
    let at = end - 1;
    while (at > start && units[at] >= 48 && units[at] <= 57) at--;
    if (at === start || (units[at] | 32) !== 105) return end;
    if ((units[at - 1] | 32) === 117) at--;
    this.buffer.blank(at, end);
    return at;
  }

  /** Handles a name with a meaning; gives the index of the last token taken. */
  private named(i: number, cls: number): number {
    const { tokens } = this;
    if (i > 0 && this.isExempt(i - 1)) {
      this.keep(i);
      return i;
    }
    const macro = this.macros.of(tokens.id[i]);
    // `#ifndef _IRQL_requires_ / #define _IRQL_requires_(level)`: a fall-back for other compilers takes nothing from the annotation.
    const fallBack = cls === NameClass.Sal && macro?.body === '';
    if (macro && !fallBack) return this.macroUse(i, macro, cls);
    return this.classified(i, cls);
  }

  private isExempt(before: number): boolean {
    const { kind, id } = this.tokens;
    if (kind[before] === TokenKind.Punct) return id[before] === Punct.Dot || id[before] === Punct.Arrow || id[before] === Punct.Scope;
    return kind[before] === TokenKind.Name && TAG_WORDS.has(id[before]);
  }

  private classified(i: number, cls: number): number {
    const { tokens, buffer } = this;
    switch (cls) {
      case NameClass.SalBare: case NameClass.CallConv:
        return this.take(i, i, cls);
      case NameClass.Sal:
        return this.take(i, this.argsEnd(i), cls);
      case NameClass.Declspec: case NameClass.DecorationArgs: {
        const end = this.argsEnd(i);
        if (end > i) return this.take(i, end, cls);
        break;
      }
      case NameClass.Decoration: {
        const word = standsFor(nameOf(tokens.id[i]));
        this.take(i, i, cls);
        if (word !== undefined && buffer.replace(tokens.start[i], tokens.end[i], word)) this.keepAs(i, word);
        return i;
      }
      case NameClass.OldDirection:
        if (this.isDirection(i)) return this.take(i, i, cls);
        break;
      case NameClass.Const:
        buffer.write(tokens.start[i], 'const');
        this.keepAs(i, 'const');
        return i;
      default:
        break;
    }
    this.keep(i);
    return i;
  }

  private keepAs(i: number, word: string): void {
    this.keep(i);
    const n = this.left.count - 1;
    this.left.id[n] = idOfName(word);
    this.left.end[n] = this.left.start[n] + word.length;
  }

  private keepWords(start: number, words: string[]): void {
    const { left } = this;
    let at = start;
    for (const word of words) {
      const n = left.count++;
      if (n === left.kind.length) growTokens(left);
      left.kind[n] = TokenKind.Name;
      left.start[n] = at;
      left.end[n] = at + word.length;
      left.id[n] = idOfName(word);
      at += word.length + 1;
    }
  }

  /** Index of the closing parenthesis of an argument list behind token `i`, else `i`. */
  private argsEnd(i: number): number {
    const { kind, id, count } = this.tokens;
    if (i + 1 >= count || kind[i + 1] !== TokenKind.Punct || id[i + 1] !== Punct.LParen) return i;
    let depth = 0;
    for (let n = i + 1; n < count; n++) {
      if (kind[n] !== TokenKind.Punct) continue;
      if (id[n] === Punct.LParen) depth++;
      else if (id[n] === Punct.RParen) {
        if (--depth === 0) return n;
      } else if (id[n] === Punct.LBrace || id[n] === Punct.Semi) return i;
    }
    return i;
  }

  /** Blanks tokens first..last and records them under the name of `first`. */
  private take(first: number, last: number, cls: number): number {
    const { tokens, text } = this;
    const [start, end] = [tokens.start[first], tokens.end[last]];
    const record: Annotation = { start, end, name: nameOf(tokens.id[first]), kind: kindOfClass(cls) };
    if (last > first) {
      const ranges = argRanges(tokens, first + 1, last);
      record.args = ranges.map(([from, to]) => text.slice(from, to));
      record.argStarts = ranges.map(([from]) => from);
    } else if (cls === NameClass.Sal && tokens.id[first + 1] === Punct.LParen && tokens.kind[first + 1] === TokenKind.Punct) record.malformed = true;
    this.records.push(record);
    this.buffer.blank(start, end);
    return last;
  }

  /** IN, OUT before a parameter's type, OPTIONAL behind its name (or anywhere between). */
  private isDirection(i: number): boolean {
    const { tokens } = this;
    const next = i + 1 < tokens.count ? tokens.kind[i + 1] : 0;
    const before = i > 0 ? tokens.kind[i - 1] : 0;
    const beforeId = i > 0 ? tokens.id[i - 1] : 0;
    if (nameOf(tokens.id[i]) === 'OPTIONAL') {
      if (before === TokenKind.Name) return true;
      return before === TokenKind.Punct && (beforeId === Punct.Star || beforeId === Punct.RBracket || ((beforeId === Punct.Comma || beforeId === Punct.LParen) && next === TokenKind.Name));
    }
    return next === TokenKind.Name && (before === TokenKind.Name || (before === TokenKind.Punct && beforeId !== Punct.Assign && beforeId !== Punct.Operator));
  }

  private macroUse(i: number, macro: MacroText, cls: number): number {
    const { tokens } = this;
    const shape = this.macros.shape(macro);
    const end = macro.params ? this.argsEnd(i) : i;
    if (macro.params && end === i && cls === NameClass.Plain) {
      this.keep(i);
      return i;
    }
    if (shape.empty && (!macro.params || shape.inner.length > 0 || cls !== NameClass.Plain)) {
      this.blankMacro(i, end, shape, cls);
      return end;
    }
    if (cls !== NameClass.Plain && cls !== NameClass.Const && isSelfLike(shape, macro)) return this.classified(i, cls);
    if (shape.storage && !macro.params) {
      this.blankMacro(i, i, shape, NameClass.Decoration);
      const words = shape.words.map((word) => word.text);
      if (this.buffer.replace(tokens.start[i], tokens.end[i], words.join(' '))) this.keepWords(tokens.start[i], words);
      else for (const word of words) this.records.push({ start: tokens.start[i], end: tokens.end[i], name: word, kind: 'decoration', via: macro.name });
      return i;
    }
    if (cls === NameClass.Const) return this.classified(i, cls);
    this.keep(i);
    return i;
  }

  /** One record per annotation inside the macro, or one for the macro itself. */
  private blankMacro(first: number, last: number, shape: MacroShape, cls: number): void {
    const { tokens } = this;
    const range = { start: tokens.start[first], end: tokens.end[last] };
    const name = nameOf(tokens.id[first]);
    if (shape.inner.length === 0) this.records.push({ ...range, name, kind: cls === NameClass.Plain ? 'decoration' : kindOfClass(cls) });
    for (const inner of shape.inner) this.records.push({ ...range, name: inner.name, kind: inner.kind, ...(inner.args ? { args: inner.args } : {}), via: name });
    this.buffer.blank(range.start, range.end);
  }
}

/** A macro defined as itself, or by words that are no code (`#define NTAPI __stdcall` leaves nothing). */
function isSelfLike(shape: MacroShape, macro: MacroText): boolean {
  return shape.words.length === 1 && shape.words[0].text === macro.name;
}
