// Reads a FormatMessage string literal: its text, its inserts, and what looks like printf.

import { uncast, type Expr } from '@drvlint/core';

export interface Insert { number: number; /** Between the exclamation marks, '' when there are none. */ format: string; text: string }
export interface Format { text: string; wide: boolean; inserts: Insert[]; printf: string[] }

/** The literal an argument is, adjacent literals joined; undefined for anything else. */
export function readFormat(e: Expr): Format | undefined {
  const x = uncast(e);
  const inMacro = x.k === 'call' && x.callee.k === 'name' && /^_?_?(?:TEXT|T)$/.test(x.callee.name) && x.args.length === 1 ? uncast(x.args[0]!) : undefined;
  const literal = inMacro ?? x;
  if (literal.k !== 'str') return undefined;
  const pieces = [...literal.text.matchAll(/(L|u8|u|U)?(?:R"([^(\s]*)\(([\s\S]*?)\)\2"|"((?:\\[\s\S]|[^"\\])*)")/g)];
  if (pieces.length === 0) return undefined;
  const text = pieces.map((p) => p[3] ?? unescape(p[4]!)).join('');
  return { text, wide: inMacro !== undefined || pieces.some((p) => p[1] === 'L'), ...scan(text) };
}

function unescape(text: string): string {
  return text.replace(/\\(?:x[0-9a-fA-F]+|[0-7]{1,3}|\r?\n|[\s\S])/g, (m) => (m === '\\n' ? '\n' : m === '\\\\' ? '\\' : m === '\\"' ? '"' : '.'));
}

function scan(text: string): { inserts: Insert[]; printf: string[] } {
  const inserts: Insert[] = [];
  const printf: string[] = [];
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== '%') continue;
    const rest = text.slice(i);
    const insert = /^%([1-9]\d?)(?:!([^!]*)!)?/.exec(rest);
    const directive = /^%(?:0\d+|[-+#]\d*|\.\d+)?(?:hh|h|ll|l|I64|I32|I|w|z)?[diouxXcCsSeEfFgGpaA](?![A-Za-z])/.exec(rest);
    if (insert) {
      inserts.push({ number: Number(insert[1]), format: insert[2] ?? '', text: insert[0] });
      i += insert[0].length - 1;
    } else if (directive && !/^%[.!nrtb ]/.test(rest)) {
      printf.push(directive[0]);
      i += directive[0].length - 1;
    } else i++;
  }
  return { inserts, printf };
}
