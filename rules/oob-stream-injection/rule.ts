// A callout that injects stream data again without blocking the original.

import { callouts, defineRule } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'oob-stream-injection',
    title: 'Stream-injection callout never blocks the original data',
    family: 'driver',
    level: 'warning',
    presets: ['strict'],
    since: '0.1.0',
    aliases: ['cpp/windows/wdk/kmdf/wfp/oob-stream-injection'],
    models: ['kernel'],
    help: 'Set actionType to FWP_ACTION_BLOCK for data that is injected again later.',
  },
  func(ctx, fn) {
    const all = ctx.analysis(callouts);
    if (!all.isOf(fn, 'stream-injection')) return;
    const actions = all.given(fn, 'FWP_ACTION_');
    if (actions.length === 0 || actions.some((a) => a.name === 'FWP_ACTION_BLOCK')) return;
    const { decl, file } = fn.def!;
    ctx.report({ file: file.path, start: decl.nameStart, end: decl.nameEnd, message: `The stream-injection callout '${fn.name}' never sets FWP_ACTION_BLOCK, so data that it injects again is delivered twice` });
  },
});
