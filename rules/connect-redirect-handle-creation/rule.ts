// A connect-redirect callout that makes more than one redirect handle.

import { callouts, defineRule } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'connect-redirect-handle-creation',
    title: 'Connect-redirect callout creates redirect handles repeatedly',
    family: 'driver',
    level: 'warning',
    presets: ['strict'],
    since: '0.1.0',
    aliases: ['cpp/windows/wdk/kmdf/wfp/connect-reirect-handle-creation'],
    models: ['kernel'],
    help: 'Create the redirect handle once, when the callout driver starts, and use it for every connection.',
  },
  func(ctx, fn) {
    const all = ctx.analysis(callouts);
    if (!all.isOf(fn, 'connect-redirect')) return;
    const created = all.calls(fn, 'create-redirect-handle');
    if (created.length < 2) return;
    const { decl, file } = fn.def!;
    ctx.report({ file: file.path, start: decl.nameStart, end: decl.nameEnd, message: `The connect-redirect callout '${fn.name}' calls ${created[0].site.name} ${created.length} times; a redirect handle is created once and kept`, related: created.map(({ site, fn: inside }) => ({ file: inside.def!.file.path, start: site.call.start, end: site.call.end, message: 'a handle is created here' })) });
  },
});
