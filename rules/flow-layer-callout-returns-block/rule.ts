// A callout of the flow-established layers that blocks.

import { callouts, defineRule } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'flow-layer-callout-returns-block',
    title: 'Flow-established callout blocks',
    family: 'driver',
    level: 'warning',
    presets: ['strict'],
    since: '0.1.0',
    aliases: ['cpp/windows/wdk/kmdf/wfp/flow-layer-returns-block'],
    models: ['kernel'],
    help: 'Return FWP_ACTION_CONTINUE or FWP_ACTION_PERMIT: the flow exists already, and blocking belongs to the authorisation layers.',
  },
  func(ctx, fn) {
    const all = ctx.analysis(callouts);
    if (!all.isOf(fn, 'flow-inspection')) return;
    const [block] = all.given(fn, 'FWP_ACTION_BLOCK');
    if (!block) return;
    const { decl, file } = fn.def!;
    ctx.report({ file: file.path, start: decl.nameStart, end: decl.nameEnd, message: `The flow-established callout '${fn.name}' sets FWP_ACTION_BLOCK, which this layer does not allow`, related: [{ file: block.fn.def!.file.path, start: block.e.start, end: block.e.end, message: 'FWP_ACTION_BLOCK is set here' }] });
  },
});
