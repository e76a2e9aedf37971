import { describe, expect, it } from 'vitest';
import { ddi } from './ddi.js';
import { irqlEffect, irqlEffectNames, targetRange, type IrqlEffect } from './effects.js';
import { registrationsOfCall } from './registrations.js';
import { role } from './roles.js';

const all = (): IrqlEffect[] => irqlEffectNames().map((name) => irqlEffect(name)!);

describe('irqlEffect', () => {
  it('raises and lowers', () => {
    expect(irqlEffect('KeRaiseIrql')).toMatchObject({ effect: 'raise', to: { arg: 0 }, saves: { kind: 'arg', index: 1 }, macro: true, family: 'Irql' });
    expect(irqlEffect('KfRaiseIrql')).toMatchObject({ effect: 'raise', to: { arg: 0 }, saves: { kind: 'return' } });
    expect(irqlEffect('KeRaiseIrqlToDpcLevel')).toMatchObject({ effect: 'raise', to: 2, saves: { kind: 'return' }, requires: { min: 0, max: 2 } });
    expect(irqlEffect('KeRaiseIrqlToSynchLevel')?.to).toBe('SYNCH_LEVEL');
    expect(irqlEffect('KeLowerIrql')).toMatchObject({ effect: 'lower', restores: { kind: 'arg', index: 0 } });
    expect(irqlEffect('NDIS_LOWER_IRQL')).toMatchObject({ restores: { kind: 'arg', index: 0 }, currentArg: 1 });
  });

  it('tells where an acquire saves and a release restores', () => {
    expect(irqlEffect('KeAcquireSpinLock')).toMatchObject({ lock: { kind: 'arg', index: 0 }, to: 2, saves: { kind: 'arg', index: 1 }, spin: true, changesIrql: true });
    expect(irqlEffect('KeAcquireSpinLockRaiseToDpc')?.saves).toEqual({ kind: 'return', index: -1 });
    expect(irqlEffect('KeReleaseSpinLock')).toMatchObject({ restores: { kind: 'arg', index: 1 }, requires: { min: 2, max: 2 } });
    expect(irqlEffect('KeAcquireInStackQueuedSpinLock')).toMatchObject({ saves: { kind: 'handle', index: 1 }, handle: 1, family: 'InStackQueued' });
    expect(irqlEffect('KeReleaseInStackQueuedSpinLock')).toMatchObject({ lock: { kind: 'handle', index: 0 }, restores: { kind: 'handle', index: 0 }, handle: 0 });
    expect(irqlEffect('KeReleaseInStackQueuedSpinLockForDpc')?.lock).toEqual({ kind: 'handle', index: 0 });
    expect(irqlEffect('ExAcquireFastMutex')).toMatchObject({ to: 1, saves: { kind: 'lock', index: 0 }, spin: false });
    expect(irqlEffect('IoAcquireCancelSpinLock')).toMatchObject({ lock: { kind: 'global', name: 'cancel' }, saves: { kind: 'arg', index: 0 } });
    expect(irqlEffect('IoReleaseCancelSpinLock')).toMatchObject({ lock: { kind: 'global', name: 'cancel' }, restores: { kind: 'arg', index: 0 } });
    expect(irqlEffect('KeAcquireInterruptSpinLock')).toMatchObject({ to: 'DIRQL', requires: { min: 0, max: 12 } });
    expect(irqlEffect('StorPortAcquireMSISpinLock')).toMatchObject({ lock: { kind: 'message', index: 1 }, to: 'DIRQL' });
    expect(irqlEffect('VideoPortReleaseSpinLock')).toMatchObject({ lock: { kind: 'arg', index: 1 }, restores: { kind: 'arg', index: 2 } });
  });

  it('knows the forms that change no level', () => {
    expect(irqlEffect('KeAcquireSpinLockAtDpcLevel')).toMatchObject({ changesIrql: false, form: 'dpc-level', requires: { min: 2, max: 15 }, spin: true });
    expect(irqlEffect('KeAcquireInStackQueuedSpinLockAtDpcLevel')).toMatchObject({ changesIrql: false, handle: 1 });
    expect(irqlEffect('KeAcquireSpinLockForDpc')).toMatchObject({ form: 'for-dpc', changesIrql: true });
    expect(irqlEffect('NdisDprAcquireSpinLock')?.form).toBe('dpc-level');
  });

  it('knows modes, conversions and tries', () => {
    expect(irqlEffect('ExAcquireSpinLockShared')).toMatchObject({ mode: 'shared', family: 'ExSpinLock' });
    expect(irqlEffect('NdisAcquireReadWriteLock')).toMatchObject({ modeArg: 1, handle: 2 });
    expect(irqlEffect('ExTryConvertSharedSpinLockExclusive')).toMatchObject({ converts: 'exclusive', tryWhen: { when: 'nonzero' } });
    expect(irqlEffect('KeTryToAcquireSpinLockAtDpcLevel')?.tryWhen).toEqual({ when: 'nonzero' });
    expect(irqlEffect('ExAcquireResourceSharedLite')?.tryWhen).toEqual({ when: 'nonzero', unless: { arg: 1, test: { is: 'true' } } });
    expect(irqlEffect('WdfWaitLockAcquire')?.tryWhen).toEqual({ when: 'success', unless: { arg: 1, test: { is: 'null' } } });
  });

  it('structures conditions', () => {
    expect(irqlEffect('NdisAcquireRWLockRead')?.variants).toEqual([{
      when: { kind: 'arg', arg: 2, test: { is: 'has-flag', symbol: 'NDIS_RWL_AT_DISPATCH_LEVEL' } }, changesIrql: false, requires: { min: 2, max: 2 },
    }]);
    expect(irqlEffect('WdfInterruptAcquireLock')?.variants).toEqual([{ when: { kind: 'object', state: 'passive-interrupt' }, changesIrql: false, requires: { min: 0, max: 0 } }]);
    expect(irqlEffect('WdfObjectReleaseLock')?.variants[0].when).toEqual({ kind: 'object', state: 'passive-execution' });
    expect(irqlEffect('KeReleaseSemaphore')).toMatchObject({ effect: 'conditional-raise', raisesWhen: { arg: 3, test: { is: 'true' } }, restoredBy: 'next-wait', to: 2 });
    expect(irqlEffect('StorPortAcquireSpinLock')).toMatchObject({ lock: { kind: 'enum', index: 1 }, to: { arg: 1, byName: { DpcLock: 2, InterruptLock: 'DIRQL' } }, handle: 3 });
  });

  it('runs callbacks at a level', () => {
    expect(irqlEffect('KeSynchronizeExecution')).toMatchObject({ effect: 'callback', callbackArg: 1, to: 'DIRQL', role: 'KSYNCHRONIZE_ROUTINE' });
    expect(irqlEffect('KeExpandKernelStackAndCallout')).toMatchObject({ to: 'caller', callbackArg: 0 });
    expect(irqlEffect('KeGenericCallDpc')).toMatchObject({ conf: 'low', to: 2 });
    expect(irqlEffect('KeInsertQueueDpc')?.queues).toEqual({ role: 'KDEFERRED_ROUTINE', level: 2 });
  });

  it('knows what blocks', () => {
    expect(irqlEffect('KeWaitForSingleObject')?.blocks).toEqual({ unlessPollArg: 4 });
    expect(irqlEffect('KeWaitForMultipleObjects')?.blocks).toEqual({ unlessPollArg: 6 });
    expect(irqlEffect('KeDelayExecutionThread')?.blocks).toEqual({});
  });

  it('leaves nothing unknown in any row', () => {
    expect(all().length).toBeGreaterThanOrEqual(199);
    for (const row of all()) {
      expect(JSON.stringify(row), row.name).not.toMatch(/null,|NaN|undefined/);
      expect(row.family, row.name).not.toBe('Other');
      if (row.effect === 'acquire' || row.effect === 'release') expect(row.lock, row.name).toBeDefined();
      if (row.effect === 'acquire' && row.changesIrql) expect([row.to, row.saves].every((part) => part !== undefined), row.name).toBe(true);
      if (row.effect === 'release' && row.changesIrql) expect(row.restores, row.name).toBeDefined();
      if (row.effect === 'callback') expect(row.callbackArg, row.name).toBeDefined();
      if (row.spin && row.effect === 'acquire') expect(row.changesIrql || row.requires.min >= 2, row.name).toBe(true);
    }
  });

  it('pairs only inside a family, and only with rows that exist', () => {
    for (const row of all()) {
      for (const other of row.pairsWith) expect(irqlEffect(other)?.family, `${row.name} ${other}`).toBe(row.family);
      if (row.effect === 'acquire') expect(row.pairsWith.length, row.name).toBeGreaterThan(0);
    }
  });

  it('agrees with the contracts of ddi', () => {
    /** Rows where the page of the function says less than the effect knows. */
    const looser = new Set(['GPIO_CLX_ReleaseInterruptLock', 'IInterruptSync::CallSynchronizedRoutine', 'FsRtlAcquireFileExclusive', 'FsRtlReleaseFile',
      'StorPortAcquireMSISpinLock', 'StorPortReleaseMSISpinLock', 'WdfInterruptReleaseLock', 'DxgkCbSynchronizeExecution', 'ExReleaseResource']);
    for (const row of all()) {
      if (looser.has(row.name)) continue;
      const contract = ddi(row.name);
      expect(contract, row.name).toBeDefined();
      expect([contract!.min, contract!.max], row.name).toEqual([row.requires.min, row.requires.max]);
    }
  });

  it('runs callbacks whose registration is known', () => {
    for (const row of all()) {
      if (row.effect !== 'callback' || !row.role) continue;
      expect(role(row.role), row.name).toBeDefined();
      const registered = registrationsOfCall(row.name).find((one) => one.role === row.role);
      if (registered) expect(registered.idx, row.name).toBe(row.callbackArg);
    }
  });
});

describe('targetRange', () => {
  it('resolves symbols', () => {
    expect(targetRange('DIRQL')).toEqual({ min: 3, max: 12 });
    expect(targetRange('IPI_LEVEL')).toEqual({ min: 14, max: 14 });
    expect(targetRange({ arg: 0 })).toBeUndefined();
  });
});
