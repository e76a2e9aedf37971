// What a token is to the direct parser, as one small number: a punctuator's own code, a kind of literal, or what a word means in
// the grammar of the language. Words come from tree-sitter-c 0.23.6 and tree-sitter-cpp 0.23.4; those the direct parser does not
// read are `Other`, and whatever holds one is left to tree-sitter.

import { nameOf } from '../../lex/names.js';
import { Punct, TokenKind } from '../../lex/tokens.js';
import type { Tokens } from '../../lex/tokens.js';
import type { Language } from '../tree.js';

export const S = {
  End: 0, Number: 1, String: 2, Char: 3,
  Not: 33, Percent: 37, Amp: 38, LParen: 40, RParen: 41, Star: 42, Plus: 43, Comma: 44, Minus: 45, Dot: 46, Slash: 47, Colon: 58, Semi: 59, Less: 60, Assign: 61,
  Greater: 62, Question: 63, LBracket: 91, RBracket: 93, Caret: 94, LBrace: 123, Bar: 124, RBrace: 125, Tilde: 126,
  Arrow: 256, Scope: 257, Ellipsis: 258, AndAnd: 259, Bad: 261, Increment: 262, ShiftRight: 263, OrOr: 264, Equality: 265, Relation: 266, ShiftLeft: 267, AssignOp: 268,
  Ident: 300, True: 301, False: 302, Null: 303, This: 304, Primitive: 305, Sized: 306, Storage: 307, Qualifier: 308, Struct: 309, Union: 310, Class: 311, Enum: 312, Typedef: 313,
  Sizeof: 314, Offsetof: 315, If: 316, Else: 317, While: 318, Do: 319, For: 320, Switch: 321, Case: 322, Default: 323, Return: 324, Break: 325, Continue: 326, Goto: 327,
  SehTry: 328, SehExcept: 329, SehFinally: 330, SehLeave: 331, Auto: 332, Virtual: 333, Access: 334, Namespace: 335, Delete: 336, New: 337, Override: 338, Extern: 339, Cast: 340, Throw: 341, Try: 342, Catch: 343, Other: 399,
} as const;

/** Symbols are below this. */
export const SYMBOLS = 400;

const COMMON: readonly (readonly [number, string])[] = [
  [S.True, 'true TRUE'], [S.False, 'false FALSE'], [S.Null, 'NULL nullptr'],
  [S.Primitive, `bool char int float double void size_t ssize_t ptrdiff_t intptr_t uintptr_t charptr_t nullptr_t max_align_t
    int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t char8_t char16_t char32_t char64_t`],
  [S.Sized, 'signed unsigned long short'], [S.Storage, 'static register inline __inline __inline__ __forceinline thread_local __thread'], [S.Extern, 'extern'],
  [S.Qualifier, 'const constexpr volatile restrict __restrict__ _Atomic _Noreturn noreturn _Nonnull'],
  [S.Struct, 'struct'], [S.Union, 'union'], [S.Enum, 'enum'], [S.Typedef, 'typedef'], [S.Sizeof, 'sizeof'], [S.Offsetof, 'offsetof'],
  [S.If, 'if'], [S.Else, 'else'], [S.While, 'while'], [S.Do, 'do'], [S.For, 'for'], [S.Switch, 'switch'], [S.Case, 'case'], [S.Default, 'default'], [S.Return, 'return'], [S.Break, 'break'],
  [S.Continue, 'continue'], [S.Goto, 'goto'], [S.SehTry, '__try'], [S.SehExcept, '__except'], [S.SehFinally, '__finally'], [S.SehLeave, '__leave'],
  [S.Other, `defined __attribute__ __attribute __declspec __based __cdecl __clrcall __stdcall __fastcall __thiscall __vectorcall __restrict __uptr __sptr _unaligned __unaligned __extension__
    alignas _Alignas __alignof__ __alignof _alignof alignof _Alignof _Generic asm __asm__ __asm __volatile__`],
];

const WORDS: Record<Language, readonly (readonly [number, string])[]> = {
  c: [...COMMON, [S.Storage, 'auto']],
  cpp: [
    ...COMMON, [S.Qualifier, 'mutable constinit consteval'], [S.This, 'this'], [S.Class, 'class'], [S.Auto, 'auto'], [S.Virtual, 'virtual'], [S.Access, 'public private protected'],
    [S.Namespace, 'namespace'], [S.Delete, 'delete'], [S.New, 'new'], [S.Override, 'final override'], [S.Throw, 'throw'], [S.Try, 'try'], [S.Catch, 'catch'], [S.Cast, 'static_cast reinterpret_cast const_cast dynamic_cast'],
    [S.Other, `explicit typename template using operator friend noexcept concept requires static_assert decltype co_await co_return co_yield and or not bitand bitor xor compl
      not_eq and_eq or_eq xor_eq`],
  ],
};

/** Per interned name its symbol, worked out the first time it is met. */
class WordTable {
  private readonly words = new Map<string, number>();
  private symbols = new Uint16Array(1 << 14);

  constructor(language: Language) {
    for (const [symbol, names] of WORDS[language]) for (const name of names.split(/\s+/)) this.words.set(name, symbol);
  }

  of(id: number): number {
    if (id >= this.symbols.length) {
      const larger = new Uint16Array(Math.max(id + 1, this.symbols.length * 2));
      larger.set(this.symbols);
      this.symbols = larger;
    }
    return this.symbols[id] || (this.symbols[id] = this.classify(nameOf(id)));
  }

  classify(name: string): number {
    return this.words.get(name) ?? (/^[A-Za-z_$][\w$]*$/.test(name) ? S.Ident : S.Other);
  }
}

const tables: Record<Language, WordTable> = { c: new WordTable('c'), cpp: new WordTable('cpp') };

/** Symbol of a word. */
export function wordSymbol(language: Language, word: string): number {
  return tables[language].classify(word);
}

/** Writes the symbol of every token to `symbols`, with a few `End` behind them. */
export function readSymbols(tokens: Tokens, text: string, language: Language, symbols: Uint16Array): void {
  const { kind, id, start, count } = tokens;
  const words = tables[language];
  for (let t = 0; t < count; t++) {
    switch (kind[t]) {
      case TokenKind.Name: symbols[t] = words.of(id[t]); break;
      case TokenKind.Punct: symbols[t] = id[t] === Punct.Operator ? operator(text, start[t], tokens.end[t]) : id[t]; break;
      case TokenKind.Number: symbols[t] = S.Number; break;
      case TokenKind.String: symbols[t] = S.String; break;
      default: symbols[t] = S.Char;
    }
  }
  symbols.fill(S.End, count, count + 8);
}

/** Symbol of an operator of several units. */
function operator(text: string, start: number, end: number): number {
  const a = text.charCodeAt(start);
  const b = text.charCodeAt(start + 1);
  if (end - start === 3) return S.AssignOp;
  if (end - start !== 2) return S.Bad;
  if (a === 124 && b === 124) return S.OrOr;
  if (a === 60 && b === 60) return S.ShiftLeft;
  if (a === 62 && b === 62) return S.ShiftRight;
  if (b !== 61) return S.Bad;
  if (a === 61 || a === 33) return S.Equality;
  return a === 60 || a === 62 ? S.Relation : S.AssignOp;
}
