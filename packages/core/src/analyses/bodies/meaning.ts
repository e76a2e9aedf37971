// What an integer stands for: a status code, a truth value, or just a number. C has one kind of integer; the names of the types and the
// operators that made a value tell more. Unknown types mean nothing.

import { typeMeaning, statusTest, type TypeMeaning } from '@drvlint/wdk';
import type { Expr } from '../../model/expr.js';
import type { FileFacts } from '../../model/facts.js';
import type { Func, Project } from '../../model/project.js';
import type { TypeRef } from '../../model/types.js';

/** 'truth' is the result of a comparison or logical operator, whatever its type. */
export type Meaning = TypeMeaning | 'truth';

const MAX_STEPS = 12;

type Named = { meaning: TypeMeaning; name: string } | undefined;
const byProject = new WeakMap<Project, Map<FileFacts, Map<string, Named>>>();

/** What the values of a type stand for, through typedefs of the project, and the name of the type that says so. */
export function meaningOfType(project: Project, type: TypeRef | undefined, file: FileFacts): Named {
  if (!type || type.ptr > 0 || type.dims || type.fn || type.ref === '&&') return undefined;
  let files = byProject.get(project);
  if (!files) byProject.set(project, files = new Map());
  let known = files.get(file);
  if (!known) files.set(file, known = new Map());
  if (!known.has(type.base)) known.set(type.base, resolved(project, { base: type.base, ptr: 0 }, file));
  return known.get(type.base);
}

function resolved(project: Project, type: TypeRef, file: FileFacts): Named {
  let current: TypeRef | undefined = type;
  for (let i = 0; current && i < MAX_STEPS; i++) {
    if (current.ptr > 0 || current.dims || current.fn || current.ref === '&&') return undefined;
    const meaning = typeMeaning(current.base);
    if (meaning) return { meaning, name: current.base };
    current = project.typedef(current.base, file)?.decl.type;
  }
  return undefined;
}

/** What a value stands for; `name` is its type's name, or how it was made. */
export function meaningOf(project: Project, e: Expr, fn: Func): { meaning: Meaning; name: string } | undefined {
  const file = fn.def?.file ?? fn.decls[0].file;
  switch (e.k) {
    case 'unary': return e.op === '!' ? { meaning: 'truth', name: 'result of !' } : undefined;
    case 'binary': return /^(?:[=!<>]=|[<>]|&&|\|\|)$/.test(e.op) ? { meaning: 'truth', name: `result of ${e.op}` } : undefined;
    case 'comma': return meaningOf(project, e.r, fn);
    case 'cond': {
      const [a, b] = [meaningOf(project, e.a, fn), meaningOf(project, e.b, fn)];
      return a && b && a.meaning === b.meaning ? a : undefined;
    }
    case 'call': {
      const name = project.calleeName(e, file);
      if (name !== undefined && statusTest(name) && !project.calleeOf(e, fn)) return { meaning: 'truth', name: `result of ${name}` };
      return meaningOfType(project, project.typeOf(e, fn), file);
    }
    case 'name': case 'field': case 'index': case 'cast': case 'assign': return meaningOfType(project, project.typeOf(e, fn), file);
    default: return undefined;
  }
}
