// `_Use_decl_annotations_` where there is nothing to take over.

import { defineRule, earlierDeclarations, seesEverything, usesDeclAnnotations, type Func, type RuleContext } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'use-decl-annotations-unneeded',
    title: '_Use_decl_annotations_ without a declaration to take over',
    family: 'annotations',
    level: 'warning',
    presets: ['recommended'],
    since: '0.1.0',
    aliases: [],
    models: ['kernel'],
    help: 'Remove `_Use_decl_annotations_`, or declare the function with its annotations before the definition.',
  },
  file(ctx, file) {
    for (const fn of ctx.project.funcsIn(file)) {
      for (const placed of fn.decls) {
        if (placed.file !== file) continue;
        const sal = usesDeclAnnotations(ctx.project, placed);
        if (!sal) continue;
        if (!placed.decl.isDefinition && !ctx.text(placed.file.path).slice(placed.decl.start, placed.decl.end).endsWith(';')) continue;
        const message = placed.decl.isDefinition ? definitionProblem(ctx, fn) : `_Use_decl_annotations_ belongs on the definition of '${fn.name}', not on a declaration`;
        if (message !== undefined) ctx.report({ file: placed.file.path, start: sal.start, end: sal.end, message });
      }
    }
  },
});

function definitionProblem(ctx: RuleContext, fn: Func): string | undefined {
  const file = fn.def!.file;
  if (fn.qualified !== fn.name || fn.def!.decl.isTemplate) return undefined;
  if (earlierDeclarations(ctx.project, fn).length > 0 || declaredByMacro(ctx, fn) || !seesEverything(ctx.project, file)) return undefined;
  return `'${fn.name}' has no declaration before its definition: _Use_decl_annotations_ takes nothing over`;
}

/** `MY_DECLARE(KSTART_ROUTINE, Worker);`: a macro at file scope that names the function. */
function declaredByMacro(ctx: RuleContext, fn: Func): boolean {
  return ctx.project.closure(fn.def!.file).some((f) => f.uses.some((u) => u.args.some((a) => a === fn.name)));
}
