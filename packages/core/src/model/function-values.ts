// Which functions an expression may stand for: a name, `&f`, casts, `?:`, locals and constants that hold one, entries of const tables.
// A parameter of the enclosing function is reported as such, so that callers can be asked. Anything else is unknown and gives nothing.

import { isKnownType, role as roleRow } from '@drvlint/wdk';
import { bodyParts, isLocal } from './body-parts.js';
import type { CallExpr, Expr, InitListExpr, LambdaExpr } from './expr.js';
import type { FileFacts, LocalVar } from './facts.js';
import type { Func, Project } from './project.js';
import { typeFromText } from './type-text.js';
import type { TypeRef } from './types.js';

export interface FunctionValue {
  func?: Func;
  lambda?: LambdaExpr;
  /** Index of the enclosing function's parameter the value comes from. */
  param?: number;
  /** Outermost cast on the way, if any. */
  cast?: TypeRef;
  /** The expression that names it: the leaf inside a cast, a conditional or a local's initialiser. */
  leaf: Expr;
}

/** What the place that takes the function knows of it. */
export interface Sought { argc?: number; role?: string }

export interface ValueScope { file: FileFacts; inside?: Func }

const maxDepth = 12;

/** Values assigned to the locals of a function: initialisers and plain assignments, by name. */
type LocalValues = Map<string, { var: LocalVar; values: Expr[] }>;

export class FunctionValues {
  private readonly locals = new Map<Func, LocalValues>();
  /** Locals looked into for the present question: each once, or values that name each other would multiply without end. */
  private readonly followed = new Set<object>();

  constructor(private readonly project: Project) {}

  /** Every function `e` may be; what is sought helps to choose among C++ overloads. */
  of(e: Expr, scope: ValueScope, sought: Sought = {}): FunctionValue[] {
    const found: FunctionValue[] = [];
    this.followed.clear();
    this.collect(e, scope, sought, undefined, found, 0);
    return found;
  }

  private collect(e: Expr, scope: ValueScope, sought: Sought, cast: TypeRef | undefined, out: FunctionValue[], depth: number): void {
    if (depth > maxDepth) return;
    const again = (inner: Expr, by = cast): void => this.collect(inner, scope, sought, by, out, depth + 1);
    switch (e.k) {
      case 'cast': again(e.e, cast ?? e.type); break;
      case 'unary': if (e.op === '&' || e.op === '*') again(e.e); break;
      case 'cond': again(e.a); again(e.b); break;
      case 'comma': again(e.r); break;
      case 'assign': if (e.op === '=') again(e.r); break;
      case 'call': if (this.isCast(e, scope)) again(e.args[0]!, cast ?? { base: e.callee.k === 'name' ? e.callee.name : '', ptr: 0 }); break;
      case 'lambda': out.push({ lambda: e, leaf: e, ...(cast && { cast }) }); break;
      case 'name': this.name(e.name, e, scope, sought, cast, out, depth); break;
      case 'index': case 'field': this.constant(e, scope, sought, cast, out, depth); break;
      default: break;
    }
  }

  /** `(PKSTART_ROUTINE)(&F)` reads like a call of a parenthesised name. */
  private isCast(e: CallExpr, scope: ValueScope): boolean {
    if (e.callee.k !== 'name' || e.args.length !== 1) return false;
    const { name } = e.callee;
    return isKnownType(name) || roleRow(name) !== undefined || this.project.typedef(name, scope.file) !== undefined;
  }

  private name(name: string, e: Expr, scope: ValueScope, sought: Sought, cast: TypeRef | undefined, out: FunctionValue[], depth: number): void {
    const local = scope.inside && this.localsOf(scope.inside).get(name);
    if (local && !(local.values.length === 0 && local.var.type.ptr === 0 && !local.var.type.fn)) {
      if (this.followed.has(local)) return;
      this.followed.add(local);
      for (const value of local.values) this.collect(value, scope, sought, cast, out, depth + 1);
      return;
    }
    const param = scope.inside?.params.findIndex((p) => p.name === name) ?? -1;
    if (param >= 0) {
      out.push({ param, leaf: e, ...(cast && { cast }) });
      return;
    }
    const argc = sought.argc ?? (sought.role === undefined ? undefined : roleRow(sought.role)?.params.length);
    const fn = this.project.resolve(name, scope.file, scope.inside && enclosing(scope.inside), argc) ?? this.overload(name, scope.file, sought);
    if (fn) {
      out.push({ func: fn, leaf: e, ...(cast && { cast }) });
      return;
    }
    const macro = this.project.macro(name, scope.file, e.start);
    if (macro && !macro.decl.params && macro.decl.expr) {
      const inner: FunctionValue[] = [];
      this.collect(macro.decl.expr, scope, sought, cast, inner, depth + 1);
      out.push(...inner.map((v) => ({ ...v, leaf: e })));
      return;
    }
    this.constant(e, scope, sought, cast, out, depth);
  }

  /** The overload that has just the parameters of the role: the only one that C++ converts to a pointer of that type. */
  private overload(name: string, file: FileFacts, { role }: Sought): Func | undefined {
    const wanted = role === undefined || file.language === 'c' ? undefined : roleRow(role);
    if (!wanted?.paramsKnown) return undefined;
    const types = wanted.params.map((p) => (p.type === undefined ? undefined : typeFromText(p.type)));
    const fits = this.project.candidates(name).filter((f) => f.qualified === name && f.params.length === types.length
      && types.every((type, i) => type !== undefined && this.project.sameType(type, f.params[i].type, file)));
    return fits.length === 1 ? fits[0] : undefined;
  }

  /** A const variable, an entry of a const table, a field of a const structure. */
  private constant(e: Expr, scope: ValueScope, sought: Sought, cast: TypeRef | undefined, out: FunctionValue[], depth: number): void {
    for (const value of this.initialisers(e, scope, depth)) {
      const inner: FunctionValue[] = [];
      this.collect(value.e, { file: value.file }, sought, cast, inner, depth + 1);
      out.push(...inner.map((v) => ({ ...v, leaf: e })));
    }
  }

  private initialisers(e: Expr, scope: ValueScope, depth: number): { e: Expr; file: FileFacts; type: TypeRef }[] {
    if (depth > maxDepth) return [];
    if (e.k === 'name') {
      if (scope.inside && this.localsOf(scope.inside).has(e.name)) return [];
      const placed = this.project.variable(e.name, scope.file);
      return placed?.decl.init && placed.decl.isConst ? [{ e: placed.decl.init, file: placed.file, type: placed.decl.type }] : [];
    }
    if (e.k === 'index') return this.initialisers(e.e, scope, depth + 1).flatMap((v) => v.e.k === 'init' ? v.e.items.map((i) => ({ e: i.value, file: v.file, type: element(v.type) })) : []);
    if (e.k === 'field') return this.initialisers(e.e, scope, depth + 1).flatMap((v) => v.e.k === 'init' ? this.fieldValue(v.e, e.name, v.type, v.file) : []);
    return [];
  }

  private fieldValue(list: InitListExpr, field: string, type: TypeRef, file: FileFacts): { e: Expr; file: FileFacts; type: TypeRef }[] {
    const fields = this.project.record(this.project.canonical({ base: type.base, ptr: 0 }, file).base, file)?.decl.fields ?? [];
    let position = 0;
    for (const item of list.items) {
      if (item.field !== undefined) position = fields.findIndex((f) => f.name === item.field);
      const at = fields[position];
      if ((item.field ?? at?.name) === field) return [{ e: item.value, file, type: at?.type ?? { base: '', ptr: 0 } }];
      position++;
    }
    return [];
  }

  /** Locals of a function and everything assigned to them by `=`. */
  private localsOf(fn: Func): LocalValues {
    const known = this.locals.get(fn);
    if (known) return known;
    const made: LocalValues = new Map();
    this.locals.set(fn, made);
    const body = fn.def?.decl.body;
    for (const giver of body ? bodyParts(body).givers : []) {
      if (isLocal(giver)) {
        const entry = made.get(giver.name);
        if (!entry) made.set(giver.name, { var: giver, values: giver.init ? [giver.init] : [] });
        else if (giver.init) entry.values.push(giver.init);
      } else if (giver.k === 'assign' && giver.l.k === 'name') made.get(giver.l.name)?.values.push(giver.r);
    }
    return made;
  }
}

function element(type: TypeRef): TypeRef {
  return type.dims && type.dims.length > 0 ? { ...type, dims: type.dims.slice(1) } : { ...type, ptr: Math.max(0, type.ptr - 1) };
}

/** Qualified name of what a function stands in, for unqualified names in its body. */
function enclosing(fn: Func): string | undefined {
  const at = fn.qualified.lastIndexOf('::');
  return at < 0 ? undefined : fn.qualified.slice(0, at);
}
