// Expressions: what macros allow in arguments and the grammars do not. Types as arguments become plain names, statements in
// arguments become expressions, pasted strings lose the macros between them.

import { idOfName } from '../lex/names.js';
import { Punct, TokenKind } from '../lex/tokens.js';
import type { Code } from './code.js';
import { cleanParams } from './parameters.js';
import { matchAngle } from './runs.js';
import { Word, W } from './words.js';

const CASTS = new Set(['static_cast', 'reinterpret_cast', 'const_cast', 'dynamic_cast'].map(idOfName));

/** Reads a block of statements; given by statements.ts. */
export type BlockReader = (from: number, to: number) => void;

export class Expressions {
  constructor(private readonly code: Code, readonly statements: BlockReader) {}

  /** The tokens [from, to) of an expression or declarator. */
  region(from: number, to: number): void {
    let i = from;
    while (i < to) i = this.step(i, to);
  }

  /** One token or bracket group; gives the index behind it. */
  step(i: number, to: number): number {
    const { code } = this;
    const kind = code.kinds[i];
    if (kind === TokenKind.Punct) {
      const id = code.ids[i];
      if (id === Punct.LParen) return this.paren(i, to);
      if (id === Punct.LBrace) return this.brace(i, to);
      if ((id === Punct.Arrow || id === Punct.Dot) && code.isPunct(i + 1, Punct.Star) && code.ends[i] === code.starts[i + 1]) code.drop(i + 1);
      if (id === Punct.Less && code.language === 'cpp') this.comparison(i, to);
      if (id === Punct.LBracket) {
        const end = code.skip(i, to);
        this.region(i + 1, end - 1);
        return end;
      }
      return i + 1;
    }
    if (kind === TokenKind.String) return this.pasted(i, to);
    if (kind === TokenKind.Name && code.is(i, W.offsetof) && code.isPunct(i + 1, Punct.LParen)) this.offsetof(i);
    if (kind === TokenKind.Name) this.word(i, to);
    if (kind === TokenKind.Name && (code.is(i, W.__pragma) || code.is(i, W._Pragma))) return dropPragma(code, i, to);
    return i + 1;
  }

  /** Names and words the grammars stumble over. */
  private word(i: number, to: number): void {
    const { code } = this;
    if (code.language === 'cpp') {
      if (code.is(i, W.delete)) this.deleteArray(i);
      else if (code.is(i, W.new)) this.newArray(i, to);
      else if (code.is(i, W.operator)) this.operatorCall(i);
      else if (CASTS.has(code.ids[i])) this.castOfMacro(i, to);
    }
    if (code.isPlainName(i) && code.isPlainName(i + 1) && i + 1 < to) {
      const macro = code.macro(i);
      if (macro && !macro.params && code.shape(macro).words.length > 0 && code.shape(macro).words.every((word) => word.kind === TokenKind.String)) code.drop(i);
    }
  }

  /** `new (tag) T *[n]`: the grammar knows no pointers there. */
  private newArray(i: number, to: number): void {
    const { code } = this;
    let n = i + 1;
    if (code.isPunct(n, Punct.LParen)) n = code.skip(n, to);
    while (n < to && (code.isName(n) || code.isPunct(n, Punct.Scope))) n++;
    while (n < to && code.isPunct(n, Punct.Star)) code.drop(n++);
  }

  /** `operator new(n)` called as a function. */
  private operatorCall(i: number): void {
    const { code } = this;
    if ((code.is(i + 1, W.new) || code.is(i + 1, W.delete)) && code.isPunct(i + 2, Punct.LParen)) code.substitute(i, i + 1, `operator_${code.name(i + 1)}`);
  }

  /** `static_cast<T> MACRO(x)`: a C cast of equal length. */
  private castOfMacro(i: number, to: number): void {
    const { code } = this;
    if (!code.isPunct(i + 1, Punct.Less)) return;
    const close = matchAngle(code, i + 1, to);
    if (close < 0 || code.isPunct(close + 1, Punct.LParen)) return;
    code.drop(i);
    code.setPunct(i + 1, Punct.LParen);
    code.setPunct(close, Punct.RParen);
  }

  /** `a < (b) || c > (d)`: C++'s grammar prefers a template with an argument list. As `<=` it can only be a comparison. */
  private comparison(i: number, to: number): void {
    const { code } = this;
    if (!code.isPlainName(code.previous(i - 1)) || !code.buffer.isBlank(code.ends[i])) return;
    let logical = false;
    for (let n = i + 1; n < to; n++) {
      if (code.kinds[n] !== TokenKind.Punct) continue;
      const id = code.ids[n];
      if (id === Punct.AndAnd || (id === Punct.Operator && code.text[code.starts[n]] === '|')) logical = true;
      else if (id === Punct.Greater || id === Punct.ShiftRight || (id === Punct.Operator && code.text[code.starts[n]] === '>')) {
        if (logical) code.widen(i, Punct.Assign);
        return;
      } else if (id === Punct.LParen || id === Punct.LBracket) n = Math.max(n, code.partner[n]);
      else if (id === Punct.Semi || id === Punct.LBrace || id === Punct.RBrace || id === Punct.Question || id === Punct.RParen) return;
    }
  }

  /** `delete[] (p)`, `delete[] *p`: the grammar reads the brackets as a lambda's. */
  private deleteArray(i: number): void {
    const { code } = this;
    if (!code.isPunct(i + 1, Punct.LBracket) || !code.isPunct(i + 2, Punct.RBracket)) return;
    if (code.isPunct(i + 3, Punct.LParen) || code.isPunct(i + 3, Punct.Star)) code.drop(i + 1, i + 2);
  }

  /** A parenthesis: arguments of a call, or an expression. */
  paren(open: number, to: number): number {
    const { code } = this;
    const end = code.skip(open, to);
    const before = code.previous(open - 1);
    if (this.isLambda(before)) cleanParams(code, open, end - 1, this);
    else if (this.isCall(before)) {
      this.args(open, end - 1);
      this.dropPastedCalls(open, end, to);
    } else this.region(open + 1, end - 1);
    return end;
  }

  /** `[captures](params)`. */
  private isLambda(before: number): boolean {
    const { code } = this;
    if (code.language !== 'cpp' || !code.isPunct(before, Punct.RBracket) || code.partner[before] < 1) return false;
    const owner = code.previous(code.partner[before] - 1);
    return !(code.isName(owner) && !code.is(owner, W.return)) && !code.isPunct(owner, Punct.RParen) && !code.isPunct(owner, Punct.RBracket);
  }

  /** `TEXT("a") TEXT("b")`: the first stays. */
  private dropPastedCalls(open: number, end: number, to: number): void {
    const { code } = this;
    if (!code.isString(code.next(open + 1)) || !code.isPlainName(code.previous(open - 1))) return;
    for (let n = code.next(end); n < to && code.isPlainName(n) && code.isPunct(n + 1, Punct.LParen) && code.isString(n + 2); ) {
      const close = code.skip(n + 1, to);
      code.drop(n, close - 1);
      n = code.next(close);
    }
  }

  private isCall(before: number): boolean {
    const { code } = this;
    if (before < 0) return false;
    if (code.kinds[before] === TokenKind.Name) {
      const word = code.word(before);
      return (word & (Word.Statement | Word.TakesType | Word.Type | Word.Record | Word.Storage)) === 0;
    }
    return code.isPunct(before, Punct.RParen) || code.isPunct(before, Punct.RBracket);
  }

  /** Arguments between the parentheses at `open` and `close`. */
  args(open: number, close: number): void {
    const { code } = this;
    let first = open + 1;
    for (let i = open + 1; i <= close; ) {
      if (i === close || code.isPunct(i, Punct.Comma)) {
        this.arg(first, i, open, close);
        i++;
        first = i;
      } else if (code.isPunct(i, Punct.Semi)) {
        this.statementEnd(i, close);
        i++;
      } else if (code.isPunct(i, Punct.Less) && code.language === 'cpp') i++;
      else i = this.step(i, close);
    }
  }

  /** A semicolon between arguments: `MACRO(a = 1; b = 2;)` becomes a comma expression. */
  private statementEnd(i: number, close: number): void {
    if (this.code.next(i + 1) >= close) this.code.drop(i);
    else this.code.setPunct(i, Punct.Comma);
  }

  private arg(first: number, end: number, open: number, close: number): void {
    const { code } = this;
    const from = code.next(first);
    if (from >= end) {
      this.emptyArg(end, open, close);
      return;
    }
    if (code.isPunct(from, Punct.Dot) && code.isName(from + 1)) code.drop(from);
    if (code.is(from, W.decltype) && code.isPunct(from + 1, Punct.LParen) && code.next(code.skip(from + 1, end)) >= end) {
      code.drop(code.partner[from + 1]);
      code.drop(from, from + 1);
    } else if (code.isPunct(from, Punct.LParen)) this.commaArg(from, end, open, close);
    else if (code.kinds[from] === TokenKind.Name) {
      const word = code.word(from);
      if (word & Word.Statement) this.statementArg(from, end);
      else if (this.isTypeLike(from, end)) this.typeArg(from, end);
    } else if (this.isOperatorOnly(from, end)) code.rename(from, '_'.repeat(code.ends[from] - code.starts[from]));
  }

  /** `F((a = b, c))`: C++'s grammar takes the inner list for a fold expression, so the inner parentheses go. */
  private commaArg(from: number, end: number, open: number, close: number): void {
    const { code } = this;
    const last = code.partner[from];
    if (code.language !== 'cpp' || from !== code.next(open + 1) || end !== close || last < 0 || code.next(last + 1) < close) return;
    let assigns = false;
    for (let n = from + 1; n < last; n++) {
      if (code.isPunct(n, Punct.Assign)) assigns = true;
      else if (code.isPunct(n, Punct.Comma) && assigns) {
        code.drop(last);
        code.drop(from);
        return;
      } else if (code.isPunct(n, Punct.LParen) || code.isPunct(n, Punct.LBracket) || code.isPunct(n, Punct.LBrace)) n = Math.max(n, code.partner[n]);
    }
  }

  /** `F(a, , b)`, `F(, a)`: the comma goes, an argument that is nothing has no expression. */
  private emptyArg(end: number, open: number, close: number): void {
    if (end < close) this.code.drop(end);
    else {
      const before = this.code.previous(close - 1);
      if (before > open && this.code.isPunct(before, Punct.Comma)) this.code.drop(before);
    }
  }

  /** `F(return x)`, `F(goto out)`, `F(break)`. */
  private statementArg(from: number, end: number): void {
    const { code } = this;
    if (code.next(from + 1) >= end) {
      code.rename(from, code.name(from).toUpperCase());
      return;
    }
    if (code.is(from, W.return) || code.is(from, W.goto) || code.is(from, W.throw) || code.is(from, W.case)) code.drop(from);
    else if (code.is(from, W.if) || code.is(from, W.while)) code.rename(from, code.name(from).toUpperCase());
  }

  /** Only names and stars, and not an expression: a struct word, a basic type, a star at the end, two names in a row. */
  private isTypeLike(from: number, end: number): boolean {
    const { code } = this;
    let sure = false;
    let lastWasName = false;
    for (let i = from; i < end; i++) {
      if (code.kinds[i] === 0) continue;
      if (code.kinds[i] === TokenKind.Name) {
        const word = code.word(i);
        if (word & (Word.Statement | Word.Expression | Word.Declaration)) return false;
        if (lastWasName || word & (Word.Record | Word.Type | Word.Storage)) sure = true;
        lastWasName = true;
      } else if (code.isPunct(i, Punct.Star) || code.isPunct(i, Punct.Amp)) {
        if (code.next(i + 1) >= end || code.isPunct(code.next(i + 1), Punct.Star)) sure = true;
        lastWasName = false;
      } else if (code.isPunct(i, Punct.LBracket) && sure && code.partner[i] > i) i = code.partner[i];
      else return false;
    }
    return sure;
  }

  /** Leaves the last name of a type argument; a basic type's name is written in capitals. */
  private typeArg(from: number, end: number): void {
    const { code } = this;
    let last = -1;
    for (let i = from; i < end; i++) {
      if (code.isName(i) && (code.word(i) & (Word.Storage | Word.Record)) === 0) {
        if (last >= 0) code.drop(last);
        last = i;
      } else if (code.isPunct(i, Punct.LBracket) && code.partner[i] > i) {
        code.drop(i, code.partner[i]);
        i = code.partner[i];
      } else code.drop(i);
    }
    if (last >= 0 && code.word(last) & Word.Type) code.rename(last, code.name(last).toUpperCase());
  }

  private isOperatorOnly(from: number, end: number): boolean {
    const { code } = this;
    if (code.next(from + 1) < end || code.kinds[from] !== TokenKind.Punct) return false;
    const id = code.ids[from];
    return id !== Punct.RParen && id !== Punct.RBracket && id !== Punct.RBrace && id !== Punct.Ellipsis;
  }

  /** `offsetof(T, a.b[1])`: the grammars know plain members only; in capitals it is a call like any other. */
  private offsetof(i: number): void {
    const { code } = this;
    const close = code.partner[i + 1];
    if (close < 0) return;
    let comma = -1;
    let complex = false;
    for (let n = i + 2; n < close; n++) {
      if (comma < 0 && code.isPunct(n, Punct.Comma)) comma = n;
      else if (comma >= 0 && !code.isName(n)) complex = true;
      else if (code.isPunct(n, Punct.LParen)) n = Math.max(n, code.partner[n]);
    }
    if (comma < 0 || complex) code.rename(i, 'OFFSETOF');
  }

  /** Strings next to each other with names or macros between them: the strings stay. */
  private pasted(i: number, to: number): number {
    const { code } = this;
    this.dropPastedBefore(i);
    let n = i + 1;
    for (;;) {
      const at = code.next(n);
      if (at >= to) return n;
      if (code.isString(at)) n = at + 1;
      else if (code.isPlainName(at)) {
        const end = code.isPunct(at + 1, Punct.LParen) ? code.skip(at + 1, to) : at + 1;
        code.drop(at, end - 1);
        n = end;
      } else return n;
    }
  }

  /** `NAME "text"`, `NAME(x) "text"`. */
  private dropPastedBefore(i: number): void {
    const { code } = this;
    const before = code.previous(i - 1);
    if (before < 0) return;
    if (code.isPlainName(before)) code.drop(before);
    else if (code.isPunct(before, Punct.RParen)) {
      const open = code.partner[before];
      if (open > 0 && code.isPlainName(open - 1)) code.drop(open - 1, before);
    }
  }

  /** A brace in an expression: a lambda's body, a block as macro argument, or an initialiser. */
  brace(open: number, to: number): number {
    const { code } = this;
    const end = code.skip(open, to);
    if (this.isBlock(open)) this.statements(open + 1, end - 1);
    else this.initializer(open + 1, end - 1);
    return end;
  }

  private isBlock(open: number): boolean {
    const { code } = this;
    const before = code.previous(open - 1);
    if (before < 0) return false;
    if (code.isPunct(before, Punct.LParen) || code.isPunct(before, Punct.Comma)) return this.holdsStatements(open);
    if (code.language !== 'cpp') return false;
    if (code.isPunct(before, Punct.RParen) || code.isPunct(before, Punct.RBracket)) return !this.isCast(before) && this.holdsStatements(open);
    if (code.is(before, W.mutable) || code.is(before, W.noexcept)) return true;
    for (let i = before, n = 0; i >= 0 && n < 12; i--, n++) {
      if (code.isPunct(i, Punct.Arrow)) return this.holdsStatements(open);
      if (!code.isName(i) && !code.isPunct(i, Punct.Scope) && !code.isPunct(i, Punct.Star) && !code.isPunct(i, Punct.Less) && !code.isPunct(i, Punct.Greater) && !code.isPunct(i, Punct.Amp)) return false;
    }
    return false;
  }

  /** `(TYPE){..}`: a compound literal. */
  private isCast(close: number): boolean {
    const { code } = this;
    const open = code.partner[close];
    if (open < 0 || !code.isPunct(open, Punct.LParen)) return false;
    const before = code.previous(open - 1);
    return !code.isPunct(before, Punct.RBracket) && !code.isName(before);
  }

  private holdsStatements(open: number): boolean {
    const { code } = this;
    const close = code.partner[open];
    if (close < 0) return false;
    const first = code.next(open + 1);
    if (first === close) return code.language === 'cpp' && !code.isPunct(code.previous(open - 1), Punct.Comma) && !code.isPunct(code.previous(open - 1), Punct.LParen);
    if (code.isName(first) && code.word(first) & Word.Statement) return true;
    for (let i = first; i < close; i++) {
      if (code.kinds[i] !== TokenKind.Punct) continue;
      if (code.ids[i] === Punct.Semi) return true;
      if (code.ids[i] === Punct.LParen || code.ids[i] === Punct.LBracket) i = Math.max(i, code.partner[i]);
    }
    return code.isPunct(code.previous(close - 1), Punct.RBrace) && code.isName(first) && (code.word(first) & Word.Statement) !== 0;
  }

  /** The inside of an initialiser: macros that bring their own comma get one. */
  initializer(from: number, to: number): void {
    const { code } = this;
    let i = from;
    while (i < to) {
      const first = code.next(i);
      const end = this.step(i, to);
      const next = code.next(end);
      if (code.language === 'cpp') this.bracedDesignator(first, next, to);
      if (next < to && code.isPlainName(next) && end - 1 > first && code.isPunct(end - 1, Punct.RParen) && this.isElementMacro(code.partner[end - 1])) code.insertAfter(end - 1, Punct.Comma);
      else if (next < to && code.isPunct(end - 1, Punct.RBrace) && end - 1 > first && (code.isPunct(next, Punct.LBrace) || code.isPlainName(next))) code.insertAfter(end - 1, Punct.Comma);
      i = end;
    }
  }

  /** `.name{..}`: written as `name:{..}`, which the grammar knows. */
  private bracedDesignator(dot: number, name: number, to: number): void {
    const { code } = this;
    if (!code.isPunct(dot, Punct.Dot) || !code.isName(name) || name !== dot + 1 || name + 1 >= to || !code.isPunct(name + 1, Punct.LBrace) || code.ends[dot] !== code.starts[name]) return;
    const text = code.name(name);
    code.substitute(dot, name, `${text}:`);
  }

  /** `NAME(args)` as a whole element: what stands before the name ends an element. */
  private isElementMacro(open: number): boolean {
    const { code } = this;
    if (open < 1 || !code.isPlainName(open - 1)) return false;
    const before = code.previous(open - 2);
    return code.isPunct(before, Punct.LBrace) || code.isPunct(before, Punct.Comma) || code.isPunct(before, Punct.RParen);
  }
}

/** `__pragma(x)` and `_Pragma("x")`: blanked and kept as a pragma. */
export function dropPragma(code: Code, i: number, to: number): number {
  if (!code.isPunct(i + 1, Punct.LParen)) return i + 1;
  const end = code.skip(i + 1, to);
  const inside = code.text.slice(code.ends[i + 1], code.starts[end - 1]).trim();
  const text = inside.startsWith('"') ? inside.slice(1, -1).replace(/\\(["\\])/g, '$1') : inside;
  code.pragmas.push({ start: code.starts[i], end: code.ends[end - 1], text: text.replace(/\s+/g, ' '), operator: true });
  code.drop(i, end - 1);
  return end;
}
