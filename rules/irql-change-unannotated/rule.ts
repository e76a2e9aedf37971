// A function that always ends at another IRQL than it was entered at, and does not say so.

import { defineRule, irql, irqlReport, irqlWords } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'irql-change-unannotated',
    title: 'Function changes the IRQL and no annotation says so',
    family: 'irql', level: 'warning', presets: ['strict'], since: '0.1.0', aliases: ['C28167', 'cpp/drivers/irql-function-not-annotated'], models: ['kernel'],
    help: 'Annotate the function: _IRQL_raises_, _IRQL_saves_ and _IRQL_restores_ on the parameter, _Acquires_lock_ and _Releases_lock_.',
  },
  func(ctx, fn) {
    const words = irqlWords(ctx.project);
    for (const e of ctx.analysis(irql).eventsOf(fn)) {
      if (e.kind !== 'unannotated') continue;
      const what = e.because === 'restores' ? 'ends at the IRQL that its caller saved' : `ends at ${words.levels(e.here)}`;
      ctx.report(irqlReport(ctx.project, e, `'${fn.name}' always ${what}, and no annotation says so`, 'warning'));
    }
  },
});
