// Fields of device and driver objects that a driver must not touch at all, or only while it is initialised or unloaded.

import {
  baseName, bodies, callGraph, defineRule, guardedAccesses, recordName,
  type CallGraph, type Func, type GuardedAccess, type RuleContext,
} from '@drvlint/core';

/** Roles whose functions, and what they call, set up or tear down the driver. */
const ENTRY = ['DRIVER_INITIALIZE', 'DRIVER_REINITIALIZE'];
const UNLOAD = [...ENTRY, 'DRIVER_UNLOAD'];

export default defineRule({
  meta: {
    id: 'illegal-field-access-2',
    title: 'Access to a field that drivers must not touch',
    family: 'driver',
    level: 'warning',
    presets: ['recommended'],
    since: '0.1.0',
    aliases: ['C28175', 'cpp/drivers/illegal-field-access-2'],
    models: ['kernel'],
    help: 'Use the documented function for it, or keep what you need in your own device extension.',
  },
  func(ctx, fn) {
    const file = fn.def!.file.path;
    const accesses = guardedAccesses(ctx.analysis(bodies), fn);
    const set = new Set(accesses.filter((a) => a.use.write && a.guard.setter).flatMap((a) => [a.use.e, a.use.e.e]));
    for (const access of accesses) {
      const { use, guard, record, field } = access;
      if (!guard.access || record === 'MDL' || set.has(use.e)) continue;
      if (guard.access !== 'never' && isAllowed(ctx, access, fn)) continue;
      const where = guard.access === 'never' ? 'must not be accessed by drivers' : guard.access === 'entry' ? 'may be accessed only in DriverEntry and what it calls' : 'may be accessed only in DriverEntry and DriverUnload';
      ctx.report({ file, start: use.e.nameStart, end: use.e.nameStart + field.length, message: `${record}.${field} ${where}` });
    }
  },
});

/** The function runs while the driver is set up or torn down, or nobody knows when it runs and it was handed the driver object. */
function isAllowed(ctx: RuleContext, { use, guard }: GuardedAccess, fn: Func): boolean {
  const graph = ctx.analysis(callGraph);
  if (graph.reachedFrom(...(guard.access === 'entry' ? ENTRY : UNLOAD)).has(fn)) return true;
  if (!isUnknownCaller(ctx, graph, fn)) return false;
  const base = baseName(use.e.e);
  return base !== undefined && fn.params.some((p) => p.name === base.name && recordName(ctx.project.canonical(p.type, fn.def!.file).base) === 'DRIVER_OBJECT');
}

/** Nothing in the project calls it or gives it a role, nor the functions that call it. */
function isUnknownCaller(ctx: RuleContext, graph: CallGraph, fn: Func): boolean {
  const seen = new Set<Func>([fn]);
  for (const f of seen) {
    const callers = graph.callersOf(f);
    if (callers.length === 0 && ctx.project.rolesOf(f).length === 0) return true;
    for (const c of callers) seen.add(c.fn);
  }
  return false;
}
