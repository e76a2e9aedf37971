// What stands at an offset: the word, the function around it, the call it names, the annotation it is part of.

import { analysisOf, irql, scanFile, sourceFromString, type Annotation, type CallExpr, type FileFacts, type Func, type FunctionDecl, type IrqlEngine, type Project, type SourceText } from '@drvlint/core';
import type { FileView } from '@drvlint/project';

export interface Word { text: string; start: number; end: number }

type Read = Pick<FileView, 'source' | 'facts'>;

const scans = new WeakMap<SourceText, Int32Array>();

function commentsIn(source: SourceText): Int32Array {
  let known = scans.get(source);
  if (!known) scans.set(source, known = scanFile(source).comments);
  return known;
}

/** The identifier an offset touches, comments and strings left aside. */
export function wordAt(view: Read, offset: number): Word | undefined {
  const { text } = view.source;
  let start = offset;
  let end = offset;
  while (start > 0 && isWord(text, start - 1)) start--;
  while (end < text.length && isWord(text, end)) end++;
  if (start === end || /\d/.test(text[start])) return undefined;
  return isInComment(view, start) ? undefined : { text: text.slice(start, end), start, end };
}

function isWord(text: string, at: number): boolean {
  return /[\w$]/.test(text[at]);
}

/** In a function its text alone is looked at, not the whole file at every keystroke. */
export function isInComment({ source, facts }: Read, offset: number): boolean {
  const fn = definitionAt(facts, offset);
  return fn ? holds(scanFile(sourceFromString(source.text.slice(fn.start, fn.end))).comments, offset - fn.start) : holds(commentsIn(source), offset);
}

function holds(comments: Int32Array, offset: number): boolean {
  let low = 0;
  let high = comments.length >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (comments[2 * middle + 1] <= offset) low = middle + 1;
    else high = middle;
  }
  return 2 * low < comments.length && comments[2 * low] <= offset;
}

/** The definition whose head or body holds an offset. */
export function definitionAt(facts: FileFacts, offset: number): FunctionDecl | undefined {
  return facts.functions.find((f) => f.isDefinition && f.start <= offset && offset <= f.end);
}

export function bodyAt(facts: FileFacts, offset: number): FunctionDecl | undefined {
  return facts.functions.find((f) => f.body && f.body.start < offset && offset < f.body.end);
}

/** The declaration or definition whose name stands at an offset. */
export function declaredAt(facts: FileFacts, offset: number): FunctionDecl | undefined {
  return facts.functions.find((f) => f.nameStart <= offset && offset <= f.nameEnd);
}

/** The call whose callee is named at an offset: the innermost one. */
export function callAt(decl: FunctionDecl, offset: number): CallExpr | undefined {
  const calls = decl.body?.calls.filter((c) => c.callee.start <= offset && offset <= c.callee.end) ?? [];
  return calls.reduce<CallExpr | undefined>((a, b) => (a && a.callee.end - a.callee.start <= b.callee.end - b.callee.start ? a : b), undefined);
}

/** The call whose parentheses hold an offset, innermost. */
export function callAround(decl: FunctionDecl, offset: number): CallExpr | undefined {
  const calls = decl.body?.calls.filter((c) => c.start <= offset && offset <= c.end) ?? [];
  return calls.reduce<CallExpr | undefined>((a, b) => (a && a.end - a.start <= b.end - b.start ? a : b), undefined);
}

export interface PlacedRecord { annotation: Annotation; decl?: FunctionDecl; param?: string }

/** The annotation an offset stands in, with what it is attached to. */
export function annotationAt(facts: FileFacts, offset: number): PlacedRecord | undefined {
  const holds = (a: Annotation): boolean => a.start <= offset && offset <= a.end;
  for (const decl of facts.functions) {
    const own = decl.annotations.find(holds);
    if (own) return { annotation: own, decl };
    for (const p of decl.params) {
      const found = p.annotations.find(holds);
      if (found) return { annotation: found, decl, param: p.name };
    }
  }
  for (const t of facts.typedefs) {
    const own = t.annotations.find(holds) ?? t.type.fn?.params.flatMap((p) => p.annotations).find(holds);
    if (own) return { annotation: own };
  }
  for (const r of facts.records) {
    const own = r.annotations.find(holds) ?? r.fields.flatMap((f) => f.annotations).find(holds);
    if (own) return { annotation: own };
  }
  return undefined;
}

/** The function that a name at an offset means, when it is one of the project. */
export function functionNamed(view: FileView, word: Word): Func | undefined {
  const declared = declaredAt(view.facts, word.start);
  if (declared) return view.project.funcOf(declared);
  const inside = bodyAt(view.facts, word.start);
  const owner = inside && view.project.funcOf(inside);
  const call = inside && callAt(inside, word.start);
  if (call && owner) return view.project.calleeOf(call, owner);
  if (owner && view.project.localOf(word.text, word.start, owner)) return undefined;
  return view.project.resolve(word.text, view.facts);
}

const failed = new WeakSet<Project>();

/** The IRQL analysis; undefined where it failed on this project. */
export function engineOf(project: Project): IrqlEngine | undefined {
  if (failed.has(project)) return undefined;
  try {
    return analysisOf(project, irql);
  } catch {
    failed.add(project);
    return undefined;
  }
}
