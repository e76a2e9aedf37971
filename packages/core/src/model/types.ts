// Types by name, as written in a declaration. Typedef chains are resolved by a project (project.ts), not here.

import type { Param } from './facts.js';

export interface TypeRef {
  /**
   * Name of the base type: `PVOID`, `unsigned long` (specifiers in canonical order), `struct _IRP`, `A::B`; '' when there is
   * none (K&R, constructors). For a function type (`fn` set) the base is '(fn)' and `ptr` counts the stars before it.
   */
  base: string;
  /** Number of `*` after the base; arrays of a parameter count as one. */
  ptr: number;
  /** Function type: `VOID (*)(PVOID)` has ptr 1. */
  fn?: FunctionType;
  /** C++ reference, lvalue or rvalue. */
  ref?: '&' | '&&';
  /** Array dimensions of a variable or field, texts as written ('' for `[]`). */
  dims?: string[];
  /** Bit mask: 1 const base, 2 volatile base, 4 const pointer. */
  cv?: number;
  /** Template arguments as written, without the angle brackets. */
  targs?: string;
}

export interface FunctionType {
  ret: TypeRef;
  params: Param[];
  variadic?: boolean;
  /** As written, e.g. `WINAPI`; absent when none was. */
  callconv?: string;
}
