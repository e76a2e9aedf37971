// Tokens of one file as typed arrays: kind, range, and a number that says which identifier or which punctuator.

/** What a token is. */
export const TokenKind = { Name: 1, Number: 2, String: 3, Char: 4, Punct: 5 } as const;

/**
 * Codes of punctuators: a single unit is its own code; of the longer ones only those are told apart that matter to a
 * structure scan, the rest are `Operator`.
 */
export const Punct = {
  Hash: 35, Percent: 37, Amp: 38, LParen: 40, RParen: 41, Star: 42, Plus: 43, Comma: 44, Minus: 45, Dot: 46, Slash: 47, Colon: 58, Semi: 59, Less: 60, Assign: 61,
  Greater: 62, Question: 63, LBracket: 91, RBracket: 93, Caret: 94, LBrace: 123, Bar: 124, RBrace: 125, Tilde: 126, Not: 33,
  Arrow: 256, Scope: 257, Ellipsis: 258, AndAnd: 259, Operator: 260, HashHash: 261, Increment: 262, ShiftRight: 263,
} as const;

export interface Tokens {
  count: number;
  /** TokenKind. */
  kind: Uint8Array;
  start: Int32Array;
  end: Int32Array;
  /** Interned name of a Name, punctuator code of a Punct, else 0. */
  id: Int32Array;
}

export function emptyTokens(capacity: number): Tokens {
  return { count: 0, kind: new Uint8Array(capacity), start: new Int32Array(capacity), end: new Int32Array(capacity), id: new Int32Array(capacity) };
}

/** Room for at least one more token. */
export function growTokens(tokens: Tokens): void {
  const capacity = tokens.kind.length * 2;
  const kind = new Uint8Array(capacity);
  const start = new Int32Array(capacity);
  const end = new Int32Array(capacity);
  const id = new Int32Array(capacity);
  kind.set(tokens.kind);
  start.set(tokens.start);
  end.set(tokens.end);
  id.set(tokens.id);
  Object.assign(tokens, { kind, start, end, id });
}
