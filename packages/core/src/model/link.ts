// Facts of files -> a linked Project. Everything costly is done on demand and remembered.

import type { BodyEdit } from './body-edit.js';
import type { CallExpr, Expr } from './expr.js';
import type { Annotation, Body, EnumDecl, FileFacts, FunctionDecl, MacroDef, RecordDecl, Typedef, Variable } from './facts.js';
import { annotationsOf, paramAnnotationsOf } from './annotations-of.js';
import { Callees } from './callees.js';
import { ConstantValues, type Arch } from './constant-values.js';
import type { ExprTypes } from './expr-types.js';
import { moveOwn } from './file-places.js';
import { changedBodies, graft, replace, sameDeclarations } from './graft.js';
import { type TextChange } from './text-change.js';
import { byFile, mergeFunctions, throughTypedefs, type MergedFunctions } from './functions.js';
import { isResourceDll, kindOf } from './kind.js';
import type { Func, Placed, Project, Registration, RoleOf, SourceKind } from './project.js';
import { findRegistrations } from './registrations.js';
import { rolesOf } from './roles.js';
import { sectionOf, type Section } from './sections.js';
import { Symbols } from './symbols.js';
import { TypeResolution } from './type-resolution.js';
import type { TypeRef } from './types.js';

export interface LinkOptions {
  name: string;
  arch?: Arch;
  /** Text of a file as analysed, for messages and fixes. */
  textOf(path: string): string;
  /** Driver or user mode when a project file said so. */
  kindHint?: 'kernel' | 'user';
}

export function linkProject(files: readonly FileFacts[], options: LinkOptions): Project {
  return new LinkedProject(files, options);
}

/** A file of a project read again: its facts and what was done to its text. */
export interface FileEdit { now: FileFacts; change: TextChange }

/** A project with its edits inside function bodies made. */
export interface Relinked {
  project: Project;
  /** Functions whose bodies are others. */
  edited: ReadonlySet<Func>;
  /** Files whose offsets moved. */
  moved: ReadonlyMap<FileFacts, TextChange>;
  /** Where one function alone was read again: the body it had. All else of its file is the same objects. */
  alone?: { fn: Func; was?: Body };
}

/**
 * The project with files read again, as long as no declaration of them differs: all that was linked stays so, functions and files are the
 * same objects with new contents, and `before` must not be used any more. Undefined, with nothing changed, when it must be linked anew.
 */
export function relinkProject(before: Project, edits: readonly FileEdit[], options: LinkOptions): Relinked | undefined {
  if (!(before instanceof LinkedProject)) return undefined;
  const edited = new Set<Func>();
  const moved = new Map<FileFacts, TextChange>();
  const through: [FunctionDecl, FunctionDecl][] = [];
  for (const { now, change } of edits) {
    const old = before.fileOf(now.path);
    const bodies = old && changedBodies(old, now, change);
    if (!bodies || old.typedefs.some((t) => t.type.fn)) return undefined;
    const declared = before.declaredThrough(old);
    const [fresh] = before.throughTypedefs(old, now) as [readonly FunctionDecl[]];
    if (!sameDeclarations(declared, fresh, change)) return undefined;
    declared.forEach((decl, i) => through.push([decl, fresh[i]!]));
    for (const decl of bodies) {
      const fn = before.funcOf(decl);
      if (fn?.def?.decl !== decl) return undefined;
      edited.add(fn);
    }
    moved.set(old, change);
  }
  const bodies = new Set([...edited].map((fn) => fn.def!.decl));
  for (const { now, change } of edits) graft(before.fileOf(now.path)!, now, change, bodies);
  for (const [decl, fresh] of through) replace(decl, fresh);
  return { project: new LinkedProject(before.files, options, before), edited, moved };
}

/** The same for one function that was read alone. */
export function relinkBody(before: Project, edit: BodyEdit, options: LinkOptions): Relinked | undefined {
  const { facts, decl, change } = edit;
  const fn = before.funcOf(decl);
  if (!(before instanceof LinkedProject) || before.fileOf(facts.path) !== facts || fn?.def?.decl !== decl) return undefined;
  const [was, now] = before.throughTypedefs(facts, edit.before, edit.now) as [readonly FunctionDecl[], readonly FunctionDecl[]];
  if (!sameDeclarations(was, now, change)) return undefined;
  const inside = before.declaredThrough(facts).filter((d) => decl.start <= d.start && d.end <= decl.end);
  if (inside.length !== was.length) return undefined;
  for (const d of before.declaredThrough(facts)) if (!inside.includes(d)) moveOwn(d, change);
  inside.forEach((d, i) => { replace(d, { ...now[i], insideOf: d.insideOf }); });
  const { body } = decl;
  edit.apply();
  const project = new LinkedProject(before.files, options, before);
  return { project, edited: new Set([fn]), moved: new Map([[facts, change]]), alone: { fn, ...(body && { was: body }) } };
}

class LinkedProject implements Project {
  readonly name: string;
  readonly arch: Arch;
  readonly kindHint?: 'kernel' | 'user';
  private readonly symbols: Symbols;
  private readonly types: TypeResolution;
  private readonly constants: ConstantValues;
  private readonly merged: MergedFunctions;
  private readonly exprTypes: ExprTypes;
  private readonly callees: Callees;
  private found?: Registration[];
  private byFunc?: Map<Func, Registration[]>;
  private readonly roles = new Map<Func, RoleOf[]>();
  /** By includes alone, which no edit inside a body changes. */
  private readonly kinds: Map<FileFacts, SourceKind>;
  private readonly resourceDlls = new Map<FileFacts, boolean>();
  private readonly sections = new Map<Func, Section | undefined>();
  private readonly functionAnnotations = new Map<Func, (Annotation & { file: FileFacts })[]>();

  constructor(readonly files: readonly FileFacts[], private readonly options: LinkOptions, before?: LinkedProject) {
    this.name = options.name;
    this.arch = options.arch ?? 'amd64';
    if (options.kindHint) this.kindHint = options.kindHint;
    this.symbols = before?.symbols ?? new Symbols(files);
    this.types = before?.types ?? new TypeResolution(this.symbols);
    this.constants = before?.constants ?? new ConstantValues(this.symbols, this.arch);
    this.merged = before?.merged ?? mergeFunctions(this.symbols, this.types);
    this.kinds = before?.kinds ?? new Map();
    // What it remembers of calls and locals goes with the bodies.
    this.callees = new Callees(this.symbols, this.merged, this.types);
    this.exprTypes = this.callees.exprTypes;
  }

  get funcs(): readonly Func[] { return this.merged.funcs; }

  get registrations(): readonly Registration[] {
    return (this.found ??= findRegistrations(this));
  }

  fileOf(path: string): FileFacts | undefined { return this.symbols.byPath.get(path); }
  textOf(path: string): string { return this.options.textOf(path); }
  closure(file: FileFacts): readonly FileFacts[] { return this.symbols.closure(file); }
  sees(file: FileFacts, other: FileFacts): boolean { return this.symbols.sees(file, other); }
  includersOf(file: FileFacts): readonly FileFacts[] { return this.symbols.includersOf(file); }

  kindOf(file: FileFacts): SourceKind {
    let kind = this.kinds.get(file);
    if (kind === undefined) this.kinds.set(file, (kind = kindOf(this, file)));
    return kind;
  }

  isResourceDll(file: FileFacts): boolean {
    let is = this.resourceDlls.get(file);
    if (is === undefined) this.resourceDlls.set(file, (is = isResourceDll(this, file)));
    return is;
  }

  resolve(name: string, from: FileFacts, scope?: string, argc?: number): Func | undefined { return this.callees.resolve(name, from, scope, argc); }
  calleeOf(call: CallExpr, inside: Func): Func | undefined { return this.callees.calleeOf(call, inside); }
  calleeName(call: CallExpr, from: FileFacts): string | undefined { return this.callees.calleeName(call, from); }
  constructorOf(type: TypeRef, argc: number, from: FileFacts): Func | undefined { return this.callees.constructorOf(type, argc, from); }
  destructorOf(type: TypeRef, from: FileFacts): Func | undefined { return this.callees.destructorOf(type, from); }
  candidates(name: string): readonly Func[] { return this.merged.byName.get(name) ?? []; }
  /** Declarations through function typedefs in a file. */
  declaredThrough(file: FileFacts): readonly FunctionDecl[] { return this.merged.through.get(file) ?? []; }

  /** Those in other texts, or parts of texts, in the place of the file. */
  throughTypedefs(file: FileFacts, ...texts: readonly FileFacts[]): (readonly FunctionDecl[])[] {
    const { symbols, types, merged } = this;
    return texts.map((facts) => throughTypedefs(facts, file, symbols, types, merged.names));
  }

  funcsIn(file: FileFacts): readonly Func[] { return (this.merged.byFile ??= byFile(this.merged.funcs)).get(file) ?? []; }
  funcOf(decl: FunctionDecl): Func | undefined { return this.merged.byDecl.get(decl); }

  macro(name: string, from: FileFacts, offset?: number): Placed<MacroDef> | undefined {
    if (offset === undefined) return this.symbols.visible(this.symbols.macros, name, from, false);
    const all = this.symbols.macros.get(name);
    if (!all) return undefined;
    const here = all.filter((m) => m.file === from && m.decl.start <= offset && (m.decl.undefAt === undefined || m.decl.undefAt > offset));
    if (here.length > 0) return here[here.length - 1];
    const other = this.symbols.visible(this.symbols.macros, name, from, false);
    return other && other.file !== from ? other : undefined;
  }

  typedef(name: string, from: FileFacts): Placed<Typedef> | undefined { return this.symbols.visible(this.symbols.typedefs, name, from); }
  record(name: string, from: FileFacts): Placed<RecordDecl> | undefined { return this.exprTypes.record(name, from); }

  enumOf(enumerator: string, from: FileFacts): { decl: EnumDecl; value: number | undefined } | undefined {
    const placed = this.symbols.visible(this.symbols.enumerators, enumerator, from);
    return placed && { decl: placed.decl, value: this.constants.valueOf({ k: 'name', name: enumerator, start: 0, end: 0 }, placed.file) };
  }

  variable(name: string, from: FileFacts): Placed<Variable> | undefined { return this.symbols.visible(this.symbols.variables, name, from); }
  canonical(type: TypeRef, from: FileFacts): TypeRef { return this.types.canonical(type, from); }
  sameType(a: TypeRef, b: TypeRef, from: FileFacts): boolean { return this.types.same(a, b, from); }
  typeOf(e: Expr, inside: Func): TypeRef | undefined { return this.exprTypes.typeOf(e, inside); }
  fieldOf(e: Expr, inside: Func): ReturnType<Project['fieldOf']> { return this.exprTypes.fieldOf(e, inside); }
  localOf(name: string, offset: number, inside: Func): ReturnType<ExprTypes['local']> { return this.exprTypes.local(name, offset, inside); }
  valueOf(e: Expr, from: FileFacts): number | undefined { return this.constants.valueOf(e, from); }

  rolesOf(fn: Func): readonly RoleOf[] {
    let known = this.roles.get(fn);
    if (!known) this.roles.set(fn, (known = rolesOf(this, fn, this.registrationsOf(fn))));
    return known;
  }

  registrationsOf(fn: Func): readonly Registration[] {
    if (!this.byFunc) {
      this.byFunc = new Map();
      for (const r of this.registrations) {
        const list = this.byFunc.get(r.func);
        if (list) list.push(r);
        else this.byFunc.set(r.func, [r]);
      }
    }
    return this.byFunc.get(fn) ?? [];
  }

  annotationsOf(fn: Func): readonly (Annotation & { file: FileFacts })[] {
    let known = this.functionAnnotations.get(fn);
    if (!known) this.functionAnnotations.set(fn, (known = [...annotationsOf(this, fn)]));
    return known;
  }

  paramAnnotationsOf(fn: Func, i: number): readonly (Annotation & { file: FileFacts })[] { return paramAnnotationsOf(this, fn, i); }

  sectionOf(fn: Func): Section | undefined {
    if (!this.sections.has(fn)) this.sections.set(fn, sectionOf(this, fn));
    return this.sections.get(fn);
  }
}
