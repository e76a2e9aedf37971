// Registry functions by name and registry paths by text, over tables/registry.ts.

import { APPROVED_SOURCES, KEY_OPENERS, KEY_USERS, READABLE_ROOTS, RELATIVE_FUNCTIONS, WRITABLE_ROOTS, WRITE_BITS } from './tables/registry.js';

export interface KeyOpener { handle: number; access: number; attributes: number }
export interface KeyUser { access: 'read' | 'write'; handle: number }

const rows = <T>(text: string, read: (cells: string[]) => T): Map<string, T> => new Map(text.split(/[|\n]/).map((row) => {
  const [name, ...cells] = row.split(' ');
  return [name!, read(cells)];
}));

let openers: Map<string, KeyOpener> | undefined;
let users: Map<string, KeyUser> | undefined;
let relative: Map<string, 'read' | 'write'> | undefined;
let approved: Map<string, number> | undefined;

/** A function that opens or creates a key named by OBJECT_ATTRIBUTES: its 0-based arguments. */
export function keyOpener(name: string): KeyOpener | undefined {
  openers ??= rows(KEY_OPENERS, ([, handle, access, attributes]) => ({ handle: Number(handle), access: Number(access), attributes: Number(attributes) }));
  return openers.get(name);
}

/** A function that reads or changes an open key. */
export function keyUser(name: string): KeyUser | undefined {
  users ??= rows(KEY_USERS, ([access, handle]) => ({ access: access as 'read' | 'write', handle: Number(handle) }));
  return users.get(name);
}

/** An Rtl registry function with a RelativeTo argument. */
export function relativeRegistryFunction(name: string): 'read' | 'write' | undefined {
  relative ??= rows(RELATIVE_FUNCTIONS, ([access]) => access as 'read' | 'write');
  return relative.get(name);
}

/** 0-based argument through which a function hands out a key that an isolated driver may use. */
export function approvedKeySource(name: string): number | undefined {
  approved ??= rows(APPROVED_SOURCES, ([handle]) => Number(handle));
  return approved.get(name);
}

export function accessWrites(mask: number): boolean {
  return (Number(BigInt.asUintN(32, BigInt(mask))) & WRITE_BITS) !== 0;
}

/** What an isolated driver may do with an absolute path: nothing, read it, or change it as well. */
export function registryPathAccess(path: string): 'none' | 'read' | 'write' {
  const text = path.toLowerCase();
  const below = (roots: readonly string[]): boolean => roots.some((root) => text === root || text.startsWith(`${root}\\`));
  return below(WRITABLE_ROOTS) ? 'write' : below(READABLE_ROOTS) ? 'read' : 'none';
}
