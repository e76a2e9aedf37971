// The facts of one file: everything later stages know about it. Plain data that can be serialised as JSON; the tree and
// the text may be dropped once they exist. Offsets are UTF-16 offsets in the file the facts are of.

import type { Range } from '../source/range.js';
import type { DirectiveComment, Include, MacroText, Pragma } from '../lex/records.js';
import type { Annotation } from '../rewrite/records.js';
import type { MacroUse } from '../rewrite/rewrite.js';
import type { Language } from '../syntax/tree.js';
import type { CallExpr, Expr, NameExpr } from './expr.js';
import type { Stmt } from './stmt.js';
import type { TypeRef } from './types.js';

export type { DirectiveComment, Include, MacroText, Pragma } from '../lex/records.js';
export type { Annotation } from '../rewrite/records.js';
export type { MacroUse } from '../rewrite/rewrite.js';

export interface Param extends Range {
  name: string;
  nameStart: number;
  type: TypeRef;
  annotations: Annotation[];
  /** C++ default argument. */
  init?: Expr;
}

export interface LocalVar extends Range {
  name: string;
  nameStart: number;
  type: TypeRef;
  init?: Expr;
  /** C++ constructor arguments: `T x(a, b);`. Braces are an `init` of kind 'init'. */
  ctorArgs?: Expr[];
  isStatic?: boolean;
  isExtern?: boolean;
  annotations?: Annotation[];
}

/** A C++ name scope a declaration stands in, outermost first; anonymous namespaces are ''. */
export interface Scope { kind: 'namespace' | 'class'; name: string }

/** A function: definition, prototype, or declaration through a function typedef (`KSTART_ROUTINE Worker;`). */
export interface FunctionDecl extends Range {
  name: string;
  /** With namespaces and classes: `Ns::Class::Method`; equals `name` in C. Operators are `operator new`, destructors `~X`. */
  qualified: string;
  nameStart: number;
  nameEnd: number;
  scope: Scope[];
  /** Return type; absent for declarations through a typedef, constructors and destructors. */
  ret?: TypeRef;
  params: Param[];
  variadic?: boolean;
  /** `KSTART_ROUTINE` in `KSTART_ROUTINE Worker;`: params and ret are then empty. */
  viaTypedef?: string;
  isDefinition: boolean;
  isStatic?: boolean;
  isInline?: boolean;
  isVirtual?: boolean;
  isFinal?: boolean;
  isOverride?: boolean;
  /** In an `extern "C"` block or with EXTERN_C; always true in C. */
  externC?: boolean;
  /** Non-static member function, constructor or destructor (has `this`), as far as its own text tells. */
  isMember?: boolean;
  isTemplate?: boolean;
  isDeleted?: boolean;
  /** Calling convention as written. */
  callconv?: string;
  /** Function-level annotations, before the type, between type and name, or trailing. */
  annotations: Annotation[];
  /** Block-scope prototype: the enclosing function's index in `functions`. */
  insideOf?: number;
  /** Constructor initialisers `: a(x), b{y}`. */
  ctorInits?: { name: string; args: Expr[]; braces: boolean; start: number; end: number }[];
  body?: Body;
  /** Reason why the body (if it is a definition) is not analysed: a syntax error, an unresolved macro. */
  notAnalysed?: string;
}

/** A function body. `calls` repeats all calls of the body in source order, so that no one walks it to find them. */
export interface Body {
  /** Range of the body, braces included. */
  start: number;
  end: number;
  stmts: Stmt[];
  calls: CallExpr[];
  /** Names that are statements by themselves: what a macro without parameters is used like. Absent when there are none. */
  bare?: NameExpr[];
  hasGoto?: boolean;
}

/** A project macro with its replacement text lowered. */
export interface MacroDef extends MacroText {
  /** The replacement text lowered as one expression, when it is one. Parameters are plain names. */
  expr?: Expr;
  /** The replacement text lowered as statements, when it is no expression but parses as statements. */
  stmts?: Stmt[];
}

export interface Variable extends Range {
  name: string;
  qualified: string;
  nameStart: number;
  scope: Scope[];
  type: TypeRef;
  init?: Expr;
  ctorArgs?: Expr[];
  isStatic?: boolean;
  isExtern?: boolean;
  isConst?: boolean;
  annotations: Annotation[];
  /** Name of the data segment in force (`#pragma data_seg("PAGEDATA")`, `__declspec(allocate(..))`). */
  section?: string;
}

export interface Typedef extends Range {
  name: string;
  nameStart: number;
  type: TypeRef;
  /** Annotations of a function typedef: `_Function_class_(X) _IRQL_requires_(..) typedef VOID F(..)`. */
  annotations: Annotation[];
  scope: Scope[];
}

export interface RecordField extends Range {
  name: string;
  nameStart: number;
  type: TypeRef;
  annotations: Annotation[];
  /** C++ default member initialiser. */
  init?: Expr;
  isStatic?: boolean;
  bits?: boolean;
}

export interface RecordDecl extends Range {
  kind: 'struct' | 'union' | 'class';
  /** Tag, or '' when anonymous (a typedef's record then has the typedef's name in `typedefName`). */
  name: string;
  qualified: string;
  typedefName?: string;
  scope: Scope[];
  fields: RecordField[];
  bases: string[];
  /** Indexes in `functions` of the member functions declared or defined inside. */
  methods: number[];
  isFinal?: boolean;
  annotations: Annotation[];
}

export interface EnumDecl extends Range {
  name: string;
  typedefName?: string;
  scope: Scope[];
  items: { name: string; value?: Expr; start: number }[];
}

/** Part of a file that was not analysed, and why. */
export interface NotAnalysed { start: number; end: number; function?: string; reason: string }

export interface FileFacts {
  path: string;
  language: Language;
  /** True for a header read on its own account, false for a file that is (part of) a translation unit's main text. */
  isHeader: boolean;
  lineStarts: Int32Array | number[];
  length: number;
  includes: Include[];
  macros: MacroDef[];
  functions: FunctionDecl[];
  variables: Variable[];
  typedefs: Typedef[];
  records: RecordDecl[];
  enums: EnumDecl[];
  pragmas: Pragma[];
  directives: DirectiveComment[];
  notAnalysed: NotAnalysed[];
  /** Conditions that could not be decided, with what was assumed: `NAME` -> defined or not. */
  assumptions: Record<string, boolean>;
  /** Regions switched off by conditionals; rules report nothing there and editors may grey them. */
  inactive: Range[];
  /** `NAME(args)` at file scope: WDF_DECLARE_CONTEXT_TYPE, CLRES_V1_FUNCTION_TABLE, macros that define functions. */
  uses: MacroUse[];
}
