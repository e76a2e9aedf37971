// An NTSTATUS used as a truth value: cast or converted to BOOLEAN, or tested with `!`.

import { bodies, conversions, defineRule, meaningOf, meaningOfType, type Expr } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'ntstatus-explicit-cast',
    title: 'NTSTATUS used as a truth value',
    family: 'driver',
    level: 'warning',
    presets: ['recommended'],
    since: '0.1.0',
    aliases: ['C28714', 'cpp/drivers/ntstatus-explicit-cast'],
    models: ['kernel', 'user'],
    help: 'Test the status with NT_SUCCESS.',
    fixable: 'suggestion',
  },
  func(ctx, fn) {
    const file = fn.def!.file;
    const found = ctx.analysis(bodies);
    const body = found.of(fn);
    const report = (e: Expr, message: string, variant: string, suggestion?: { start: number; end: number; text: string }): void => ctx.report({
      file: file.path, start: e.start, end: e.end, message, variant,
      suggestions: suggestion ? [{ title: 'Test it with NT_SUCCESS', edits: [{ file: file.path, ...suggestion }] }] : [],
    });
    const text = (e: Expr): string => ctx.text(file.path).slice(e.start, e.end);
    for (const cast of body.casts) {
      const to = meaningOfType(ctx.project, cast.type, file);
      if (to?.meaning !== 'boolean' || meaningOf(ctx.project, cast.e, fn)?.meaning !== 'status') continue;
      report(cast.e, `An NTSTATUS is cast to ${to.name}: success (0) becomes FALSE; test it with NT_SUCCESS`, 'cast', { start: cast.start, end: cast.end, text: `NT_SUCCESS(${text(cast.e)})` });
    }
    for (const c of conversions(found, fn)) {
      if (c.to.meaning !== 'boolean' || meaningOf(ctx.project, c.e, fn)?.meaning !== 'status') continue;
      report(c.e, `An NTSTATUS is ${c.how} as ${c.to.name}: success (0) becomes FALSE; test it with NT_SUCCESS`, 'conversion', { start: c.e.start, end: c.e.end, text: `NT_SUCCESS(${text(c.e)})` });
    }
    for (const not of body.nots) {
      if (meaningOf(ctx.project, not.e, fn)?.meaning !== 'status') continue;
      report(not, 'An NTSTATUS is tested with !, which asks for STATUS_SUCCESS and takes other success codes for failures; test it with NT_SUCCESS', 'not', { start: not.start, end: not.end, text: `NT_SUCCESS(${text(not.e)})` });
    }
  },
});
