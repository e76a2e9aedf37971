// Runs of words in a declaration: of `A B *C foo` at most one is the type and one the name, whatever else stands there is a
// decoration nobody told us about. Works without knowing types: keywords, known types, stars and the order decide.

import { Punct, TokenKind } from '../lex/tokens.js';
import type { Code } from './code.js';
import { interfaceWord } from './com-macros.js';
import { Word, W } from './words.js';

/** What a run ended with, and where. */
export interface Run {
  /** Index of the first token behind the run. */
  end: number;
  /** Names in order: first and last token of each (qualified names and template arguments are one). */
  names: { first: number; last: number; afterStar: boolean }[];
  /** A basic type, a struct/union/enum/class specifier or `auto`. */
  hasType: boolean;
  hasStar: boolean;
  /** Index of a `{` that opens the body of a record or enum specifier in the run, else -1. */
  body: number;
  /** Index of the record word of that specifier. */
  record: number;
  /** Index of the `operator` word, else -1. */
  operator: number;
}

/** Reads words, stars and qualified names from `from` on until something else comes. */
export function readRun(code: Code, from: number, to: number): Run {
  const run: Run = { end: from, names: [], hasType: false, hasStar: false, body: -1, record: -1, operator: -1 };
  let i = from;
  while (i < to) {
    const kind = code.kinds[i];
    if (kind === 0) { i++; continue; }
    if (kind === TokenKind.Punct) {
      const id = code.ids[i];
      if (id === Punct.Star || id === Punct.Amp || id === Punct.AndAnd || id === Punct.Caret) { run.hasStar = true; i++; continue; }
      if (id === Punct.Scope) { i++; continue; }
      if (id === Punct.Tilde && code.isPlainName(i + 1)) { i = addName(code, run, i, i + 1, to); continue; }
      break;
    }
    if (kind !== TokenKind.Name) break;
    if (code.is(i, W.interface) || code.is(i, W.__interface)) interfaceWord(code, i);
    const word = code.word(i);
    if (word & Word.Record) { i = recordSpecifier(code, run, i, to); continue; }
    if (word & Word.Type) { run.hasType = true; i++; continue; }
    if (word & Word.Storage) { i = storage(code, run, i, to); continue; }
    if (code.is(i, W.operator)) { run.operator = i; i = skipOperator(code, i, to); break; }
    if (code.is(i, W.decltype)) { run.hasType = true; i = code.isPunct(i + 1, Punct.LParen) ? code.skip(i + 1, to) : i + 1; continue; }
    if (word & Word.Declaration && code.is(i, W.typedef)) { i++; continue; }
    if (word & (Word.Statement | Word.Expression | Word.Declaration)) break;
    i = addName(code, run, i, i, to);
  }
  run.end = i;
  return run;
}

function storage(code: Code, run: Run, i: number, to: number): number {
  if (code.is(i, W.auto) && code.language === 'cpp') run.hasType = true;
  if ((code.is(i, W.noexcept)) && code.isPunct(i + 1, Punct.LParen)) return code.skip(i + 1, to);
  return i + 1;
}

/** Takes a name with its qualification and template arguments as one. */
function addName(code: Code, run: Run, first: number, at: number, to: number): number {
  let last = at;
  for (;;) {
    if (code.language === 'cpp' && code.isPunct(last + 1, Punct.Less)) {
      const close = matchAngle(code, last + 1, to);
      if (close > 0) last = close;
    }
    if (!code.isPunct(last + 1, Punct.Scope)) break;
    let next = last + 2;
    if (code.isPunct(next, Punct.Tilde)) next++;
    if (code.is(next, W.operator)) {
      run.operator = next;
      run.names.push({ first, last, afterStar: run.hasStar });
      return skipOperator(code, next, to);
    }
    if (!code.isName(next) || next >= to) break;
    last = next;
  }
  run.names.push({ first, last, afterStar: run.hasStar });
  return last + 1;
}

/** `operator` and what names it, up to its parameter list. */
function skipOperator(code: Code, i: number, to: number): number {
  let n = i + 1;
  if (code.isPunct(n, Punct.LParen)) return code.skip(n, to);
  while (n < to && !code.isPunct(n, Punct.LParen) && !code.isPunct(n, Punct.Semi) && !code.isPunct(n, Punct.LBrace)) n++;
  return n;
}

/** A struct, union, enum or class specifier; stops before its body, which the caller reads. */
function recordSpecifier(code: Code, run: Run, i: number, to: number): number {
  run.hasType = true;
  let n = i + 1;
  if (code.is(n, W.class) || code.is(n, idStruct)) n++;
  const names: number[] = [];
  while (n < to) {
    if (code.kinds[n] === 0) n++;
    else if (code.isPlainName(n)) {
      names.push(n++);
      if (code.language === 'cpp' && code.isPunct(n, Punct.Less)) {
        const close = matchAngle(code, n, to);
        if (close > 0) n = close + 1;
      }
      while (code.isPunct(n, Punct.Scope) && code.isName(n + 1)) n += 2;
      if (code.isPunct(n, Punct.LParen) && bodyFollows(code, code.skip(n, to), to, names.length === 1)) {
        // `struct ALIGN(16) X {`: a decoration with arguments.
        const name = names.pop() as number;
        const close = code.partner[n];
        code.dropDecoration(name, close);
        n = close + 1;
      }
    } else if (code.is(n, W.final)) n++;
    else break;
  }
  const body = bodyAt(code, n, to);
  if (body < 0) {
    // No body: the first name is the tag, what follows belongs to the declarators.
    return names.length > 0 ? qualifiedEnd(code, names[0], to) : n;
  }
  for (const name of names.slice(0, -1)) if (!code.isPunct(name + 1, Punct.Scope)) code.dropDecoration(name);
  run.body = body;
  run.record = i;
  return body;
}

const idStruct = W.struct;

function qualifiedEnd(code: Code, name: number, to: number): number {
  let n = name + 1;
  for (;;) {
    if (code.language === 'cpp' && code.isPunct(n, Punct.Less)) {
      const close = matchAngle(code, n, to);
      if (close > 0) n = close + 1;
    }
    if (code.isPunct(n, Punct.Scope) && code.isName(n + 1)) n += 2;
    else return n;
  }
}

/** From behind a decoration's arguments: name(s), then a body or bases. */
function bodyFollows(code: Code, from: number, to: number, anonymous: boolean): boolean {
  let n = code.next(from);
  if (code.isPunct(n, Punct.LBrace)) return anonymous;
  if (!code.isName(n)) return false;
  while (n < to && code.isName(n)) n = code.next(n + 1);
  return bodyAt(code, n, to) >= 0;
}

/** Index of the `{` of a record's body at or behind bases or an underlying type, else -1. */
function bodyAt(code: Code, from: number, to: number): number {
  let n = code.next(from);
  if (code.isPunct(n, Punct.LBrace)) return n;
  if (!code.isPunct(n, Punct.Colon)) return -1;
  for (n++; n < to; n++) {
    if (code.kinds[n] === 0 || code.isName(n) || code.isPunct(n, Punct.Scope) || code.isPunct(n, Punct.Comma) || code.isPunct(n, Punct.Ellipsis)) continue;
    if (code.isPunct(n, Punct.Less)) {
      const close = matchAngle(code, n, to);
      if (close < 0) return -1;
      n = close;
    } else return code.isPunct(n, Punct.LBrace) ? n : -1;
  }
  return -1;
}

/** Index of the `>` that closes a template argument list, -1 when it does not look like one. A `>>` closes two. */
export function matchAngle(code: Code, open: number, to: number): number {
  let depth = 0;
  const limit = Math.min(to, open + 400);
  for (let i = open; i < limit; i++) {
    if (code.kinds[i] !== TokenKind.Punct) continue;
    const id = code.ids[i];
    if (id === Punct.Less) depth++;
    else if (id === Punct.Greater) { if (--depth === 0) return i; }
    else if (id === Punct.ShiftRight) { depth -= 2; if (depth <= 0) return i; }
    else if (id === Punct.LParen || id === Punct.LBracket || id === Punct.LBrace) {
      if (code.partner[i] < i) return -1;
      i = code.partner[i];
    } else if (id === Punct.Semi || id === Punct.RBrace || id === Punct.RParen || id === Punct.RBracket || id === Punct.Operator || id === Punct.AndAnd) return -1;
  }
  return -1;
}

/** Takes the decorations out of a run. `named`: its last name is the one declared. */
export function cleanRun(code: Code, run: Run, named: boolean): void {
  const names = named && run.operator < 0 ? run.names.slice(0, -1) : run.names;
  const declared = named && run.operator < 0 ? run.names[run.names.length - 1] : undefined;
  if (names.length === 0 || (run.operator >= 0 && !run.hasType && names.length < 3)) return;
  if (run.hasType) {
    dropAll(code, names);
    return;
  }
  const before = names.filter((name) => !name.afterStar);
  const after = names.filter((name) => name.afterStar);
  if (declared && !declared.afterStar && after.length > 0) return;
  dropAll(code, after);
  if (before.length > 1) {
    const type = likeliestType(code, before);
    dropAll(code, before.filter((name) => name !== type));
  }
}

/** Names that decorate rather than name a type, by what decorations of public drivers are called. */
const DECORATION_NAME = /ALIGN|INLINE|EXPORT|IMPORT|API$|API_|_CALL$|CALLTYPE|CALLCONV|PACKED|_PACK|_SEG(?:_|$)|SECTION|ATTRIB|EXTERN|DECLSPEC|NORETURN|PAGED|LOCKED|HINT|CONVENTION|DEPRECATED|NOTHROW|NO_?EXCEPT|PUBLIC|PRIVATE|STATIC|_LDATA$|VOLATILE|RESTRICT|^__/;
/** Names that are types, function types above all. */
const TYPE_NAME = /_ROUTINE$|_DISPATCH$|_CALLBACK$|_HANDLER$|_FUNCTION$|_t$|^EVT_|^DRIVER_|^PFN|^NDIS_|^K[A-Z]+_/;

/** Of several names before the declared one the last that looks most like a type. */
function likeliestType(code: Code, names: Run['names']): Run['names'][number] {
  let best = names[0];
  let bestRank = -1;
  for (const name of names) {
    const text = code.name(name.last);
    let rank = 1;
    if (code.word(name.first) & Word.KnownType) rank = 4;
    else if (name.last > name.first) rank = 3;
    else if (DECORATION_NAME.test(text)) rank = 0;
    else if (TYPE_NAME.test(text)) rank = 2;
    if (rank >= bestRank) {
      best = name;
      bestRank = rank;
    }
  }
  return best;
}

function dropAll(code: Code, names: Run['names']): void {
  for (const name of names) {
    // Qualified names are types, not decorations.
    if (name.last === name.first && !code.isPunct(name.last + 1, Punct.Scope)) code.dropDecoration(name.first);
  }
}
