// Banned functions and what to use instead, over tables/banned.ts.

import { BANNED, BANNED_KINDS } from './tables/banned.js';

export interface BannedFunction {
  name: string;
  /** Number of the warning that bans it: 28719. */
  warning: number;
  /** What is wrong with it, as the end of a sentence. */
  why: string;
  /** Replacement in kernel mode and in user mode; absent when there is none of the kind. */
  kernel?: string;
  user?: string;
}

let table: Map<string, BannedFunction> | undefined;

function build(): Map<string, BannedFunction> {
  const kinds = new Map(BANNED_KINDS.split('\n').map((row) => {
    const [kind, kernel, user, why] = row.split(';');
    return [kind!, { ...(kernel ? { kernel } : {}), ...(user ? { user } : {}), why: why! }];
  }));
  const made = new Map<string, BannedFunction>();
  for (const row of BANNED.split('\n')) {
    const [warning, kind, ...names] = row.split(' ');
    for (const name of names) made.set(name, { name, warning: Number(warning), ...kinds.get(kind!)! });
  }
  return made;
}

/** A function that must not be used, undefined for any other. */
export function bannedFunction(name: string): BannedFunction | undefined {
  table ??= build();
  return table.get(name);
}
