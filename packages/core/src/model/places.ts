// Every place in a project that takes a callback, and the value given to it: arguments of registering functions, stores into
// registration structures and dispatch tables, initialisers, and anything whose declared type is a pointer to a function. Uses of project
// macros are looked into as if written out. What the place expects comes from the WDK tables or from the declared type; else it is no place.

import { callbackFields, ddi, methodsNamed, registrationsOfArray, registrationsOfCall, registrationsOfField, registrationsOfPosition } from '@drvlint/wdk';
import type { Confidence, EntryRange } from '@drvlint/wdk';
import { bodyParts, isLocal } from './body-parts.js';
import { strippedFunction } from './callees.js';
import type { AssignExpr, CallExpr, Expr, InitListExpr } from './expr.js';
import type { Body, FileFacts, FunctionDecl, LocalVar, MacroDef } from './facts.js';
import type { Func, Placed, Project } from './project.js';
import { rolesOfPointerType } from './role-types.js';
import { callbackFieldsNamed, distinctiveField, hasPlaces, mayHoldFunction, mayTakeCallback, namedCall, structureOf, typeOfText, type NamedCall } from './place-shapes.js';
import { substituteExpr, substituteStmts } from './substitute.js';
import type { TypeRef } from './types.js';
import { walkExpr, walkStmts, type Visitor } from './walk.js';

/** A role a place wants, and how sure that is. */
export interface Wanted { role: string; conf: Confidence; entry?: EntryRange }

export interface Place {
  value: Expr;
  file: FileFacts;
  inside?: Func;
  wanted: Wanted[];
  /** Declared type of the place, when it has one that the project knows, and the file its names are to be looked up in. */
  type?: TypeRef;
  typeFile?: FileFacts;
  /** For messages: `PsCreateSystemThread`, `DRIVER_OBJECT.DriverUnload`, `MajorFunction[IRP_MJ_CREATE]`. */
  via: string;
  slot?: string;
  /** The callee and argument index, when the place is an argument of a project function. */
  callee?: Func;
  argument?: number;
  /** An assignment: its whole expression. */
  assign?: AssignExpr;
  /** It stands in the text of a macro: expressions are copies made for this use. */
  copied?: true;
}

interface Scope { file: FileFacts; inside?: Func; depth: number }
type Sink = (place: Place) => void;

/** An argument of a project function that wants no function itself: it may be handed on to where one is wanted. */
export interface Given { value: Expr; file: FileFacts; inside: Func | undefined; argument: number; /** It stands in a macro's text. */ copied: true | undefined }

/** What a parameter of a project function wants. */
interface ParamPlace { type: TypeRef | undefined; wanted: Wanted[]; takesFunction: boolean }

/** What types mean in a file, by the name they begin with. */
interface FileTypes { /** Roles that a pointer wants, by number of stars. */ roles: Map<string, string[][]>; /** Stars of a function type, `notFunction` for others. */ functions: Map<string, number> }

const notFunction = 1000;
const noWish: Wanted[] = [];
type MacroShape = 'plain' | 'any' | ReadonlySet<number>;

const maxMacroDepth = 6;

/** Reports every place of a piece of a file, in order. */
export class PlaceFinder {
  private readonly shapes = new Map<MacroDef, MacroShape>();
  private readonly typesByFile = new Map<FileFacts, FileTypes>();
  private readonly params = new Map<Func, readonly ParamPlace[]>();
  private readonly overloads = new Map<string, readonly Func[]>();
  /** Names of WDK routines that take no function, in the file looked at now. */
  private readonly dull = new Map<string, boolean>();
  private file: FileFacts | undefined;

  /** `given` gets the arguments of project functions that are of no interest by themselves. */
  constructor(private readonly project: Project, private readonly sink: Sink, private readonly given: (callee: Func, given: Given) => void) {}

  inVariables(file: FileFacts): void {
    for (const v of file.variables) if (v.init) this.initialiser(v.init, v.type, { file, depth: 0 }, v.name);
  }

  inBody(body: Body, decl: FunctionDecl, file: FileFacts): void {
    const inside = this.project.funcOf(decl);
    const scope: Scope = { file, depth: 0, ...(inside && { inside }) };
    this.enter(file);
    for (const giver of bodyParts(body).givers) {
      if (isLocal(giver)) this.local(giver, scope);
      else this.expr(giver, scope);
    }
  }

  private enter(file: FileFacts): void {
    if (this.file === file) return;
    this.file = file;
    this.dull.clear();
  }

  private visitor(scope: Scope): Visitor {
    this.enter(scope.file);
    return { local: (v) => { this.local(v, scope); }, expr: (e) => { this.expr(e, scope); } };
  }

  private local(v: LocalVar, scope: Scope): void {
    if (v.init) this.initialiser(v.init, v.type, scope, v.name);
  }

  private expr(e: Expr, scope: Scope): void {
    if (e.k === 'call') this.call(e, scope);
    else if (e.k === 'assign' && e.op === '=') this.assignment(e, scope);
    else if (e.k === 'init' && e.type) this.list(e, e.type, scope, e.type.base);
  }

  private emit(scope: Scope, value: Expr, wanted: Wanted[], via: string, rest: Partial<Place> = {}): void {
    if (!mayHoldFunction(value)) return;
    if (wanted.length === 0 && !(rest.type && this.takesFunction(rest.type, rest.typeFile ?? scope.file))) return;
    this.sink({ value, file: scope.file, ...(scope.inside && { inside: scope.inside }), wanted, via, ...rest, ...(scope.depth > 0 && { copied: true }) });
  }

  // --- arguments ---------------------------------------------------------------------------------

  private call(call: CallExpr, scope: Scope): void {
    const callee = scope.inside && this.project.calleeOf(call, scope.inside);
    if (callee) return this.projectCall(call, callee, scope);
    const name = this.project.calleeName(call, scope.file);
    const macro = name === undefined ? undefined : this.project.macro(name, scope.file, call.start);
    if (macro?.decl.params) return this.macroUse(call, macro, scope);
    if (name !== undefined && call.callee.k === 'name') {
      this.overloadedCall(call, name, scope);
      this.ddiCall(call, name, scope);
    } else if (call.callee.k === 'field') this.methodCall(call, call.callee.name, scope);
    if (scope.inside) this.pointerCall(call, scope, scope.inside);
  }

  private projectCall(call: CallExpr, callee: Func, scope: Scope): void {
    const file = callee.def?.file ?? callee.decls[0]?.file ?? scope.file;
    const params = this.paramsOf(callee, file);
    const copied = scope.depth > 0 ? true : undefined;
    for (let argument = 0; argument < call.args.length; argument++) {
      const value = call.args[argument];
      if (!mayHoldFunction(value)) continue;
      const param = params[argument];
      if (!param || (param.wanted.length === 0 && !param.takesFunction)) this.given(callee, { value, file: scope.file, inside: scope.inside, argument, copied });
      else this.sink({ value, file: scope.file, inside: scope.inside, wanted: param.wanted, via: callee.name, callee, argument, type: param.type, typeFile: param.type && file, copied });
    }
    if (!callee.def) this.ddiCall(call, callee.name, scope);
  }

  /** The place an argument of a project function is after all. */
  placeOf(callee: Func, given: Given): Place {
    const file = callee.def?.file ?? callee.decls[0]?.file ?? given.file;
    const type = this.paramsOf(callee, file)[given.argument]?.type;
    return { value: given.value, file: given.file, inside: given.inside, wanted: [], via: callee.name, callee, argument: given.argument, type, typeFile: type && file, copied: given.copied };
  }

  private paramsOf(callee: Func, file: FileFacts): readonly ParamPlace[] {
    let known = this.params.get(callee);
    if (!known) {
      known = callee.params.map(({ type }) => ({ type, wanted: this.byType(type, file), takesFunction: this.takesFunction(type, file) }));
      this.params.set(callee, known);
    }
    return known;
  }

  /** The type is that of a pointer to a function. */
  private takesFunction(type: TypeRef, file: FileFacts): boolean {
    if (type.fn) return type.ptr <= 1;
    const { functions } = this.typesIn(file);
    let stars = functions.get(type.base);
    if (stars === undefined) {
      const made = this.project.canonical({ base: type.base, ptr: 0 }, file);
      functions.set(type.base, (stars = made.fn ? made.ptr : notFunction));
    }
    return stars + type.ptr <= 1;
  }

  /** A call of one of several overloads, nobody knows which: what all of them that take so many arguments want at a place. */
  private overloadedCall(call: CallExpr, name: string, scope: Scope): void {
    let all = this.overloads.get(name);
    if (!all) this.overloads.set(name, (all = this.project.candidates(name).filter((f) => f.name === name)));
    if (all.length < 2) return;
    const overloads = all.filter((f) => f.params.length >= call.args.length);
    if (overloads.length < 2 || !mayTakeCallback(call)) return;
    call.args.forEach((value, i) => {
      const wants = overloads.map((f) => this.byType(f.params[i].type, (f.def ?? f.decls[0]).file));
      const [first] = wants;
      if (first.length > 0 && wants.every((w) => w.length === first.length && w.every((one, n) => one.role === first[n].role))) this.emit(scope, value, first, name);
    });
  }

  private ddiCall(call: CallExpr, name: string, scope: Scope): void {
    const known = namedCall(name);
    if (!known || (known.rows.length === 0 && (this.isDull(name, known, scope.file) || !mayTakeCallback(call)))) return;
    const { rows, params } = known;
    if (known.remove !== undefined && this.isTrue(call.args[known.remove], scope.file)) return;
    call.args.forEach((value, i) => {
      if (!mayHoldFunction(value)) return;
      const wanted = rows.filter((r) => r.idx === i && this.holds(call, params, r.when)).map((r): Wanted => ({ role: r.role, conf: r.conf, ...(r.entry && { entry: r.entry }) }));
      const text = wanted.length === 0 && !rows.some((r) => r.idx === i) ? params?.[i]?.type : undefined;
      const type = text === undefined ? undefined : typeOfText(text);
      this.emit(scope, value, wanted.length > 0 ? wanted : this.byType(type, scope.file, 'medium'), name);
    });
  }

  /** No parameter is of a type that wants a function. */
  private isDull(name: string, { params }: NamedCall, file: FileFacts): boolean {
    let dull = this.dull.get(name);
    if (dull === undefined) {
      dull = !params?.some((p) => p.type !== undefined && this.byType(typeOfText(p.type), file).length > 0);
      this.dull.set(name, dull);
    }
    return dull;
  }

  private isTrue(e: Expr | undefined, file: FileFacts): boolean {
    return e !== undefined && ((e.k === 'name' && e.name === 'TRUE') || this.project.valueOf(e, file) === 1);
  }

  /** `when: { arg: 'NotificationType', equals: 'RequestTimerCall' }`: the argument must be that name. */
  private holds(call: CallExpr, params: readonly { name: string }[] | undefined, when: { arg: string; equals: string } | undefined): boolean {
    if (!when) return true;
    const at = params?.findIndex((p) => p.name === when.arg) ?? -1;
    const arg = call.args[at < 0 ? 0 : at];
    return arg?.k === 'name' && arg.name === when.equals;
  }

  private methodCall(call: CallExpr, method: string, scope: Scope): void {
    for (const row of methodsNamed(method)) {
      const value = call.args[row.idx];
      if (value) this.emit(scope, value, [{ role: row.role, conf: row.conf }], method);
    }
  }

  /** A call through a pointer whose function type is known: its parameters may be callbacks too. */
  private pointerCall(call: CallExpr, scope: Scope, inside: Func): void {
    if (!mayTakeCallback(call)) return;
    const type = this.project.typeOf(call.callee, inside);
    const fn = type && this.project.canonical(type, scope.file).fn;
    if (!fn) return;
    call.args.forEach((value, i) => {
      const param = fn.params[i]?.type;
      if (param) this.emit(scope, value, this.byType(param, scope.file), textOf(call.callee), { type: param, typeFile: scope.file });
    });
  }

  private macroUse(call: CallExpr, macro: Placed<MacroDef>, scope: Scope): void {
    const { params, expr, stmts, name } = macro.decl;
    if (registrationsOfCall(name).length > 0 && !expr && !stmts) return this.ddiCall(call, name, scope);
    if (scope.depth >= maxMacroDepth || !params || this.isPlain(call, macro)) return;
    const map = new Map(params.map((p, i): [string, Expr] => [p, call.args[i] ?? { k: 'unknown', parts: [], start: call.start, end: call.end }]));
    const inner = this.visitor({ ...scope, depth: scope.depth + 1 });
    const at = { start: call.start, end: call.end };
    if (expr) walkExpr(substituteExpr(expr, map, at), inner);
    else if (stmts) walkStmts(substituteStmts(stmts, map, at), inner);
  }

  /** Written out, the use is no place and has none: decided once per macro, and by what the arguments are. */
  private isPlain(call: CallExpr, { decl, file }: Placed<MacroDef>): boolean {
    let shape = this.shapes.get(decl);
    if (!shape) this.shapes.set(decl, (shape = this.shapeOf(decl, file)));
    if (shape === 'plain') return true;
    if (shape === 'any') return false;
    const given = shape;
    return call.args.every((arg, i) => !(given.has(i) && mayHoldFunction(arg)) && !hasPlaces(arg));
  }

  /**
   * What in a macro's text may be or hold a place: 'plain' nothing, 'any' something whatever the arguments are, else
   * the parameters whose arguments would have to be functions.
   */
  private shapeOf(macro: MacroDef, file: FileFacts): MacroShape {
    // A macro that comes back to itself is looked into wherever it is used.
    this.shapes.set(macro, 'any');
    const given = new Set<number>();
    let any = false;
    let plain = true;
    const value = (e: Expr): void => {
      if (!mayHoldFunction(e)) return;
      const leaf = strippedFunction(e);
      const param = leaf.k === 'name' ? macro.params?.indexOf(leaf.name) ?? -1 : -1;
      if (param >= 0) given.add(param);
      else if (leaf.k !== 'name' || !/^(?:__FILE__|__LINE__|__FUNCTION__|__func__|NULL|TRUE|FALSE|0)$/.test(leaf.name)) any = true;
    };
    const look: Visitor = {
      local: (v) => { if (v.init) any = true; },
      expr: (e) => {
        if (e.k === 'assign' && e.op === '=') {
          plain = false;
          value(e.r);
        } else if (e.k === 'call') {
          plain = false;
          const callee = strippedFunction(e.callee);
          const taking = callee.k !== 'name' || macro.params?.includes(callee.name) ? 'any' : this.taking(callee.name, e.args.length, file);
          if (taking === 'any') any = true;
          else if (taking !== 'plain') e.args.forEach((arg, i) => { if (taking.has(i)) value(arg); });
        } else if (e.k === 'init') any = true;
      },
    };
    if (macro.expr) walkExpr(macro.expr, look);
    if (macro.stmts) walkStmts(macro.stmts, look);
    return plain && !any ? 'plain' : any ? 'any' : given;
  }

  /** Arguments of a call by that name that may be callbacks, as far as the name tells. */
  private taking(name: string, count: number, file: FileFacts): MacroShape {
    const inner = this.project.macro(name, file);
    if (inner && (!inner.decl.params || registrationsOfCall(name).length > 0)) return 'any';
    if (inner) {
      let shape = this.shapes.get(inner.decl);
      if (!shape) this.shapes.set(inner.decl, (shape = this.shapeOf(inner.decl, inner.file)));
      return shape;
    }
    const all = new Set(Array.from({ length: count }, (_, i) => i));
    if (this.project.candidates(name).length > 0 || registrationsOfCall(name).length > 0) return all;
    const types = ddi(name)?.params.map((p) => p.type) ?? [];
    return new Set([...all].filter((i) => types[i] !== undefined && this.byType(typeOfText(types[i]), file, 'medium').length > 0));
  }

  // --- stores ------------------------------------------------------------------------------------

  private assignment(e: AssignExpr, scope: Scope): void {
    const target = e.l;
    if (!mayHoldFunction(e.r)) return;
    if (target.k === 'index') {
      const table = target.e.k === 'field' ? target.e.name : target.e.k === 'name' ? target.e.name : undefined;
      const rows = table === undefined ? [] : registrationsOfArray(table);
      if (table !== undefined && rows.length > 0) {
        const slot = this.slotOf(target.i, scope.file);
        return this.emit(scope, e.r, [{ role: rows[0]!.role, conf: 'high' }], `${table}[${slot === 'loop' ? textOf(target.i) : slot}]`, { slot, assign: e });
      }
    }
    if (target.k === 'field' && this.fieldStore(e, target.name, scope)) return;
    const type = scope.inside ? this.project.typeOf(target, scope.inside) : undefined;
    if (!type && this.isDispatchSlot(e, scope)) return this.emit(scope, e.r, [{ role: 'DRIVER_DISPATCH', conf: 'medium' }], textOf(target), { slot: textOf(e.l.i), assign: e });
    if (type) this.emit(scope, e.r, this.byType(type, scope.file), textOf(target), { type, typeFile: scope.file, assign: e });
  }

  /** `Extension->Table[IRP_MJ_READ] = F` in a table of unknown type, with an F that takes an IRP second. */
  private isDispatchSlot(e: AssignExpr, scope: Scope): e is AssignExpr & { l: Expr & { k: 'index' } } {
    if (e.l.k !== 'index' || e.l.i.k !== 'name' || !/^IRP_MJ_/.test(e.l.i.name)) return false;
    const value = strippedFunction(e.r);
    const fn = value.k === 'name' ? this.project.resolve(value.name, scope.file) : undefined;
    if (fn?.params.length !== 2) return false;
    const type = this.project.canonical(fn.params[1].type, fn.def?.file ?? scope.file);
    return type.ptr === 1 && type.base === 'IRP';
  }

  private fieldStore(e: AssignExpr, field: string, scope: Scope): boolean {
    if (callbackFieldsNamed(field).length === 0) return false;
    const place = scope.inside && this.project.fieldOf(e.l, scope.inside);
    if (place) {
      const wanted = this.rolesOfField(place.record, field, place.decl !== undefined);
      if (wanted.length > 0) this.emit(scope, e.r, wanted, `${structureOf(place.record).replace(/^_/, '')}.${field}`, { assign: e });
      return wanted.length > 0;
    }
    const wanted = distinctiveField(field);
    if (wanted) this.emit(scope, e.r, [wanted], field, { assign: e });
    return wanted !== undefined;
  }

  /** Roles of a structure's field. Of a WDK structure that the tables know in part, a telling field name is enough. */
  private rolesOfField(record: string, field: string, isOwn: boolean): Wanted[] {
    const rows = registrationsOfField(structureOf(record), field);
    const guess = rows.length === 0 && !isOwn ? distinctiveField(field) : undefined;
    return guess ? [guess] : rows.map((r): Wanted => ({ role: r.role, conf: r.conf }));
  }

  /** `IRP_MJ_CREATE` for a constant index, 'loop' for one that runs. */
  private slotOf(index: Expr, file: FileFacts): string {
    if (index.k === 'name' && (/^IRP_M[JN]_/.test(index.name) || this.project.valueOf(index, file) !== undefined)) return index.name;
    if (index.k === 'num') return index.text;
    const value = this.project.valueOf(index, file);
    return value === undefined ? 'loop' : String(value);
  }

  // --- initialisers ------------------------------------------------------------------------------

  private initialiser(init: Expr, type: TypeRef, scope: Scope, name: string): void {
    if (init.k === 'init') return this.list(init, type, scope, name);
    if ((init.k === 'cast' && init.e.k === 'init') || !mayHoldFunction(init)) return;
    const wanted = this.byType(type, scope.file);
    this.emit(scope, init, wanted, name, { type, typeFile: scope.file });
  }

  private list(list: InitListExpr, type: TypeRef, scope: Scope, name: string): void {
    const made = this.project.canonical(type, scope.file);
    if ((made.dims?.length ?? 0) > 0) {
      const element: TypeRef = type.dims && type.dims.length > 0 ? withoutDim(type) : withoutDim(made);
      for (const item of list.items) this.item(item.value, element, scope, name);
      return;
    }
    const [only] = list.items;
    if (made.ptr > 0 || made.fn) {
      if (only && list.items.length === 1) this.item(only.value, type, scope, name);
      return;
    }
    this.recordList(list, made.base, scope);
  }

  private item(value: Expr, type: TypeRef, scope: Scope, name: string): void {
    if (value.k === 'init') this.list(value, type, scope, name);
    else this.initialiser(value, type, scope, name);
  }

  private recordList(list: InitListExpr, record: string, scope: Scope): void {
    const known = this.project.record(record, scope.file);
    const fields = known && list.items.length <= known.decl.fields.length ? known.decl.fields : undefined;
    const isWdk = !known && callbackFields(record).length > 0;
    const label = record.replace(/^_/, '');
    let position = 0;
    for (const item of list.items) {
      if (item.field !== undefined && fields) position = fields.findIndex((f) => f.name === item.field);
      const field = fields?.[position];
      if (field && known) this.item(item.value, field.type, { ...scope, file: scope.file }, `${label}.${field.name}`);
      else if (item.field !== undefined) this.designated(item.field, item.value, record, scope);
      else if (isWdk) this.positional(item.value, record, position, scope);
      position++;
    }
  }

  private designated(field: string, value: Expr, record: string, scope: Scope): void {
    if (value.k === 'init') return this.nested(value, scope);
    const isOwn = this.project.record(record, scope.file) !== undefined;
    this.emit(scope, value, this.rolesOfField(record, field, isOwn), `${record.replace(/^_/, '')}.${field}`);
  }

  /** A structure inside a WDK structure: its type is unknown, its designators may be telling enough. */
  private nested(list: InitListExpr, scope: Scope): void {
    for (const item of list.items) {
      if (item.value.k === 'init') this.nested(item.value, scope);
      else if (item.field !== undefined) {
        const wanted = distinctiveField(item.field);
        if (wanted) this.emit(scope, item.value, [wanted], item.field);
      }
    }
  }

  private positional(value: Expr, record: string, position: number, scope: Scope): void {
    const rows = registrationsOfPosition(record, position);
    if (rows.length === 0) return;
    this.emit(scope, value, rows.map((r): Wanted => ({ role: r.role, conf: r.conf })), `${record.replace(/^_/, '')}.${rows[0]!.field}`);
  }

  private byType(type: TypeRef | undefined, file: FileFacts, conf: Confidence = 'high'): Wanted[] {
    if (!type) return [];
    if (type.fn || type.ref) return noWish;
    const { roles } = this.typesIn(file);
    let byStars = roles.get(type.base);
    if (!byStars) roles.set(type.base, (byStars = []));
    const found = byStars[type.ptr] ??= rolesOfPointerType(this.project, type, file);
    return found.length === 0 ? noWish : found.map((role) => ({ role, conf }));
  }

  private typesIn(file: FileFacts): FileTypes {
    let types = this.typesByFile.get(file);
    if (!types) this.typesByFile.set(file, (types = { roles: new Map(), functions: new Map() }));
    return types;
  }
}

function withoutDim(type: TypeRef): TypeRef {
  const { dims, ...rest } = type;
  return dims && dims.length > 1 ? { ...rest, dims: dims.slice(1) } : rest;
}

/** Short text of an lvalue for messages. */
export function textOf(e: Expr): string {
  switch (e.k) {
    case 'name': return e.name;
    case 'num': return e.text;
    case 'field': return `${textOf(e.e)}${e.arrow ? '->' : '.'}${e.name}`;
    case 'index': return `${textOf(e.e)}[${textOf(e.i)}]`;
    case 'unary': return `${e.op}${textOf(e.e)}`;
    case 'cast': return textOf(e.e);
    default: return '...';
  }
}
