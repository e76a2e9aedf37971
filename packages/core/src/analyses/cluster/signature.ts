// A function's type against the type a callback of the resource API must have: result, convention, parameters. Differences are graded by
// what they do: wrong memory or garbage is an error, the same bits under another name a warning or a note.

import { resapiCallback, type ResapiCallback } from '@drvlint/wdk';
import type { FileFacts, FunctionDecl, Param } from '../../model/facts.js';
import type { Func, Project } from '../../model/project.js';
import { typeText } from '../../model/type-resolution.js';
import { typeFromText } from '../../model/type-text.js';
import type { TypeRef } from '../../model/types.js';
import type { Api } from './api.js';

export type Grade = 'error' | 'warning' | 'info';

export interface Difference {
  what: 'return-type' | 'calling-convention' | 'parameter-count' | 'parameter-order' | 'parameter-type' | 'variadic' | 'member-function' | 'declaration-mismatch';
  grade: Grade;
  /** Clause for the message: `returns 'void' instead of DWORD`. */
  text: string;
  /** Parameter concerned. */
  param?: number;
}

export interface Signature {
  ret?: TypeRef;
  params: readonly Param[];
  variadic?: boolean;
  callconv?: string;
  /** Neither written nor implied: an unknown word may carry it. */
  conventionUnknown?: boolean;
  /** Member function that takes a hidden `this`. */
  isMember?: boolean;
  /** A macro writes the head of the function: its type is not in sight. */
  madeByMacro?: boolean;
}

const STDCALL = new Set(['WINAPI', 'CALLBACK', 'APIENTRY', '__stdcall', '_stdcall', 'STDMETHODCALLTYPE', 'STDAPICALLTYPE', 'NTAPI', 'PASCAL', 'WSAAPI', 'NET_API_FUNCTION', 'RPC_ENTRY']);
const CONVENTIONS = /^(?:WINAPI|CALLBACK|APIENTRY|_{0,2}stdcall|_{0,2}cdecl|_{0,2}fastcall|__vectorcall|NTAPI|PASCAL|WSAAPI|STDMETHODCALLTYPE|STDAPICALLTYPE|CDECL|WINAPIV)$/;
const SCALAR = /^(?:(?:un)?signed )?(?:char|short|int|long|__int64|long long)(?: int)?$|^(?:void|bool|float|double|wchar_t|_Bool)$/;
const WIDE = /(?:__int64|long long|double)/;

/** The type of a function as its definition (else its first prototype) and the project's macros spell it. */
export function signatureOf(fn: Func, project: Project): Signature {
  const placed = fn.def ?? fn.decls[0]!;
  const decl = placed.decl;
  if (isMadeByMacro(decl, project.textOf(placed.file.path))) return { params: fn.params, madeByMacro: true };
  const own = splitMacro(decl.ret, project, placed.file);
  const callconv = own.callconv ?? writtenConvention(decl) ?? fn.decls.map((d) => writtenConvention(d.decl) ?? splitMacro(d.decl.ret, project, d.file).callconv).find((c) => c !== undefined);
  const unknownRet = own.ret !== undefined && !isKnownType(own.ret, project, placed.file);
  return {
    ...(own.ret && !unknownRet && { ret: own.ret }), params: fn.params, variadic: decl.variadic, ...(callconv !== undefined && { callconv }),
    conventionUnknown: callconv === undefined && (unknownRet || decl.annotations.some((a) => a.kind === 'decoration' && !/^(?:EXTERN_C|extern|FORCEINLINE|STATIC|INLINE)$/.test(a.name))),
    isMember: decl.isMember === true && !fn.isStatic && !fn.decls.some((d) => d.decl.isStatic) && isDeclaredInClass(fn, project),
  };
}

/** Of `T Class::f() {}` alone nobody can tell whether the class says `static`, or whether it is a class at all. */
function isDeclaredInClass(fn: Func, project: Project): boolean {
  return [...(fn.def ? [fn.def] : []), ...fn.decls].some((d) => d.decl.isMember === true && !project.textOf(d.file.path).slice(0, d.decl.nameStart).endsWith('::'));
}

/** `SITE_WORKER(Name) {`: the name is not written where the front end put it, or no parameter list follows it. */
function isMadeByMacro(decl: FunctionDecl, text: string): boolean {
  return !text.startsWith(decl.name, decl.nameStart) || /^\s*\)\s*[^\s(]/.test(text.slice(decl.nameEnd, decl.nameEnd + 200));
}

function writtenConvention(decl: FunctionDecl): string | undefined {
  return decl.callconv ?? decl.annotations.find((a) => a.kind === 'callconv' || CONVENTIONS.test(a.name))?.name;
}

/** `#define RES_ROUTINE DWORD WINAPI` in place of the result type. */
function splitMacro(ret: TypeRef | undefined, project: Project, file: FileFacts): { ret?: TypeRef; callconv?: string } {
  if (!ret || ret.fn) return ret ? { ret } : {};
  const macro = project.macro(ret.base, file);
  if (!macro || macro.decl.params) return { ret };
  const words = macro.decl.body.split(/[\s]+/).filter((w) => w !== '' && w !== 'static' && w !== 'extern' && !/^"C"$/.test(w));
  const callconv = words.find((w) => CONVENTIONS.test(w));
  const type = typeFromText(words.filter((w) => !CONVENTIONS.test(w)).join(' '));
  return { ...(type ? { ret: { ...type, ptr: type.ptr + ret.ptr } } : { ret }), ...(callconv && { callconv }) };
}

function isKnownType(t: TypeRef, project: Project, file: FileFacts): boolean {
  if (t.ptr > 0 || t.fn) return true;
  const full = project.canonical(t, file);
  return full.ptr > 0 || full.fn !== undefined || SCALAR.test(full.base) || full.base !== t.base || project.record(full.base, file) !== undefined || /^(?:struct|class|union|enum) /.test(t.base);
}

/** The callback with its result and parameter types read. */
export interface Expected { callback: ResapiCallback; name: string; ret: TypeRef; params: { name: string; type: TypeRef; text: string }[] }

export function expectedOf(name: string): Expected | undefined {
  const callback = resapiCallback(name);
  const ret = callback && typeFromText(callback.returns.split('(')[0].trimEnd());
  if (!callback || !ret) return undefined;
  return { callback, name: callback.typedef, ret, params: callback.params.map((p) => ({ name: p.name, text: p.type, type: typeFromText(p.type) ?? { base: p.type, ptr: 0 } })) };
}

export interface CompareOptions { x86: boolean; api: Api }

export function compareSignature(s: Signature, expected: Expected, file: FileFacts, project: Project, o: CompareOptions): Difference[] {
  const out: Difference[] = [];
  if (s.madeByMacro) return [];
  if (s.isMember) return [{ what: 'member-function', grade: 'error', text: 'is a non-static member function (it takes a hidden `this`)' }];
  if (s.ret) returnDifference(s.ret, expected, file, project, out);
  conventionDifference(s, o, out);
  if (s.variadic) out.push({ what: 'variadic', grade: 'error', text: 'takes variable arguments' });
  parameterDifferences(s.params, expected, file, project, out);
  return out;
}

function returnDifference(ret: TypeRef, expected: Expected, file: FileFacts, project: Project, out: Difference[]): void {
  if (project.sameType(ret, expected.ret, file) && !/^(?:HRESULT|NTSTATUS|SCODE)$/.test(ret.base)) return;
  const full = project.canonical(ret, file);
  const want = typeText(expected.ret);
  const wanted = project.canonical(expected.ret, file);
  const text = `returns '${typeText(ret)}' instead of ${want}`;
  const say = (grade: Grade, why: string): void => void out.push({ what: 'return-type', grade, text: why ? `${text} (${why})` : text });
  const plainVoid = full.base === 'void' && full.ptr === 0;
  if (wanted.base === 'void' && wanted.ptr === 0) return say('warning', '');
  if (plainVoid) return say('error', 'the result is garbage');
  if (wanted.ptr > 0) return full.ptr > 0 ? say('warning', '') : say('error', 'a pointer is expected');
  if (full.ptr > 0 || full.fn || WIDE.test(full.base)) return say('error', 'the value is cut to 32 bits');
  if (/^(?:bool|_Bool|unsigned char|char|signed char)$/.test(full.base)) return say(wanted.base === 'int' ? 'warning' : 'error', 'the upper bits are undefined');
  if (/short/.test(full.base)) return say('error', 'the upper bits are undefined');
  if (/^(?:HRESULT|NTSTATUS|SCODE)$/.test(ret.base)) return say('warning', 'it must be a Win32 error code');
  if (!SCALAR.test(full.base)) return say('warning', '');
  say('warning', '');
}

function conventionDifference(s: Signature, o: CompareOptions, out: Difference[]): void {
  if (s.conventionUnknown || (s.callconv !== undefined && STDCALL.has(s.callconv))) return;
  const grade: Grade = o.x86 ? 'error' : 'warning';
  const text = s.callconv === undefined ? 'has no calling convention where WINAPI is expected' : `is '${s.callconv}' where WINAPI is expected`;
  out.push({ what: 'calling-convention', grade, text });
}

function parameterDifferences(params: readonly Param[], expected: Expected, file: FileFacts, project: Project, out: Difference[]): void {
  if (params.length !== expected.params.length) {
    const count = params.length === 0 ? 'takes no parameters' : `takes ${params.length} parameter${params.length === 1 ? '' : 's'}`;
    out.push({ what: 'parameter-count', grade: 'error', text: `${count} instead of ${expected.params.length}` });
    return;
  }
  const swapped = swappedPair(params, expected, file, project);
  if (swapped) {
    out.push({ what: 'parameter-order', grade: 'error', text: `takes its parameters in the wrong order (${params.map((p) => typeText(p.type)).join(', ')})` });
    return;
  }
  params.forEach((p, i) => {
    const want = expected.params[i]!;
    if (p.type.base === '' || project.sameType(p.type, want.type, file) || sameByValue(p.type, want.type, file, project)) return;
    const d = parameterGrade(p.type, want.type, i, file, project);
    if (d) out.push({ what: 'parameter-type', grade: d.grade, param: i, text: `${ordinal(i)} parameter is '${typeText(p.type)}' instead of ${want.text}${d.why ? ` (${d.why})` : ''}` });
  });
}

/** Two parameters of different types stand in each other's place. */
function swappedPair(params: readonly Param[], expected: Expected, file: FileFacts, project: Project): boolean {
  for (let i = 0; i < params.length; i++) {
    for (let j = i + 1; j < params.length; j++) {
      const [a, b] = [params[i]!.type, params[j]!.type];
      const [x, y] = [expected.params[i]!.type, expected.params[j]!.type];
      if (project.sameType(x, y, file) || project.sameType(a, x, file) || project.sameType(b, y, file)) continue;
      if (project.sameType(b, x, file) && (project.sameType(a, y, file) || (isVoidPointer(y, file, project) && project.canonical(a, file).ptr > 0))) return true;
    }
  }
  return false;
}

/** Names that the tables do not know as aliases but that are one type: HANDLE-like pointers, enumerations by value. */
function sameByValue(a: TypeRef, b: TypeRef, file: FileFacts, project: Project): boolean {
  const x = project.canonical(a, file);
  const y = project.canonical(b, file);
  return x.base === y.base && x.ptr === y.ptr;
}

function isVoidPointer(t: TypeRef, file: FileFacts, project: Project): boolean {
  const full = project.canonical(t, file);
  return full.base === 'void' && full.ptr === 1;
}

function parameterGrade(given: TypeRef, want: TypeRef, i: number, file: FileFacts, project: Project): { grade: Grade; why?: string } | undefined {
  const full = project.canonical(given, file);
  const wanted = project.canonical(want, file);
  const pointer = full.ptr > 0 || full.ref !== undefined;
  if (given.ptr === 0 && !pointer && !SCALAR.test(full.base) && full.base === given.base && !project.record(given.base, file)) return undefined;
  if (full.ref) return { grade: 'warning', why: 'a reference' };
  if (isVoidPointer(want, file, project)) {
    if (pointer) return { grade: 'info', why: 'same size, needs a cast where it is given' };
    return WIDE.test(full.base) ? { grade: 'info' } : { grade: 'error', why: 'the pointer is cut to 32 bits' };
  }
  if (wanted.ptr > 0) {
    if (!pointer) return { grade: 'error' };
    if (full.base === 'void' && full.ptr === 1) return { grade: 'warning', why: 'it hides the type' };
    return { grade: i === 0 || wanted.ptr !== full.ptr ? 'error' : 'warning' };
  }
  if (pointer) return { grade: 'error' };
  return { grade: WIDE.test(full.base) !== WIDE.test(wanted.base) ? 'error' : 'warning' };
}

export function ordinal(i: number): string {
  return ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'][i] ?? `${i + 1}th`;
}

/** Prototype and definition do not say the same. */
export function declarationMismatch(fn: Func, project: Project): Difference | undefined {
  const def = fn.def;
  if (!def) return undefined;
  for (const d of fn.decls) {
    if (d.decl === def.decl || d.decl.viaTypedef !== undefined || d.decl.isDefinition) continue;
    const [a, b] = [writtenConvention(d.decl) ?? splitMacro(d.decl.ret, project, d.file).callconv, writtenConvention(def.decl) ?? splitMacro(def.decl.ret, project, def.file).callconv];
    const plain = d.decl.annotations.every((x) => x.kind !== 'decoration') && def.decl.annotations.every((x) => x.kind !== 'decoration');
    if (plain && (a !== undefined && STDCALL.has(a)) !== (b !== undefined && STDCALL.has(b))) {
      return { what: 'declaration-mismatch', grade: 'warning', text: `is declared differently: the prototype has ${a ?? 'no calling convention'}, the definition ${b ?? 'none'}` };
    }
    for (let i = 0; i < Math.min(d.decl.params.length, def.decl.params.length); i++) {
      const [p, q] = [d.decl.params[i]!.type, def.decl.params[i]!.type];
      // A word that is no type is half-typed code.
      if (!isKnownType(p, project, d.file) || !isKnownType(q, project, def.file)) continue;
      if (!project.sameType(p, q, def.file)) return { what: 'declaration-mismatch', grade: 'warning', param: i, text: `is declared differently: the prototype's ${ordinal(i)} parameter is '${typeText(p)}', the definition's '${typeText(q)}'` };
    }
  }
  return undefined;
}

export function worstGrade(list: readonly Difference[]): Grade {
  return list.some((d) => d.grade === 'error') ? 'error' : list.some((d) => d.grade === 'warning') ? 'warning' : 'info';
}
