// A driver entry point that is not declared as DRIVER_INITIALIZE.

import { defineRule, differences, roleDeclarationEdit, rolesBeforeDefinition, sameRole, signatureOfFunc, signatureOfRole } from '@drvlint/core';

const role = 'DRIVER_INITIALIZE';

export default defineRule({
  meta: {
    id: 'driver-entry-role',
    title: 'Driver entry point without DRIVER_INITIALIZE',
    family: 'roles',
    level: 'warning',
    presets: ['recommended'],
    since: '0.1.0',
    aliases: ['C28101', 'cpp/drivers/current-function-type-not-correct'],
    models: ['kernel'],
    help: 'Declare the entry point with `DRIVER_INITIALIZE DriverEntry;` before its definition.',
    fixable: 'suggestion',
  },
  func(ctx, fn) {
    const def = fn.def;
    if (!def || !fn.name.startsWith('DriverEntry') || fn.qualified !== fn.name) return;
    const own = signatureOfFunc(fn);
    const wanted = signatureOfRole(role);
    if (!own || !wanted || own.params.length !== wanted.params.length || differences(ctx.project, wanted, own).length > 0) return;
    const declared = rolesBeforeDefinition(ctx.project, fn);
    if (declared.some((r) => sameRole(r.role, role))) return;
    const edit = roleDeclarationEdit(ctx.text(def.file.path), fn, role, undefined);
    const instead = declared[0] ? `is declared as ${declared[0].role}, not as ${role}` : `is not declared as ${role}`;
    ctx.report({
      file: def.file.path,
      start: def.decl.nameStart,
      end: def.decl.nameEnd,
      message: `Entry point '${fn.name}' ${instead}: add '${role} ${fn.name};' before its definition`,
      ...(edit && declared.length === 0 && { suggestions: [{ title: `Declare '${fn.name}' as ${role}`, edits: [edit] }] }),
    });
  },
});
