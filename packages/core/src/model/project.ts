// Files linked into one project: who calls what, which declarations belong together, what a name means from a file.
// The look-ups other stages may use; the implementation is in link.ts.

import type { CallExpr, Expr } from './expr.js';
import type { Annotation, FileFacts, FunctionDecl, LocalVar, MacroDef, Param, RecordDecl, RecordField, Typedef, Variable, EnumDecl } from './facts.js';
import type { TypeRef } from './types.js';

/** A declaration and the file it stands in. */
export interface Placed<T> { file: FileFacts; decl: T }

/** A function of the project with all its declarations merged across the include closure. */
export interface Func {
  readonly id: number;
  readonly name: string;
  readonly qualified: string;
  /** The definition; absent for functions only declared. */
  readonly def?: Placed<FunctionDecl>;
  /** All declarations, the definition included, in the order they become visible. */
  readonly decls: Placed<FunctionDecl>[];
  readonly isStatic: boolean;
  /** Parameters of the definition, else of the first full prototype, else of the function typedef. */
  readonly params: Param[];
  readonly ret?: TypeRef;
}

/** Where and how a function is registered as a callback. */
export interface Registration {
  func: Func;
  /** Role type wanted there, e.g. `KSTART_ROUTINE`; '' when the place is of the project's own function-pointer type. */
  role: string;
  conf: 'high' | 'medium' | 'low';
  file: FileFacts;
  /** The argument or right-hand side. */
  expr: Expr;
  start: number;
  end: number;
  /** `PsCreateSystemThread`, `DRIVER_OBJECT.DriverUnload`, `MajorFunction[IRP_MJ_CREATE]`: for messages. */
  via: string;
  /** Index of a table slot: `IRP_MJ_READ`; 'loop' for a loop over all slots. */
  slot?: string;
  /** Function the registration stands in. */
  inside?: Func;
  /** A cast stands between. */
  cast?: TypeRef;
  /** Entry range that this site implies instead of the role's own. */
  entry?: { min: number; max: number };
}

/** Role of a function and why. */
export interface RoleOf {
  role: string;
  reason: 'declaration' | 'function-class' | 'typedef' | 'registration' | 'name';
  /** Place of the declaration, annotation or registration. */
  file: FileFacts;
  start: number;
  end: number;
  registration?: Registration;
}

export type SourceKind = 'kernel' | 'user' | 'unknown';

export interface Project {
  readonly name: string;
  readonly files: readonly FileFacts[];
  readonly funcs: readonly Func[];
  readonly registrations: readonly Registration[];
  readonly arch: 'amd64' | 'arm64' | 'x86';

  fileOf(path: string): FileFacts | undefined;
  /** Text of a file as analysed. */
  textOf(path: string): string;
  /** Kernel or user mode: by project file, includes, configuration. */
  kindOf(file: FileFacts): SourceKind;
  /** The file is (part of) a failover-cluster resource DLL: gate of the cluster rules. */
  isResourceDll(file: FileFacts): boolean;
  /** Driver or user mode when a project file said so. */
  readonly kindHint?: 'kernel' | 'user';
  /** `other` is `file` or is included by it, directly or not. */
  sees(file: FileFacts, other: FileFacts): boolean;
  /** Files that include `file` directly. */
  includersOf(file: FileFacts): readonly FileFacts[];
  /** Every file whose text `file` sees, itself first (quoted includes, transitively). */
  closure(file: FileFacts): readonly FileFacts[];

  /**
   * The function a name means when used in `from`: static of the unit, else visible, else unique in the project. `scope` is a
   * qualified prefix whose inner names go first (`A::B`), `argc` the number of arguments, to choose among overloads.
   */
  resolve(name: string, from: FileFacts, scope?: string, argc?: number): Func | undefined;
  /**
   * The function a call reaches: by name, by C++ method lookup (virtual ones only when nothing overrides or all agree), through a const
   * table or a function pointer with one assignment. Undefined: a DDI, a macro or unknown; ask `calleeName` for its name.
   */
  calleeOf(call: CallExpr, inside: Func): Func | undefined;
  /** Plain name of a call's callee (`KeSetEvent`, also `(KeSetEvent)`, `&f`, `::f`), object-like macro aliases resolved; undefined for other expressions. */
  calleeName(call: CallExpr, from: FileFacts): string | undefined;
  /** Constructor chosen by argument count, or destructor, of a class type of the project. */
  constructorOf(type: TypeRef, argc: number, from: FileFacts): Func | undefined;
  destructorOf(type: TypeRef, from: FileFacts): Func | undefined;
  /** Functions with a declaration in a file, in the order of `funcs`. */
  funcsIn(file: FileFacts): readonly Func[];
  /** All candidates of a name (overloads, same-named statics). */
  candidates(name: string): readonly Func[];
  /** Function a declaration belongs to. */
  funcOf(decl: FunctionDecl): Func | undefined;
  /** Project macro visible from `from` (at `offset` when given). */
  macro(name: string, from: FileFacts, offset?: number): Placed<MacroDef> | undefined;
  typedef(name: string, from: FileFacts): Placed<Typedef> | undefined;
  record(name: string, from: FileFacts): Placed<RecordDecl> | undefined;
  enumOf(enumerator: string, from: FileFacts): { decl: EnumDecl; value: number | undefined } | undefined;
  variable(name: string, from: FileFacts): Placed<Variable> | undefined;

  /**
   * Type with typedefs, pointer aliases and handles of project and WDK resolved, cv and `struct`/`union`/`enum`/`class` dropped:
   * `PDEVICE_OBJECT`, `DEVICE_OBJECT *` and `struct _DEVICE_OBJECT *` are all base `DEVICE_OBJECT`, ptr 1 (tags in capitals lose their underscore).
   */
  canonical(type: TypeRef, from: FileFacts): TypeRef;
  sameType(a: TypeRef, b: TypeRef, from: FileFacts): boolean;
  /** Declared type of an expression inside a function; undefined when unknown. */
  typeOf(e: Expr, inside: Func): TypeRef | undefined;
  /**
   * Field an expression names, with the (canonical) record name: `DEVICE_OBJECT`, `Flags`. `decl` is there for structures of the project,
   * `type` for those and for structures of the Windows headers.
   */
  fieldOf(e: Expr, inside: Func): { record: string; field: string; decl?: RecordField; type?: TypeRef } | undefined;
  /** The local variable or parameter a name means at `offset` inside a function. */
  localOf(name: string, offset: number, inside: Func): { type: TypeRef; nameStart: number; param?: Param; v?: LocalVar } | undefined;
  /** Integer constant value through macros, enumerators, const variables, casts and sizeof where known. */
  valueOf(e: Expr, from: FileFacts): number | undefined;

  /** Roles of a function, declared ones first. */
  rolesOf(fn: Func): readonly RoleOf[];
  registrationsOf(fn: Func): readonly Registration[];
  /** Function-level annotations of all declarations and of the typedef it is declared through. */
  annotationsOf(fn: Func): readonly (Annotation & { file: FileFacts })[];
  /** Annotations of parameter `i` over all declarations. */
  paramAnnotationsOf(fn: Func, i: number): readonly (Annotation & { file: FileFacts })[];
  /** In a PAGE*, INIT or other code segment, and by what. */
  sectionOf(fn: Func): { name: string; file: FileFacts; start: number; end: number } | undefined;
}
