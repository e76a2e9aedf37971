// A stream-injection callout that decides nothing.

import { callouts, defineRule } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'stream-callouts-set-action-type',
    title: 'Stream-injection callout sets no action',
    family: 'driver',
    level: 'warning',
    presets: ['strict'],
    since: '0.1.0',
    aliases: ['cpp/windows/wdk/kmdf/wfp/stream-callout-set-action-type'],
    models: ['kernel'],
    help: 'Set classifyOut->actionType on every path.',
  },
  func(ctx, fn) {
    const all = ctx.analysis(callouts);
    if (!all.isOf(fn, 'stream-injection')) return;
    if (all.given(fn, 'FWP_ACTION_').length > 0) return;
    const { decl, file } = fn.def!;
    ctx.report({ file: file.path, start: decl.nameStart, end: decl.nameEnd, message: `The stream-injection callout '${fn.name}' never sets an action type; the filter engine then uses whatever stands in classifyOut` });
  },
});
