import { describe, expect, it } from 'vitest';
import { bannedFunction, calloutKinds, deprecatedAllocator, fieldGuard, fieldOffset, fieldType, isDefaultPoolTag, isGuardedFieldName, keyOpener, poolFlagsOf, poolTagArgument, recordFields, recordName, recordSize, registryPathAccess, unsafeInDllMain, usesDeviceInit, wfpCall } from './index.js';

describe('fields of system structures', () => {
  it('finds a field by any spelling of the structure', () => {
    expect(fieldType('struct _DEVICE_OBJECT', 'DriverObject')).toEqual({ base: 'DRIVER_OBJECT', ptr: 1, dims: 0 });
    expect(fieldType('DRIVER_OBJECT', 'MajorFunction')).toEqual({ base: 'PDRIVER_DISPATCH', ptr: 0, dims: 1 });
    expect(fieldType('FWPS_CLASSIFY_OUT0', 'actionType')).toEqual({ base: 'FWP_ACTION_TYPE', ptr: 0, dims: 0 });
    expect(recordName('_FWPS_CLASSIFY_OUT0_')).toBe('FWPS_CLASSIFY_OUT');
  });

  it('names inner structures after their path and takes in members without a name', () => {
    expect(fieldType('IRP', 'Tail')).toEqual({ base: 'IRP.Tail', ptr: 0, dims: 0 });
    expect(fieldType('IRP.Tail', 'Overlay')).toEqual({ base: 'IRP.Tail.Overlay', ptr: 0, dims: 0 });
    expect(fieldType('IRP.Tail.Overlay', 'CurrentStackLocation')).toEqual({ base: 'IO_STACK_LOCATION', ptr: 1, dims: 0 });
  });

  it('says nothing about what it does not know', () => {
    expect(fieldType('DEVICE_OBJECT', 'NoSuchField')).toBeUndefined();
    expect(recordFields('MY_EXTENSION')).toBeUndefined();
    expect(recordSize('IRP', 8)).toBeUndefined();
  });

  it('knows layouts of both pointer sizes', () => {
    expect([recordSize('IO_STACK_LOCATION', 8), recordSize('_IO_STACK_LOCATION', 4)]).toEqual([72, 36]);
    expect([fieldOffset('IO_STACK_LOCATION', 'DeviceObject', 8), fieldOffset('IO_STACK_LOCATION', 'CompletionRoutine', 4)]).toEqual([40, 28]);
  });

  it('has the guards of protected fields', () => {
    expect(fieldGuard('_DEVICE_OBJECT', 'NextDevice')).toEqual({ access: 'unload', readOnly: true });
    expect(fieldGuard('MDL', 'ByteCount')).toEqual({ access: 'never', readOnly: true, getter: 'MmGetMdlByteCount' });
    expect(fieldGuard('IRP', 'CancelRoutine')).toEqual({ setter: 'IoSetCancelRoutine' });
    expect(fieldGuard('DEVICE_OBJECT', 'DeviceExtension')).toBeUndefined();
    expect([isGuardedFieldName('ByteOffset'), isGuardedFieldName('DeviceExtension')]).toEqual([true, false]);
  });

  it('guards only fields that the tables know', () => {
    for (const [record, field] of [['DEVICE_OBJECT', 'Dpc'], ['DRIVER_OBJECT', 'DriverSection'], ['DRIVER_EXTENSION', 'ServiceKeyName'], ['KDPC', 'DeferredRoutine'], ['MDL', 'StartVa'], ['IRP', 'CancelRoutine']]) {
      expect(fieldType(record, field), `${record}.${field}`).toBeDefined();
      expect(fieldGuard(record, field), `${record}.${field}`).toBeDefined();
    }
  });
});

describe('pool allocation', () => {
  it('knows tag arguments and default tags', () => {
    expect([poolTagArgument('ExAllocatePool2'), poolTagArgument('WdfLookasideListCreate'), poolTagArgument('ExAllocatePool')]).toEqual([2, 4, undefined]);
    expect([0x206d6457, 0x206b6444, 0x67615431].map(isDefaultPoolTag)).toEqual([true, true, false]);
  });

  it('translates pool types into flags', () => {
    expect(poolFlagsOf(['PagedPool'])).toBe('POOL_FLAG_PAGED');
    expect(poolFlagsOf(['NonPagedPoolNx', 'POOL_COLD_ALLOCATION'])).toBe('POOL_FLAG_NON_PAGED');
    expect(poolFlagsOf(['NonPagedPool', 'POOL_NX_ALLOCATION'])).toBe('POOL_FLAG_NON_PAGED');
    expect(poolFlagsOf(['NonPagedPoolNxCacheAligned'])).toBe('POOL_FLAG_NON_PAGED | POOL_FLAG_CACHE_ALIGNED');
    expect(poolFlagsOf(['SomethingElse'])).toBeUndefined();
  });

  it('names replacements', () => {
    expect(deprecatedAllocator('ExAllocatePoolWithQuotaTag')).toEqual({
      name: 'ExAllocatePoolWithQuotaTag', replacement: 'ExAllocatePool2', flags: 'POOL_FLAG_USE_QUOTA',
      downlevel: 'ExAllocatePoolQuotaZero or ExAllocatePoolQuotaUninitialized', type: 0, size: 1, tag: 2,
    });
    expect(deprecatedAllocator('ExAllocatePool2')).toBeUndefined();
  });
});

describe('names with a contract', () => {
  it('bans functions by number', () => {
    expect([bannedFunction('strcpy')?.warning, bannedFunction('sscanf')?.warning, bannedFunction('lstrlenW')?.warning, bannedFunction('strlen')]).toEqual([28719, 28726, 28750, undefined]);
    expect(bannedFunction('gets')?.kernel).toBeUndefined();
  });

  it('judges registry paths', () => {
    expect(registryPathAccess('\\Registry\\Machine\\Hardware\\DeviceMap\\SerialComm')).toBe('write');
    expect(registryPathAccess('\\Registry\\Machine\\Hardware\\DeviceMap')).toBe('read');
    expect(registryPathAccess('\\Registry\\User')).toBe('none');
    expect(registryPathAccess('\\Registry\\Machine\\HardwareX')).toBe('none');
    expect(keyOpener('ZwCreateKey')).toEqual({ handle: 0, access: 1, attributes: 2 });
  });

  it('knows WFP annotations and functions with any version digit', () => {
    expect(calloutKinds('_Wfp_connect_redirect_inline_classify_')).toEqual(['connect-redirect', 'connect-redirect-inline']);
    expect([wfpCall('FwpsPendClassify0'), wfpCall('FwpsInjectTransportSendAsync1'), wfpCall('FwpsFlowAbort0')]).toEqual(['pend', 'transport-inject', undefined]);
  });

  it('knows what WDFDEVICE_INIT and DllMain allow', () => {
    expect(['WdfDeviceInitSetIoType', 'WdfFdoInitSetFilter', 'WdfDeviceInitFree', 'WdfControlDeviceInitAllocate', 'WdfDeviceCreate'].map(usesDeviceInit)).toEqual([true, true, false, false, false]);
    expect([unsafeInDllMain('LoadLibraryW'), unsafeInDllMain('DisableThreadLibraryCalls')]).toEqual(['loads a library while the loader lock is held', undefined]);
  });
});
