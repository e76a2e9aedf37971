// Which role a type stands for: role typedefs of the WDK, project typedefs made from them, and project typedefs with a function
// class of their own. Works on types as written, since a project may redefine a WDK name and resolution would lose it.

import { role } from '@drvlint/wdk';
import { readAnnotations } from './annotations.js';
import { salEnv } from './annotations-of.js';
import type { FileFacts } from './facts.js';
import type { Project } from './project.js';
import type { TypeRef } from './types.js';

const maxChain = 16;

/**
 * The role of a function type by name: `KSTART_ROUTINE`, or a project typedef of it or with a function class. Undefined for a project's
 * own function type without a class, and for what is no function type. A name that nothing defines stays what it is: a role we do not know.
 */
export function roleOfFunctionType(project: Project, name: string, from: FileFacts): string | undefined {
  let current = name;
  for (let i = 0; i < maxChain; i++) {
    const known = role(current);
    if (known && known.role === current) return current;
    const placed = project.typedef(current, from);
    if (!placed) return /^[A-Za-z_]\w*$/.test(current) ? current : undefined;
    const [declared] = functionClasses(project, placed.decl.annotations, placed.file);
    if (declared !== undefined) return declared;
    const type = placed.decl.type;
    if (type.fn || type.ptr !== 0 || type.base === current) return undefined;
    current = type.base;
  }
  return undefined;
}

/**
 * The roles a pointer type wants: `PKSTART_ROUTINE`, `KSTART_ROUTINE *`, a project alias of either. Several for a name whose version digit
 * a WDK macro hides (`FWPS_CALLOUT_CLASSIFY_FN`): they are alternatives.
 */
export function rolesOfPointerType(project: Project, type: TypeRef, from: FileFacts): string[] {
  const found = roleOfPointerType(project, type, from);
  if (found === undefined) return [];
  const stem = found.replace(/\d$/, '');
  return stem === found || writtenAs(project, type, found, from) ? [found] : [0, 1, 2, 3].map((digit) => `${stem}${digit}`).filter((name) => role(name)?.role === name);
}

/** The versioned name itself is what the declaration says. */
function writtenAs(project: Project, type: TypeRef, name: string, from: FileFacts): boolean {
  let base = type.base;
  for (let i = 0; i < maxChain; i++) {
    if (base === name) return true;
    const next = project.typedef(base, from)?.decl.type.base;
    if (next === undefined || next === base) return false;
    base = next;
  }
  return false;
}

function roleOfPointerType(project: Project, type: TypeRef, from: FileFacts): string | undefined {
  let { base, ptr } = type;
  if (type.fn || type.ref) return undefined;
  for (let i = 0; i < maxChain; i++) {
    const known = role(base);
    if (known && ptr === (known.role === base && known.hasFunctionType ? 1 : 0)) return known.role;
    const placed = project.typedef(base, from);
    if (!placed) return undefined;
    const next = placed.decl.type;
    if (ptr + (next.fn ? next.ptr : 0) === 1) {
      const [declared] = functionClasses(project, placed.decl.annotations, placed.file);
      if (declared !== undefined) return declared;
    }
    if (next.fn || next.base === base) return undefined;
    base = next.base;
    ptr += next.ptr;
  }
  return undefined;
}

/** Function classes named by a list of annotations, `P` of a pointer type dropped. */
export function functionClasses(project: Project, annotations: Parameters<typeof readAnnotations>[0], file: FileFacts): string[] {
  return readAnnotations(annotations, salEnv(project, file))
    .filter((s) => s.kind === 'function-class' && s.args[0] !== undefined)
    .map((s) => className(s.args[0]!.text));
}

/** `PX` as the class of X: the role itself where the WDK knows `PX` as its pointer type. */
export function className(text: string): string {
  const bare = text.replace(/[\s*"]/g, '');
  return role(bare)?.role ?? bare;
}
