// The text of one file made readable for the grammars without moving anything: comments, directives, inactive regions and
// annotations become blanks, a few words become others of the same length. Gives the text and the records of what was there.

import type { ActiveFile } from '../lex/conditionals.js';
import type { Pragma } from '../lex/records.js';
import type { Language } from '../source/language.js';
import type { Range } from '../source/range.js';
import { AnnotationPass } from './annotations.js';
import { RewriteBuffer } from './buffer.js';
import type { Annotation } from './records.js';

export interface Rewritten {
  /** Text for the parser, exactly as long as the original. */
  readonly code: string;
  /** Annotations and decorations in order of position. */
  readonly records: Annotation[];
  /** Macro uses at file scope that were blanked: `DEFINE_GUID(...)`; name and arguments. */
  readonly uses: MacroUse[];
  /** `__pragma(...)` and `_Pragma(...)` inside the code. */
  readonly pragmas: Pragma[];
  /** Set when the file is not to be parsed at all. */
  readonly refused?: { start: number; end: number; reason: string };
}

/** `NAME(args)` outside of functions. */
export interface MacroUse extends Range { name: string; args: string[]; argStarts: number[] }

/** Brackets nested deeper than this are refused: no one writes them, and every later stage would pay for them. */
export const MAX_BRACKET_DEPTH = 400;

export function rewrite(active: ActiveFile, language: Language): Rewritten {
  const { lexed } = active;
  const buffer = new RewriteBuffer(lexed.units, lexed.source.text.length);
  for (let i = 0; i < lexed.comments.length; i += 2) buffer.blank(lexed.comments[i], lexed.comments[i + 1]);
  for (const directive of lexed.directives) buffer.blank(directive.start, directive.end);
  for (const range of active.inactive) buffer.blank(range.start, range.end);
  for (const at of lexed.strays) buffer.blank(at, at + 1);
  const pass = new AnnotationPass(active, buffer);
  if (pass.depth > MAX_BRACKET_DEPTH) {
    const reason = `brackets nested ${pass.depth} deep`;
    return { code: '', records: [], uses: [], pragmas: [], refused: { start: 0, end: lexed.source.text.length, reason } };
  }
  const { records } = pass.run();
  void language;
  return { code: buffer.text(), records, uses: [], pragmas: [] };
}
