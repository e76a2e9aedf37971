import { describe, expect, it } from 'vitest';
import { constantOf, enumOfConstant, enumOfParameterType, enumType, isStatusName, isWin32ErrorName, ntSuccess } from './constants.js';
import { aliasOf, compareTypes, integerType, isHandleType, isIntegerType, isKnownType, parseType, resolveType } from './types.js';

describe('resolveType', () => {
  it.each([
    ['PHANDLE', 'void', 2], ['PDEVICE_OBJECT', 'DEVICE_OBJECT', 1], ['struct _IRP', 'IRP', 0], ['PKDPC', 'KDPC', 1], ['PCUNICODE_STRING', 'UNICODE_STRING', 1],
    ['PKSTART_ROUTINE', 'KSTART_ROUTINE', 1], ['PFN_WDF_TIMER', 'EVT_WDF_TIMER', 1], ['WDFDEVICE', 'WDFDEVICE', 0], ['SIZE_T', 'unsigned __int64', 0],
    ['size_t', 'unsigned __int64', 0], ['PWDF_OBJECT_ATTRIBUTES', 'WDF_OBJECT_ATTRIBUTES', 1], ['NTSTATUS', 'long', 0], ['BOOLEAN', 'unsigned char', 0],
    ['KIRQL', 'unsigned char', 0], ['PKIRQL', 'unsigned char', 1], ['LPDWORD', 'unsigned long', 1], ['RESID', 'void', 1], ['PFLT_CALLBACK_DATA', 'FLT_CALLBACK_DATA', 1],
    ['NDIS_HANDLE', 'void', 1], ['PNDIS_OID_REQUEST', 'NDIS_OID_REQUEST', 1], ['long unsigned int', 'unsigned long', 0], ['unsigned', 'unsigned int', 0],
    ['unsigned long long', 'unsigned __int64', 0], ['PUSAGE', 'unsigned short', 1], ['PMY_CONTEXT', 'PMY_CONTEXT', 0], ['PROCESS', 'PROCESS', 0],
  ])('%s is %s with %i stars', (name, base, ptr) => expect(resolveType(name)).toMatchObject({ base, ptr }));

  it('adds stars', () => expect(resolveType('PVOID', 1)).toEqual({ base: 'void', ptr: 2 }));

  it('does one step at a time', () => {
    expect(aliasOf('PIRP')).toEqual({ base: 'IRP', ptr: 1 });
    expect(aliasOf('LPCWSTR')).toEqual({ base: 'wchar_t', ptr: 1, constant: true });
    expect(aliasOf('WDFQUEUE')).toBeUndefined();
    expect(aliasOf('Whatever')).toBeUndefined();
  });
});

describe('compareTypes', () => {
  const compare = (a: string, b: string) => compareTypes(parseType(a), parseType(b));
  it.each([
    ['PVOID', 'void *', 'same'], ['struct _KDPC*', 'PKDPC', 'same'], ['size_t', 'SIZE_T', 'same'], ['const void*', 'PVOID', 'same'], ['ULONG', 'DWORD', 'same'],
    ['WDFOBJECT', 'HANDLE', 'same'], ['PMY_TYPE', 'PMY_TYPE', 'same'], ['ULONG', 'UINT', 'different'], ['WDFDEVICE', 'WDFQUEUE', 'different'],
    ['PDEVICE_OBJECT', 'PDRIVER_OBJECT', 'different'], ['PVOID', 'ULONG', 'different'], ['NTSTATUS', 'VOID', 'different'], ['PMY_TYPE', 'PVOID', 'unknown'],
    ['MY_ENUM', 'ULONG', 'unknown'], ['PMY_TYPE', 'PMY_TYPE*', 'different'],
  ])('%s and %s: %s', (a, b, verdict) => expect(compare(a, b)).toBe(verdict));
});

describe('scalars and handles', () => {
  it('knows integers by width and sign', () => {
    expect(integerType('ULONG')).toEqual({ bits: 32, signed: false });
    expect(integerType('LONGLONG')).toEqual({ bits: 64, signed: true });
    expect(isIntegerType('BOOLEAN', 8, false)).toBe(true);
    expect(isIntegerType('PULONG')).toBe(false);
    expect(isIntegerType('NTSTATUS', 32, true)).toBe(true);
  });

  it('knows handles and records', () => {
    expect(isHandleType('WDFREQUEST')).toBe(true);
    expect(isHandleType('HANDLE')).toBe(false);
    expect(isKnownType('SCSI_REQUEST_BLOCK')).toBe(true);
    expect(isKnownType('MY_DEVICE_EXTENSION')).toBe(false);
  });
});

describe('constants', () => {
  it.each([
    ['NonPagedPool', 0], ['PagedPool', 1], ['NonPagedPoolNx', 512], ['POOL_FLAG_PAGED', 0x100], ['POOL_FLAG_NON_PAGED', 0x40], ['IRP_MJ_PNP', 27], ['IRP_MN_SET_POWER', 2],
    ['STATUS_PENDING', 0x103], ['STATUS_MORE_PROCESSING_REQUIRED', 0xc0000016], ['ERROR_IO_PENDING', 997], ['INFINITE', 0xffffffff], ['UserMode', 1],
    ['SynchronizationEvent', 1], ['DO_DEVICE_INITIALIZING', 0x80], ['NDIS_RWL_AT_DISPATCH_LEVEL', 1], ['HEAP_ZERO_MEMORY', 8], ['LMEM_ZEROINIT', 0x40],
    ['ClusterResourceOnlinePending', 129], ['ResourceExitStateTerminate', 1], ['FLT_PREOP_COMPLETE', 4], ['WdfExecutionLevelPassive', 2], ['PowerDeviceD0', 1], ['TRUE', 1],
  ])('%s is %i', (name, value) => expect(constantOf(name)).toBe(value));

  it('knows enumerators and their types', () => {
    expect(enumOfConstant('Executive')).toEqual({ tag: '_KWAIT_REASON', typedef: 'KWAIT_REASON' });
    expect(enumOfConstant('KernelMode')?.typedef).toBe('MODE');
    expect(enumOfParameterType('KPROCESSOR_MODE')?.tag).toBe('_MODE');
    expect(enumType('enum _POOL_TYPE')?.typedef).toBe('POOL_TYPE');
    expect(enumOfConstant('TRUE')).toBeUndefined();
    expect(constantOf('MY_CONSTANT')).toBeUndefined();
  });

  it('classifies status names', () => {
    expect([isStatusName('STATUS_MY_OWN'), isStatusName('ERROR_SUCCESS'), isWin32ErrorName('ERROR_MY_OWN'), isWin32ErrorName('WSAEWOULDBLOCK')]).toEqual([true, false, true, true]);
    expect([ntSuccess(0x103), ntSuccess(0xc0000001), ntSuccess(-1073741823)]).toEqual([true, false, false]);
  });
});
