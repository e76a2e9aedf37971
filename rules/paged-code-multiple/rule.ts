// More than one PAGED_CODE() in a pageable function.

import { defineRule, paging } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'paged-code-multiple',
    title: 'More than one PAGED_CODE() in a function',
    family: 'irql', level: 'warning', presets: ['recommended'], since: '0.1.0', aliases: ['C28171', 'cpp/drivers/multiple-paged-code'], models: ['kernel'],
    help: 'Keep one PAGED_CODE() at the start of the function.',
  },
  func(ctx, fn) {
    const p = ctx.analysis(paging).of(fn);
    const [first, ...more] = p?.asserts ?? [];
    if (!p || !first) return;
    for (const again of more) {
      ctx.report({
        file: p.func.def!.file.path, start: again.start, end: again.end, function: p.func.name,
        message: `'${p.func.name}' has ${again.name}() more than once`,
        related: [{ file: p.func.def!.file.path, start: first.start, end: first.end, message: `${first.name}() is here` }],
      });
    }
  },
});
