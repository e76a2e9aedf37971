// Comparing role names: which stand for each other, which can be declared at all, which are known to be roles.

import { ddi, interchangeable, role as roleRow } from '@drvlint/wdk';
import type { FileFacts } from '../../model/facts.js';
import type { Project } from '../../model/project.js';
import { roleOfFunctionType } from '../../model/role-types.js';

/**
 * There is a function type of that name, so that `ROLE Name;` can be written: one of the WDK, or one of the project that has itself as its
 * function class and that `file` sees.
 */
export function isDeclarableRole(project: Project, name: string, file: FileFacts): boolean {
  const row = roleRow(name);
  if (row !== undefined) return row.role === name && row.hasFunctionType;
  const type = project.typedef(name, file)?.decl.type;
  return type?.fn !== undefined && type.ptr === 0 && roleOfFunctionType(project, name, file) === name;
}

/** Equal, or documented as interchangeable (`X`/`X_PAGED`, context cleanup variants, `PX` for X). */
export function sameRole(a: string, b: string): boolean {
  return interchangeable(a, b);
}

/** A role of the WDK, or a function class that a typedef of the project stands for: another class than that is really another one. */
export function knownClass(project: Project, name: string, file: FileFacts): boolean {
  if (roleRow(name) !== undefined) return true;
  return project.typedef(name, file) !== undefined && roleOfFunctionType(project, name, file) === name;
}

/** A function that the kits' headers declare and that the project itself implements: what is declared there is not seen. */
export function isKitFunction(name: string): boolean {
  return ddi(name) !== undefined;
}
