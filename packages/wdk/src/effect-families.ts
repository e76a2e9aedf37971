// Lock families: an acquire and a release belong together only inside one family. Source: the pairsWith lists of
// data/irql-effects.json and the DDI pages of the routines (Spin Locks; Fast Mutexes and Guarded Mutexes; ERESOURCE; NDIS locks).

export type LockFamily =
  | 'Irql' | 'KeSpinLock' | 'InStackQueued' | 'KeQueuedSpinLock' | 'KeInterruptSpinLock' | 'ExSpinLock' | 'CancelSpinLock' | 'VpbSpinLock'
  | 'FastMutex' | 'FastMutexUnsafe' | 'GuardedMutex' | 'GuardedMutexUnsafe' | 'CriticalRegion' | 'GuardedRegion' | 'Resource' | 'PushLock'
  | 'FltPushLock' | 'FltResource' | 'NdisSpinLock' | 'NdisRWLock' | 'NdisReadWriteLock' | 'WdfSpinLock' | 'WdfWaitLock' | 'WdfInterruptLock'
  | 'WdfObjectLock' | 'StorPortSpinLock' | 'StorPortMsiSpinLock' | 'VideoPortSpinLock' | 'VideoPortDeviceLock' | 'KsLock' | 'GpioInterruptLock'
  | 'FsRtlFile' | 'RundownProtection' | 'RemoveLock' | 'Dispatcher' | 'Interlocked' | 'CancelSafeQueue' | 'Callback' | 'ProcessAttach' | 'Io' | 'Other';

/** First match wins. */
const FAMILIES: readonly [RegExp, LockFamily][] = [
  [/RaiseIrql|LowerIrql|^NDIS_(?:RAISE|LOWER)_IRQL/, 'Irql'],
  [/InStackQueuedSpinLock/, 'InStackQueued'],
  [/QueuedSpinLock/, 'KeQueuedSpinLock'],
  [/^Ke\w+InterruptSpinLock$/, 'KeInterruptSpinLock'],
  [/^Ex\w*SpinLock(?:Shared|Exclusive)/, 'ExSpinLock'],
  [/^ExTryConvertSharedSpinLockExclusive$/, 'ExSpinLock'],
  [/^Io\w+CancelSpinLock$/, 'CancelSpinLock'],
  [/^Io\w+VpbSpinLock$/, 'VpbSpinLock'],
  [/^(?:Ke|Kf|Kef|Ex)\w*SpinLock/, 'KeSpinLock'],
  [/FastMutexUnsafe/, 'FastMutexUnsafe'],
  [/FastMutex$/, 'FastMutex'],
  [/GuardedMutexUnsafe$/, 'GuardedMutexUnsafe'],
  [/GuardedMutex$/, 'GuardedMutex'],
  [/^Ke(?:Enter|Leave)CriticalRegion$|^FsRtl(?:Enter|Exit)FileSystem$/, 'CriticalRegion'],
  [/^Ke(?:Enter|Leave)GuardedRegion$/, 'GuardedRegion'],
  [/^Flt\w+Resource/, 'FltResource'],
  [/^Flt\w+PushLock/, 'FltPushLock'],
  [/^Ex\w+PushLock/, 'PushLock'],
  [/^Ex\w+(?:Resource|SharedStarveExclusive|SharedWaitForExclusive|ExclusiveToSharedLite)/, 'Resource'],
  [/^Ndis\w*AcquireRWLock|^NdisReleaseRWLock$/, 'NdisRWLock'],
  [/^Ndis\w*ReadWriteLock$/, 'NdisReadWriteLock'],
  [/^Ndis(?:Dpr)?(?:Acquire|Release)SpinLock$/, 'NdisSpinLock'],
  [/^WdfSpinLock/, 'WdfSpinLock'],
  [/^WdfWaitLock/, 'WdfWaitLock'],
  [/^WdfInterrupt\w*Lock$/, 'WdfInterruptLock'],
  [/^WdfObject\w+Lock$/, 'WdfObjectLock'],
  [/^StorPort\w+MSISpinLock$/, 'StorPortMsiSpinLock'],
  [/^StorPort\w+SpinLock/, 'StorPortSpinLock'],
  [/^VideoPort\w+SpinLock/, 'VideoPortSpinLock'],
  [/^VideoPort\w+DeviceLock$/, 'VideoPortDeviceLock'],
  [/^Ks(?:Acquire|Release|Filter|Pin)/, 'KsLock'],
  [/^GPIO_CLX_\w+InterruptLock$/, 'GpioInterruptLock'],
  [/^FsRtl\w+File/, 'FsRtlFile'],
  [/RundownProtection/, 'RundownProtection'],
  [/RemoveLock/, 'RemoveLock'],
  [/^Ke(?:SetEvent|PulseEvent|Release(?:Mutex|Mutant|Semaphore)|WaitFor|DelayExecution|FlushQueuedDpcs|InsertQueueDpc)/, 'Dispatcher'],
  [/^(?:ExInterlocked|NdisInterlocked)/, 'Interlocked'],
  [/^IoCsq/, 'CancelSafeQueue'],
  [/Synchroniz|GenericCall|ExpandKernelStack/, 'Callback'],
  [/^Ke(?:Stack|Unstack)\w*Process$|AffinityThread/, 'ProcessAttach'],
  [/^Io(?:CallDriver|CompleteRequest|SetCancelRoutine)$/, 'Io'],
];

const SPIN: ReadonlySet<LockFamily> = new Set<LockFamily>(['KeSpinLock', 'InStackQueued', 'KeQueuedSpinLock', 'KeInterruptSpinLock', 'ExSpinLock',
  'CancelSpinLock', 'VpbSpinLock', 'NdisSpinLock', 'NdisRWLock', 'NdisReadWriteLock', 'WdfSpinLock', 'WdfInterruptLock', 'WdfObjectLock',
  'StorPortSpinLock', 'StorPortMsiSpinLock', 'VideoPortSpinLock', 'GpioInterruptLock']);

/** Family of a row of the effects table; 'Other' for a name that is in none. */
export function familyOf(name: string): { family: LockFamily; spin: boolean } {
  const family = FAMILIES.find(([pattern]) => pattern.test(name))?.[1] ?? 'Other';
  return { family, spin: SPIN.has(family) };
}

/** True when a lock acquired by a member of family `a` may be released by a member of `b`. */
export function sameLockFamily(a: LockFamily, b: LockFamily): boolean {
  return a === b;
}
