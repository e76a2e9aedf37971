// What a driver may do with a field of a system structure, over tables/guarded-fields.ts.

import { recordName } from './fields.js';
import { GUARDED } from './tables/guarded-fields.js';

export interface FieldGuard {
  /** Where it may be accessed at all: nowhere, in DriverEntry, in DriverEntry and DriverUnload; absent: anywhere. */
  access?: 'never' | 'entry' | 'unload';
  readOnly?: boolean;
  /** Changed only by setting and clearing bits. */
  bits?: boolean;
  /** Function that sets it. */
  setter?: string;
  /** Function or macro that reads it. */
  getter?: string;
}

let guards: Map<string, FieldGuard> | undefined;
let names: Set<string> | undefined;

function apply(guard: FieldGuard, kind: string): void {
  if (kind === 'never' || kind === 'entry' || kind === 'unload') guard.access = kind;
  else if (kind === 'read-only') guard.readOnly = true;
  else if (kind === 'bits') guard.bits = true;
  else if (kind.startsWith('set=')) guard.setter = kind.slice(4);
  else guard.getter = kind.slice(4);
}

function build(): Map<string, FieldGuard> {
  const made = new Map<string, FieldGuard>();
  for (const line of GUARDED.split('\n')) {
    const [record, kind, ...fields] = line.split(' ');
    for (const field of fields) {
      const key = `${record}.${field}`;
      const guard = made.get(key) ?? {};
      apply(guard, kind!);
      made.set(key, guard);
    }
  }
  return made;
}

/** The guard of a field, by structure name in any spelling; undefined when a driver may use the field freely. */
export function fieldGuard(record: string, field: string): FieldGuard | undefined {
  guards ??= build();
  return guards.get(`${recordName(record)}.${field}`);
}

/** Whether a field of that name is guarded in any structure: a cheap test before types are looked up. */
export function isGuardedFieldName(field: string): boolean {
  guards ??= build();
  names ??= new Set([...guards.keys()].map((key) => key.slice(key.lastIndexOf('.') + 1)));
  return names.has(field);
}
