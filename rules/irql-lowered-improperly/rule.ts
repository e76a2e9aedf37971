// A raise to a level below the present one, or a lower to a level above it.

import { defineRule, irql, irqlReport, irqlWords } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'irql-lowered-improperly',
    title: 'IRQL is lowered by a raise, or raised by a lower',
    family: 'irql', level: 'error', presets: ['recommended', 'mustfix'], since: '0.1.0', aliases: ['C28141', 'cpp/drivers/irql-lowered-improperly'], models: ['kernel'],
    help: 'Raise only to a level at or above the present one, and lower only to a level at or below it.',
  },
  func(ctx, fn) {
    const words = irqlWords(ctx.project);
    for (const e of ctx.analysis(irql).eventsOf(fn)) {
      if (e.kind !== 'lowered-improperly') continue;
      ctx.report(irqlReport(ctx.project, e, `'${e.callee}' is given ${words.levels(e.to)}, but the IRQL is ${words.levels(e.limit)}${words.since(e)}; ${e.because}`));
    }
  },
});
