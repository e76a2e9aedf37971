// What a call of a function of the project does, for its callers: how the level and locks differ at each way out, under which
// conditions on arguments, memory and result, and what the function needs of the level it is called on.

import type { Expr } from '../../model/expr.js';
import type { Func } from '../../model/project.js';
import type { Tag } from './frame.js';
import type { Mask } from './levels.js';
import type { Step } from './state.js';
import type { Value } from './values.js';

/** A place in terms of parameters (by name), `this` and globals. */
export interface Place { expr: Expr; tag: Tag }

export type LevelSpec =
  | { k: 'same' }
  | { k: 'mask'; mask: Mask }
  /** The level that the place held at the call. */
  | { k: 'from'; place: Place }
  | { k: 'unknown' };

export interface LockSpec {
  /** The pointer to the lock; absent when callers cannot name it. */
  lock?: Expr;
  /** How the lock is named when not by a pointer: globally, by a handle. */
  tag?: Tag;
  text: string;
  family: string;
  mode: '' | 'shared' | 'exclusive';
  spin: boolean;
  handle?: Place;
  savedIn?: Place;
  before: LevelSpec;
  raised: boolean;
  by: string;
}

/** One way a call may turn out. */
export interface Outcome {
  /** What must hold at the call. */
  pre: { place: Place; value: Value }[];
  /** What holds afterwards. */
  post: { place: Place; value: Value }[];
  ret?: Value;
  /** Levels it can be entered on and end this way. */
  entry: Mask;
  level: LevelSpec;
  saves: { place: Place; level: LevelSpec }[];
  acquires: LockSpec[];
  releases: { lock?: Expr; tag?: Tag; text: string; family: string }[];
  /** How the level changes inside, for flows. */
  steps: Step[];
}

/** A demand on the level a function is called on. */
export interface Need {
  allowed: Mask;
  /** On the level at the call, or on the level that a place holds. */
  on?: Place;
  pre: { place: Place; value: Value }[];
  /** Every way through the function makes it. */
  always: boolean;
  /** The call or statement that makes it, innermost last: the way down. */
  steps: Step[];
  /** What wants it: `ZwClose`, with the source of the contract. */
  who: string;
  source: ContractSource;
  /** It restores floating-point state: the level at the call must be the one that `on` was saved at. */
  float?: boolean;
  /** The callee's own declaration is violated by the level passed: the finding stands at the last step, in that function. */
  reportInside?: { func: Func; because: string };
}

export type ContractSource = 'ddi' | 'annotation' | 'assertion' | 'paged' | 'role';

export interface Summary {
  /** It demands something of a level that a place holds: ask for its needs at every call. */
  demands?: boolean;
  /** Absent: level and locks are as before, whatever happens. */
  outcomes?: Outcome[];
  /** Levels from which a call can return. */
  entry: Mask;
}

/** An effect or contract that a function's own annotations state. */
export interface Declared {
  /** Levels it may be called on. */
  allowed?: Mask;
  /** Contracts that hold under a condition on arguments: text, condition, levels. */
  conditional: { when: Expr; text: string; allowed: Mask }[];
  outcome?: Outcome[];
  /** The levels are those of pageable code and of nothing else. */
  paged?: boolean;
  /** Names that stand in messages: `_IRQL_requires_max_(DISPATCH_LEVEL)`. */
  text: string;
  file: string;
  start: number;
  end: number;
}

export type { Step };
