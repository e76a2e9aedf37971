// From a place in the code to the roles a function stored or passed there gets: arguments of registering calls, fields and positions
// of structures, elements of dispatch tables, methods of function tables, names. From data/roles.json (`reg` of each role).

import { PLACES } from './generated/places.js';
import { parseRange, type Confidence, type EntryRange } from './roles.js';
import { RowTable } from './row-table.js';

interface Found { role: string; conf: Confidence }
export interface CallRegistration extends Found {
  /** 0-based argument that is the callback. */
  idx: number;
  /** Entry range when it differs from the role's (threaded DPC: 0..2). */
  entry?: EntryRange;
  /** Only when the argument of that name is this constant: `{ arg: 'NotificationType', equals: 'RequestTimerCall' }`. */
  when?: { arg: string; equals: string };
}
export interface FieldRegistration extends Found {
  struct: string;
  field: string;
  /** Position in a positional initialiser. */
  pos?: number;
  /** Member path when the field lies inside nested structures. */
  path?: string;
}
export interface ArrayRegistration extends Found { field: string; indexes: string[] | 'any' }

const CONF: Readonly<Record<string, Confidence>> = { m: 'medium', l: 'low' };
const confidence = (cell: string | undefined): Confidence => CONF[cell ?? ''] ?? 'high';

const table = new RowTable(PLACES, ([, found]) => found.split('&').map((one) => one.split('>')));
const places = (kind: string, name: string): readonly string[][] => table.get(`${kind} ${name}`) ?? [];

function callRow([role, idx, conf, when, entry]: string[]): CallRegistration {
  const [arg, equals] = when ? when.split('==') : [];
  return { role, idx: Number(idx), conf: confidence(conf), ...(arg ? { when: { arg, equals } } : {}), ...(entry ? { entry: parseRange(entry) } : {}) };
}

function fieldRow(struct: string, [role, field, conf, pos, path]: string[]): FieldRegistration {
  return { role, struct, field, conf: confidence(conf), ...(pos ? { pos: Number(pos) } : {}), ...(path ? { path } : {}) };
}

const VERSIONS = ['0', '1', '2', '3'];

/** Callback arguments of a registering function or macro; `FwpsXxx` stands for its versioned forms. */
export function registrationsOfCall(fn: string): readonly CallRegistration[] {
  const found = places('call', fn);
  if (found.length > 0 || !/^Fwp[sm]/.test(fn)) return found.map(callRow);
  return VERSIONS.map((digit) => places('call', fn + digit)).find((rows) => rows.length > 0)?.map(callRow) ?? [];
}

/** Callback arguments of a method of a function table: `DMA_OPERATIONS`, `AllocateAdapterChannel`. */
export function registrationsOfMethod(struct: string, method: string): readonly CallRegistration[] {
  return places('method', `${structName(struct)}.${method}`).map(callRow);
}

/** Callback arguments of a method of that name in any function table: for a call through a table of unknown type. */
export function methodsNamed(method: string): readonly CallRegistration[] {
  return places('methods', method).flatMap(([struct]) => registrationsOfMethod(struct, method));
}

function structName(name: string): string {
  return name.replace(/^(?:struct|union)\s+/, '').replace(/^_/, '').replace(/^tag(?=[A-Z])/, '');
}

const fields = new Map<string, readonly FieldRegistration[]>();

/** All callback fields of a structure, named with or without `struct`, `_`; `FWPS_CALLOUT` stands for all its versions. Empty when unknown. */
export function callbackFields(struct: string): readonly FieldRegistration[] {
  const known = fields.get(struct);
  if (known) return known;
  const name = structName(struct).replace(/^(FWP\w*\d)_$/, '$1');
  const own = places('struct', name);
  const names = own.length > 0 || !/^FWP/.test(name) ? [name] : VERSIONS.map((digit) => name + digit);
  const found = names.flatMap((one) => places('struct', one).map((cells) => fieldRow(one, cells)));
  fields.set(struct, found);
  return found;
}

/** Roles of a structure's field; the `P` of a pointer type is the caller's to strip. */
export function registrationsOfField(struct: string, field: string): readonly FieldRegistration[] {
  return callbackFields(struct).filter((one) => one.field === field);
}

/** Roles of the value at a position of a positional initialiser. */
export function registrationsOfPosition(struct: string, pos: number): readonly FieldRegistration[] {
  return callbackFields(struct).filter((one) => one.pos === pos);
}

/** Callback fields of that name in any structure: for a store through an expression of unknown type. */
export function fieldsNamed(field: string): readonly FieldRegistration[] {
  return places('field', field).flatMap(([struct]) => registrationsOfField(struct, field));
}

/** Roles of an element of a dispatch table field (`MajorFunction`). */
export function registrationsOfArray(field: string): readonly ArrayRegistration[] {
  return places('array', field).map(([role, indexes, conf]) => ({ role, field, indexes: indexes === '*' ? 'any' : indexes.split(' '), conf: confidence(conf) }));
}

/** Role a function has by its name alone (`DriverEntry`). */
export function roleByFunctionName(name: string): string | undefined {
  return places('name', name)[0]?.[0];
}

/** Calls that take back a registration: a function passed to them gets no role. Source: the DDI pages of the removing routines. */
const UNREGISTERS = new Set(`PsRemoveCreateThreadNotifyRoutine PsRemoveLoadImageNotifyRoutine CmUnRegisterCallback ObUnRegisterCallbacks ExUnregisterCallback
KeDeregisterBugCheckCallback KeDeregisterBugCheckReasonCallback KeDeregisterNmiCallback KeDeregisterBoundCallback KeDeregisterProcessorChangeCallback
IoUnregisterFsRegistrationChange IoUnregisterPlugPlayNotification IoUnregisterPlugPlayNotificationEx IoUnregisterShutdownNotification PoUnregisterPowerSettingCallback
SeUnregisterLogonSessionTerminatedRoutine SeUnregisterImageVerificationCallback IoUnregisterContainerNotification`.split(/\s+/));

/** Registering calls with a Remove argument: a TRUE there makes them remove. */
const REMOVE_ARG: Readonly<Record<string, number>> = { PsSetCreateProcessNotifyRoutine: 1, PsSetCreateProcessNotifyRoutineEx: 1, PsSetCreateProcessNotifyRoutineEx2: 2 };

export function unregisters(fn: string): boolean {
  return UNREGISTERS.has(fn);
}

/** 0-based argument that makes a registering call a removing one when it is TRUE. */
export function removeArgument(fn: string): number | undefined {
  return REMOVE_ARG[fn];
}
