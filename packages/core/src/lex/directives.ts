// One preprocessor directive's text to its record: `#define` with parameters and joined body, includes, pragmas, conditions.

import { sharedName } from './names.js';
import type { Directive, DirectiveKind, Include, MacroText } from './records.js';

const KINDS: Record<string, DirectiveKind> = {
  if: 'if', ifdef: 'ifdef', ifndef: 'ifndef', elif: 'elif', elifdef: 'elifdef', elifndef: 'elifndef', else: 'else', endif: 'endif',
  define: 'define', undef: 'undef', include: 'include', include_next: 'include', pragma: 'pragma', error: 'error',
};

/** The directive at text[start, end), `start` being the offset of `#`. */
export function readDirective(text: string, start: number, end: number, token: number): Directive {
  const word = /#(?:\s|\\\r?\n|\/\*[^]*?\*\/)*(\w*)/y;
  word.lastIndex = start;
  const match = word.exec(text);
  const rest = Math.min(end, match ? word.lastIndex : start + 1);
  const kind = (match && KINDS[match[1]]) || 'other';
  if (kind === 'define') return define(text, start, end, rest, token);
  if (kind === 'include') return include(text, start, end, rest, token);
  const plain = kind === 'else' || kind === 'endif' || kind === 'other' ? '' : joined(text.slice(rest, end)).trim();
  if (kind === 'pragma') return { kind, start, end, token, text: plain.replace(/\s+/g, ' ') };
  return { kind, start, end, token, text: plain };
}

/** Continuation lines joined by a blank, comments removed (strings and character constants are left alone). */
export function joined(text: string): string {
  if (!text.includes('\\') && !text.includes('/')) return text;
  return text.replace(/"(?:[^"\\\r\n]|\\[^])*"|'(?:[^'\\\r\n]|\\[^])*'|\/\*[^]*?(?:\*\/|$)|\/\/(?:[^\\\r\n]|\\(?:\r\n|[^]))*|\\(?:\r\n|\r|\n)/g,
    (found) => (found[0] === '"' || found[0] === "'" ? found.replace(/\\(?:\r\n|\r|\n)/g, '') : ' '));
}

function define(text: string, start: number, end: number, rest: number, token: number): Directive {
  // A comment is taken whole or not at all: where one may end later, a row of them has more ways to be read than can be tried.
  const head = /(?:\s|\\\r?\n|(?=(\/\*[^]*?\*\/))\1)*([\w$\u0080-\uffff]+)/y;
  head.lastIndex = rest;
  const match = head.exec(text);
  if (!match || head.lastIndex > end) return { kind: 'other', start, end, token, text: '' };
  const name = sharedName(match[2]);
  const nameEnd = head.lastIndex;
  const macro: MacroText = { start, end, name, nameStart: nameEnd - name.length, body: '', bodyStart: nameEnd };
  if (text[nameEnd] === '(') readParams(macro, text, nameEnd, end);
  while (macro.bodyStart < end && /[\s\\]/.test(text[macro.bodyStart])) macro.bodyStart++;
  macro.body = joined(text.slice(macro.bodyStart, end)).trim();
  return { kind: 'define', start, end, token, text: name, macro };
}

function readParams(macro: MacroText, text: string, open: number, end: number): void {
  const close = text.indexOf(')', open);
  if (close < 0 || close >= end) return;
  const params = joined(text.slice(open + 1, close)).split(',').map((p) => p.trim()).filter((p) => p !== '');
  const last = params[params.length - 1];
  if (last !== undefined && last.endsWith('...')) {
    macro.variadic = true;
    if (last === '...') params[params.length - 1] = '__VA_ARGS__';
    else params[params.length - 1] = last.slice(0, -3).trim();
  }
  macro.params = params;
  macro.bodyStart = close + 1;
}

function include(text: string, start: number, end: number, rest: number, token: number): Directive {
  const written = joined(text.slice(rest, end)).trim();
  const match = /^"([^"]+)"|^<([^>]+)>/.exec(written);
  if (!match) return { kind: 'other', start, end, token, text: written };
  const record: Include = { start, end, target: (match[1] ?? match[2]).trim(), angled: match[1] === undefined };
  return { kind: 'include', start, end, token, text: record.target, include: record };
}
