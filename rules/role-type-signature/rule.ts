// A callback whose definition has not exactly the type of the role it is declared with or registered for.

import {
  defineRule, differences, differenceText, isDeclarableRole, rolesBeforeDefinition, sameRole, signatureOfFunc, signatureOfRole, signatureText,
  type Func, type RoleOf, type RuleContext,
} from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'role-type-signature',
    title: 'Callback whose type is not that of its role',
    family: 'roles',
    level: 'error',
    presets: ['recommended'],
    since: '0.1.0',
    aliases: ['C28127'],
    models: ['kernel'],
    help: 'Give the function exactly the return type and the parameters of its role type; do not hide the difference with a cast.',
  },
  func(ctx, fn) {
    const def = fn.def;
    const own = signatureOfFunc(fn);
    if (!def || !own || def.decl.isTemplate) return;
    for (const role of rolesToHave(ctx, fn)) {
      const wanted = signatureOfRole(role.role);
      const found = wanted ? differences(ctx.project, wanted, own, { callconv: true }) : [];
      if (!wanted || found.length === 0) continue;
      const cast = role.registration?.cast ? '; the cast at the registration hides it' : '';
      ctx.report({
        file: def.file.path,
        start: def.decl.nameStart,
        end: def.decl.nameEnd,
        message: `'${fn.name}' is ${reason(role)} and must be '${signatureText(wanted)}', but ${found.map(differenceText).join(', ')}${cast}`,
        related: [{ file: role.file.path, start: role.start, end: role.end, message: role.registration ? `registered here (${role.registration.via})` : 'declared here' }],
      });
      return;
    }
  },
});

/** Declared roles first; what it is registered for only when it is not declared as something else. */
function rolesToHave(ctx: RuleContext, fn: Func): RoleOf[] {
  const declared = rolesBeforeDefinition(ctx.project, fn);
  const registered = ctx.project.rolesOf(fn).filter((r) => r.registration !== undefined && r.registration.conf !== 'low');
  if (declared.length > 0) return [...declared, ...registered.filter((r) => declared.some((d) => sameRole(d.role, r.role)))];
  return registered;
}

function reason(role: RoleOf): string {
  if (role.registration) return `registered as ${isDeclarableRole(role.role) ? 'a ' : ''}${role.role} (${role.registration.via})`;
  return `declared as ${role.role}`;
}
