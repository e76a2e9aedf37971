// A call that raises the IRQL above what the function declares for all of its body.

import { defineRule, irql, irqlReport, irqlWords } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'irql-set-too-high',
    title: 'IRQL is raised above the declared maximum of the function',
    family: 'irql', level: 'error', presets: ['recommended'], since: '0.1.0', aliases: ['C28150', 'cpp/drivers/irql-set-too-high'], models: ['kernel'],
    help: 'Do not raise the IRQL that far, or correct the annotation of the function.',
  },
  func(ctx, fn) {
    const words = irqlWords(ctx.project);
    for (const e of ctx.analysis(irql).eventsOf(fn)) {
      if (e.kind !== 'set-too-high') continue;
      ctx.report(irqlReport(ctx.project, e, `'${e.callee}' raises the IRQL to ${words.levels(e.to)}, but '${fn.name}' is declared ${e.because}`));
    }
  },
});
