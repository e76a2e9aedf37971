// What stands in parentheses: a grouped expression, a cast, an operand of `sizeof`. Where the grammars find two readings, `(a) - b`
// being a difference or a cast of `-b`, they choose by the numbers of their symbols; those choices are followed here as far as
// they are known, and anything else is left to tree-sitter.

import { FieldName, NodeType } from '../node-types.js';
import { BEGINS_OPERAND, ExpressionReader, LEVEL, MAX_NESTING, NO_OPERATOR } from './expressions.js';
import { FAIL } from './nodes.js';
import { S, SYMBOLS } from './symbols.js';

const N = NodeType;
const F = FieldName;

/** Readings tried and taken back inside one another. */
const MAX_TRIES = 1;

/** Behind `(name)` these may go on with an expression or begin the operand of a cast. */
const GOES_ON = new Uint8Array(SYMBOLS);
for (const symbol of [S.Plus, S.Minus, S.Star, S.Amp, S.AndAnd, S.LParen, S.Increment]) GOES_ON[symbol] = 1;

/** These begin a type and no expression. */
const BEGINS_TYPE = new Uint8Array(SYMBOLS);
for (const symbol of [S.Primitive, S.Sized, S.Qualifier, S.Struct, S.Union, S.Class, S.Enum]) BEGINS_TYPE[symbol] = 1;

export abstract class CastReader extends ExpressionReader {
  private tries = 0;

  protected override resetExpressions(): void {
    super.resetExpressions();
    this.tries = 0;
  }

  /** Something in parentheses: an operand, or the type of a cast. */
  protected override parenthesis(): number {
    const first = this.t;
    const next = this.sym[first + 1];
    if (BEGINS_TYPE[next] === 1) return next === S.Primitive && this.sym[first + 2] === S.LParen && this.cpp ? FAIL : this.cast();
    if (next !== S.Ident) return next === S.LBrace ? FAIL : this.grouped();
    if (this.typeEnd(first + 2) > first + 2) return this.cast();
    const close = this.doubtEnd(first);
    return close === FAIL ? this.grouped() : this.doubtful(close);
  }

  /** Behind the name of a type: the closing parenthesis if nothing but `*`, qualifiers or `(*)(..)` comes before it; FAIL when it is no type for certain. */
  private typeEnd(t: number): number {
    const { sym } = this;
    let i = t;
    while (sym[i] === S.Star || sym[i] === S.Qualifier) i++;
    if (sym[i] === S.RParen) return i;
    if (i > t && sym[i - 1] === S.Qualifier && sym[i] !== S.Ident) return i;
    return i === t && sym[i] === S.LParen && sym[i + 1] === S.Star && (sym[i + 2] === S.RParen || sym[i + 2] === S.Qualifier) ? i : FAIL;
  }

  private grouped(): number {
    const first = this.t++;
    const from = this.count;
    if (this.sym[this.t] === S.LParen && ++this.nesting > MAX_NESTING) return FAIL;
    const outer = this.floor;
    const inner = this.comma();
    this.floor = outer;
    if (inner === FAIL || this.sym[this.t] !== S.RParen) return FAIL;
    this.t++;
    if (this.cpp && this.type[inner] === N.qualified_identifier && (LEVEL[this.sym[this.t]] !== NO_OPERATOR || this.sym[this.t] === S.LParen)) return FAIL;
    return this.suffixes(first, from, this.node(N.parenthesized_expression, first, from));
  }

  /** The parenthesis that closes `(name)`, `(name[..])` or `(name(..))`: a type as well as an operand. FAIL for what is not of that kind. */
  private doubtEnd(open: number): number {
    const { sym } = this;
    if (sym[open + 1] !== S.Ident) return FAIL;
    let i = open + 2;
    while (sym[i] === S.LParen || sym[i] === S.LBracket) i = this.closing(i) + 1;
    return sym[i] === S.RParen ? i : FAIL;
  }

  /** What stands between these parentheses may be a type: by what follows them a cast or an operand. */
  private doubtful(close: number): number {
    const { sym } = this;
    const after = close + 1;
    const next = sym[after];
    const isName = close === this.t + 2;
    if (BEGINS_OPERAND[next] === 1) return isName ? this.cast() : FAIL;
    // Too many readings at once: tree-sitter drops some.
    if (this.t < this.lessUntil && GOES_ON[next] === 1) return FAIL;
    switch (next) {
      case S.LBrace: return FAIL;
      case S.LParen:
        if (isName && this.isCastChain(after)) return this.cast();
        return this.holdsDoubt(after) || (!isName && this.holdsDoubt(this.t)) ? FAIL : this.callOrCast(after);
      case S.Increment: return BEGINS_OPERAND[sym[after + 1]] === 1 || GOES_ON[sym[after + 1]] === 1 ? FAIL : this.grouped();
      case S.Plus: case S.Minus: case S.Star: case S.Amp: case S.AndAnd: return this.differenceOrCast(after, isName);
      default: return this.grouped();
    }
  }

  /** `(a)(b)c`: only casts can be read so. */
  private isCastChain(open: number): boolean {
    const { sym } = this;
    for (let at = open; ; ) {
      const close = this.closing(at);
      const isType = BEGINS_TYPE[sym[at + 1]] === 1;
      if (!isType && sym[at + 1] !== S.Ident) return false;
      // A basic type alone is a name to the grammar where it expects no type.
      if (close > at + 2) return isType || this.typeEnd(at + 2) !== FAIL;
      if (sym[close + 1] !== S.LParen) return BEGINS_OPERAND[sym[close + 1]] === 1;
      at = close + 1;
    }
  }

  /** `(a)(b)`: a call, but with `(b) - c` behind it `b` may be the type of another cast. */
  private callOrCast(open: number): number {
    const { sym } = this;
    const close = this.doubtEnd(open);
    if (close === FAIL || GOES_ON[sym[close + 1]] === 0) return this.grouped();
    return LEVEL[sym[close + 1]] > 0 ? this.differenceOrCast(close + 1, false) : FAIL;
  }

  /** Between these parentheses stands another `(name)` that has two readings. */
  private holdsDoubt(open: number): boolean {
    const { sym } = this;
    const close = this.closing(open);
    for (let i = open + 1; i < close; i++) {
      if (sym[i] !== S.LParen || sym[i + 1] !== S.Ident || sym[i - 1] === S.Ident || sym[i - 1] === S.Sizeof) continue;
      if (GOES_ON[sym[this.doubtEnd(i) + 1]] === 1) return true;
    }
    return false;
  }

  /** Index of the parenthesis or bracket that closes the one at `open`. */
  protected closing(open: number): number {
    const { sym } = this;
    for (let i = open + 1, depth = 1; ; i++) {
      if (sym[i] === S.LParen || sym[i] === S.LBracket) depth++;
      else if ((sym[i] === S.RParen || sym[i] === S.RBracket) && --depth === 0) return i;
      else if (sym[i] === S.End) return i;
    }
  }

  /** `(a) - b`: the operand's own next operator decides: one that binds tighter makes it `((a)-b) * c`, a cast. */
  private differenceOrCast(at: number, isCast = true): number {
    const level = LEVEL[this.sym[at]];
    if (level < this.floor || this.tries >= MAX_TRIES) return FAIL;
    const { t, count } = this;
    this.tries++;
    this.t = at + 1;
    const outer = this.floor;
    this.floor = level + 1;
    const operand = this.unary();
    this.floor = outer;
    this.tries--;
    const next = LEVEL[this.sym[this.t]];
    this.back(t, count);
    if (operand === FAIL) return FAIL;
    if (next <= level) return this.grouped();
    const sign = this.sym[at] === S.Minus || this.sym[at] === S.Plus;
    if (this.sym[at] === S.AndAnd || !isCast || this.sym[at + 1] === S.Sizeof) return FAIL;
    return sign && this.sym[at + 1] === S.Number ? FAIL : this.cast();
  }

  private cast(): number {
    const first = this.t++;
    const from = this.count;
    const type = this.typeDescriptor();
    if (type === FAIL || this.sym[this.t] !== S.RParen) return FAIL;
    this.t++;
    if (this.sym[this.t] === S.LBrace) return FAIL;
    if (++this.nesting > MAX_NESTING) return FAIL;
    const value = this.unary();
    this.nesting--;
    if (value === FAIL) return FAIL;
    this.field[type] = F.type;
    this.field[value] = F.value;
    return this.node(N.cast_expression, first, from);
  }

  protected override sizeof(): number {
    const first = this.t++;
    const from = this.count;
    if (this.sym[this.t] !== S.LParen) {
      if (this.sym[this.t] === S.Ellipsis) return FAIL;
      const value = this.unary();
      if (value === FAIL) return FAIL;
      this.field[value] = F.value;
      return this.node(N.sizeof_expression, first, from);
    }
    const next = this.sym[this.t + 1];
    const end = next === S.Ident ? this.typeEnd(this.t + 2) : FAIL;
    if (end === FAIL && this.doubtEnd(this.t) !== FAIL && this.holdsDoubt(this.t)) return FAIL;
    return BEGINS_TYPE[next] === 1 || end > this.t + 2 ? this.sizeofType(first, from) : this.sizeofValue(first, from);
  }

  private sizeofType(first: number, from: number): number {
    this.t++;
    const type = this.typeDescriptor();
    if (type === FAIL || this.sym[this.t] !== S.RParen) return FAIL;
    this.t++;
    if (BEGINS_OPERAND[this.sym[this.t]] === 1 || this.sym[this.t] === S.LParen || this.sym[this.t] === S.LBrace) return FAIL;
    this.field[type] = F.type;
    return this.node(N.sizeof_expression, first, from);
  }

  /** `sizeof(a)`, a name being a value to the grammars. What could go on behind it is not read here. */
  private sizeofValue(first: number, from: number): number {
    const open = this.t;
    const inside = this.count;
    this.t++;
    const inner = this.comma();
    if (inner === FAIL || this.sym[this.t] !== S.RParen || (this.cpp && this.type[inner] === N.qualified_identifier)) return FAIL;
    this.t++;
    const next = this.sym[this.t];
    if (next === S.LParen || next === S.LBracket || next === S.Dot || next === S.Arrow || next === S.Increment || next === S.LBrace || BEGINS_OPERAND[next] === 1) return FAIL;
    const value = this.node(N.parenthesized_expression, open, inside);
    this.field[value] = F.value;
    return this.node(N.sizeof_expression, first, from);
  }

  /** `offsetof(type, member)`. */
  protected override offsetof(): number {
    const first = this.t++;
    const from = this.count;
    if (this.sym[this.t] !== S.LParen) return FAIL;
    this.t++;
    const type = this.typeDescriptor();
    if (type === FAIL || this.sym[this.t] !== S.Comma || this.sym[this.t + 1] !== S.Ident || this.sym[this.t + 2] !== S.RParen) return FAIL;
    this.t++;
    this.field[type] = F.type;
    this.leafAs(N.field_identifier, F.member);
    this.t++;
    return LEVEL[this.sym[this.t]] >= 0 || this.sym[this.t] === S.Comma || this.sym[this.t] === S.RParen || this.sym[this.t] === S.Semi ? this.node(N.offsetof_expression, first, from) : FAIL;
  }

  /** `static_cast<type>(value)`: to the grammar a call of a template, as `name<type, type>(value)` is. */
  protected override namedCast(): number {
    const first = this.t;
    const from = this.count;
    this.leafAs(N.identifier, F.name);
    const open = this.t;
    const inside = this.count;
    if (this.sym[open] !== S.Less) return FAIL;
    do {
      this.t++;
      if (this.typeDescriptor() === FAIL) return FAIL;
    } while (this.sym[this.t] === S.Comma);
    if (this.sym[this.t] !== S.Greater || this.sym[this.t + 1] !== S.LParen) return FAIL;
    this.t++;
    this.field[this.node(N.template_argument_list, open, inside)] = F.arguments;
    return this.suffixes(first, from, this.node(N.template_function, first, from));
  }
}
