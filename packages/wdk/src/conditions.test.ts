import { describe, expect, it } from 'vitest';
import { contractAtCall, testHolds, type ArgFact } from './conditions.js';
import { ddi } from './ddi.js';

const at = (name: string, args: Record<number, ArgFact>) => contractAtCall(ddi(name)!, (index) => args[index]);

describe('contractAtCall', () => {
  it('narrows by a flag that is set', () => {
    expect(at('KeSetEvent', { 2: { symbols: ['TRUE'] } })).toMatchObject({ max: 1, undecided: [] });
    expect(at('KeSetEvent', { 2: { value: 0 } })).toEqual({ max: 2, undecided: [] });
    expect(at('KeSetEvent', {})).toMatchObject({ max: 2, undecided: [{ param: 'Wait', max: 1 }] });
  });

  it('knows pool types and pool flags', () => {
    expect(at('ExAllocatePoolWithTag', { 0: { symbols: ['PagedPool'] } }).max).toBe(1);
    expect(at('ExAllocatePoolWithTag', { 0: { symbols: ['PagedPoolCacheAligned'] } }).max).toBe(1);
    expect(at('ExAllocatePoolWithTag', { 0: { symbols: ['NonPagedPoolNx'] } }).max).toBe(2);
    expect(at('ExAllocatePool2', { 0: { symbols: ['POOL_FLAG_PAGED', 'POOL_FLAG_UNINITIALIZED'] } }).max).toBe(1);
    expect(at('ExAllocatePool2', { 0: { value: 0x40 } }).max).toBe(2);
    expect(at('ExAllocatePool2', { 0: { symbols: ['MY_FLAGS'] } })).toMatchObject({ max: 2, undecided: [{ param: 'Flags' }] });
  });

  it('distinguishes a wait from a poll', () => {
    expect(at('KeWaitForSingleObject', { 4: { symbols: ['NULL'] } }).max).toBe(1);
    expect(at('KeWaitForSingleObject', { 4: { nonNull: true, pointee: 0 } }).max).toBe(2);
    expect(at('KeWaitForSingleObject', { 4: { nonNull: true, pointee: 'nonzero' } }).max).toBe(1);
    expect(at('KeWaitForSingleObject', { 4: { nonNull: true } })).toMatchObject({ max: 2, undecided: [{ max: 1 }] });
  });

  it('asks for PASSIVE_LEVEL when DbgPrint formats Unicode', () => {
    expect(at('DbgPrint', { 0: { text: 'name %wZ\n' } }).max).toBe(0);
    expect(at('DbgPrint', { 0: { text: '%-20S' } }).max).toBe(0);
    expect(at('DbgPrint', { 0: { text: '%s %d%%S' } }).max).toBe(12);
  });

  it('lets a decided condition win over an alternative ceiling', () => {
    expect(at('WdfWaitLockAcquire', { 1: { value: 0 } }).max).toBe(0);
    expect(at('WdfWaitLockAcquire', { 1: { nonNull: true, pointee: 0 } }).max).toBe(1);
    expect(at('WdfWaitLockAcquire', {}).max).toBe(2);
  });

  it('takes either parameter of an alternative', () => {
    expect(at('RtlCopyUnicodeString', { 1: { memory: 'pageable' } }).max).toBe(1);
    expect(at('RtlCopyUnicodeString', { 0: { memory: 'nonpaged' }, 1: { memory: 'nonpaged' } })).toEqual({ undecided: [] });
  });

  it('has no ceiling where only pageable memory sets one', () => {
    expect(at('RtlCheckBit', {})).toMatchObject({ undecided: [{ param: 'BitMapHeader', max: 1 }] });
    expect(at('RtlCheckBit', {}).max).toBeUndefined();
    expect(at('RtlCheckBit', { 0: { memory: 'pageable' } }).max).toBe(1);
    expect(at('IoWMIWriteEvent', {}).max).toBeUndefined();
  });

  it('never decides what needs the state of an object', () => {
    expect(at('WdfRequestSend', { 2: { nonNull: true } })).toMatchObject({ max: 2, undecided: [{ when: { state: 'options-flag' } }] });
  });
});

describe('testHolds', () => {
  it('is three-valued', () => {
    expect(testHolds({ is: 'ne', symbol: 'KernelMode' }, { symbols: ['UserMode'] })).toBe(true);
    expect(testHolds({ is: 'eq', symbol: 'UserMode' }, { symbols: ['KernelMode'] })).toBe(false);
    expect(testHolds({ is: 'eq', symbol: 'UserMode' }, { symbols: ['mode'] })).toBeUndefined();
    expect(testHolds({ is: 'non-null' }, { nonNull: true })).toBe(true);
    expect(testHolds({ is: 'null' }, {})).toBeUndefined();
    expect(testHolds({ is: 'no-flag', symbol: 'POOL_FLAG_PAGED' }, { value: 0x40 })).toBe(true);
  });
});
