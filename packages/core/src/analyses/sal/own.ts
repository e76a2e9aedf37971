// The annotations that one declaration spells itself, in normal form, apart from what other declarations of the function say.

import { readAnnotation, type Sal } from '../../model/annotations.js';
import { salEnv, typedefChain } from '../../model/annotations-of.js';
import type { Annotation, FunctionDecl } from '../../model/facts.js';
import type { Placed, Project } from '../../model/project.js';

/** Statements of annotations that are SAL; calling conventions, `__declspec` and bare IN/OUT are none. */
export function salOfList(project: Project, list: readonly Annotation[], file: Placed<unknown>['file']): Sal[] {
  const found: Sal[] = [];
  for (const a of list) {
    if (a.kind !== 'sal' && a.kind !== 'decoration') continue;
    for (const s of readAnnotation(a, salEnv(project, file)).items) if (s.bare !== true && s.kind !== 'noreturn' && s.name !== 'OPTIONAL') found.push(s);
  }
  return found;
}

/** Function-level statements of a declaration. */
export function functionSal(project: Project, placed: Placed<FunctionDecl>): Sal[] {
  return salOfList(project, placed.decl.annotations, placed.file);
}

/** Statements of a declaration's parameter `i`. */
export function parameterSal(project: Project, placed: Placed<FunctionDecl>, i: number): Sal[] {
  return salOfList(project, placed.decl.params[i]?.annotations ?? [], placed.file);
}

/** `_Use_decl_annotations_` (or the old spelling, or a project macro for it) on the declaration itself. */
export function usesDeclAnnotations(project: Project, placed: Placed<FunctionDecl>): Sal | undefined {
  return functionSal(project, placed).find((s) => s.kind === 'use-decl');
}

/** The declaration spells some SAL of its own, `_Use_decl_annotations_` aside. */
export function spellsSal(project: Project, placed: Placed<FunctionDecl>): boolean {
  if (functionSal(project, placed).some((s) => s.kind !== 'use-decl')) return true;
  return placed.decl.params.some((_, i) => parameterSal(project, placed, i).length > 0);
}

/** A function typedef of the project that the declaration goes through spells some SAL, on itself or on its parameters. */
export function typedefSpellsSal(project: Project, placed: Placed<FunctionDecl>): boolean {
  return typedefChain(project, placed.decl, placed.file).some((t) => {
    const lists = [t.decl.annotations, ...(t.decl.type.fn?.params ?? []).map((p) => p.annotations)];
    return lists.some((list) => salOfList(project, list, t.file).length > 0);
  });
}
