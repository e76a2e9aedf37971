// Replacement texts of macros lowered as an expression or as statements. All macros of a file are parsed in one go: each becomes a
// function of a made-up text, so that one parse serves hundreds. Ranges in the result are those of the made-up text and mean nothing;
// a use of the macro gives its own range to what is inlined.

import { NodeType as N, FieldName as F } from '../syntax/node-types.js';
import type { FlatTree, Language } from '../syntax/tree.js';
import type { MacroDef } from './facts.js';
import { numberValue } from './literals.js';
import { StmtLowering } from './lower-stmt.js';
import { TreeReader } from './tree-reader.js';

/** Rewrites and parses a made-up text as if it stood in the file; undefined when it cannot be parsed. */
export type SnippetParser = (text: string, language: Language) => { tree: FlatTree; code: string } | undefined;

/** What stands between two pasted names: `a##b` -> `a__drvlint_paste__b`. */
export const PASTE = '__drvlint_paste__';

const NO_CODE = /^(?:[\w.]+|"[^"]*"|'[^']*'|L"[^"]*"|[-+~!]?\s*(?:\(\s*)?(?:[-+]\s*)?[\w.']+\s*\)?)$/;
/** An integer, in parentheses or not. */
const NUMBER = /^(?:(0[xX][0-9a-fA-F]+[uUlL]{0,3}|\d+[uUlL]{0,3})|\(\s*(0[xX][0-9a-fA-F]+[uUlL]{0,3}|\d+[uUlL]{0,3})\s*\))$/;
const MAX_BODY = 20_000;

/** Fills `expr` or `stmts` of every macro whose text is one. */
export function lowerMacros(macros: readonly MacroDef[], language: Language, parse: SnippetParser, isType?: (name: string) => boolean): void {
  const chosen = macros.filter((m) => m.body.length < MAX_BODY && m.body !== '' && !simple(m) && worthParsing(m));
  if (chosen.length === 0) return;
  const starts = new Map<number, MacroDef>();
  let text = '';
  for (const [i, m] of chosen.entries()) {
    starts.set(text.length, m);
    text += `void m${i}(void)\n{\n${snippet(m.body)}\n;}\n`;
  }
  const parsed = parse(text, language);
  if (!parsed) return;
  const reader = new TreeReader(parsed.tree, parsed.code, text);
  const lowering = new StmtLowering(reader, () => ({ params: [], variadic: false }), language === 'cpp', undefined, isType);
  const last = reader.next[0];
  for (let n = 1; n < last; n = reader.next[n]) {
    if (reader.type[n] !== N.function_definition || reader.hasError(n)) continue;
    const macro = starts.get(reader.start[n]);
    if (!macro) continue;
    const stmts = lowering.list(reader.child(n, F.body)).filter((s) => s.k !== 'empty' || s.asm);
    if (stmts.length === 1 && stmts[0].k === 'expr' && !/;\s*$/.test(macro.body)) macro.expr = stmts[0].e;
    else if (stmts.length > 0) macro.stmts = stmts;
  }
}

/** Half of all macros of drivers are numbers: names and they need no parser. */
function simple(m: MacroDef): boolean {
  if (m.params) return false;
  if (/^[A-Za-z_]\w*$/.test(m.body)) {
    m.expr = { k: 'name', name: m.body, start: 0, end: 0 };
    return true;
  }
  const number = NUMBER.exec(m.body);
  if (number) {
    const text = number[1] ?? number[2];
    m.expr = { k: 'num', start: 0, end: 0, value: numberValue(text).value, text };
    return true;
  }
  return /^"[^"]*"$/.test(m.body);
}

function worthParsing(m: MacroDef): boolean {
  if (/^[{}()[\],;:]$/.test(m.body) || /^#/.test(m.body)) return false;
  return m.params !== undefined || /[({;=+\-*|&<>~!?\d']/.test(m.body) || NO_CODE.test(m.body);
}

/** `#x` becomes a string, `a ## b` one identifier; text that a macro leaves open (`do {` ... `while (0)`) is parsed as it is. */
function snippet(body: string): string {
  return body
    .replace(/(?<!\s)\s*##\s*/g, PASTE)
    .replace(/#@?\s*([A-Za-z_]\w*)/g, '"$1"')
    .replace(/\b__VA_ARGS__\b/g, '__VA_ARGS__');
}
