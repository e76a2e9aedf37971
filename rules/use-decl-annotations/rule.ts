// A definition that does not take over the annotations of its declaration.

import {
  defineRule, earlierDeclarations, functionSal, rolesBeforeDefinition, spellsSal, typedefSpellsSal, useDeclEdit, usesDeclAnnotations,
  type Func, type FunctionDecl, type Placed, type RuleContext,
} from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'use-decl-annotations',
    title: 'Definition without _Use_decl_annotations_',
    family: 'annotations',
    level: 'warning',
    presets: ['recommended'],
    since: '0.1.0',
    aliases: ['C28251'],
    models: ['kernel'],
    help: 'Write `_Use_decl_annotations_` on a line of its own before the definition.',
    fixable: 'fix',
  },
  func(ctx, fn) {
    const def = fn.def;
    if (!def || def.decl.isTemplate || usesDeclAnnotations(ctx.project, def)) return;
    const source = takenOver(ctx, fn);
    if (!source) return;
    ctx.report({
      file: def.file.path,
      start: def.decl.nameStart,
      end: def.decl.nameEnd,
      message: `'${fn.name}' ${source.why}: its definition needs _Use_decl_annotations_ to take the annotations over`,
      related: [{ file: source.at.file.path, start: source.at.decl.nameStart, end: source.at.decl.nameEnd, message: 'annotated here' }],
      fix: { title: 'Insert _Use_decl_annotations_', edits: [useDeclEdit(ctx.text(def.file.path), def)] },
    });
  },
});

interface Source { why: string; at: Placed<FunctionDecl> }

/** The earlier declaration whose annotations the definition would take over, and what they come from. */
function takenOver(ctx: RuleContext, fn: Func): Source | undefined {
  const earlier = earlierDeclarations(ctx.project, fn).filter((d) => d.decl.insideOf === undefined);
  const [role] = rolesBeforeDefinition(ctx.project, fn);
  const through = earlier.find((d) => d.decl.viaTypedef !== undefined);
  if (through && role) return { why: `is declared through ${through.decl.viaTypedef}`, at: through };
  const classed = repeatsClass(ctx, fn) ? undefined : earlier.find((d) => role && d.file === role.file && d.decl.annotations.some((a) => a.start <= role.start && role.end <= a.end));
  if (classed && role) return { why: `is declared with the function class ${role.role}`, at: classed };
  if (spellsSal(ctx.project, fn.def!)) return undefined;
  const typed = earlier.find((d) => d.decl.viaTypedef !== undefined && typedefSpellsSal(ctx.project, d));
  if (typed) return { why: `is declared through ${typed.decl.viaTypedef}`, at: typed };
  const annotated = earlier.find((d) => d.decl.viaTypedef === undefined && spellsSal(ctx.project, d));
  return annotated && { why: 'has an annotated prototype', at: annotated };
}

/** The definition names the function class itself: nothing of it is left behind. */
function repeatsClass(ctx: RuleContext, fn: Func): boolean {
  return functionSal(ctx.project, fn.def!).some((s) => s.kind === 'function-class');
}
