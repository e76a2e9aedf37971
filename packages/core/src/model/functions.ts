// All declarations of a project's functions merged: one Func per function, overloads and same-named statics kept apart.

import { isRoleName, role } from '@drvlint/wdk';
import type { FileFacts, FunctionDecl, Param } from './facts.js';
import type { Func, Placed } from './project.js';
import { declaredThroughTypedef } from './role-declarations.js';
import type { Symbols } from './symbols.js';
import { typeFromText } from './type-text.js';
import type { TypeResolution } from './type-resolution.js';
import type { TypeRef } from './types.js';

type PlacedDecl = Placed<FunctionDecl>;

export interface MergedFunctions {
  funcs: Func[];
  byName: Map<string, Func[]>;
  byDecl: Map<FunctionDecl, Func>;
  /** Declarations through a function typedef, which are no functions of a file's facts. */
  through: Map<FileFacts, FunctionDecl[]>;
  names: ReadonlySet<string>;
  /** Made when first asked for. */
  byFile?: Map<FileFacts, Func[]>;
}

/** Functions by the files that declare them. */
export function byFile(funcs: readonly Func[]): Map<FileFacts, Func[]> {
  const found = new Map<FileFacts, Func[]>();
  for (const fn of funcs) {
    for (const file of new Set(fn.decls.map((d) => d.file))) {
      const list = found.get(file);
      if (list) list.push(fn);
      else found.set(file, [fn]);
    }
  }
  return found;
}

export function mergeFunctions(symbols: Symbols, types: TypeResolution): MergedFunctions {
  const groups = new Map<string, PlacedDecl[]>();
  const names = new Set(symbols.files.flatMap((f) => f.functions.map((d) => d.name)));
  const out: MergedFunctions = { funcs: [], byName: new Map(), byDecl: new Map(), through: new Map(), names };
  for (const file of symbols.files) {
    const through = throughTypedefs(file, file, symbols, types, names);
    if (through.length > 0) out.through.set(file, through);
    for (const decl of through.length > 0 ? [...file.functions, ...through] : file.functions) {
      const key = decl.qualified;
      const list = groups.get(key);
      if (list) list.push({ file, decl });
      else groups.set(key, [{ file, decl }]);
    }
  }
  for (const decls of groups.values()) for (const one of split(decls, symbols, types)) addFunc(out, one, types);
  return out;
}

/** Functions declared through a function typedef in `facts`, which are those of `file` or of a later text of it. */
export function throughTypedefs(facts: FileFacts, file: FileFacts, symbols: Symbols, types: TypeResolution, names: ReadonlySet<string>): FunctionDecl[] {
  return declaredThroughTypedef(facts, {
    isFunctionType: (name) => isFunctionType(name, file, symbols, types),
    isFunction: (name) => names.has(name),
    macro: (name) => symbols.visible(symbols.macros, name, file, false)?.decl,
  });
}

/** A name of a function type: a WDK role, or a typedef of the project that ends in a function. */
function isFunctionType(name: string, file: FileFacts, symbols: Symbols, types: TypeResolution): boolean {
  if (!symbols.typedefs.has(name)) return isFunctionRole(name);
  const full = types.canonical({ base: name, ptr: 0 }, file);
  return full.ptr === 0 && !full.dims && (full.fn !== undefined || isFunctionRole(full.base));
}

function isFunctionRole(name: string): boolean {
  const known = isRoleName(name) ? role(name) : undefined;
  return known?.role === name && known.hasFunctionType;
}

/** Splits the declarations of one qualified name into functions. */
function split(decls: PlacedDecl[], symbols: Symbols, types: TypeResolution): PlacedDecl[][] {
  if (decls.length === 1) return [decls];
  const definitions = decls.filter((d) => d.decl.isDefinition);
  if (definitions.length <= 1 && !overloaded(decls)) return [decls];
  const groups: PlacedDecl[][] = [];
  for (const d of definitions) groups.push([d]);
  const rest: PlacedDecl[] = [];
  const prototypes = decls.filter((d) => !d.decl.isDefinition && d.decl.viaTypedef === undefined);
  const own = new Set(groups.filter((g) => prototypes.some((d) => sameSignature(g[0], d, types))));
  for (const d of decls) {
    if (d.decl.isDefinition) continue;
    const homes = homesOf(d, groups, own, symbols, types);
    for (const g of homes) g.push(d);
    if (homes.length === 0) rest.push(d);
  }
  for (const d of rest) {
    const home = groups.find((g) => !g[0].decl.isDefinition && sameSignature(g[0], d, types));
    if (home) home.push(d);
    else groups.push([d]);
  }
  return groups;
}

function overloaded(decls: PlacedDecl[]): boolean {
  let count = -1;
  for (const { decl } of decls) {
    if (decl.viaTypedef !== undefined || decl.externC) continue;
    if (count >= 0 && decl.params.length !== count) return true;
    count = decl.params.length;
  }
  return decls.some((d) => !d.decl.externC) && decls.filter((d) => d.decl.viaTypedef === undefined).length > (decls.some((d) => d.decl.isDefinition) ? 2 : 1);
}

/**
 * Definitions a prototype belongs to: those of the same signature that see it, or, when none sees it, of the same signature. One that fits
 * none goes to those that differ in a type only, unless they are in `own`, those with a prototype of their own: then it is another overload.
 */
function homesOf(d: PlacedDecl, groups: PlacedDecl[][], own: ReadonlySet<PlacedDecl[]>, symbols: Symbols, types: TypeResolution): PlacedDecl[][] {
  const sameUnit = (g: PlacedDecl[]): boolean => symbols.sees(g[0].file, d.file) || symbols.sees(d.file, g[0].file);
  let fitting = groups.filter((g) => g[0].decl.isDefinition && (d.decl.viaTypedef !== undefined || g[0].decl.externC === true || sameSignature(g[0], d, types)));
  if (fitting.length === 0) fitting = groups.filter((g) => g[0].decl.isDefinition && !own.has(g) && g[0].decl.params.length === d.decl.params.length);
  if (fitting.length <= 1) return fitting.filter((g) => !g[0].decl.isStatic || sameUnit(g));
  const seen = fitting.filter(sameUnit);
  return seen.length > 0 ? seen : fitting.filter((g) => !g[0].decl.isStatic);
}

function sameSignature(a: PlacedDecl, b: PlacedDecl, types: TypeResolution): boolean {
  const [p, q] = [a.decl.params, b.decl.params];
  return p.length === q.length && p.every((x, i) => types.same(x.type, q[i].type, a.file));
}

class MergedFunc implements Func {
  readonly name: string;
  readonly qualified: string;
  readonly def?: PlacedDecl;
  readonly isStatic: boolean;
  /** The declaration itself where there is one: its contents may become those of a later text. */
  private readonly typed?: FunctionDecl;
  /** What a function type says, for the place where the function is declared through it. */
  private signature?: { at: number; params: Param[]; ret?: TypeRef };

  constructor(readonly id: number, readonly decls: PlacedDecl[], private readonly types: TypeResolution) {
    const def = decls.find((d) => d.decl.isDefinition);
    if (def) this.def = def;
    const lead = (def ?? decls[0]).decl;
    this.name = lead.name;
    this.qualified = lead.qualified;
    this.isStatic = decls.some((d) => d.decl.isStatic === true && d.decl.scope.at(-1)?.kind !== 'class') || lead.scope.some((s) => s.name === '');
    const full = def ?? decls.find((d) => d.decl.viaTypedef === undefined);
    if (full) this.typed = full.decl;
  }

  get params(): Param[] { return (this.typed ?? this.throughType()).params; }
  get ret(): TypeRef | undefined { return (this.typed ?? this.throughType()).ret; }

  private throughType(): { params: Param[]; ret?: TypeRef } {
    const [declared] = this.decls as [PlacedDecl];
    const at = declared.decl.nameStart;
    if (this.signature?.at !== at) this.signature = { at, ...typedefSignature(declared, this.types) };
    return this.signature;
  }
}

function typedefSignature(d: PlacedDecl, types: TypeResolution): { params: Param[]; ret?: TypeRef } {
  const name = d.decl.viaTypedef!;
  const full = types.canonical({ base: name, ptr: 0 }, d.file);
  if (full.fn) return { params: full.fn.params, ret: full.fn.ret };
  const known = role(full.base) ?? role(name);
  if (!known) return { params: [] };
  const params = (known.params ?? []).map((p) => {
    const at = { start: d.decl.nameStart, end: d.decl.nameEnd };
    return { name: p.name ?? '', nameStart: d.decl.nameStart, type: (p.type && typeFromText(p.type)) || { base: '', ptr: 0 }, annotations: [], ...at };
  });
  const ret = known.ret ? typeFromText(known.ret) : undefined;
  return { params, ...(ret ? { ret } : {}) };
}

function addFunc(out: MergedFunctions, decls: PlacedDecl[], types: TypeResolution): void {
  const fn = new MergedFunc(out.funcs.length, decls, types);
  out.funcs.push(fn);
  for (const d of decls) if (!out.byDecl.has(d.decl) || d.decl.isDefinition) out.byDecl.set(d.decl, fn);
  const list = out.byName.get(fn.name);
  if (list) list.push(fn);
  else out.byName.set(fn.name, [fn]);
}
