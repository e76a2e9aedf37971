// Statements from their tokens.

import { FieldName, NodeType } from '../node-types.js';
import { DeclarationReader } from './declarations.js';
import { MAX_NESTING } from './expressions.js';
import { FAIL } from './nodes.js';
import { S } from './symbols.js';

const N = NodeType;
const F = FieldName;

export abstract class StatementReader extends DeclarationReader {
  protected compound(): number {
    const first = this.t++;
    const from = this.count;
    if (++this.nesting > MAX_NESTING) return FAIL;
    while (this.sym[this.t] !== S.RBrace) if (this.blockItem() === FAIL) return FAIL;
    this.nesting--;
    this.t++;
    return this.node(N.compound_statement, first, from);
  }

  private blockItem(): number {
    const next = this.sym[this.t];
    if (next === S.Case || next === S.Default) return this.caseStatement();
    return this.statementOrDeclaration(true);
  }

  /** `records`: a structure may be declared here by itself. */
  private statementOrDeclaration(records: boolean): number {
    switch (this.sym[this.t]) {
      case S.Typedef: return this.typedef();
      case S.Struct: case S.Union: case S.Class: case S.Enum: {
        const node = this.declaration(false);
        return node !== FAIL && !records && this.type[node] !== N.declaration ? FAIL : node;
      }
      case S.Storage: case S.Extern: case S.Qualifier: case S.Sized: case S.Auto:
        return this.sym[this.t + 1] === S.String ? FAIL : this.declaration(false);
      case S.Primitive: return this.sym[this.t + 1] === S.LParen && (this.cpp || this.sym[this.t + 2] !== S.Star) ? FAIL : this.declaration(false);
      case S.Ident: case S.Scope: return this.named();
      default: return this.statement();
    }
  }

  /** What begins with a name: a label, a declaration or an expression. */
  private named(): number {
    let i = this.t;
    if (this.cpp) {
      if (this.sym[i] === S.Scope) i++;
      while (this.sym[i] === S.Ident && this.sym[i + 1] === S.Scope) i += 2;
      if (this.sym[i] !== S.Ident) return FAIL;
    }
    switch (this.sym[i + 1]) {
      case S.Colon: return i === this.t ? this.labeled() : FAIL;
      case S.Ident: case S.Qualifier: return this.declaration(false);
      case S.Star: case S.Amp: case S.AndAnd: return this.pointerOrProduct(i + 1);
      case S.LParen: {
        const after = this.sym[this.closing(i + 1) + 1];
        return after === S.Star || after >= S.Ident ? FAIL : this.expressionStatement();
      }
      case S.Less: return this.cpp && this.isTemplateDeclaration(i + 1) ? this.declaration(false) : FAIL;
      case S.LBrace: case S.String: return FAIL;
      default: return this.expressionStatement();
    }
  }

  /** `a<b, c> d`: nothing but simple types between the angles and a name behind them. */
  private isTemplateDeclaration(open: number): boolean {
    const { sym } = this;
    let i = open + 1;
    while (sym[i] === S.Ident || sym[i] === S.Primitive || sym[i] === S.Comma || sym[i] === S.Scope || sym[i] === S.Star) i++;
    return sym[i] === S.Greater && sym[i + 1] === S.Ident;
  }

  /** `a * b;` declares `b` to the grammars; in C++ `a & b;` too. */
  private pointerOrProduct(t: number): number {
    const { sym } = this;
    let i = t;
    while (sym[i] === S.Star || sym[i] === S.Qualifier || (this.cpp && (sym[i] === S.Amp || sym[i] === S.AndAnd))) i++;
    if (sym[i] !== S.Ident || (!this.cpp && sym[t] !== S.Star)) return FAIL;
    const after = sym[i + 1];
    return after === S.Semi || after === S.Comma || after === S.Assign || after === S.LBracket || after === S.LParen ? this.declaration(false) : FAIL;
  }

  private labeled(): number {
    const first = this.t;
    const from = this.count;
    this.leafAs(N.statement_identifier, F.label);
    this.t++;
    if (++this.nesting > MAX_NESTING) return FAIL;
    const next = this.sym[this.t];
    if (next === S.Case || next === S.Default || next === S.Typedef || this.statementOrDeclaration(false) === FAIL) return FAIL;
    this.nesting--;
    return this.node(N.labeled_statement, first, from);
  }

  /** Every statement up to the next `case` belongs to this one. */
  private caseStatement(): number {
    const first = this.t;
    const from = this.count;
    if (this.sym[this.t++] === S.Case) {
      const value = this.argument();
      if (value === FAIL) return FAIL;
      this.field[value] = F.value;
    }
    if (this.sym[this.t] !== S.Colon) return FAIL;
    this.t++;
    while (this.sym[this.t] !== S.Case && this.sym[this.t] !== S.Default && this.sym[this.t] !== S.RBrace) if (this.statementOrDeclaration(false) === FAIL) return FAIL;
    return this.node(N.case_statement, first, from);
  }

  /** A statement where no declaration may stand. */
  protected statement(): number {
    switch (this.sym[this.t]) {
      case S.LBrace: return this.compound();
      case S.If: return this.ifStatement();
      case S.For: return this.forStatement();
      case S.While: return this.whileStatement();
      case S.Do: return this.doStatement();
      case S.Switch: return this.switchStatement();
      case S.Return: return this.returnStatement(N.return_statement);
      case S.Break: return this.word(N.break_statement);
      case S.Continue: return this.word(N.continue_statement);
      case S.SehLeave: return this.word(N.seh_leave_statement);
      case S.Goto: return this.gotoStatement();
      case S.SehTry: return this.tryStatement();
      case S.Semi: return this.leaf(N.expression_statement);
      case S.Ident: return this.sym[this.t + 1] === S.Colon ? this.labeled() : this.nestedExpression();
      case S.Delete: return this.deleteStatement();
      case S.Throw: return this.returnStatement(N.throw_statement);
      case S.Try: return this.tryCatch();
      // `~A();` declares a destructor to the C++ grammar.
      case S.Tilde: return this.cpp ? FAIL : this.expressionStatement();
      default: return this.expressionStatement();
    }
  }

  /** Behind `if (..)` a declaration is no statement, but what looks like one is not read. */
  private nestedExpression(): number {
    const next = this.sym[this.t + 1];
    if (next === S.Star || next === S.Amp || next === S.AndAnd || next === S.Less || next === S.LBrace || next === S.String || next >= S.Ident) return FAIL;
    return this.expressionStatement();
  }

  protected expressionStatement(): number {
    const first = this.t;
    const from = this.count;
    if (this.comma() === FAIL || this.sym[this.t] !== S.Semi) return FAIL;
    this.t++;
    return this.node(N.expression_statement, first, from);
  }

  /** `break;` and the like. */
  private word(type: number): number {
    const first = this.t++;
    if (this.sym[this.t] !== S.Semi) return FAIL;
    this.t++;
    return this.node(type, first, this.count);
  }

  private gotoStatement(): number {
    const first = this.t++;
    const from = this.count;
    if (this.sym[this.t] !== S.Ident || this.sym[this.t + 1] !== S.Semi) return FAIL;
    this.leafAs(N.statement_identifier, F.label);
    this.t++;
    return this.node(N.goto_statement, first, from);
  }

  private returnStatement(type: number): number {
    const first = this.t++;
    const from = this.count;
    if (this.sym[this.t] !== S.Semi && (this.sym[this.t] === S.LBrace ? (this.cpp ? this.initializerList() : FAIL) : type === N.return_statement ? this.comma() : this.argument()) === FAIL) return FAIL;
    if (this.sym[this.t] !== S.Semi) return FAIL;
    this.t++;
    return this.node(type, first, from);
  }

  /** `delete a;`, `delete[] a;`. */
  private deleteStatement(): number {
    const first = this.t++;
    const from = this.count;
    if (this.sym[this.t] === S.LBracket) {
      if (this.sym[this.t + 1] !== S.RBracket) return FAIL;
      this.t += 2;
    }
    const head = this.sym[this.t];
    if (head !== S.Ident && head !== S.This) return FAIL;
    const value = this.unary();
    if (value === FAIL || this.sym[this.t] !== S.Semi) return FAIL;
    this.node(N.delete_expression, first, from);
    this.t++;
    return this.node(N.expression_statement, first, from);
  }

  /** `(condition)`: one node in C, another one in C++. */
  private condition(): boolean {
    const first = this.t;
    const from = this.count;
    if (this.sym[first] !== S.LParen) return false;
    if (!this.cpp) {
      const node = this.parenthesized();
      if (node === FAIL) return false;
      this.field[node] = F.condition;
      return true;
    }
    this.t++;
    if (this.isDeclarationAhead()) return false;
    const value = this.comma();
    if (value === FAIL || this.sym[this.t] !== S.RParen) return false;
    this.field[value] = F.value;
    this.t++;
    this.field[this.node(N.condition_clause, first, from)] = F.condition;
    return true;
  }

  /** What stands here in parentheses may be a declaration. */
  private isDeclarationAhead(): boolean {
    const { sym, t } = this;
    if (sym[t] !== S.Ident && sym[t] !== S.Scope) return false;
    let i = t;
    if (sym[i] === S.Scope) i++;
    while (sym[i] === S.Ident && sym[i + 1] === S.Scope) i += 2;
    if (sym[i + 1] === S.Ident) return true;
    if (sym[i + 1] !== S.Star && sym[i + 1] !== S.Amp && sym[i + 1] !== S.AndAnd) return false;
    while (sym[i + 1] === S.Star || sym[i + 1] === S.Amp || sym[i + 1] === S.AndAnd) i++;
    return sym[i + 1] === S.Ident && (sym[i + 2] === S.Assign || sym[i + 2] === S.LBrace);
  }

  private parenthesized(): number {
    const first = this.t;
    const from = this.count;
    if (this.sym[first] !== S.LParen) return FAIL;
    this.t++;
    if (this.comma() === FAIL || this.sym[this.t] !== S.RParen) return FAIL;
    this.t++;
    return this.node(N.parenthesized_expression, first, from);
  }

  /** The statement another one holds. */
  private body(field: number): boolean {
    if (++this.nesting > MAX_NESTING) return false;
    const node = this.statement();
    this.nesting--;
    if (node === FAIL) return false;
    this.field[node] = field;
    return true;
  }

  private ifStatement(): number {
    const first = this.t++;
    const from = this.count;
    if (!this.condition() || !this.body(F.consequence)) return FAIL;
    if (this.sym[this.t] === S.Else) {
      const start = this.t++;
      const inside = this.count;
      if (!this.body(F.none)) return FAIL;
      this.field[this.node(N.else_clause, start, inside)] = F.alternative;
    }
    return this.node(N.if_statement, first, from);
  }

  private whileStatement(): number {
    const first = this.t++;
    const from = this.count;
    return this.condition() && this.body(F.body) ? this.node(N.while_statement, first, from) : FAIL;
  }

  private switchStatement(): number {
    const first = this.t++;
    const from = this.count;
    if (!this.condition() || this.sym[this.t] !== S.LBrace) return FAIL;
    const body = this.compound();
    if (body === FAIL) return FAIL;
    this.field[body] = F.body;
    return this.node(N.switch_statement, first, from);
  }

  private doStatement(): number {
    const first = this.t++;
    const from = this.count;
    if (!this.body(F.body) || this.sym[this.t] !== S.While) return FAIL;
    this.t++;
    const condition = this.parenthesized();
    if (condition === FAIL || this.sym[this.t] !== S.Semi) return FAIL;
    this.field[condition] = F.condition;
    this.t++;
    return this.node(N.do_statement, first, from);
  }

  private forStatement(): number {
    const first = this.t++;
    const from = this.count;
    if (this.sym[this.t++] !== S.LParen) return FAIL;
    if (!this.forInitializer() || !this.optional(F.condition) || this.sym[this.t++] !== S.Semi) return FAIL;
    if (!this.optional(F.update) || this.sym[this.t++] !== S.RParen) return FAIL;
    return this.body(F.body) ? this.node(N.for_statement, first, from) : FAIL;
  }

  private forInitializer(): boolean {
    const next = this.sym[this.t];
    if (next === S.Semi) {
      this.t++;
      return true;
    }
    const isDeclaration = next === S.Ident ? this.sym[this.t + 1] === S.Ident || this.sym[this.t + 1] === S.Star || this.sym[this.t + 1] === S.Scope : next >= S.Primitive && next <= S.Enum;
    if (!isDeclaration) return (next !== S.Auto) && this.optional(F.initializer) && this.sym[this.t++] === S.Semi;
    if (next === S.Ident && this.sym[this.t + 1] !== S.Ident && !(this.sym[this.t + 1] === S.Star && this.sym[this.t + 2] === S.Ident && this.sym[this.t + 3] === S.Assign)) return false;
    const node = this.declaration(false);
    if (node === FAIL) return false;
    this.field[node] = F.initializer;
    return true;
  }

  /** An expression or nothing in the head of a loop. */
  private optional(field: number): boolean {
    if (this.sym[this.t] === S.Semi || this.sym[this.t] === S.RParen) return true;
    const node = this.comma();
    if (node === FAIL) return false;
    this.field[node] = field;
    return true;
  }

  private tryStatement(): number {
    const first = this.t++;
    const from = this.count;
    if (!this.block(F.body)) return FAIL;
    const start = this.t;
    const inside = this.count;
    if (this.sym[this.t] === S.SehFinally) {
      this.t++;
      if (!this.block(F.body)) return FAIL;
      this.node(N.seh_finally_clause, start, inside);
    } else {
      if (this.sym[this.t++] !== S.SehExcept) return FAIL;
      const filter = this.parenthesized();
      if (filter === FAIL) return FAIL;
      this.field[filter] = F.filter;
      if (!this.block(F.body)) return FAIL;
      this.node(N.seh_except_clause, start, inside);
    }
    return this.node(N.seh_try_statement, first, from);
  }

  private tryCatch(): number {
    const first = this.t++;
    const from = this.count;
    if (!this.block(F.body) || this.sym[this.t] !== S.Catch) return FAIL;
    while (this.sym[this.t] === S.Catch) {
      const start = this.t++;
      const inside = this.count;
      if (this.sym[this.t] !== S.LParen) return FAIL;
      const list = this.parameters();
      if (list === FAIL) return FAIL;
      this.field[list] = F.parameters;
      if (!this.block(F.body)) return FAIL;
      this.node(N.catch_clause, start, inside);
    }
    return this.node(N.try_statement, first, from);
  }

  private block(field: number): boolean {
    if (this.sym[this.t] !== S.LBrace) return false;
    const node = this.compound();
    if (node === FAIL) return false;
    this.field[node] = field;
    return true;
  }
}
