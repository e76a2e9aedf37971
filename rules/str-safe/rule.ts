// strsafe.h included by kernel-mode code, whose header is ntstrsafe.h.

import { defineRule } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'str-safe',
    title: 'strsafe.h included in kernel-mode code',
    family: 'driver',
    level: 'error',
    presets: ['recommended'],
    since: '0.1.0',
    aliases: ['C28146', 'cpp/drivers/str-safe'],
    models: ['kernel'],
    help: 'Include ntstrsafe.h and use the functions with the Rtl prefix.',
  },
  file(ctx, file) {
    const wrong = file.includes.filter((i) => i.resolved === undefined && /^strsafe\.h$/i.test(i.target));
    if (wrong.length === 0 || ctx.project.kindOf(file) !== 'kernel') return;
    for (const include of wrong) ctx.report({ file: file.path, start: include.start, end: include.end, message: 'strsafe.h is for user mode; kernel-mode code includes ntstrsafe.h' });
  },
});
