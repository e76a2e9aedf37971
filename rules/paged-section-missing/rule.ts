// PAGED_CODE() in a function that is not placed in any pageable section.

import { defineRule, paging } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'paged-section-missing',
    title: 'PAGED_CODE() in a function that is in no pageable section',
    family: 'irql', level: 'warning', presets: ['strict'], since: '0.1.0', aliases: ['C28172', 'cpp/drivers/no-paging-segment'], models: ['kernel'],
    help: 'Place the function in a section with #pragma alloc_text(PAGE, function) or __declspec(code_seg("PAGE")), or remove PAGED_CODE().',
  },
  func(ctx, fn) {
    const p = ctx.analysis(paging).of(fn);
    const [first] = p?.asserts ?? [];
    if (!p || p.section || p.initial || !first) return;
    const { decl, file } = p.func.def!;
    ctx.report({
      file: file.path, start: decl.body!.start, end: decl.body!.start + 1, function: p.func.name,
      message: `'${p.func.name}' has ${first.name}(), but is placed in no pageable section`,
      related: [{ file: file.path, start: first.start, end: first.end, message: `${first.name}() is here` }],
    });
  },
});
