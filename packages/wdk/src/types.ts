// Type names of the Windows headers, resolved to what they stand for, and comparison of two types by name. Typedefs of the project
// are resolved by the caller first; a name that stays unknown makes the answer 'unknown', never 'different'.

import { RECORDS, TYPEDEFS } from './generated/typedefs.js';
import { SEEN_TYPES } from './generated/seen-types.js';
import { isRoleName, role } from './roles.js';
import { Lines } from './row-table.js';
import { enumType } from './constants.js';
import { HANDLES, POINTERS, SCALARS, WELL_KNOWN } from './tables/types.js';

/** A type by name: base name and number of stars; `const` of the pointee when the typedef says so. */
export interface NamedType { base: string; ptr: number; constant?: boolean }

export interface IntegerType { bits: 8 | 16 | 32 | 64; signed: boolean }

interface Tables { alias: Map<string, NamedType | undefined>; handles: Set<string>; records: Set<string> }

const typedefs = new Lines(TYPEDEFS);
const seen = new Lines(SEEN_TYPES);
const recordNames = new Lines(RECORDS);
let tables: Tables | undefined;

const words = (text: string): string[] => text.split(/[\s|]+/).filter((word) => word !== '');

function parse(text: string): NamedType {
  const bare = text.replace(/\bconst\b/, '').trim();
  const stars = bare.length - bare.replace(/\*/g, '').length;
  return { base: tagless(bare.replace(/\*/g, '').trim()), ptr: stars, ...(bare === text ? {} : { constant: true }) };
}

/** `struct _IRP` and `_IRP` -> `IRP`: the typedef a WDK tag belongs to. */
function tagless(name: string): string {
  const bare = name.replace(/^(?:struct|union|enum|class)\s+/, '');
  return bare.replace(/^_+(?=[A-Z])/, '');
}

function definitions(text: string): [string, NamedType][] {
  return text.split(/[\n|]/).map((one) => {
    const [name, definition] = one.split('=');
    return [name, parse(definition)];
  });
}

function build(): Tables {
  const alias = new Map<string, NamedType | undefined>([...definitions(SCALARS), ...definitions(POINTERS)]);
  for (const [name, type] of alias) if (type?.ptr === 0 && type.base === name) alias.delete(name);
  return { alias, handles: new Set(words(HANDLES)), records: new Set(words(WELL_KNOWN)) };
}

/** A typedef of the tables: the hand-written ones first, then data/typedefs.json. */
function definitionOf(name: string): NamedType | undefined {
  const { alias, handles } = tablesOnce();
  if (alias.has(name)) return alias.get(name);
  const line = handles.has(name) ? undefined : typedefs.find(name);
  const type = line === undefined ? undefined : parse(line.slice(name.length + 1));
  const own = type?.ptr === 0 && type.base === name ? undefined : type;
  alias.set(name, own);
  return own;
}

const tablesOnce = (): Tables => (tables ??= build());

/** Names of the form PX / LPX whose X is a known type, handle, role or enumeration. */
function pointerByShape(name: string): NamedType | undefined {
  const target = /^L?P(?=[A-Z_])(.+)$/.exec(name)?.[1];
  if (!target) return undefined;
  const constant = /^C(?=[A-Z])(.+)$/.exec(target)?.[1];
  if (isKnownType(target)) return { base: target, ptr: 1 };
  if (constant && isKnownType(constant)) return { base: constant, ptr: 1, constant: true };
  return seen.has(name) && !isHandleType(name) ? { base: target, ptr: 1 } : undefined;
}

/** One step of a typedef: `PDEVICE_OBJECT` -> { base: 'DEVICE_OBJECT', ptr: 1 }; undefined for a name that is no known typedef. */
export function aliasOf(name: string): NamedType | undefined {
  const known = definitionOf(name);
  if (known) return known;
  if (isHandleType(name)) return undefined;
  const callback = role(name);
  if (callback && callback.ptr === name && callback.hasFunctionType) return { base: callback.role, ptr: 1 };
  if (callback) return undefined;
  return pointerByShape(name);
}

/** Follows typedefs to the end: `PHANDLE` -> { base: 'void', ptr: 2 }. Tags lose `struct _`. */
export function resolveType(base: string, ptr = 0): NamedType {
  let type: NamedType = { base: base.replace(/\s+/g, ' ').trim(), ptr };
  for (let step = 0; step < 8; step++) {
    const canonical = canonicalScalar(type.base) ?? tagless(type.base);
    const next = aliasOf(canonical);
    if (!next) return { ...type, base: canonical };
    type = { base: next.base, ptr: type.ptr + next.ptr, ...(next.constant || type.constant ? { constant: true } : {}) };
  }
  return type;
}

const INTEGERS: ReadonlyMap<string, IntegerType> = new Map([
  ['char', { bits: 8, signed: true }], ['signed char', { bits: 8, signed: true }], ['unsigned char', { bits: 8, signed: false }],
  ['short', { bits: 16, signed: true }], ['unsigned short', { bits: 16, signed: false }], ['wchar_t', { bits: 16, signed: false }],
  ['int', { bits: 32, signed: true }], ['unsigned int', { bits: 32, signed: false }],
  ['long', { bits: 32, signed: true }], ['unsigned long', { bits: 32, signed: false }],
  ['__int64', { bits: 64, signed: true }], ['unsigned __int64', { bits: 64, signed: false }],
]);

const OTHER_SCALARS = new Set(['void', 'float', 'double', 'long double', 'bool', '_Bool']);
const CV = /\b(?:const|volatile|__unaligned|UNALIGNED|CONST|register)\b/g;

/** Canonical spelling of a C scalar in any specifier order (`long unsigned int`, `UNSIGNED __int32`), undefined for other names. */
function canonicalScalar(name: string): string | undefined {
  const parts = name.replace(CV, ' ').split(/\s+/).filter((part) => part !== '');
  const known = parts.join(' ');
  if (INTEGERS.has(known) || OTHER_SCALARS.has(known)) return known;
  if (!parts.every((part) => /^(?:signed|unsigned|char|short|int|long|__int8|__int16|__int32|__int64|__LONG32)$/.test(part))) return undefined;
  const unsigned = parts.includes('unsigned') ? 'unsigned ' : '';
  const longs = parts.filter((part) => part === 'long').length;
  if (parts.includes('char') || parts.includes('__int8')) return parts.includes('signed') ? 'signed char' : `${unsigned}char`;
  if (parts.includes('__int64') || longs > 1) return `${unsigned}__int64`;
  if (parts.includes('short') || parts.includes('__int16')) return `${unsigned}short`;
  return longs === 1 || parts.includes('__LONG32') ? `${unsigned}long` : `${unsigned}int`;
}

/** Width and signedness of an integer type after typedefs (LLP64), undefined for anything else. */
export function integerType(name: string): IntegerType | undefined {
  const { base, ptr } = resolveType(name);
  return ptr === 0 ? INTEGERS.get(base) : undefined;
}

export function isIntegerType(name: string, bits?: number, signed?: boolean): boolean {
  const type = integerType(name);
  return type !== undefined && (bits === undefined || type.bits === bits) && (signed === undefined || type.signed === signed);
}

/** Opaque handle with a type of its own (WDFDEVICE, HRESOURCE); HANDLE, WDFOBJECT and NDIS_HANDLE are plain `void *`. */
export function isHandleType(name: string): boolean {
  return tablesOnce().handles.has(name);
}

/** True for a type that the Windows headers define, as far as the tables know: scalar, handle, structure, enumeration, role. */
export function isKnownType(name: string): boolean {
  const { handles, records } = tablesOnce();
  return definitionOf(name) !== undefined || handles.has(name) || records.has(name) || seen.has(name) || recordNames.has(name) || INTEGERS.has(name) || OTHER_SCALARS.has(name)
    || enumType(name) !== undefined || isRoleName(name);
}

/**
 * Whether two types are the same one: cv-qualifiers do not matter, typedefs and tags are seen through. 'unknown' when a name is in no
 * table, unless the names are equal.
 */
export function compareTypes(a: { base: string; ptr: number }, b: { base: string; ptr: number }): 'same' | 'different' | 'unknown' {
  const left = resolveType(a.base, a.ptr);
  const right = resolveType(b.base, b.ptr);
  if (left.base === right.base) return left.ptr === right.ptr ? 'same' : 'different';
  return isKnownTarget(left) && isKnownTarget(right) ? 'different' : 'unknown';
}

/** A known type, or a pointer to an opaque one of which only the pointer has a name in the tables (PWDFDEVICE_INIT). */
export function isKnownTarget(type: { base: string; ptr: number }): boolean {
  return isKnownType(type.base) || (type.ptr > 0 && isKnownType(`P${type.base}`));
}

/** `struct _DEVICE_OBJECT*` -> { base: 'struct _DEVICE_OBJECT', ptr: 1 }: reads a type text of the tables; `[]` counts as a star. */
export function parseType(text: string): NamedType {
  const bare = text.replace(/\[\]/g, '*').replace(/\b(?:const|CONST|volatile)\b/g, ' ');
  const base = bare.replace(/\*/g, ' ').replace(/\s+/g, ' ').trim();
  const ptr = bare.split('*').length - 1;
  return { base, ptr, ...(/\b(?:const|CONST)\b/.test(text) ? { constant: true } : {}) };
}
