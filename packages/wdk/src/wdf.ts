// KMDF facts that a role alone does not tell: what an execution level, an object type or passive interrupt handling makes of the
// entry level of a callback. Source: MicrosoftDocs windows-driver-docs "Specifying Execution Level", EVT_WDF_* and WDF_* pages.

import type { EntryRange, LevelRange } from './roles.js';

export type ExecutionLevel = 'passive' | 'dispatch' | 'inherit';

/** Enumerators of WDF_EXECUTION_LEVEL. */
const EXECUTION: Readonly<Record<string, ExecutionLevel>> = {
  WdfExecutionLevelPassive: 'passive', WdfExecutionLevelDispatch: 'dispatch', WdfExecutionLevelInheritFromParent: 'inherit',
};

/** Reads the value stored to `WDF_OBJECT_ATTRIBUTES.ExecutionLevel`. */
export function executionLevel(enumerator: string): ExecutionLevel | undefined {
  return EXECUTION[enumerator];
}

/** Roles whose entry level follows the execution level of their object or its nearest ancestor that sets one. */
const FOLLOWS_LEVEL = new Set(`EVT_WDF_IO_QUEUE_IO_DEFAULT EVT_WDF_IO_QUEUE_IO_READ EVT_WDF_IO_QUEUE_IO_WRITE EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL
EVT_WDF_IO_QUEUE_IO_INTERNAL_DEVICE_CONTROL EVT_WDF_IO_QUEUE_IO_STOP EVT_WDF_IO_QUEUE_IO_RESUME EVT_WDF_IO_QUEUE_IO_CANCELED_ON_QUEUE
EVT_WDF_IO_QUEUE_STATE EVT_WDF_REQUEST_CANCEL EVT_WDF_TIMER`.split(/\s+/));

export function followsExecutionLevel(role: string): boolean {
  return FOLLOWS_LEVEL.has(role);
}

/** Entry range of a role under an execution level; undefined when the level does not matter or is inherited. */
export function entryUnder(role: string, level: ExecutionLevel): EntryRange | undefined {
  if (level === 'inherit' || !followsExecutionLevel(role)) return undefined;
  if (level === 'passive') return { min: 0, max: 0 };
  return role === 'EVT_WDF_TIMER' ? { min: 2, max: 2 } : { min: 0, max: 2 };
}

/** Roles that run at PASSIVE_LEVEL when `WDF_INTERRUPT_CONFIG.PassiveHandling` is TRUE, at device level otherwise. */
const INTERRUPT = new Set(['EVT_WDF_INTERRUPT_ISR', 'EVT_WDF_INTERRUPT_ENABLE', 'EVT_WDF_INTERRUPT_DISABLE', 'EVT_WDF_INTERRUPT_SYNCHRONIZE']);

/** Entry range of an interrupt callback; `passive` is what the driver stores in PassiveHandling (absent = FALSE). */
export function interruptEntry(role: string, passive: boolean): LevelRange | undefined {
  if (!INTERRUPT.has(role)) return undefined;
  return passive ? { min: 0, max: 0 } : { min: 3, max: 12 };
}

/** Object types whose EvtCleanupCallback and EvtDestroyCallback run at PASSIVE_LEVEL; others may run at up to DISPATCH_LEVEL. */
const PASSIVE_CLEANUP = new Set(['WDFDEVICE', 'WDFDRIVER', 'WDFDPC', 'WDFINTERRUPT', 'WDFIOTARGET', 'WDFQUEUE', 'WDFSTRING', 'WDFTIMER', 'WDFWORKITEM']);

/** Calls that create an object, by the handle type they make, and the 0-based index of their attributes argument. */
const CREATORS: Readonly<Record<string, [handle: string, attributes: number]>> = {
  WdfDriverCreate: ['WDFDRIVER', 2], WdfDeviceCreate: ['WDFDEVICE', 1], WdfIoQueueCreate: ['WDFQUEUE', 2], WdfDpcCreate: ['WDFDPC', 1],
  WdfTimerCreate: ['WDFTIMER', 1], WdfWorkItemCreate: ['WDFWORKITEM', 1], WdfInterruptCreate: ['WDFINTERRUPT', 2], WdfIoTargetCreate: ['WDFIOTARGET', 1],
  WdfStringCreate: ['WDFSTRING', 1], WdfMemoryCreate: ['WDFMEMORY', 0], WdfSpinLockCreate: ['WDFSPINLOCK', 0], WdfWaitLockCreate: ['WDFWAITLOCK', 0],
  WdfRequestCreate: ['WDFREQUEST', 0], WdfObjectCreate: ['WDFOBJECT', 0], WdfCollectionCreate: ['WDFCOLLECTION', 0],
  WdfDmaEnablerCreate: ['WDFDMAENABLER', 2], WdfDmaTransactionCreate: ['WDFDMATRANSACTION', 1], WdfLookasideListCreate: ['WDFLOOKASIDE', 0],
  WdfUsbTargetDeviceCreate: ['WDFUSBDEVICE', 1], WdfUsbTargetDeviceCreateWithParameters: ['WDFUSBDEVICE', 2], WdfCommonBufferCreate: ['WDFCOMMONBUFFER', 2],
};

/** The object type a creating call makes and which argument is its WDF_OBJECT_ATTRIBUTES. */
export function wdfCreator(fn: string): { handle: string; attributesArg: number } | undefined {
  const found = CREATORS[fn];
  return found ? { handle: found[0], attributesArg: found[1] } : undefined;
}

/** Entry range of EvtCleanupCallback / EvtDestroyCallback for an object of that handle type. */
export function contextCallbackEntry(handle: string): LevelRange {
  return PASSIVE_CLEANUP.has(handle) ? { min: 0, max: 0 } : { min: 0, max: 2 };
}

/** Role alias a cleanup or destroy callback should be declared with says which object it belongs to. */
const ALIAS_HANDLE: Readonly<Record<string, string>> = { DEVICE: 'WDFDEVICE', IO_QUEUE: 'WDFQUEUE', FILE: 'WDFFILEOBJECT' };

/** `EVT_WDF_DEVICE_CONTEXT_CLEANUP` -> 'WDFDEVICE'; undefined for the general role. */
export function handleOfContextRole(role: string): string | undefined {
  return ALIAS_HANDLE[/^EVT_WDF_(\w+)_CONTEXT_(?:CLEANUP|DESTROY)(?:_CALLBACK)?$/.exec(role)?.[1] ?? ''];
}

/**
 * The accessor function a context macro declares: `WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(T, Get)` makes `T *Get(WDFOBJECT)`,
 * `WDF_DECLARE_CONTEXT_TYPE(T)` makes `T *WdfObjectGet_T(WDFOBJECT)`. Undefined for another macro. Source: wdfobject.h page.
 */
export function contextAccessor(macro: string, args: readonly string[]): { name: string; type: string } | undefined {
  const [type, name] = args;
  if (type === undefined) return undefined;
  if (macro === 'WDF_DECLARE_CONTEXT_TYPE_WITH_NAME' && name !== undefined) return { name, type };
  return macro === 'WDF_DECLARE_CONTEXT_TYPE' ? { name: `WdfObjectGet_${type}`, type } : undefined;
}
