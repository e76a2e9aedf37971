// The text of one file made readable for the grammars without moving anything: comments, directives, inactive regions and
// annotations become blanks, a few words become others of the same length. Gives the text and the records of what was there.

import type { ActiveFile } from '../lex/conditionals.js';
import type { Pragma } from '../lex/records.js';
import type { Tokens } from '../lex/tokens.js';
import type { Language } from '../source/language.js';
import { AnnotationPass } from './annotations.js';
import { RewriteBuffer } from './buffer.js';
import { Code } from './code.js';
import { Declarations } from './declarations.js';
import type { Annotation, MacroUse } from './records.js';
import { Statements } from './statements.js';
import { VisibleMacros } from './visible-macros.js';

export type { MacroUse } from './records.js';

export interface Rewritten {
  /** Text for the parser, exactly as long as the original. */
  readonly code: string;
  /** Tokens of `code`. */
  readonly tokens?: Tokens;
  /** Annotations and decorations in order of position. */
  readonly records: Annotation[];
  /** Macro uses at file scope that were blanked, in order of position. */
  readonly uses: MacroUse[];
  /** `__pragma(...)` and `_Pragma(...)` inside the code. */
  readonly pragmas: Pragma[];
  /** Set when the file is not to be parsed at all. */
  readonly refused?: { start: number; end: number; reason: string };
}

/** Brackets nested deeper than this are refused: no one writes them, and every later stage would pay for them. */
export const MAX_BRACKET_DEPTH = 300;

export function rewrite(active: ActiveFile, language: Language): Rewritten {
  const { lexed } = active;
  const buffer = new RewriteBuffer(lexed, lexed.source.text.length);
  for (let i = 0; i < lexed.comments.length; i += 2) buffer.blank(lexed.comments[i], lexed.comments[i + 1]);
  for (const directive of lexed.directives) buffer.blank(directive.start, directive.end);
  for (const range of active.inactive) buffer.blank(range.start, range.end);
  for (const at of lexed.strays) buffer.blank(at, at + 1);
  const macros = new VisibleMacros(active.env);
  const cleaned = new AnnotationPass(active, buffer, macros).run();
  const code = new Code(active, language, cleaned.tokens, buffer, cleaned.records, macros);
  if (code.depth > MAX_BRACKET_DEPTH) {
    const reason = `brackets nested ${code.depth} deep`;
    return { code: '', records: [], uses: [], pragmas: [], refused: { start: 0, end: lexed.source.text.length, reason } };
  }
  const declarations: Declarations = new Declarations(code, () => statements);
  const statements: Statements = new Statements(code, () => declarations);
  declarations.scope(0, code.count, 'file');
  return {
    code: buffer.text(), tokens: code.finalTokens(), records: cleaned.records.sort(byStart), uses: code.uses.sort(byStart), pragmas: code.pragmas,
  };
}

function byStart(a: { start: number }, b: { start: number }): number {
  return a.start - b.start;
}
