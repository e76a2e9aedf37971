// An AddDevice routine that creates a device object and leaves DO_DEVICE_INITIALIZING set: nobody can open the device.

import { bodies, callGraph, createsDevice, defineRule, guardOf, walkExpr, type BodyIndex, type Func, type RuleContext } from '@drvlint/core';

const FLAG = 'DO_DEVICE_INITIALIZING';

export default defineRule({
  meta: {
    id: 'init-not-cleared',
    title: 'AddDevice does not clear DO_DEVICE_INITIALIZING',
    family: 'driver',
    level: 'warning',
    presets: ['recommended'],
    since: '0.1.0',
    aliases: ['C28152', 'cpp/drivers/init-not-cleared'],
    models: ['kernel'],
    help: 'End the routine with Device->Flags &= ~DO_DEVICE_INITIALIZING.',
  },
  func(ctx, fn) {
    const graph = ctx.analysis(callGraph);
    if (fn.params.length !== 2 || !graph.hasRole(fn, 'DRIVER_ADD_DEVICE')) return;
    const all = ctx.analysis(bodies);
    const reached = [...graph.callees([fn])];
    const creator = reached.find((f) => all.of(f).callsWhere((name) => createsDevice(name) !== undefined).length > 0);
    if (!creator || reached.some((f) => clears(ctx, all.of(f), f))) return;
    const [create] = all.of(creator).callsWhere((name) => createsDevice(name) !== undefined);
    const def = fn.def!;
    ctx.report({
      file: def.file.path, start: def.decl.nameStart, end: def.decl.nameEnd,
      message: `'${fn.name}' creates a device object but never clears ${FLAG} in its Flags, so the device cannot be opened`,
      related: [{ file: creator.def!.file.path, start: create.call.start, end: create.call.end, message: 'the device object is created here' }],
    });
  },
});

/** Clears the flag: it is named in a change of Flags or in a macro's argument, or a constant mask leaves it out. */
function clears(ctx: RuleContext, body: BodyIndex, fn: Func): boolean {
  const bit = ctx.project.valueOf({ k: 'name', name: FLAG, start: 0, end: 0 }, fn.def!.file) ?? 0;
  const masks = body.fields('Flags').some(({ e, write }) => {
    if (write?.k !== 'assign' || write.op === '|=') return false;
    const mask = write.op === '&=' ? ctx.project.valueOf(write.r, fn.def!.file) : undefined;
    if (mask !== undefined) return (mask & bit) === 0 && guardOf(ctx.project, e, fn)?.record !== 'DRIVER_OBJECT';
    return mentionsFlag(write.r);
  });
  return masks || (fn.def?.decl.body?.calls ?? []).some((call) => call.args.some(mentionsFlag));
}

function mentionsFlag(e: Parameters<typeof walkExpr>[0]): boolean {
  let found = false;
  walkExpr(e, { expr: (x) => { found ||= x.k === 'name' && x.name === FLAG; return !found; } });
  return found;
}
