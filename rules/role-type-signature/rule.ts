// A callback whose definition has not exactly the type of the role it is declared with or registered for.

import {
  defineRule, differences, differenceText, earlierDeclarations, rolesBeforeDefinition, sameRole, signatureOfFunc, signatureOfType, signatureText,
  type Difference, type Func, type RoleOf, type RuleContext, type Signature,
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
    const roles = rolesToHave(ctx, fn);
    if (hasOneOfSeveral(ctx, roles, own)) return;
    for (const alternatives of byPlace(roles)) {
      const wrong = leastWrong(ctx, alternatives, own);
      if (!wrong) continue;
      const { role, wanted, found } = wrong;
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

/** Roles wanted at one place are alternatives: a structure without its version digit, a field that two structures share. */
function byPlace(roles: readonly RoleOf[]): Iterable<RoleOf[]> {
  const groups = new Map<string, RoleOf[]>();
  for (const role of roles) {
    const key = role.registration ? `${role.file.path}:${role.start}` : `${role.role}:${role.file.path}:${role.start}`;
    const group = groups.get(key);
    if (group) group.push(role);
    else groups.set(key, [role]);
  }
  return groups.values();
}

interface Wrong { role: RoleOf; wanted: Signature; found: Difference[] }

/** The alternative that the function is nearest to; undefined when it fits one, or when one is not known. */
function leastWrong(ctx: RuleContext, alternatives: readonly RoleOf[], own: Signature): Wrong | undefined {
  let least: Wrong | undefined;
  for (const role of alternatives) {
    const wanted = signatureOfType(ctx.project, role.role, role.file);
    const found = wanted ? differences(ctx.project, wanted, own, { callconv: isOfKit(wanted), ...(!isOfKit(wanted) && { voidTakesAny: 'wanted' as const }) }) : [];
    if (!wanted || found.length === 0) return undefined;
    if (!least || weight(found) < weight(least.found)) least = { role, wanted, found };
  }
  return least;
}

/** Of the kit. Where a function type of the project wants `void *`, any pointer goes. */
function isOfKit(wanted: Signature): boolean {
  return wanted.file === undefined;
}

/** Declared with different roles and of the type of one: role-type-multiple says what is wrong. */
function hasOneOfSeveral(ctx: RuleContext, roles: readonly RoleOf[], own: Signature): boolean {
  const declared = roles.filter((r) => !r.registration);
  if (!declared.some((r) => !sameRole(r.role, declared[0].role))) return false;
  return declared.some((r) => leastWrong(ctx, [r], own) === undefined && signatureOfType(ctx.project, r.role, r.file) !== undefined);
}

/** Another number of parameters is another function; the rest are slips. */
function weight(found: readonly Difference[]): number {
  return found.reduce((sum, d) => sum + (d.kind === 'count' ? 10 : 1), 0);
}

/** Declared roles first; what it is registered for only when it is not declared as something else. */
function rolesToHave(ctx: RuleContext, fn: Func): RoleOf[] {
  const own = ownRoles(ctx, fn);
  return own.length > 0 ? own : undefinedOverloads(ctx, fn).flatMap((f) => ownRoles(ctx, f));
}

/** In C++ a slip in a parameter makes another overload: those of the name that are only declared, when `fn` is the one definition. */
function undefinedOverloads(ctx: RuleContext, fn: Func): Func[] {
  const others = ctx.project.candidates(fn.name).filter((f) => f !== fn && f.qualified === fn.qualified);
  return others.some((f) => f.def) ? [] : others;
}

function ownRoles(ctx: RuleContext, fn: Func): RoleOf[] {
  const declared = fn.def ? rolesBeforeDefinition(ctx.project, fn) : ctx.project.rolesOf(fn).filter((r) => r.registration === undefined && r.reason !== 'name');
  const registered = ctx.project.rolesOf(fn).filter((r) => r.registration !== undefined && r.registration.conf !== 'low');
  if (declared.length > 0) return [...declared, ...registered.filter((r) => declared.some((d) => sameRole(d.role, r.role)))];
  return registered.length > 0 ? registered : declaredThroughType(ctx, fn);
}

/** Declared through a function type of the project that is no role. */
function declaredThroughType(ctx: RuleContext, fn: Func): RoleOf[] {
  const decls = fn.def ? earlierDeclarations(ctx.project, fn) : fn.decls;
  return decls.flatMap(({ decl, file }): RoleOf[] => decl.viaTypedef === undefined ? []
    : [{ role: decl.viaTypedef, reason: 'declaration', file, start: decl.nameStart, end: decl.nameEnd }]);
}

function reason(role: RoleOf): string {
  if (role.registration) return `registered as ${role.role} (${role.registration.via})`;
  return `declared as ${role.role}`;
}
