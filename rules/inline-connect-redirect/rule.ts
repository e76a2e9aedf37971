// An inline connect-redirect callout that asks to be called again when others modify the redirection.

import { callouts, defineRule } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'inline-connect-redirect',
    title: 'Inline connect-redirect callout asks for reauthorisation',
    family: 'driver',
    level: 'warning',
    presets: ['strict'],
    since: '0.1.0',
    aliases: ['cpp/windows/wdk/kmdf/wfp/inline-connect-redirect'],
    models: ['kernel'],
    help: 'Leave FWPS_CLASSIFY_FLAG_REAUTHORIZE_IF_MODIFIED_BY_OTHERS to callouts that redirect asynchronously.',
  },
  func(ctx, fn) {
    const all = ctx.analysis(callouts);
    if (!all.isOf(fn, 'connect-redirect-inline')) return;
    const [flag] = all.given(fn, 'FWPS_CLASSIFY_FLAG_REAUTHORIZE_IF_MODIFIED_BY_OTHERS');
    if (!flag) return;
    const { decl, file } = fn.def!;
    ctx.report({ file: file.path, start: decl.nameStart, end: decl.nameEnd, message: `The inline connect-redirect callout '${fn.name}' sets ${flag.name}; its classify is over when it returns, so there is nothing to reauthorise`, related: [{ file: flag.fn.def!.file.path, start: flag.e.start, end: flag.e.end, message: 'the flag is set here' }] });
  },
});
