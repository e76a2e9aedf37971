// A wait begun with Wait = TRUE in pageable code: the IRQL stays raised until the wait, and the code may be paged out in between.

import { defineRule, paging } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'wait-pageable',
    title: 'Call with Wait = TRUE in pageable code',
    family: 'irql', level: 'error', presets: ['recommended', 'mustfix'], since: '0.1.0', aliases: ['cpp/drivers/ke-set-event-pageable'], models: ['kernel'],
    help: 'Pass FALSE for Wait, or take the function out of the pageable section.',
  },
  func(ctx, fn) {
    const p = ctx.analysis(paging).of(fn);
    if (!p) return;
    for (const w of p.waits) {
      ctx.report({
        file: p.func.def!.file.path, start: w.start, end: w.end, function: p.func.name,
        message: `'${w.name}' with Wait TRUE returns at DISPATCH_LEVEL, where '${p.func.name}' may not run: it is pageable`,
        related: p.section ? [{ file: p.section.file, start: p.section.start, end: p.section.end, message: `placed in the section ${p.section.name} here` }] : [],
      });
    }
  },
});
