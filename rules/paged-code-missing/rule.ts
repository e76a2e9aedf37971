// A function in a pageable section that does not say so in its body.

import { defineRule, paging } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'paged-code-missing',
    title: 'Function in a pageable section without PAGED_CODE()',
    family: 'irql', level: 'warning', presets: ['strict'], since: '0.1.0', aliases: ['C28170', 'cpp/drivers/no-paged-code'], models: ['kernel'],
    help: 'Put PAGED_CODE() after the declarations of the function, or take the function out of the pageable section.',
  },
  func(ctx, fn) {
    const p = ctx.analysis(paging).of(fn);
    if (!p?.section || p.asserts.length > 0) return;
    const { decl, file } = p.func.def!;
    ctx.report({
      file: file.path, start: decl.body!.start, end: decl.body!.start + 1, function: p.func.name,
      message: `'${p.func.name}' is placed in the pageable section ${p.section.name}, but has neither PAGED_CODE() nor PAGED_CODE_LOCKED()`,
      related: [{ file: p.section.file, start: p.section.start, end: p.section.end, message: 'placed in the section here' }],
    });
  },
});
