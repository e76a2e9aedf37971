// Pool allocation by name: which argument is the tag, which functions are deprecated, and what replaces them.

import { DEFAULT_TAGS, DEPRECATED_POOL, POOL_FLAGS, TAGGED } from './tables/pool.js';

export interface DeprecatedAllocator {
  name: string;
  replacement: string;
  /** Flags the replacement needs besides those of the pool type. */
  flags?: string;
  /** What to use on systems before Windows 10, version 2004. */
  downlevel: string;
  /** 0-based arguments. */
  type: number;
  size: number;
  tag?: number;
}

let tagged: Map<string, number> | undefined;
let deprecated: Map<string, DeprecatedAllocator> | undefined;
let poolFlags: Map<string, string> | undefined;

/** 0-based argument of a function that is a pool tag. */
export function poolTagArgument(name: string): number | undefined {
  tagged ??= new Map(TAGGED.split(/[|\n]/).map((row) => {
    const [fn, arg] = row.split(' ');
    return [fn!, Number(arg)];
  }));
  return tagged.get(name);
}

export function isDefaultPoolTag(value: number): boolean {
  return DEFAULT_TAGS.includes(value >>> 0);
}

function allocator(row: string): [string, DeprecatedAllocator] {
  const [name, replacement, flags, downlevel, args] = row.split(';');
  const [type, size, tag] = args!.split(',');
  return [name!, {
    name: name!, replacement: replacement!, downlevel: downlevel!, type: Number(type), size: Number(size),
    ...(flags ? { flags } : {}), ...(tag === '-' ? {} : { tag: Number(tag) }),
  }];
}

/** A pool allocator that new code must not use. */
export function deprecatedAllocator(name: string): DeprecatedAllocator | undefined {
  deprecated ??= new Map(DEPRECATED_POOL.split('\n').map(allocator));
  return deprecated.get(name);
}

/** POOL_FLAGS for pool type symbols (`NonPagedPoolNx`, `POOL_COLD_ALLOCATION`); undefined when one has no counterpart. */
export function poolFlagsOf(symbols: readonly string[]): string | undefined {
  poolFlags ??= new Map(POOL_FLAGS.split(/\n|\|(?! )(?=\w+=)/).map((row) => {
    const at = row.indexOf('=');
    return [row.slice(0, at), row.slice(at + 1)];
  }));
  const flags: string[] = [];
  const executable = symbols.includes('NonPagedPool') && symbols.includes('POOL_NX_ALLOCATION');
  for (const symbol of symbols) {
    const flag = poolFlags.get(executable && symbol === 'NonPagedPool' ? 'NonPagedPoolNx' : symbol);
    if (flag === undefined) return undefined;
    if (flag !== '') flags.push(flag);
  }
  return flags.length > 0 ? flags.join(' | ') : undefined;
}
