// What a project macro expands to, as far as reading the text around its use needs it: nothing, annotations, storage words, or
// code, and whether that code leaves brackets open. Macros are not expanded; their shape decides what stands in their place.

import type { MacroEnvironment } from '../lex/environment.js';
import { idOfName, nameOf } from '../lex/names.js';
import type { MacroText } from '../lex/records.js';
import { scanFile } from '../lex/scan.js';
import { Punct, TokenKind } from '../lex/tokens.js';
import type { Tokens } from '../lex/tokens.js';
import { sourceFromString } from '../source/text.js';
import { matchBrackets } from './brackets.js';
import { classOfName, NameClass } from './names.js';
import type { Annotation } from './records.js';

/** A token of an expansion; `text` for all, `id` as in Tokens. */
export interface Word { kind: number; id: number; text: string }

export interface MacroShape {
  /** Annotations and decorations found in the expansion, with the body's texts. */
  readonly inner: { name: string; args?: string[]; kind: Annotation['kind'] }[];
  /** What is left without them, nested object-like macros expanded. */
  readonly words: Word[];
  /** `words` is empty. */
  readonly empty: boolean;
  /** Only storage and qualifier words are left. */
  readonly storage: boolean;
  /** Net number of braces opened (negative: closed more). */
  readonly braces: number;
  /** Net number of parentheses. */
  readonly parens: number;
}

const STORAGE = new Set('static extern inline __inline __inline__ __forceinline register const volatile auto thread_local __thread virtual explicit constexpr friend mutable'.split(' '));
const MAX_WORDS = 400;
const MAX_NESTING = 12;

const bodies = new WeakMap<MacroText, { tokens: Tokens; text: string; partner: Int32Array }>();

/** Tokens of a macro's body. */
export function bodyTokens(macro: MacroText): { tokens: Tokens; text: string; partner: Int32Array } {
  let known = bodies.get(macro);
  if (!known) {
    // A leading blank keeps a `#` operand from being read as a directive; the body is one line.
    const text = ` ;${macro.body}`;
    const { tokens } = scanFile(sourceFromString(text));
    known = { tokens, text, partner: matchBrackets(tokens).partner };
    bodies.set(macro, known);
  }
  return known;
}

/** The shape of a macro's expansion under an environment. */
export function shapeOf(macro: MacroText, env: MacroEnvironment): MacroShape {
  const collector = new Collector(env);
  collector.body(macro, 0);
  return collector.shape();
}

class Collector {
  private readonly inner: MacroShape['inner'] = [];
  private readonly words: Word[] = [];
  private readonly open = new Set<string>();

  constructor(private readonly env: MacroEnvironment) {}

  body(macro: MacroText, depth: number): void {
    const { tokens, text, partner } = bodyTokens(macro);
    this.open.add(macro.name);
    // Token 0 is the semicolon put in front.
    for (let i = 1; i < tokens.count && this.words.length < MAX_WORDS; i++) i = this.token(tokens, text, partner, i, depth);
    this.open.delete(macro.name);
  }

  shape(): MacroShape {
    const { inner, words } = this;
    let braces = 0;
    let parens = 0;
    for (const word of words) {
      if (word.kind !== TokenKind.Punct) continue;
      if (word.id === Punct.LBrace) braces++;
      else if (word.id === Punct.RBrace) braces--;
      else if (word.id === Punct.LParen) parens++;
      else if (word.id === Punct.RParen) parens--;
    }
    const storage = words.length > 0 && words.every((word) => word.kind === TokenKind.Name && STORAGE.has(word.text));
    return { inner, words, empty: words.length === 0, storage, braces, parens };
  }

  /** Index of the last token taken. */
  private token(tokens: Tokens, text: string, partner: Int32Array, i: number, depth: number): number {
    const kind = tokens.kind[i];
    const word: Word = { kind, id: tokens.id[i], text: kind === TokenKind.Name ? nameOf(tokens.id[i]) : text.slice(tokens.start[i], tokens.end[i]) };
    if (word.kind !== TokenKind.Name) {
      this.words.push(word);
      return i;
    }
    const opens = i + 1 < tokens.count && tokens.id[i + 1] === Punct.LParen && partner[i + 1] > 0;
    // A pragma in an expansion is no code.
    if (opens && (word.text === '__pragma' || word.text === '_Pragma')) return partner[i + 1];
    const macro = depth < MAX_NESTING && this.env.maybeMacro(word.id) && !this.open.has(word.text) ? this.env.lookup(word.text) : undefined;
    if (macro && macro.body !== word.text && !macro.params) {
      this.body(macro, depth + 1);
      return i;
    }
    if (macro?.params && opens && isAnnotationOnly(macro, this.env, this.open)) {
      this.body(macro, depth + 1);
      return partner[i + 1];
    }
    const cls = classOfName(word.id);
    if (cls === NameClass.Plain || cls === NameClass.OldDirection || cls === NameClass.Const) {
      this.words.push(cls === NameClass.Const ? { ...word, text: 'const', id: idOfName('const') } : word);
      return i;
    }
    const takes = opens && cls !== NameClass.SalBare && cls !== NameClass.CallConv && cls !== NameClass.Decoration;
    const last = takes ? partner[i + 1] : i;
    this.inner.push({ name: nameOf(word.id), kind: kindOfClass(cls), ...(takes ? { args: argTexts(tokens, text, i + 1, last) } : {}) });
    return last;
  }
}

/** A function-like macro that holds annotations and nothing else. */
function isAnnotationOnly(macro: MacroText, env: MacroEnvironment, open: Set<string>): boolean {
  if (open.has(macro.name)) return false;
  const shape = shapeOf(macro, env);
  return shape.empty && shape.inner.length > 0;
}

export function kindOfClass(cls: number): Annotation['kind'] {
  if (cls === NameClass.Sal || cls === NameClass.SalBare || cls === NameClass.OldDirection) return 'sal';
  if (cls === NameClass.CallConv) return 'callconv';
  return cls === NameClass.Declspec ? 'declspec' : 'decoration';
}

/** Texts between the parentheses at tokens `open` and `close`, split at the outer commas. */
export function argTexts(tokens: Tokens, text: string, open: number, close: number): string[] {
  return argRanges(tokens, open, close).map(([from, to]) => text.slice(from, to).trim());
}

/** Offsets of the arguments between two parentheses, without surrounding blanks; none for `()`. */
export function argRanges(tokens: Tokens, open: number, close: number): [number, number][] {
  const ranges: [number, number][] = [];
  let first = open + 1;
  let depth = 0;
  for (let i = open + 1; i <= close; i++) {
    const id = tokens.kind[i] === TokenKind.Punct ? tokens.id[i] : 0;
    if (i === close || (id === Punct.Comma && depth === 0)) {
      if (i > first) ranges.push([tokens.start[first], tokens.end[i - 1]]);
      else if (i !== close || ranges.length > 0) ranges.push([tokens.start[i], tokens.start[i]]);
      first = i + 1;
    } else if (id === Punct.LParen || id === Punct.LBracket || id === Punct.LBrace) depth++;
    else if (id === Punct.RParen || id === Punct.RBracket || id === Punct.RBrace) depth--;
  }
  return ranges;
}
