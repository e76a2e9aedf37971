// A transport callout that clones a packet and injects it from classifyFn.

import { callouts, defineRule } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'transport-layer-cannot-inject-clone-during-classify',
    title: 'Transport callout injects a cloned packet during classify',
    family: 'driver',
    level: 'warning',
    presets: ['strict'],
    since: '0.1.0',
    aliases: ['cpp/windows/wdk/kmdf/wfp/transport-layer-cannot-inject-clone-during-classify'],
    models: ['kernel'],
    help: 'Queue the clone to a DPC or work item and inject it there.',
  },
  func(ctx, fn) {
    const all = ctx.analysis(callouts);
    if (!all.isOf(fn, 'transport-injection', 'transport-inspection')) return;
    const used = all.calls(fn, 'clone', 'transport-inject');
    const clone = used.find((u) => u.meaning === 'clone');
    const inject = used.find((u) => u.meaning === 'transport-inject');
    if (!clone || !inject) return;
    const { decl, file } = fn.def!;
    ctx.report({ file: file.path, start: decl.nameStart, end: decl.nameEnd, message: `The transport callout '${fn.name}' injects a cloned packet while it classifies; the stack holds locks then that the injection needs for TCP`, related: [clone, inject].map((u) => ({ file: u.fn.def!.file.path, start: u.site.call.start, end: u.site.call.end, message: `${u.site.name} is called here` })) });
  },
});
