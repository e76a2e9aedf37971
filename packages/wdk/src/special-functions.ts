// Small sets of names with a meaning of their own: calls that never return, assertion macros, the PAGED_CODE family.
// Sources: DDI pages of the functions, wdm.h / ntdef.h macro documentation.

const words = (text: string): ReadonlySet<string> => new Set(text.split(/\s+/).filter((word) => word !== ''));

/** Calls after which control does not come back. */
const NO_RETURN = words(`KeBugCheck KeBugCheckEx KeBugCheck2 ExRaiseStatus ExRaiseAccessViolation ExRaiseDatatypeMisalignment RtlRaiseStatus
  RtlFailFast RtlFailFast2 __fastfail PsTerminateSystemThread FsRtlRaiseStatus FsRtlNormalizeNtstatusAndRaise
  VideoPortBugCheckEx WdfVerifierKeBugCheck NdisRaiseStatus
  ExitProcess ExitThread FreeLibraryAndExitThread RaiseFailFastException abort exit _exit _Exit quick_exit terminate _endthread _endthreadex
  longjmp unreachable __builtin_unreachable FatalExit FatalAppExitA FatalAppExitW FatalAppExit`);

export function neverReturns(name: string): boolean {
  return NO_RETURN.has(name);
}

/** Macros whose condition holds afterwards. `checked: true`: the argument is evaluated in free builds too (VERIFY). */
const ASSERTIONS: ReadonlyMap<string, { arg: number; always: boolean }> = new Map([
  ...[...words(`ASSERT ASSERTMSG NT_ASSERT NT_ASSERTMSG NT_ASSERT_NOASSUME RTL_SOFT_ASSERT RTL_SOFT_ASSERTMSG RTL_ASSERT assert _ASSERT _ASSERTE
    NT_FRE_ASSERT NT_FRE_ASSERTMSG FLT_ASSERT FLT_ASSERTMSG KSASSERT StorPortAssert STOR_ASSERT _Analysis_assume_ __analysis_assume __assume
    NT_ANALYSIS_ASSUME`)].map((name): [string, { arg: number; always: boolean }] => [name, { arg: /MSG$/.test(name) ? 1 : 0, always: false }]),
  ...[...words('VERIFY NT_VERIFY NT_VERIFYMSG RTL_VERIFY')].map((name): [string, { arg: number; always: boolean }] => [name, { arg: name === 'NT_VERIFYMSG' ? 1 : 0, always: true }]),
]);

const ASSUMPTIONS = words('_Analysis_assume_ __analysis_assume __assume NT_ANALYSIS_ASSUME');

/** Tells analysers that its argument holds there, and does nothing at run time. */
export function isAssumption(name: string): boolean {
  return ASSUMPTIONS.has(name);
}

/** An assertion macro: which argument is the condition, and whether it is evaluated in every build. */
export function assertion(name: string): { arg: number; always: boolean } | undefined {
  return ASSERTIONS.get(name);
}

const PAGED_CODE = words('PAGED_CODE PAGED_CODE_LOCKED RTL_PAGED_CODE');

/** Macros that assert IRQL <= APC_LEVEL and say that the function is pageable. */
export function isPagedCodeMacro(name: string): boolean {
  return PAGED_CODE.has(name);
}

/** Macros that put the function they decorate into a PAGE section by their own name (windows-driver-samples, WIL headers). */
const PAGED_SEGMENT = words('PAGED_CODE_SEG PAGEDX PAGED');

export function isPagedSegmentMacro(name: string): boolean {
  return PAGED_SEGMENT.has(name);
}

/** Macros that only silence a warning about an unused name: an argument of theirs is no use of it. */
const QUIET = words('UNREFERENCED_PARAMETER DBG_UNREFERENCED_PARAMETER DBG_UNREFERENCED_LOCAL_VARIABLE');

export function marksUnused(name: string): boolean {
  return QUIET.has(name);
}

/** Calls and macros whose result is the current IRQL. */
const CURRENT_IRQL = words('KeGetCurrentIrql KeGetEffectiveIrql VideoPortGetCurrentIrql NDIS_CURRENT_IRQL NdisGetCurrentIrql');

export function returnsCurrentIrql(name: string): boolean {
  return CURRENT_IRQL.has(name);
}

/** Fields that hold an IRQL the system saved: `Irp->CancelIrql` is what the cancel spin lock is released to. */
export function isSavedIrqlField(field: string): boolean {
  return field === 'CancelIrql';
}

/** Floating point state: 0-based argument that holds the saved state; a save fails when the result is no success. */
const FLOAT: Readonly<Record<string, { does: 'save' | 'restore'; arg: number }>> = {
  KeSaveFloatingPointState: { does: 'save', arg: 0 }, KeRestoreFloatingPointState: { does: 'restore', arg: 0 },
  KeSaveExtendedProcessorState: { does: 'save', arg: 1 }, KeRestoreExtendedProcessorState: { does: 'restore', arg: 0 },
  EngSaveFloatingPointState: { does: 'save', arg: 0 }, EngRestoreFloatingPointState: { does: 'restore', arg: 0 },
};

export function floatState(name: string): { does: 'save' | 'restore'; arg: number } | undefined {
  return FLOAT[name];
}

/** What integers of a type stand for. Source: ntdef.h, winerror.h, oaidl.h; a BOOL is a truth value although it is an int. */
export type TypeMeaning = 'status' | 'hresult' | 'boolean';

const MEANINGS: ReadonlyMap<string, TypeMeaning> = new Map([
  ['NTSTATUS', 'status'], ['HRESULT', 'hresult'], ...[...words('BOOLEAN BOOL bool _Bool VARIANT_BOOL')].map((name): [string, TypeMeaning] => [name, 'boolean']),
]);

export function typeMeaning(name: string): TypeMeaning | undefined {
  return MEANINGS.get(name);
}

/** Macros that test a status code and give a truth value. */
const STATUS_TESTS: ReadonlyMap<string, 'status' | 'hresult'> = new Map([
  ...[...words('NT_SUCCESS NT_INFORMATION NT_WARNING NT_ERROR')].map((name): [string, 'status'] => [name, 'status']),
  ...[...words('SUCCEEDED FAILED IS_ERROR')].map((name): [string, 'hresult'] => [name, 'hresult']),
]);

/** What kind of code a test macro is for. */
export function statusTest(name: string): 'status' | 'hresult' | undefined {
  return STATUS_TESTS.get(name);
}

/** Functions that take one from a counter atomically and give the new value. Argument 0 is the counter's address. */
const DECREMENTS = words('InterlockedDecrement InterlockedDecrement64 InterlockedDecrement16 InterlockedDecrementAcquire InterlockedDecrementRelease InterlockedDecrementNoFence _InterlockedDecrement _InterlockedDecrement64');

export function isAtomicDecrement(name: string): boolean {
  return DECREMENTS.has(name);
}

/** Functions that create a device object: the argument that receives it. */
const DEVICE_CREATORS: ReadonlyMap<string, number> = new Map([['IoCreateDevice', 6], ['IoCreateDeviceSecure', 8], ['WdmlibIoCreateDeviceSecure', 8]]);

export function createsDevice(name: string): number | undefined {
  return DEVICE_CREATORS.get(name);
}
