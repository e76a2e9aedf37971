// An IRQL that should have been saved was not: a parameter declared to receive it, or a level restored from a variable never set.

import { defineRule, irql, irqlReport } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'irql-not-saved',
    title: 'IRQL is not saved where it must be',
    family: 'irql', level: 'error', presets: ['recommended', 'mustfix'], since: '0.1.0', aliases: ['C28158', 'cpp/drivers/irql-not-saved'], models: ['kernel'],
    help: 'Save the old IRQL in the parameter on every path, or restore the IRQL from the variable it was saved in.',
  },
  func(ctx, fn) {
    for (const e of ctx.analysis(irql).eventsOf(fn)) {
      if (e.kind === 'not-restored' && e.wants === 'saved') ctx.report(irqlReport(ctx.project, e, `'${fn.name}' has a path that does not save the IRQL, although ${e.because}`));
      else if (e.kind === 'not-saved') {
        const from = e.because === '' ? 'a variable' : `'${e.because}'`;
        ctx.report(irqlReport(ctx.project, e, `'${e.callee}' restores the IRQL from ${from}, which was never saved on this path`));
      }
    }
  },
});
