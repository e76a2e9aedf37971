// A call below the lowest IRQL its callee allows, such as an AtDpcLevel routine at PASSIVE_LEVEL.

import { defineRule, irql, irqlReport, irqlWords, type IrqlWords, type LevelEvent } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'irql-too-low',
    title: 'Function called at an IRQL below its minimum',
    family: 'irql', level: 'error', presets: ['recommended', 'mustfix'], since: '0.1.0',
    aliases: ['C28120', 'C28122', 'cpp/drivers/irql-too-low'], models: ['kernel'],
    help: 'Raise the IRQL first, or use the variant of the function that raises it itself (KeAcquireSpinLock instead of KeAcquireSpinLockAtDpcLevel).',
  },
  func(ctx, fn) {
    const words = irqlWords(ctx.project);
    for (const e of ctx.analysis(irql).eventsOf(fn)) {
      if (e.kind === 'too-low') ctx.report(irqlReport(ctx.project, e, messageOf(e, words)));
    }
  },
});

function messageOf(e: LevelEvent, words: IrqlWords): string {
  const limit = words.bottom(e.allowed);
  const here = `${words.atMost(e.here)}${words.since(e)}`;
  if (e.source === 'assertion') return `The IRQL is asserted to be at least ${limit}, but it is ${here}`;
  if (e.who === e.callee) return `'${e.callee}' needs at least ${limit}, but the IRQL is ${here}`;
  return `'${e.callee}' leads to '${e.who}', which needs at least ${limit}, but the IRQL is ${here}`;
}
