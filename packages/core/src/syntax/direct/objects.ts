// Expressions of C++ that make objects: `new`, functions without a name.

import { FieldName, NodeType } from '../node-types.js';
import { CastReader } from './casts.js';
import { LEVEL } from './expressions.js';
import { FAIL } from './nodes.js';
import { S } from './symbols.js';

const N = NodeType;
const F = FieldName;

export abstract class ObjectReader extends CastReader {
  protected abstract typeSpecifier(alone: boolean): number;
  protected abstract parameters(): number;

  /** `new T`, `new T(a)`, `new (p) T[n]`. */
  protected newExpression(): number {
    const first = this.t++;
    const from = this.count;
    if (this.sym[this.t] === S.LParen) {
      const placement = this.argumentList();
      if (placement === FAIL) return FAIL;
      this.field[placement] = F.placement;
    }
    if (this.sym[this.t] !== S.Ident && this.sym[this.t] !== S.Primitive) return FAIL;
    const type = this.typeSpecifier(true);
    if (type === FAIL) return FAIL;
    this.field[type] = F.type;
    if (this.sym[this.t] === S.LBracket && !this.newLength()) return FAIL;
    if (this.sym[this.t] === S.LParen) {
      const list = this.argumentList();
      if (list === FAIL) return FAIL;
      this.field[list] = F.arguments;
    }
    const next = this.sym[this.t];
    return next === S.Semi || next === S.Comma || next === S.RParen ? this.node(N.new_expression, first, from) : FAIL;
  }

  private newLength(): boolean {
    const first = this.t++;
    const from = this.count;
    const length = this.argument();
    if (length === FAIL || this.sym[this.t] !== S.RBracket) return false;
    this.field[length] = F.length;
    this.t++;
    if (this.sym[this.t] === S.LBracket) return false;
    this.field[this.node(N.new_declarator, first, from)] = F.declarator;
    return true;
  }

  /** `[&](T a) { .. }`. */
  protected lambda(): number {
    const first = this.t;
    const from = this.count;
    const captures = this.captures();
    if (captures === FAIL) return FAIL;
    this.field[captures] = F.captures;
    if (this.sym[this.t] === S.LParen) {
      const start = this.t;
      const inside = this.count;
      const list = this.parameters();
      if (list === FAIL) return FAIL;
      this.field[list] = F.parameters;
      this.field[this.node(N.abstract_function_declarator, start, inside)] = F.declarator;
    }
    if (this.sym[this.t] !== S.LBrace || this.sym[this.t + 1] === S.LBrace) return FAIL;
    const { floor } = this;
    const body = this.compound();
    this.floor = floor;
    if (body === FAIL) return FAIL;
    this.field[body] = F.body;
    return LEVEL[this.sym[this.t]] > 0 || this.sym[this.t] === S.LBracket ? FAIL : this.node(N.lambda_expression, first, from);
  }

  private captures(): number {
    const first = this.t++;
    const from = this.count;
    if (this.sym[this.t] === S.Assign || (this.sym[this.t] === S.Amp && this.sym[this.t + 1] !== S.Ident)) {
      this.leaf(N.lambda_default_capture);
      if (this.sym[this.t] === S.Comma) this.t++;
      else if (this.sym[this.t] !== S.RBracket) return FAIL;
    }
    while (this.sym[this.t] !== S.RBracket) {
      if (this.sym[this.t] === S.Amp) this.t++;
      if (this.sym[this.t] === S.Ident) this.leaf(N.identifier);
      else if (this.sym[this.t] === S.This) this.leaf(N.this);
      else return FAIL;
      if (this.sym[this.t] === S.Comma) this.t++;
      else if (this.sym[this.t] !== S.RBracket) return FAIL;
    }
    this.t++;
    return this.node(N.lambda_capture_specifier, first, from);
  }
}
