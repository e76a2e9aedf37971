import { describe, expect, it } from 'vitest';
import { typeFromText } from './type-text.js';

describe('types spelled in the tables', () => {
  it('are base, stars and const', () => {
    expect(typeFromText('PVOID')).toEqual({ base: 'PVOID', ptr: 0 });
    expect(typeFromText('struct _DEVICE_OBJECT*')).toEqual({ base: 'struct _DEVICE_OBJECT', ptr: 1 });
    expect(typeFromText('const FWPS_FILTER1 *')).toEqual({ base: 'FWPS_FILTER1', ptr: 1, cv: 1 });
    expect(typeFromText('unsigned long')).toEqual({ base: 'unsigned long', ptr: 0 });
    expect(typeFromText('PVOID*')).toEqual({ base: 'PVOID', ptr: 1 });
    expect(typeFromText('UCHAR[16]')).toEqual({ base: 'UCHAR', ptr: 1 });
  });

  it('lose annotations and directions, not tags', () => {
    expect(typeFromText('_In_ PIRP')).toEqual({ base: 'PIRP', ptr: 0 });
    expect(typeFromText('_Inout_updates_bytes_(Length) PVOID')).toEqual({ base: 'PVOID', ptr: 0 });
    expect(typeFromText('IN OUT struct _IRP *')).toEqual({ base: 'struct _IRP', ptr: 1 });
  });

  it('are nothing when they are no plain type', () => {
    for (const text of ['', 'VOID (*)(PVOID)', '1 + 2', 'A<B>']) expect(typeFromText(text)).toBeUndefined();
  });
});
