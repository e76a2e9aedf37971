// A function registered as a callback without a declaration through its role type.

import { defineRule, differences, hasNoOwnDeclaration, isDeclarableRole, isHeadedByMacro, isKitFunction, memberDeclarationEdit, roleDeclarationEdit, rolesBeforeDefinition, signatureOfFunc, signatureOfType, type Edit, type FileFacts, type Func, type Registration, type RuleContext } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'role-type-declaration',
    title: 'Callback without a role type declaration',
    family: 'roles',
    level: 'warning',
    presets: ['recommended'],
    since: '0.1.0',
    aliases: ['D0007', 'cpp/drivers/role-type-correctly-used'],
    models: ['kernel'],
    help: 'Declare the function through its role type before its definition, for example `KSTART_ROUTINE Worker;`.',
    fixable: 'suggestion',
    options: {
      type: 'object',
      properties: { roles: { description: 'Role types that are checked.', oneOf: [{ const: 'all' }, { type: 'array', items: { type: 'string' } }] } },
      additionalProperties: false,
    },
    defaults: { roles: 'all' },
  },
  func(ctx, fn) {
    const def = fn.def;
    if (!def || isHeadedByMacro(fn) || hasNoOwnDeclaration(fn) || isKitFunction(fn.qualified)) return;
    const registrations = ctx.project.registrationsOf(fn).filter((r) => isChecked(ctx, r, def.file));
    const [first] = registrations;
    if (!first || rolesBeforeDefinition(ctx.project, fn).length > 0 || isMistyped(ctx, fn, first.role)) return;
    const edit = declarationEdit(ctx, fn, first);
    ctx.report({
      file: def.file.path,
      start: def.decl.nameStart,
      end: def.decl.nameEnd,
      message: `'${fn.name}' is used as ${first.role} (${first.via}) but never declared as one: add '${first.role} ${fn.name};' before its definition`,
      related: registrations.map((r) => ({ file: r.file.path, start: r.start, end: r.end, message: `registered here as ${r.role} (${r.via})` })),
      ...(edit && { suggestions: [{ title: `Declare '${fn.name}' as ${first.role}`, edits: [edit] }] }),
    });
  },
});

function isChecked(ctx: RuleContext, r: Registration, file: FileFacts): boolean {
  const { roles } = ctx.options;
  return r.conf !== 'low' && isDeclarableRole(ctx.project, r.role, file) && (!Array.isArray(roles) || roles.includes(r.role));
}

/** A function of another type is role-type-signature's. */
function isMistyped(ctx: RuleContext, fn: Func, role: string): boolean {
  const wanted = fn.def && signatureOfType(ctx.project, role, fn.def.file);
  const own = signatureOfFunc(fn);
  return wanted !== undefined && own !== undefined && differences(ctx.project, wanted, own, { callconv: true }).length > 0;
}

function declarationEdit(ctx: RuleContext, fn: Func, r: Registration): Edit | undefined {
  const def = fn.def!;
  if (def.decl.scope.at(-1)?.kind === 'class') {
    const proto = fn.decls.find((d) => !d.decl.isDefinition);
    return proto && memberDeclarationEdit(ctx.text(proto.file.path), fn, r.role);
  }
  const uses = ctx.project.registrationsOf(fn).filter((one) => one.file === def.file).map((one) => one.start);
  return roleDeclarationEdit(ctx.text(def.file.path), fn, r.role, uses.length > 0 ? Math.min(...uses) : undefined);
}
