// `NAME(args)` where a declaration begins: macro uses at file scope are blanked and kept as records, functions and variables
// defined through a macro get a head the grammars can read.

import { Punct } from '../lex/tokens.js';
import type { Code } from './code.js';
import type { Expressions } from './expressions.js';
import { cleanParams } from './parameters.js';
import { Word, W } from './words.js';

/** Gives the place to read on, or `i` when the name begins an ordinary declaration. */
export function fileMacro(code: Code, i: number, to: number, inClass: boolean, expressions: Expressions): number {
  const open = i + 1;
  const close = code.partner[open];
  if (close < 0 || close >= to || isPointer(code, open, close)) return i;
  const next = code.next(close + 1);
  if (next >= to) {
    code.dropUse(i, close);
    return to;
  }
  if (code.isPunct(next, Punct.Semi)) {
    if (inClass && code.language === 'cpp' && !code.macro(i) && !/^[A-Z0-9_]+$/.test(code.name(i))) return i;
    code.dropUse(i, close, next);
    return next + 1;
  }
  if (code.isPunct(next, Punct.LBrace)) return definition(code, i, open, close, next, to, expressions);
  if (code.isPunct(next, Punct.Colon)) return i;
  if (code.isPunct(next, Punct.LParen)) return declarator(code, i, open, close);
  if (code.isPunct(next, Punct.Assign) || code.isPunct(next, Punct.LBracket)) return declarator(code, i, open, close);
  if (code.isName(next) || code.isPunct(next, Punct.Star) || code.isPunct(next, Punct.Scope)) return beforeDeclaration(code, i, open, close, next);
  code.dropUse(i, close);
  return close + 1;
}

/** `TYPE (*name)(args)`, `TYPE (CALL *name)(args)`. */
function isPointer(code: Code, open: number, close: number): boolean {
  let n = code.next(open + 1);
  while (n < close && code.isName(n)) n = code.next(n + 1);
  return n < close && (code.isPunct(n, Punct.Star) || code.isPunct(n, Punct.Caret)) && code.isPunct(code.next(close + 1), Punct.LParen);
}

/** `TEST_CASE("x") {`: a function whose name is made by a macro. */
function definition(code: Code, i: number, open: number, close: number, body: number, to: number, expressions: Expressions): number {
  const end = code.skip(body, to);
  if (code.isPunct(code.next(end), Punct.Semi) && !holdsStatements(code, body)) {
    table(code, i, open, close);
    return expressions.brace(body, to);
  }
  if (code.language === 'c' && !code.macro(i) && implicitInt(code, i, open, close)) {
    cleanParams(code, open, close, expressions);
  } else {
    code.recordUse(i, close);
    const name = declaredName(code, open, close);
    const room = code.ends[close] - code.starts[i];
    if (name === undefined && code.language === 'cpp') code.drop(open + 1, close - 1);
    else {
      const wanted = name !== undefined && name.length + 7 <= room ? name : code.name(i).slice(0, Math.max(1, room - 7));
      if (!code.substitute(i, close, `void ${wanted}()`)) code.drop(open + 1, close - 1);
    }
  }
  expressions.statements(body + 1, end - 1);
  return end;
}

/** `main() {`, `f(PVOID x) {` without a type: it gets one from the blank space before it. */
function implicitInt(code: Code, i: number, open: number, close: number): boolean {
  const first = code.next(open + 1);
  if (first < close && !code.word(first) && !(code.isPlainName(first) && (code.isName(first + 1) || code.isPunct(first + 1, Punct.Star)))) return false;
  const name = code.name(i);
  const id = code.ids[i];
  if (!code.grow(i, `int ${name}`, true)) return false;
  code.splitWord(i, 4, id);
  return true;
}

/** `DECLARE(name) = {`, `DECLARE(name)[] = {`, `DECLARE(name)(args)`: the name gets a basic type. */
function declarator(code: Code, i: number, open: number, close: number): number {
  const first = code.next(open + 1);
  if (first >= close || !code.isPlainName(first)) {
    code.dropUse(i, close);
    return close + 1;
  }
  code.recordUse(i, close);
  code.rename(i, 'int');
  code.drop(open);
  code.drop(first + 1, close);
  return i;
}

/** `NAME(args) VOID f()`: a macro or decoration before a declaration; it stays as the type when there would be none. */
function beforeDeclaration(code: Code, i: number, open: number, close: number, next: number): number {
  const after = code.next(next + 1);
  const lonely = code.isPlainName(next) && code.isPunct(after, Punct.LParen) && !code.onNewLine(close, next);
  const single = code.next(open + 1) < close && code.next(code.next(open + 1) + 1) >= close;
  if (lonely && single && code.isName(code.next(open + 1)) && !code.is(next, W.typedef)) {
    code.drop(i, open);
    code.drop(close);
    return open + 1;
  }
  if (lonely && code.word(next) === 0 && code.isPunct(code.next(code.skip(after, code.count)), Punct.LBrace) && !(code.word(next) & Word.Type)) {
    code.recordUse(i, close);
    if (code.substitute(i, close, 'int')) return next;
  }
  code.dropUse(i, close);
  return next;
}

/** `DEFINE_TABLE(Name) { ... };`: an array of that name. */
function table(code: Code, i: number, open: number, close: number): void {
  code.recordUse(i, close);
  const room = code.ends[close] - code.starts[i];
  const name = declaredName(code, open, close) ?? code.name(i);
  if (!code.substitute(i, close, `int ${name.slice(0, Math.max(1, room - 7))}[]=`)) code.drop(open + 1, close - 1);
}

/** A brace with a semicolon at its own level holds statements. */
function holdsStatements(code: Code, open: number): boolean {
  for (let n = open + 1; n < code.partner[open]; n++) {
    if (code.isPunct(n, Punct.Semi)) return true;
    if (code.isPunct(n, Punct.LBrace) || code.isPunct(n, Punct.LParen)) n = Math.max(n, code.partner[n]);
  }
  return false;
}

/** The name a defining macro most likely defines: its only name, in C++ the second of two (`TEST(Suite, Name)`). */
function declaredName(code: Code, open: number, close: number): string | undefined {
  const names: string[] = [];
  for (let n = code.next(open + 1); n < close; n = code.next(n + 1)) {
    if (!code.isPlainName(n)) break;
    names.push(code.name(n));
    n = code.next(n + 1);
    if (!code.isPunct(n, Punct.Comma)) break;
  }
  return code.language === 'cpp' && names.length === 2 ? names[1] : names[0];
}
