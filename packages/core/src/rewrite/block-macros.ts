// Macros that open or close blocks, or stand before one: `FOR_EACH(x, list) {`, `BEGIN_X ... END_X`. What they expand to decides
// where the project defines them, their name and place where it does not.

import { TokenKind, Punct } from '../lex/tokens.js';
import type { Code } from './code.js';
import type { MacroShape, Word as MacroWord } from './macro-shape.js';

const LOOP_NAME = /FOR_?EACH|FOR_?ALL|FOREACH|ITERATE|(?:^|_)(?:WHILE|LOOP|FOR|EACH|FOREVER|REPEAT)(?:_|$)|ForEach|ForAll|[a-z]For[A-Z]|^foreach|_for_|_each|For[A-Z]\w*In[A-Z]/i;

/**
 * `NAME(args)` before a block (or, `single`, before one statement): becomes a loop or an `if` of equal length. Gives whether it did;
 * a `single` use is changed only when the name or its definition says that it is a loop.
 */
export function openerFor(code: Code, i: number, open: number, close: number, single = false): boolean {
  const macro = code.macro(i);
  const words = macro ? code.shape(macro).words : [];
  const keyword = leadingKeyword(words);
  if (single && (macro ? keyword === undefined || !endsAsHeader(words) : !LOOP_NAME.test(code.name(i)) || code.name(i).startsWith('Ke'))) return false;
  const isLoop = keyword ? keyword !== 'if' && keyword !== 'switch' : LOOP_NAME.test(code.name(i));
  if (code.next(open + 1) >= close) return code.substitute(i, close, isLoop ? 'while(1)' : 'if(1)') || code.substitute(i, close, 'if(1)');
  for (let n = open + 1; n < close; n++) {
    if (code.isPunct(n, Punct.LParen) || code.isPunct(n, Punct.LBracket) || code.isPunct(n, Punct.LBrace)) n = Math.max(n, code.partner[n]);
    else if (code.isPunct(n, Punct.Semi)) return code.rename(i, 'for');
  }
  if (isLoop && code.grow(i, 'while')) return true;
  return code.grow(i, 'if');
}

function leadingKeyword(words: MacroWord[]): string | undefined {
  const found = words.find((word) => word.kind === TokenKind.Name && /^(?:for|while|if|do|switch)$/.test(word.text));
  return found?.text;
}

/** The expansion ends where a statement is wanted: `for (...)`, `if (x)`, `else`. */
function endsAsHeader(words: MacroWord[]): boolean {
  const last = words[words.length - 1];
  return last !== undefined && ((last.kind === TokenKind.Punct && last.id === Punct.RParen) || last.text === 'else');
}

/** Writes braces where a macro's expansion opens or closes blocks; gives the place to read on, or 0 when it does neither. */
export function replaceUnbalanced(code: Code, i: number, to: number): number {
  const macro = code.macro(i);
  if (!macro) return 0;
  const shape = code.shape(macro);
  if (shape.braces === 0 && !startsWithClose(shape)) return 0;
  const open = macro.params && code.isPunct(i + 1, Punct.LParen) ? i + 1 : -1;
  const last = open > 0 ? code.skip(open, to) - 1 : i;
  const text = skeleton(shape);
  code.recordUse(i, last);
  if (!code.substitute(i, last, text)) {
    code.uses.pop();
    return 0;
  }
  return last + 1;
}

function startsWithClose(shape: MacroShape): boolean {
  return shape.words[0]?.kind === TokenKind.Punct && shape.words[0].id === Punct.RBrace;
}

/** The braces of an expansion and the words that head them: `do {`, `} while (1);`. */
function skeleton(shape: MacroShape): string {
  let closes = '';
  const open: string[] = [];
  let heading = '';
  for (const word of shape.words) {
    if (word.kind === TokenKind.Name && /^(?:for|while|if|switch|do|else|__try|__finally|try)$/.test(word.text)) heading = word.text;
    else if (word.kind === TokenKind.Punct && word.id === Punct.LBrace) {
      open.push(head(heading));
      heading = '';
    } else if (word.kind === TokenKind.Punct && word.id === Punct.RBrace) {
      if (open.length > 0) open.pop();
      else closes += '}';
      heading = '';
    } else if (word.kind === TokenKind.Punct && word.id === Punct.Semi && heading !== 'while') heading = '';
  }
  if (heading === 'while' && closes !== '' && open.length === 0) closes += 'while(1);';
  return closes + open.join('');
}

function head(keyword: string): string {
  switch (keyword) {
    case 'for': case 'while': return 'while(1){';
    case 'if': return 'if(1){';
    case 'switch': return 'switch(1){';
    case 'do': return 'do{';
    case '': return '{';
    default: return `${keyword}{`;
  }
}
