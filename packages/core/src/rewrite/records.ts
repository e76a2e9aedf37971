// What was taken out of the text before it was parsed: one record per annotation or decoration, in order of position.

import type { Range } from '../source/range.js';

/** One SAL annotation (either generation), calling convention, `__declspec` or unknown decoration that was blanked. */
export interface Annotation extends Range {
  /** As written: `_IRQL_requires_max_`, `__drv_maxIRQL`, `_In_opt_`, `WINAPI`, `__declspec`, `_Use_decl_annotations_`. */
  name: string;
  /** Argument texts as written, trimmed; absent when there was no argument list. */
  args?: string[];
  /** Offset of each argument's first unit. */
  argStarts?: number[];
  /** What it looks like: SAL, calling convention, declspec, storage-like decoration (EXTERN_C, FORCEINLINE, unknown). */
  kind: 'sal' | 'callconv' | 'declspec' | 'decoration';
  /** Set when it came out of a project macro: that macro's name; the range is the use of the macro. */
  via?: string;
  /** The parentheses did not balance or the argument list could not be read. */
  malformed?: boolean;
}

/** `NAME(args)` outside of functions, blanked: `DEFINE_GUID(...)`, `WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(...)`, project macros. */
export interface MacroUse extends Range {
  name: string;
  /** Argument texts as written, trimmed; empty for a bare name. */
  args: string[];
  argStarts: number[];
}
