// The fast way to a flat tree: the rewritten text's tokens are known, and the leaves of an error-free tree are those tokens in
// order, so positions need not be asked for, and much of the rest follows from the grammar. Every leaf is checked against
// its token; a tree that does not fit (an exotic construct) is answered with undefined and flattened the slow way.

import { Punct, TokenKind } from '../lex/tokens.js';
import type { Tokens } from '../lex/tokens.js';
import { MAX_TREE_DEPTH, NAMED, DESCEND, NodeBuilder } from './flatten.js';
import type { Cursor, SymbolTable } from './flatten.js';
import { FieldName, NodeType } from './node-types.js';
import { Operands } from './operands.js';
import type { FlatTree, Language } from './tree.js';

const N = NodeType;
const F = FieldName;

/** Fields of a node's children by position, where the grammar leaves no choice. */
const FIXED: (readonly number[] | undefined)[] = [];
FIXED[N.binary_expression] = [F.left, F.operator, F.right];
FIXED[N.assignment_expression] = [F.left, F.operator, F.right];
FIXED[N.field_expression] = [F.argument, F.operator, F.field];
FIXED[N.pointer_expression] = [F.operator, F.argument];
FIXED[N.unary_expression] = [F.operator, F.argument];
FIXED[N.call_expression] = [F.function, F.arguments];

/** Of these, the child that is an anonymous operator. */
const OPERATOR_AT = new Int8Array(256).fill(-1);
for (const type of [N.binary_expression, N.assignment_expression, N.field_expression]) OPERATOR_AT[type] = 1;
for (const type of [N.pointer_expression, N.unary_expression]) OPERATOR_AT[type] = 0;

/** Nodes whose children never have a field. */
const NO_FIELDS = new Uint8Array(256);
for (const type of [
  N.translation_unit, N.compound_statement, N.argument_list, N.parameter_list, N.expression_statement, N.initializer_list, N.parenthesized_expression, N.declaration_list, N.field_declaration_list,
  N.enumerator_list, N.return_statement,
]) NO_FIELDS[type] = 1;

/** The punctuator that ends a node for certain. */
const CLOSER = new Uint16Array(256);
for (const type of [N.argument_list, N.parameter_list, N.parenthesized_expression]) CLOSER[type] = Punct.RParen;
for (const type of [N.compound_statement, N.initializer_list, N.declaration_list, N.field_declaration_list, N.enumerator_list]) CLOSER[type] = Punct.RBrace;
for (const type of [N.expression_statement, N.declaration, N.return_statement, N.field_declaration, N.type_definition]) CLOSER[type] = Punct.Semi;

/** The anonymous token a node begins with for certain: a punctuator, or (ANY) whatever stands there. */
const OPENER = new Uint16Array(256);
const ANY = 0xffff;
for (const type of [N.argument_list, N.parameter_list, N.parenthesized_expression]) OPENER[type] = Punct.LParen;
for (const type of [N.compound_statement, N.initializer_list, N.declaration_list, N.field_declaration_list, N.enumerator_list]) OPENER[type] = Punct.LBrace;
for (const type of [
  N.if_statement, N.while_statement, N.for_statement, N.do_statement, N.switch_statement, N.case_statement, N.return_statement, N.goto_statement, N.else_clause, N.sizeof_expression,
  N.seh_try_statement, N.seh_except_clause, N.seh_finally_clause,
]) OPENER[type] = ANY;

/** Nodes whose children are expressions, from this child index on; 0 for all others. */
const OPERANDS_FROM = new Uint8Array(256);
for (const type of [N.argument_list, N.parenthesized_expression, N.initializer_list, N.return_statement, N.pointer_expression, N.unary_expression]) OPERANDS_FROM[type] = 1;
for (const type of [N.binary_expression, N.assignment_expression]) OPERANDS_FROM[type] = 2;

/** Punctuators no named node begins with. */
const isSeparator = (id: number): boolean => id === Punct.Comma || id === Punct.RParen || id === Punct.RBracket || id === Punct.RBrace;

/** Flat tree of an error-free parse of the text `tokens` belong to; undefined when tree and tokens do not fit. */
export function flattenAligned(cursor: Cursor, table: SymbolTable, language: Language, tokens: Tokens, text: string): FlatTree | undefined {
  return new Aligner(cursor, table, tokens, text, language).run();
}

/** What became of a child: read, read and the last of its parent, entered, or not as its tokens say. */
const READ = 0;
const CLOSED = 1;
const ENTERED = 2;
const FAILED = 3;

class Aligner {
  private readonly nodes: NodeBuilder;
  private readonly operands: Operands;
  /** Next token, and how many of its units are used up. */
  private token = 0;
  private used = 0;
  private lastEnd = 0;
  // Where the cursor stands: the node whose children are read, its type, and which child it is.
  private parent = 0;
  private parentType = 0;
  private index = 0;
  private readonly parents: number[] = [];
  private readonly indexes: number[] = [];

  constructor(private readonly cursor: Cursor, private readonly table: SymbolTable, private readonly tokens: Tokens, private readonly text: string, private readonly language: Language) {
    this.nodes = new NodeBuilder(Math.max(64, tokens.count * 2));
    this.operands = new Operands(tokens, this.nodes, text, language);
  }

  run(): FlatTree | undefined {
    const { cursor, nodes, tokens } = this;
    const rootEntry = this.entry(cursor.nodeTypeId);
    nodes.add(rootEntry & 0x3fff, cursor.startIndex, cursor.endIndex, -1, 0, 0);
    this.parentType = rootEntry & 0x3fff;
    if (cursor.gotoFirstChild() && !this.children()) return undefined;
    if (this.token !== tokens.count || this.used !== 0) return undefined;
    nodes.next[0] = nodes.count;
    return nodes.finish(this.language);
  }

  /** Reads all descendants of the root; the cursor stands on its first child. False: the tokens do not fit. */
  private children(): boolean {
    for (;;) {
      const state = this.child();
      if (state === FAILED) return false;
      if (state !== ENTERED && !this.advance(state === CLOSED)) return true;
    }
  }

  /** Reads the child the cursor stands on. */
  private child(): number {
    const { cursor, tokens, parentType, index } = this;
    if (this.token >= tokens.count) return FAILED;
    if (this.used === 0) {
      if (tokens.kind[this.token] === TokenKind.Punct) {
        const id = tokens.id[this.token];
        if (CLOSER[parentType] === id) {
          this.take();
          return CLOSED;
        }
        if (isSeparator(id) || OPERATOR_AT[parentType] === index || (index === 0 && OPENER[parentType] === id)) {
          this.take();
          return READ;
        }
      } else if (index === 0 && OPENER[parentType] === ANY && tokens.kind[this.token] === TokenKind.Name) {
        this.take();
        return READ;
      }
      if (OPERANDS_FROM[parentType] !== 0 && index >= OPERANDS_FROM[parentType] && this.simpleOperand()) return READ;
    }
    const entry = this.entry(cursor.nodeTypeId);
    if ((entry & NAMED) === 0) return this.anonymous(entry) ? READ : FAILED;
    const node = this.named(entry);
    if ((entry & DESCEND) === 0) {
      if (!this.leaf(entry & 0x3fff)) return FAILED;
      this.nodes.end[node] = this.lastEnd;
      this.nodes.next[node] = this.nodes.count;
      return READ;
    }
    if (this.known(node, entry & 0x3fff)) return READ;
    if (this.parents.length >= MAX_TREE_DEPTH || !cursor.gotoFirstChild()) return FAILED;
    this.parents.push(this.parent);
    this.indexes.push(index);
    this.parent = node;
    this.parentType = entry & 0x3fff;
    this.index = 0;
    return ENTERED;
  }

  /** An operand whose nodes its tokens tell. */
  private simpleOperand(): boolean {
    const { operands, token } = this;
    const end = operands.simple(token);
    if (end < 0) return false;
    // `(a, b)` and `return a, b;` have one child.
    if ((this.parentType === N.parenthesized_expression || this.parentType === N.return_statement) && this.tokens.id[end] !== CLOSER[this.parentType]) return false;
    operands.addSimple(token, end, this.parent, FIXED[this.parentType]?.[this.index] ?? 0);
    this.moveTo(end);
    return true;
  }

  /** Calls and field chains whose children their tokens tell: `node` is there, its children are added. */
  private known(node: number, type: number): boolean {
    const { operands, token } = this;
    if (this.used !== 0) return false;
    let end = -1;
    if (type === N.call_expression) {
      end = operands.simpleCall(token);
      if (end > 0) operands.addCallChildren(token, end, node);
    } else if (type === N.field_expression) {
      end = operands.fieldChain(token);
      if (end > 0) operands.addChainChildren(token, end, node);
    } else if (type === N.argument_list) {
      end = this.tokens.id[token] === Punct.LParen ? operands.simpleArgs(token) : -1;
      if (end > 0) operands.addArgs(token, node);
    }
    if (end < 0) return false;
    this.moveTo(end);
    this.nodes.end[node] = this.lastEnd;
    this.nodes.next[node] = this.nodes.count;
    return true;
  }

  private moveTo(token: number): void {
    this.token = token;
    this.lastEnd = this.tokens.end[token - 1];
  }

  /** Moves the cursor on to the next child to read, closing nodes on the way; `closed`: the last child was the last of its parent. False: the root is done. */
  private advance(closed: boolean): boolean {
    const { cursor, nodes } = this;
    let last = closed;
    for (;;) {
      const fixed = FIXED[this.parentType];
      this.index++;
      if (!last && (fixed === undefined || this.index < fixed.length) && cursor.gotoNextSibling()) return true;
      if (this.parents.length === 0) return false;
      nodes.end[this.parent] = this.lastEnd;
      nodes.next[this.parent] = nodes.count;
      cursor.gotoParent();
      this.parent = this.parents.pop() as number;
      this.index = this.indexes.pop() as number;
      this.parentType = nodes.type[this.parent];
      last = false;
    }
  }

  private entry(symbol: number): number {
    return this.table.symbols[symbol] || this.table.learn(symbol, this.cursor);
  }

  private named(entry: number): number {
    const { cursor, table, parent, parentType, index } = this;
    const fixed = FIXED[parentType];
    let field = 0;
    if (fixed !== undefined) field = fixed[index] ?? 0;
    else if (NO_FIELDS[parentType] === 0) {
      const fieldId = cursor.currentFieldId;
      if (fieldId) field = table.fields[fieldId] >= 0 ? table.fields[fieldId] : table.learnField(fieldId, cursor);
    }
    return this.nodes.add(entry & 0x3fff, this.tokens.start[this.token] + this.used, 0, parent, field, 0);
  }

  /** Consumes the whole next token. */
  private take(): void {
    this.lastEnd = this.tokens.end[this.token++];
  }

  /** Consumes the text of an anonymous node, which is the name of its symbol; it may be part of a token or several. */
  private anonymous(entry: number): boolean {
    const { tokens } = this;
    let want = this.table.lengthOf(entry);
    const start = tokens.start[this.token] + this.used;
    if (want === 0 || this.text.charCodeAt(start) !== this.table.firstUnitOf(entry)) return false;
    while (want > 0) {
      if (this.token >= tokens.count) return false;
      const have = tokens.end[this.token] - tokens.start[this.token] - this.used;
      if (have > want) {
        this.used += want;
        this.lastEnd = tokens.start[this.token] + this.used;
        return tokens.kind[this.token] === TokenKind.Punct;
      }
      want -= have;
      this.take();
      this.used = 0;
    }
    return true;
  }

  /** Consumes the token (or tokens) of a named node without children. */
  private leaf(type: number): boolean {
    const { tokens } = this;
    if (this.used !== 0) return false;
    const kind = tokens.kind[this.token];
    switch (type) {
      case N.string_literal: case N.raw_string_literal:
        if (kind !== TokenKind.String) return false;
        break;
      case N.char_literal:
        if (kind !== TokenKind.Char) return false;
        break;
      case N.number_literal:
        // The grammars take a sign before a number for part of it where they can.
        if (kind === TokenKind.Punct && (tokens.id[this.token] === Punct.Minus || tokens.id[this.token] === Punct.Plus) && tokens.end[this.token] === tokens.start[this.token + 1]) this.take();
        if (tokens.kind[this.token] !== TokenKind.Number) return false;
        break;
      case N.break_statement: case N.continue_statement: case N.seh_leave_statement:
        this.take();
        if (this.token >= tokens.count || tokens.id[this.token] !== Punct.Semi) return false;
        break;
      case N.type_qualifier:
        if (kind !== TokenKind.Name || this.text.startsWith('alignas', tokens.start[this.token]) || this.text.startsWith('_Alignas', tokens.start[this.token])) return false;
        break;
      case N.variadic_parameter: case N.lambda_default_capture: case N.ref_qualifier:
        if (kind !== TokenKind.Punct) return false;
        break;
      default:
        if (kind !== TokenKind.Name) return false;
    }
    this.take();
    return true;
  }
}
