// Expressions of C and of plain C++ from their tokens, as the grammars build them: operators by precedence, operands and what
// hangs behind them, literals, initialisers. What begins with a parenthesis is in casts.ts.

import { FieldName, NodeType } from '../node-types.js';
import { isPlainNumber, isPlainText } from './literals.js';
import { FAIL, NodeWriter } from './nodes.js';
import { S, SYMBOLS } from './symbols.js';

const N = NodeType;
const F = FieldName;

/** Precedences of the grammars. */
const ASSIGNMENT = -2;
const CONDITIONAL = -1;
export const NO_OPERATOR = -100;
/** Above all binary operators. */
const PREFIX = 12;

/** Expressions and statements nested deeper are left to tree-sitter: it needs no stack. */
export const MAX_NESTING = 250;
/** Tokens looked ahead for what a `<` is. */
const MAX_LOOK = 4000;

export const LEVEL = new Int8Array(SYMBOLS).fill(NO_OPERATOR);
for (const [level, symbols] of [
  [11, [S.Star, S.Slash, S.Percent]], [10, [S.Plus, S.Minus]], [9, [S.ShiftLeft, S.ShiftRight]], [7, [S.Less, S.Greater, S.Relation]], [6, [S.Equality]], [5, [S.Amp]], [4, [S.Caret]], [3, [S.Bar]],
  [2, [S.AndAnd]], [1, [S.OrOr]], [CONDITIONAL, [S.Question]], [ASSIGNMENT, [S.Assign, S.AssignOp]],
] as const) for (const symbol of symbols) LEVEL[symbol] = level;

/** What the grammars take as the left side of an assignment. */
const ASSIGNABLE = new Uint8Array(256);
for (const type of [N.identifier, N.call_expression, N.field_expression, N.pointer_expression, N.subscript_expression, N.parenthesized_expression, N.qualified_identifier]) ASSIGNABLE[type] = 1;

/** Behind `(name)` these can only begin the operand of a cast. */
export const BEGINS_OPERAND = new Uint8Array(SYMBOLS);
for (const symbol of [S.Number, S.String, S.Char, S.Ident, S.True, S.False, S.Null, S.This, S.Not, S.Tilde, S.Sizeof, S.Offsetof, S.Cast, S.New]) BEGINS_OPERAND[symbol] = 1;

export abstract class ExpressionReader extends NodeWriter {
  protected nesting = 0;
  /** Operators below this level are not for the operand being read: something outside of it takes them. */
  protected floor = ASSIGNMENT;

  /** Up to this token an earlier `<` may still open template arguments to the C++ grammar. */
  protected lessUntil = 0;

  protected abstract parenthesis(): number;
  protected abstract sizeof(): number;
  protected abstract offsetof(): number;
  protected abstract namedCast(): number;
  protected abstract newExpression(): number;
  protected abstract lambda(): number;
  protected abstract typeDescriptor(): number;
  protected abstract compound(): number;
  protected abstract qualified(leaf: number): number;

  protected resetExpressions(): void {
    this.nesting = 0;
    this.floor = ASSIGNMENT;
    this.lessUntil = 0;
  }

  /** An expression that may be a comma expression. */
  protected comma(): number {
    const first = this.t;
    const from = this.count;
    const left = this.expression(ASSIGNMENT);
    if (left === FAIL || this.sym[this.t] !== S.Comma) return left;
    this.t++;
    if (++this.nesting > MAX_NESTING) return FAIL;
    const right = this.comma();
    this.nesting--;
    if (right === FAIL) return FAIL;
    this.field[left] = F.left;
    this.field[right] = F.right;
    return this.node(N.comma_expression, first, from);
  }

  protected argument(): number {
    return this.expression(ASSIGNMENT);
  }

  private expression(min: number): number {
    if (++this.nesting > MAX_NESTING) return FAIL;
    const first = this.t;
    const from = this.count;
    const outer = this.floor;
    this.floor = min;
    let left = this.unary();
    this.floor = outer;
    let simple = true;
    while (left !== FAIL) {
      const level = LEVEL[this.sym[this.t]];
      if (level === NO_OPERATOR) break;
      if (level === ASSIGNMENT) {
        if (!simple || min > ASSIGNMENT || ASSIGNABLE[this.type[left]] === 0) return FAIL;
        this.t++;
        left = this.assigned(left, first, from);
      } else if (level === CONDITIONAL) {
        if (min > CONDITIONAL) break;
        left = this.conditional(left, first, from);
      } else {
        if (level < min) break;
        if (this.cpp && this.sym[this.t] === S.Less && this.type[left] !== N.number_literal && !this.isComparison()) return FAIL;
        this.t++;
        const right = this.expression(level + 1);
        if (right === FAIL) return FAIL;
        this.field[left] = F.left;
        this.field[right] = F.right;
        left = this.node(N.binary_expression, first, from);
      }
      simple = false;
    }
    this.nesting--;
    return left;
  }

  private assigned(left: number, first: number, from: number): number {
    const right = this.cpp && this.sym[this.t] === S.LBrace ? this.initializerList() : this.expression(ASSIGNMENT);
    if (right === FAIL) return FAIL;
    this.field[left] = F.left;
    this.field[right] = F.right;
    return this.node(N.assignment_expression, first, from);
  }

  private conditional(condition: number, first: number, from: number): number {
    this.t++;
    const consequence = this.comma();
    if (consequence === FAIL || this.sym[this.t] !== S.Colon) return FAIL;
    this.t++;
    const alternative = this.expression(ASSIGNMENT);
    // In parentheses C++ would have it `(a ? b : c) = d`.
    if (alternative === FAIL || (this.cpp && this.type[alternative] === N.assignment_expression)) return FAIL;
    this.field[condition] = F.condition;
    this.field[consequence] = F.consequence;
    this.field[alternative] = F.alternative;
    return this.node(N.conditional_expression, first, from);
  }

  /** The `<` here opens no template argument list: nothing that could close one comes before the expression is over. */
  private isComparison(): boolean {
    const { sym } = this;
    let depth = 0;
    for (let i = this.t + 1; i < this.t + MAX_LOOK; i++) {
      switch (sym[i]) {
        case S.LParen: case S.LBracket: depth++; break;
        case S.RParen: case S.RBracket:
          if (depth-- === 0) return this.comparisonUntil(i);
          break;
        case S.Semi: case S.LBrace: case S.RBrace: case S.End: return this.comparisonUntil(i);
        case S.ShiftRight: if (depth === 0) return false; break;
        case S.Greater:
          // Behind a template's `>` no operand begins.
          if (depth === 0 && BEGINS_OPERAND[sym[i + 1]] === 0) return false;
          if (depth === 0 && (sym[i + 1] === S.String || sym[i + 1] === S.Tilde || sym[i + 1] === S.Not)) return false;
          break;
        default:
      }
    }
    return false;
  }

  private comparisonUntil(t: number): boolean {
    if (t > this.lessUntil) this.lessUntil = t;
    return true;
  }

  protected unary(): number {
    switch (this.sym[this.t]) {
      case S.Ident: return this.name();
      case S.Number: case S.Char: case S.String: return this.suffixes(this.t, this.count, this.literal());
      case S.True: return this.suffixes(this.t, this.count, this.leaf(N.true));
      case S.False: return this.suffixes(this.t, this.count, this.leaf(N.false));
      case S.Null: return this.suffixes(this.t, this.count, this.leaf(N.null));
      case S.This: return this.suffixes(this.t, this.count, this.leaf(N.this));
      case S.Amp: case S.Star: return this.prefix(N.pointer_expression);
      case S.Not: case S.Tilde: return this.prefix(N.unary_expression);
      case S.Minus: case S.Plus:
        if (this.sym[this.t + 1] === S.Number && this.ends[this.t] === this.starts[this.t + 1]) return this.signedNumber();
        return this.prefix(N.unary_expression);
      case S.Increment: return this.prefix(N.update_expression);
      case S.LParen: return this.parenthesis();
      case S.Sizeof: return this.sizeof();
      case S.Offsetof: return this.offsetof();
      case S.Scope: return this.cpp ? this.suffixes(this.t, this.count, this.qualified(N.identifier)) : FAIL;
      case S.Cast: return this.namedCast();
      case S.New: return this.newExpression();
      case S.LBracket: return this.cpp ? this.lambda() : FAIL;
      default: return FAIL;
    }
  }

  private name(): number {
    const first = this.t;
    const from = this.count;
    const next = this.sym[first + 1];
    if (next === S.String || next === S.LBrace) return next === S.String ? this.strings() : FAIL;
    if (next === S.Scope) return this.cpp ? this.suffixes(first, from, this.qualified(N.identifier)) : FAIL;
    if (this.cpp && next === S.Less && this.isTemplateCall(first + 1)) return this.namedCast();
    return this.suffixes(first, from, this.leaf(N.identifier));
  }

  /** `<` here, `>(` behind nothing but simple types: arguments of a template to the grammar. */
  private isTemplateCall(open: number): boolean {
    const { sym } = this;
    let i = open + 1;
    while (sym[i] === S.Ident || sym[i] === S.Primitive || sym[i] === S.Scope || sym[i] === S.Comma) i++;
    return i > open + 1 && sym[i] === S.Greater && sym[i + 1] === S.LParen;
  }

  protected literal(): number {
    switch (this.sym[this.t]) {
      case S.Number: return isPlainNumber(this.text, this.starts[this.t], this.ends[this.t], this.cpp) ? this.leaf(N.number_literal) : FAIL;
      case S.Char: return isPlainText(this.text, this.starts[this.t], this.ends[this.t], 39) && !this.isSuffixed(this.t) ? this.leaf(N.char_literal) : FAIL;
      default: return this.strings();
    }
  }

  /** A name stands right behind a literal, as a suffix of the program's own does. */
  private isSuffixed(t: number): boolean {
    return this.sym[t + 1] >= S.Ident && this.ends[t] === this.starts[t + 1];
  }

  /** One string, or several that are pasted, names of macros among them. */
  private strings(): number {
    const first = this.t;
    const from = this.count;
    let last = FAIL;
    let parts = 0;
    for (;;) {
      if (this.sym[this.t] === S.String) {
        if (!isPlainText(this.text, this.starts[this.t], this.ends[this.t], 34) || (this.cpp && this.isSuffixed(this.t))) return FAIL;
        last = this.leaf(N.string_literal);
      } else if (this.sym[this.t] === S.Ident) {
        if (this.cpp && parts > 0) return FAIL;
        last = this.leaf(N.identifier);
      } else break;
      parts++;
    }
    return parts > 1 ? this.node(N.concatenated_string, first, from) : last;
  }

  private signedNumber(): number {
    const first = this.t;
    const from = this.count;
    if (!isPlainNumber(this.text, this.starts[first + 1], this.ends[first + 1], this.cpp)) return FAIL;
    this.t += 2;
    return this.suffixes(first, from, this.node(N.number_literal, first, from));
  }

  private prefix(type: number): number {
    const first = this.t++;
    const from = this.count;
    const outer = this.floor;
    if (++this.nesting > MAX_NESTING) return FAIL;
    this.floor = PREFIX;
    const argument = this.unary();
    this.floor = outer;
    this.nesting--;
    // Of `!x--` the grammars make `(!x)--`.
    if (argument === FAIL || (type !== N.pointer_expression && this.type[argument] === N.update_expression)) return FAIL;
    this.field[argument] = F.argument;
    return this.node(type, first, from);
  }

  /** Calls, fields, subscripts and increments behind an operand. */
  protected suffixes(first: number, from: number, operand: number): number {
    let left = operand;
    while (left !== FAIL) {
      switch (this.sym[this.t]) {
        case S.Arrow: case S.Dot: left = this.member(first, from, left); break;
        case S.LParen: {
          const list = this.argumentList();
          if (list === FAIL) return FAIL;
          this.field[left] = F.function;
          this.field[list] = F.arguments;
          left = this.node(N.call_expression, first, from);
          break;
        }
        case S.LBracket: left = this.subscript(first, from, left); break;
        case S.Increment:
          this.t++;
          this.field[left] = F.argument;
          left = this.node(N.update_expression, first, from);
          break;
        default: return left;
      }
    }
    return FAIL;
  }

  private member(first: number, from: number, left: number): number {
    if (this.sym[++this.t] !== S.Ident) return FAIL;
    const next = this.sym[this.t + 1];
    if (this.cpp && (next === S.Scope || (next === S.Less && !this.isNoTemplate()))) return FAIL;
    this.field[left] = F.argument;
    this.leafAs(N.field_identifier, F.field);
    return this.node(N.field_expression, first, from);
  }

  private isNoTemplate(): boolean {
    this.t++;
    const result = this.isComparison();
    this.t--;
    return result;
  }

  protected argumentList(): number {
    const first = this.t++;
    const from = this.count;
    if (this.sym[this.t] !== S.RParen) {
      for (;;) {
        const argument = this.sym[this.t] === S.LBrace ? (this.cpp ? FAIL : this.compound()) : this.expression(ASSIGNMENT);
        if (argument === FAIL) return FAIL;
        if (this.sym[this.t] !== S.Comma) break;
        this.t++;
      }
      if (this.sym[this.t] !== S.RParen) return FAIL;
    }
    this.t++;
    return this.node(N.argument_list, first, from);
  }

  private subscript(first: number, from: number, left: number): number {
    const open = this.t++;
    const inside = this.count;
    const index = this.expression(ASSIGNMENT);
    if (index === FAIL || this.sym[this.t] !== S.RBracket) return FAIL;
    this.t++;
    this.field[left] = F.argument;
    if (this.cpp) this.field[this.node(N.subscript_argument_list, open, inside)] = F.indices;
    else this.field[index] = F.index;
    return this.node(N.subscript_expression, first, from);
  }

  /** `{ a, .b = c, [d] = e, { f }, }`. */
  protected initializerList(): number {
    const first = this.t++;
    const from = this.count;
    if (++this.nesting > MAX_NESTING) return FAIL;
    while (this.sym[this.t] !== S.RBrace) {
      const element = this.element();
      if (element === FAIL) return FAIL;
      if (this.sym[this.t] !== S.Comma) break;
      this.t++;
    }
    if (this.sym[this.t] !== S.RBrace) return FAIL;
    this.nesting--;
    this.t++;
    return this.node(N.initializer_list, first, from);
  }

  private element(): number {
    switch (this.sym[this.t]) {
      case S.LBrace: return this.initializerList();
      case S.Dot: return this.designated();
      case S.LBracket: return this.cpp ? FAIL : this.designated();
      case S.Ident: return this.sym[this.t + 1] === S.Colon ? FAIL : this.expression(ASSIGNMENT);
      default: return this.expression(ASSIGNMENT);
    }
  }

  private designated(): number {
    const first = this.t;
    const from = this.count;
    for (;;) {
      const start = this.t;
      const inside = this.count;
      if (this.sym[this.t] === S.Dot && this.sym[this.t + 1] === S.Ident) {
        this.t++;
        this.leaf(N.field_identifier);
        this.field[this.node(N.field_designator, start, inside)] = F.designator;
      } else if (this.sym[this.t] === S.LBracket) {
        this.t++;
        if (this.expression(ASSIGNMENT) === FAIL || this.sym[this.t] !== S.RBracket) return FAIL;
        this.t++;
        this.field[this.node(N.subscript_designator, start, inside)] = F.designator;
      } else break;
    }
    if (this.sym[this.t] !== S.Assign) return FAIL;
    this.t++;
    const value = this.sym[this.t] === S.LBrace ? this.initializerList() : this.expression(ASSIGNMENT);
    if (value === FAIL) return FAIL;
    this.field[value] = F.value;
    return this.node(N.initializer_pair, first, from);
  }
}
