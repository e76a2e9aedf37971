// Words of the two languages by what they do in a declaration or statement, as a bit mask per interned name.

import { idOfName } from '../lex/names.js';
import type { Language } from '../source/language.js';

export const Word = {
  /** Begins a statement and nothing else: if, while, return, ... */
  Statement: 1,
  /** A basic type: int, unsigned, void. */
  Type: 2,
  /** Storage, qualifier, function specifier: static, const, inline, virtual. */
  Storage: 4,
  /** struct, union, enum, class. */
  Record: 8,
  /** Part of expressions: sizeof, new, this. */
  Expression: 16,
  /** A type everyone knows: NTSTATUS, VOID. */
  KnownType: 32,
  /** Takes a type or declaration in parentheses: sizeof, decltype, catch. */
  TakesType: 64,
  /** typedef, namespace, using, template: begins a declaration. */
  Declaration: 128,
} as const;

/** Any keyword of the language. */
export const ANY_KEYWORD = Word.Statement | Word.Type | Word.Storage | Word.Record | Word.Expression | Word.Declaration;

const C: [number, string][] = [
  [Word.Statement, 'if else while do for switch case default return goto break continue __try __except __finally __leave'],
  [Word.Type, 'void char short int long float double signed unsigned _Bool __int8 __int16 __int32 __int64 __int128 _int64 __wchar_t bool size_t wchar_t'],
  [Word.Storage, 'static extern inline __inline __inline__ __forceinline register const volatile restrict __restrict auto thread_local __thread _Noreturn constexpr _Atomic _Alignas'],
  [Word.Record, 'struct union enum'],
  [Word.Expression | Word.TakesType, 'sizeof _Alignof alignof __alignof __typeof__ typeof __typeof offsetof __builtin_offsetof _Generic'],
  [Word.Declaration, 'typedef _Static_assert'],
  [Word.KnownType, `VOID NTSTATUS BOOLEAN BOOL ULONG LONG USHORT SHORT UCHAR CHAR WCHAR UINT INT DWORD WORD BYTE ULONGLONG LONGLONG ULONG64 LONG64 ULONG32 LONG32 UINT8 UINT16 UINT32 UINT64 INT8 INT16 INT32 INT64 ULONG_PTR LONG_PTR
    SIZE_T SSIZE_T PVOID LPVOID HANDLE PCHAR PUCHAR PULONG PUSHORT PWCHAR PWSTR PCWSTR PSTR PCSTR LPSTR LPCSTR LPWSTR LPCWSTR HRESULT LRESULT LARGE_INTEGER PHYSICAL_ADDRESS UNICODE_STRING KIRQL NDIS_STATUS GUID
    PDEVICE_OBJECT PDRIVER_OBJECT PIRP PMDL PFILE_OBJECT IO_ALLOCATION_ACTION FLT_PREOP_CALLBACK_STATUS FLT_POSTOP_CALLBACK_STATUS WDFDEVICE LOGICAL INT_PTR UINT_PTR DWORD_PTR TCHAR LPTSTR LPCTSTR DWORDLONG`],
];

const CPP: [number, string][] = [
  ...C,
  [Word.Statement, 'try catch throw co_return co_yield'],
  [Word.Type, 'char8_t char16_t char32_t'],
  [Word.Storage, 'virtual explicit mutable friend constexpr consteval constinit override final noexcept typename'],
  [Word.Record, 'class'],
  [Word.Expression, 'new delete this operator nullptr true false static_cast reinterpret_cast const_cast dynamic_cast co_await'],
  [Word.Expression | Word.TakesType, 'typeid decltype alignas requires'],
  [Word.Declaration, 'namespace using template static_assert concept public private protected'],
];

function table(lists: [number, string][]): Map<number, number> {
  const map = new Map<number, number>();
  for (const [flag, names] of lists) for (const name of names.split(/\s+/)) map.set(idOfName(name), (map.get(idOfName(name)) ?? 0) | flag);
  return map;
}

const tables: Record<Language, Map<number, number>> = { c: table(C), cpp: table(CPP) };

/** Highest id any word of the tables has: ids above it are no words. */
const LIMIT = Math.max(...tables.c.keys(), ...tables.cpp.keys()) + 1;

const dense: Record<Language, Uint8Array> = { c: densify(tables.c), cpp: densify(tables.cpp) };

function densify(map: Map<number, number>): Uint8Array {
  const flags = new Uint8Array(LIMIT);
  for (const [id, flag] of map) flags[id] = flag;
  return flags;
}

/** Word flags per interned id; ids behind the array's end have none. */
export function wordFlags(language: Language): Uint8Array {
  return dense[language];
}

/** Ids of words that are asked for one by one. */
export const W = ids([
  'if', 'else', 'while', 'do', 'for', 'switch', 'case', 'default', 'return', 'goto', 'break', 'continue', 'struct', 'union', 'enum', 'class', 'typedef', 'template', 'namespace', 'using', 'extern', 'operator', 'friend',
  'try', 'catch', 'except', 'finally', 'leave', '__try', '__except', '__finally', '__leave', 'public', 'private', 'protected', 'asm', '_asm', '__asm', '__asm__', 'const', 'noexcept', 'mutable', 'constexpr', 'final', 'override',
  'offsetof', 'sizeof', 'interface', '__interface', '__pragma', '_Pragma', 'throw', 'new', 'delete', 'requires', 'static_assert', 'volatile', 'inline', 'static', 'virtual', 'typename', 'decltype', 'co_return', '__declspec',
  '__if_exists', '__if_not_exists', 'auto', 'void', 'unsigned', 'this', 'PURE', 'THIS', 'THIS_', 'each',
]);

function ids<const T extends readonly string[]>(names: T): Record<T[number], number> {
  return Object.fromEntries(names.map((name) => [name, idOfName(name)])) as Record<T[number], number>;
}
