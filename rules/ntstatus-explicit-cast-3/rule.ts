// A truth value that becomes an NTSTATUS without a cast: returned, assigned or passed as one.

import { bodies, conversions, defineRule, meaningOf, type Expr, type Func, type RuleContext } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'ntstatus-explicit-cast-3',
    title: 'Truth value converted to NTSTATUS',
    family: 'driver',
    level: 'warning',
    presets: ['recommended'],
    since: '0.1.0',
    aliases: ['C28716', 'cpp/drivers/ntstatus-explicit-cast3'],
    models: ['kernel', 'user'],
    help: 'Say which status each case means: ok ? STATUS_SUCCESS : STATUS_UNSUCCESSFUL.',
  },
  func(ctx, fn) {
    const file = fn.def!.file;
    for (const c of conversions(ctx.analysis(bodies), fn)) {
      if (c.to.meaning !== 'status') continue;
      const name = truthOf(ctx, c.e, fn);
      if (name === undefined) continue;
      ctx.report({ file: file.path, start: c.e.start, end: c.e.end, message: `A truth value (${name}) is ${c.how} as NTSTATUS: TRUE and FALSE are both success codes, so failure cannot be told from success` });
    }
  },
});

/** How a value shows that it is a truth value; a `!` on a constant is another rule's business. */
function truthOf(ctx: RuleContext, e: Expr, fn: Func): string | undefined {
  if (e.k === 'name' && /^(?:TRUE|FALSE|true|false)$/.test(e.name)) return e.name;
  if (e.k === 'cast' || (e.k === 'unary' && e.op === '!' && ctx.project.valueOf(e.e, fn.def!.file) !== undefined)) return undefined;
  const found = meaningOf(ctx.project, e, fn);
  return found?.meaning === 'boolean' || found?.meaning === 'truth' ? found.name : undefined;
}
