// The code segment a function is placed in: `__declspec(code_seg("PAGE"))` on it or on its class (also through a project macro),
// `#pragma alloc_text` in its unit, else `#pragma code_seg` in force at its definition, `push` and `pop` included. Likewise the data segment of a variable.

import { salEnv } from './annotations-of.js';
import { splitAnnotations, type SalEnv } from './annotations.js';
import type { Annotation, FileFacts, FunctionDecl, MacroUse, Pragma, Variable } from './facts.js';
import type { Func, Project } from './project.js';

export interface Section { name: string; file: FileFacts; start: number; end: number }

/** Macros of the NDIS headers that expand to an alloc_text pragma (ndis.h). */
const allocMacros: Readonly<Record<string, string>> = { NDIS_PAGEABLE_FUNCTION: 'PAGE', NDIS_PAGABLE_FUNCTION: 'PAGE', NDIS_INIT_FUNCTION: 'INIT' };

/** By the pragmas, which every reading of a file makes anew. */
const allocated = new WeakMap<readonly Pragma[], Map<string, Section>>();

export function sectionOf(project: Project, fn: Func): Section | undefined {
  return fromDeclspec(project, fn) ?? fromAllocText(project, fn) ?? fromCodeSeg(fn);
}

// --- __declspec(code_seg("PAGE")) ------------------------------------------------------------------

function fromDeclspec(project: Project, fn: Func): Section | undefined {
  for (const { decl, file } of fn.decls) {
    const own = firstSegment([...decl.annotations, ...usesBefore(project, decl, file)], salEnv(project, file));
    if (own) return { ...own, file };
  }
  const owner = fn.decls.map((d) => d.decl.scope.at(-1)).find((s) => s?.kind === 'class');
  const from = fn.def ?? fn.decls[0];
  const record = owner && from && project.record(owner.name, from.file);
  const found = record && firstSegment(record.decl.annotations, salEnv(project, record.file));
  return found && record ? { ...found, file: record.file } : undefined;
}

/** `CODE_SEG("PAGE")` on the line above reads like a use of a macro at file scope. */
function usesBefore(project: Project, decl: FunctionDecl, file: FileFacts): MacroUse[] {
  const near = file.uses.filter((u) => u.end <= decl.start && decl.start - u.end < 200);
  if (near.length === 0) return [];
  const text = project.textOf(file.path);
  return near.filter((u) => text.slice(u.end, decl.start).trim() === '');
}

function firstSegment(list: readonly (Annotation | MacroUse)[], env: SalEnv): Omit<Section, 'file'> | undefined {
  for (const a of list) {
    const name = segmentOf(a.name, a.args, env, 0);
    if (name !== undefined) return { name, start: a.start, end: a.end };
  }
  return undefined;
}

/** Segment that `__declspec(code_seg("X"))`, or a project macro for it, names. */
function segmentOf(name: string, args: readonly string[] | undefined, env: SalEnv, depth: number): string | undefined {
  if (depth > 6) return undefined;
  if (name === '__declspec' || name === 'DECLSPEC') {
    const m = /\bcode_seg\s*\(\s*L?"([^"]*)"/.exec(args?.join(', ') ?? '');
    return m?.[1];
  }
  const macro = env.macro(name);
  if (!macro || !macro.body) return undefined;
  const values = new Map((macro.params ?? []).map((p, i) => [p, args?.[i] ?? '']));
  const body = macro.body.replace(/[A-Za-z_]\w*/g, (word) => values.get(word) ?? word);
  for (const piece of splitAnnotations({ text: body, start: 0, end: body.length })) {
    const found = piece.name === name ? undefined : segmentOf(piece.name, piece.args?.map((a) => a.text), env, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

// --- #pragma alloc_text ----------------------------------------------------------------------------

function fromAllocText(project: Project, fn: Func): Section | undefined {
  if (!fn.def) return undefined;
  const home = fn.def.file;
  const own = allocTexts(home).get(fn.name);
  if (own) return own;
  for (const file of namersOf(project).get(fn.name) ?? []) {
    if (file !== home && (project.closure(file).includes(home) || project.closure(home).includes(file))) return allocTexts(file).get(fn.name);
  }
  return undefined;
}

const namers = new WeakMap<Project, Map<string, FileFacts[]>>();

/** Function name -> files whose alloc_text pragmas name it. */
function namersOf(project: Project): Map<string, FileFacts[]> {
  let found = namers.get(project);
  if (found) return found;
  namers.set(project, found = new Map());
  for (const file of project.files) {
    for (const name of allocTexts(file).keys()) {
      const list = found.get(name);
      if (list) list.push(file);
      else found.set(name, [file]);
    }
  }
  return found;
}

/** Function name -> section, by the alloc_text pragmas and macros of one file. */
function allocTexts(file: FileFacts): Map<string, Section> {
  let found = allocated.get(file.pragmas);
  if (found) return found;
  found = new Map();
  allocated.set(file.pragmas, found);
  for (const p of file.pragmas) {
    const m = /^alloc_text\s*\(\s*"?([^\s",)][^",)]*)(?:"\s*)?,([^)]*)\)/.exec(p.text);
    if (!m) continue;
    for (const name of m[2]!.split(',')) found.set(name.trim(), { name: m[1]!.trim(), file, start: p.start, end: p.end });
  }
  for (const a of decorations(file)) {
    const segment = Object.hasOwn(allocMacros, a.name) ? allocMacros[a.name] : undefined;
    if (segment !== undefined && a.args?.[0]) found.set(a.args[0], { name: segment, file, start: a.start, end: a.end });
  }
  return found;
}

function* decorations(file: FileFacts): Iterable<Annotation | MacroUse> {
  yield* file.uses;
  for (const f of file.functions) yield* f.annotations;
  for (const v of file.variables) yield* v.annotations;
  for (const t of file.typedefs) yield* t.annotations;
  for (const r of file.records) yield* r.annotations;
}

// --- #pragma code_seg ------------------------------------------------------------------------------

interface SegmentState { name: string; pragma: Pragma }

function fromCodeSeg(fn: Func): Section | undefined {
  if (!fn.def) return undefined;
  return inForce(fn.def.file, fn.def.decl.nameStart, /^code_seg\s*\(([^)]*)\)/);
}

/** The data segment a variable is placed in: by `__declspec(allocate("PAGEDATA"))`, else by `#pragma data_seg` in force where it is initialised. */
export function dataSectionOf(variable: Variable, file: FileFacts): Section | undefined {
  for (const a of variable.annotations) {
    const m = a.name === '__declspec' ? /^\s*allocate\s*\(\s*"([^"]*)"/.exec(a.args?.[0] ?? '') : undefined;
    if (m) return { name: m[1]!, file, start: a.start, end: a.end };
  }
  return variable.init === undefined ? undefined : inForce(file, variable.nameStart, /^data_seg\s*\(([^)]*)\)/);
}

function inForce(file: FileFacts, at: number, shape: RegExp): Section | undefined {
  let current: SegmentState | undefined;
  const stack: { label?: string; state: SegmentState | undefined }[] = [];
  for (const p of file.pragmas) {
    if (p.start > at) break;
    const m = shape.exec(p.text);
    if (m) current = step(m[1]!, p, current, stack);
  }
  return current && { name: current.name, file, start: current.pragma.start, end: current.pragma.end };
}

/** `code_seg( [ [ push | pop ], [ identifier, ] ] [ "segment" [, "class" ] ] )`. */
function step(inside: string, pragma: Pragma, current: SegmentState | undefined, stack: { label?: string; state: SegmentState | undefined }[]): SegmentState | undefined {
  const parts = inside.split(',').map((s) => s.trim()).filter((s) => s !== '');
  const verb = parts[0] === 'push' || parts[0] === 'pop' ? parts.shift() : undefined;
  const label = parts[0] !== undefined && /^[A-Za-z_]\w*$/.test(parts[0]) ? parts.shift() : undefined;
  const segment = parts[0]?.replace(/^L?"|"$/g, '');
  let state = current;
  if (verb === 'push') stack.push({ state: current, ...(label !== undefined && { label }) });
  if (verb === 'pop') state = pop(stack, label, current);
  if (segment !== undefined && segment !== '') return { name: segment, pragma };
  return verb === undefined ? undefined : state;
}

function pop(stack: { label?: string; state: SegmentState | undefined }[], label: string | undefined, current: SegmentState | undefined): SegmentState | undefined {
  if (label === undefined) return stack.length > 0 ? stack.pop()!.state : current;
  const at = stack.map((s) => s.label).lastIndexOf(label);
  return at < 0 ? current : stack.splice(at)[0]!.state;
}
