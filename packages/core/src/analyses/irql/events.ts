// What the analysis finds: one event per defect, with the numbers that were compared and the way there. Rules turn them into messages.

import type { Func } from '../../model/project.js';
import type { Mask } from './levels.js';
import type { ContractSource } from './summary-types.js';

export interface EventStep { file: string; start: number; end: number; text: string; mask?: Mask }

interface EventBase {
  func: Func;
  file: string;
  start: number;
  end: number;
  /** What led here, first cause first. */
  flow: EventStep[];
  /** It rests on something less than certain: a doubtful row, a condition that is not known to hold. */
  certainty: 'sure' | 'likely' | 'doubtful';
}

/** A call on a wrong level. */
export interface LevelEvent extends EventBase {
  kind: 'too-high' | 'too-low' | 'may-be-too-high';
  callee: string;
  /** What wants the level: the callee itself, or what it calls further down. */
  who: string;
  source: ContractSource;
  because?: string;
  /** Levels possible at the call, levels allowed. */
  here: Mask;
  allowed: Mask;
  /** Place of the annotation that sets the limit. */
  at?: { file: string; start: number; end: number; text: string };
  /** How many calls down `who` is. */
  depth: number;
  /** The range depends on configuration the tool cannot see. */
  configurable?: boolean;
}

/** A change of level that the function or the level itself does not allow. */
export interface ChangeEvent extends EventBase {
  kind: 'set-too-high' | 'set-too-low' | 'lowered-improperly' | 'not-saved' | 'float-state';
  callee: string;
  /** Level it is set to (for float-state: the level of the save). */
  to: Mask;
  /** Level before, or the limit. */
  limit: Mask;
  /** What sets the limit, where there is one. */
  because: string;
  at?: { file: string; start: number; end: number; text: string };
}

export type LockProblem =
  | 'acquired-twice' | 'not-held' | 'released-twice' | 'held-at-return' | 'wrong-variant' | 'below-held' | 'restores-wrong-level' | 'restores-unsaved';

export interface LockEvent extends EventBase {
  kind: 'lock';
  problem: LockProblem;
  lock: string;
  /** The acquire or release. */
  callee: string;
  /** What goes with it: name of the acquire, the other lock, where the level was taken from. */
  other: string;
  to?: Mask;
  expected?: Mask;
  /** Where the lock was acquired. */
  heldBy?: { start: number; end: number };
  /** Other ways out that hold it, of a function that never gives it back. */
  others?: { start: number; end: number }[];
  /** It is the cancel spin lock of a cancel routine. */
  cancel?: boolean;
}

/** A function that does not end on the level it should end on. */
export interface ExitEvent extends EventBase {
  kind: 'not-restored' | 'unannotated' | 'cancel';
  /** What it must be: the level at entry, a declared level. */
  wants: 'entry' | 'raised' | 'restored' | 'saved' | 'cancel-irql';
  here: Mask;
  /** Level it should have; the levels at entry for 'entry'. */
  expected: Mask;
  because: string;
  at?: { file: string; start: number; end: number; text: string };
}

export type IrqlEvent = LevelEvent | ChangeEvent | LockEvent | ExitEvent;
