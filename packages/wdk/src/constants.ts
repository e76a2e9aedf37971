// Values of named constants and the enumeration an enumerator belongs to, over the tables of tables/constants.ts.

import { ENUMS, PLAIN, STATUS, WIN32 } from './tables/constants.js';
import { KEY_ACCESS, RELATIVE_TO } from './tables/registry.js';
import { WFP_CONSTANTS } from './tables/wfp.js';

export interface EnumType { tag: string; typedef: string }

interface Tables { values: Map<string, number>; enums: Map<string, EnumType>; status: Set<string>; win32: Set<string>; types: Map<string, EnumType> }

let tables: Tables | undefined;

function plain(text: string, values: Map<string, number>, names?: Set<string>): void {
  for (const word of text.split(/\s+/)) {
    const [name, value] = word.split('=');
    values.set(name, Number(value));
    names?.add(name);
  }
}

function enumeration(line: string, made: Tables): void {
  const [head, ...items] = line.split(/\s+/);
  const [tag, typedef] = head.slice(0, -1).split('/');
  const type = { tag, typedef };
  made.types.set(tag, type).set(typedef, type);
  let next = 0;
  for (const item of items) {
    const [name, value] = item.split('=');
    if (value !== undefined) next = Number(value);
    made.values.set(name, next++);
    made.enums.set(name, type);
  }
}

function build(): Tables {
  const made: Tables = { values: new Map(), enums: new Map(), status: new Set(), win32: new Set(), types: new Map() };
  for (const text of [PLAIN, KEY_ACCESS, RELATIVE_TO, WFP_CONSTANTS]) plain(text, made.values);
  plain(STATUS, made.values, made.status);
  plain(WIN32, made.values, made.win32);
  for (const line of ENUMS.split('\n')) enumeration(line, made);
  return made;
}

const tablesOnce = (): Tables => (tables ??= build());

/** Value of a constant or enumerator; NTSTATUS and HRESULT values unsigned. Level symbols are in `levelOf`. */
export function constantOf(name: string): number | undefined {
  return tablesOnce().values.get(name);
}

/** The enumeration of an enumerator: `Executive` -> { tag: '_KWAIT_REASON', typedef: 'KWAIT_REASON' }. */
export function enumOfConstant(name: string): EnumType | undefined {
  return tablesOnce().enums.get(name);
}

/** The enumeration of a type name, by tag (with or without `enum`) or typedef. */
export function enumType(name: string): EnumType | undefined {
  return tablesOnce().types.get(name.replace(/^enum\s+/, ''));
}

/**
 * Parameter types that are plain integers in the headers but stand for an enumeration: a KPROCESSOR_MODE takes MODE's
 * enumerators (`_Strict_type_match_` parameters). Source: wdm.h.
 */
export function enumOfParameterType(type: string): EnumType | undefined {
  return enumType(type === 'KPROCESSOR_MODE' ? 'MODE' : type);
}

/** A name that is an NTSTATUS code, by table or by shape. */
export function isStatusName(name: string): boolean {
  return tablesOnce().status.has(name) || /^STATUS_[A-Z][A-Z0-9_]*$/.test(name);
}

/** A name that is a Win32 (or WSA, NERR) error code, by table or by shape. */
export function isWin32ErrorName(name: string): boolean {
  return tablesOnce().win32.has(name) || /^(?:ERROR|RPC_S|NERR)_[A-Z0-9_]+$/.test(name) || /^WSA[A-Z_]+$/.test(name);
}

/** NT_SUCCESS of a status value, signed or unsigned. */
export function ntSuccess(value: number): boolean {
  return value >= 0 && value < 0x80000000;
}
