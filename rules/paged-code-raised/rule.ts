// Pageable code and data reached at an IRQL where page faults cannot be resolved.

import { defineRule, irql, irqlReport, irqlWords, pagedData } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'paged-code-raised',
    title: 'Pageable function called at DISPATCH_LEVEL or above',
    family: 'irql', level: 'error', presets: ['recommended', 'mustfix'], since: '0.1.0', aliases: [], models: ['kernel'],
    help: 'Take the called function out of its PAGE section and remove PAGED_CODE(), or make the call at APC_LEVEL or below.',
  },
  func(ctx, fn) {
    const words = irqlWords(ctx.project);
    for (const e of ctx.analysis(irql).eventsOf(fn)) {
      if (e.kind !== 'too-high' || e.source !== 'paged') continue;
      const what = e.callee === 'PAGED_CODE' && e.who === 'PAGED_CODE' ? `PAGED_CODE() says that '${fn.name}' is pageable` : `'${e.callee}' is pageable`;
      ctx.report(irqlReport(ctx.project, e, `${what}, but the IRQL is ${words.atLeast(e.here)}${words.since(e)}`));
    }
    for (const a of ctx.analysis(pagedData).accessesOf(fn)) {
      ctx.report({
        file: a.file, start: a.start, end: a.end, function: fn.name, message: `'${a.name}' lies in the pageable section ${a.section.name}, but the IRQL is ${words.atLeast(a.here)}`,
        related: [{ file: a.section.file.path, start: a.section.start, end: a.section.end, message: `placed in ${a.section.name} here` }],
      });
    }
  },
});
