// The operations that matter to the IRQL analysis, in execution order: what the steps of a graph are compiled to once, so that
// running a block many times costs little.

import type { CallExpr } from '../../model/expr.js';
import type { Func } from '../../model/project.js';
import type { Bounds, Mask } from './levels.js';
import type { Part } from './state.js';
import type { ContractSource, LevelSpec, LockSpec, Need, Step } from './summary-types.js';
import type { Constant, ValueId } from './values.js';

/** Where a level comes from when it is restored or compared. */
export type LevelExpr =
  | { k: 'mask'; mask: Mask }
  | { k: 'place'; key: number }
  | { k: 'current' }
  | { k: 'unknown' };

export type Compare = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** A condition without choices in it. */
export type Cond =
  | { k: 'any' }
  | { k: 'known'; value: boolean }
  /** The current level against a number. */
  | { k: 'current'; op: Compare; level: number }
  /** A place against a constant; `text` is the key of the whole comparison. */
  | { k: 'compare'; key: number; op: Compare; c: Constant; text: number; negated: boolean }
  | { k: 'sign'; key: number; sign: 1 | -1; exact: boolean }
  /** `same`: the two places that an `==` compares. */
  | { k: 'truth'; key: number; negated: boolean; same?: readonly [number, number] };

/** What an assignment makes of a place. */
export type SetValue =
  | { k: 'unknown' }
  | { k: 'unset' }
  | { k: 'value'; id: ValueId; mask?: Mask }
  | { k: 'copy'; key: number; /** The target holds levels. */ level: boolean }
  | { k: 'cond'; cond: Cond };

export interface SetOp {
  k: 'set';
  /** Key of the place, -1 when nothing asks for it. */
  key: number;
  value: SetValue;
  /** Facts that no longer hold. */
  kills: readonly number[];
  /** Places whose saved level is no longer known. */
  forgets: readonly number[];
  /** Places that hold no level yet: the local was just declared. */
  unsets: readonly number[];
  /** Condition that the assignment makes true: both sides equal. */
  equal: number | undefined;
  /** Name of the local set: locks named through it lose their name. */
  local: string | undefined;
}

export interface LockOp {
  key: number;
  text: string;
  family: string;
  mode: '' | 'shared' | 'exclusive';
  spin: boolean;
  handle: number;
}

export type Act =
  | { k: 'raise'; to: LevelExpr; saves: number; sameAsCurrent: boolean }
  | { k: 'lower'; to: LevelExpr; /** Does nothing unless that is higher than `to`: NDIS_LOWER_IRQL. */ above: LevelExpr | undefined }
  | { k: 'acquire'; lock: LockOp; to: Mask; raises: boolean | 'maybe'; saves: readonly number[]; /** Its release is the same whether it raises or not: `saves` is written either way. */ marks: boolean; onlyIf?: 'nonzero' | 'success' }
  | { k: 'release'; lock: LockOp; restores?: LevelExpr; lowers: boolean | 'maybe' }
  /** The level rises until the next wait; `when` says whether it does at all. */
  | { k: 'pending'; to: Mask; when(p: Part): boolean | undefined }
  | { k: 'wait' }
  | { k: 'assume'; cond: Cond; needs: boolean }
  | { k: 'current' }
  | { k: 'float'; key: number; restores: boolean };

/** The levels a call may be made on, and why. */
export interface Contract {
  allowed: Mask;
  /** Levels that only a doubtful source forbids. */
  doubtful: Mask;
  /** What the limit rests on: `when Wait is TRUE`. */
  because?: string;
  source: ContractSource;
  /** Place of the annotation. */
  at?: { file: string; start: number; end: number; text: string };
}

/** A condition of a callee in the caller's terms: a value of a place, or a whole condition. */
export type BoundFact = { key: number; value: ValueId } | { cond: Cond; want: boolean };

/** An outcome of a callee in terms of the caller's keys. */
export interface BoundOutcome {
  pre: readonly BoundFact[];
  post: readonly BoundFact[];
  ret: ValueId;
  entry: Mask;
  level: BoundLevel;
  saves: readonly { key: number; level: BoundLevel }[];
  acquires: readonly { lock: LockOp; spec: LockSpec; savedIn: number; before: BoundLevel }[];
  releases: readonly { key: number; text: string; family: string }[];
  steps: readonly Step[];
}

export type BoundLevel = { k: 'same' } | { k: 'mask'; mask: Mask } | { k: 'place'; key: number } | { k: 'unknown' };

export interface BoundNeed { need: Need; pre: readonly BoundFact[]; on: number | undefined; impossible: boolean }

export interface BoundCallee {
  fn: Func;
  outcomes: readonly BoundOutcome[] | undefined;
  /** It demands something of places, not only of the level at the call. */
  demands: boolean;
  /** No demand on the level at the call is tighter. */
  bounds: Bounds;
  /** Demands, worked out only when the bound is violated. */
  needs(): readonly BoundNeed[];
}

export interface CallOp {
  k: 'call';
  call: CallExpr | undefined;
  name: string;
  start: number;
  end: number;
  /** Assignment of the result, done before the effect sets anything. */
  target: SetOp | undefined;
  /** Key of the place the result goes to. */
  result: number;
  kills: readonly number[];
  forgets: readonly number[];
  /** Contract by itself; a function of what is known on the path when arguments matter. */
  contract: Contract | ((p: Part) => Contract | undefined) | undefined;
  act: Act | undefined;
  callee: BoundCallee | undefined;
  /** Places that may hold the saved level afterwards: handed to a function of the project. */
  marks: readonly number[];
  /** Names of locals whose address is passed. */
  passes: readonly string[];
}

export interface ReturnOp {
  k: 'return';
  start: number;
  end: number;
  /** Key of the returned place, -1. */
  key: number;
  value: ValueId | undefined;
  cond: Cond | undefined;
  /** It returns a value that is no constant. */
  varies: boolean;
}

export type Op = CallOp | SetOp | ReturnOp;

export type { LevelSpec };
