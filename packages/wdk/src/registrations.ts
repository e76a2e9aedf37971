// From a place in the code to the roles a function stored or passed there gets. Indexes over the registrations of roles.ts,
// built when first asked for.

import { role, roleNames, type Confidence, type EntryRange, type Registration, type Role } from './roles.js';

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

interface Index {
  calls: Map<string, CallRegistration[]>;
  methods: Map<string, CallRegistration[]>;
  structs: Map<string, FieldRegistration[]>;
  fields: Map<string, FieldRegistration[]>;
  arrays: Map<string, ArrayRegistration[]>;
  names: Map<string, string>;
}

function add<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

/** `_IO_CSQ`, `struct _IO_CSQ`, `FWPS_CALLOUT3` and `FWPS_CALLOUT` name the same structure for our purpose. */
export function structKey(name: string): string {
  const bare = name.replace(/^(?:struct|union)\s+/, '').replace(/^_/, '');
  return /^FWP/.test(bare) ? bare.replace(/\d+_?$/, '') : bare.replace(/^tag(?=[A-Z])/, '');
}

function register(index: Index, owner: Role, one: Registration): void {
  const found = { role: owner.role, conf: one.conf };
  switch (one.via) {
    case 'call': {
      const { fn, idx, entry, when } = one;
      return add(index.calls, fn, { idx, ...found, ...(entry ? { entry } : {}), ...(when ? { when } : {}) });
    }
    case 'method': return add(index.methods, `${structKey(one.struct)}.${one.method}`, { idx: one.idx, ...found });
    case 'field': {
      const { struct, field, pos, path } = one;
      const value = { ...found, struct, field, ...(pos === undefined ? {} : { pos }), ...(path ? { path } : {}) };
      add(index.fields, field, value);
      return add(index.structs, structKey(struct), value);
    }
    case 'array': return add(index.arrays, one.field, { ...found, field: one.field, indexes: one.indexes });
    case 'name': index.names.set(one.fn, owner.role);
  }
}

let built: Index | undefined;

function index(): Index {
  if (built) return built;
  built = { calls: new Map(), methods: new Map(), structs: new Map(), fields: new Map(), arrays: new Map(), names: new Map() };
  for (const name of roleNames()) {
    const owner = role(name);
    if (owner && !owner.aliasOf) for (const one of owner.reg) register(built, owner, one);
    else if (owner) registerAlias(built, owner);
  }
  return built;
}

/** An alias counts where it is the only one (MINIPORT_SET_OPTIONS); the context callbacks share their fields with the base role. */
function registerAlias(target: Index, owner: Role): void {
  const base = role(owner.aliasOf ?? '');
  for (const one of owner.reg) {
    const shared = base?.reg.some((other) => other.via === 'field' && one.via === 'field' && other.struct === one.struct && other.field === one.field);
    if (!shared) register(target, owner, one);
  }
}

/** Callback arguments of a registering function or macro. */
export function registrationsOfCall(fn: string): readonly CallRegistration[] {
  const { calls } = index();
  const found = calls.get(fn);
  if (found || !/^Fwp[sm]/.test(fn)) return found ?? [];
  return calls.get(`${fn}0`) ?? calls.get(`${fn}1`) ?? [];
}

/** Callback arguments of a method of a function table: `DMA_OPERATIONS`, `AllocateAdapterChannel`. */
export function registrationsOfMethod(struct: string, method: string): readonly CallRegistration[] {
  return index().methods.get(`${structKey(struct)}.${method}`) ?? [];
}

/** Callback arguments of a method of that name in any function table: for a call through a table of unknown type. */
export function methodsNamed(method: string): readonly CallRegistration[] {
  return [...index().methods].filter(([key]) => key.endsWith(`.${method}`)).flatMap(([, rows]) => rows);
}

/** Roles of a structure's field; `struct` with or without `struct`, `_`; the `P` of a pointer type is the caller's to strip. */
export function registrationsOfField(struct: string, field: string): readonly FieldRegistration[] {
  return (index().structs.get(structKey(struct)) ?? []).filter((one) => one.field === field);
}

/** Roles of the value at a position of a positional initialiser. */
export function registrationsOfPosition(struct: string, pos: number): readonly FieldRegistration[] {
  return (index().structs.get(structKey(struct)) ?? []).filter((one) => one.pos === pos);
}

/** All callback fields of a structure; empty for a structure that has none or is unknown. */
export function callbackFields(struct: string): readonly FieldRegistration[] {
  return index().structs.get(structKey(struct)) ?? [];
}

/** Callback fields of that name in any structure: for a store through an expression of unknown type. */
export function fieldsNamed(field: string): readonly FieldRegistration[] {
  return index().fields.get(field) ?? [];
}

/** Roles of an element of a dispatch table field (`MajorFunction`). */
export function registrationsOfArray(field: string): readonly ArrayRegistration[] {
  return index().arrays.get(field) ?? [];
}

/** Role a function has by its name alone (`DriverEntry`). */
export function roleByFunctionName(name: string): string | undefined {
  return index().names.get(name);
}
