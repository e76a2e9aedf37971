import { describe, expect, it } from 'vitest';
import { annotation, annotationKind, isSal, modernAnnotation, takesArguments } from './annotations.js';
import { headerKind } from './headers.js';
import { dirqlRange, isLevelName, levelName, levelOf, maxLevel, toArch } from './levels.js';
import { sectionKind, waitArgument } from './paging.js';
import { allocator, avoidClusterCall, blockingCall, freedArgument, isSizeProbe, zeroing } from './resapi-calls.js';
import { callbackOfSlot, macroSlots, resapiCallback, resapiCallbacks, resapiTypeAliases, tableMacro, tableSlots, workerFunction, workerFunctions } from './resapi.js';
import { assertion, floatState, isPagedCodeMacro, neverReturns, returnsCurrentIrql } from './special-functions.js';
import { contextCallbackEntry, entryUnder, executionLevel, handleOfContextRole, interruptEntry, wdfCreator } from './wdf.js';

describe('levels', () => {
  it('has a scale per architecture', () => {
    expect([levelOf('DISPATCH_LEVEL'), levelOf('DPC_LEVEL'), levelOf('SYNCH_LEVEL'), levelOf('CLOCK_LEVEL'), levelOf('IPI_LEVEL'), levelOf('HIGH_LEVEL')]).toEqual([2, 2, 12, 13, 14, 15]);
    expect([levelOf('CLOCK_LEVEL', 'x86'), levelOf('IPI_LEVEL', 'x86'), maxLevel('x86'), levelOf('SYNCH_LEVEL', 'x86')]).toEqual([28, 29, 31, 27]);
    expect([levelOf('NO_LEVEL'), levelOf('CMCI_LEVEL', 'arm64'), levelOf('DIRQL')]).toEqual([undefined, undefined, undefined]);
    expect(dirqlRange('x86')).toEqual({ min: 3, max: 26 });
    expect([isLevelName('DIRQL'), isLevelName('PROFILE_LEVEL'), isLevelName('MY_LEVEL')]).toEqual([true, true, false]);
  });

  it('names levels and moves them between scales', () => {
    expect([levelName(0), levelName(2), levelName(5), levelName(15), levelName(31, 'x86'), levelName(99)])
      .toEqual(['PASSIVE_LEVEL', 'DISPATCH_LEVEL', 'DIRQL (5)', 'HIGH_LEVEL', 'HIGH_LEVEL', '99']);
    expect([toArch(2, 'x86'), toArch(3, 'x86'), toArch(12, 'x86'), toArch(13, 'x86'), toArch(14, 'x86'), toArch(15, 'x86'), toArch(12, 'arm64')]).toEqual([2, 3, 26, 28, 29, 31, 12]);
  });
});

describe('annotations', () => {
  it.each([
    ['_IRQL_requires_max_', 'irql', 1], ['__drv_maxIRQL', 'irql', 1], ['_Function_class_', 'sal-function', 1], ['__drv_functionClass', 'sal-function', 1],
    ['_IRQL_saves_', 'irql', 0], ['__drv_savesIRQL', 'irql', 0], ['__drv_savesIRQLGlobal', 'irql', 2], ['_When_', 'sal-function', 2], ['_In_', 'sal-param', 0],
    ['_In_reads_bytes_', 'sal-param', 1], ['_Acquires_lock_', 'lock', 1], ['__drv_acquiresCancelSpinLock', 'lock', 0], ['_Kernel_float_saved_', 'float', 0],
    ['__checkReturn', 'sal-function', 0], ['_Dispatch_type_', 'sal-function', 1],
  ])('%s is %s with %i arguments', (name, kind, count) => expect(annotation(name)).toMatchObject({ kind, args: { min: count, max: count } }));

  it('maps old names to new ones', () => {
    expect(modernAnnotation('__drv_sameIRQL')).toBe('_IRQL_requires_same_');
    expect(modernAnnotation('_Out_')).toBe('_Out_');
    expect(annotation('__drv_acquiresCancelSpinLock')).toMatchObject({ modern: '_Acquires_nonreentrant_lock_', implied: ['_Global_cancel_spin_lock_'] });
  });

  it('goes by shape for names that are in no list', () => {
    expect([annotationKind('_In_made_up_'), annotationKind('_IRQL_made_up_'), annotationKind('_IMAGE_HEADER_'), annotationKind('Foo')]).toEqual(['sal-param', 'irql', undefined, undefined]);
    expect([annotationKind('NTAPI'), annotationKind('FORCEINLINE'), annotationKind('PAGED_CODE'), annotationKind('__drv_whatever')]).toEqual(['callconv', 'storage', 'statement', 'sal-param']);
    expect([isSal('IN'), isSal('_In_'), isSal('__drv_when'), isSal('WINAPI')]).toEqual([false, true, true, false]);
    expect([takesArguments('_In_reads_'), takesArguments('_In_'), takesArguments('UNREFERENCED_PARAMETER')]).toEqual([true, false, true]);
  });
});

describe('special functions', () => {
  it('knows what ends a path', () => {
    expect(['KeBugCheckEx', 'ExRaiseStatus', 'PsTerminateSystemThread', 'ExitThread', 'KeBugCheckNot', 'DbgBreakPoint'].map(neverReturns)).toEqual([true, true, true, true, false, false]);
    expect(assertion('NT_ASSERT')).toEqual({ arg: 0, always: false });
    expect(assertion('NT_VERIFY')?.always).toBe(true);
    expect(assertion('NT_ASSERTMSG')?.arg).toBe(1);
    expect([isPagedCodeMacro('PAGED_CODE_LOCKED'), returnsCurrentIrql('KeGetCurrentIrql'), returnsCurrentIrql('KeRaiseIrql')]).toEqual([true, true, false]);
    expect(floatState('KeRestoreFloatingPointState')).toEqual({ does: 'restore', arg: 0 });
  });

  it('classifies sections and headers', () => {
    expect([sectionKind('PAGE'), sectionKind('"PAGEDATA"'), sectionKind('INIT'), sectionKind('.text')]).toEqual(['pageable', 'pageable', 'init', 'resident']);
    expect(waitArgument('KeReleaseSemaphore')).toBe(3);
    expect([headerKind('ntddk.h'), headerKind('WDF.H'), headerKind('windows.h'), headerKind('resapi.h'), headerKind('sal.h'), headerKind('mine.h')])
      .toEqual(['kernel', 'shared', 'user', 'user', 'shared', undefined]);
  });
});

describe('KMDF', () => {
  it('follows execution level, object type and passive handling', () => {
    expect(executionLevel('WdfExecutionLevelPassive')).toBe('passive');
    expect(entryUnder('EVT_WDF_IO_QUEUE_IO_WRITE', 'passive')).toEqual({ min: 0, max: 0 });
    expect(entryUnder('EVT_WDF_TIMER', 'dispatch')).toEqual({ min: 2, max: 2 });
    expect(entryUnder('EVT_WDF_DPC', 'passive')).toBeUndefined();
    expect(interruptEntry('EVT_WDF_INTERRUPT_ISR', true)).toEqual({ min: 0, max: 0 });
    expect(interruptEntry('EVT_WDF_INTERRUPT_ISR', false)).toEqual({ min: 3, max: 12 });
    expect(contextCallbackEntry('WDFDEVICE')).toEqual({ min: 0, max: 0 });
    expect(contextCallbackEntry('WDFREQUEST')).toEqual({ min: 0, max: 2 });
    expect(wdfCreator('WdfTimerCreate')).toEqual({ handle: 'WDFTIMER', attributesArg: 1 });
    expect(handleOfContextRole('EVT_WDF_IO_QUEUE_CONTEXT_DESTROY_CALLBACK')).toBe('WDFQUEUE');
  });
});

describe('resource DLL interface', () => {
  it('has the worker and its functions', () => {
    expect(resapiCallback('PWORKER_START_ROUTINE')).toMatchObject({ kind: 'worker', returns: 'DWORD', params: [{ type: 'PCLUS_WORKER' }, { type: 'LPVOID' }] });
    expect(workerFunctions().map((one) => one.name)).toEqual(['ClusWorkerCreate', 'ClusWorkerCheckTerminate', 'ClusWorkerTerminate', 'ClusWorkerTerminateEx', 'ClusWorkersTerminate']);
    expect(workerFunction('ClusWorkerTerminate')?.blocks).toBe('unbounded');
    expect(resapiTypeAliases()['PVOID']).toContain('LPVOID');
  });

  it('has the tables of every version in order', () => {
    expect(tableSlots(1).map((one) => one.slot)).toEqual(['Open', 'Close', 'Online', 'Offline', 'Terminate', 'LooksAlive', 'IsAlive', 'Arbitrate', 'Release', 'ResourceControl', 'ResourceTypeControl']);
    expect(tableSlots(4)).toHaveLength(14);
    for (const version of [1, 2, 3, 4] as const) for (const { slot } of tableSlots(version)) expect(callbackOfSlot(version, slot), slot).toBeDefined();
    expect(callbackOfSlot(2, 'Online')?.name).toBe('OnlineV2');
    expect(callbackOfSlot(1, 'Cancel')).toBeUndefined();
  });

  it('expands the table macros', () => {
    expect(macroSlots('CLRES_V1_FUNCTION_TABLE')).toContainEqual({ slot: 'Online', suffix: 'Online' });
    expect(macroSlots('CLRES_V2_FUNCTION_TABLE_SET')).toContainEqual({ slot: 'Online', suffix: 'OnlineV2' });
    expect(macroSlots('CLRES_V2_FUNCTION_TABLE_SET')).toContainEqual({ slot: 'IsAlive', arg: 8 });
    for (const version of [1, 2, 3, 4] as const) {
      const name = `CLRES_V${version}_FUNCTION_TABLE${version === 1 ? '' : '_SET'}`;
      expect(macroSlots(name).map((one) => one.slot).sort()).toEqual(tableSlots(version).map((one) => one.slot).sort());
      for (const { arg } of macroSlots(name)) if (arg !== undefined) expect(tableMacro(name)!.params[arg]).toBeDefined();
    }
    expect(resapiCallbacks().every((one) => one.typedef && one.returns && one.params)).toBe(true);
  });

  it('knows calls to avoid, calls that block, memory calls', () => {
    expect(avoidClusterCall('OnlineClusterResource')).toEqual({ avoid: 'never', controlCode: false, viaEx: false });
    expect(avoidClusterCall('ResUtilGetResourceDependencyEx')).toEqual({ avoid: 'worker-only', controlCode: false, viaEx: true });
    expect(avoidClusterCall('CLUSCTL_RESOURCE_GET_ID')).toEqual({ avoid: 'worker-only', controlCode: true, viaEx: false });
    expect(avoidClusterCall('ClusterRegSetValue')?.avoid).toBe('some-entry-points');
    expect(blockingCall('Sleep')).toEqual({ for: 'arg', arg: 0, kind: 'sleep' });
    expect(blockingCall('WaitForMultipleObjects')).toEqual({ for: 'arg', arg: 3, kind: 'wait' });
    expect(blockingCall('ReadFile')).toEqual({ for: 'unknown', kind: 'io', unlessNonNull: 4 });
    expect(blockingCall('GetClusterResourceState')?.kind).toBe('cluster');
    expect(blockingCall('EnterCriticalSection')).toBeUndefined();
    expect(isSizeProbe('RegQueryValueExW')).toBe(true);
    expect(allocator('HeapAlloc')).toEqual({ zeroes: 'flag', arg: 1, flags: ['HEAP_ZERO_MEMORY'] });
    expect(zeroing('memset')).toEqual({ ptr: 0, size: 2, value: 1 });
    expect(freedArgument('HeapFree')).toBe(2);
  });
});
