// `p = '\0'` for a pointer p: the pointer becomes NULL where its target was meant.

import { bodies, defineRule, type Expr, type TypeRef } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'null-character-pointer-assignment',
    title: "'\\0' assigned to a pointer",
    family: 'driver',
    level: 'warning',
    presets: ['recommended'],
    since: '0.1.0',
    aliases: ['C28730', 'cpp/drivers/null-character-pointer-assignment'],
    models: ['kernel', 'user'],
    help: "Write *p = '\\0' to end the string, or p = NULL to clear the pointer.",
    fixable: 'suggestion',
  },
  func(ctx, fn) {
    const file = fn.def!.file;
    const isPointer = (type: TypeRef | undefined): boolean => {
      const full = type && ctx.project.canonical(type, file);
      return full !== undefined && full.ptr > 0 && !full.dims;
    };
    const { assigns, locals } = ctx.analysis(bodies).of(fn);
    for (const a of assigns) {
      if (a.op !== '=' || !isNullCharacter(a.r) || !isPointer(ctx.project.typeOf(a.l, fn))) continue;
      const target = ctx.text(file.path).slice(a.l.start, a.l.end);
      ctx.report({
        file: file.path, start: a.start, end: a.end, message: `'\\0' is assigned to the pointer '${target}' itself; write *${target} = '\\0', or NULL`,
        suggestions: a.l.k === 'name' ? [{ title: 'Assign to what it points to', edits: [{ file: file.path, start: a.l.start, end: a.l.start, text: '*' }] }] : [],
      });
    }
    for (const v of locals) {
      if (v.init && isNullCharacter(v.init) && isPointer(v.type)) ctx.report({ file: file.path, start: v.init.start, end: v.init.end, message: `'\\0' initialises the pointer '${v.name}'; write NULL` });
    }
  },
});

function isNullCharacter(e: Expr): boolean {
  return e.k === 'char' && e.value === 0;
}
