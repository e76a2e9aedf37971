// Copies and clears of memory and strings by name, over tables/memory.ts.

import { COPIES, REMOVABLE_CLEARS, SECRET_NAMES, STRING_SETTERS } from './tables/memory.js';

let copies: Map<string, { to: number; from: number; size: number }> | undefined;
const removable = new Set(REMOVABLE_CLEARS.split(' '));
const secrets = SECRET_NAMES.split(' ');

/** Arguments of a function that copies memory. */
export function memoryCopy(name: string): { to: number; from: number; size: number } | undefined {
  copies ??= new Map(COPIES.split(/[|\n]/).map((row) => {
    const [fn, to, from, size] = row.split(' ');
    return [fn!, { to: Number(to), from: Number(from), size: Number(size) }];
  }));
  return copies.get(name);
}

/** A clearing function that an optimiser may remove. */
export function isRemovableClear(name: string): boolean {
  return removable.has(name);
}

/** A variable of that name holds a secret, as far as its name tells. */
export function soundsSecret(variable: string): boolean {
  const text = variable.toLowerCase();
  return secrets.some((part) => text.includes(part));
}

let setters: Map<string, { to: number; from: number }> | undefined;

/** Arguments of a function that sets a string from another one or from a format. */
export function stringSetter(name: string): { to: number; from: number } | undefined {
  setters ??= new Map(STRING_SETTERS.split(/[|\n]/).map((row) => {
    const [fn, to, from] = row.split(' ');
    return [fn!, { to: Number(to), from: Number(from) }];
  }));
  return setters.get(name);
}
