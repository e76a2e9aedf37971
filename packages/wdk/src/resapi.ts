// The failover cluster resource DLL interface: entry points, worker functions, function tables and macros, calls to avoid,
// blocking calls, deadlines. From data/resapi.json (resapi.h by win32metadata and mingw-w64, Microsoft's resource DLL pages) and the
// tables of resapi-calls.ts. Times are in milliseconds.

import { RESAPI } from './generated/resapi.js';

export interface ResapiParam { name: string; type: string; dir?: 'in' | 'out' | 'inout' }

export interface ResapiCallback {
  /** Slot name: `Open`, `OnlineV2`, `Worker`, ... */
  name: string;
  typedef: string;
  kind: string;
  returns: string;
  /** `__stdcall` on x86; other spellings (WINAPI, CALLBACK) are equal. */
  callingConvention: string;
  params: ResapiParam[];
  registeredBy: ({ via: string } & Record<string, unknown>)[];
  since?: string;
  returnContract?: Readonly<Record<string, string>>;
  threading?: string;
  mayBlock?: boolean | string;
  deadline?: string;
  obligations?: string[];
  docs?: string[];
}

export interface WorkerFunction {
  name: string;
  returns: string;
  params: ResapiParam[];
  returnContract?: Readonly<Record<string, string>>;
  /** 'unbounded', 'up to TimeoutInMilliseconds' or false. */
  blocks: boolean | string;
  semantics?: string;
}

export interface TableMacro { name: string; params: string[]; form: string }

/** What one of the four table macros puts into each slot: a name pasted from the prefix, or the argument at `arg`. */
export interface MacroSlot { slot: string; suffix?: string; arg?: number }

interface Data {
  callbacks: ResapiCallback[];
  workerFunctions: WorkerFunction[];
  tableMacros: TableMacro[];
  typeAliases: Record<string, string[] | string>;
  structs: Record<string, { fieldsInOrder?: string[] }>;
  callsToAvoid: Record<string, string[]>;
  deadlines: Record<string, number | string>;
}

let data: Data | undefined;

function load(): Data {
  return (data ??= JSON.parse(RESAPI) as Data);
}

export function resapiCallbacks(): readonly ResapiCallback[] {
  return load().callbacks;
}

/** By slot name (`OnlineV2`) or by pointer typedef (`PONLINE_V2_ROUTINE`). */
export function resapiCallback(name: string): ResapiCallback | undefined {
  return load().callbacks.find((one) => one.name === name || one.typedef === name);
}

export function workerFunctions(): readonly WorkerFunction[] {
  return load().workerFunctions;
}

export function workerFunction(name: string): WorkerFunction | undefined {
  return load().workerFunctions.find((one) => one.name === name);
}

export function tableMacro(name: string): TableMacro | undefined {
  return load().tableMacros.find((one) => one.name === name);
}

const V1_SLOTS = ['Open', 'Close', 'Online', 'Offline', 'Terminate', 'LooksAlive', 'IsAlive'];

function slot(name: string, suffixOrArg: string | number): MacroSlot {
  return typeof suffixOrArg === 'string' ? { slot: name, suffix: suffixOrArg } : { slot: name, arg: suffixOrArg };
}

const V2_COMMON: MacroSlot[] = [slot('Open', 'OpenV2'), slot('Close', 'Close'), slot('Online', 'OnlineV2'), slot('Offline', 'OfflineV2'),
  slot('Terminate', 'Terminate'), slot('Arbitrate', 3), slot('Release', 4), slot('LooksAlive', 7), slot('IsAlive', 8), slot('Cancel', 9)];

/** The slots each table macro fills; argument 2 is the prefix that is pasted before `suffix`. Source: tableMacros of resapi.json. */
const MACRO_SLOTS: Readonly<Record<string, readonly MacroSlot[]>> = {
  CLRES_V1_FUNCTION_TABLE: [...V1_SLOTS.map((name) => slot(name, name)), slot('Arbitrate', 3), slot('Release', 4), slot('ResourceControl', 5), slot('ResourceTypeControl', 6)],
  CLRES_V2_FUNCTION_TABLE_SET: [...V2_COMMON, slot('ResourceControl', 5), slot('ResourceTypeControl', 6)],
  CLRES_V3_FUNCTION_TABLE_SET: [...V2_COMMON, slot('BeginResourceControl', 5), slot('BeginResourceTypeControl', 6)],
  CLRES_V4_FUNCTION_TABLE_SET: [...V2_COMMON, slot('BeginResourceControl', 5), slot('BeginResourceTypeControl', 6),
    slot('BeginResourceControlAsUser', 10), slot('BeginResourceTypeControlAsUser', 11)],
};

export function macroSlots(macro: string): readonly MacroSlot[] {
  return MACRO_SLOTS[macro] ?? [];
}

export type TableVersion = 1 | 2 | 3 | 4;

/** Slots of CLRES_Vn_FUNCTIONS in the order of a positional initialiser, with the pointer typedef each must have. */
export function tableSlots(version: TableVersion): { slot: string; typedef: string }[] {
  const structs = load().structs;
  const own = structs[`CLRES_V${version}_FUNCTIONS`]?.fieldsInOrder ?? [];
  const typedefs = new Map(structs['CLRES_V1_FUNCTIONS']?.fieldsInOrder?.map((one) => one.split(':') as [string, string]));
  return own.flatMap((one) => {
    if (one.startsWith('(as V3)')) return tableSlots(3);
    const [name, typedef] = one.split(':');
    return [{ slot: name, typedef: typedef ?? typedefs.get(name) ?? 'PCANCEL_ROUTINE' }];
  });
}

/** Callback a table slot of that version takes: `Online` of version 2 is `OnlineV2`. */
export function callbackOfSlot(version: TableVersion, name: string): ResapiCallback | undefined {
  const found = tableSlots(version).find((one) => one.slot === name);
  return found ? resapiCallback(found.typedef) : undefined;
}

/** Type spellings that are equal in this interface, by canonical name. */
export function resapiTypeAliases(): Readonly<Record<string, readonly string[]>> {
  const { note: _note, ...aliases } = load().typeAliases;
  return aliases as Record<string, string[]>;
}

export type AvoidClass = 'doNotUse' | 'workerThreadOnly' | 'notInSomeEntryPoints';

export function deadlines(): Readonly<Record<string, number | string>> {
  return load().deadlines;
}

/** The raw lists of functions to avoid, as on the documentation page. */
export function callsToAvoid(): Readonly<Record<string, readonly string[]>> {
  return load().callsToAvoid;
}
