// Function bodies: finds where statements begin, and mends what macros make of them: statement macros without a semicolon,
// loop and block macros, structured exception handling in its macro spellings, inline assembly, labels before a brace.

import { Punct, TokenKind } from '../lex/tokens.js';
import type { Code } from './code.js';
import type { Declarations } from './declarations.js';
import { dropPragma, Expressions } from './expressions.js';
import { openerFor, replaceUnbalanced } from './block-macros.js';
import { readRun } from './runs.js';
import { sehWord } from './seh.js';
import { Word, W } from './words.js';

export class Statements {
  readonly expressions: Expressions;

  constructor(private readonly code: Code, private readonly declarations: () => Declarations) {
    this.expressions = new Expressions(code, (from, to) => this.block(from, to));
  }

  /** The statements of a block, braces not included. */
  block(from: number, to: number): void {
    let i = from;
    while (i < to) {
      const next = this.statement(i, to);
      i = next > i ? next : i + 1;
    }
  }

  /** Reads on from a place where a statement may begin; gives the next such place. */
  private statement(i: number, to: number): number {
    const { code } = this;
    const kind = code.kinds[i];
    if (kind === 0) return i + 1;
    if (kind === TokenKind.Punct) return this.punct(i, to);
    if (kind !== TokenKind.Name) return this.expression(i, to);
    const seh = sehWord(code, i, to);
    if (seh > 0) return seh;
    const word = code.word(i);
    if (word & Word.Statement) return this.keyword(i, to);
    if (code.isPunct(i + 1, Punct.Colon) && !code.isPunct(i + 2, Punct.Colon)) return this.afterLabel(i + 1, to);
    if (code.is(i, W.asm) || code.is(i, W._asm) || code.is(i, W.__asm) || code.is(i, W.__asm__)) return this.assembly(i, to);
    if (code.is(i, W.__pragma) || code.is(i, W._Pragma)) return dropPragma(code, i, to);
    if (word & (Word.Type | Word.Storage | Word.Record | Word.Declaration)) return this.declarations().local(i, to);
    if (word & Word.Expression) return this.expression(i, to);
    return this.named(i, to);
  }

  private punct(i: number, to: number): number {
    const { code } = this;
    const id = code.ids[i];
    if (id === Punct.LBrace) {
      const end = code.skip(i, to);
      this.block(i + 1, end - 1);
      return end;
    }
    if (id === Punct.Semi || id === Punct.RBrace) return i + 1;
    return this.expression(i, to);
  }

  private keyword(i: number, to: number): number {
    const { code } = this;
    switch (code.ids[i]) {
      case W.if: case W.while: case W.for: case W.switch: case W.__except: case W.catch: {
        let open = i + 1;
        if (code.is(open, W.constexpr)) open++;
        if (!code.isPunct(open, Punct.LParen)) return this.macroCondition(i, open, to);
        const end = code.skip(open, to);
        this.expressions.region(open + 1, end - 1);
        return end;
      }
      case W.do:
        return this.doLoop(i, to);
      case W.else: case W.__try: case W.__finally: case W.try:
        return i + 1;
      case W.case:
        return this.caseLabel(i, to);
      case W.default:
        return code.isPunct(i + 1, Punct.Colon) ? this.afterLabel(i + 1, to) : i + 1;
      default:
        return this.expression(i + 1, to, i);
    }
  }

  /** `if NT_SUCCESS(x)`: the macro brings the parentheses. */
  private macroCondition(i: number, name: number, to: number): number {
    const { code } = this;
    if (!code.isPlainName(name) || !code.isPunct(name + 1, Punct.LParen)) return i + 1;
    const end = this.expressions.paren(name + 1, to);
    code.insertAfter(i, Punct.LParen);
    code.insertAfter(end - 1, Punct.RParen);
    return end;
  }

  /** `do { } WHILE(x);`: whatever follows the block is its `while`. */
  private doLoop(i: number, to: number): number {
    const { code } = this;
    const open = code.next(i + 1);
    if (!code.isPunct(open, Punct.LBrace)) return i + 1;
    const end = code.skip(open, to);
    this.block(open + 1, end - 1);
    const next = code.next(end);
    if (next < to && code.isPlainName(next) && code.isPunct(next + 1, Punct.LParen)) code.rename(next, 'while');
    return end;
  }

  private caseLabel(i: number, to: number): number {
    const { code } = this;
    let questions = 0;
    for (let n = i + 1; n < to; ) {
      if (code.isPunct(n, Punct.Question)) questions++;
      else if (code.isPunct(n, Punct.Colon) && questions-- === 0) return this.afterLabel(n, to);
      else if (code.isPunct(n, Punct.Ellipsis)) {
        n = this.dropRangeEnd(n, to);
        continue;
      } else if (code.isPunct(n, Punct.Semi) || code.isPunct(n, Punct.LBrace)) return n;
      n = this.expressions.step(n, to);
    }
    return to;
  }

  /** `case A ... B:` the grammars know no ranges. */
  private dropRangeEnd(i: number, to: number): number {
    const { code } = this;
    let n = i;
    while (n < to && !code.isPunct(n, Punct.Colon)) n++;
    code.drop(i, n - 1);
    return n;
  }

  /** A label needs a statement behind it. */
  private afterLabel(colon: number, to: number): number {
    const { code } = this;
    const next = code.next(colon + 1);
    if (next >= to && !code.is(code.previous(colon - 1), W.default) && code.isPlainName(code.previous(colon - 1))) code.insertAfter(colon, Punct.Semi);
    return colon + 1;
  }

  /** Inline assembly: an empty statement is left in its place. */
  private assembly(i: number, to: number): number {
    const { code } = this;
    let next = code.is(i + 1, W.volatile) ? i + 2 : i + 1;
    if (code.isPunct(next, Punct.LBrace)) {
      const end = code.skip(next, to);
      code.drop(i + 1, end - 1);
      code.setPunct(i, Punct.Semi);
      return end;
    }
    if (code.isPunct(next, Punct.LParen)) return this.expression(next, to);
    while (next < to && !code.onNewLine(next - 1, next)) next++;
    code.drop(i + 1, next - 1);
    code.setPunct(i, Punct.Semi);
    return next;
  }

  /** A statement that begins with a name which is no keyword. */
  private named(i: number, to: number): number {
    const { code } = this;
    const macro = code.macro(i);
    if (macro) {
      const end = replaceUnbalanced(code, i, to);
      if (end > 0) return end;
    }
    const next = code.next(i + 1);
    if (code.isPunct(next, Punct.LParen)) return this.call(i, next, to);
    if (next >= to) {
      code.insertAfter(i, Punct.Semi);
      return to;
    }
    if (code.isPunct(next, Punct.LBrace) && this.isBlockMacro(next)) {
      code.dropUse(i, i);
      return next;
    }
    if (code.isName(next)) return this.twoNames(i, next, to);
    if (this.isDeclaration(i, next, to)) return this.declarations().local(i, to);
    return this.expression(i, to);
  }

  /** `NAME {`: in C++ it may be a temporary. */
  private isBlockMacro(open: number): boolean {
    const { code } = this;
    if (code.language === 'c') return true;
    const close = code.partner[open];
    return close > 0 && !code.isPunct(code.next(close + 1), Punct.Semi) && !code.isPunct(code.next(close + 1), Punct.Dot);
  }

  /** `NAME name`: a declaration, or a macro that is a statement by itself. */
  private twoNames(i: number, next: number, to: number): number {
    const { code } = this;
    const word = code.word(next);
    const newLine = code.onNewLine(i, next);
    if (word & Word.Statement || (newLine && this.isStatementMacro(i, next))) {
      code.insertAfter(i, Punct.Semi);
      return next;
    }
    if (word & Word.Expression) return this.expression(i, to);
    return this.declarations().local(i, to);
  }

  /** A name alone on its line: a macro unless it reads as the type of what follows. */
  private isStatementMacro(i: number, next: number): boolean {
    const { code } = this;
    const macro = code.macro(i);
    if (macro && !macro.params) {
      const { words } = code.shape(macro);
      const last = words[words.length - 1];
      return last !== undefined && (last.id === Punct.Semi || last.id === Punct.RBrace || last.id === Punct.RParen) && last.kind === TokenKind.Punct;
    }
    const after = code.next(next + 1);
    if (!/^[A-Z0-9_]+$/.test(code.name(i))) return false;
    return code.isPunct(after, Punct.LParen) || code.isPunct(after, Punct.Arrow) || code.isPunct(after, Punct.Dot);
  }

  /** `A * b;`, `A::B c`, `A<B> c`: reads like a declaration with something to clean. */
  private isDeclaration(i: number, next: number, to: number): boolean {
    const { code } = this;
    if (code.isPunct(next, Punct.Star)) return code.isName(next + 1) && code.isName(next + 2);
    return code.language === 'cpp' && code.isPunct(next, Punct.Scope) && readRun(code, i, to).names.length > 2;
  }

  /** `NAME(args)` where a statement begins. */
  private call(i: number, open: number, to: number): number {
    const { code, expressions } = this;
    const end = expressions.paren(open, to);
    const next = code.next(end);
    if (next >= to) {
      code.insertAfter(end - 1, Punct.Semi);
      return to;
    }
    if (code.isPunct(next, Punct.LBrace)) {
      openerFor(code, i, open, end - 1);
      return next;
    }
    if (code.language === 'cpp' && code.isPunct(next, Punct.Assign) && code.starts[next + 2] !== undefined && code.isPunct(next + 2, Punct.Semi) && code.text[code.starts[next + 1]] === '0') {
      // `NAME(x) = 0;` reads as a pure virtual function.
      code.insertAfter(next, Punct.Plus);
    }
    if (code.isName(next)) return this.callThenName(i, open, end, next, to);
    if (code.kinds[next] === TokenKind.Punct && (code.ids[next] === Punct.Increment || code.ids[next] === Punct.Star || code.ids[next] === Punct.LParen) && code.onNewLine(end - 1, next) && this.isMacroLike(i)) {
      code.insertAfter(end - 1, Punct.Semi);
      return next;
    }
    return this.expression(end, to);
  }

  private isMacroLike(i: number): boolean {
    return this.code.macro(i) !== undefined || /^[A-Z0-9_]+$/.test(this.code.name(i));
  }

  /** `NAME(args) name`: a macro without its semicolon, a loop macro without braces, or a decoration of a declaration. */
  private callThenName(i: number, open: number, end: number, next: number, to: number): number {
    const { code } = this;
    const word = code.word(next);
    if (word & Word.Statement && code.is(next, W.else)) {
      code.insertAfter(end - 1, Punct.Semi);
      return next;
    }
    if (openerFor(code, i, open, end - 1, true)) return next;
    if (!(word & Word.Statement) && !code.onNewLine(end - 1, next) && this.isDeclarationAt(next, to)) {
      code.dropDecoration(i, end - 1);
      return next;
    }
    if (!(word & Word.Statement) && word & Word.Storage && code.is(next, W.const)) return this.expression(end, to);
    code.insertAfter(end - 1, Punct.Semi);
    return next;
  }

  private isDeclarationAt(i: number, to: number): boolean {
    const { code } = this;
    if (code.word(i) & (Word.Type | Word.Storage | Word.Record)) return true;
    return code.isPlainName(i) && (code.isPlainName(i + 1) || (code.isPunct(i + 1, Punct.Star) && code.isPlainName(i + 2))) && i + 2 < to;
  }

  /** The rest of an expression statement up to its semicolon; one that is missing is put in before what clearly begins another statement. `keyword`: the statement began with this token. */
  expression(from: number, to: number, keyword = -1): number {
    const { code, expressions } = this;
    let i = from;
    while (i < to) {
      if (code.isPunct(i, Punct.Semi)) return i + 1;
      if (i > from || keyword >= 0) {
        const word = code.word(i);
        if (word & Word.Statement && !this.continues(i, keyword)) {
          code.insertAfter(code.previous(i - 1), Punct.Semi);
          return i;
        }
      }
      i = expressions.step(i, to);
    }
    const last = code.previous(to - 1);
    if (last >= from || (keyword >= 0 && last === keyword)) if (!code.isPunct(last, Punct.RBrace) || keyword >= 0) code.insertAfter(last, Punct.Semi);
    return to;
  }

  /** Statement words that may stand inside an expression statement. */
  private continues(i: number, keyword: number): boolean {
    const { code } = this;
    if (code.is(i, W.throw) || code.is(i, W.default)) return code.language === 'cpp';
    return keyword >= 0 && code.is(keyword, W.goto) && i === keyword + 1;
  }
}
