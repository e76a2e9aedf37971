// A function declared to restore the floating-point state that does not, or does not look whether it worked.

import { defineRule, floatState } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'float-safe-exit',
    title: '_Kernel_float_restored_ function has a path that does not restore the floating-point state',
    family: 'irql', level: 'warning', presets: ['strict'], presetsOnX86: ['recommended'], since: '0.1.0', aliases: ['C28162', 'cpp/drivers/kmdf/float-safe-exit'], models: ['kernel'],
    help: 'Call KeRestoreFloatingPointState on every path and test its result.',
  },
  func(ctx, fn) {
    const f = ctx.analysis(floatState).notRestored(fn);
    if (!f) return;
    const what = f.why === 'missing' ? 'has a path that does not restore the floating-point state' : 'does not look whether restoring the floating-point state worked';
    ctx.report({ file: f.file, start: f.start, end: f.end, function: f.func.name, message: `'${f.func.name}' is declared _Kernel_float_restored_, but ${what}`, variant: f.why, related: [{ file: f.file, ...f.at, message: 'this way out' }] });
  },
});
