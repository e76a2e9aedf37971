// Functions declared through a function typedef: `KSTART_ROUTINE Worker;` is a variable in a file's facts, since only the project (or
// the WDK) knows that its type is a function type. Finds them at file, class and block scope; initialised variables are none.

import { isKnownType } from '@drvlint/wdk';
import { bodyParts } from './body-parts.js';
import type { FileFacts, FunctionDecl, LocalVar, MacroUse, RecordField, Scope, Variable } from './facts.js';
import type { TypeRef } from './types.js';

export interface TypedefKnowledge {
  /** The name is a function typedef of the project or a role type of the WDK. */
  isFunctionType(name: string): boolean;
  /** A function of that name is defined or has a prototype in what the file sees, so that `TYPE Name;` cannot be a variable. */
  isFunction(name: string): boolean;
  /** Project macro that the file sees: one may build declarations out of its arguments. */
  macro?(name: string): { params?: string[]; body: string } | undefined;
}

/** Every declaration of `file` that goes through a function typedef, as function declarations with `viaTypedef`. */
export function declaredThroughTypedef(file: FileFacts, known: TypedefKnowledge): FunctionDecl[] {
  const found: FunctionDecl[] = [];
  for (const v of file.variables) {
    if (v.init || v.ctorArgs || !isThrough(v.type, v.name, v.isStatic || v.isExtern || v.scope.length > 0, known)) continue;
    found.push(declaration(v, v.scope, { qualified: v.qualified, ...(v.isStatic && { isStatic: true }), externC: file.language === 'c' || isExternC(v) }));
  }
  for (const record of file.records) {
    const label = record.name || record.typedefName || '';
    const scope: Scope[] = [...record.scope, { kind: 'class', name: label }];
    for (const f of record.fields) {
      if (f.isStatic || f.init || !isThrough(f.type, '', false, known)) continue;
      found.push(declaration(f, scope, { qualified: [...scope.map((s) => s.name).filter(Boolean), f.name].join('::'), isMember: true }));
    }
  }
  blockScope(file, known, found);
  for (const use of file.uses) builtByMacro(use, file, known, found);
  return found;
}

/** `DECLARE(KSTART_ROUTINE, Worker);` at file scope: what the macro's text makes of its arguments, where that is `TYPE Name;`. */
function builtByMacro(use: MacroUse, file: FileFacts, known: TypedefKnowledge, found: FunctionDecl[]): void {
  const macro = known.macro?.(use.name);
  if (!macro?.params) return;
  const values = new Map(macro.params.map((p, i) => [p, use.args[i] ?? '']));
  const text = macro.body.replace(/[A-Za-z_]\w*/g, (word) => values.get(word) ?? word).replace(/(?<!\s)\s*##\s*/g, '');
  for (const piece of text.split(';')) {
    const m = /^\s*((?:extern\s+"C"\s+|extern\s+|static\s+|EXTERN_C\s+)*)([A-Za-z_]\w*)\s+([A-Za-z_]\w*)\s*$/.exec(piece);
    if (!m || !known.isFunctionType(m[2]!)) continue;
    found.push({
      name: m[3]!, qualified: m[3]!, nameStart: use.start, nameEnd: use.end, scope: [], params: [], viaTypedef: m[2]!, isDefinition: false, annotations: [],
      start: use.start, end: use.end, externC: file.language === 'c' || /"C"|EXTERN_C/.test(m[1]!), ...(/static/.test(m[1]!) && { isStatic: true }),
    });
  }
}

function blockScope(file: FileFacts, known: TypedefKnowledge, found: FunctionDecl[]): void {
  file.functions.forEach((fn, index) => {
    if (!fn.body) return;
    for (const v of bodyParts(fn.body).locals) {
      if (v.init || v.ctorArgs || !isThrough(v.type, v.name, v.isExtern === true, known)) continue;
      found.push(declaration(v, [], { qualified: v.name, externC: file.language === 'c', insideOf: index }));
    }
  });
}

function isThrough(type: TypeRef, name: string, marked: boolean, known: TypedefKnowledge): boolean {
  if (type.ptr !== 0 || type.ref || type.dims || type.fn || type.base === '' || !/^[A-Za-z_][\w:]*$/.test(type.base)) return false;
  return known.isFunctionType(type.base) || (name !== '' && looksLikeType(type.base) && (marked || isPlain(type)) && known.isFunction(name));
}

/**
 * A name in capitals of several words, as function typedefs are written, that is no data type of the WDK: `int f;` beside `int f() {}`
 * is an error and no declaration, `NTSTATUS Status;` a variable.
 */
function looksLikeType(base: string): boolean {
  if (isKnownType(base)) return false;
  return /^[A-Z][A-Z0-9]*_[A-Z0-9_]+$/.test(base) || /(?:_FN|_ROUTINE|_CALLBACK|Fn|Routine|Callback)$/.test(base);
}

function isPlain(type: TypeRef): boolean {
  return (type.cv ?? 0) === 0;
}

function isExternC(v: Variable): boolean {
  return v.annotations.some((a) => a.name === 'EXTERN_C');
}

function declaration(v: Variable | RecordField | LocalVar, scope: Scope[], rest: Partial<FunctionDecl> & { qualified: string }): FunctionDecl {
  return {
    name: v.name, nameStart: v.nameStart, nameEnd: v.nameStart + v.name.length, scope, params: [], viaTypedef: v.type.base, isDefinition: false,
    annotations: v.annotations ?? [], start: v.start, end: v.end, ...rest,
  };
}
