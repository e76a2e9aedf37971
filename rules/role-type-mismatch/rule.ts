// A function declared with one role type and registered where another is wanted.

import { defineRule, knownClass, sameRole, type Registration } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'role-type-mismatch',
    title: 'Callback of one role registered as another',
    family: 'roles',
    level: 'warning',
    presets: ['recommended'],
    since: '0.1.0',
    aliases: ['C28165', 'D0007', 'cpp/drivers/invalid-function-pointer-annotation', 'cpp/drivers/role-type-correctly-used'],
    models: ['kernel'],
    help: 'Register a function of the role that is wanted there, or declare this one with that role.',
  },
  all(ctx) {
    const { project } = ctx;
    for (const wanted of byPlace(project.registrations)) {
      const [r] = wanted;
      const declared = project.rolesOf(r!.func).filter((one) => one.reason !== 'registration' && one.reason !== 'name');
      if (!r || declared.length === 0) continue;
      if (declared.some((one) => !knownClass(project, one.role, one.file) || wanted.some((w) => sameRole(one.role, w.role)))) continue;
      const roles = [...new Set(declared.map((one) => one.role))].join(' and ');
      ctx.report({
        file: r.file.path,
        start: r.start,
        end: r.end,
        message: `'${r.func.name}' is declared as ${roles}, but ${r.via} wants ${r.role}`,
        related: declared.map((one) => ({ file: one.file.path, start: one.start, end: one.end, message: `declared here as ${one.role}` })),
      });
    }
  },
});

/** Registrations of one function at one place together: a field of that name may have several roles. Dispatch slots are dispatch-type's. */
function byPlace(all: readonly Registration[]): Iterable<Registration[]> {
  const groups = new Map<string, Registration[]>();
  for (const r of all) {
    if (r.role === '' || r.conf === 'low' || r.slot !== undefined) continue;
    const key = `${r.file.path}:${r.start}:${r.func.id}`;
    const group = groups.get(key);
    if (group) group.push(r);
    else groups.set(key, [r]);
  }
  return groups.values();
}
