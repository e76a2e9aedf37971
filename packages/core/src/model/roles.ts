// The roles a function has and why: declared through a role type, by a function class, registered somewhere, or by its name.

import { role as roleRow, roleByFunctionName } from '@drvlint/wdk';
import { readAnnotation } from './annotations.js';
import { salEnv, typedefChain } from './annotations-of.js';
import type { Annotation, FileFacts } from './facts.js';
import type { Func, Project, Registration, RoleOf } from './project.js';
import { className, roleOfFunctionType } from './role-types.js';

/** Roles of a function, declared ones first, each role once per reason and place. */
export function rolesOf(project: Project, fn: Func, registrations: readonly Registration[]): RoleOf[] {
  const found = declaredRolesOf(project, fn);
  for (const registration of registrations) {
    if (registration.role === '') continue;
    const { file, start, end, role } = registration;
    found.push({ role, reason: 'registration', file, start, end, registration });
  }
  const named = found.length === 0 && !fn.qualified.includes('::') ? roleByFunctionName(fn.name) : undefined;
  if (named !== undefined && fn.def && fn.params.length === (roleRow(named)?.params.length ?? -1)) {
    found.push({ role: named, reason: 'name', file: fn.def.file, start: fn.def.decl.nameStart, end: fn.def.decl.nameEnd });
  }
  return found;
}

/** Roles from declarations alone: role typedefs, classes of project typedefs, `_Function_class_` on any declaration. */
export function declaredRolesOf(project: Project, fn: Func): RoleOf[] {
  const found: RoleOf[] = [];
  for (const { decl, file } of fn.decls) {
    if (decl.viaTypedef !== undefined) {
      const role = roleOfFunctionType(project, decl.viaTypedef, file);
      const reason = role === decl.viaTypedef ? 'declaration' : 'typedef';
      if (role !== undefined) found.push({ role, reason, file, start: decl.nameStart, end: decl.nameEnd });
      for (const t of typedefChain(project, decl, file)) addClasses(project, t.decl.annotations, t.file, found);
    }
    addClasses(project, decl.annotations, file, found);
  }
  return found;
}

function addClasses(project: Project, annotations: readonly Annotation[], file: FileFacts, found: RoleOf[]): void {
  for (const a of annotations) {
    for (const sal of readAnnotation(a, salEnv(project, file)).items) {
      const [arg] = sal.args;
      if (sal.kind !== 'function-class' || !arg) continue;
      const role = className(arg.text);
      if (!found.some((r) => r.file === file && r.start === sal.start && r.role === role)) found.push({ role, reason: 'function-class', file, start: sal.start, end: sal.end });
    }
  }
}
