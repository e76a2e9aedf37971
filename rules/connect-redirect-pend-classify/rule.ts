// A connect-redirect callout that pends a classify and leaves the decision to others meanwhile.

import { callouts, defineRule } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'connect-redirect-pend-classify',
    title: 'Pended classify not blocked in a connect-redirect callout',
    family: 'driver',
    level: 'warning',
    presets: ['strict'],
    since: '0.1.0',
    aliases: ['cpp/windows/wdk/kmdf/wfp/connect-redirect-pend-classify'],
    models: ['kernel'],
    help: 'After FwpsPendClassify0 set actionType to FWP_ACTION_BLOCK and clear FWPS_RIGHT_ACTION_WRITE in rights.',
  },
  func(ctx, fn) {
    const all = ctx.analysis(callouts);
    if (!all.isOf(fn, 'connect-redirect')) return;
    const [pended] = all.calls(fn, 'pend');
    if (!pended) return;
    const blocks = all.given(fn, 'FWP_ACTION_BLOCK').length > 0;
    const keeps = all.given(fn, 'FWPS_RIGHT_ACTION_WRITE').some((g) => g.to === 'rights');
    if (blocks && keeps) return;
    const missing = [...(blocks ? [] : ['set FWP_ACTION_BLOCK']), ...(keeps ? [] : ['clear FWPS_RIGHT_ACTION_WRITE'])].join(' nor ');
    const { decl, file } = fn.def!;
    ctx.report({ file: file.path, start: decl.nameStart, end: decl.nameEnd, message: `The connect-redirect callout '${fn.name}' pends the classify but does not ${missing}, so the connection may go on while it is pending`, related: [{ file: pended.fn.def!.file.path, start: pended.site.call.start, end: pended.site.call.end, message: 'the classify is pended here' }] });
  },
});
