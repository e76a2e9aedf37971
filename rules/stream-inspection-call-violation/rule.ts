// A stream-inspection callout that mixes inline deferral with out-of-band injection.

import { callouts, defineRule } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'stream-inspection-call-violation',
    title: 'Stream-inspection callout continues and injects a stream',
    family: 'driver',
    level: 'warning',
    presets: ['strict'],
    since: '0.1.0',
    aliases: ['cpp/windows/wdk/kmdf/wfp/stream-inspection-call-violation'],
    models: ['kernel'],
    help: 'Use FwpsStreamContinue0 for data deferred inline, FwpsStreamInjectAsync0 for data cloned and injected later, never both for one flow.',
  },
  func(ctx, fn) {
    const all = ctx.analysis(callouts);
    if (!all.isOf(fn, 'stream-inspection')) return;
    const used = all.calls(fn, 'stream-continue', 'stream-inject');
    const goOn = used.find((u) => u.meaning === 'stream-continue');
    const inject = used.find((u) => u.meaning === 'stream-inject');
    if (!goOn || !inject) return;
    const { decl, file } = fn.def!;
    ctx.report({ file: file.path, start: decl.nameStart, end: decl.nameEnd, message: `The stream-inspection callout '${fn.name}' calls both ${goOn.site.name} and ${inject.site.name}; a stream is either deferred or processed out of band`, related: [goOn, inject].map((u) => ({ file: u.fn.def!.file.path, start: u.site.call.start, end: u.site.call.end, message: `${u.site.name} is called here` })) });
  },
});
