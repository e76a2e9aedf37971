// The identity of a finding: rule, function, and the statement's text without layout and comments. No line numbers, so that a
// baseline and code scanning survive edits elsewhere in the file.

import type { FileFacts } from '../model/facts.js';
import { hashText } from './hash.js';
import { functionAt, statementAt } from './statements.js';

const literal = /"(?:\\[\s\S]|[^"\\\r\n])*"|'(?:\\[\s\S]|[^'\\\r\n])*'/.source;
const blanks = new RegExp(`(${literal})|(?:\\s|/\\*[\\s\\S]*?\\*/|//[^\\r\\n]*)+`, 'g');
const punctuation = new RegExp(`(${literal})| ?([^\\w\\s"']) ?`, 'g');

/** Text of a piece of C with comments dropped and blanks kept only where they separate words. */
export function normaliseCode(code: string): string {
  return code
    .replace(blanks, (_, kept: string | undefined) => kept ?? ' ')
    .replace(punctuation, (_, kept: string | undefined, sign: string) => kept ?? sign)
    .trim();
}

/** What identifies a place of a file: its statement in a body, else the text of the range itself, else its line. */
export function identityText(file: FileFacts, text: string, start: number, end: number): string {
  const fn = functionAt(file, start);
  const statement = fn && statementAt(fn, start);
  if (statement) return normaliseCode(text.slice(statement.start, statement.end));
  const own = normaliseCode(text.slice(start, Math.min(end, start + 2000)));
  if (own) return own;
  const lineEnd = text.slice(start).search(/[\r\n]/);
  return normaliseCode(text.slice(text.lastIndexOf('\n', start - 1) + 1, lineEnd < 0 ? undefined : start + lineEnd));
}

/** Gives findings of one file their fingerprints; expects them in report order. */
export class Fingerprints {
  readonly #seen = new Map<string, number>();

  next(rule: string, fn: string, statement: string): string {
    const hash = hashText(`${rule}\0${fn}\0${statement}`);
    const ordinal = (this.#seen.get(hash) ?? 0) + 1;
    this.#seen.set(hash, ordinal);
    return `${hash}:${ordinal}`;
  }
}
