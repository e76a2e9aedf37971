// Where a fix puts a role declaration or `_Use_decl_annotations_`: edits that keep line ends and indentation and change nothing else.
// Works on the original text around a declaration, since the facts do not record comments, `extern "C"` or what stands on a line.

import type { FileFacts, FunctionDecl } from '../../model/facts.js';
import type { Func, Placed } from '../../model/project.js';
import type { Edit } from '../../source/edits.js';

/** Line end used around an offset. */
function lineEnd(text: string, near: number): string {
  const at = text.indexOf('\n', near);
  const found = at >= 0 ? at : text.lastIndexOf('\n', near);
  return found > 0 && text[found - 1] === '\r' ? '\r\n' : '\n';
}

function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1;
}

function indentation(text: string, at: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, at)))![0];
}

/** Blanks and comments between two offsets, nothing else. */
function onlyBlank(text: string, from: number, to: number): boolean {
  return /^(?:\s|\/\*[\s\S]*?\*\/|\/\/[^\n]*(?:\n|$))*$/.test(text.slice(from, to));
}

const linkage = /(?:extern\s+"C"|\bEXTERN_C(?:_START)?\b|template\s*<[^;{}]*>)\s*$/;

/**
 * Offset of a definition's first token: annotations and decorations in front of it included, `extern "C"`, EXTERN_C and `template <>`
 * in front of those not.
 */
export function headStart(text: string, decl: FunctionDecl): number {
  let start = decl.start;
  const before = decl.annotations.filter((a) => a.start < start && a.name !== 'EXTERN_C').sort((a, b) => b.start - a.start);
  for (const a of before) {
    if (a.end > start || !onlyBlank(text, a.end, start)) break;
    start = a.start;
  }
  const inside = decl.annotations.find((a) => a.name === 'EXTERN_C' && a.start >= start && onlyBlank(text, start, a.start));
  if (!inside) return start;
  return inside.end + /^\s*/.exec(text.slice(inside.end))![0].length;
}

/** Inserts `_Use_decl_annotations_` on a line of its own before a definition. */
export function useDeclEdit(text: string, placed: Placed<FunctionDecl>): Edit {
  const at = headStart(text, placed.decl);
  const indent = indentation(text, at);
  const eol = lineEnd(text, at);
  const alone = text.slice(lineStart(text, at), at).trim() === '';
  const file = placed.file.path;
  if (alone) return { file, start: at, end: at, text: `_Use_decl_annotations_${eol}${indent}` };
  const before = text.slice(lineStart(text, at), at);
  const start = at - (before.length - before.trimEnd().length);
  return { file, start, end: at, text: `${eol}${indent}_Use_decl_annotations_${eol}${indent}` };
}

/** The edit that declares `fn` with a role type, or undefined where no place for it is certain. `firstUse`: offset of the registration in the same file. */
export function roleDeclarationEdit(text: string, fn: Func, role: string, firstUse: number | undefined): Edit | undefined {
  const def = fn.def;
  if (!def) return undefined;
  const member = def.decl.scope.at(-1)?.kind === 'class';
  if (member) return undefined;
  if (fn.qualified !== fn.name && !insideNamespace(def)) return undefined;
  const storage = def.decl.isStatic ? 'static ' : '';
  if (firstUse === undefined || firstUse > def.decl.start) return aboveDefinition(text, def, `${storage}${role} ${fn.name};`);
  const cLinkage = def.decl.externC && def.file.language === 'cpp' ? 'extern "C" ' : '';
  if (def.decl.scope.length > 0) return undefined;
  const at = afterIncludes(text, def.file);
  if (at === undefined) return undefined;
  return { file: def.file.path, start: at, end: at, text: `${cLinkage}${storage}${role} ${fn.name};${lineEnd(text, at)}` };
}

/** The definition is written inside its namespace, not as `Ns::F`. */
function insideNamespace(def: Placed<FunctionDecl>): boolean {
  return def.decl.nameEnd - def.decl.nameStart === def.decl.name.length && def.decl.scope.every((s) => s.kind === 'namespace' && s.name !== '');
}

function aboveDefinition(text: string, def: Placed<FunctionDecl>, declaration: string): Edit {
  let at = headStart(text, def.decl);
  const prefix = linkage.exec(text.slice(Math.max(0, at - 400), at));
  const lead = prefix && !/template/.test(prefix[0]) ? 'extern "C" ' : '';
  if (prefix) at -= prefix[0].length;
  const externC = def.decl.annotations.find((a) => a.name === 'EXTERN_C' && a.end <= at && onlyBlank(text, a.end, at));
  if (externC) at = externC.start;
  const indent = indentation(text, at);
  const start = aboveComment(text, lineStart(text, at));
  const eol = lineEnd(text, start);
  return { file: def.file.path, start, end: start, text: `${indent}${externC ? 'EXTERN_C ' : lead}${declaration}${eol}${eol}` };
}

/** Start of the comment that ends on the line above, so that a declaration does not come between it and its function. */
function aboveComment(text: string, at: number): number {
  let start = at;
  for (;;) {
    const above = text.slice(0, start);
    const block = /(?:^|\n)[ \t]*\/\*(?:(?!\*\/)[\s\S])*\*\/[ \t]*\r?\n$/.exec(above);
    const line = /(?:^|\n)[ \t]*\/\/[^\n]*\r?\n$/.exec(above);
    const found = line ?? block;
    if (!found) return start;
    start = found.index + (found[0].startsWith('\n') ? 1 : 0);
    if (start === 0) return at;
  }
}

/** Start of the line after the last include of the file's head, outside of `#if` and braces; undefined when there is no include. */
function afterIncludes(text: string, file: FileFacts): number | undefined {
  const firstBody = Math.min(...file.functions.filter((f) => f.isDefinition).map((f) => f.start), text.length);
  const last = file.includes.filter((i) => i.start < firstBody).at(-1);
  if (!last) return undefined;
  let at = nextLine(text, last.end);
  const depth = nesting(text.slice(0, at));
  while ((depth.braces > 0 || depth.conditionals > 0) && at < firstBody) {
    const end = nextLine(text, at);
    if (end === at) return undefined;
    const line = nesting(text.slice(at, end));
    depth.braces += line.braces;
    depth.conditionals += line.conditionals;
    at = end;
  }
  return depth.braces > 0 || depth.conditionals > 0 || at > firstBody ? undefined : at;
}

function nextLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
}

function nesting(text: string): { braces: number; conditionals: number } {
  const bare = text.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)+'/g, ' ');
  const count = (pattern: RegExp): number => bare.match(pattern)?.length ?? 0;
  return { braces: count(/\{/g) - count(/\}/g), conditionals: count(/^[ \t]*#[ \t]*if/gm) - count(/^[ \t]*#[ \t]*endif/gm) };
}

/** Replaces the prototype of a class member by its declaration through the role type. */
export function memberDeclarationEdit(text: string, fn: Func, role: string): Edit | undefined {
  const proto = fn.decls.find((d) => !d.decl.isDefinition && d.decl.viaTypedef === undefined && d.decl.scope.at(-1)?.kind === 'class');
  if (!proto || !proto.decl.isStatic) return undefined;
  const start = proto.decl.start;
  const semicolon = text.indexOf(';', Math.max(start, proto.decl.nameEnd));
  if (semicolon < 0) return undefined;
  return { file: proto.file.path, start, end: semicolon + 1, text: `static ${role} ${fn.name};` };
}
