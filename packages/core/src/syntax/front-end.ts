// The whole way of one file from text to flat tree in one call.

import { resolveConditionals } from '../lex/conditionals.js';
import type { ActiveFile } from '../lex/conditionals.js';
import type { MacroEnvironment } from '../lex/environment.js';
import type { Include, Pragma } from '../lex/records.js';
import { scanFile } from '../lex/scan.js';
import type { LexedFile } from '../lex/scan.js';
import { rewrite } from '../rewrite/rewrite.js';

import type { Annotation, MacroUse } from '../rewrite/records.js';
import type { SourceText } from '../source/text.js';
import { isParseFailure } from './parser.js';
import type { SyntaxParser } from './parser.js';
import type { FlatTree, Language } from './tree.js';

export interface AnalysedText {
  readonly source: SourceText;
  readonly language: Language;
  /** Absent when the file was refused; `failure` then says why. */
  readonly tree?: FlatTree;
  readonly failure?: { start: number; end: number; reason: string };
  /** The rewritten text: what node offsets are read from for operators and names. As long as the original. */
  readonly code: string;
  /** Annotations and decorations in order of position. */
  readonly records: Annotation[];
  /** `NAME(args)` outside of functions, blanked in `code`. */
  readonly uses: MacroUse[];
  /** `#pragma` directives in force and `__pragma(..)` operators, in order. */
  readonly pragmas: Pragma[];
  readonly active: ActiveFile;
  readonly lexed: LexedFile;
}

export interface AnalyseOptions {
  /** Called at every include in force, in order, before the text behind it is read. */
  onInclude?(include: Include): void;
  /** A scan of the same source made before. */
  lexed?: LexedFile;
  /** Files longer than this many UTF-16 units are refused. */
  maxLength?: number;
}

export const DEFAULT_MAX_LENGTH = 16 * 1024 * 1024;

/** Scan, decide conditionals (defining macros in `env`), rewrite, parse. Bad input is answered by `failure`. */
export function analyseText(source: SourceText, language: Language, env: MacroEnvironment, parser: SyntaxParser, options: AnalyseOptions = {}): AnalysedText {
  const lexed = options.lexed ?? scanFile(source);
  const active = resolveConditionals(lexed, env, options);
  const whole = { start: 0, end: source.text.length };
  const base = { source, language, active, lexed };
  if (source.text.length > (options.maxLength ?? DEFAULT_MAX_LENGTH)) {
    return { ...base, code: '', records: [], uses: [], pragmas: active.pragmas, failure: { ...whole, reason: `file of ${source.text.length} characters is too large` } };
  }
  const { code, tokens, records, uses, pragmas, refused } = rewrite(active, language);
  const result = { ...base, code, records, uses, pragmas: merged(active.pragmas, pragmas) };
  if (refused) return { ...result, failure: refused };
  const tree = parser.parse(code, language, tokens);
  if (isParseFailure(tree)) return { ...result, failure: { ...whole, reason: tree.reason } };
  return { ...result, tree };
}

function merged(directives: Pragma[], operators: Pragma[]): Pragma[] {
  return operators.length === 0 ? directives : [...directives, ...operators].sort((a, b) => a.start - b.start);
}
