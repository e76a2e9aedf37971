// Declarations at file, namespace and class scope, and local ones: finds functions and their bodies, blanks what is no part of
// the grammars (unknown decorations, macro uses at file scope) and hands bodies and initialisers on.

import { Punct, TokenKind } from '../lex/tokens.js';
import { replaceUnbalanced } from './block-macros.js';
import type { Code } from './code.js';
import { comMacro } from './com-macros.js';
import { cleanPointer, isNameInParentheses, isPointerDeclarator } from './declarators.js';
import { dropPragma } from './expressions.js';
import type { Expressions } from './expressions.js';
import { fileMacro } from './file-macros.js';
import { cleanParams } from './parameters.js';
import { cleanRun, matchAngle, readRun } from './runs.js';
import type { Run } from './runs.js';
import { Word, W } from './words.js';

/** Where declarations stand. */
export type ScopeKind = 'file' | 'class' | 'local';

/** What declarations need of the statement reader. */
export interface BodyReader {
  readonly expressions: Expressions;
  block(from: number, to: number): void;
}

export class Declarations {
  constructor(private readonly code: Code, private readonly bodies: () => BodyReader) {}

  /** All declarations of a scope, braces not included. `className` is the class's own name. */
  scope(from: number, to: number, kind: ScopeKind, className = 0): void {
    let i = from;
    while (i < to) {
      const next = this.declaration(i, to, kind, className);
      i = next > i ? next : i + 1;
    }
  }

  /** One declaration inside a function body. */
  local(i: number, to: number): number {
    return this.declaration(i, to, 'local', 0);
  }

  private declaration(start: number, to: number, kind: ScopeKind, className: number): number {
    const { code } = this;
    const i = this.lead(start, to, kind, className);
    if (i < 0) return -i;
    if (i >= to) return to;
    if (code.kinds[i] === TokenKind.Punct && !code.isPunct(i, Punct.Tilde) && !code.isPunct(i, Punct.Scope) && !code.isPunct(i, Punct.LParen)) return this.stray(i, to, kind, className);
    if (code.isPlainName(i) && kind !== 'local') {
      const end = this.named(i, to, kind, className);
      if (end !== i) return end;
    }
    return this.declarators(i, to, kind, className);
  }

  /** A punctuator where a declaration should begin. */
  private stray(i: number, to: number, kind: ScopeKind, className: number): number {
    const { code } = this;
    if (!code.isPunct(i, Punct.LBrace)) return i + 1;
    const end = code.skip(i, to);
    this.scope(i + 1, end - 1, kind, className);
    return end;
  }

  /** What stands before a declaration proper: attributes, templates, access labels, `extern "C"`, namespaces. Negative: all of it was read, up to that index. */
  private lead(start: number, to: number, kind: ScopeKind, className: number): number {
    const { code } = this;
    let i = start;
    for (;;) {
      i = code.next(i);
      if (i >= to) return to;
      if (code.isPunct(i, Punct.LBracket) && code.isPunct(i + 1, Punct.LBracket) && code.partner[i] > i) {
        // `[[nodiscard]]`
        i = code.skip(i, to);
        continue;
      }
      if (!code.isName(i)) return i;
      const id = code.ids[i];
      const word = code.word(i);
      if (id === W.__pragma || id === W._Pragma) i = dropPragma(code, i, to);
      else if (word & Word.Declaration && code.language === 'cpp' && id === W.template) i = this.template(i, to);
      else if (word & Word.Declaration && (id === W.public || id === W.private || id === W.protected)) i = code.isPunct(i + 1, Punct.Colon) ? i + 2 : i + 1;
      else if (id === W.extern && code.isString(i + 1)) {
        if (code.isPunct(i + 2, Punct.LBrace)) return -this.block(i + 2, to, kind, className);
        i += 2;
      } else if (word & Word.Declaration && id === W.namespace) return -this.namespace(i, to);
      else if (word & Word.Declaration && (id === W.using || id === W.static_assert)) return -this.toSemicolon(i, to);
      else {
        const after = comMacro(code, i, to);
        if (after === i) return i;
        i = after;
      }
    }
  }

  private template(i: number, to: number): number {
    const { code } = this;
    if (!code.isPunct(i + 1, Punct.Less)) return i + 1;
    const close = matchAngle(code, i + 1, to);
    return close < 0 ? i + 2 : close + 1;
  }

  private block(open: number, to: number, kind: ScopeKind, className: number): number {
    const end = this.code.skip(open, to);
    this.scope(open + 1, end - 1, kind, className);
    return end;
  }

  private namespace(i: number, to: number): number {
    const { code } = this;
    for (let n = i + 1; n < to; n++) {
      if (code.isPunct(n, Punct.LBrace)) return this.block(n, to, 'file', 0);
      if (code.isPunct(n, Punct.Semi)) return n + 1;
    }
    return to;
  }

  private toSemicolon(i: number, to: number): number {
    const { code } = this;
    let n = code.is(i, W.using) ? this.aliasedType(i, to) : i;
    while (n < to && !code.isPunct(n, Punct.Semi)) n = this.bodies().expressions.step(n, to);
    return Math.min(n + 1, to);
  }

  /** `using NAME = TYPE (PARAMETERS);`: a function type or a pointer to one. Gives where it ends, or `i` for any other type. */
  private aliasedType(i: number, to: number): number {
    const { code } = this;
    const assign = code.next(i + 2);
    if (!code.isPlainName(i + 1) || !code.isPunct(assign, Punct.Assign)) return i;
    const run = readRun(code, assign + 1, to);
    const open = run.end;
    const close = open < to && code.isPunct(open, Punct.LParen) ? code.partner[open] : -1;
    if (close < 0 || close >= to || run.names.length + Number(run.hasType) === 0) return i;
    const isPointer = isPointerDeclarator(code, open, close);
    const list = isPointer ? code.next(close + 1) : open;
    if (!code.isPunct(list, Punct.LParen) || code.partner[list] < 0 || code.partner[list] >= to) return i;
    cleanRun(code, run, false);
    if (isPointer) cleanPointer(code, open, close);
    cleanParams(code, list, code.partner[list], this.bodies().expressions);
    return code.partner[list] + 1;
  }

  /** A declaration that begins with a name: macro uses and decorations on their own. Gives `i` when it is neither. */
  private named(i: number, to: number, kind: ScopeKind, className: number): number {
    const { code } = this;
    if (code.macro(i)) {
      const end = replaceUnbalanced(code, i, to);
      if (end > 0) return end;
    }
    if (code.isPunct(i + 1, Punct.LParen)) {
      if (kind === 'class' && code.ids[i] === className) return i;
      return fileMacro(code, i, to, kind === 'class', this.bodies().expressions);
    }
    const next = code.next(i + 1);
    if (next < to && code.isName(next) && this.beginsDeclaration(next)) {
      code.dropDecoration(i);
      return next;
    }
    return i;
  }

  /** A word that cannot follow a type. */
  private beginsDeclaration(i: number): boolean {
    const { code } = this;
    const word = code.word(i);
    if (word & (Word.Record | Word.Declaration) || word & Word.Type) return true;
    return (word & Word.Storage) !== 0 && this.storageFirst(i);
  }

  /** `NAME static TYPE name`: a decoration; of `TYPE inline name(` the name is the type. */
  private storageFirst(i: number): boolean {
    const { code } = this;
    let n = i;
    while (code.word(n) & Word.Storage) n = code.next(n + 1);
    return code.word(n) & (Word.Type | Word.Record) ? true : code.isPlainName(n) && (code.isPlainName(n + 1) || (code.isPunct(n + 1, Punct.Star) && code.isPlainName(n + 2)));
  }

  /** A declaration's words, then its declarators up to the semicolon or the end of a function body. */
  private declarators(i: number, to: number, kind: ScopeKind, className: number): number {
    const { code } = this;
    const run = readRun(code, i, to);
    if (run.body >= 0) return this.afterRecord(run, to, kind);
    const end = run.end;
    if (end >= to) {
      if (kind === 'local') code.insertAfter(code.previous(to - 1), Punct.Semi);
      return to;
    }
    if (code.isPunct(end, Punct.LParen)) return this.parenthesis(run, to, kind, className);
    cleanRun(code, run, run.names.length > 0);
    if (code.isPunct(end, Punct.LBrace) && kind !== 'local' && !run.hasType && run.names.length > 0 && code.language === 'c') return this.block(end, to, kind, 0);
    if (end === i && !code.isPunct(end, Punct.Assign) && !code.isPunct(end, Punct.LBracket)) return this.other(i, to, kind);
    return this.rest(end, to, kind);
  }

  /** Neither words nor brackets: read on as an expression. */
  private other(i: number, to: number, kind: ScopeKind): number {
    const { code } = this;
    if (kind === 'local' || code.isPunct(i, Punct.Scope)) return this.rest(i, to, kind);
    return code.isPunct(i, Punct.LBrace) ? this.block(i, to, kind, 0) : this.rest(i, to, kind);
  }

  /** Behind the head of a struct, union, enum or class with a body. */
  private afterRecord(run: Run, to: number, kind: ScopeKind): number {
    const { code } = this;
    const open = run.body;
    const end = code.skip(open, to);
    const isEnum = code.is(run.record, W.enum);
    if (isEnum) {
      this.underlyingType(run.record, open);
      this.bodies().expressions.region(open + 1, end - 1);
    } else this.scope(open + 1, end - 1, 'class', this.classNameOf(run.record, open));

    const tail = readRun(code, end, to);
    if (tail.end < to && code.isPunct(tail.end, Punct.LParen) && tail.names.length > 0) return this.parenthesis({ ...tail, hasType: true }, to, kind);
    cleanRun(code, { ...tail, hasType: false, names: tail.names.map((name) => ({ ...name, afterStar: true })) }, tail.names.length > 0);
    return this.rest(tail.end, to, kind);
  }

  /** C's grammar knows only basic types there. */
  private underlyingType(record: number, open: number): void {
    const { code } = this;
    if (code.language !== 'c') return;
    for (let n = record; n < open; n++) if (code.isPunct(n, Punct.Colon)) {
      code.drop(n, open - 1);
      return;
    }
  }

  private classNameOf(record: number, open: number): number {
    const { code } = this;
    let name = 0;
    for (let n = record + 1; n < open; n++) {
      if (code.isPunct(n, Punct.Colon) || code.isPunct(n, Punct.Less)) break;
      if (code.isPlainName(n)) name = code.ids[n];
    }
    return name;
  }

  /** The run was followed by `(`: a function, or a declarator in parentheses. */
  private parenthesis(run: Run, to: number, kind: ScopeKind, className = 0): number {
    const { code } = this;
    const open = run.end;
    const close = code.partner[open];
    if (close < 0 || close >= to) return this.rest(open, to, kind);
    const isPointer = isPointerDeclarator(code, open, close);
    const isFunctionType = !isPointer && kind !== 'local' && isNameInParentheses(code, run, open, close);
    const named = !isPointer && !isFunctionType && run.names.length > 0 && code.previous(open - 1) === run.names[run.names.length - 1].last;
    if (named && code.language === 'cpp') this.constructorHead(run, kind, className);
    cleanRun(code, run, named);
    if (isPointer || isFunctionType) return this.pointerDeclarator(open, close, to, kind);
    if (kind === 'local' && !this.isPrototype(run, named, open)) return this.rest(open, to, kind);
    if (kind !== 'local' && this.isMacroCall(open, close)) {
      for (const name of run.names.slice(0, -1)) if (code.kinds[name.first] !== 0) code.dropDecoration(name.first, name.last);
      code.dropUse(open - 1, close);
      return close + 1;
    }
    cleanParams(code, open, close, this.bodies().expressions);
    return this.afterParams(close + 1, to, kind);
  }

  /** `NAME NAME2(L"text")` without a semicolon or body behind it: no parameter list begins with a constant. */
  private isMacroCall(open: number, close: number): boolean {
    const { code } = this;
    const first = code.next(open + 1);
    if (first >= close || (code.kinds[first] !== TokenKind.String && code.kinds[first] !== TokenKind.Number) || !code.isPlainName(open - 1)) return false;
    const next = code.next(close + 1);
    return code.isName(next) || code.isPunct(next, Punct.RBrace) || next >= code.count;
  }

  /** Constructors and destructors have no type: every name before theirs is a decoration. A member defined in its class needs no qualification. */
  private constructorHead(run: Run, kind: ScopeKind, className: number): void {
    const { code } = this;
    const own = run.names[run.names.length - 1];
    if (kind === 'class' && own.last > own.first && code.ids[own.first] === className && code.isPunct(own.first + 1, Punct.Scope)) {
      code.drop(own.first, own.first + 1);
      own.first += 2;
    }
    const isSpecial = code.isPunct(own.last - 1, Punct.Tilde) || (kind === 'class' && code.ids[own.last] === className)
      || (code.isPunct(own.last - 1, Punct.Scope) && code.ids[own.last] === code.ids[own.last - 2] && code.isName(own.last - 2));
    if (isSpecial) run.hasType = true;
  }

  /** In a body, C++ writes variables like prototypes: those have a type before the first comma. */
  private isPrototype(run: Run, named: boolean, open: number): boolean {
    const { code } = this;
    if (!named || (run.names.length < 2 && !run.hasType)) return false;
    if (code.language === 'c') return true;
    const first = code.next(open + 1);
    return (code.word(first) & (Word.Type | Word.Record | Word.Storage)) !== 0 || (code.isPlainName(first) && code.isPlainName(code.next(first + 1)));
  }

  private pointerDeclarator(open: number, close: number, to: number, kind: ScopeKind): number {
    const { code } = this;
    cleanPointer(code, open, close);
    const next = code.next(close + 1);
    if (code.isPunct(next, Punct.LParen) && code.partner[next] > 0) {
      cleanParams(code, next, code.partner[next], this.bodies().expressions);
      return this.afterParams(code.partner[next] + 1, to, kind);
    }
    return this.rest(next, to, kind);
  }

  /** Behind a parameter list: qualifiers, decorations, constructor initialisers, K&R declarations, the body. */
  private afterParams(from: number, to: number, kind: ScopeKind): number {
    const { code } = this;
    let i = from;
    while (i < to) {
      if (code.kinds[i] === 0) { i++; continue; }
      if (code.isPunct(i, Punct.LBrace)) return this.functionBody(i, to);
      if (code.isPunct(i, Punct.Colon) && code.language === 'cpp') return this.initializers(i + 1, to, kind);
      if (code.isPunct(i, Punct.Arrow)) { i = readRun(code, i + 1, to).end; continue; }
      if (!code.isName(i)) return this.rest(i, to, kind);
      i = this.trailer(i, to);
      if (i < 0) return this.oldStyle(-i, to, kind);
    }
    return to;
  }

  /** One word behind a parameter list; negative: K&R declarations begin there. */
  private trailer(i: number, to: number): number {
    const { code } = this;
    const word = code.word(i);
    const next = code.next(i + 1);
    if (code.language === 'c' && (word & (Word.Type | Word.Storage | Word.Record) || (code.isPlainName(i) && (code.isName(next) || code.isPunct(next, Punct.Star))))) {
      if (this.isOldStyle(i, to)) return -i;
    }
    if (code.is(i, W.try)) {
      code.drop(i);
      return i + 1;
    }
    if (code.is(i, W.PURE)) {
      if (code.language === 'cpp') code.substitute(i, i, '= 0');
      else code.drop(i);
      return i + 1;
    }
    if (word & (Word.Storage | Word.Expression | Word.Statement)) return code.isPunct(next, Punct.LParen) ? code.skip(next, to) : i + 1;
    const end = code.isPunct(next, Punct.LParen) ? code.skip(next, to) : i + 1;
    code.dropDecoration(i, end - 1);
    return end;
  }

  /** Declarations up to a `{` behind a parameter list of names. */
  private isOldStyle(i: number, to: number): boolean {
    const { code } = this;
    let last = -1;
    for (let n = i; n < to && n < i + 300; n++) {
      if (code.isPunct(n, Punct.LBrace)) return last > 0 && code.next(last + 1) === n;
      if (code.isPunct(n, Punct.Semi)) last = n;
      else if (code.isPunct(n, Punct.RBrace) || code.isPunct(n, Punct.Assign)) return false;
      else if (code.isPunct(n, Punct.LParen)) n = Math.max(n, code.partner[n]);
    }
    return false;
  }

  private oldStyle(i: number, to: number, kind: ScopeKind): number {
    const { code } = this;
    let n = i;
    while (n < to && !code.isPunct(n, Punct.LBrace)) n = this.declaration(n, to, 'local', 0);
    return n < to ? this.functionBody(n, to) : this.rest(n, to, kind);
  }

  /** `: a(x), b{y} {`. */
  private initializers(from: number, to: number, kind: ScopeKind): number {
    const { code } = this;
    const { expressions } = this.bodies();
    let i = from;
    while (i < to) {
      const run = readRun(code, i, to);
      i = code.next(run.end);
      if (i >= to || run.names.length === 0) break;
      if (code.isPunct(i, Punct.LParen)) {
        expressions.region(i + 1, code.skip(i, to) - 1);
        i = code.skip(i, to);
      } else if (code.isPunct(i, Punct.LBrace)) i = expressions.brace(i, to);
      i = code.next(i);
      if (code.isPunct(i, Punct.Ellipsis)) i++;
      if (code.isPunct(i, Punct.LBrace)) return this.functionBody(i, to);
      if (!code.isPunct(i, Punct.Comma)) break;
      i++;
    }
    return code.isPunct(i, Punct.LBrace) ? this.functionBody(i, to) : this.rest(i, to, kind);
  }

  private functionBody(open: number, to: number): number {
    const { code } = this;
    const end = code.skip(open, to);
    this.bodies().block(open + 1, end - 1);
    let i = end;
    // Function try blocks: their `try` is gone, the handlers go too.
    while (code.language === 'cpp' && code.is(code.next(i), W.catch) && code.isPunct(code.next(i) + 1, Punct.LParen)) {
      const body = code.next(code.skip(code.next(i) + 1, to));
      if (!code.isPunct(body, Punct.LBrace)) break;
      const handler = code.next(i);
      i = code.skip(body, to);
      code.drop(handler, i - 1);
    }
    return i;
  }

  /** Initialisers and further declarators up to the semicolon. */
  private rest(from: number, to: number, kind: ScopeKind): number {
    const { code } = this;
    const { expressions } = this.bodies();
    let i = from;
    while (i < to) {
      if (code.isPunct(i, Punct.Semi)) return i + 1;
      if (code.isName(i) && kind === 'local' && code.word(i) & Word.Statement && i > from && !code.is(i, W.throw)) {
        code.insertAfter(code.previous(i - 1), Punct.Semi);
        return i;
      }
      if (code.isPunct(i, Punct.Comma)) i = this.nextDeclarator(i + 1, to);
      else if (code.isPunct(i, Punct.RBracket)) i++;
      else {
        const end = expressions.step(i, to);
        if (code.isPunct(i, Punct.LBracket)) this.trailingDecoration(end, to);
        i = end;
      }
    }
    if (kind === 'local' && from < to) code.insertAfter(code.previous(to - 1), Punct.Semi);
    return to;
  }

  private nextDeclarator(i: number, to: number): number {
    const { code } = this;
    const run = readRun(code, i, to);
    if (run.end === i) return i;
    cleanRun(code, { ...run, names: run.names.map((name) => ({ ...name, afterStar: true })) }, true);
    return run.end;
  }

  /** `TYPE name[3] DECORATION;` */
  private trailingDecoration(i: number, to: number): void {
    const { code } = this;
    const at = code.next(i);
    if (at < to && code.isPlainName(at) && (code.isPunct(code.next(at + 1), Punct.Semi) || code.isPunct(code.next(at + 1), Punct.Assign))) code.dropDecoration(at);
  }
}
