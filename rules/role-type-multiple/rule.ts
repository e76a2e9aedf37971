// One function with several different function classes.

import { defineRule, sameRole, type Func, type RoleOf } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'role-type-multiple',
    title: 'Function with more than one function class',
    family: 'roles',
    level: 'warning',
    presets: ['recommended'],
    since: '0.1.0',
    aliases: ['C28177', 'cpp/drivers/multiple-function-class-annotations'],
    models: ['kernel'],
    help: 'Keep one role type or function class on the function; use separate functions for separate roles.',
  },
  file(ctx, file) {
    for (const fn of ctx.project.funcsIn(file)) {
      const roles = ctx.project.rolesOf(fn).filter((r) => r.reason !== 'registration' && r.reason !== 'name');
      const [first] = roles;
      const other = roles.find((r) => !sameRole(r.role, first!.role));
      if (!first || !other || classOnTypedef(fn, roles)) continue;
      const at = laterDeclaration(fn);
      if (at.file !== file) continue;
      const names = [...new Set(roles.map((r) => r.role))];
      ctx.report({
        file: at.file.path,
        start: at.decl.nameStart,
        end: at.decl.nameEnd,
        message: `'${fn.name}' has ${names.length} function classes: ${names.join(', ')}; all but one are ignored`,
        related: roles.map((r) => ({ file: r.file.path, start: r.start, end: r.end, message: `${r.role} here` })),
      });
    }
  },
});

/** A class of the function's own beside a role typedef of another class is role-type-typedef's. */
function classOnTypedef(fn: Func, roles: readonly RoleOf[]): boolean {
  const typed = roles.find((r) => r.reason === 'declaration' || r.reason === 'typedef');
  if (!typed) return false;
  return roles.some((r) => r.reason === 'function-class' && isOwn(fn, r) && !sameRole(r.role, typed.role));
}

/** The class stands on a declaration of the function, not on its typedef. */
function isOwn(fn: Func, r: RoleOf): boolean {
  return fn.decls.some((d) => d.file === r.file && d.decl.annotations.some((a) => a.start <= r.start && r.end <= a.end));
}

function laterDeclaration(fn: Func): Func['decls'][number] {
  return fn.def ?? fn.decls[fn.decls.length - 1]!;
}
