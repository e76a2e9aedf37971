// What a function's definition has before it: the declarations its file and the headers included there show, and their roles. A
// declaration that comes later, or in a header that is not included, does not count.

import { headerKind } from '@drvlint/wdk';
import type { FileFacts, FunctionDecl } from '../../model/facts.js';
import type { Func, Placed, Project, RoleOf } from '../../model/project.js';
import { declaredRolesOf } from '../../model/roles.js';

/** Declarations of `fn` that come before its definition, the definition excluded. */
export function earlierDeclarations(project: Project, fn: Func): Placed<FunctionDecl>[] {
  const def = fn.def;
  if (!def) return [];
  return fn.decls.filter((d) => d.decl !== def.decl && comesBefore(project, d, def));
}

export function comesBefore(project: Project, d: Placed<FunctionDecl>, def: Placed<FunctionDecl>): boolean {
  if (d.file === def.file) return d.decl.start < def.decl.start;
  if (project.sees(def.file, d.file)) return true;
  return project.includersOf(def.file).some((unit) => seenBeforeInclude(project, unit, def.file, d));
}

/** `unit` includes `part`: what stands before that line in `unit`, or comes from an include before it, is visible in `part`. */
function seenBeforeInclude(project: Project, unit: FileFacts, part: FileFacts, d: Placed<FunctionDecl>): boolean {
  const line = unit.includes.find((i) => i.resolved === part.path);
  if (!line) return false;
  if (d.file === unit) return d.decl.start < line.start;
  return unit.includes.some((i) => {
    const header = i.start < line.start && i.resolved !== undefined ? project.fileOf(i.resolved) : undefined;
    return header !== undefined && project.sees(header, d.file);
  });
}

/** A view of the function with only what its definition and the declarations before it say. */
export function asDefined(project: Project, fn: Func): Func {
  const decls = fn.def ? [...earlierDeclarations(project, fn), fn.def] : fn.decls;
  return { ...pick(fn), decls };
}

function pick(fn: Func): Func {
  const { id, name, qualified, def, decls, isStatic, params, ret } = fn;
  return { id, name, qualified, decls, isStatic, params, ...(def && { def }), ...(ret && { ret }) };
}

/** Roles declared for the function before or at its definition. */
export function rolesBeforeDefinition(project: Project, fn: Func): RoleOf[] {
  return declaredRolesOf(project, asDefined(project, fn));
}

/** The definition stands inside a class body, or is a template: there is no place for a declaration of its own. */
export function hasNoOwnDeclaration(fn: Func): boolean {
  const def = fn.def;
  if (!def || def.decl.isTemplate) return true;
  const inClass = def.decl.scope.at(-1)?.kind === 'class';
  return inClass && def.file.records.some((r) => r.start < def.decl.start && def.decl.end < r.end);
}

/** Every include that could declare something was found: headers of the kits declare no function of the project, trace headers (.tmh) none at all. */
export function seesEverything(project: Project, file: FileFacts): boolean {
  const files = [...project.closure(file), ...project.includersOf(file).flatMap((f) => project.closure(f))];
  return files.every((f) => f.includes.every((i) => i.resolved !== undefined || /\.tmh$/i.test(i.target) || (i.angled && headerKind(i.target) !== undefined)));
}
