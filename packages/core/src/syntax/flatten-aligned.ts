// The fast way to a flat tree: the rewritten text's tokens are known, and the leaves of an error-free tree are those tokens in
// order, so positions need not be asked for, and much of the rest follows from the grammar. Every leaf is checked against
// its token; a tree that does not fit (an exotic construct) is answered with undefined and flattened the slow way.

import { Punct, TokenKind } from '../lex/tokens.js';
import type { Tokens } from '../lex/tokens.js';
import { MAX_TREE_DEPTH, NAMED, DESCEND, NodeBuilder } from './flatten.js';
import type { Cursor, SymbolTable } from './flatten.js';
import { FieldName, NodeType } from './node-types.js';
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

/** Punctuators no named node begins with. */
const isSeparator = (id: number): boolean => id === Punct.Comma || id === Punct.RParen || id === Punct.RBracket || id === Punct.RBrace;

/** Flat tree of an error-free parse of the text `tokens` belong to; undefined when tree and tokens do not fit. */
export function flattenAligned(cursor: Cursor, table: SymbolTable, language: Language, tokens: Tokens, text: string): FlatTree | undefined {
  return new Aligner(cursor, table, tokens, text).run(language);
}

class Aligner {
  private readonly nodes: NodeBuilder;
  /** Next token, and how many of its units are used up. */
  private token = 0;
  private used = 0;
  private lastEnd = 0;

  constructor(private readonly cursor: Cursor, private readonly table: SymbolTable, private readonly tokens: Tokens, private readonly text: string) {
    this.nodes = new NodeBuilder(Math.max(64, tokens.count * 2));
  }

  run(language: Language): FlatTree | undefined {
    const { cursor, nodes, tokens } = this;
    const rootEntry = this.entry(cursor.nodeTypeId);
    const root = nodes.add(rootEntry & 0x3fff, cursor.startIndex, cursor.endIndex, -1, 0, 0);
    if (cursor.gotoFirstChild() && !this.children(root)) return undefined;
    if (this.token !== tokens.count || this.used !== 0) return undefined;
    nodes.next[root] = nodes.count;
    return nodes.finish(language);
  }

  /** Reads all descendants of the root; the cursor stands on its first child. False: the tokens do not fit. */
  private children(root: number): boolean {
    const { cursor, nodes, tokens } = this;
    const { kind, id } = tokens;
    const parents: number[] = [];
    const indexes: number[] = [];
    let parent = root;
    let parentType: number = NodeType.translation_unit;
    let index = 0;
    for (;;) {
      let closed = false;
      if (this.token >= tokens.count) return false;
      if (kind[this.token] === TokenKind.Punct && this.used === 0 && (isSeparator(id[this.token]) || OPERATOR_AT[parentType] === index)) {
        closed = CLOSER[parentType] === id[this.token];
        this.take();
      } else {
        const entry = this.entry(cursor.nodeTypeId);
        if ((entry & NAMED) === 0) {
          if (!this.anonymous(entry)) return false;
          closed = CLOSER[parentType] === Punct.Semi && id[this.token - 1] === Punct.Semi && kind[this.token - 1] === TokenKind.Punct;
        } else {
          const node = this.named(entry, parent, parentType, index);
          if ((entry & DESCEND) !== 0) {
            if (parents.length >= MAX_TREE_DEPTH || !cursor.gotoFirstChild()) return false;
            parents.push(parent);
            indexes.push(index);
            parent = node;
            parentType = entry & 0x3fff;
            index = 0;
            continue;
          }
          if (!this.leaf(entry & 0x3fff)) return false;
          nodes.end[node] = this.lastEnd;
          nodes.next[node] = nodes.count;
        }
      }
      for (;;) {
        const fixed = FIXED[parentType];
        index++;
        if (!closed && (fixed === undefined || index < fixed.length) && cursor.gotoNextSibling()) break;
        nodes.end[parent] = parent === root ? nodes.end[parent] : this.lastEnd;
        nodes.next[parent] = nodes.count;
        if (parents.length === 0) return true;
        cursor.gotoParent();
        parent = parents.pop() as number;
        index = indexes.pop() as number;
        parentType = nodes.type[parent];
        closed = false;
      }
    }
  }

  private entry(symbol: number): number {
    return this.table.symbols[symbol] || this.table.learn(symbol, this.cursor);
  }

  private named(entry: number, parent: number, parentType: number, index: number): number {
    const { cursor, table } = this;
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
