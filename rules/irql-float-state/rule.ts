// Floating-point state restored at another IRQL than it was saved at.

import { defineRule, irql, irqlReport, irqlWords } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'irql-float-state',
    title: 'Floating-point state is restored at another IRQL than it was saved at',
    family: 'irql', level: 'error', presets: ['recommended'], since: '0.1.0', aliases: ['C28111', 'cpp/drivers/irql-float-state-mismatch'], models: ['kernel'],
    help: 'Save and restore the floating-point state at the same IRQL.',
  },
  func(ctx, fn) {
    const words = irqlWords(ctx.project);
    for (const e of ctx.analysis(irql).eventsOf(fn)) {
      if (e.kind !== 'float-state') continue;
      ctx.report(irqlReport(ctx.project, e, `The floating-point state was saved at ${words.levels(e.to)} and is restored at ${words.levels(e.limit)}${words.since(e)}`));
    }
  },
});
