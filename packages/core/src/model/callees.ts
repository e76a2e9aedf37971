// Which function a name or a call means: statics, include closure, C++ scopes and methods, function pointers with one value.

import { bodyParts } from './body-parts.js';
import type { CallExpr, Expr } from './expr.js';
import { ExprTypes, smartPointee } from './expr-types.js';
import type { FileFacts } from './facts.js';
import type { MergedFunctions } from './functions.js';
import type { Func } from './project.js';
import { lastName, type Symbols } from './symbols.js';
import type { TypeResolution } from './type-resolution.js';
import type { TypeRef } from './types.js';

/** Casts, `&`, `*` and parentheses around a function's name do not change which function it is. */
export function strippedFunction(e: Expr): Expr {
  for (;;) {
    if (e.k === 'cast' || (e.k === 'unary' && (e.op === '&' || e.op === '*'))) e = e.e;
    else if (e.k === 'comma') e = e.r;
    else return e;
  }
}

export class Callees {
  // No weak maps: all of it lives as long as the project, and the collector goes through each of them again and again.
  private readonly byCall = new Map<CallExpr, Func | null>();
  private readonly pointerValues = new Map<Func, Map<string, Expr[]>>();
  private derived?: Map<string, Set<string>>;

  readonly exprTypes: ExprTypes;

  constructor(private readonly symbols: Symbols, private readonly merged: MergedFunctions, private readonly types: TypeResolution) {
    this.exprTypes = new ExprTypes(symbols, types, this, merged.funcs.length);
  }

  resolve(name: string, from: FileFacts, scope?: string, argc?: number): Func | undefined {
    let all = this.merged.byName.get(lastName(name));
    if (!all) return undefined;
    const plain = withoutRoot(name);
    if (plain.includes('::')) all = all.filter((f) => f.qualified === plain || f.qualified.endsWith(`::${plain}`));
    else {
      const scoped = scope ? this.inScope(plain, all, scope, from) : [];
      all = scoped.length > 0 ? scoped : all.filter((f) => !this.isClassMember(f));
    }
    return this.best(all, from, argc);
  }

  /** Candidates in the innermost of the enclosing scopes (base classes included) that has any. */
  private inScope(name: string, all: Func[], scope: string, from: FileFacts): Func[] {
    for (let s = scope; s !== ''; s = s.includes('::') ? s.slice(0, s.lastIndexOf('::')) : '') {
      for (const owner of [s, ...this.basesOf(s, from)]) {
        const found = all.filter((f) => f.qualified === `${owner}::${name}`);
        if (found.length > 0) return found;
      }
    }
    return [];
  }

  private basesOf(record: string, from: FileFacts, depth = 0): string[] {
    if (depth > 8) return [];
    const placed = this.exprTypes.record(record, from);
    return placed ? placed.decl.bases.flatMap((b) => [b, ...this.basesOf(b, placed.file, depth + 1)]) : [];
  }

  isClassMember(f: Func): boolean {
    const scope = (f.def ?? f.decls[0]).decl.scope.at(-1);
    return scope?.kind === 'class' && scope.name !== '' && this.symbols.records.has(lastName(scope.name));
  }

  private best(all: Func[], from: FileFacts, argc?: number): Func | undefined {
    if (all.length > 1 && argc !== undefined) {
      const fitting = all.filter((f) => accepts(f, argc));
      if (fitting.length > 0) all = fitting;
    }
    if (all.length <= 1) return all[0] && this.reachable(all[0], from) ? all[0] : undefined;
    const seen = all.filter((f) => this.seesDefinition(f, from));
    const statics = seen.filter((f) => f.isStatic);
    if (statics.length > 0) return one(statics);
    if (seen.length > 0) return one(seen);
    const declared = all.filter((f) => !f.isStatic && f.decls.some((d) => this.symbols.sees(from, d.file)));
    if (declared.length > 0) return one(declared);
    return one(all.filter((f) => !f.isStatic && f.def));
  }

  /** A static function of another unit cannot be meant. */
  private reachable(f: Func, from: FileFacts): boolean {
    return !f.isStatic || this.seesDefinition(f, from);
  }

  private seesDefinition(f: Func, from: FileFacts): boolean {
    const home = (f.def ?? f.decls[0]).file;
    if (this.symbols.sees(from, home) || this.symbols.sees(home, from)) return true;
    return this.symbols.includersOf(from).some((user) => this.symbols.sees(user, home));
  }

  calleeOf(call: CallExpr, inside: Func): Func | undefined {
    let known = this.byCall.get(call);
    if (known === undefined) this.byCall.set(call, (known = this.find(call, inside) ?? null));
    return known ?? undefined;
  }

  private find(call: CallExpr, inside: Func): Func | undefined {
    const file = inside.def?.file ?? inside.decls[0].file;
    const callee = strippedFunction(call.callee);
    if (callee.k === 'name') {
      const local = this.exprTypes.local(callee.name, callee.start, inside);
      if (local) return this.pointedTo(callee.name, inside, file, 0);
      const name = this.aliased(callee.name, file);
      if (name === undefined) return undefined;
      const owner = this.scopeOf(inside);
      return this.finalOnly(this.resolve(name, file, owner, call.args.length), name.includes('::'));
    }
    if (callee.k === 'field') return this.method(callee, call.args.length, inside, file) ?? this.tableEntry(callee, inside, file);
    return undefined;
  }

  private scopeOf(fn: Func): string {
    return (fn.def ?? fn.decls[0]).decl.scope.map((s) => s.name).filter(Boolean).join('::');
  }

  /** Follows object-like macros that rename a function; undefined when the name is a function-like macro. */
  private aliased(name: string, file: FileFacts): string | undefined {
    for (let i = 0; i < 6; i++) {
      const macro = this.symbols.visible(this.symbols.macros, name, file, false);
      if (!macro) return name;
      if (macro.decl.params) return this.merged.byName.has(name) && macro.decl.body.startsWith(name) ? name : undefined;
      const target = macro.decl.expr && strippedFunction(macro.decl.expr);
      if (target?.k !== 'name' || target.name === name) return name;
      name = target.name;
    }
    return name;
  }

  calleeName(call: CallExpr, from: FileFacts): string | undefined {
    const callee = strippedFunction(call.callee);
    if (callee.k !== 'name') return undefined;
    let name = withoutRoot(callee.name);
    for (let i = 0; i < 6; i++) {
      const macro = this.symbols.visible(this.symbols.macros, name, from, false);
      if (!macro || macro.decl.params) break;
      const target = macro.decl.expr && strippedFunction(macro.decl.expr);
      if (target?.k !== 'name' || target.name === name) break;
      name = target.name;
    }
    return name;
  }

  private method(e: Expr & { k: 'field' }, argc: number, inside: Func, file: FileFacts): Func | undefined {
    const t = this.exprTypes.typeOf(e.e, inside);
    if (!t) return undefined;
    const record = this.types.canonical((e.arrow ? smartPointee(t) : undefined) ?? t, file);
    const owners = [record.base, ...this.basesOf(record.base, file)];
    const all = this.merged.byName.get(lastName(e.name));
    if (!all) return undefined;
    for (const owner of owners) {
      const found = all.filter((f) => f.qualified === `${owner}::${lastName(e.name)}` || (!owner.includes('::') && f.qualified.endsWith(`::${owner}::${lastName(e.name)}`)));
      if (found.length > 0) return this.finalOnly(this.best(found, file, argc), e.name.includes('::') || (!e.arrow && t.ref === undefined && t.ptr === 0));
    }
    return undefined;
  }

  /** A virtual method is known only when nothing overrides it, or when the call is not dispatched (`exact`). */
  private finalOnly(fn: Func | undefined, exact: boolean): Func | undefined {
    if (!fn || exact) return fn;
    const decls = fn.decls.map((d) => d.decl);
    if (!decls.some((d) => d.isVirtual || d.isOverride) || decls.some((d) => d.isFinal)) return fn;
    const owner = fn.qualified.slice(0, fn.qualified.lastIndexOf('::'));
    const overriders = [...(this.derivedClasses().get(lastName(owner)) ?? [])];
    const overriding = overriders.some((c) => (this.merged.byName.get(fn.name) ?? []).some((f) => f.qualified.endsWith(`${c}::${fn.name}`)));
    return overriding || !fn.def ? undefined : fn;
  }

  /** Class name -> names of the classes derived from it, over any number of steps. */
  private derivedClasses(): Map<string, Set<string>> {
    if (this.derived) return this.derived;
    this.derived = new Map();
    for (const list of this.symbols.records.values()) {
      for (const { decl, file } of list) {
        if (decl.bases.length === 0) continue;
        for (const base of [...decl.bases, ...decl.bases.flatMap((b) => this.basesOf(b, file))]) {
          const set = this.derived.get(lastName(base)) ?? new Set();
          set.add(decl.name);
          this.derived.set(lastName(base), set);
        }
      }
    }
    return this.derived;
  }

  /** Value of a local function pointer that only ever gets one function. */
  private pointedTo(name: string, inside: Func, file: FileFacts, depth: number): Func | undefined {
    const values = this.valuesOf(inside).get(name);
    if (values?.length !== 1 || depth > 4) return undefined;
    const value = strippedFunction(values[0]);
    if (value.k !== 'name') return undefined;
    if (this.exprTypes.local(value.name, value.start, inside)) return this.pointedTo(value.name, inside, file, depth + 1);
    return this.resolve(value.name, file, this.scopeOf(inside));
  }

  /** Everything assigned to each local of a function, initialisers first; a taken address counts as an unknown value. */
  private valuesOf(fn: Func): Map<string, Expr[]> {
    let known = this.pointerValues.get(fn);
    if (known) return known;
    known = new Map();
    const values = known;
    const put = (name: string, e: Expr): void => void (values.get(name)?.push(e) ?? values.set(name, [e]));
    const body = fn.def?.decl.body;
    if (body) {
      const { locals, exprs } = bodyParts(body);
      for (const v of locals) if (v.init) put(v.name, v.init);
      for (const e of exprs) {
        if (e.k === 'assign' && e.l.k === 'name') put(e.l.name, e.r);
        else if (e.k === 'unary' && e.op === '&' && e.e.k === 'name') put(e.e.name, e);
      }
    }
    this.pointerValues.set(fn, known);
    return known;
  }

  /** `Table.Field(...)` or `Table[i].Field` of a constant table with an initialiser. */
  private tableEntry(e: Expr & { k: 'field' }, inside: Func, file: FileFacts): Func | undefined {
    if (e.e.k !== 'name' || this.exprTypes.local(e.e.name, e.e.start, inside)) return undefined;
    const table = this.symbols.visible(this.symbols.variables, lastName(e.e.name), file);
    if (!table?.decl.isConst || table.decl.init?.k !== 'init') return undefined;
    const item = table.decl.init.items.find((i) => i.field === e.name) ?? this.byPosition(table.decl.type, e.name, table.decl.init.items, table.file);
    const value = item && strippedFunction(item.value);
    return value?.k === 'name' ? this.resolve(value.name, table.file) : undefined;
  }

  private byPosition<T extends { field?: string }>(type: TypeRef, field: string, items: T[], file: FileFacts): T | undefined {
    if (items.some((i) => i.field !== undefined)) return undefined;
    const record = this.exprTypes.record(this.types.canonical(type, file).base, file);
    const index = record ? record.decl.fields.findIndex((f) => f.name === field) : -1;
    return index < 0 ? undefined : items[index];
  }

  constructorOf(type: TypeRef, argc: number, from: FileFacts): Func | undefined {
    const owner = this.types.canonical(type, from).base;
    const all = (this.merged.byName.get(lastName(owner)) ?? []).filter((f) => this.isMethodOf(f, owner) && accepts(f, argc));
    return this.best(all, from, argc);
  }

  destructorOf(type: TypeRef, from: FileFacts): Func | undefined {
    const owner = this.types.canonical(type, from).base;
    const all = (this.merged.byName.get(`~${lastName(owner)}`) ?? []).filter((f) => this.isMethodOf(f, owner));
    return this.best(all, from);
  }

  private isMethodOf(f: Func, owner: string): boolean {
    const scope = this.scopeOf(f);
    return scope === owner || scope.endsWith(`::${owner}`) || owner.endsWith(`::${scope}`);
  }
}

/** `::f` -> `f`. */
function withoutRoot(name: string): string {
  return name.startsWith('::') ? name.slice(2) : name;
}

function accepts(f: Func, argc: number): boolean {
  if (f.params.length === argc) return true;
  if ((f.def ?? f.decls[0]).decl.variadic) return argc >= f.params.length;
  if (argc > f.params.length) return false;
  const optional = f.decls.some((d) => d.decl.params.slice(argc).length > 0 && d.decl.params.slice(argc).every((p) => p.init !== undefined));
  return optional;
}

function one(all: Func[]): Func | undefined {
  if (all.length === 1) return all[0];
  const defined = all.filter((f) => f.def);
  return defined.length === 1 ? defined[0] : undefined;
}
