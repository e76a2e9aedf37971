// A dispatch routine that marks an IRP pending and then returns something else on every path.

import { bodies, callGraph, defineRule, graphs, pointsOfCall, returnsAfter, values, type CallExpr, type Func, type RuleContext } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'pending-status-error',
    title: 'IRP marked pending but STATUS_PENDING not returned',
    family: 'driver',
    level: 'warning',
    presets: ['recommended'],
    since: '0.1.0',
    aliases: ['C28143', 'cpp/drivers/pending-status-error'],
    models: ['kernel'],
    help: 'Return STATUS_PENDING after IoMarkIrpPending.',
  },
  func(ctx, fn) {
    const calls = ctx.analysis(bodies).of(fn).calls('IoMarkIrpPending');
    if (calls.length === 0 || !ctx.analysis(callGraph).hasRole(fn, 'DRIVER_DISPATCH')) return;
    const pending = ctx.project.valueOf({ k: 'name', name: 'STATUS_PENDING', start: 0, end: 0 }, fn.def!.file);
    for (const { call } of calls) {
      const returned = statusesAfter(ctx, call, fn);
      if (!returned || returned.size === 0 || pending === undefined || returned.has(pending)) continue;
      const shown = [...returned].map((v) => v >>> 0).sort((a, b) => a - b).map((v) => `0x${v.toString(16).padStart(8, '0').toUpperCase()}`);
      ctx.report({
        file: fn.def!.file.path, start: call.start, end: call.callee.end,
        message: `The IRP is marked pending, but '${fn.name}' returns ${shown.join(' or ')} on every path after that; it must return STATUS_PENDING`,
      });
    }
  },
});

/** All statuses that may be returned once the call was made; undefined when one of them is not known. */
function statusesAfter(ctx: RuleContext, call: CallExpr, fn: Func): Set<number> | undefined {
  const cfg = ctx.analysis(graphs).of(fn);
  const points = cfg ? pointsOfCall(cfg, call) : [];
  if (!cfg || points.length === 0) return undefined;
  const found = new Set<number>();
  for (const point of points) {
    for (const { e, at } of returnsAfter(cfg, point)) {
      const known = e && ctx.analysis(values).constantsAt(e, [at], fn);
      if (!known) return undefined;
      for (const v of known) found.add(v);
    }
  }
  return found;
}
