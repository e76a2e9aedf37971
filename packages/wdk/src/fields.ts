// Fields of structures that the Windows headers define: their types, and offsets and sizes where code may depend on them.
// Structures are named without tag underscore and version suffix as `recordName` gives them.

import { FIELDS } from './generated/fields.js';
import { Lines } from './row-table.js';
import { LAYOUTS, MORE_FIELDS } from './tables/fields.js';

export interface FieldType {
  base: string;
  ptr: number;
  /** Number of array dimensions. */
  dims: number;
}

type Fields = ReadonlyMap<string, FieldType>;

const fields = new Lines(FIELDS);
const records = new Map<string, Fields | undefined>();
let more: Map<string, string> | undefined;

/** `struct _DEVICE_OBJECT`, `_DEVICE_OBJECT`, `FWPS_CLASSIFY_OUT0` -> the name the tables know: `DEVICE_OBJECT`, `FWPS_CLASSIFY_OUT`. */
export function recordName(name: string): string {
  const bare = name.replace(/^(?:struct|union)\s+/, '').replace(/^_+(?=[A-Z])/, '');
  return /^(?:FWPS|FWPM)_/.test(bare) ? bare.replace(/\d_?$/, '') : bare;
}

function lineOf(record: string): string | undefined {
  more ??= new Map(MORE_FIELDS.split('\n').map((line) => [line.slice(0, line.indexOf(';')), line]));
  return more.get(record) ?? fields.find(record);
}

function parse(owner: string, pair: string): [string, FieldType] {
  const colon = pair.indexOf(':');
  const name = pair.slice(0, colon);
  const text = pair.slice(colon + 1);
  const base = text.replace(/[*[\]]/g, '');
  return [name, { base: base === '.' ? `${owner}.${name}` : base, ptr: text.split('*').length - 1, dims: text.split('[').length - 1 }];
}

/** Fields of a structure by name, undefined for one that is in no table. */
export function recordFields(record: string): Fields | undefined {
  if (records.has(record)) return records.get(record);
  const name = recordName(record);
  const line = lineOf(name);
  const found = line === undefined ? undefined : new Map(line.slice(line.indexOf(';') + 1).split(' ').map((pair) => parse(name, pair)));
  records.set(record, found);
  return found;
}

/** Type of a structure's field. An unnamed inner structure is the record `OWNER.field`: `IRP.Tail`, `IRP.Tail.Overlay`. */
export function fieldType(record: string, field: string): FieldType | undefined {
  return recordFields(record)?.get(field);
}

interface Layout { size: readonly [number, number]; offsets: ReadonlyMap<string, readonly [number, number]> }

let layouts: Map<string, Layout> | undefined;

function layoutOf(record: string): Layout | undefined {
  layouts ??= new Map(LAYOUTS.split('\n').map((line) => {
    const [name, size64, size32, ...fields] = line.split(' ');
    const offsets = fields.map((field): [string, readonly [number, number]] => {
      const [key, both] = field.split('=');
      const [wide, narrow] = both!.split('/').map(Number);
      return [key!, [wide!, narrow!]];
    });
    return [name!, { size: [Number(size64), Number(size32)], offsets: new Map(offsets) }];
  }));
  return layouts.get(recordName(record));
}

/** Size of a structure in bytes on an architecture with 8 or 4 byte pointers, where the tables know it. */
export function recordSize(record: string, pointer: 8 | 4): number | undefined {
  return layoutOf(record)?.size[pointer === 8 ? 0 : 1];
}

/** Offset of a field in bytes. */
export function fieldOffset(record: string, field: string, pointer: 8 | 4): number | undefined {
  return layoutOf(record)?.offsets.get(field)?.[pointer === 8 ? 0 : 1];
}
