import { describe, expect, it } from 'vitest';
import {
  callbackFields, fieldsNamed, methodsNamed, registrationsOfArray, registrationsOfCall, registrationsOfField, registrationsOfMethod,
  registrationsOfPosition, removeArgument, roleByFunctionName, unregisters,
} from './registrations.js';
import { interchangeable, roleClass } from './role-classes.js';
import { lockAtEntry, roleExit, saysDispatch, testsForDispatch } from './role-state.js';
import { isOsProvided, isRoleName, role, roleNames } from './roles.js';

/** role, entry min, entry max, number of parameters. */
const ENTRIES: readonly [string, number, number, number][] = [
  ['DRIVER_INITIALIZE', 0, 0, 2], ['DRIVER_UNLOAD', 0, 0, 1], ['DRIVER_ADD_DEVICE', 0, 0, 2], ['DRIVER_STARTIO', 2, 2, 2], ['DRIVER_CANCEL', 2, 2, 2],
  ['KDEFERRED_ROUTINE', 2, 2, 4], ['IO_DPC_ROUTINE', 2, 2, 4], ['IO_TIMER_ROUTINE', 2, 2, 2], ['IO_COMPLETION_ROUTINE', 0, 2, 3], ['KSERVICE_ROUTINE', 3, 12, 2],
  ['KMESSAGE_SERVICE_ROUTINE', 3, 12, 3], ['IO_WORKITEM_ROUTINE', 0, 0, 2], ['WORKER_THREAD_ROUTINE', 0, 0, 1], ['KSTART_ROUTINE', 0, 0, 1],
  ['EXT_CALLBACK', 2, 2, 2], ['DRIVER_LIST_CONTROL', 2, 2, 4], ['NMI_CALLBACK', 15, 15, 2], ['KIPI_BROADCAST_WORKER', 14, 14, 1],
  ['EVT_WDF_DRIVER_DEVICE_ADD', 0, 0, 2], ['EVT_WDF_DPC', 2, 2, 1], ['EVT_WDF_TIMER', 0, 2, 1], ['EVT_WDF_IO_QUEUE_IO_READ', 0, 2, 3],
  ['EVT_WDF_DEVICE_D0_ENTRY', 0, 0, 2], ['EVT_WDF_INTERRUPT_DPC', 2, 2, 2], ['EVT_WDF_OBJECT_CONTEXT_CLEANUP', 0, 2, 1], ['MINIPORT_INITIALIZE', 0, 0, 3],
  ['PFLT_PRE_OPERATION_CALLBACK', 0, 1, 3], ['PFLT_POST_OPERATION_CALLBACK', 0, 2, 4], ['HW_STARTIO', 0, 12, 2], ['IO_CSQ_ACQUIRE_LOCK', 0, 2, 2],
];

describe('role', () => {
  it.each(ENTRIES)('%s is entered at %i..%i', (name, min, max, params) => {
    const row = role(name);
    expect(row?.entry).toMatchObject({ min, max });
    expect(row?.params).toHaveLength(params);
  });

  it('is found by its pointer type', () => {
    expect(role('PKSTART_ROUTINE')?.role).toBe('KSTART_ROUTINE');
    expect(role('PFN_WDF_TIMER')?.role).toBe('EVT_WDF_TIMER');
    expect(role('PFN_WDF_OBJECT_CONTEXT_CLEANUP')?.role).toBe('EVT_WDF_OBJECT_CONTEXT_CLEANUP');
    expect(role('MINIPORT_SET_OPTIONS_HANDLER')?.role).toBe('MINIPORT_SET_OPTIONS');
    expect(isRoleName('PKSTART_ROUTINE')).toBe(false);
    expect(isRoleName('KSTART_ROUTINE')).toBe(true);
    expect(role('PULONG')).toBeUndefined();
    expect(role('')).toBeUndefined();
  });

  it('tells whether a function type exists', () => {
    expect(role('KSTART_ROUTINE')?.hasFunctionType).toBe(true);
    expect(role('PFLT_PRE_OPERATION_CALLBACK')?.hasFunctionType).toBe(false);
    expect(role('PCREATE_PROCESS_NOTIFY_ROUTINE')?.hasFunctionType).toBe(false);
  });

  it('has dispatch levels by major function and control levels by parameter', () => {
    const entry = role('DRIVER_DISPATCH')?.entry;
    expect(entry).toMatchObject({ min: 0, max: 0, worstMax: 2 });
    expect(entry?.byIndex).toMatchObject({ IRP_MJ_POWER: { min: 0, max: 2 }, IRP_MJ_PNP: { min: 0, max: 0 }, IRP_MJ_READ: { min: 0, max: 1, worstMax: 2 } });
    expect(role('HW_ADAPTER_CONTROL')?.entry?.byParam).toMatchObject({ param: 'ControlType', levels: { ScsiStopAdapter: { min: 3, max: 12 }, ScsiAdapterPower: { min: 2, max: 2 } } });
    expect(role('EVT_WDF_INTERRUPT_ISR')?.entry).toEqual({ min: 0, max: 12, default: 12 });
  });

  it('knows the roles that leave at another level', () => {
    expect(roleNames().filter((name) => !role(name)?.exitSame)).toEqual(['DRIVER_CANCEL', 'IO_CSQ_ACQUIRE_LOCK', 'IO_CSQ_RELEASE_LOCK']);
  });

  it('answers for WFP names without a version', () => {
    expect(role('FWPS_CALLOUT_CLASSIFY_FN')?.role).toBe('FWPS_CALLOUT_CLASSIFY_FN0');
  });

  it('decodes every row', () => {
    for (const name of roleNames()) {
      const row = role(name)!;
      expect(row.role).toBe(name);
      if (row.entry) expect(row.entry.min <= row.entry.max, name).toBe(true);
    }
  });

  it('knows what the system provides', () => {
    expect(isOsProvided('DXGKCB_ACQUIREHANDLEDATA')).toBe(true);
    expect(isOsProvided('KSTART_ROUTINE')).toBe(false);
  });
});

describe('registrations', () => {
  it('of calls', () => {
    expect(registrationsOfCall('PsCreateSystemThread')).toEqual([{ role: 'KSTART_ROUTINE', idx: 5, conf: 'high' }]);
    expect(registrationsOfCall('KeInitializeThreadedDpc')).toEqual([{ role: 'KDEFERRED_ROUTINE', idx: 1, conf: 'high', entry: { min: 0, max: 2 } }]);
    expect(registrationsOfCall('StorPortNotification')).toEqual([
      { role: 'HW_TIMER', idx: 2, conf: 'high', when: { arg: 'NotificationType', equals: 'RequestTimerCall' } }]);
    expect(registrationsOfCall('FwpsInjectTransportSendAsync')).toMatchObject([{ role: 'FWPS_INJECT_COMPLETE0', idx: 8 }]);
    expect(registrationsOfCall('IoCsqInitialize').map((one) => one.idx).sort()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(registrationsOfCall('DbgPrint')).toEqual([]);
  });

  it('of fields, whatever the spelling of the structure', () => {
    for (const struct of ['DRIVER_OBJECT', '_DRIVER_OBJECT', 'struct _DRIVER_OBJECT']) {
      expect(registrationsOfField(struct, 'DriverUnload')).toEqual([{ role: 'DRIVER_UNLOAD', struct: 'DRIVER_OBJECT', field: 'DriverUnload', conf: 'high' }]);
    }
    expect(registrationsOfField('FWPS_CALLOUT1', 'classifyFn').map((one) => one.role)).toEqual(['FWPS_CALLOUT_CLASSIFY_FN1']);
    expect(registrationsOfField('FWPS_CALLOUT', 'classifyFn').map((one) => one.role)).toHaveLength(4);
    expect(registrationsOfField('NDIS_MINIPORT_DRIVER_CHARACTERISTICS', 'SetOptionsHandler').map((one) => one.role)).toEqual(['MINIPORT_SET_OPTIONS']);
    expect(callbackFields('UNICODE_STRING')).toEqual([]);
  });

  it('of positions, arrays, methods, names', () => {
    expect(registrationsOfPosition('FLT_REGISTRATION', 5)).toMatchObject([{ role: 'PFLT_FILTER_UNLOAD_CALLBACK' }]);
    expect(registrationsOfPosition('FLT_OPERATION_REGISTRATION', 2)).toMatchObject([{ role: 'PFLT_PRE_OPERATION_CALLBACK' }]);
    expect(registrationsOfArray('MajorFunction').map((one) => one.indexes)).toContain('any');
    expect(registrationsOfMethod('DMA_OPERATIONS', 'AllocateAdapterChannel')).toEqual([{ role: 'DRIVER_CONTROL', idx: 3, conf: 'high' }]);
    expect(methodsNamed('GetScatterGatherList')).toMatchObject([{ role: 'DRIVER_LIST_CONTROL', idx: 5 }]);
    expect(fieldsNamed('EvtIoRead')).toMatchObject([{ role: 'EVT_WDF_IO_QUEUE_IO_READ', struct: 'WDF_IO_QUEUE_CONFIG' }]);
    expect(roleByFunctionName('DriverEntry')).toBe('DRIVER_INITIALIZE');
    expect(roleByFunctionName('Main')).toBeUndefined();
  });

  it('knows what takes a registration back', () => {
    expect(unregisters('PsRemoveLoadImageNotifyRoutine')).toBe(true);
    expect(unregisters('PsSetLoadImageNotifyRoutine')).toBe(false);
    expect(removeArgument('PsSetCreateProcessNotifyRoutineEx2')).toBe(2);
  });
});

describe('interchangeable', () => {
  it.each([
    ['EVT_WDF_DEVICE_CONTEXT_CLEANUP', 'EVT_WDF_OBJECT_CONTEXT_CLEANUP'], ['EVT_WDF_FILE_CONTEXT_DESTROY_CALLBACK', 'EVT_WDF_OBJECT_CONTEXT_DESTROY'],
    ['EVT_WDF_DEVICE_ARM_WAKE_FROM_SX', 'EVT_WDF_DEVICE_ARM_WAKE_FROM_SX_WITH_REASON'], ['EVT_WDF_DEVICE_ARM_WAKE_FROM_S0', 'EVT_WDF_DEVICE_ARM_WAKE_FROM_SX'],
    ['EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL', 'EVT_WDF_IO_QUEUE_IO_INTERNAL_DEVICE_CONTROL'], ['PKSTART_ROUTINE', 'KSTART_ROUTINE'],
    ['DRIVER_DISPATCH_PAGED', 'DRIVER_DISPATCH'], ['FWPS_CALLOUT_CLASSIFY_FN1', 'FWPS_CALLOUT_CLASSIFY_FN'], ['MINIPORT_SET_OPTIONS', 'SET_OPTIONS'],
  ])('%s for %s', (a, b) => {
    expect(interchangeable(a, b)).toBe(true);
    expect(interchangeable(b, a)).toBe(true);
  });

  it.each([
    ['KSTART_ROUTINE', 'KDEFERRED_ROUTINE'], ['EVT_WDF_OBJECT_CONTEXT_CLEANUP', 'EVT_WDF_OBJECT_CONTEXT_DESTROY'],
    ['EVT_WDF_DEVICE_ARM_WAKE_FROM_S0', 'EVT_WDF_DEVICE_DISARM_WAKE_FROM_S0'], ['IO_WORKITEM_ROUTINE', 'IO_WORKITEM_ROUTINE_EX'],
  ])('%s not for %s', (a, b) => expect(interchangeable(a, b)).toBe(false));

  it('keeps a role that stands alone', () => {
    expect(roleClass('KDEFERRED_ROUTINE')).toBe('KDEFERRED_ROUTINE');
    expect(roleClass('MY_CALLBACK')).toBe('MY_CALLBACK');
  });
});

describe('state at entry and exit', () => {
  it('knows locks that are held and levels to restore', () => {
    expect(lockAtEntry('DRIVER_CANCEL')).toBe('cancel');
    expect(lockAtEntry('HW_STARTIO')).toBe('start-io');
    expect(lockAtEntry('DRIVER_UNLOAD')).toBeUndefined();
    expect(roleExit('DRIVER_CANCEL')).toEqual({ does: 'releases', lock: 'cancel', param: 1, field: 'CancelIrql', min: 0, max: 2 });
    for (const name of roleNames()) expect(roleExit(name) !== undefined, name).toBe(!role(name)!.exitSame);
    expect([testsForDispatch('NDIS_TEST_SEND_AT_DISPATCH_LEVEL'), saysDispatch('NDIS_SEND_FLAGS_DISPATCH_LEVEL'), testsForDispatch('NDIS_TEST_SEND_FLAG')]).toEqual([true, true, false]);
  });

  it('names roles that exist', () => {
    for (const name of ['KSERVICE_ROUTINE', 'STOR_SYNCHRONIZED_ACCESS', 'MINIPORT_SYNCHRONIZE_INTERRUPT', 'HW_INTERRUPT', 'IO_CSQ_INSERT_IRP_EX', 'EVT_WDF_INTERRUPT_ENABLE']) {
      expect([name, isRoleName(name)]).toEqual([name, true]);
    }
  });
});
