// Floating point in kernel code without saved state. Matters on x86, where the state belongs to the interrupted thread.

import { defineRule, floatState } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'float-hardware-state-protection',
    title: 'Floating point used without saved floating-point state',
    family: 'irql', level: 'warning', presets: ['strict'], presetsOnX86: ['recommended'], since: '0.1.0', aliases: ['C28110', 'cpp/drivers/float-hardware-state-protection'], models: ['kernel'],
    help: 'Call KeSaveFloatingPointState before and KeRestoreFloatingPointState after, or annotate the function _Kernel_float_used_ and save the state in its callers.',
  },
  func(ctx, fn) {
    const f = ctx.analysis(floatState).unprotected(fn);
    if (f) ctx.report({ file: f.file, start: f.start, end: f.end, function: f.func.name, message: `'${f.func.name}' uses floating point without having saved the floating-point state` });
  },
});
