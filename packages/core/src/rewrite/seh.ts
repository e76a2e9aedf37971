// Structured exception handling in its other spellings: `try/except/finally/leave` of excpt.h, the SEH2 macros of the pseh library.
// They become the double-underscore words; C++'s own `try ... catch` stays.

import { idOfName } from '../lex/names.js';
import { Punct } from '../lex/tokens.js';
import type { Code } from './code.js';
import { W } from './words.js';

/** Macro spellings used in public drivers; source: excpt.h, rpc.h, atldef.h, pseh2.h. */
const SPELLINGS = new Map<number, string>([
  ['_SEH2_TRY', '__try'], ['_SEH2_EXCEPT', '__except'], ['_SEH2_FINALLY', '__finally'], ['_SEH2_LEAVE', '__leave'], ['_SEH2_END', ''],
  ['_SEH_TRY', '__try'], ['_SEH_EXCEPT', '__except'], ['_SEH_FINALLY', '__finally'], ['_SEH_LEAVE', '__leave'], ['_SEH_END', ''],
  ['__TRY', '__try'], ['__EXCEPT', '__except'], ['__FINALLY', '__finally'], ['__ENDTRY', ''],
  ['RpcTryExcept', '__try'], ['RpcTryFinally', '__try'], ['RpcExcept', '__except'], ['RpcFinally', '__finally'], ['RpcEndExcept', ''], ['RpcEndFinally', ''],
  ['_ATLTRY', 'try'], ['_ATLCATCH', 'catch'], ['_ATLCATCHALL', 'catch'],
  ['try', '__try'], ['except', '__except'], ['finally', '__finally'], ['leave', '__leave'],
].map(([from, to]) => [idOfName(from), to]));

/** Rewrites an exception word where a statement begins; gives the place to read on, or 0 when it is none. */
export function sehWord(code: Code, i: number, to: number): number {
  const word = SPELLINGS.get(code.ids[i]);
  if (word === undefined) return 0;
  const next = code.next(i + 1);
  switch (word) {
    case '':
      code.drop(i, code.isPunct(next, Punct.Semi) ? next : i);
      return next;
    case '__leave':
      if (!code.isPunct(next, Punct.Semi)) return 0;
      break;
    case 'catch':
      return handler(code, i, next, to);
    case '__except':
      if (!code.isPunct(next, Punct.LParen) || !afterBlock(code, i)) return 0;
      break;
    case '__finally':
      if (!code.isPunct(next, Punct.LBrace) || !afterBlock(code, i)) return 0;
      break;
    default:
      if (!code.isPunct(next, Punct.LBrace)) return 0;
      if (code.ids[i] === W.try && !isSehTry(code, next, to)) {
        // `try { } MACRO();`: the handler is in the macro.
        const after = code.next(code.skip(next, to));
        if (!code.is(after, W.catch) && SPELLINGS.get(code.ids[after]) !== 'catch') code.drop(i);
        return next;
      }
  }
  if (!code.grow(i, word)) stretch(code, i, word);
  return word === '__except' ? code.skip(next, to) : next;
}

/** `_ATLCATCH(e) {` */
function handler(code: Code, i: number, open: number, to: number): number {
  if (!code.isPunct(open, Punct.LParen) || code.language !== 'cpp') return 0;
  const end = code.skip(open, to);
  return code.substitute(i, end - 1, 'catch(...)') || code.substitute(i, end - 1, 'catch(C e)') ? end : 0;
}

function afterBlock(code: Code, i: number): boolean {
  const before = code.previous(i - 1);
  return code.isPunct(before, Punct.RBrace) || code.isPunct(before, Punct.Semi);
}

/** In C++ a `try` belongs to SEH when no `catch` follows its block. */
function isSehTry(code: Code, open: number, to: number): boolean {
  if (code.language === 'c') return true;
  const after = code.next(code.skip(open, to));
  const spelling = SPELLINGS.get(code.ids[after]);
  return code.isName(after) && (spelling === '__except' || spelling === '__finally' || code.is(after, W.__except) || code.is(after, W.__finally));
}

/** No blanks enough around the word: the closing brace before it moves to the left. */
function stretch(code: Code, i: number, word: string): void {
  const brace = code.previous(i - 1);
  if (brace < 0 || !code.isPunct(brace, Punct.RBrace)) return;
  const before = code.previous(brace - 1);
  const low = before < 0 ? 0 : code.ends[before];
  let start = code.starts[brace];
  const blanksBetween = code.starts[i] - code.ends[brace];
  let missing = word.length - (code.ends[i] - code.starts[i]) - blanksBetween;
  for (let at = code.ends[i]; code.buffer.isBlank(at) && missing > 0; at++) missing--;
  while (missing > 0 && start > low && code.buffer.isBlank(start - 1)) {
    start--;
    missing--;
  }
  if (missing > 0) return;
  code.buffer.blank(code.starts[brace], code.ends[brace]);
  code.buffer.units[start] = Punct.RBrace;
  code.starts[brace] = start;
  code.ends[brace] = start + 1;
  code.grow(i, word);
}
