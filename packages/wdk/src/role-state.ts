// What holds when a callback is entered besides its level: locks the system took for it, where the level it must restore is kept, what
// its own parameters or flags say about the level. Sources: the pages of the roles (Cancel, CsqAcquireLock, HwStorStartIo, EvtInterruptIsr,
// MiniportSendNetBufferLists) and ndis.h macro pages.

/** A lock that is held on entry. */
export type EntryLock = 'cancel' | 'interrupt' | 'start-io' | 'csq' | 'dispatch-queue';

const ENTRY_LOCKS: Readonly<Record<string, EntryLock>> = {
  DRIVER_CANCEL: 'cancel', KSERVICE_ROUTINE: 'interrupt', KMESSAGE_SERVICE_ROUTINE: 'interrupt', KSYNCHRONIZE_ROUTINE: 'interrupt',
  EVT_WDF_INTERRUPT_ISR: 'interrupt', EVT_WDF_INTERRUPT_ENABLE: 'interrupt', EVT_WDF_INTERRUPT_DISABLE: 'interrupt', EVT_WDF_INTERRUPT_SYNCHRONIZE: 'interrupt',
  STOR_SYNCHRONIZED_ACCESS: 'interrupt', MINIPORT_SYNCHRONIZE_INTERRUPT: 'interrupt', HW_INTERRUPT: 'interrupt', HW_STARTIO: 'start-io',
  IO_CSQ_INSERT_IRP: 'csq', IO_CSQ_INSERT_IRP_EX: 'csq', IO_CSQ_REMOVE_IRP: 'csq', IO_CSQ_PEEK_NEXT_IRP: 'csq',
};

export function lockAtEntry(role: string): EntryLock | undefined {
  return ENTRY_LOCKS[role];
}

/**
 * How a role that does not leave at its entry level must leave: `releases` the cancel lock to the level in a field of a parameter, `saves`
 * the entry level through a pointer parameter (and may raise), `restores` the level in a parameter. Parameters are 0-based.
 */
export type RoleExit =
  | { does: 'releases'; lock: 'cancel'; param: number; field: string; min: number; max: number }
  | { does: 'saves'; param: number }
  | { does: 'restores'; param: number };

const EXITS: Readonly<Record<string, RoleExit>> = {
  DRIVER_CANCEL: { does: 'releases', lock: 'cancel', param: 1, field: 'CancelIrql', min: 0, max: 2 },
  IO_CSQ_ACQUIRE_LOCK: { does: 'saves', param: 1 },
  IO_CSQ_RELEASE_LOCK: { does: 'restores', param: 1 },
};

export function roleExit(role: string): RoleExit | undefined {
  return EXITS[role];
}

/** Macros whose non-zero result says that the current level is DISPATCH_LEVEL. */
const DISPATCH_TESTS = new Set(['NDIS_TEST_SEND_AT_DISPATCH_LEVEL', 'NDIS_TEST_RETURN_AT_DISPATCH_LEVEL', 'NDIS_TEST_RECEIVE_AT_DISPATCH_LEVEL',
  'NDIS_TEST_SEND_COMPLETE_AT_DISPATCH_LEVEL']);

export function testsForDispatch(macro: string): boolean {
  return DISPATCH_TESTS.has(macro);
}

/** Flags of a parameter that say the same: a caller sets them when it runs at DISPATCH_LEVEL. */
const DISPATCH_FLAGS = new Set(['NDIS_SEND_FLAGS_DISPATCH_LEVEL', 'NDIS_RETURN_FLAGS_DISPATCH_LEVEL', 'NDIS_RECEIVE_FLAGS_DISPATCH_LEVEL',
  'NDIS_SEND_COMPLETE_FLAGS_DISPATCH_LEVEL']);

export function saysDispatch(flag: string): boolean {
  return DISPATCH_FLAGS.has(flag);
}
