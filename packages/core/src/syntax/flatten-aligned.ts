// The fast way to a flat tree: the rewritten text's tokens are known, and the leaves of an error-free tree are those tokens in
// order, so positions need not be asked for, and much of the rest follows from the grammar. The cursor jumps only to nodes
// whose type has to be asked for. Every leaf is checked against its token; a tree that does not fit (an exotic construct) is
// answered with undefined and flattened the slow way.

import { Punct, TokenKind } from '../lex/tokens.js';
import type { Tokens } from '../lex/tokens.js';
import { DESCEND, MAX_TREE_DEPTH, NAMED, NodeBuilder } from './flatten.js';
import type { Cursor, SymbolTable } from './flatten.js';
import { ANY, CLOSER, ENDS_AT_SEPARATOR, ENDS_FUNCTION, ENDS_WITH_BODY, FIXED, HIDDEN, NO_FIELDS, OPENER, OPERANDS_FROM, OPERATOR_AT, SINGLE_OPERAND } from './grammar-shape.js';
import { FieldName, NodeType } from './node-types.js';
import { Operands } from './operands.js';
import type { FlatTree, Language } from './tree.js';

const N = NodeType;

/** Punctuators no named node begins with. */
function isSeparator(id: number): boolean {
  return id === Punct.Comma || id === Punct.RParen || id === Punct.RBracket || id === Punct.RBrace;
}

/**
 * Flat tree of an error-free parse of the text `tokens` belong to; undefined when tree and tokens do not fit. `size` is the
 * number of all nodes of the tree, anonymous ones included.
 */
export function flattenAligned(cursor: Cursor, table: SymbolTable, language: Language, tokens: Tokens, text: string, size: number): FlatTree | undefined {
  return new Aligner(cursor, table, tokens, text, language).run(size);
}

/** A jump of the cursor costs about as much as this many single steps (measured). */
const MAX_STEPS = 6;

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
  /** Preorder number of the next node among all nodes, anonymous ones included. */
  private order = 1;
  /** Where the cursor stands: its child index at every depth below the root. */
  private readonly path = new Int32Array(MAX_TREE_DEPTH + 2);
  private pathLength = 0;
  /** `order` has passed a literal whose inner nodes were counted by its text: check the next jump. */
  private suspect = false;
  // The node whose children are read, its type, which child comes next, and what the last one was.
  private parent = 0;
  private parentType = 0;
  private index = 0;
  private lastType = 0;
  private lastField = 0;
  /** The nodes around the parent and the child index of each, outermost first; `depth` of them. */
  private readonly parents = new Int32Array(MAX_TREE_DEPTH + 2);
  private readonly indexes = new Int32Array(MAX_TREE_DEPTH + 2);
  private depth = 0;

  constructor(private readonly cursor: Cursor, private readonly table: SymbolTable, private readonly tokens: Tokens, private readonly text: string, private readonly language: Language) {
    this.nodes = new NodeBuilder(Math.max(64, tokens.count + (tokens.count >> 2)));
    this.operands = new Operands(tokens, this.nodes, text, language);
  }

  run(size: number): FlatTree | undefined {
    const { cursor, nodes, tokens } = this;
    const rootEntry = this.entry(cursor.nodeTypeId);
    nodes.add(rootEntry & 0x3fff, cursor.startIndex, cursor.endIndex, -1, 0, 0);
    this.parentType = rootEntry & 0x3fff;
    if (tokens.count > 0 && !this.children()) return undefined;
    if (this.order !== size) return undefined;
    nodes.next[0] = nodes.count;
    return nodes.finish(this.language);
  }

  /** Reads all descendants of the root. False: the tokens do not fit. */
  private children(): boolean {
    for (;;) {
      const state = this.child();
      if (state === FAILED) return false;
      if (state === ENTERED) continue;
      const going = this.advance(state === CLOSED);
      if (going !== GOING) return going === DONE && this.used === 0;
    }
  }

  /** Reads the next child of the parent. */
  private child(): number {
    const { tokens, parentType, index } = this;
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
    if (!this.jump()) return FAILED;
    const entry = this.entry(this.cursor.nodeTypeId);
    if ((entry & NAMED) === 0) return this.anonymous(entry) ? READ : FAILED;
    return this.namedChild(entry);
  }

  private namedChild(entry: number): number {
    const type = entry & 0x3fff;
    const node = this.add(entry);
    this.order++;
    if ((entry & DESCEND) === 0) {
      if (!this.leaf(type)) return FAILED;
      this.finish(node);
      return READ;
    }
    if (this.known(node, type)) return READ;
    // Its `]]` is one token to the grammar.
    if (this.depth >= MAX_TREE_DEPTH || type === N.attribute_declaration) return FAILED;
    this.parents[this.depth] = this.parent;
    this.indexes[this.depth++] = this.index;
    this.parent = node;
    this.parentType = type;
    this.index = 0;
    return ENTERED;
  }

  /** Closes a node whose descendants are all there. */
  private finish(node: number): void {
    const { nodes } = this;
    nodes.end[node] = this.lastEnd;
    nodes.next[node] = nodes.count;
    this.lastType = nodes.type[node];
    this.lastField = nodes.field[node];
  }

  /** Takes the cursor to the next child; false when that is not where its tokens say. */
  private jump(): boolean {
    const { cursor } = this;
    if (!this.walk(this.index, this.order)) return false;
    if (!this.suspect && this.depth > 0) return true;
    this.suspect = false;
    return cursor.startIndex === this.tokens.start[this.token] + this.used && cursor.currentDepth === this.depth + 1;
  }

  /**
   * Moves the cursor to child `index` of the parent: step by step when that is short, else by a jump to preorder number
   * `order`. False: it is far and `order` is 0, or there is no such child.
   */
  private walk(index: number, order: number): boolean {
    const { cursor, path, indexes, depth, pathLength } = this;
    let common = 0;
    while (common < depth && common < pathLength && path[common] === indexes[common]) common++;
    const within = common < pathLength;
    let steps = within ? pathLength - 1 - common - path[common] : 1;
    for (let d = common; d <= depth; d++) steps += (d === depth ? index : indexes[d]) + (d > common ? 1 : 0);
    if (steps > MAX_STEPS) {
      if (order === 0) return false;
      cursor.gotoDescendant(order);
    } else {
      for (let ups = within ? pathLength - 1 - common : 0; ups > 0; ups--) cursor.gotoParent();
      for (let d = common; d <= depth; d++) {
        let at = 0;
        if (d === common && within) at = path[d];
        else if (!cursor.gotoFirstChild()) return false;
        for (const want = d === depth ? index : indexes[d]; at < want; at++) if (!cursor.gotoNextSibling()) return false;
      }
    }
    this.pathLength = depth + 1;
    for (let d = common; d < depth; d++) path[d] = indexes[d];
    path[depth] = index;
    return true;
  }

  /** Does the parent have another child? Asked of the cursor; closes as many nodes as there are without one. */
  private ask(): number {
    if (!this.walk(this.index - 1, 0)) return this.askDepth() ? YES : FAILED;
    if (!this.cursor.gotoNextSibling()) return NO;
    this.path[this.depth] = this.index;
    return YES;
  }

  /** An operand whose nodes its tokens tell. */
  private simpleOperand(): boolean {
    const { operands, token } = this;
    const end = operands.simple(token);
    if (end < 0 || (SINGLE_OPERAND[this.parentType] !== 0 && this.tokens.id[end] !== CLOSER[this.parentType])) return false;
    operands.addSimple(token, end, this.parent, FIXED[this.parentType]?.[this.index] ?? 0);
    this.passed(end);
    this.lastType = N.identifier;
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
    this.passed(end);
    this.finish(node);
    return true;
  }

  /** The tokens up to `end` and their nodes were written by the operand reader. */
  private passed(end: number): void {
    const { operands } = this;
    this.token = end;
    this.lastEnd = this.tokens.end[end - 1];
    this.order += operands.takePassed();
    if (operands.takeLiterals()) this.suspect = true;
  }

  /** Moves on to the next child to read, closing nodes on the way; `closed`: the last child was the last of its parent. */
  private advance(closed: boolean): number {
    const { nodes } = this;
    let last = closed;
    for (;;) {
      this.index++;
      if (!last) {
        let verdict = this.continues();
        if (verdict === ASK) verdict = this.ask();
        if (verdict === YES) return GOING;
        if (verdict === FAILED) return FAILED;
      }
      if (this.depth === 0) return this.token >= this.tokens.count ? DONE : FAILED;
      this.finish(this.parent);
      this.parent = this.parents[--this.depth];
      this.index = this.indexes[this.depth];
      this.parentType = nodes.type[this.parent];
      last = false;
    }
  }

  /** Closes as many nodes as the next node's depth tells. */
  private askDepth(): boolean {
    const { cursor, path } = this;
    cursor.gotoDescendant(this.order);
    if (cursor.startIndex !== this.tokens.start[this.token] + this.used) return false;
    this.suspect = false;
    const depth = cursor.currentDepth;
    while (this.depth + 1 > depth) {
      if (this.depth === 0) return false;
      this.finish(this.parent);
      this.parent = this.parents[--this.depth];
      this.index = this.indexes[this.depth] + 1;
      this.parentType = this.nodes.type[this.parent];
    }
    path.set(this.indexes.subarray(0, this.depth));
    path[this.depth] = this.index;
    this.pathLength = this.depth + 1;
    return this.depth + 1 === depth;
  }

  /** Has the parent another child? */
  private continues(): number {
    const { tokens, parentType, token } = this;
    if (token >= tokens.count) return NO;
    if (this.depth === 0) return YES;
    if (CLOSER[parentType] !== 0) return CLOSER[parentType] === Punct.Semi && this.isAtCloser() ? NO : YES;
    const fixed = FIXED[parentType];
    if (fixed !== undefined) return this.index < fixed.length ? YES : NO;
    if (ENDS_WITH_BODY[parentType] !== 0) return this.lastField === FieldName.body || ENDS_FUNCTION[this.lastType] !== 0 ? NO : YES;
    const id = tokens.kind[token] === TokenKind.Punct && this.used === 0 ? tokens.id[token] : 0;
    if (ENDS_AT_SEPARATOR[parentType] !== 0 && (id === Punct.Semi || isSeparator(id))) return NO;
    switch (parentType) {
      case N.if_statement:
        if (this.lastField === FieldName.alternative) return NO;
        if (this.lastField !== FieldName.consequence) return YES;
        return this.text.startsWith('else', tokens.start[token]) ? ASK : NO;
      case N.else_clause:
        return this.lastType === 0 ? YES : NO;
      case N.labeled_statement:
        return this.index > 2 ? NO : YES;
      case N.case_statement:
        return id === Punct.RBrace ? NO : ASK;
      default:
        return ASK;
    }
  }

  /** A closing bracket: a declaration that is a condition ends there, without a semicolon. */
  private isAtCloser(): boolean {
    const { tokens, token } = this;
    const id = tokens.id[token];
    return tokens.kind[token] === TokenKind.Punct && (id === Punct.RParen || id === Punct.RBracket || id === Punct.RBrace);
  }

  private entry(symbol: number): number {
    return this.table.symbols[symbol] || this.table.learn(symbol, this.cursor);
  }

  /** Adds the named node the cursor stands on. */
  private add(entry: number): number {
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

  /** Consumes the whole next token, an anonymous node. */
  private take(): void {
    this.lastEnd = this.tokens.end[this.token++];
    this.order++;
    this.lastType = 0;
    this.lastField = 0;
  }

  /** Consumes the text of an anonymous node, which is the name of its symbol; it may be part of a token or several. */
  private anonymous(entry: number): boolean {
    const { tokens } = this;
    let want = this.table.lengthOf(entry);
    const start = tokens.start[this.token] + this.used;
    if (want === 0 || this.text.charCodeAt(start) !== this.table.firstUnitOf(entry)) return false;
    this.order++;
    this.lastType = 0;
    this.lastField = 0;
    while (want > 0) {
      if (this.token >= tokens.count) return false;
      const have = tokens.end[this.token] - tokens.start[this.token] - this.used;
      if (have > want) {
        this.used += want;
        this.lastEnd = tokens.start[this.token] + this.used;
        return tokens.kind[this.token] === TokenKind.Punct;
      }
      want -= have;
      this.lastEnd = tokens.end[this.token++];
      this.used = 0;
    }
    return true;
  }

  /** Consumes the token (or tokens) of a named node that is not entered; its own number is counted already. */
  private leaf(type: number): boolean {
    const { tokens } = this;
    if (this.used !== 0) return false;
    let kind = tokens.kind[this.token];
    // The grammars take a sign before a number for part of it where they can.
    if (type === N.number_literal && kind === TokenKind.Punct && tokens.end[this.token] === tokens.start[this.token + 1]) kind = tokens.kind[++this.token];
    if (kind !== wantedKind(type)) return false;
    if (type === N.string_literal || type === N.char_literal) {
      const inner = this.operands.literalNodes(this.token);
      if (inner < 0) return false;
      this.order += inner;
      this.suspect = true;
    } else this.order += HIDDEN[type];
    if (type === N.type_qualifier && /^(?:alignas|_Alignas)$/.test(this.text.slice(tokens.start[this.token], tokens.end[this.token]))) return false;
    if (HIDDEN[type] === 2 && tokens.id[++this.token] !== Punct.Semi) return false;
    this.lastEnd = tokens.end[this.token++];
    return true;
  }
}

/** Kind of the token a leaf consists of. */
function wantedKind(type: number): number {
  switch (type) {
    case N.string_literal: return TokenKind.String;
    case N.char_literal: return TokenKind.Char;
    case N.number_literal: return TokenKind.Number;
    case N.variadic_parameter: case N.lambda_default_capture: case N.ref_qualifier: return TokenKind.Punct;
    default: return TokenKind.Name;
  }
}

/** Answers of `continues`. */
const NO = 0;
const YES = 1;
const ASK = 2;

/** Results of `advance`, besides FAILED. */
const GOING = 4;
const DONE = 5;
