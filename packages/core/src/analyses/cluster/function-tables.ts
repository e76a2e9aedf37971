// Function tables of resource DLLs: what the four CLRES_Vn macros, initialisers and field stores put into which slot. The V1 macro
// defines a variable at file scope and pastes names, so it is read from the text; the others are calls in function bodies.

import { macroSlots, tableSlots, type TableVersion } from '@drvlint/wdk';
import type { Expr, InitListExpr } from '../../model/expr.js';
import type { FileFacts } from '../../model/facts.js';
import type { Func, Project } from '../../model/project.js';
import type { TypeRef } from '../../model/types.js';
import { walkStmts } from '../../model/walk.js';
import { readMacroUses, type MacroUse } from './macro-uses.js';
import { fileOf, uncast } from './api.js';

export interface Slot {
  slot: string;
  /** Function written there or pasted; absent for NULL and what is not known. */
  func?: Func;
  /** The value as an expression; a pasted name has none. */
  expr?: Expr;
  /** Name the macro pastes, when no such function is in sight. */
  pasted?: string;
  isNull: boolean;
  start: number;
  end: number;
  /** Function the store stands in. */
  inside?: Func;
}

export interface FunctionTable {
  file: FileFacts;
  name: string;
  version: TableVersion;
  via: 'macro' | 'initialiser' | 'stores';
  slots: Map<string, Slot>;
  /** Values of the TableSize and Version members or of the macro's version argument, as written. */
  size?: Expr;
  declared?: { text: string; start: number; end: number };
  start: number;
  end: number;
  /** Every slot is known: a slot that is not there is NULL. */
  complete: boolean;
}

const MACROS: ReadonlyMap<string, TableVersion> = new Map([
  ['CLRES_V1_FUNCTION_TABLE', 1], ['CLRES_V2_FUNCTION_TABLE_SET', 2], ['CLRES_V3_FUNCTION_TABLE_SET', 3], ['CLRES_V4_FUNCTION_TABLE_SET', 4],
]);

export function findTables(project: Project): FunctionTable[] {
  const tables: FunctionTable[] = [];
  for (const file of project.files) {
    if (!project.isResourceDll(file)) continue;
    for (const use of readMacroUses(project.textOf(file.path), [...MACROS.keys()])) {
      if (!file.inactive.some((r) => r.start <= use.start && use.start < r.end)) tables.push(fromMacro(project, file, use));
    }
    for (const v of file.variables) if (v.init?.k === 'init' && isTableType(project, v.type, file)) tables.push(fromInit(project, file, v.name, v.init, v.nameStart));
  }
  tables.push(...storedTables(project));
  return tables;
}

function isTableType(project: Project, type: TypeRef, file: FileFacts): boolean {
  return type.ptr === 0 && /^_?CLRES_FUNCTION_TABLE$/.test(project.canonical(type, file).base);
}

function fromMacro(project: Project, file: FileFacts, use: MacroUse): FunctionTable {
  const version = MACROS.get(use.name)!;
  const table: FunctionTable = {
    file, name: use.args[0]?.text ?? '', version, via: 'macro', slots: new Map(), complete: true, start: use.start, end: use.nameEnd,
    ...(use.args[1] && { declared: use.args[1] }),
  };
  const prefix = use.args[2];
  for (const s of macroSlots(use.name)) {
    if (s.suffix !== undefined && prefix) {
      const pasted = `${prefix.text}${s.suffix}`;
      const func = functionNamed(project, pasted, file);
      table.slots.set(s.slot, { slot: s.slot, ...(func ? { func } : { pasted }), isNull: false, start: prefix.start, end: prefix.end });
    } else if (s.arg !== undefined) {
      const arg = use.args[s.arg];
      if (!arg) { table.complete = false; continue; }
      const name = /^&?\s*([\w:]+)$/.exec(arg.text)?.[1];
      const isNull = /^(?:NULL|nullptr|0)$/.test(arg.text);
      const func = !isNull && name ? functionNamed(project, name, file) : undefined;
      table.slots.set(s.slot, { slot: s.slot, ...(func && { func }), isNull, start: arg.start, end: arg.end });
    }
  }
  return table;
}

function functionNamed(project: Project, name: string, file: FileFacts): Func | undefined {
  const direct = project.resolve(name, file);
  if (direct) return direct;
  const all = project.candidates(name.replace(/^.*::/, '')).filter((f) => f.def);
  return all.length === 1 ? all[0] : undefined;
}

/** Positional and designated, with and without the braces of the union and of the structure in it. */
function fromInit(project: Project, file: FileFacts, name: string, init: InitListExpr, at: number): FunctionTable {
  const declared = init.items.find((i, n) => (i.field ?? (n === 1 ? 'Version' : '')) === 'Version')?.value;
  const size = init.items.find((i, n) => (i.field ?? (n === 0 ? 'TableSize' : '')) === 'TableSize')?.value;
  const table: FunctionTable = {
    file, name, version: versionOf(declared, project, file) ?? 1, via: 'initialiser', slots: new Map(), complete: true, start: at, end: at + name.length,
    ...(size && { size }), ...(declared && { declared: { text: project.textOf(file.path).slice(declared.start, declared.end), start: declared.start, end: declared.end } }),
  };
  const rest = init.items.filter((i, n) => i.field === undefined ? n >= 2 : /^V[1-4]Functions/.test(i.field));
  for (const item of rest) {
    const version = /^V([1-4])Functions/.exec(item.field ?? '');
    if (version) table.version = Number(version[1]) as TableVersion;
    const dotted = item.field?.split('.')[1];
    if (dotted) put(table, project, file, dotted, item.value);
    else if (item.value.k === 'init') functionsOf(item.value, table, project, file);
    else {
      const order = tableSlots(table.version);
      const s = order[rest.indexOf(item)];
      if (s) put(table, project, file, s.slot, item.value);
    }
  }
  return table;
}

function functionsOf(list: InitListExpr, table: FunctionTable, project: Project, file: FileFacts): void {
  const only = list.items.length === 1 ? list.items[0]! : undefined;
  const designated = /^V([1-4])Functions$/.exec(only?.field ?? '');
  if (designated) table.version = Number(designated[1]) as TableVersion;
  if (only?.value.k === 'init') return functionsOf(only.value, table, project, file);
  const order = tableSlots(table.version);
  let n = 0;
  for (const item of list.items) {
    if (item.field !== undefined) n = order.findIndex((s) => s.slot === item.field);
    const slot = item.field ?? order[n]?.slot;
    if (slot !== undefined) put(table, project, file, slot, item.value);
    n++;
  }
}

function put(table: FunctionTable, project: Project, file: FileFacts, slot: string, e: Expr, inside?: Func): void {
  const x = uncast(e);
  const target = x.k === 'unary' && x.op === '&' ? uncast(x.e) : x;
  const isNull = (target.k === 'num' && target.value === 0) || (target.k === 'name' && /^(?:NULL|nullptr)$/.test(target.name));
  const scope = inside?.def?.decl.scope.map((s) => s.name).filter(Boolean).join('::');
  const func = target.k === 'name' && !isNull ? project.resolve(target.name, file, scope) ?? functionNamed(project, target.name, file) : undefined;
  table.slots.set(slot, { slot, expr: e, isNull, start: e.start, end: e.end, ...(func && { func }), ...(inside && { inside }) });
}

/** `CLRES_VERSION_V2_00` or its value. */
export function versionOf(e: Expr | undefined, project: Project, file: FileFacts): TableVersion | undefined {
  if (!e) return undefined;
  const x = uncast(e);
  const named = x.k === 'name' ? versionOfText(x.name) : undefined;
  if (named) return named;
  const value = project.valueOf(x, file);
  return value !== undefined && [0x100, 0x200, 0x300, 0x400].includes(value) ? (value >> 8) as TableVersion : undefined;
}

export function versionOfText(text: string): TableVersion | undefined {
  const m = /CLRES_(?:VERSION_)?V([1-4])(?:_00|_FUNCTION_SIZE)\b/.exec(text);
  return m ? Number(m[1]) as TableVersion : undefined;
}

/** `tbl.V2Functions.Online = F;` gathered by the table they store into. */
function storedTables(project: Project): FunctionTable[] {
  const tables = new Map<string, FunctionTable>();
  for (const fn of project.funcs) {
    const body = fn.def?.decl.body;
    const file = fileOf(fn);
    if (!body || !project.isResourceDll(file)) continue;
    walkStmts(body.stmts, { expr: (e) => { if (e.k === 'assign' && e.op === '=' && e.l.k === 'field') store(e.l, e.r, fn, file, project, tables); } });
  }
  return [...tables.values()].filter((t) => t.slots.size > 0);
}

function store(l: Expr & { k: 'field' }, r: Expr, fn: Func, file: FileFacts, project: Project, tables: Map<string, FunctionTable>): void {
  const own = project.typeOf(l.e, fn);
  const record = own && project.canonical(own, file).base;
  const functions = /^_?CLRES_V([1-4])_FUNCTIONS$/.exec(record ?? '') ?? /^V([1-4])Functions$/.exec(l.e.k === 'field' ? l.e.name : '');
  const base = functions && l.e.k === 'field' ? l.e.e : l.e;
  const isTable = record !== undefined && /^_?CLRES_FUNCTION_TABLE$/.test(record);
  if (!functions && !isTable) return;
  const key = `${file.path}|${project.textOf(file.path).slice(base.start, base.end)}`;
  let table = tables.get(key);
  if (!table) tables.set(key, table = { file, name: key.split('|')[1]!, version: 1, via: 'stores', slots: new Map(), complete: false, start: l.start, end: l.end });
  if (functions) {
    table.version = Number(functions[1]) as TableVersion;
    put(table, project, file, l.name, r, fn);
  } else if (l.name === 'Version') table.declared = { text: project.textOf(file.path).slice(r.start, r.end), start: r.start, end: r.end };
  else if (l.name === 'TableSize') table.size = r;
}
