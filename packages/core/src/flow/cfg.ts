// Control-flow graph of one function body, macros inlined: the shape every flow analysis walks. Knows no driver word.

import type { Expr } from '../model/expr.js';
import type { LocalVar } from '../model/facts.js';
import type { Stmt } from '../model/stmt.js';

/** One thing that happens, in execution order. Expressions have no `&&`, `||`, `?:` with effects left inside: those are branches. */
export type Step =
  | { k: 'eval'; e: Expr }
  | { k: 'decl'; v: LocalVar }
  /** End of the lifetime of a C++ local with class type: its destructor runs; `start`/`end` is where (closing brace, return, ...). */
  | { k: 'destroy'; v: LocalVar; start: number; end: number }
  /** `__finally` code follows, on the way out of its `__try`; `abnormal` when a jump or return leads there. */
  | { k: 'finally'; abnormal: boolean; start: number; end: number }
  | { k: 'return'; e?: Expr; start: number; end: number };

export interface Block {
  readonly id: number;
  readonly steps: Step[];
  term: Terminator;
  readonly preds: number[];
}

export type Terminator =
  | { k: 'goto'; to: number }
  /** `cond` holds no short-circuit operator and no `!` at its top; an 'unknown' without parts means "either way". */
  | { k: 'branch'; cond: Expr; ifTrue: number; ifFalse: number; /** Set on a loop's own test. */ loop?: Loop }
  | { k: 'switch'; e: Expr; cases: { v?: Expr; hi?: Expr; to: number }[]; /** Where control goes when no case matches. */ otherwise: number }
  /** Normal end of the function (after a 'return' step or at the closing brace, whose offset `at` is). */
  | { k: 'exit'; at: number }
  /** Calls that never return, `throw` without a handler, unreachable ends. */
  | { k: 'stop' };

export interface Loop {
  /** Offset range of the keyword; for a backward goto, of the goto. */
  start: number;
  end: number;
  kind: 'while' | 'do' | 'for' | 'rangefor' | 'goto';
  stmt?: Stmt;
  /** Header block; all blocks of the loop body, header included. */
  header: number;
  blocks: Set<number>;
}

export interface Cfg {
  readonly blocks: Block[];
  readonly entry: number;
  /** Loops, outer before inner; `do { } while (0)` and loops that never come round are not among them. */
  readonly loops: Loop[];
  /** Blocks in reverse post-order from the entry; unreachable blocks are absent. */
  readonly order: number[];
  /** Offset of the closing brace. */
  readonly end: number;
  /** Why precision was given up, if it was (size bounds, computed goto). */
  readonly gaveUp?: string;
}

/** Blocks a terminator leads to, in the order they are named; a switch may name one twice. */
export function successors(term: Terminator): number[] {
  switch (term.k) {
    case 'goto': return [term.to];
    case 'branch': return [term.ifTrue, term.ifFalse];
    case 'switch': return [...term.cases.map((c) => c.to), term.otherwise];
    default: return [];
  }
}
