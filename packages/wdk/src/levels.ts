// IRQLs as numbers and names. All data of this package is on the amd64 scale: 0 PASSIVE, 1 APC, 2 DISPATCH, 3..12 device
// (DIRQL), 13 CLOCK, 14 IPI, 15 HIGH; `toArch` moves such a number to another scale. Source: data/levels.json (wdm.h of mingw-w64).

import { LEVELS } from './generated/levels.js';

export type Arch = 'amd64' | 'arm64' | 'x86';

export const PASSIVE = 0;
export const APC = 1;
export const DISPATCH = 2;
/** Lowest device level on the amd64 scale: the floor where a table says DIRQL. */
export const DIRQL_MIN = 3;
/** Highest device level on the amd64 scale: the ceiling where a table says DIRQL. */
export const DIRQL_MAX = 12;
export const HIGH = 15;

type LevelValue = number | null | [number, number] | { UP: number; MP: number; note?: string };
type Scale = Record<string, LevelValue>;

let scales: Record<Arch, Scale> | undefined;

function scale(arch: Arch): Scale {
  scales ??= JSON.parse(LEVELS) as Record<Arch, Scale>;
  return scales[arch];
}

const ALIASES: Readonly<Record<string, string>> = { DPC_LEVEL: 'DISPATCH_LEVEL', LOW_LEVEL: 'PASSIVE_LEVEL' };

/** Number of a level symbol (`DISPATCH_LEVEL`), undefined for an unknown one. On x86 SYNCH_LEVEL is the multiprocessor value. */
export function levelOf(symbol: string, arch: Arch = 'amd64'): number | undefined {
  const value = scale(arch)[ALIASES[symbol] ?? symbol];
  if (typeof value === 'number') return value;
  if (value && !Array.isArray(value)) return value.MP;
  return undefined;
}

/** True for a name that stands for a level or for the device range (`DIRQL`). */
export function isLevelName(symbol: string): boolean {
  return symbol === 'DIRQL' || levelOf(symbol, 'amd64') !== undefined || levelOf(symbol, 'x86') !== undefined;
}

/** Inclusive range of device levels. */
export function dirqlRange(arch: Arch = 'amd64'): { min: number; max: number } {
  const value = scale(arch)['DIRQL'];
  return Array.isArray(value) ? { min: value[0], max: value[1] } : { min: DIRQL_MIN, max: DIRQL_MAX };
}

/** The highest level there is: 15, on x86 31. */
export function maxLevel(arch: Arch = 'amd64'): number {
  return levelOf('HIGH_LEVEL', arch) ?? HIGH;
}

const NAMED = ['PASSIVE_LEVEL', 'APC_LEVEL', 'DISPATCH_LEVEL', 'CLOCK_LEVEL', 'IPI_LEVEL', 'HIGH_LEVEL'];

/** `DISPATCH_LEVEL` for 2, `DIRQL (5)` for a device level, the bare number for one that has no name. */
export function levelName(level: number, arch: Arch = 'amd64'): string {
  const named = NAMED.find((name) => levelOf(name, arch) === level);
  if (named) return named;
  const device = dirqlRange(arch);
  return level >= device.min && level <= device.max ? `DIRQL (${level})` : String(level);
}

/** Moves a level of this package's tables (amd64 scale) to the scale of `arch`; the ends of the device range map to its ends. */
export function toArch(level: number, arch: Arch): number {
  if (arch !== 'x86' || level < DIRQL_MIN) return level;
  const device = dirqlRange(arch);
  if (level >= DIRQL_MAX + 1) return levelOf(['CLOCK_LEVEL', 'IPI_LEVEL', 'HIGH_LEVEL'][Math.min(level, HIGH) - DIRQL_MAX - 1], arch) ?? level;
  return level === DIRQL_MAX ? device.max : level;
}
