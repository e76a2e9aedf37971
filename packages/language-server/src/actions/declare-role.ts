// Declaring a callback through the role type it is registered for, whether or not a rule has asked for it.

import { hasNoOwnDeclaration, isDeclarableRole, roleDeclarationEdit, rolesBeforeDefinition, type Func, type Project } from '@drvlint/core';

export interface RoleDeclaration { title: string; file: string; start: number; end: number; text: string }

export function roleDeclarations(project: Project, fn: Func): RoleDeclaration[] {
  const { def } = fn;
  if (!def || hasNoOwnDeclaration(fn) || rolesBeforeDefinition(project, fn).length > 0) return [];
  const registrations = project.registrationsOf(fn).filter((r) => r.conf !== 'low' && isDeclarableRole(project, r.role, def.file));
  const uses = registrations.filter((r) => r.file === def.file).map((r) => r.start);
  return [...new Set(registrations.map((r) => r.role))].flatMap((role) => {
    const edit = roleDeclarationEdit(project.textOf(def.file.path), fn, role, uses.length > 0 ? Math.min(...uses) : undefined);
    return edit ? [{ title: `Declare '${fn.name}' as ${role}`, ...edit }] : [];
  });
}
