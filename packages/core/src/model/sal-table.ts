// What an annotation name means, independent of its generation: `_IRQL_requires_max_` and `__drv_maxIRQL` are one kind. Names, argument
// counts and places are those of Microsoft's public documentation of SAL 2 and of the driver annotations (learn.microsoft.com,
// "Understanding SAL", "SAL 2 annotations for Windows drivers", "Annotating locking behavior"). Buffer sizes and ranges are not read.

export type SalKind =
  | 'irql-requires' | 'irql-min' | 'irql-max' | 'irql-same' | 'irql-raises' | 'irql-saves' | 'irql-restores'
  | 'irql-saves-global' | 'irql-restores-global' | 'irql-always-max' | 'irql-always-min' | 'irql-limited'
  | 'irql-uses-cancel' | 'irql-is-cancel'
  | 'lock-acquires' | 'lock-releases' | 'lock-held' | 'lock-not-held' | 'lock-none-held' | 'lock-guards' | 'lock-other'
  | 'function-class' | 'dispatch-type' | 'must-inspect' | 'use-decl' | 'clear-do-init' | 'strict-type'
  | 'float-saved' | 'float-restored' | 'float-used' | 'noreturn' | 'success'
  | 'param' | 'return' | 'other';

/** How the arguments of a composing annotation are read: `_When_(cond, list)`, `_At_(target, list)`, `_Always_(list)`. */
export type SalWrapper = 'when' | 'at' | 'always' | 'failure' | 'group';

export type LockMode = 'any' | 'exclusive' | 'shared';

export interface SalMeaning {
  readonly kind: SalKind;
  readonly wrapper?: SalWrapper;
  /** Least and greatest number of arguments; absent where it is not checked. */
  readonly args?: readonly [number, number];
  readonly mode?: LockMode;
  /** The lock is not an argument but this resource (`_Global_cancel_spin_lock_`). */
  readonly lock?: string;
  /** Index of the argument that names the lock, when it is not the first. */
  readonly lockArg?: number;
  /** Has sense on a whole function only. */
  readonly functionOnly?: boolean;
}

const level = (kind: SalKind): SalMeaning => ({ kind, args: [1, 1] });
const plain = (kind: SalKind): SalMeaning => ({ kind, args: [0, 0] });
const wrap = (wrapper: SalWrapper, count: number): SalMeaning => ({ kind: 'other', wrapper, args: [count, count] });
const lock = (kind: SalKind, mode: LockMode = 'any'): SalMeaning => ({ kind, args: [1, 1], mode });
const resource = (kind: SalKind, name: string): SalMeaning => ({ kind, args: [0, 0], mode: 'any', lock: name });
const global = (kind: SalKind, mode: LockMode = 'any'): SalMeaning => ({ kind, args: [2, 2], mode, lockArg: 1 });
/** `__drv_acquiresResource(kind)` stands on the lock parameter itself: the argument is the kind, not the lock. */
const onParam = (kind: SalKind, mode: LockMode = 'any'): SalMeaning => ({ kind, args: [1, 1], mode, lockArg: -1 });

const functionOnly = (kind: SalKind): SalMeaning => ({ kind, args: [2, 2], functionOnly: true });

const meanings: Readonly<Record<string, SalMeaning>> = {
  _IRQL_requires_: level('irql-requires'), __drv_requiresIRQL: level('irql-requires'),
  _IRQL_requires_max_: level('irql-max'), __drv_maxIRQL: level('irql-max'),
  _IRQL_requires_min_: level('irql-min'), __drv_minIRQL: level('irql-min'),
  _IRQL_requires_same_: plain('irql-same'), __drv_sameIRQL: plain('irql-same'),
  _IRQL_raises_: level('irql-raises'), __drv_raisesIRQL: level('irql-raises'), __drv_setsIRQL: level('irql-raises'),
  _IRQL_saves_: plain('irql-saves'), __drv_savesIRQL: plain('irql-saves'),
  _IRQL_restores_: plain('irql-restores'), __drv_restoresIRQL: plain('irql-restores'),
  _IRQL_saves_global_: functionOnly('irql-saves-global'), __drv_savesIRQLGlobal: functionOnly('irql-saves-global'),
  _IRQL_restores_global_: functionOnly('irql-restores-global'), __drv_restoresIRQLGlobal: functionOnly('irql-restores-global'),
  _IRQL_always_function_max_: level('irql-always-max'), __drv_maxFunctionIRQL: level('irql-always-max'),
  _IRQL_always_function_min_: level('irql-always-min'), __drv_minFunctionIRQL: level('irql-always-min'),
  _IRQL_limited_to_: level('irql-limited'), __drv_limitedIRQL: level('irql-limited'),
  _IRQL_uses_cancel_: plain('irql-uses-cancel'), __drv_useCancelIRQL: plain('irql-uses-cancel'),
  _IRQL_is_cancel_: plain('irql-is-cancel'), __drv_isCancelIRQL: plain('irql-is-cancel'),

  _Acquires_lock_: lock('lock-acquires'), _Acquires_exclusive_lock_: lock('lock-acquires', 'exclusive'),
  _Acquires_shared_lock_: lock('lock-acquires', 'shared'), _Acquires_nonreentrant_lock_: lock('lock-acquires', 'exclusive'),
  _Releases_lock_: lock('lock-releases'), _Releases_exclusive_lock_: lock('lock-releases', 'exclusive'),
  _Releases_shared_lock_: lock('lock-releases', 'shared'), _Releases_nonreentrant_lock_: lock('lock-releases', 'exclusive'),
  _Requires_lock_held_: lock('lock-held'), _Requires_exclusive_lock_held_: lock('lock-held', 'exclusive'),
  _Requires_shared_lock_held_: lock('lock-held', 'shared'), _Requires_lock_not_held_: lock('lock-not-held'),
  _Requires_no_locks_held_: plain('lock-none-held'),
  _Guarded_by_: lock('lock-guards'), _Write_guarded_by_: lock('lock-guards'), __guarded_by: lock('lock-guards'),
  _Post_same_lock_: { kind: 'lock-other', args: [2, 2] }, _Interlocked_: plain('lock-other'), _Interlocked_operand_: plain('lock-other'),
  _Has_lock_kind_: lock('lock-other'), _Has_lock_level_: lock('lock-other'), _Create_lock_level_: lock('lock-other'),
  _Lock_level_order_: { kind: 'lock-other', args: [2, 2] }, _No_competing_thread_: plain('lock-other'),
  _Kernel_acquires_resource_: onParam('lock-acquires'), _Kernel_releases_resource_: onParam('lock-releases'),
  _Kernel_requires_resource_held_: onParam('lock-held'), _Kernel_requires_resource_not_held_: onParam('lock-not-held'),
  _Ndis_acquires_lock_: lock('lock-acquires'), _Ndis_acquires_exclusive_lock_: lock('lock-acquires', 'exclusive'),
  _Ndis_acquires_shared_lock_: lock('lock-acquires', 'shared'), _Ndis_releases_lock_: lock('lock-releases'),

  __drv_acquiresResource: onParam('lock-acquires'), __drv_releasesResource: onParam('lock-releases'),
  __drv_acquiresExclusiveResource: onParam('lock-acquires', 'exclusive'),
  __drv_releasesExclusiveResource: onParam('lock-releases', 'exclusive'),
  __drv_acquiresResourceGlobal: global('lock-acquires'), __drv_releasesResourceGlobal: global('lock-releases'),
  __drv_acquiresExclusiveResourceGlobal: global('lock-acquires', 'exclusive'),
  __drv_releasesExclusiveResourceGlobal: global('lock-releases', 'exclusive'),
  __drv_mustHold: onParam('lock-held'), __drv_neverHold: onParam('lock-not-held'),
  __drv_mustHoldGlobal: global('lock-held'), __drv_neverHoldGlobal: global('lock-not-held'),
  __drv_acquiresCancelSpinLock: resource('lock-acquires', '_Global_cancel_spin_lock_'),
  __drv_releasesCancelSpinLock: resource('lock-releases', '_Global_cancel_spin_lock_'),
  __drv_mustHoldCancelSpinLock: resource('lock-held', '_Global_cancel_spin_lock_'),
  __drv_holdsCancelSpinLock: resource('lock-held', '_Global_cancel_spin_lock_'),
  __drv_neverHoldCancelSpinLock: resource('lock-not-held', '_Global_cancel_spin_lock_'),
  __drv_acquiresCriticalRegion: resource('lock-acquires', '_Global_critical_region_'),
  __drv_releasesCriticalRegion: resource('lock-releases', '_Global_critical_region_'),
  __drv_mustHoldCriticalRegion: resource('lock-held', '_Global_critical_region_'),
  __drv_neverHoldCriticalRegion: resource('lock-not-held', '_Global_critical_region_'),
  __drv_acquiresPriorityRegion: resource('lock-acquires', '_Global_priority_region_'),
  __drv_releasesPriorityRegion: resource('lock-releases', '_Global_priority_region_'),

  _Function_class_: level('function-class'), __drv_functionClass: level('function-class'),
  _Dispatch_type_: level('dispatch-type'), __drv_dispatchType: level('dispatch-type'), __drv_dispatchType_other: plain('dispatch-type'),
  _Check_return_: plain('must-inspect'), _Check_return_wat_: plain('must-inspect'), _Must_inspect_result_: plain('must-inspect'),
  __checkReturn: plain('must-inspect'), __drv_reportError: level('other'),
  _Use_decl_annotations_: plain('use-decl'), __use_decl_annotations: plain('use-decl'),
  _Kernel_clear_do_init_: level('clear-do-init'), __drv_clearDoInit: level('clear-do-init'),
  _Strict_type_match_: plain('strict-type'), __drv_strictTypeMatch: level('strict-type'), __drv_strictType: { kind: 'strict-type', args: [2, 2] },
  _Kernel_float_saved_: plain('float-saved'), __drv_floatSaved: plain('float-saved'),
  _Kernel_float_restored_: plain('float-restored'), __drv_floatRestored: plain('float-restored'),
  _Kernel_float_used_: plain('float-used'), __drv_floatUsed: plain('float-used'),
  _Analysis_noreturn_: plain('noreturn'), DECLSPEC_NORETURN: plain('noreturn'),
  _Success_: level('success'), __success: level('success'), _Return_type_success_: level('other'),

  _When_: wrap('when', 2), __drv_when: wrap('when', 2),
  _At_: wrap('at', 2), __drv_arg: wrap('at', 2), _At_buffer_: { kind: 'other', args: [4, 4] },
  _Always_: wrap('always', 1), _On_failure_: wrap('failure', 1), __drv_ret: wrap('group', 1), __drv_fun: wrap('group', 1),
  _Group_: wrap('group', 1), __drv_in: wrap('group', 1), __drv_out: wrap('group', 1), __drv_inout: wrap('group', 1),
  _Pre_satisfies_: level('other'), _Post_satisfies_: level('other'), _In_range_: { kind: 'param', args: [2, 2] },
  __drv_allocatesMem: level('other'), __drv_freesMem: level('other'), __drv_aliasesMem: plain('other'), _In_freesMem_: plain('param'),
};

/** Meaning of a name of the table, or undefined: it may still be an annotation by its shape (`_In_reads_`). */
export function meaningOf(name: string): SalMeaning | undefined {
  return Object.hasOwn(meanings, name) ? meanings[name] : undefined;
}

export interface ParamMeaning { dir: 'in' | 'out' | 'inout'; optional: boolean; /** `IN`, `OUT`, `OPTIONAL`: prose, not SAL. */ bare?: boolean }

/** Direction and optionality that a parameter annotation states, of any generation; undefined when it states none. */
export function paramMeaning(name: string): ParamMeaning | undefined {
  if (name === 'IN') return { dir: 'in', optional: false, bare: true };
  if (name === 'OUT') return { dir: 'out', optional: false, bare: true };
  if (name === 'INOUT') return { dir: 'inout', optional: false, bare: true };
  const two = /^_(?:(In)|(Inout)|(Out|Outptr|COM_Outptr|Outref)|(Reserved)|(Frees_ptr))_(.*)$/.exec(name);
  if (two) {
    const rest = two[6] ?? '';
    const optional = /(^|_)opt_/.test(rest) || two[4] !== undefined;
    return { dir: two[2] ? 'inout' : two[3] ? 'out' : 'in', optional };
  }
  const one = /^__(?:RPC__)?(deref_)?(opt_)?(deref_)?(in|out|inout)(_.*)?$/.exec(name);
  if (!one) return name === '__reserved' ? { dir: 'in', optional: true } : undefined;
  const deref = one[1] !== undefined || one[3] !== undefined;
  const optional = one[2] !== undefined || (!deref && /_opt(_|$)/.test(one[5] ?? ''));
  return { dir: one[4] as 'in' | 'out' | 'inout', optional };
}

/** Looks like SAL of either generation by its form alone: `_Xxx_`, `__drv_xxx`, `__in_ecount`, `__deref_out`. */
export function looksLikeSal(name: string): boolean {
  if (meaningOf(name) !== undefined) return true;
  if (/^_[A-Z][A-Za-z0-9]*_\w*$/.test(name) && name.endsWith('_') && /[a-z]/.test(name)) return true;
  return /^__drv_[a-z]\w*$/.test(name) || /^__(RPC__)?(deref_)?(opt_)?(in|out|inout)(_[a-z]\w*)?$/.test(name);
}
