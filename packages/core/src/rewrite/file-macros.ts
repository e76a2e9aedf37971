// `NAME(args)` where a declaration begins: macro uses at file scope are blanked and kept as records, functions and variables
// defined through a macro get a head the grammars can read.

import { Punct } from '../lex/tokens.js';
import type { Code } from './code.js';
import type { BlockReader } from './expressions.js';
import { Word, W } from './words.js';

/** Gives the place to read on, or `i` when the name begins an ordinary declaration. */
export function fileMacro(code: Code, i: number, to: number, inClass: boolean, block: BlockReader): number {
  const open = i + 1;
  const close = code.partner[open];
  if (close < 0 || close >= to) return i;
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
  if (code.isPunct(next, Punct.LBrace)) return definition(code, i, open, close, next, to, block);
  if (code.isPunct(next, Punct.Colon)) return i;
  if (code.isPunct(next, Punct.LParen)) return declarator(code, i, open, close);
  if (code.isPunct(next, Punct.Assign) || code.isPunct(next, Punct.LBracket)) return declarator(code, i, open, close);
  if (code.isName(next) || code.isPunct(next, Punct.Star) || code.isPunct(next, Punct.Scope)) return beforeDeclaration(code, i, open, close, next);
  code.dropUse(i, close);
  return close + 1;
}

/** `TEST_CASE("x") {`: a function whose name is made by a macro. */
function definition(code: Code, i: number, open: number, close: number, body: number, to: number, block: BlockReader): number {
  const end = code.skip(body, to);
  if (isOldImplicitInt(code, open, close) && !code.macro(i) && code.language === 'c') {
    code.grow(i, `int ${code.name(i)}`);
  } else {
    code.recordUse(i, close);
    const name = firstName(code, open, close);
    if (code.language === 'cpp') code.drop(open + 1, close - 1);
    else {
      const room = code.ends[close] - code.starts[i];
      const wanted = name !== undefined && name.length + 7 <= room ? name : code.name(i).slice(0, Math.max(1, room - 7));
      code.substitute(i, close, `void ${wanted}()`);
    }
  }
  block(body + 1, end - 1);
  return end;
}

/** `main() {`, `f(a, b) {` without a type. */
function isOldImplicitInt(code: Code, open: number, close: number): boolean {
  for (let n = open + 1; n < close; n++) if (!code.isName(n) && !code.isPunct(n, Punct.Comma) && !code.isPunct(n, Punct.Star)) return false;
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

function firstName(code: Code, open: number, close: number): string | undefined {
  for (let n = open + 1; n < close; n++) if (code.isPlainName(n)) return code.name(n);
  return undefined;
}
