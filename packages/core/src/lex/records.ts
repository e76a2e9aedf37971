// What a scan finds besides tokens: macros, includes, pragmas, comments that speak to the tool. Plain data that can be serialised.

import type { Range } from '../source/range.js';

/** A `#define`. The range is the whole directive, continuation lines included. */
export interface MacroText extends Range {
  name: string;
  nameStart: number;
  /** Parameters of a function-like macro. */
  params?: string[];
  variadic?: boolean;
  /** Replacement text: continuation lines joined by a blank, comments removed, trimmed. */
  body: string;
  bodyStart: number;
  /** `#undef`: later uses do not see it. */
  undefAt?: number;
}

export interface Include extends Range {
  target: string;
  angled: boolean;
  /** Path of the file it resolved to, set when the project was read. */
  resolved?: string;
}

/** `#pragma x` and `__pragma(x)`; `text` is what follows, blanks normalised to one. */
export interface Pragma extends Range {
  text: string;
  /** It was written as `__pragma(...)` inside a function or macro. */
  operator?: boolean;
}

/** A comment that concerns drvlint or a host: `drvlint-disable...`, `eslint-disable...`. Other comments are not kept. */
export interface DirectiveComment extends Range { text: string; block: boolean }

/** Something the text lacks or has too much of: an unterminated comment, an `#endif` without `#if`. */
export interface LexProblem extends Range { reason: string }

export type DirectiveKind =
  | 'if' | 'ifdef' | 'ifndef' | 'elif' | 'elifdef' | 'elifndef' | 'else' | 'endif'
  | 'define' | 'undef' | 'include' | 'pragma' | 'error' | 'other';

/** A preprocessor directive in source order. */
export interface Directive extends Range {
  kind: DirectiveKind;
  /** Index of the first token behind the directive. */
  token: number;
  /** What follows the directive's name, as far as `kind` needs it: condition, macro name, pragma text. */
  text: string;
  macro?: MacroText;
  include?: Include;
}
