// Declarators in parentheses: which they are, and unknown words in them.

import { Punct } from '../lex/tokens.js';
import type { Code } from './code.js';
import type { Run } from './runs.js';
import { W } from './words.js';

/** `(NTAPI *name)(...)`, `(*name)[3]`. */
export function isPointerDeclarator(code: Code, open: number, close: number): boolean {
  let star = -1;
  for (let n = open + 1; n < close; n++) {
    if (code.isPunct(n, Punct.Star) || code.isPunct(n, Punct.Caret) || code.isPunct(n, Punct.Amp)) {
      if (star < 0) star = n;
    } else if (code.isPunct(n, Punct.LParen) || code.isPunct(n, Punct.LBracket)) n = Math.max(n, code.partner[n]);
    else if (code.kinds[n] !== 0 && !code.isName(n) && !code.isPunct(n, Punct.Scope)) return false;
  }
  if (star < 0) return false;
  const next = code.next(close + 1);
  return code.isPunct(next, Punct.LParen) || code.isPunct(next, Punct.LBracket) || (star === open + 1 && code.language === 'c');
}

/** `(name)(...)`, `(__cdecl name)(...)` behind a type: the name of a function or a function type. A single name before it is a type in a typedef only. */
export function isNameInParentheses(code: Code, run: Run, open: number, close: number): boolean {
  const [type] = run.names;
  if (type && !run.hasType && !run.hasStar && !(run.names.length === 1 && code.is(code.previous(type.first - 1), W.typedef))) return false;
  let names = 0;
  for (let n = open + 1; n < close; n++) {
    if (code.kinds[n] === 0) continue;
    if (!code.isPlainName(n)) return false;
    names++;
  }
  return (run.hasType || run.names.length > 0) && (names === 1 || names === 2) && code.isPunct(code.next(close + 1), Punct.LParen);
}

/** Unknown calling conventions in `(NAME *name)`. */
export function cleanPointer(code: Code, open: number, close: number): void {
  let star = -1;
  for (let n = open + 1; n < close; n++) {
    if (code.isPunct(n, Punct.Star) || code.isPunct(n, Punct.Caret)) star = n;
    else if (code.isPunct(n, Punct.Scope)) return;
  }
  for (let n = open + 1; n < star; n++) if (code.isPlainName(n)) code.dropDecoration(n);
  let last = -1;
  for (let n = star + 1; n < close; n++) {
    if (!code.isPlainName(n)) {
      if (code.kinds[n] !== 0 && !code.isName(n)) return;
      continue;
    }
    if (last >= 0) code.dropDecoration(last);
    last = n;
  }
}
