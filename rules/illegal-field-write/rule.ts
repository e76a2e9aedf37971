// Writes to fields of device and driver objects that are read-only, or to something reached through one.

import { bodies, defineRule, guardOf, isGuardedFieldName, type Expr, type Func, type RuleContext } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'illegal-field-write',
    title: 'Write to a read-only field of a system structure',
    family: 'driver',
    level: 'warning',
    presets: ['recommended'],
    since: '0.1.0',
    aliases: ['C28176', 'cpp/drivers/illegal-field-write'],
    models: ['kernel'],
    help: 'Leave the field alone: the I/O manager maintains it.',
  },
  func(ctx, fn) {
    const { assigns, updates } = ctx.analysis(bodies).of(fn);
    for (const target of [...assigns.map((a) => a.l), ...updates.map((u) => u.e)]) {
      const found = readOnlyIn(ctx, target, fn);
      if (!found) continue;
      const { e, record, field } = found;
      const through = e === target || target.k !== 'field' ? '' : `, through which '${target.name}' is written`;
      ctx.report({ file: fn.def!.file.path, start: e.nameStart, end: e.nameStart + field.length, message: `${record}.${field} is read-only for drivers${through}` });
    }
  },
});

/** The written field itself, else the nearest one it is reached through, that is read-only. */
function readOnlyIn(ctx: RuleContext, target: Expr, fn: Func): { e: Expr & { k: 'field' }; record: string; field: string } | undefined {
  for (let x: Expr = target; ;) {
    if (x.k === 'field') {
      const guarded = isGuardedFieldName(x.name) ? guardOf(ctx.project, x, fn) : undefined;
      if (guarded?.guard.readOnly && guarded.record !== 'MDL') return { e: x, record: guarded.record, field: guarded.field };
      x = x.e;
    } else if (x.k === 'index' || x.k === 'cast') x = x.e;
    else return undefined;
  }
}
