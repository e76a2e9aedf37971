// A cancel routine that keeps the cancel spin lock, or gives it back with another level than Irp->CancelIrql.

import { defineRule, irql, irqlReport, irqlWords, type IrqlEvent, type IrqlWords } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'irql-cancel-routine',
    title: 'Cancel routine does not release the cancel spin lock with Irp->CancelIrql',
    family: 'irql', level: 'error', presets: ['recommended', 'mustfix'], since: '0.1.0', aliases: ['C28144', 'cpp/drivers/irql-cancel-routine'], models: ['kernel'],
    help: 'Call IoReleaseCancelSpinLock(Irp->CancelIrql) on every path of the cancel routine.',
  },
  func(ctx, fn) {
    const engine = ctx.analysis(irql);
    if (!engine.entryOf(fn).cancel) return;
    const words = irqlWords(ctx.project);
    for (const e of engine.eventsOf(fn)) {
      const message = messageOf(e, words);
      if (message !== undefined) ctx.report(irqlReport(ctx.project, e, message));
    }
  },
});

function messageOf(e: IrqlEvent, words: IrqlWords): string | undefined {
  if (e.kind === 'cancel') return `'${e.func.name}' returns here with the cancel spin lock held: a cancel routine must call IoReleaseCancelSpinLock(Irp->CancelIrql)`;
  if (e.kind !== 'lock' || e.problem !== 'restores-wrong-level' || !e.cancel) return undefined;
  return e.to === undefined || e.other !== '' ? `The cancel spin lock is released with '${e.other}' instead of Irp->CancelIrql` : `The cancel spin lock is released with ${words.levels(e.to)} instead of Irp->CancelIrql`;
}
