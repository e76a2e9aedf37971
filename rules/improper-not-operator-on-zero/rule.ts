// `return !0;` from a function that returns a status code: the result is 0 or 1, both of which are success.

import { bodies, defineRule, meaningOfType, type Expr } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'improper-not-operator-on-zero',
    title: '! applied to a constant and returned as a status code',
    family: 'driver',
    level: 'warning',
    presets: ['recommended'],
    since: '0.1.0',
    aliases: ['C28650', 'cpp/drivers/improper-not-operator-on-zero'],
    models: ['kernel', 'user'],
    help: 'Return the status code that is meant.',
  },
  func(ctx, fn) {
    const file = fn.def!.file;
    const { nots, returns } = ctx.analysis(bodies).of(fn);
    if (nots.length === 0 || returns.length === 0) return;
    const kind = meaningOfType(ctx.project, fn.ret, file);
    if (kind?.meaning !== 'status' && kind?.meaning !== 'hresult') return;
    for (const r of returns) {
      for (const e of r.e ? results(r.e) : []) {
        if (e.k !== 'unary' || e.op !== '!') continue;
        const value = ctx.project.valueOf(e.e, file);
        if (value === undefined) continue;
        ctx.report({ file: file.path, start: e.start, end: e.end, message: `'${ctx.text(file.path).slice(e.start, e.end)}' is ${value === 0 ? 1 : 0}, which as ${kind.name} means success; return the status code that is meant` });
      }
    }
  },
});

/** Expressions whose value a return may give. */
function results(e: Expr): Expr[] {
  if (e.k === 'cast') return results(e.e);
  if (e.k === 'cond') return [...results(e.a), ...results(e.b)];
  return [e];
}
