// Opaque fields of an MDL read directly. An MDL that is a local variable is the driver's own.

import { bodies, defineRule, guardedAccesses, type Expr, type Func, type RuleContext } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'opaque-mdl-use',
    title: 'Opaque field of an MDL read directly',
    family: 'driver',
    level: 'warning',
    presets: ['recommended'],
    since: '0.1.0',
    aliases: ['cpp/drivers/opaque-mdl-use'],
    models: ['kernel'],
    help: 'Use the macro for it: MmGetMdlByteCount, MmGetMdlByteOffset, MmGetMdlVirtualAddress, MmGetSystemAddressForMdlSafe.',
    fixable: 'suggestion',
  },
  func(ctx, fn) {
    const file = fn.def!.file.path;
    for (const { use, guard, record, field } of guardedAccesses(ctx.analysis(bodies), fn)) {
      if (record !== 'MDL' || guard.access !== 'never' || use.write || isOwn(ctx, use.e.e, fn)) continue;
      const simple = use.e.arrow && !use.addressed && (guard.getter === 'MmGetMdlByteCount' || guard.getter === 'MmGetMdlByteOffset');
      ctx.report({
        file, start: use.e.nameStart, end: use.e.nameStart + field.length,
        message: `MDL.${field} is opaque; ${guard.getter ? `use ${guard.getter}` : 'drivers must not depend on it'}`,
        suggestions: simple ? [{ title: `Use ${guard.getter!}`, edits: [{ file, start: use.e.start, end: use.e.end, text: `${guard.getter!}(${ctx.text(file).slice(use.e.e.start, use.e.e.end)})` }] }] : [],
      });
    }
  },
});

function isOwn(ctx: RuleContext, base: Expr, fn: Func): boolean {
  const local = base.k === 'name' ? ctx.project.localOf(base.name, base.start, fn) : undefined;
  return local !== undefined && ctx.project.canonical(local.type, fn.def!.file).ptr === 0;
}
