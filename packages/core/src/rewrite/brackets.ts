// Pairs of brackets over a token sequence, and how deep they nest.

import { Punct, TokenKind } from '../lex/tokens.js';
import type { Tokens } from '../lex/tokens.js';

export interface Brackets {
  /** Index of the partner of every bracket token, -1 for one without a partner, 0 for other tokens (no bracket pairs with token 0 from the left). */
  readonly partner: Int32Array;
  readonly depth: number;
  /** Index of the deepest token. */
  readonly deepest: number;
}

export function matchBrackets(tokens: Tokens): Brackets {
  const partner = new Int32Array(tokens.count);
  const open: number[] = [];
  let depth = 0;
  let deepest = 0;
  for (let i = 0; i < tokens.count; i++) {
    if (tokens.kind[i] !== TokenKind.Punct) continue;
    const id = tokens.id[i];
    if (id === Punct.LParen || id === Punct.LBracket || id === Punct.LBrace) {
      partner[i] = -1;
      open.push(i);
      if (open.length > depth) {
        depth = open.length;
        deepest = i;
      }
    } else if (id === Punct.RParen || id === Punct.RBracket || id === Punct.RBrace) {
      partner[i] = -1;
      close(tokens, open, partner, i);
    }
  }
  return { partner, depth, deepest };
}

/** A closing bracket closes the nearest one of its kind; a brace wins over parentheses left open inside it, not the other way round. */
function close(tokens: Tokens, open: number[], partner: Int32Array, at: number): void {
  const id = tokens.id[at];
  const wanted = id === Punct.RParen ? Punct.LParen : id === Punct.RBracket ? Punct.LBracket : Punct.LBrace;
  for (let n = open.length - 1; n >= 0; n--) {
    const found = tokens.id[open[n]];
    if (found === wanted) {
      partner[at] = open[n];
      partner[open[n]] = at;
      open.length = n;
      return;
    }
    if (found === Punct.LBrace) return;
  }
}
