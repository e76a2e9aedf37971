// A function class that is another than the role typedef of the same function.

import { defineRule, sameRole, type Func, type RoleOf } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'role-type-typedef',
    title: 'Function class that contradicts the role typedef',
    family: 'roles',
    level: 'warning',
    presets: ['recommended'],
    since: '0.1.0',
    aliases: ['C28268', 'cpp/drivers/invalid-function-class-typedef'],
    models: ['kernel'],
    help: 'Name the class of the typedef in `_Function_class_`, or drop the annotation: the typedef already says it.',
  },
  file(ctx, file) {
    for (const fn of ctx.project.funcsIn(file)) {
      const roles = ctx.project.rolesOf(fn);
      const typed = roles.find((r) => r.reason === 'declaration' || r.reason === 'typedef');
      if (!typed) continue;
      for (const r of roles) {
        const place = r.reason === 'function-class' ? ownDeclaration(fn, r) : undefined;
        if (!place || sameRole(r.role, typed.role)) continue;
        if (place.file !== file) break;
        ctx.report({
          file: place.file.path,
          start: place.decl.nameStart,
          end: place.decl.nameEnd,
          message: `'${fn.name}' is annotated as ${r.role} but declared through ${typed.role}`,
          related: [
            { file: r.file.path, start: r.start, end: r.end, message: `function class ${r.role}` },
            { file: typed.file.path, start: typed.start, end: typed.end, message: `declared through ${typed.role}` },
          ],
        });
        break;
      }
    }
  },
});

/** Declaration of the function that carries the class itself. */
function ownDeclaration(fn: Func, r: RoleOf): Func['decls'][number] | undefined {
  return fn.decls.find((d) => d.file === r.file && d.decl.annotations.some((a) => a.start <= r.start && r.end <= a.end));
}
