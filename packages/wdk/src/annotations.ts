// Names of source annotations and decorations: what kind each is, how the old SAL spellings map to the new ones, how many
// arguments they take. From data/annotations.json (what real drivers use), the SAL pages of Microsoft's documentation, and a
// shape rule for names that neither lists.

import { ANNOTATIONS, SAL_ARGS } from './generated/annotations.js';

export type AnnotationKind =
  | 'sal-param' | 'sal-function' | 'irql' | 'lock' | 'float' | 'callconv' | 'storage' | 'statement' | 'seh' | 'qualifier';

export interface AnnotationInfo {
  kind: AnnotationKind;
  /** The modern spelling: `_IRQL_requires_max_` for `__drv_maxIRQL`; the name itself otherwise. */
  modern: string;
  /** Arguments that the old spelling implies: `_Global_cancel_spin_lock_` for `__drv_acquiresCancelSpinLock`. */
  implied?: string[];
  /** Allowed number of arguments; `max` Infinity for variadic. Absent when not known. */
  args?: { min: number; max: number };
}

/**
 * `old=modern`, with the arguments the old name implies after a slash. Source: driverspecs.h as documented in "SAL 2.0 Annotations for
 * Windows Drivers" and specstrings.h to sal.h.
 */
const OLD_TO_NEW = `__drv_maxIRQL=_IRQL_requires_max_ __drv_minIRQL=_IRQL_requires_min_ __drv_requiresIRQL=_IRQL_requires_
__drv_raisesIRQL=_IRQL_raises_ __drv_setsIRQL=_IRQL_raises_ __drv_savesIRQL=_IRQL_saves_ __drv_restoresIRQL=_IRQL_restores_
__drv_savesIRQLGlobal=_IRQL_saves_global_ __drv_restoresIRQLGlobal=_IRQL_restores_global_ __drv_sameIRQL=_IRQL_requires_same_
__drv_maxFunctionIRQL=_IRQL_always_function_max_ __drv_minFunctionIRQL=_IRQL_always_function_min_ __drv_isCancelIRQL=_IRQL_is_cancel_
__drv_useCancelIRQL=_IRQL_uses_cancel_ __drv_functionClass=_Function_class_ __drv_dispatchType=_Dispatch_type_
__drv_dispatchType_other=_Dispatch_type_/IRP_MJ_OTHER __drv_when=_When_ __drv_at=_At_ __drv_arg=_At_
__drv_mustHold=_Requires_lock_held_ __drv_neverHold=_Requires_lock_not_held_ __drv_mustHoldGlobal=_Requires_lock_held_ __drv_neverHoldGlobal=_Requires_lock_not_held_
__drv_acquiresResource=_Acquires_nonreentrant_lock_ __drv_releasesResource=_Releases_nonreentrant_lock_
__drv_acquiresExclusiveResource=_Acquires_nonreentrant_lock_ __drv_releasesExclusiveResource=_Releases_nonreentrant_lock_
__drv_acquiresResourceGlobal=_Acquires_lock_ __drv_releasesResourceGlobal=_Releases_lock_
__drv_acquiresExclusiveResourceGlobal=_Acquires_nonreentrant_lock_ __drv_releasesExclusiveResourceGlobal=_Releases_nonreentrant_lock_
__drv_mustHoldCriticalRegion=_Requires_lock_held_/_Global_critical_region_ __drv_neverHoldCriticalRegion=_Requires_lock_not_held_/_Global_critical_region_
__drv_acquiresCriticalRegion=_Acquires_lock_/_Global_critical_region_ __drv_releasesCriticalRegion=_Releases_lock_/_Global_critical_region_
__drv_mustHoldCancelSpinLock=_Requires_lock_held_/_Global_cancel_spin_lock_ __drv_neverHoldCancelSpinLock=_Requires_lock_not_held_/_Global_cancel_spin_lock_
__drv_acquiresCancelSpinLock=_Acquires_nonreentrant_lock_/_Global_cancel_spin_lock_ __drv_releasesCancelSpinLock=_Releases_nonreentrant_lock_/_Global_cancel_spin_lock_
__drv_floatSaved=_Kernel_float_saved_ __drv_floatRestored=_Kernel_float_restored_ __drv_floatUsed=_Kernel_float_used_
__drv_clearDoInit=_Kernel_clear_do_init_ __drv_strictType=_Strict_type_match_ __drv_strictTypeMatch=_Strict_type_match_
__drv_interlocked=_Interlocked_operand_ __checkReturn=_Check_return_ __success=_Success_ __nullterminated=_Null_terminated_
__in=_In_ __out=_Out_ __inout=_Inout_ __in_opt=_In_opt_ __out_opt=_Out_opt_ __inout_opt=_Inout_opt_ __deref_out=_Outptr_
__deref_out_opt=_Outptr_result_maybenull_ __deref_opt_out=_Outptr_opt_ __deref_opt_out_opt=_Outptr_opt_result_maybenull_
__in_ecount=_In_reads_ __in_ecount_opt=_In_reads_opt_ __in_bcount=_In_reads_bytes_ __in_bcount_opt=_In_reads_bytes_opt_
__out_ecount=_Out_writes_ __out_ecount_opt=_Out_writes_opt_ __out_bcount=_Out_writes_bytes_ __out_bcount_opt=_Out_writes_bytes_opt_
__out_ecount_part=_Out_writes_to_ __out_ecount_part_opt=_Out_writes_to_opt_ __out_bcount_part=_Out_writes_bytes_to_
__out_bcount_part_opt=_Out_writes_bytes_to_opt_ __inout_ecount=_Inout_updates_ __inout_ecount_opt=_Inout_updates_opt_
__inout_bcount=_Inout_updates_bytes_ __inout_bcount_opt=_Inout_updates_bytes_opt_ __in_z=_In_z_ __in_z_opt=_In_opt_z_ __out_z=_Out_z_
__reserved=_Reserved_ __field_ecount=_Field_size_ __field_bcount=_Field_size_bytes_ __field_ecount_opt=_Field_size_opt_
__field_bcount_opt=_Field_size_bytes_opt_ __in_range=_In_range_ __out_range=_Out_range_ __callback=_Callback_
__analysis_assume=_Analysis_assume_ __analysis_assume_nullterminated=_Analysis_assume_nullterminated_ __analysis_noreturn=_Analysis_noreturn_
__format_string=_Printf_format_string_ __use_decl_annotations=_Use_decl_annotations_ __kernel_entry=_Kernel_entry_
IN=_In_ OUT=_Out_`;

/** Argument counts that data/sal.json lacks: name=exact or name=min-max. Source: "IRQL Annotations for Drivers" and kernelspecs.h pages. */
const ARGS = `_IRQL_saves_global_=2 _IRQL_restores_global_=2 _IRQL_always_function_max_=1 _IRQL_always_function_min_=1 _IRQL_limited_to_=1
_IRQL_is_cancel_=0 _IRQL_uses_cancel_=0 _IRQL_requires_max_=1 _IRQL_requires_min_=1 _IRQL_requires_=1 _IRQL_raises_=1 _IRQL_saves_=0 _IRQL_restores_=0
_IRQL_requires_same_=0 _Function_class_=1 _Dispatch_type_=1 _At_buffer_=4
_Kernel_float_saved_=0 _Kernel_float_restored_=0 _Kernel_float_used_=0 _Kernel_clear_do_init_=1 _Kernel_entry_=0 _Kernel_requires_resource_held_=1
_Kernel_acquires_resource_=1 _Kernel_releases_resource_=1 _Kernel_requires_resource_not_held_=1 _Kernel_IoGetDmaAdapter_=0
_Strict_type_match_=0 _Global_critical_region_=0 _Global_cancel_spin_lock_=0 _Interlocked_operand_=0 _Struct_size_bytes_=1
_Ndis_acquires_lock_=1 _Ndis_releases_lock_=1 _Ndis_acquires_exclusive_lock_=1 _Ndis_acquires_shared_lock_=1 __drv_reportError=1
_Flt_CompletionContext_Outptr_=0 _Flt_ConnectionCookie_Outptr_=0`;

const IRQL_SHAPE = /^_IRQL_\w+_$/;
const FLOAT_SHAPE = /^_Kernel_float_\w+_$/;
const LOCK_SHAPE = /^_(?:\w+_)?(?:lock|locks|critical_region|resource)(?:_\w+)?_$|^_(?:Write_)?[Gg]uarded_by_$|^_Interlocked_\w*_?$|_spin_lock_/;
const SAL_SHAPE = /^_[A-Z]\w*_$/;
const OLD_SHAPE = /^__(?:drv_\w+|(?:deref_|opt_)*(?:in|out|inout)(?:_\w+)?|field_[be]count\w*|RPC__\w+|bcount\w*|ecount\w*)$/;
const FUNCTION_NAMES = new Set(['_Function_class_', '_Dispatch_type_', '_When_', '_At_', '_At_buffer_', '_Check_return_', '_Must_inspect_result_',
  '_Use_decl_annotations_', '_Success_', '_On_failure_', '_Always_', '_Return_type_success_', '_Kernel_entry_', '_Kernel_clear_do_init_',
  '_Analysis_noreturn_', '_Strict_type_match_', '_Enum_is_bitflag_', '_Struct_size_bytes_', '_Callback_']);

interface Counts { min: number; max: number }
interface Tables { kinds: Map<string, AnnotationKind>; withArgs: Set<string>; modern: Map<string, { name: string; implied?: string }>; args: Map<string, Counts> }

let tables: Tables | undefined;

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

function build(): Tables {
  const made: Tables = { kinds: new Map(), withArgs: new Set(), modern: new Map(), args: new Map() };
  for (const line of ANNOTATIONS.split('\n')) {
    const [key, names] = line.split(';');
    const kind = key.replace('()', '').replace('statement(seh)', 'seh') as AnnotationKind;
    for (const name of names.split(' ')) {
      made.kinds.set(name, kind);
      if (key.endsWith('()')) made.withArgs.add(name);
    }
  }
  for (const word of words(OLD_TO_NEW)) {
    const [old, target] = word.split('=');
    const [name, implied] = target.split('/');
    made.modern.set(old, { name, ...(implied ? { implied } : {}) });
  }
  for (const line of SAL_ARGS.split('\n')) {
    const [count, names] = line.split(';');
    for (const name of names.split(' ')) made.args.set(name, { min: Number(count), max: Number(count) });
  }
  for (const word of words(ARGS)) {
    const [name, counts] = word.split('=');
    const [min, max = min] = counts.split('-').map(Number);
    made.args.set(name, { min, max });
  }
  return made;
}

function tablesOnce(): Tables {
  return (tables ??= build());
}

/** The modern spelling of an annotation; the name itself when it has no other. */
export function modernAnnotation(name: string): string {
  return tablesOnce().modern.get(name)?.name ?? name;
}

function kindByShape(name: string): AnnotationKind | undefined {
  if (IRQL_SHAPE.test(name)) return 'irql';
  if (FLOAT_SHAPE.test(name)) return 'float';
  if (FUNCTION_NAMES.has(name)) return 'sal-function';
  if (LOCK_SHAPE.test(name)) return 'lock';
  if (SAL_SHAPE.test(name) && /[a-z]/.test(name)) return 'sal-param';
  return OLD_SHAPE.test(name) ? 'sal-param' : undefined;
}

/** What a name in declaration position is; undefined for a name that is no known annotation or decoration. */
export function annotationKind(name: string): AnnotationKind | undefined {
  const { kinds, modern } = tablesOnce();
  const now = modern.get(name);
  if (now) return kindByShape(now.name) ?? kinds.get(name);
  const shaped = kindByShape(name);
  return shaped === undefined || shaped === 'sal-param' ? kinds.get(name) ?? shaped : shaped;
}

/** How many arguments an annotation takes as it is written; an old name that has no count of its own counts like the modern one. */
function argumentCounts(name: string): Counts | undefined {
  const { args, modern } = tablesOnce();
  const now = modern.get(name);
  return args.get(name) ?? (now?.implied ? { min: 0, max: 0 } : now && args.get(now.name));
}

/** Everything known about an annotation name. */
export function annotation(name: string): AnnotationInfo | undefined {
  const kind = annotationKind(name);
  if (!kind) return undefined;
  const now = tablesOnce().modern.get(name);
  const args = argumentCounts(name);
  return { kind, modern: now?.name ?? name, ...(now?.implied ? { implied: [now.implied] } : {}), ...(args ? { args } : {}) };
}

/** True for a name that is written with an argument list as far as the headers or the scanned drivers show. */
export function takesArguments(name: string): boolean {
  const counts = argumentCounts(name);
  return counts ? counts.max > 0 : tablesOnce().withArgs.has(name);
}

/** SAL of either generation (bare IN, OUT, OPTIONAL are none). */
export function isSal(name: string): boolean {
  if (name === 'IN' || name === 'OUT' || name === 'OPTIONAL') return false;
  const kind = annotationKind(name);
  return kind === 'sal-param' || kind === 'sal-function' || kind === 'irql' || kind === 'lock' || kind === 'float';
}
