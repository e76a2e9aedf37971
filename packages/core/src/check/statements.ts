// Which statement of a function body an offset belongs to, for identities and for suppressions of "the next line". A compound
// statement counts with its head only: `if (c)` without the branches.

import type { FileFacts, FunctionDecl } from '../model/facts.js';
import type { Stmt } from '../model/stmt.js';
import { stmtParts } from '../model/walk.js';
import type { Range } from '../source/range.js';

/** Statements directly inside `s`. */
function nestedStatements(s: Stmt): Stmt[] {
  return stmtParts(s).flatMap((part) => (part.k === 's' ? [part.s] : []));
}

/** End of the part of a statement that is its own: all of a simple statement, the condition of a compound one. */
function headEnd(s: Stmt): number {
  switch (s.k) {
    case 'if': case 'while': case 'switch': return s.c.end;
    case 'for': return (s.update ?? s.c ?? s.init)?.end ?? s.body.start;
    case 'rangefor': return s.range.end;
    case 'block': case 'do': case 'seh': case 'try': case 'case': case 'label': return s.start;
    default: return s.end;
  }
}

/** The innermost function definition (or else declaration) whose range holds `offset`. */
export function functionAt(file: FileFacts, offset: number): FunctionDecl | undefined {
  let best: FunctionDecl | undefined;
  for (const fn of file.functions) {
    if (offset < fn.start || offset >= Math.max(fn.end, fn.body?.end ?? 0)) continue;
    if (!best || fn.start >= best.start) best = fn;
  }
  return best;
}

/** Range of the statement head that holds `offset`, inside the body of `fn`. */
export function statementAt(fn: FunctionDecl, offset: number): Range | undefined {
  let list: readonly Stmt[] = fn.body?.stmts ?? [];
  let found: Range | undefined;
  for (;;) {
    const inside = list.find((s) => offset >= s.start && offset < s.end);
    if (!inside) return found;
    const end = headEnd(inside);
    found = offset < end ? { start: inside.start, end } : undefined;
    list = nestedStatements(inside);
    if (list.length === 0) return found;
  }
}

/** Largest end of the statement heads and declaration heads that begin in [from, to): what a suppression of that line covers. */
export function constructEnd(file: FileFacts, from: number, to: number): number {
  let end = to;
  const begins = (r: Range): boolean => r.start >= from && r.start < to;
  for (const fn of file.functions) {
    if (begins(fn)) end = Math.max(end, fn.body ? fn.body.start + 1 : fn.end);
    if (fn.body && fn.body.start < to && fn.body.end > from) end = Math.max(end, statementsEnd(fn.body.stmts, from, to));
  }
  for (const declaration of [...file.variables, ...file.typedefs]) if (begins(declaration)) end = Math.max(end, declaration.end);
  return end;
}

function statementsEnd(list: readonly Stmt[], from: number, to: number): number {
  let end = to;
  const open: Stmt[] = [...list];
  for (let s = open.pop(); s; s = open.pop()) {
    if (s.start >= to || s.end <= from) continue;
    if (s.start >= from) end = Math.max(end, headEnd(s));
    open.push(...nestedStatements(s));
  }
  return end;
}
