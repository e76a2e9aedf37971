import { describe, expect, it } from 'vitest';
import { ddi, ddiNames, parseTest, trustedMax, trustedMin, trustedRet } from './ddi.js';

/** name, documented range, parameters; each checked against its page. */
const RANGES: readonly [string, number, number, number][] = [
  ['KeWaitForSingleObject', 0, 2, 5], ['KeSetEvent', 0, 2, 3], ['ExAllocatePoolWithTag', 0, 2, 3], ['ExAllocatePool2', 0, 2, 3],
  ['ExFreePoolWithTag', 0, 2, 2], ['IoCreateDevice', 0, 1, 7], ['IoDeleteDevice', 0, 1, 1], ['ZwCreateFile', 0, 0, 11], ['ZwClose', 0, 0, 1],
  ['ZwReadFile', 0, 0, 9], ['KeDelayExecutionThread', 0, 1, 3], ['PsCreateSystemThread', 0, 0, 7], ['PsTerminateSystemThread', 0, 0, 1],
  ['IoAllocateIrp', 0, 2, 2], ['IofCallDriver', 0, 2, 2], ['IofCompleteRequest', 0, 2, 2], ['ObReferenceObjectByHandle', 0, 0, 6],
  ['ObfDereferenceObject', 0, 2, 1], ['MmProbeAndLockPages', 0, 2, 3], ['MmUnlockPages', 0, 2, 1], ['ProbeForRead', 0, 1, 3],
  ['KeAcquireSpinLockAtDpcLevel', 2, 15, 1], ['KeReleaseSpinLock', 2, 2, 2], ['KeReleaseSpinLockFromDpcLevel', 2, 15, 1],
  ['KeTryToAcquireSpinLockAtDpcLevel', 2, 15, 1], ['IoStartNextPacket', 2, 2, 2], ['ExAcquireFastMutex', 0, 1, 1], ['ExReleaseFastMutex', 1, 1, 1],
  ['ExAcquireResourceExclusiveLite', 0, 1, 2], ['KeStallExecutionProcessor', 0, 15, 1], ['KeGetCurrentIrql', 0, 15, 0], ['KeInsertQueueDpc', 0, 15, 3],
  ['IoConnectInterruptEx', 0, 0, 1], ['IoSetCompletionRoutine', 0, 2, 6], ['IoBuildDeviceIoControlRequest', 0, 1, 9], ['RtlQueryRegistryValues', 0, 0, 5],
  ['WdfRequestComplete', 0, 2, 2], ['WdfDeviceCreate', 0, 0, 3], ['WdfDriverCreate', 0, 0, 5], ['WdfSpinLockRelease', 2, 2, 1],
  ['WdfInterruptQueueDpcForIsr', 0, 12, 1], ['WdfIoTargetSendIoctlSynchronously', 0, 0, 7], ['NdisMSleep', 0, 1, 1], ['NdisWaitEvent', 0, 0, 2],
  ['NdisReleaseRWLock', 2, 2, 2], ['FltReadFile', 0, 0, 9], ['FltAllocateContext', 0, 1, 5], ['StorPortStallExecution', 0, 15, 1],
  ['RtlUnicodeStringToAnsiString', 0, 0, 3], ['DbgPrint', 0, 12, 1], ['SeAccessCheck', 0, 0, 10], ['KeReleaseInterruptSpinLock', 3, 12, 2],
];

describe('ddi', () => {
  it.each(RANGES)('%s runs at %i..%i', (name, min, max, params) => {
    const row = ddi(name);
    expect(row).toMatchObject({ name, irqlKnown: true, min, max });
    expect(row?.params).toHaveLength(params);
  });

  it('reads parameters, result and flags', () => {
    expect(ddi('KeSetEvent')).toEqual({
      name: 'KeSetEvent', kind: 'function', fw: 'wdm', irqlKnown: true, min: 0, max: 2,
      conditional: [
        { when: { is: 'true' }, args: [2], param: 'Wait', max: 1 },
        { when: { is: 'false' }, args: [2], param: 'Wait', max: 2 },
      ],
      params: [{ name: 'Event', type: 'PRKEVENT' }, { name: 'Increment', type: 'KPRIORITY' }, { name: 'Wait', type: 'BOOLEAN' }],
      paramsKnown: true, variadic: false, ret: 'LONG', retSure: true, mustCheck: false, umdfOnly: false,
    });
    expect(ddi('DbgPrint')).toMatchObject({ variadic: true, params: [{ name: 'Format', type: 'PCSTR' }] });
    expect(ddi('WdfDeviceCreate')?.mustCheck).toBe(true);
    expect(ddi('KeRaiseIrql')?.kind).toBe('macro');
    expect(ddi('IPortClsNotifications::AllocNotificationBuffer')?.kind).toBe('method');
    expect(ddi('NoSuchFunction')).toBeUndefined();
    expect(ddi('constructor')).toBeUndefined();
  });

  it('trusts no doubtful bound', () => {
    expect(trustedMin(ddi('MmFreeContiguousMemory')!)).toBeUndefined();
    expect(trustedMax(ddi('KeFlushQueuedDpcs')!)).toBe(1);
    expect(trustedMax(ddi('KeSetPriorityThread')!)).toBe(2);
    expect(trustedMax(ddi('KeStallExecutionProcessor')!)).toBeUndefined();
    expect(trustedMin(ddi('KeReleaseSpinLock')!)).toBe(2);
    expect(trustedRet(ddi('FltReadFile')!)).toBeUndefined();
    expect(trustedRet(ddi('ZwClose')!)).toBe('NTSTATUS');
    expect(ddi('RtlStringCbPrintfW')).toMatchObject({ soft: true, ret: 'NTSTATUS', max: 0 });
  });

  it('answers for the macro over a versioned WFP function', () => {
    expect(ddi('FwpsCalloutRegister')?.name).toBe('FwpsCalloutRegister');
    expect(ddi('FwpmNoSuchThing')).toBeUndefined();
  });

  it('reads the condition vocabulary', () => {
    expect(parseTest('has-flag:POOL_FLAG_PAGED')).toEqual({ is: 'has-flag', symbol: 'POOL_FLAG_PAGED' });
    expect(parseTest('null-or-pointee-nonzero')).toEqual({ is: 'null-or-pointee-nonzero' });
    expect(parseTest('options-flag:WDF_REQUEST_SEND_OPTION_SYNCHRONOUS'))
      .toEqual({ is: 'state', text: 'options-flag:WDF_REQUEST_SEND_OPTION_SYNCHRONOUS', state: 'options-flag', symbol: 'WDF_REQUEST_SEND_OPTION_SYNCHRONOUS' });
    expect(parseTest('os<VISTA')).toEqual({ is: 'state', text: 'os<VISTA', state: 'os', symbol: 'VISTA' });
  });

  it('decodes every row, and every condition names an existing argument', () => {
    const names = ddiNames();
    expect(names.length).toBeGreaterThan(6400);
    for (const name of names) {
      const row = ddi(name)!;
      expect(row.name).toBe(name);
      expect(row.min >= 0 && row.max <= 15 && row.min <= row.max).toBe(true);
      for (const one of row.conditional) if (one.param) expect(one.args, name).toHaveLength(one.param.split('|').length);
    }
  });
});
