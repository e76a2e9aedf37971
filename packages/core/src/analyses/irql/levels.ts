// Sets of IRQLs as bit masks on the scale of the project's architecture, and how they are written for people.

import { dirqlRange, levelName, maxLevel, toArch, type Arch } from '@drvlint/wdk';

/** Bit n: level n is possible. Unsigned; 32 levels on x86. */
export type Mask = number;

export interface Scale {
  readonly arch: Arch;
  readonly top: number;
  readonly all: Mask;
  /** Any device level. */
  readonly device: Mask;
  /** Levels min..max given on the scale of the knowledge tables. */
  known(min: number, max: number): Mask;
  /** Levels min..max on this scale. */
  range(min: number, max: number): Mask;
  /** The one level, empty when it is out of range. */
  only(level: number): Mask;
}

export function scaleOf(arch: Arch): Scale {
  const top = maxLevel(arch);
  const range = (min: number, max: number): Mask => {
    const from = Math.max(0, min);
    const to = Math.min(top, max);
    return from > to ? 0 : ((2 ** (to + 1) - 1) & ~(2 ** from - 1)) >>> 0;
  };
  const { min, max } = dirqlRange(arch);
  return {
    arch, top, range,
    all: range(0, top),
    device: range(min, max),
    known: (a, b) => range(toArch(a, arch), b >= 15 ? top : toArch(b, arch)),
    only: (level) => (Number.isInteger(level) ? range(level, level) : 0),
  };
}

export function lowest(mask: Mask): number {
  return mask === 0 ? -1 : 31 - Math.clz32(mask & -mask);
}

export function highest(mask: Mask): number {
  return mask === 0 ? -1 : 31 - Math.clz32(mask);
}

/** `DISPATCH_LEVEL`, `PASSIVE_LEVEL..DISPATCH_LEVEL`, `DIRQL`. */
export function describeMask(mask: Mask, scale: Scale): string {
  if (mask === 0) return 'no level';
  const low = lowest(mask);
  const high = highest(mask);
  if (mask === scale.device) return 'DIRQL';
  if (low === high) return levelName(low, scale.arch);
  if (mask === scale.all) return 'any level';
  return `${levelName(low, scale.arch)}..${levelName(high, scale.arch)}`;
}

/** `PASSIVE..DISPATCH`: the short form of hovers and markers. */
export function shortMask(mask: Mask, scale: Scale): string {
  return describeMask(mask, scale).replace(/_LEVEL/g, '');
}

/** The tightest ceiling and floor that some calls set: nothing between them violates any of them. */
export interface Bounds { floor: number; ceiling: number }

export const unbounded: Bounds = { floor: 0, ceiling: 99 };

export function tighter(a: Bounds, b: Bounds): Bounds {
  if (b.floor <= a.floor && b.ceiling >= a.ceiling) return a;
  return { floor: Math.max(a.floor, b.floor), ceiling: Math.min(a.ceiling, b.ceiling) };
}

export function boundsOf(allowed: Mask): Bounds {
  return { floor: lowest(allowed), ceiling: highest(allowed) };
}
