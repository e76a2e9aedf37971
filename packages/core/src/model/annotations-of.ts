// Annotations of linked functions: over all declarations, the function typedef they are declared through included.

import type { Sal, SalEnv } from './annotations.js';
import { readAnnotation } from './annotations.js';
import type { Annotation, FileFacts } from './facts.js';
import type { Func, Placed, Project } from './project.js';
import type { FunctionDecl, Param, Typedef } from './facts.js';

export type PlacedAnnotation = Annotation & { file: FileFacts };

const maxChain = 16;
const envs = new WeakMap<Project, WeakMap<FileFacts, SalEnv>>();

/** Reads annotations with the macros that `file` sees. */
export function salEnv(project: Project, file: FileFacts): SalEnv {
  let perProject = envs.get(project);
  if (!perProject) envs.set(project, (perProject = new WeakMap()));
  let env = perProject.get(file);
  if (!env) {
    env = { macro: (name) => project.macro(name, file)?.decl };
    perProject.set(file, env);
  }
  return env;
}

const placed = new WeakMap<Annotation, PlacedAnnotation>();
const written = new WeakMap<PlacedAnnotation, Annotation>();

/** An annotation with its file: always the same object until an edit moves it, so that what is read from it can be kept. */
function place(a: Annotation, file: FileFacts): PlacedAnnotation {
  let known = placed.get(a);
  if (known?.file !== file || known.start !== a.start || known.end !== a.end) {
    placed.set(a, (known = { ...a, file }));
    written.set(known, a);
  }
  return known;
}

/** Typedefs a declaration goes through (`MY_THREAD` -> `KSTART_ROUTINE` -> ...), as far as the project defines them. */
export function typedefChain(project: Project, decl: FunctionDecl, file: FileFacts): Placed<Typedef>[] {
  const chain: Placed<Typedef>[] = [];
  let name = decl.viaTypedef;
  let from = file;
  while (name !== undefined && chain.length < maxChain) {
    const placed = project.typedef(name, from);
    if (!placed || chain.some((c) => c.decl === placed.decl)) break;
    chain.push(placed);
    name = placed.decl.type.fn || placed.decl.type.ptr !== 0 ? undefined : placed.decl.type.base;
    from = placed.file;
  }
  return chain;
}

/** Function-level annotations of all declarations and of the typedefs they go through; equal places once. */
export function annotationsOf(project: Project, fn: Func): PlacedAnnotation[] {
  const found: PlacedAnnotation[] = [];
  const seen = new Set<Annotation>();
  const add = (list: readonly Annotation[], file: FileFacts): void => {
    for (const a of list) {
      if (seen.has(a)) continue;
      seen.add(a);
      found.push(place(a, file));
    }
  };
  for (const { decl, file } of fn.decls) {
    add(decl.annotations, file);
    for (const t of typedefChain(project, decl, file)) add(t.decl.annotations, t.file);
  }
  return found;
}

/** Annotations of parameter `i` over all declarations and the typedefs they go through. */
export function paramAnnotationsOf(project: Project, fn: Func, i: number): PlacedAnnotation[] {
  const found: PlacedAnnotation[] = [];
  const add = (param: Param | undefined, file: FileFacts): void => {
    for (const a of param?.annotations ?? []) found.push(place(a, file));
  };
  for (const { decl, file } of fn.decls) {
    add(decl.params[i], file);
    for (const t of typedefChain(project, decl, file)) add(t.decl.type.fn?.params[i], t.file);
  }
  return found;
}

export type PlacedSal = Sal & { file: FileFacts };

interface SalOfFunc { own?: readonly PlacedSal[]; params: (readonly PlacedSal[] | undefined)[] }

const known = new WeakMap<Project, Map<Func, SalOfFunc>>();

function knownOf(project: Project, fn: Func): SalOfFunc {
  let byFunc = known.get(project);
  if (!byFunc) known.set(project, (byFunc = new Map()));
  let sal = byFunc.get(fn);
  if (!sal) byFunc.set(fn, (sal = { params: [] }));
  return sal;
}

function statements(project: Project, annotations: readonly PlacedAnnotation[]): readonly PlacedSal[] {
  return annotations.length === 0 ? none : annotations.flatMap((a) => readAnnotation(written.get(a) ?? a, salEnv(project, a.file)).items.map((s) => ({ ...s, file: a.file })));
}

const none: readonly PlacedSal[] = [];

/** The statements of all function-level annotations, each with the file it stands in. */
export function salOf(project: Project, fn: Func): readonly PlacedSal[] {
  const sal = knownOf(project, fn);
  return sal.own ??= statements(project, project.annotationsOf(fn));
}

/** The statements of parameter `i`'s annotations. */
export function paramSalOf(project: Project, fn: Func, i: number): readonly PlacedSal[] {
  const { params } = knownOf(project, fn);
  return params[i] ??= paramStatements(project, fn, i);
}

function paramStatements(project: Project, fn: Func, i: number): readonly PlacedSal[] {
  let found: PlacedSal[] | undefined;
  const add = (param: Param | undefined, file: FileFacts): void => {
    for (const a of param?.annotations ?? []) for (const s of readAnnotation(a, salEnv(project, file)).items) (found ??= []).push({ ...s, file });
  };
  for (const { decl, file } of fn.decls) {
    add(decl.params[i], file);
    if (decl.viaTypedef !== undefined) for (const t of typedefChain(project, decl, file)) add(t.decl.type.fn?.params[i], t.file);
  }
  return found ?? none;
}
