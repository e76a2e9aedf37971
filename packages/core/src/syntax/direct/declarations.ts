// Declarations: of variables and functions, typedefs, the fields and methods of structures and classes.

import { FieldName, NodeType } from '../node-types.js';
import { MAX_NESTING } from './expressions.js';
import { FAIL } from './nodes.js';
import { S } from './symbols.js';
import { TypeReader } from './types.js';

const N = NodeType;
const F = FieldName;

export abstract class DeclarationReader extends TypeReader {
  /** A declaration; with `function`, a function with its body too. */
  protected declaration(withFunction: boolean): number {
    const first = this.t;
    const from = this.count;
    if (!this.specifiers()) return FAIL;
    if (this.sym[this.t] === S.Semi) return this.emptyDeclaration(first, from);
    if (this.sym[this.t] === S.LParen && !this.isFunctionPointer(first)) return FAIL;
    const start = this.t;
    const inside = this.count;
    const declarator = this.declarator(N.identifier);
    if (declarator === FAIL) return FAIL;
    this.field[declarator] = F.declarator;
    if (this.sym[this.t] === S.LBrace && !(this.cpp && this.type[declarator] === N.identifier)) return withFunction ? this.functionBody(declarator, first, from) : FAIL;
    return this.initialised(declarator, start, inside) && this.moreDeclarators() ? this.node(N.declaration, first, from) : FAIL;
  }

  /** Behind a type: `(*name)(..)`. Without a modifier before the type that is a call to the grammars, except of basic types in C. */
  private isFunctionPointer(first: number): boolean {
    if (this.sym[this.t + 1] !== S.Star) return false;
    const start = this.sym[first];
    return start === S.Storage || start === S.Extern || start === S.Qualifier || start === S.Struct || (!this.cpp && (start === S.Primitive || start === S.Sized));
  }

  /** `struct S { .. };`: the specifier alone is the node. */
  private emptyDeclaration(first: number, from: number): number {
    const start = this.sym[first];
    if (start !== S.Struct && start !== S.Union && start !== S.Class && start !== S.Enum) return FAIL;
    const node = this.count - 1;
    const type = this.type[node];
    if (node < from || (type !== N.struct_specifier && type !== N.union_specifier && type !== N.class_specifier && type !== N.enum_specifier)) return FAIL;
    this.field[node] = F.none;
    this.t++;
    return node;
  }

  /** From behind the first declarator to the semicolon. */
  private moreDeclarators(): boolean {
    while (this.sym[this.t] === S.Comma) {
      this.t++;
      const start = this.t;
      const inside = this.count;
      const declarator = this.declarator(N.identifier);
      if (declarator === FAIL) return false;
      this.field[declarator] = F.declarator;
      if (!this.initialised(declarator, start, inside)) return false;
    }
    return this.sym[this.t++] === S.Semi;
  }

  /** `= value` or, in C++, `(arguments)` behind a declarator makes an init_declarator of it. */
  private initialised(declarator: number, start: number, inside: number): boolean {
    const isAssigned = this.sym[this.t] === S.Assign;
    const isList = this.sym[this.t] === S.LBrace;
    if (!isAssigned && (!this.cpp || (this.sym[this.t] !== S.LParen && !isList) || this.type[declarator] !== N.identifier)) return true;
    // `a b {}` and `a b { {` may be a function's body to the grammar.
    if (isList && (this.sym[this.t + 1] === S.LBrace || this.sym[this.t + 1] === S.RBrace)) return false;
    if (isAssigned) this.t++;
    const value = isList ? this.initializerList() : !isAssigned ? this.argumentList() : this.sym[this.t] === S.LBrace ? this.initializerList() : this.argument();
    if (value === FAIL) return false;
    this.field[value] = F.value;
    this.field[this.node(N.init_declarator, start, inside)] = F.declarator;
    return true;
  }

  private functionBody(declarator: number, first: number, from: number): number {
    let inner = declarator;
    while (this.type[inner] === N.pointer_declarator || this.type[inner] === N.reference_declarator) inner--;
    // Of `f() { {` the C++ grammar first tries an initialiser.
    if (this.type[inner] !== N.function_declarator || (this.cpp && this.sym[this.t + 1] === S.LBrace)) return FAIL;
    const body = this.compound();
    if (body === FAIL) return FAIL;
    this.field[body] = F.body;
    return this.node(N.function_definition, first, from);
  }

  protected typedef(): number {
    const first = this.t++;
    const from = this.count;
    this.qualifiers();
    const type = this.typeSpecifier(false);
    if (type === FAIL) return FAIL;
    this.field[type] = F.type;
    this.qualifiers();
    // `typedef unsigned long(name)(..)` declares `long` to the grammar.
    if (this.type[type] === N.sized_type_specifier && this.sym[this.t] === S.LParen) return FAIL;
    for (;;) {
      const declarator = this.declarator(N.type_identifier);
      if (declarator === FAIL) return FAIL;
      this.field[declarator] = F.declarator;
      if (this.sym[this.t] !== S.Comma) break;
      this.t++;
    }
    if (this.sym[this.t] !== S.Semi) return FAIL;
    this.t++;
    return this.node(N.type_definition, first, from);
  }

  protected recordBody(): number {
    const first = this.t++;
    const from = this.count;
    while (this.sym[this.t] !== S.RBrace) if (!this.item()) return FAIL;
    this.t++;
    return this.node(N.field_declaration_list, first, from);
  }

  private item(): boolean {
    if (!this.cpp) return this.fields();
    switch (this.sym[this.t]) {
      case S.Access:
        if (this.sym[this.t + 1] !== S.Colon) return false;
        this.leaf(N.access_specifier);
        this.t++;
        return true;
      case S.Semi: this.t++; return true;
      case S.Typedef: return this.typedef() !== FAIL;
      case S.Tilde: return this.special();
      case S.Virtual: return this.sym[this.t + 1] === S.Tilde ? this.special() : this.fields();
      case S.Ident: return this.sym[this.t + 1] === S.LParen ? this.special() : this.fields();
      default: return this.fields();
    }
  }

  /** `type a, b : 3;`, in C++ also a method. */
  private fields(): boolean {
    const first = this.t;
    const from = this.count;
    if (!this.specifiers()) return false;
    if (this.sym[this.t] === S.LParen && (this.sym[this.t + 1] !== S.Star || this.cpp)) return false;
    if (this.sym[this.t] !== S.Semi) {
      for (let n = 0; ; n++) {
        const declarator = this.declarator(N.field_identifier);
        if (declarator === FAIL) return false;
        this.field[declarator] = F.declarator;
        if (n === 0 && this.sym[this.t] === S.LBrace && this.type[declarator] !== N.field_identifier) return this.cpp && this.functionBody(declarator, first, from) !== FAIL;
        if (!this.behindField()) return false;
        if (this.sym[this.t] !== S.Comma) break;
        this.t++;
      }
    }
    if (this.sym[this.t] !== S.Semi) return false;
    this.t++;
    this.node(N.field_declaration, first, from);
    return true;
  }

  /** A width or, in C++, a default value. */
  private behindField(): boolean {
    if (this.sym[this.t] === S.Colon) {
      const start = this.t++;
      const inside = this.count;
      if (this.argument() === FAIL) return false;
      this.node(N.bitfield_clause, start, inside);
    } else if (this.cpp && this.sym[this.t] === S.LBrace) {
      const value = this.initializerList();
      if (value === FAIL) return false;
      this.field[value] = F.default_value;
    } else if (this.sym[this.t] === S.Assign) {
      if (!this.cpp) return false;
      this.t++;
      const value = this.sym[this.t] === S.LBrace ? this.initializerList() : this.argument();
      if (value === FAIL) return false;
      this.field[value] = F.default_value;
    }
    return true;
  }

  /** `A(..)`, `~A(..)`, `virtual ~A(..)`: in a class, or behind `A::` outside of one. */
  protected special(): boolean {
    const first = this.t;
    const from = this.count;
    if (this.sym[this.t] === S.Virtual) this.t++;
    const start = this.t;
    const inside = this.count;
    const name = this.specialName();
    if (name === FAIL || this.sym[this.t] !== S.LParen) return false;
    const declarator = this.declaratorSuffixes(start, inside, name);
    if (declarator === FAIL || this.type[declarator] !== N.function_declarator) return false;
    this.field[declarator] = F.declarator;
    if (this.sym[this.t] === S.Semi) {
      this.t++;
      this.node(N.declaration, first, from);
      return true;
    }
    if (this.sym[this.t] === S.Colon && !this.fieldInitializers()) return false;
    if (this.sym[this.t] !== S.LBrace) return false;
    const body = this.compound();
    if (body === FAIL) return false;
    this.field[body] = F.body;
    this.node(N.function_definition, first, from);
    return true;
  }

  /** `A`, `~A`, `A::A`, `A::~A`. */
  private specialName(): number {
    const first = this.t;
    const from = this.count;
    if (this.sym[first] === S.Tilde) {
      this.t++;
      if (this.sym[this.t] !== S.Ident) return FAIL;
      this.leaf(N.identifier);
      return this.node(N.destructor_name, first, from);
    }
    if (this.sym[first] !== S.Ident) return FAIL;
    if (this.sym[first + 1] !== S.Scope) return this.leaf(N.identifier);
    this.leafAs(N.namespace_identifier, F.scope);
    this.t++;
    if (++this.nesting > MAX_NESTING) return FAIL;
    const name = this.specialName();
    this.nesting--;
    if (name === FAIL) return FAIL;
    this.field[name] = F.name;
    return this.node(N.qualified_identifier, first, from);
  }

  private fieldInitializers(): boolean {
    const first = this.t++;
    const from = this.count;
    for (;;) {
      const start = this.t;
      const inside = this.count;
      if (this.sym[start] !== S.Ident || (this.sym[start + 1] !== S.LParen && this.sym[start + 1] !== S.LBrace)) return false;
      this.leaf(N.field_identifier);
      if ((this.sym[this.t] === S.LParen ? this.argumentList() : this.initializerList()) === FAIL) return false;
      this.node(N.field_initializer, start, inside);
      if (this.sym[this.t] !== S.Comma) break;
      this.t++;
    }
    this.node(N.field_initializer_list, first, from);
    return true;
  }
}
