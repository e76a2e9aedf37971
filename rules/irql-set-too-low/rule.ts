// A call that lowers the IRQL below what the function declares for all of its body, or below what its role runs at.

import { defineRule, irql, irqlReport, irqlWords } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'irql-set-too-low',
    title: 'IRQL is lowered below the minimum of the function',
    family: 'irql', level: 'error', presets: ['recommended'], since: '0.1.0', aliases: ['C28124', 'cpp/drivers/irql-set-too-low'], models: ['kernel'],
    help: 'Do not lower the IRQL below the level the function must keep: a DPC or interrupt routine runs at its level to the end.',
  },
  func(ctx, fn) {
    const words = irqlWords(ctx.project);
    for (const e of ctx.analysis(irql).eventsOf(fn)) {
      if (e.kind !== 'set-too-low') continue;
      const rule = e.because.startsWith('_') ? `'${e.func.name}' is declared ${e.because}` : e.because;
      ctx.report(irqlReport(ctx.project, e, `'${e.callee}' sets the IRQL to ${words.levels(e.to)}, below ${words.bottom(e.limit)}: ${rule}`));
    }
  },
});
