// Names of source annotations and decorations: what kind each is, how the old SAL spellings map to the new ones, how many
// arguments they take. From data/annotations.json (what real drivers use), the SAL pages of Microsoft's documentation, and a
// shape rule for names that neither lists.

import { ANNOTATIONS } from './generated/annotations.js';

export type AnnotationKind =
  | 'sal-param' | 'sal-function' | 'irql' | 'lock' | 'float' | 'callconv' | 'storage' | 'statement' | 'seh' | 'qualifier';

export interface AnnotationInfo {
  kind: AnnotationKind;
  /** The modern spelling: `_IRQL_requires_max_` for `__drv_maxIRQL`; the name itself otherwise. */
  modern: string;
  /** Allowed number of arguments; `max` Infinity for variadic. Absent when not known. */
  args?: { min: number; max: number };
}

/** [old name, modern name]. Source: driverspecs.h to SAL 2.0 tables of "SAL 2.0 Annotations for Windows Drivers", sal.h. */
const OLD_TO_NEW = `__drv_maxIRQL=_IRQL_requires_max_ __drv_minIRQL=_IRQL_requires_min_ __drv_requiresIRQL=_IRQL_requires_
__drv_raisesIRQL=_IRQL_raises_ __drv_savesIRQL=_IRQL_saves_ __drv_restoresIRQL=_IRQL_restores_ __drv_savesIRQLGlobal=_IRQL_saves_global_
__drv_restoresIRQLGlobal=_IRQL_restores_global_ __drv_sameIRQL=_IRQL_requires_same_ __drv_maxFunctionIRQL=_IRQL_always_function_max_
__drv_minFunctionIRQL=_IRQL_always_function_min_ __drv_isCancelIRQL=_IRQL_is_cancel_ __drv_useCancelIRQL=_IRQL_uses_cancel_
__drv_setsIRQL=_IRQL_raises_ __drv_functionClass=_Function_class_ __drv_dispatchType=_Dispatch_type_ __drv_when=_When_ __drv_at=_At_
__drv_arg=_At_ __drv_ret=_At_return_ __drv_mustHold=_Requires_lock_held_ __drv_neverHold=_Requires_lock_not_held_
__drv_mustHoldCriticalRegion=_Requires_critical_region_ __drv_acquiresExclusiveResource=_Acquires_exclusive_lock_
__drv_releasesExclusiveResource=_Releases_exclusive_lock_ __drv_acquiresResource=_Acquires_lock_ __drv_releasesResource=_Releases_lock_
__drv_acquiresCriticalRegion=_Acquires_critical_region_ __drv_releasesCriticalRegion=_Releases_critical_region_
__drv_acquiresSpinLock=_Acquires_spin_lock_ __drv_acquiresCancelSpinLock=_Acquires_cancel_spin_lock_
__drv_releasesCancelSpinLock=_Releases_cancel_spin_lock_ __drv_mustHoldCancelSpinLock=_Requires_cancel_spin_lock_held_
__drv_neverHoldCancelSpinLock=_Requires_cancel_spin_lock_not_held_ __drv_mustHoldGlobal=_Requires_lock_held_
__drv_acquiresExclusiveResourceGlobal=_Acquires_exclusive_lock_ __drv_releasesExclusiveResourceGlobal=_Releases_exclusive_lock_
__drv_floatSaved=_Kernel_float_saved_ __drv_floatRestored=_Kernel_float_restored_ __drv_floatUsed=_Kernel_float_used_
__drv_clearDoInit=_Kernel_clear_do_init_ __drv_strictType=_Strict_type_match_ __drv_strictTypeMatch=_Strict_type_match_
__drv_freesMem=__drv_freesMem __drv_allocatesMem=__drv_allocatesMem __drv_aliasesMem=__drv_aliasesMem __drv_reportError=__drv_reportError
__drv_interlocked=_Interlocked_operand_ __drv_inTry=_In_try_block_ __drv_notInTry=_Not_in_try_block_
__drv_fun=_Function_ __drv_valueIs=_Return_value_is_ __checkReturn=_Check_return_ __success=_Success_ __nullterminated=_Null_terminated_
__in=_In_ __out=_Out_ __inout=_Inout_ __in_opt=_In_opt_ __out_opt=_Out_opt_ __inout_opt=_Inout_opt_ __deref_out=_Outptr_
__deref_out_opt=_Outptr_result_maybenull_ __deref_opt_out=_Outptr_opt_ __deref_opt_out_opt=_Outptr_opt_result_maybenull_
__in_ecount=_In_reads_ __in_ecount_opt=_In_reads_opt_ __in_bcount=_In_reads_bytes_ __in_bcount_opt=_In_reads_bytes_opt_
__out_ecount=_Out_writes_ __out_ecount_opt=_Out_writes_opt_ __out_bcount=_Out_writes_bytes_ __out_bcount_opt=_Out_writes_bytes_opt_
__out_ecount_part=_Out_writes_to_ __out_ecount_part_opt=_Out_writes_to_opt_ __out_bcount_part=_Out_writes_bytes_to_
__out_bcount_part_opt=_Out_writes_bytes_to_opt_ __inout_ecount=_Inout_updates_ __inout_ecount_opt=_Inout_updates_opt_
__inout_bcount=_Inout_updates_bytes_ __inout_bcount_opt=_Inout_updates_bytes_opt_ __in_z=_In_z_ __in_z_opt=_In_opt_z_
__out_z=_Out_z_ __deref_in=_Deref_in_ __reserved=_Reserved_ __field_ecount=_Field_size_ __field_bcount=_Field_size_bytes_
__field_ecount_opt=_Field_size_opt_ __field_bcount_opt=_Field_size_bytes_opt_ __range=_In_range_ __in_range=_In_range_ __out_range=_Out_range_
__callback=_Callback_ __override=_Override_ __fallthrough=_Fallthrough_ __analysis_assume=_Analysis_assume_
__analysis_assume_nullterminated=_Analysis_assume_nullterminated_ __analysis_noreturn=_Analysis_noreturn_ __format_string=_Printf_format_string_
__use_decl_annotations=_Use_decl_annotations_ __control_entrypoint=_Kernel_entry_ __kernel_entry=_Kernel_entry_ IN=_In_ OUT=_Out_ OPTIONAL=_Optional_`;

/** Argument counts of the annotations that drvlint reads: name=exact or name=min-max. Source: driverspecs.h / sal.h pages. */
const ARGS = `_IRQL_requires_max_=1 _IRQL_requires_min_=1 _IRQL_requires_=1 _IRQL_raises_=1 _IRQL_saves_=0 _IRQL_restores_=0 _IRQL_requires_same_=0
_IRQL_saves_global_=2 _IRQL_restores_global_=2 _IRQL_always_function_max_=1 _IRQL_always_function_min_=1 _IRQL_limited_to_=1
_IRQL_is_cancel_=0 _IRQL_uses_cancel_=0 _Function_class_=1 _Dispatch_type_=1 _When_=2 _At_=2 _At_buffer_=4
_Requires_lock_held_=1 _Requires_lock_not_held_=1 _Requires_exclusive_lock_held_=1 _Requires_shared_lock_held_=1 _Requires_no_locks_held_=0
_Acquires_lock_=1 _Releases_lock_=1 _Acquires_exclusive_lock_=1 _Releases_exclusive_lock_=1 _Acquires_shared_lock_=1 _Releases_shared_lock_=1
_Acquires_nonreentrant_lock_=1 _Releases_nonreentrant_lock_=1 _Acquires_spin_lock_=1 _Releases_spin_lock_=1 _Requires_spin_lock_held_=1
_Guarded_by_=1 _Write_guarded_by_=1 _Has_lock_level_=1 _Has_lock_kind_=1 _Create_lock_level_=1 _Lock_level_order_=2 _Post_same_lock_=2
_Kernel_float_saved_=0 _Kernel_float_restored_=0 _Kernel_float_used_=0 _Kernel_clear_do_init_=1 _Kernel_entry_=0 _Kernel_requires_resource_held_=1
_Kernel_acquires_resource_=1 _Kernel_releases_resource_=1 _Check_return_=0 _Must_inspect_result_=0 _Use_decl_annotations_=0 _Success_=1
_On_failure_=1 _Always_=1 _Return_type_success_=1 _Strict_type_match_=0 _In_=0 _In_opt_=0 _Out_=0 _Out_opt_=0 _Inout_=0 _Inout_opt_=0
_Outptr_=0 _Outptr_opt_=0 _Outptr_result_maybenull_=0 _Outptr_opt_result_maybenull_=0 _Reserved_=0 _In_reads_=1 _In_reads_opt_=1
_In_reads_bytes_=1 _In_reads_bytes_opt_=1 _Out_writes_=1 _Out_writes_opt_=1 _Out_writes_bytes_=1 _Out_writes_bytes_opt_=1 _Out_writes_to_=2
_Out_writes_to_opt_=2 _Out_writes_bytes_to_=2 _Out_writes_bytes_to_opt_=2 _Inout_updates_=1 _Inout_updates_opt_=1 _Inout_updates_bytes_=1
_Inout_updates_bytes_opt_=1 _In_range_=2 _Out_range_=2 _Field_range_=2 _Ret_range_=2 _Field_size_=1 _Field_size_bytes_=1 _Field_size_opt_=1
_Field_size_bytes_opt_=1 _In_z_=0 _In_opt_z_=0 _Null_terminated_=0 _Printf_format_string_=0 _Global_critical_region_=0 _Interlocked_operand_=0
_Analysis_assume_=1 _Analysis_assume_lock_held_=1 _Analysis_assume_lock_not_held_=1 _Analysis_assume_lock_acquired_=1
_Analysis_assume_lock_released_=1 _Analysis_suppress_lock_checking_=1 _Struct_size_bytes_=1 __drv_aliasesMem=0 __drv_freesMem=1
__drv_allocatesMem=1 __drv_reportError=1`;

const IRQL_SHAPE = /^_IRQL_\w+_$/;
const FLOAT_SHAPE = /^_Kernel_float_\w+_$/;
const LOCK_SHAPE = /^_(?:\w+_)?(?:lock|locks|critical_region|resource)(?:_\w+)?_$|^_(?:Write_)?[Gg]uarded_by_$|^_Interlocked_\w*_?$|_spin_lock_/;
const SAL_SHAPE = /^_[A-Z]\w*_$/;
const OLD_SHAPE = /^__(?:drv_\w+|(?:deref_|opt_)*(?:in|out|inout)(?:_\w+)?|field_[be]count\w*|RPC__\w+|bcount\w*|ecount\w*)$/;
const FUNCTION_NAMES = new Set(['_Function_class_', '_Dispatch_type_', '_When_', '_At_', '_At_buffer_', '_Check_return_', '_Must_inspect_result_',
  '_Use_decl_annotations_', '_Success_', '_On_failure_', '_Always_', '_Return_type_success_', '_Kernel_entry_', '_Kernel_clear_do_init_',
  '_Analysis_noreturn_', '_Strict_type_match_', '_Enum_is_bitflag_', '_Struct_size_bytes_', '_Callback_']);

interface Tables { kinds: Map<string, AnnotationKind>; withArgs: Set<string>; modern: Map<string, string>; args: Map<string, { min: number; max: number }> }

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
  for (const word of words(OLD_TO_NEW)) made.modern.set(...(word.split('=') as [string, string]));
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
  return tablesOnce().modern.get(name) ?? name;
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
  if (now !== undefined) return kindByShape(now) ?? kinds.get(name);
  const shaped = kindByShape(name);
  return shaped === undefined || shaped === 'sal-param' ? kinds.get(name) ?? shaped : shaped;
}

/** Everything known about an annotation name. */
export function annotation(name: string): AnnotationInfo | undefined {
  const kind = annotationKind(name);
  if (!kind) return undefined;
  const modern = modernAnnotation(name);
  const args = tablesOnce().args.get(modern);
  return { kind, modern, ...(args ? { args } : {}) };
}

/** True for a name that is written with an argument list as far as the scanned drivers show. */
export function takesArguments(name: string): boolean {
  const { args, withArgs } = tablesOnce();
  const counts = args.get(modernAnnotation(name));
  return counts ? counts.max > 0 : withArgs.has(name);
}

/** SAL of either generation (bare IN, OUT, OPTIONAL are none). */
export function isSal(name: string): boolean {
  if (name === 'IN' || name === 'OUT' || name === 'OPTIONAL') return false;
  const kind = annotationKind(name);
  return kind === 'sal-param' || kind === 'sal-function' || kind === 'irql' || kind === 'lock' || kind === 'float';
}
