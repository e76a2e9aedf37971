// Fields that only a function of the system may set: IRP.CancelRoutine, DEVICE_OBJECT.Dpc, fields of a KDPC.

import { bodies, defineRule, guardedAccesses, guardOf, recordName, type Func, type GuardedAccess, type RuleContext } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'illegal-field-access',
    title: 'Field assigned that only a system function may set',
    family: 'driver',
    level: 'error',
    presets: ['recommended'],
    since: '0.1.0',
    aliases: ['C28128', 'cpp/drivers/illegal-field-access'],
    models: ['kernel'],
    help: 'Call the function that sets the field: IoSetCancelRoutine, IoInitializeDpcRequest or KeInitializeDpc.',
    fixable: 'suggestion',
  },
  func(ctx, fn) {
    const file = fn.def!.file.path;
    const found = ctx.analysis(bodies);
    for (const access of guardedAccesses(found, fn)) {
      const write = access.use.write;
      if (!write || !access.guard.setter) continue;
      const setter = setterOf(ctx, access, fn);
      const suggestion = access.field === 'CancelRoutine' && write.k === 'assign' && write.op === '='
        ? [{ title: 'Call IoSetCancelRoutine', edits: [{ file, start: write.start, end: write.end, text: `IoSetCancelRoutine(${text(ctx, file, access.use.e.e)}, ${text(ctx, file, write.r)})` }] }] : [];
      ctx.report({ file, start: write.start, end: write.end, message: `${access.record}.${access.field} is assigned directly; only ${setter} may set it`, suggestions: suggestion });
    }
    for (const a of found.of(fn).assigns) {
      if (a.op !== '=' || a.l.k !== 'field' || guardOf(ctx.project, a.l, fn)) continue;
      const type = ctx.project.fieldOf(a.l, fn)?.type;
      if (!type || type.dims) continue;
      const full = ctx.project.canonical(type, fn.def!.file);
      if (full.ptr === 0 && recordName(full.base) === 'KDPC') ctx.report({ file, start: a.start, end: a.end, message: `A whole KDPC is assigned to '${a.l.name}'; only KeInitializeDpc may set up a DPC` });
    }
  },
});

/** The DPC of a device object has a function of its own. */
function setterOf(ctx: RuleContext, access: GuardedAccess, fn: Func): string {
  const outer = guardOf(ctx.project, access.use.e.e, fn);
  return outer?.guard.setter ?? access.guard.setter!;
}

function text(ctx: RuleContext, file: string, at: { start: number; end: number }): string {
  return ctx.text(file).slice(at.start, at.end);
}
