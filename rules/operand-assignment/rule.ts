// DEVICE_OBJECT.Flags overwritten as a whole: the bits the I/O manager keeps there are lost.

import { bodies, defineRule, guardedAccesses, sameText, type Expr } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'operand-assignment',
    title: 'DEVICE_OBJECT.Flags assigned instead of setting or clearing bits',
    family: 'driver',
    level: 'warning',
    presets: ['recommended'],
    since: '0.1.0',
    aliases: ['C28129', 'cpp/drivers/operand-assignment'],
    models: ['kernel'],
    help: 'Set bits with |= and clear them with &= ~.',
    fixable: 'suggestion',
  },
  func(ctx, fn) {
    const file = fn.def!.file.path;
    for (const { use, guard, record, field } of guardedAccesses(ctx.analysis(bodies), fn)) {
      const write = use.write;
      if (!guard.bits || write?.k !== 'assign' || write.op !== '=' || mentions(write.r, use.e)) continue;
      const between = ctx.text(file).slice(use.e.end, write.r.start);
      const at = use.e.end + between.indexOf('=');
      ctx.report({
        file, start: use.e.nameStart, end: use.e.nameStart + field.length,
        message: `${record}.${field} is overwritten, with it the bits that the I/O manager keeps there; set bits with |= and clear them with &=`,
        suggestions: between.includes('=') ? [{ title: 'Set the bits with |=', edits: [{ file, start: at, end: at + 1, text: '|=' }] }] : [],
      });
    }
  },
});

/** `x->Flags = x->Flags | BIT` keeps the bits. */
function mentions(e: Expr, field: Expr): boolean {
  if (sameText(e, field)) return true;
  switch (e.k) {
    case 'binary': return mentions(e.l, field) || mentions(e.r, field);
    case 'unary': case 'cast': return mentions(e.e, field);
    case 'assign': return mentions(e.l, field) || mentions(e.r, field);
    default: return false;
  }
}
