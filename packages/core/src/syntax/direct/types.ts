// Types, declarators and parameters from their tokens.

import { FieldName, NodeType } from '../node-types.js';
import { MAX_NESTING } from './expressions.js';
import { FAIL } from './nodes.js';
import { ObjectReader } from './objects.js';
import { S, SYMBOLS } from './symbols.js';

const N = NodeType;
const F = FieldName;

/** In C++, with one of these an argument begins that is no parameter. */
const BEGINS_ARGUMENT = new Uint8Array(SYMBOLS);
for (const symbol of [S.Number, S.String, S.Char, S.Not, S.Amp, S.Star, S.Minus, S.Plus, S.Increment]) BEGINS_ARGUMENT[symbol] = 1;

export abstract class TypeReader extends ObjectReader {
  protected abstract recordBody(): number;

  /** Modifiers, a type, modifiers. False when this is no such thing for certain. */
  protected specifiers(): boolean {
    this.modifiers();
    const type = this.typeSpecifier(false);
    if (type === FAIL) return false;
    this.field[type] = F.type;
    this.modifiers();
    return true;
  }

  private modifiers(): void {
    for (;;) {
      switch (this.sym[this.t]) {
        case S.Storage: case S.Extern: this.leaf(N.storage_class_specifier); break;
        case S.Qualifier: this.leaf(N.type_qualifier); break;
        case S.Virtual: this.t++; break;
        default: return;
      }
    }
  }

  protected qualifiers(): void {
    while (this.sym[this.t] === S.Qualifier) this.leaf(N.type_qualifier);
  }

  /** `alone`: no declarator with a name can follow. */
  protected typeSpecifier(alone: boolean): number {
    switch (this.sym[this.t]) {
      case S.Ident:
        if (this.sym[this.t + 1] === S.Scope) return this.cpp ? this.qualified(N.type_identifier) : FAIL;
        return this.cpp && this.sym[this.t + 1] === S.Less ? this.templateType() : this.leaf(N.type_identifier);
      case S.Primitive: return this.sym[this.t + 1] === S.Sized ? FAIL : this.leaf(N.primitive_type);
      case S.Sized: return this.sized(alone);
      case S.Struct: return this.record(N.struct_specifier);
      case S.Union: return this.record(N.union_specifier);
      case S.Class: return this.record(N.class_specifier);
      case S.Enum: return this.enumeration();
      case S.Scope: return this.cpp ? this.qualified(N.type_identifier) : FAIL;
      case S.Auto: {
        const from = this.count;
        this.leaf(N.auto);
        return this.node(N.placeholder_type_specifier, this.t - 1, from);
      }
      default: return FAIL;
    }
  }

  /** `a<b, c *, 4>`. */
  private templateType(): number {
    const first = this.t;
    const from = this.count;
    this.leafAs(N.type_identifier, F.name);
    const open = this.t++;
    const inside = this.count;
    if (++this.nesting > 100) return FAIL;
    for (;;) {
      const next = this.sym[this.t];
      const argument = next === S.Number || next === S.Char ? this.literal() : this.typeDescriptor();
      if (argument === FAIL) return FAIL;
      if (this.sym[this.t] !== S.Comma) break;
      this.t++;
    }
    this.nesting--;
    if (this.sym[this.t] !== S.Greater || this.sym[this.t + 1] === S.Scope) return FAIL;
    this.t++;
    this.field[this.node(N.template_argument_list, open, inside)] = F.arguments;
    return this.node(N.template_type, first, from);
  }

  /** `unsigned long`, `unsigned int`, `unsigned __int64`. */
  private sized(alone: boolean): number {
    const first = this.t;
    const from = this.count;
    while (this.sym[this.t] === S.Sized) this.t++;
    const after = this.sym[this.t + 1];
    switch (this.sym[this.t]) {
      case S.Qualifier: return FAIL;
      case S.Primitive:
        if (after === S.Sized) return FAIL;
        this.leafAs(N.primitive_type, F.type);
        break;
      case S.Ident:
        if (alone || after === S.Ident || after === S.Star) this.leafAs(N.type_identifier, F.type);
        break;
      default:
    }
    return this.node(N.sized_type_specifier, first, from);
  }

  /** `a::b::c`, the last name a leaf of that type. */
  protected qualified(leaf: number): number {
    const first = this.t;
    const from = this.count;
    if (this.sym[this.t] === S.Ident) this.leafAs(N.namespace_identifier, F.scope);
    if (this.sym[this.t] !== S.Scope) return FAIL;
    this.t++;
    if (this.sym[this.t] !== S.Ident) return FAIL;
    const after = this.sym[this.t + 1];
    if (after === S.Less || after === S.LBrace || after === S.String || ++this.nesting > MAX_NESTING) return FAIL;
    const name = after === S.Scope ? this.qualified(leaf) : this.leaf(leaf);
    this.nesting--;
    if (name === FAIL) return FAIL;
    this.field[name] = F.name;
    return this.node(N.qualified_identifier, first, from);
  }

  private record(type: number): number {
    const first = this.t++;
    const from = this.count;
    if (this.sym[this.t] === S.Ident) {
      if (this.cpp && (this.sym[this.t + 1] === S.Scope || this.sym[this.t + 1] === S.Less)) return FAIL;
      this.leafAs(this.cpp ? N.type_identifier : N.type_identifier, F.name);
      if (this.cpp && this.sym[this.t] === S.Override && this.sym[this.t + 1] !== S.Ident) this.leaf(N.virtual_specifier);
      if (this.cpp && this.sym[this.t] === S.Colon && !this.bases()) return FAIL;
    } else if (this.sym[this.t] !== S.LBrace) return FAIL;
    if (this.sym[this.t] === S.LBrace) {
      if (++this.nesting > 100) return FAIL;
      const body = this.recordBody();
      this.nesting--;
      if (body === FAIL) return FAIL;
      this.field[body] = F.body;
    }
    return this.node(type, first, from);
  }

  /** `: public A, private B::C` in front of a body. */
  private bases(): boolean {
    const first = this.t++;
    const from = this.count;
    for (;;) {
      if (this.sym[this.t] === S.Access) this.leaf(N.access_specifier);
      if (this.sym[this.t] === S.Virtual) this.t++;
      if (this.sym[this.t] === S.Access) this.leaf(N.access_specifier);
      if (this.typeSpecifier(true) === FAIL) return false;
      if (this.sym[this.t] !== S.Comma) break;
      this.t++;
    }
    this.node(N.base_class_clause, first, from);
    return this.sym[this.t] === S.LBrace;
  }

  private enumeration(): number {
    const first = this.t++;
    const from = this.count;
    if (this.sym[this.t] === S.Ident) {
      if (this.cpp && (this.sym[this.t + 1] === S.Scope || this.sym[this.t + 1] === S.Less)) return FAIL;
      this.leafAs(N.type_identifier, F.name);
      if (this.sym[this.t] === S.Colon) return FAIL;
    } else if (this.sym[this.t] !== S.LBrace) return FAIL;
    if (this.sym[this.t] === S.LBrace) {
      const body = this.enumerators();
      if (body === FAIL) return FAIL;
      this.field[body] = F.body;
    }
    return this.node(N.enum_specifier, first, from);
  }

  private enumerators(): number {
    const first = this.t++;
    const from = this.count;
    while (this.sym[this.t] === S.Ident) {
      const start = this.t;
      const inside = this.count;
      this.leafAs(N.identifier, F.name);
      if (this.sym[this.t] === S.Assign) {
        this.t++;
        const value = this.argument();
        if (value === FAIL) return FAIL;
        this.field[value] = F.value;
      }
      this.node(N.enumerator, start, inside);
      if (this.sym[this.t] !== S.Comma) break;
      this.t++;
    }
    if (this.sym[this.t] !== S.RBrace) return FAIL;
    this.t++;
    return this.node(N.enumerator_list, first, from);
  }

  /** A type without a name: of a cast, of `sizeof`. */
  protected typeDescriptor(): number {
    const first = this.t;
    const from = this.count;
    this.qualifiers();
    const type = this.typeSpecifier(true);
    if (type === FAIL) return FAIL;
    this.field[type] = F.type;
    this.qualifiers();
    if (this.beginsAbstract()) {
      const declarator = this.abstractDeclarator();
      if (declarator === FAIL) return FAIL;
      this.field[declarator] = F.declarator;
    }
    return this.node(N.type_descriptor, first, from);
  }

  private beginsAbstract(): boolean {
    const next = this.sym[this.t];
    return next === S.Star || next === S.LParen || next === S.LBracket || (this.cpp && (next === S.Amp || next === S.AndAnd));
  }

  private abstractDeclarator(): number {
    const first = this.t;
    const from = this.count;
    switch (this.sym[first]) {
      case S.Star: {
        this.t++;
        this.qualifiers();
        if (this.beginsAbstract()) {
          if (++this.nesting > MAX_NESTING) return FAIL;
          const inner = this.abstractDeclarator();
          this.nesting--;
          if (inner === FAIL) return FAIL;
          this.field[inner] = F.declarator;
        }
        return this.node(N.abstract_pointer_declarator, first, from);
      }
      case S.Amp: case S.AndAnd:
        this.t++;
        if (this.beginsAbstract()) return FAIL;
        return this.node(N.abstract_reference_declarator, first, from);
      case S.LBracket: return this.abstractSuffixes(first, from, this.arraySuffix(N.abstract_array_declarator, first, from));
      default: {
        if (this.sym[first + 1] !== S.Star) return FAIL;
        this.t++;
        if (this.abstractDeclarator() === FAIL || this.sym[this.t] !== S.RParen) return FAIL;
        this.t++;
        return this.abstractSuffixes(first, from, this.node(N.abstract_parenthesized_declarator, first, from));
      }
    }
  }

  private abstractSuffixes(first: number, from: number, inner: number): number {
    let left = inner;
    while (left !== FAIL) {
      if (this.sym[this.t] === S.LParen) {
        this.field[left] = F.declarator;
        const list = this.parameters();
        if (list === FAIL) return FAIL;
        this.field[list] = F.parameters;
        left = this.node(N.abstract_function_declarator, first, from);
      } else if (this.sym[this.t] === S.LBracket) {
        this.field[left] = F.declarator;
        left = this.arraySuffix(N.abstract_array_declarator, first, from);
      } else break;
    }
    return left;
  }

  private arraySuffix(type: number, first: number, from: number): number {
    this.t++;
    if (this.sym[this.t] !== S.RBracket) {
      if (this.sym[this.t] === S.Star || this.sym[this.t] === S.Qualifier || this.sym[this.t] === S.Storage) return FAIL;
      const size = this.argument();
      if (size === FAIL || this.sym[this.t] !== S.RBracket) return FAIL;
      this.field[size] = F.size;
    }
    this.t++;
    return this.node(type, first, from);
  }

  /** A declarator whose name becomes a leaf of type `leaf`. */
  protected declarator(leaf: number): number {
    const first = this.t;
    const from = this.count;
    switch (this.sym[first]) {
      case S.Star: {
        this.t++;
        this.qualifiers();
        if (++this.nesting > MAX_NESTING) return FAIL;
        const inner = this.declarator(leaf);
        this.nesting--;
        if (inner === FAIL) return FAIL;
        this.field[inner] = F.declarator;
        return this.node(N.pointer_declarator, first, from);
      }
      case S.Amp: case S.AndAnd:
        // A reference to a reference is written nowhere.
        if (!this.cpp || this.sym[first + 1] === S.Amp || this.sym[first + 1] === S.AndAnd) return FAIL;
        this.t++;
        return this.declarator(leaf) === FAIL ? FAIL : this.node(N.reference_declarator, first, from);
      case S.LParen:
        if (++this.nesting > 100) return FAIL;
        this.t++;
        if (this.declarator(leaf) === FAIL || this.sym[this.t] !== S.RParen) return FAIL;
        this.nesting--;
        this.t++;
        return this.declaratorSuffixes(first, from, this.node(N.parenthesized_declarator, first, from));
      case S.Ident: {
        if (this.sym[first + 1] !== S.Scope) return this.declaratorSuffixes(first, from, this.leaf(leaf));
        if (!this.cpp || leaf !== N.identifier) return FAIL;
        const name = this.qualified(N.identifier);
        return name === FAIL ? FAIL : this.declaratorSuffixes(first, from, name);
      }
      default: return FAIL;
    }
  }

  protected declaratorSuffixes(first: number, from: number, inner: number): number {
    let left = inner;
    while (left !== FAIL) {
      if (this.sym[this.t] === S.LParen) {
        if (this.cpp && this.isArguments(this.t)) return left;
        this.field[left] = F.declarator;
        const list = this.parameters();
        if (list === FAIL) return FAIL;
        this.field[list] = F.parameters;
        if (this.cpp) this.functionSuffix();
        left = this.node(N.function_declarator, first, from);
      } else if (this.sym[this.t] === S.LBracket) {
        this.field[left] = F.declarator;
        left = this.arraySuffix(N.array_declarator, first, from);
      } else break;
    }
    return left;
  }

  private functionSuffix(): void {
    this.qualifiers();
    while (this.sym[this.t] === S.Override) this.leaf(N.virtual_specifier);
  }

  /** In C++: what stands in these parentheses are arguments for certain, no parameters. */
  protected isArguments(open: number): boolean {
    const { sym } = this;
    for (let i = open + 1, depth = 1, starts = true; depth > 0 && i < open + 1000; i++) {
      if (starts && depth === 1 && (BEGINS_ARGUMENT[sym[i]] === 1 || (sym[i] === S.Ident && (sym[i + 1] === S.Dot || sym[i + 1] === S.Arrow)))) return true;
      starts = sym[i] === S.Comma;
      if (sym[i] === S.LParen) depth++;
      else if (sym[i] === S.RParen) depth--;
      else if (sym[i] === S.End || sym[i] === S.Semi) return false;
    }
    return false;
  }

  protected parameters(): number {
    const first = this.t++;
    const from = this.count;
    if (++this.nesting > 100) return FAIL;
    if (this.sym[this.t] !== S.RParen) {
      for (;;) {
        if (this.sym[this.t] === S.Ellipsis) {
          if (this.cpp) this.t++;
          else this.leaf(N.variadic_parameter);
        } else if (!this.parameter()) return FAIL;
        if (this.sym[this.t] !== S.Comma) break;
        this.t++;
      }
      if (this.sym[this.t] !== S.RParen) return FAIL;
    }
    this.nesting--;
    this.t++;
    return this.node(N.parameter_list, first, from);
  }

  private parameter(): boolean {
    const first = this.t;
    const from = this.count;
    if (!this.specifiers()) return false;
    const next = this.sym[this.t];
    if (next !== S.Comma && next !== S.RParen && next !== S.Assign) {
      const declarator = this.isNamed(this.t) ? this.declarator(N.identifier) : this.isUnnamed(this.t) ? this.abstractDeclarator() : FAIL;
      if (declarator === FAIL) return false;
      this.field[declarator] = F.declarator;
    }
    if (this.sym[this.t] === S.Assign) {
      if (!this.cpp) return false;
      this.t++;
      const value = this.argument();
      if (value === FAIL) return false;
      this.field[value] = F.default_value;
      this.node(N.optional_parameter_declaration, first, from);
    } else this.node(N.parameter_declaration, first, from);
    return this.sym[this.t] === S.Comma || this.sym[this.t] === S.RParen;
  }

  /** The token behind `*`, `&` and qualifiers. */
  private behindPointers(t: number): number {
    const { sym } = this;
    let i = t;
    while (sym[i] === S.Star || sym[i] === S.Qualifier || (this.cpp && (sym[i] === S.Amp || sym[i] === S.AndAnd))) i++;
    return i;
  }

  private isNamed(t: number): boolean {
    const i = this.behindPointers(t);
    if (this.sym[i] === S.Ident) return true;
    return this.sym[i] === S.LParen && this.sym[i + 1] === S.Star && this.sym[this.behindPointers(i + 1)] === S.Ident;
  }

  private isUnnamed(t: number): boolean {
    const i = this.behindPointers(t);
    if (this.sym[i] === S.Comma || this.sym[i] === S.RParen || this.sym[i] === S.LBracket) return true;
    return this.sym[i] === S.LParen && this.sym[i + 1] === S.Star && this.sym[this.behindPointers(i + 1)] === S.RParen;
  }
}
