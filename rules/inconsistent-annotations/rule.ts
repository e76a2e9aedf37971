// A definition whose own annotations say something else than the declaration's.

import {
  contradictions, defineRule, earlierDeclarations, functionSal, parameterSal, usesDeclAnnotations, type Contradiction, type Func, type Project,
} from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'inconsistent-annotations',
    title: 'Definition annotated differently than its declaration',
    family: 'annotations',
    level: 'warning',
    presets: ['recommended'],
    since: '0.1.0',
    aliases: ['C28251', 'C28252', 'C28253'],
    models: ['kernel'],
    help: 'Make the annotations of declaration and definition the same, or write `_Use_decl_annotations_` on the definition.',
  },
  func(ctx, fn) {
    const def = fn.def;
    if (!def || def.decl.isTemplate || usesDeclAnnotations(ctx.project, def) || !hasOwn(ctx.project, fn)) return;
    for (const declared of earlierDeclarations(ctx.project, fn)) {
      if (declared.decl.viaTypedef !== undefined || declared.decl.insideOf !== undefined) continue;
      const found = contradictions(ctx.project, declared, def);
      for (const c of found) {
        const place = c.found ?? { start: def.decl.nameStart, end: def.decl.nameEnd };
        ctx.report({
          file: def.file.path,
          start: place.start,
          end: place.end,
          message: messageOf(fn, c),
          related: [{ file: declared.file.path, start: c.expected.start, end: c.expected.end, message: 'the declaration says this' }],
        });
      }
      if (found.length > 0) return;
    }
  },
});

function hasOwn(project: Project, fn: Func): boolean {
  const def = fn.def!;
  return functionSal(project, def).length > 0 || def.decl.params.some((_, i) => parameterSal(project, def, i).length > 0);
}

function messageOf(fn: Func, c: Contradiction): string {
  const expected = textOf(c.expected);
  if (!c.found) return `The declaration of '${fn.name}' has ${expected}, its definition has not`;
  const where = c.param === undefined ? '' : `, parameter ${c.param + 1}`;
  return `${textOf(c.found)} here, but ${expected} in the declaration of '${fn.name}'${where}`;
}

function textOf(s: Contradiction['expected']): string {
  return s.args.length > 0 ? `${s.name}(${s.args.map((a) => a.text).join(', ')})` : s.name;
}
