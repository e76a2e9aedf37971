// Whether a function has the type a place wants: return type, parameter count and parameter types, seen through the typedefs of project
// and WDK. Names, SAL, cv-qualifiers and NTAPI do not matter; a type that nothing defines is unknown and differs from nothing.

import { compareTypes, integerType, isHandleType, isKnownTarget, isKnownType, resolveType, role as roleRow } from '@drvlint/wdk';
import type { FileFacts, Param } from '../../model/facts.js';
import type { Func, Project } from '../../model/project.js';
import { typeText } from '../../model/type-resolution.js';
import { typeFromText } from '../../model/type-text.js';
import type { FunctionType, TypeRef } from '../../model/types.js';

export interface SignatureParam { name: string; /** Absent when the tables do not know it. */ type?: TypeRef }

export interface Signature {
  ret?: TypeRef;
  params: SignatureParam[];
  /** Only the result is known. */
  paramsUnknown?: boolean;
  variadic?: boolean;
  callconv?: string;
  /** Where its type names are to be looked up; absent for the WDK's. */
  file?: FileFacts;
}

/** One way in which a function is not what is wanted. `index` is the 0-based parameter. */
export type Difference =
  | { kind: 'return'; expected: string; found: string }
  | { kind: 'count'; expected: number; found: number }
  | { kind: 'parameter'; index: number; name: string; expected: string; found: string }
  | { kind: 'callconv'; found: string };

/** Signature of a role by the WDK tables; undefined when nothing is known of it. */
export function signatureOfRole(name: string): Signature | undefined {
  const row = roleRow(name);
  if (!row || (!row.paramsKnown && row.ret === undefined)) return undefined;
  const params = row.params.map((p): SignatureParam => {
    const type = p.type === undefined ? undefined : typeFromText(p.type);
    return { name: p.name, ...(type && { type }) };
  });
  const ret = row.ret === undefined ? undefined : typeFromText(row.ret);
  return { params, ...(ret && { ret }), ...(!row.paramsKnown && { paramsUnknown: true }) };
}

/** Signature of a role, or of a function type of the project by its name. */
export function signatureOfType(project: Project, name: string, file: FileFacts): Signature | undefined {
  const known = signatureOfRole(name);
  if (known) return known;
  const placed = project.typedef(name, file);
  const type = placed && project.canonical(placed.decl.type, placed.file);
  return placed && type?.fn && type.ptr === 0 && !type.dims ? signatureOfFunctionType(type.fn, placed.file) : undefined;
}

/** The head of its definition is a macro of the project, `THREAD(Work, Context) { .. }`: what it declares is not known. */
export function isHeadedByMacro(fn: Func): boolean {
  const { def } = fn;
  return def !== undefined && def.file.uses.some((u) => u.start <= def.decl.start && def.decl.nameEnd <= u.end);
}

/** Signature of a function as its definition (else its first full prototype) writes it; undefined where a macro does. */
export function signatureOfFunc(fn: Func): Signature | undefined {
  const placed = fn.def ?? fn.decls.find((d) => d.decl.viaTypedef === undefined);
  if (!placed || isHeadedByMacro(fn)) return undefined;
  const { ret, params, variadic, callconv } = placed.decl;
  return { params: params.map(paramOf), file: placed.file, ...(ret && { ret }), ...(variadic && { variadic }), ...(callconv && { callconv }) };
}

export function signatureOfFunctionType(fn: FunctionType, file: FileFacts): Signature {
  return { ret: fn.ret, params: fn.params.map(paramOf), file, ...(fn.variadic && { variadic: true }), ...(fn.callconv && { callconv: fn.callconv }) };
}

function paramOf(p: Param): SignatureParam {
  return { name: p.name, type: p.type };
}

export interface SignatureOptions {
  /** `void *` goes with any pointer: on either side (a project's own function-pointer types), or where it is what is wanted. */
  voidTakesAny?: 'either' | 'wanted';
  /** An explicit convention other than the kernel's is a difference. */
  callconv?: boolean;
}

/** Everything in which `found` differs from `expected`, return type first; empty when it is the same or not known to differ. */
export function differences(project: Project, expected: Signature, found: Signature, options: SignatureOptions = {}): Difference[] {
  const list: Difference[] = [];
  const differs = (a: TypeRef | undefined, b: TypeRef | undefined): boolean => a !== undefined && b !== undefined && compare(project, a, expected.file, b, found.file) === 'different';
  if (differs(expected.ret, found.ret)) list.push({ kind: 'return', expected: typeText(expected.ret!), found: typeText(found.ret!) });
  if (expected.paramsUnknown || found.paramsUnknown) return list;
  if (expected.params.length !== found.params.length || (found.variadic === true) !== (expected.variadic === true)) {
    list.push({ kind: 'count', expected: expected.params.length, found: found.params.length });
    return list;
  }
  expected.params.forEach((p, index) => {
    const other = found.params[index]!;
    if (!differs(p.type, other.type)) return;
    if (options.voidTakesAny && voidTakes(options.voidTakesAny, project, p.type!, expected.file, other.type!, found.file)) return;
    list.push({ kind: 'parameter', index, name: other.name || p.name, expected: typeText(p.type!), found: typeText(other.type!) });
  });
  if (options.callconv && found.callconv !== undefined && /^_{0,2}(?:cdecl|fastcall|vectorcall|CDECL|FASTCALL)$/.test(found.callconv)) list.push({ kind: 'callconv', found: found.callconv });
  return list;
}

function canonical(project: Project, type: TypeRef, file: FileFacts | undefined): TypeRef {
  return file ? project.canonical(type, file) : type;
}

/** Same, different, or not known: two names of which one is in no table and no file. */
export function compare(project: Project, a: TypeRef, fileA: FileFacts | undefined, b: TypeRef, fileB: FileFacts | undefined): 'same' | 'different' | 'unknown' {
  const x = canonical(project, a, fileA);
  const y = canonical(project, b, fileB);
  if (x.base === '' || y.base === '') return 'unknown';
  if (x.fn || y.fn) return compareFunctionTypes(project, x, fileA, y, fileB);
  if ((x.ref ?? '') !== (y.ref ?? '')) return known(project, x.base, fileA) && known(project, y.base, fileB) ? 'different' : 'unknown';
  const left = resolveType(x.base, x.ptr + (x.dims?.length ?? 0));
  const right = resolveType(y.base, y.ptr + (y.dims?.length ?? 0));
  if (lastName(left.base) === lastName(right.base)) return left.ptr === right.ptr ? 'same' : 'different';
  const answer = compareTypes(left, right);
  if (answer !== 'unknown') return answer;
  if (pointerBesideScalar(left, fileA, right) || pointerBesideScalar(right, fileB, left)) return 'different';
  return (isKnownTarget(left) || known(project, left.base, fileA)) && (isKnownTarget(right) || known(project, right.base, fileB)) ? 'different' : 'unknown';
}

/** A pointer by its name or stars, out of the WDK tables, and a number: whatever the first points to. */
function pointerBesideScalar(a: { base: string; ptr: number }, fileA: FileFacts | undefined, b: { base: string; ptr: number }): boolean {
  if (fileA !== undefined || b.ptr > 0 || integerType(b.base) === undefined) return false;
  return a.ptr > 0 || /^L?PC?[A-Z_]{3,}/.test(a.base);
}

function compareFunctionTypes(project: Project, x: TypeRef, fileA: FileFacts | undefined, y: TypeRef, fileB: FileFacts | undefined): 'same' | 'different' | 'unknown' {
  if (!x.fn || !y.fn) {
    const other = x.fn ? y : x;
    const file = x.fn ? fileB : fileA;
    return !roleRow(other.base) && known(project, other.base, file) ? 'different' : 'unknown';
  }
  const answers = [compare(project, x.fn.ret, fileA, y.fn.ret, fileB), ...x.fn.params.map((p, i) => compare(project, p.type, fileA, y.fn!.params[i]?.type ?? p.type, fileB))];
  if (x.fn.params.length !== y.fn.params.length || answers.includes('different')) return 'different';
  return answers.includes('unknown') ? 'unknown' : 'same';
}

/** The name is a type that the WDK tables or the project define: only then can it be another one than a known type. */
function known(project: Project, base: string, file: FileFacts | undefined): boolean {
  if (isKnownType(base)) return true;
  const any = file ?? project.files[0];
  if (!any) return false;
  const plain = base.replace(/^(?:struct|union|enum|class) /, '');
  return project.record(plain, any) !== undefined || project.record(`_${plain}`, any) !== undefined || project.typedef(plain, any) !== undefined;
}

function voidTakes(side: 'either' | 'wanted', project: Project, wanted: TypeRef, from: FileFacts | undefined, own: TypeRef, fileOwn: FileFacts | undefined): boolean {
  if (!isPointer(project, wanted, from) || !isPointer(project, own, fileOwn)) return false;
  return isVoidPointer(project, wanted, from) || (side === 'either' && isVoidPointer(project, own, fileOwn));
}

function isVoidPointer(project: Project, type: TypeRef, file: FileFacts | undefined): boolean {
  const t = canonical(project, type, file);
  const r = resolveType(t.base, t.ptr);
  return !t.fn && r.base === 'void' && r.ptr === 1;
}

function isPointer(project: Project, type: TypeRef, file: FileFacts | undefined): boolean {
  const t = canonical(project, type, file);
  const r = resolveType(t.base, t.ptr);
  return t.fn !== undefined || r.ptr > 0 || t.dims !== undefined || isHandleType(r.base);
}

function lastName(name: string): string {
  return name.replace(/^.*::/, '');
}

/** `VOID (PVOID StartContext)`. */
export function signatureText(s: Signature): string {
  const params = s.paramsUnknown ? ['...'] : s.params.map((p) => [p.type ? typeText(p.type) : undefined, p.name].filter(Boolean).join(' '));
  return `${s.ret ? typeText(s.ret) : 'VOID'} (${[...params, ...(s.variadic ? ['...'] : [])].join(', ') || 'VOID'})`;
}

/** `returns ULONG instead of VOID`, `parameter 2 (Context) is ULONG instead of PVOID`. */
export function differenceText(d: Difference): string {
  switch (d.kind) {
    case 'return': return `it returns ${d.found} instead of ${d.expected}`;
    case 'count': return `it has ${plural(d.found, 'parameter')} instead of ${d.expected}`;
    case 'parameter': return `parameter ${d.index + 1}${d.name ? ` (${d.name})` : ''} is ${d.found} instead of ${d.expected}`;
    case 'callconv': return `it is ${d.found}`;
  }
}

function plural(n: number, what: string): string {
  return `${n === 0 ? 'no' : n} ${what}${n === 1 ? '' : 's'}`;
}
