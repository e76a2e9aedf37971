// Parameter lists: unknown decorations of parameters, function pointers among them, default arguments.

import { Punct } from '../lex/tokens.js';
import type { Code } from './code.js';
import { cleanPointer } from './declarators.js';
import type { Expressions } from './expressions.js';
import { cleanRun, matchAngle, readRun } from './runs.js';
import { Word, W } from './words.js';

/** The parameters between the parentheses at `open` and `close`. */
export function cleanParams(code: Code, open: number, close: number, expressions: Expressions): void {
  let first = open + 1;
  for (let i = open + 1; i <= close; ) {
    if (i === close || code.isPunct(i, Punct.Comma)) {
      if (first < i) param(code, first, i, expressions);
      i++;
      first = i;
    } else if (code.isPunct(i, Punct.LParen) || code.isPunct(i, Punct.LBracket) || code.isPunct(i, Punct.LBrace)) i = code.skip(i, close);
    else if (code.isPunct(i, Punct.Less) && code.language === 'cpp') {
      const angle = matchAngle(code, i, close);
      i = angle > 0 ? angle + 1 : i + 1;
    } else i++;
  }
}

function param(code: Code, from: number, to: number, expressions: Expressions): void {
  let i = code.next(from);
  if (code.isPunct(i, Punct.LBracket) && code.isPunct(i + 1, Punct.LBracket)) i = code.next(code.skip(i, to));
  if (i >= to) return;
  if (code.is(i, W.THIS) && code.next(i + 1) >= to) {
    code.drop(i);
    return;
  }
  if (code.is(i, W.THIS_)) {
    code.drop(i);
    i = code.next(i + 1);
  }
  // A decoration with arguments before the type.
  while (code.isPlainName(i) && code.isPunct(i + 1, Punct.LParen)) {
    const after = code.next(code.skip(i + 1, to));
    if (after >= to || !(code.isPlainName(after) || code.word(after) & (Word.Type | Word.Record | Word.Storage))) break;
    code.dropDecoration(i, code.partner[i + 1]);
    i = after;
  }
  if (code.is(i, W.auto) && code.next(i + 1) >= to) {
    // A parameter without a name must be a type.
    code.rename(i, 'AUTO');
    return;
  }
  const run = readRun(code, i, to);
  if (run.end >= to || !code.isPunct(run.end, Punct.LParen)) {
    cleanRun(code, run, run.names.length > 0);
    if (run.end < to) tail(code, run.end, to, expressions);
    return;
  }
  pointerParam(code, run.end, to, expressions);
}

function pointerParam(code: Code, open: number, to: number, expressions: Expressions): void {
  const close = code.partner[open];
  if (close < 0 || close >= to) return;
  cleanPointer(code, open, close);
  const next = code.next(close + 1);
  if (next < to && code.isPunct(next, Punct.LParen) && code.partner[next] > 0) {
    cleanParams(code, next, code.partner[next], expressions);
    tail(code, code.partner[next] + 1, to, expressions);
  }
}

/** Behind a parameter's name: array bounds, decorations, a default argument. */
function tail(code: Code, from: number, to: number, expressions: Expressions): void {
  let i = from;
  while (i < to) {
    if (code.isPunct(i, Punct.Assign)) {
      defaultArgument(code, i + 1, to, expressions);
      return;
    }
    if (code.isPunct(i, Punct.LBracket)) i = code.skip(i, to);
    else if (code.isPlainName(i) && code.isPunct(code.previous(i - 1), Punct.RBracket)) {
      const end = code.isPunct(i + 1, Punct.LParen) ? code.skip(i + 1, to) : i + 1;
      code.dropDecoration(i, end - 1);
      i = end;
    } else i++;
  }
}

/** `= {}` is no expression to the grammar. */
function defaultArgument(code: Code, from: number, to: number, expressions: Expressions): void {
  const first = code.next(from);
  if (code.isPunct(first, Punct.LBrace) && code.skip(first, to) >= to && code.partner[first] > 0) code.substitute(first, code.partner[first], '0');
  else expressions.region(from, to);
}
