// A call whose ceiling lies below the top of the range the caller may be entered on.

import { defineRule, irql, irqlReport, irqlWords } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'irql-may-be-too-high',
    title: 'Function called although the caller may run at an IRQL above its maximum',
    family: 'irql', level: 'warning', presets: ['recommended'], since: '0.1.0', aliases: ['C28118'], models: ['kernel'],
    help: 'Test KeGetCurrentIrql() before the call, hand the work to a work item, or narrow the annotation of the calling function.',
  },
  func(ctx, fn) {
    const words = irqlWords(ctx.project);
    for (const e of ctx.analysis(irql).eventsOf(fn)) {
      if (e.kind !== 'may-be-too-high' || e.source === 'paged') continue;
      const limit = words.top(e.allowed);
      const condition = e.because === undefined ? '' : ` ${e.because}`;
      const what = e.who === e.callee ? `'${e.callee}'${condition} may be called at ${limit} at most` : `'${e.callee}' leads to '${e.who}', which may be called at ${limit} at most`;
      const report = irqlReport(ctx.project, e, `${what}, but '${fn.name}' may run at up to ${words.top(e.here)}`, 'warning');
      ctx.report(e.configurable ? { ...report, level: 'info' } : report);
    }
  },
});
