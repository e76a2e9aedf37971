// What a call by name means to levels and locks: effect and contract of a DDI from the knowledge tables, and the few calls with a
// meaning of their own. Looked up once per name.

import {
  assertion, ddi, irqlEffect, isPagedCodeMacro, neverReturns, testHolds, trustedMax, trustedMin, type ArgTest, type Ddi, type IrqlEffect, type StateTest,
} from '@drvlint/wdk';
import { uncast } from '../../flow/walk.js';
import type { Expr } from '../../model/expr.js';

/** Reads the current level. Source: KeGetCurrentIrql page; NDIS_CURRENT_IRQL is a macro for it in ndis.h. */
const readsLevel = new Set(['KeGetCurrentIrql', 'KfGetCurrentIrql', 'NDIS_CURRENT_IRQL', 'NDIS_GET_CURRENT_IRQL', 'StorPortGetCurrentIrql']);

/** Status tests: what holds of the argument when the result is true. Source: ntdef.h, winerror.h. */
const statusTests: Readonly<Record<string, { sign: 1 | -1; exact: boolean }>> = {
  NT_SUCCESS: { sign: 1, exact: true }, SUCCEEDED: { sign: 1, exact: true }, FAILED: { sign: -1, exact: true }, NT_ERROR: { sign: -1, exact: false },
};

/** Calls that answer the same when asked twice, for conditions. Source: ntifs.h and wdm.h macros. */
const pure = new Set([
  ...Object.keys(statusTests), 'FlagOn', 'BooleanFlagOn', 'IS_ALIGNED', 'ARGUMENT_PRESENT', 'WDF_OBJECT_CONTEXT',
  'PsGetCurrentThread', 'KeGetCurrentThread', 'PsGetCurrentThreadId', 'PsGetCurrentProcess', 'IoGetCurrentProcess',
]);

/** Leave by an exception that a handler of the caller may take. Source: the DDI pages of the Raise routines. */
const raises = new Set(['ExRaiseStatus', 'ExRaiseAccessViolation', 'ExRaiseDatatypeMisalignment', 'RtlRaiseStatus', 'FsRtlRaiseStatus', 'RtlRaiseException', 'NdisRaiseStatus']);

/** Floating-point state. Source: KeSaveFloatingPointState page; the Eng and extended-state forms pair the same way. */
const floatSaves: Readonly<Record<string, number>> = { KeSaveFloatingPointState: 0, EngSaveFloatingPointState: 0 };
const floatRestores: Readonly<Record<string, number>> = { KeRestoreFloatingPointState: 0, EngRestoreFloatingPointState: 0 };

export type Special =
  | { k: 'current' }
  | { k: 'assert'; arg: number }
  | { k: 'paged' }
  | { k: 'float-save' | 'float-restore'; arg: number };

export interface Meaning {
  readonly name: string;
  readonly special?: Special;
  readonly effect?: IrqlEffect;
  readonly row?: Ddi;
  /** Levels or locks may differ after it. */
  readonly changes: boolean;
  /** Trusted ceiling and floor over all argument conditions, on the tables' scale: what a call can at worst demand. */
  readonly worstMax: number;
  readonly worstMin: number;
}

const known = new Map<string, Meaning | null>();

/** Meaning of a DDI or macro of the WDK; undefined when nothing is known of it. */
export function meaningOf(name: string): Meaning | undefined {
  let meaning = known.get(name);
  if (meaning === undefined) known.set(name, (meaning = lookUp(name) ?? null));
  return meaning ?? undefined;
}

/** Tests that only a path may decide; the others are decided by the text of the argument or never. */
const decidedByPath = new Set(['null', 'non-null', 'true', 'false', 'pointee-zero', 'null-or-pointee-nonzero', 'eq', 'ne', 'has-flag', 'no-flag']);

/** Ceiling and floor of one call: conditions on arguments count unless their text rules them out. */
export function worstAtCall(m: Meaning, args: readonly Expr[], valueOf: (e: Expr) => number | undefined): { max: number; min: number } {
  const { row } = m;
  if (m.special || !row || row.soft || row.conditional.length === 0 || (m.effect && m.changes && m.effect.effect !== 'conditional-raise')) return { max: m.worstMax, min: m.worstMin };
  let max = trustedMax(row) ?? 15;
  let min = trustedMin(row) ?? 0;
  for (const c of row.conditional) {
    if (!c.args.some((i) => mayHold(c.when, args[i], valueOf))) continue;
    max = Math.min(max, c.max ?? 15);
    min = Math.max(min, c.min ?? 0);
  }
  return { max, min };
}

/** A condition of a row may turn out to hold at a call with this argument. */
export function mayHold(test: ArgTest | StateTest, e: Expr | undefined, valueOf: (e: Expr) => number | undefined): boolean {
  if (!e || test.is === 'state') return false;
  const x = uncast(e);
  if (x.k === 'str') return testHolds(test, { text: x.text }) ?? false;
  if (test.is === 'pointee-zero' || test.is === 'null-or-pointee-nonzero') return valueOf(x) === undefined || testHolds(test, { value: valueOf(x)! }) === true;
  const value = valueOf(x);
  if (value !== undefined) return testHolds(test, { value }) ?? decidedByPath.has(test.is);
  return decidedByPath.has(test.is);
}

function lookUp(name: string): Meaning | undefined {
  const special = specialOf(name);
  const effect = irqlEffect(name);
  const row = ddi(name);
  if (!special && !effect && !row) return undefined;
  let worstMax = 15;
  let worstMin = 0;
  if (effect && changing(effect) && effect.effect !== 'conditional-raise') {
    worstMax = Math.max(effect.requires.max, effect.requires.altMax ?? 0);
    worstMin = effect.requires.min;
  } else if (row && !row.soft) {
    worstMax = Math.min(trustedMax(row) ?? 15, ...row.conditional.map((c) => c.max ?? 15));
    worstMin = Math.max(trustedMin(row) ?? 0, ...row.conditional.map((c) => c.min ?? 0));
  }
  if (special?.k === 'paged') worstMax = 1;
  const changes = (effect !== undefined && changing(effect)) || special?.k === 'float-save' || special?.k === 'float-restore';
  return { name, ...(special && { special }), ...(effect && { effect }), ...(row && { row }), changes, worstMax, worstMin };
}

/** Effects that this analysis follows: levels, and locks whose holder runs raised. */
function changing(e: IrqlEffect): boolean {
  switch (e.effect) {
    case 'raise': case 'lower': case 'conditional-raise': return true;
    case 'acquire': case 'release': return e.changesIrql || e.spin;
    default: return false;
  }
}

function specialOf(name: string): Special | undefined {
  if (readsLevel.has(name)) return { k: 'current' };
  const a = assertion(name);
  if (a) return { k: 'assert', arg: a.arg };
  if (isPagedCodeMacro(name)) return name.endsWith('_LOCKED') ? undefined : { k: 'paged' };
  if (floatSaves[name] !== undefined) return { k: 'float-save', arg: floatSaves[name] };
  return floatRestores[name] !== undefined ? { k: 'float-restore', arg: floatRestores[name] } : undefined;
}

export function statusTest(name: string): { sign: 1 | -1; exact: boolean } | undefined {
  return statusTests[name];
}

export function isPure(name: string): boolean {
  return pure.has(name);
}

/** What a call by that name does to control, as far as the name tells. */
export function fateOf(name: string): 'stop' | 'raise' | undefined {
  return raises.has(name) ? 'raise' : neverReturns(name) ? 'stop' : undefined;
}

/** Names that stay calls although a project may define macros of that name. */
export function isReserved(name: string): boolean {
  let is = reserved.get(name);
  if (is === undefined) reserved.set(name, (is = readsLevel.has(name) || assertion(name) !== undefined || isPagedCodeMacro(name) || statusTests[name] !== undefined));
  return is;
}

const reserved = new Map<string, boolean>();
