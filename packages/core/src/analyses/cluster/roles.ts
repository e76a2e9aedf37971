// Roles of the functions of a resource DLL: entry points by function table, exports and DllMain.

import type { FileFacts } from '../../model/facts.js';
import type { Func, Project } from '../../model/project.js';
import { findTables, type FunctionTable, type Slot } from './function-tables.js';
import { fileOf } from './api.js';

/** Entry points by slot name, and the three that are exported. */
export type EntryRole =
  | 'Open' | 'Close' | 'Online' | 'Offline' | 'Terminate' | 'LooksAlive' | 'IsAlive' | 'Arbitrate' | 'Release' | 'ResourceControl' | 'ResourceTypeControl'
  | 'Cancel' | 'BeginResourceControl' | 'BeginResourceTypeControl' | 'BeginResourceControlAsUser' | 'BeginResourceTypeControlAsUser'
  | 'Startup' | 'StartupEx' | 'DllMain';

export interface Entry {
  role: EntryRole;
  func: Func;
  table?: FunctionTable;
  slot?: Slot;
  file: FileFacts;
  /** Where the role was given: table slot, or the function's own name. */
  start: number;
  end: number;
}

export interface Roles {
  readonly tables: readonly FunctionTable[];
  readonly entries: readonly Entry[];
  of(fn: Func): readonly Entry[];
  withRole(...roles: EntryRole[]): readonly Entry[];
}

const EXPORTS: readonly { name: EntryRole; params: number }[] = [{ name: 'Startup', params: 6 }, { name: 'StartupEx', params: 5 }, { name: 'DllMain', params: 3 }];

export function findRoles(project: Project): Roles {
  const tables = findTables(project);
  const entries: Entry[] = [];
  for (const table of tables) {
    for (const slot of table.slots.values()) {
      if (slot.func) entries.push({ role: slot.slot as EntryRole, func: slot.func, table, slot, file: table.file, start: slot.start, end: slot.end });
    }
  }
  for (const fn of project.funcs) {
    const found = exported(fn);
    if (found && project.isResourceDll(fileOf(fn))) entries.push(found);
  }
  return {
    tables, entries,
    of: (fn) => entries.filter((e) => e.func === fn),
    withRole: (...roles) => entries.filter((e) => roles.includes(e.role)),
  };
}

/** Startup, StartupEx and DllMain are found by name: a definition file or a pragma may export them. */
function exported(fn: Func): Entry | undefined {
  const decl = fn.def?.decl;
  if (!decl || fn.isStatic || fn.qualified !== fn.name) return undefined;
  const match = EXPORTS.find((e) => e.name === fn.name);
  if (!match || (match.name === 'DllMain' && fn.params.length !== match.params)) return undefined;
  return { role: match.name, func: fn, file: fileOf(fn), start: decl.nameStart, end: decl.nameEnd };
}
