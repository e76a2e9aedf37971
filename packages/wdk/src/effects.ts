// What a call does to the IRQL and to locks, in one normal form: raise, lower, acquire, release, run a callback. From
// data/irql-effects.json, whose short texts (`arg:1`, `handle-arg:0`, `lock:arg:0`) are parsed here, and from the table of lock
// families (effect-families.ts). Levels are on the amd64 scale, argument indexes are 0-based.

import { parseTest, type ArgTest } from './ddi.js';
import { familyOf, type LockFamily } from './effect-families.js';
import { EFFECTS } from './generated/effects.js';
import { DISPATCH, DIRQL_MAX, DIRQL_MIN, HIGH, type Arch, levelOf } from './levels.js';
import { Lines } from './row-table.js';

/** A level a call goes to. Symbols are resolved with `targetRange`; `byName` is chosen by the constant passed as argument. */
export type Target = number | 'DIRQL' | 'SYNCH_LEVEL' | 'IPI_LEVEL' | 'caller' | { arg: number } | { arg: number; byName: Readonly<Record<string, number | 'DIRQL'>> };

/**
 * Where the old level goes or comes from. 'arg': saves writes it through the pointer argument, restores takes the argument's
 * value; 'return': the result of the call; 'handle': inside the lock handle or LOCK_STATE whose address is the argument;
 * 'lock': inside the lock object whose address is the argument; 'apc-state': a KAPC_STATE, which is no level at all.
 */
export interface Slot { kind: 'arg' | 'return' | 'handle' | 'lock' | 'apc-state'; index: number }

/** Which lock it is: the object an argument points to, a global, what the handle argument remembers, one chosen by an enumerator. */
export type LockRef =
  | { kind: 'arg' | 'handle' | 'enum' | 'message' | 'file' | 'number'; index: number }
  | { kind: 'global'; name: 'cancel' | 'vpb' }
  | { kind: 'thread'; name: 'critical-region' | 'guarded-region' };

export interface Requires { min: number; max: number; altMax?: number }

/** Another behaviour under a condition; what is absent stays as in the row. */
export interface EffectVariant {
  when: { kind: 'arg'; arg: number; test: ArgTest } | { kind: 'object'; state: 'passive-interrupt' | 'passive-execution' };
  changesIrql: boolean;
  requires: Requires;
}

/** When the lock is held after the call: result non-zero / STATUS_SUCCESS; `unless` names an argument value that makes it unconditional. */
export interface TryRule { when: 'nonzero' | 'success'; unless?: { arg: number; test: ArgTest } }

/** AtDpcLevel, FromDpcLevel and Dpr forms; ForDpc forms of threaded DPCs; all others. */
export type LockForm = 'plain' | 'dpc-level' | 'for-dpc';

export type EffectKind = 'raise' | 'lower' | 'acquire' | 'release' | 'callback' | 'conditional-raise' | 'transient' | 'none';

export interface IrqlEffect {
  name: string;
  effect: EffectKind;
  macro: boolean;
  family: LockFamily;
  /** A spin lock: whoever holds it runs at DISPATCH_LEVEL or above. */
  spin: boolean;
  requires: Requires;
  /** The level after return differs from the one before (acquire, release, raise, lower); false for the AtDpcLevel forms. */
  changesIrql: boolean;
  to?: Target;
  saves?: Slot;
  restores?: Slot;
  lock?: LockRef;
  /** Argument that is the queue handle or LOCK_STATE of this acquire or release. */
  handle?: number;
  mode?: 'shared' | 'exclusive';
  /** How the level is treated: 'plain' raises, 'dpc-level' expects DISPATCH and changes nothing, 'for-dpc' raises only when needed. */
  form: LockForm;
  /** The mode the lock is held in afterwards, when the call converts it (with `tryWhen`: only if that holds). */
  converts?: 'shared' | 'exclusive';
  /** Argument whose non-zero value means exclusive, zero shared. */
  modeArg?: number;
  tryWhen?: TryRule;
  /** conditional-raise: the argument test under which the level rises; the next call must then be a KeWaitFor*. */
  raisesWhen?: { arg: number; test: ArgTest };
  restoredBy?: 'next-wait';
  variants: EffectVariant[];
  /** callback: the argument that is run, its role, and the level it runs at (`to`). */
  callbackArg?: number;
  role?: string;
  /** Blocks the thread: always, or unless the timeout argument points to zero. */
  blocks?: { unlessPollArg?: number };
  /** APC delivery after the call. */
  apcs?: 'normal-disabled' | 'normal-restored' | 'all-disabled' | 'all-restored' | 'must-be-disabled';
  /** NDIS_LOWER_IRQL: argument that states the current level. */
  currentArg?: number;
  /** The acquire or release that undoes it. */
  pairsWith: string[];
  conf: 'high' | 'low';
  /** The row queues a callback of that role to run later at `level`. */
  queues?: { role: string; level: number };
}

type Raw = Record<string, unknown> & { name: string };
type Bound = number | 'DIRQL' | 'SynchronizeIrql';
interface RawRequires { min: Bound; max: Bound; altMax?: number }

const isDevice = (bound: unknown): boolean => bound === 'DIRQL' || bound === 'SynchronizeIrql';

function requires({ min, max, altMax }: RawRequires): Requires {
  return {
    min: typeof min === 'number' ? min : DIRQL_MIN,
    max: typeof max === 'number' ? max : DIRQL_MAX,
    ...(altMax === undefined ? {} : { altMax }),
  };
}

const number = (text: string): number => Number(/(?<!\d)(\d+)$/.exec(text)?.[1]);

function slot(text: string): Slot {
  if (text === 'return') return { kind: 'return', index: -1 };
  if (text.startsWith('handle-arg:')) return { kind: 'handle', index: number(text) };
  if (text.startsWith('lock:arg:')) return { kind: 'lock', index: number(text) };
  if (text.startsWith('apcstate-arg:')) return { kind: 'apc-state', index: number(text) };
  return { kind: 'arg', index: number(text) };
}

function target(value: unknown, lock: LockRef | undefined): Target {
  if (typeof value === 'number') return value;
  if (isDevice(value)) return 'DIRQL';
  if (typeof value === 'object') return { arg: lock?.kind === 'enum' ? lock.index : 1, byName: value as Record<string, number | 'DIRQL'> };
  const text = String(value);
  return text.startsWith('arg:') ? { arg: number(text) } : (text as Target);
}

function lockRef(row: Raw, family: LockFamily): LockRef | undefined {
  const text = row['lock'] as string | undefined;
  const handle = row['restores'] ?? row['handle'];
  if (text === undefined || text === 'via-handle') {
    if (row['effect'] !== 'release') return family === 'StorPortSpinLock' ? { kind: 'enum', index: 1 } : undefined;
    return typeof handle === 'string' && handle !== 'return' ? { kind: 'handle', index: number(handle) } : undefined;
  }
  const [head, rest] = text.split(':');
  if (head === 'global') return { kind: 'global', name: rest as 'cancel' | 'vpb' };
  if (head === 'thread') return { kind: 'thread', name: rest as 'critical-region' | 'guarded-region' };
  if (head === 'enum-arg') return { kind: 'enum', index: parseInt(rest, 10) };
  if (head === 'message' || head === 'file') return { kind: head, index: number(text) };
  return { kind: family === 'KeQueuedSpinLock' ? 'number' : 'arg', index: number(text) };
}

function tryRule(text: string): TryRule {
  if (text.startsWith('Timeout')) return { when: 'success', unless: { arg: 1, test: { is: 'null' } } };
  return text.startsWith('arg1==FALSE') ? { when: 'nonzero', unless: { arg: 1, test: { is: 'true' } } } : { when: 'nonzero' };
}

const AT_PASSIVE: Requires = { min: 0, max: 0 };

function variants(row: Raw): EffectVariant[] {
  const condition = row['condition'];
  if (condition === undefined || row['effect'] === 'conditional-raise') return [];
  if (typeof condition === 'string') {
    const state = condition.startsWith('ExecutionLevel') ? 'passive-execution' : 'passive-interrupt';
    return [{ when: { kind: 'object', state }, changesIrql: false, requires: AT_PASSIVE }];
  }
  const { arg, when, max, then } = condition as { arg: number; when: string; max?: number; then?: string };
  const limits = then ? { min: 2, max: 2 } : { min: 0, max: max ?? HIGH };
  return [{ when: { kind: 'arg', arg, test: parseTest(when) as ArgTest }, changesIrql: then ? false : Boolean(row['changesIrql']), requires: limits }];
}

function apcs(text: string): IrqlEffect['apcs'] {
  return text.startsWith('caller must') ? 'must-be-disabled' : (text.split(' ')[0] as IrqlEffect['apcs']);
}

const TIMEOUT_ARG: Readonly<Record<string, number>> = { KeWaitForMultipleObjects: 6 };
const DEFAULT_TIMEOUT_ARG = 4;

function blocking(row: Raw): IrqlEffect['blocks'] {
  return row['blocks'] === true ? {} : { unlessPollArg: TIMEOUT_ARG[row.name] ?? DEFAULT_TIMEOUT_ARG };
}

function lockParts(row: Raw, lock: LockRef | undefined): Partial<IrqlEffect> {
  const saves = row['saves'] === undefined ? undefined : slot(row['saves'] as string);
  const restores = row['restores'] === undefined ? undefined : slot(row['restores'] as string);
  const handle = row['handle'] !== undefined ? number(row['handle'] as string)
    : saves?.kind === 'handle' ? saves.index : restores?.kind === 'handle' ? restores.index : undefined;
  const mode = row['mode'] as string | undefined;
  return {
    ...(lock ? { lock } : {}), ...(saves ? { saves } : {}), ...(restores ? { restores } : {}), ...(handle === undefined ? {} : { handle }),
    ...(mode === 'shared' || mode === 'exclusive' ? { mode } : {}), ...(mode?.startsWith('arg1') ? { modeArg: 1 } : {}),
    ...(row['try'] ? { tryWhen: tryRule(row['try'] as string) } : {}),
  };
}

function otherParts(row: Raw): Partial<IrqlEffect> {
  const condition = row['condition'] as { arg: number; when: string } | undefined;
  const queues = /^(\w+) @ DISPATCH$/.exec(String(row['queues'] ?? ''));
  return {
    ...(row['effect'] === 'conditional-raise' && condition
      ? { raisesWhen: { arg: condition.arg, test: parseTest(condition.when) as ArgTest }, restoredBy: 'next-wait' as const } : {}),
    ...(row['callbackArg'] === undefined ? {} : { callbackArg: row['callbackArg'] as number }),
    ...(row['converts'] ? { converts: row['converts'] as 'shared' | 'exclusive' } : {}),
    ...(row['role'] ? { role: row['role'] as string } : {}),
    ...(row['blocks'] ? { blocks: blocking(row) } : {}),
    ...(row['apcs'] ? { apcs: apcs(row['apcs'] as string) } : {}),
    ...(row['currentIrql'] ? { currentArg: number(row['currentIrql'] as string) } : {}),
    ...(queues ? { queues: { role: queues[1], level: 2 } } : {}),
  };
}

function formOf(name: string): LockForm {
  if (/(?:At|From)DpcLevel$|^NdisDpr/.test(name)) return 'dpc-level';
  return name.endsWith('ForDpc') ? 'for-dpc' : 'plain';
}

/** `ExAcquireResource*Lite` -> the acquire rows it stands for. */
function expandPairs(names: string[]): string[] {
  return names.flatMap((name) => {
    if (name.startsWith('(')) return [];
    if (!name.includes('*')) return effects.has(name) ? [name] : [];
    const pattern = new RegExp(`^${name.replace('*', '\\w*')}$`);
    return irqlEffectNames().filter((one) => pattern.test(one));
  });
}

function normalise(row: Raw): IrqlEffect {
  const { family, spin } = familyOf(row.name);
  const lock = lockRef(row, family);
  const limits = requires(row['requires'] as RawRequires);
  const changesIrql = Boolean(row['changesIrql']);
  return {
    name: row.name, effect: row['effect'] as EffectKind, macro: row['kind'] === 'macro', family,
    spin: spin && (changesIrql || limits.min >= DISPATCH), form: formOf(row.name), requires: limits, changesIrql,
    ...(row['toLevel'] === undefined ? {} : { to: target(row['toLevel'], lock) }),
    ...lockParts(row, lock), variants: variants(row), ...otherParts(row),
    pairsWith: expandPairs((row['pairsWith'] as string[] | undefined) ?? []), conf: row['confidence'] === 'low' ? 'low' : 'high',
  };
}

const effects = new Lines(EFFECTS);
const rows = new Map<string, IrqlEffect>();

/** The effect of a call of that name, undefined when it has none that is known: then it is IRQL neutral if `ddi` knows it. */
export function irqlEffect(name: string): IrqlEffect | undefined {
  const known = rows.get(name);
  if (known) return known;
  const line = effects.find(name);
  if (line === undefined) return undefined;
  const row = normalise(JSON.parse(line.slice(name.length + 1)) as Raw);
  rows.set(name, row);
  return row;
}

export function irqlEffectNames(): readonly string[] {
  return EFFECTS.split('\n').map((line) => line.slice(0, line.indexOf(';')));
}

/** Level range a symbolic target stands for; undefined for one that depends on the call (`{ arg }`, 'caller'). */
export function targetRange(to: Target, arch: Arch = 'amd64'): { min: number; max: number } | undefined {
  if (typeof to === 'number') return { min: to, max: to };
  if (to === 'DIRQL') return { min: DIRQL_MIN, max: DIRQL_MAX };
  if (to === 'SYNCH_LEVEL' || to === 'IPI_LEVEL') {
    const level = levelOf(to, arch === 'x86' ? 'amd64' : arch);
    return level === undefined ? undefined : { min: level, max: level };
  }
  return undefined;
}
