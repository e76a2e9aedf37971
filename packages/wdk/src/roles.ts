// Role types (callback function types): signature, entry level, whether a function type exists. From data/roles.json; where a function
// gets a role is in registrations.ts. Levels are on the amd64 scale.

import { parseParam, type DdiParam } from './ddi.js';
import { OS_PROVIDED } from './generated/os-provided.js';
import { POINTERS, ROLES } from './generated/roles.js';
import { DIRQL_MAX } from './levels.js';
import { Lines, RowTable } from './row-table.js';

export type Confidence = 'high' | 'medium' | 'low';

export interface LevelRange { min: number; max: number }

export interface EntryRange extends LevelRange {
  /** The usual level where the range is wide (an ISR that may be passive: 0..12, usually device level). */
  default?: number;
  /** Ceiling for paging rules: what a caller may do in the worst case although the documentation says `max`. */
  worstMax?: number;
}

export interface RoleEntry extends EntryRange {
  /** By dispatch index (IRP_MJ_READ) where it differs. */
  byIndex?: Readonly<Record<string, EntryRange>>;
  /** By the value of a parameter: `{ param: 'ControlType', levels: { ScsiStopAdapter: {min: 3, max: 12} } }`. */
  byParam?: { param: string; levels: Readonly<Record<string, LevelRange>> };
}

export interface Role {
  role: string;
  /** Pointer typedef: `PKSTART_ROUTINE`; equals `role` when there is no function type. */
  ptr: string;
  /** Function typedef exists, so that `ROLE Name;` can be written. */
  hasFunctionType: boolean;
  fw: string;
  params: DdiParam[];
  /** All parameter types are known. */
  typesKnown: boolean;
  paramsKnown: boolean;
  ret?: string;
  entry?: RoleEntry;
  /** Returns at the level it was entered on; false for DRIVER_CANCEL and the IO_CSQ lock callbacks. */
  exitSame: boolean;
  umdfOnly: boolean;
  /** Another name of this role: `EVT_WDF_DEVICE_CONTEXT_CLEANUP` -> `EVT_WDF_OBJECT_CONTEXT_CLEANUP`. */
  aliasOf?: string;
}

/** `min,max,default,worstMax`, absent ones empty. */
export function parseRange(text: string): EntryRange {
  const [min, max, usual, worst] = text.split(',');
  return { min: Number(min || 0), max: Number(max || 0), ...(usual ? { default: Number(usual) } : {}), ...(worst ? { worstMax: Number(worst) } : {}) };
}

const exact = (value: string): LevelRange => (value === 'DIRQL' ? { min: 3, max: DIRQL_MAX } : { min: Number(value), max: Number(value) });

const pairs = (text: string): [string, string][] => text.split('&').map((one) => one.split('=') as [string, string]);

function parseEntry(range: string, byIndex: string, byParam: string): RoleEntry {
  const entry: RoleEntry = parseRange(range);
  if (byIndex) entry.byIndex = Object.fromEntries(pairs(byIndex).map(([name, value]) => [name, parseRange(value)]));
  if (byParam) {
    const param = byParam.slice(0, byParam.indexOf('&'));
    const levels = pairs(byParam.slice(param.length + 1)).map(([name, value]) => [name, exact(value)]);
    entry.byParam = { param, levels: Object.fromEntries(levels) };
  }
  return entry;
}

function decode([role, ptr = '', fw, range = '', byIndex = '', byParam = '', flags = '', aliasOf = '', ret = '', list = '']: string[]): Role {
  const params = list.slice(1).split(',').filter((text) => text !== '').map(parseParam);
  return {
    role, ptr: ptr === '=' ? role : ptr || `P${role}`, hasFunctionType: ptr !== '=', fw,
    params, paramsKnown: list !== '', typesKnown: list !== '' && params.every((param) => param.type !== undefined),
    ...(ret ? { ret } : {}), ...(range ? { entry: parseEntry(range, byIndex, byParam) } : {}),
    exitSame: !flags.includes('x'), umdfOnly: flags.includes('u'), ...(aliasOf ? { aliasOf } : {}),
  };
}

const table = new RowTable(ROLES, decode);
const pointers = new Lines(POINTERS);
const osProvided = new Lines(OS_PROVIDED);
/** Role of a pointer type: `P` + role, or one of the irregular names. */
function roleOfPointer(name: string): Role | undefined {
  const line = pointers.find(name);
  if (line !== undefined) return table.get(line.slice(name.length + 1));
  const regular = name.startsWith('P') ? table.get(name.slice(1)) : undefined;
  return regular?.ptr === name ? regular : undefined;
}

/** WFP names carry a version digit that macros hide: `FWPS_CALLOUT_CLASSIFY_FN` stands for any of ..FN0 to ..FN3. */
function versioned(name: string): string | undefined {
  if (!/^FWP[SM]?_\w*[A-Z]$/.test(name)) return undefined;
  return ['0', '1', '2', '3'].map((digit) => name + digit).find((one) => table.has(one));
}

/** The role of a function type (`KSTART_ROUTINE`) or of a pointer to it (`PKSTART_ROUTINE`). */
export function role(name: string): Role | undefined {
  return table.get(name) ?? roleOfPointer(name) ?? table.get(versioned(name) ?? '');
}

/** True for the name of a role type itself, not for its pointer type. */
export function isRoleName(name: string): boolean {
  return table.has(name) || versioned(name) !== undefined;
}

export function roleNames(): readonly string[] {
  return table.keys();
}

/** Callback types that the system implements and a driver only calls: declaring nothing is right for them. */
export function isOsProvided(name: string): boolean {
  return osProvided.has(name);
}
