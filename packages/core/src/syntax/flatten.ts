// A tree-sitter tree to a flat tree, by cursor: the named nodes in preorder, anonymous ones skipped. Both backends offer the
// same cursor; symbol and field numbers are mapped once per grammar, the first time they are met.

import { FieldName, NodeType } from './node-types.js';
import type { FlatTree, Language } from './tree.js';

/** The part of tree-sitter's cursor that is used; offsets are UTF-16 units in both backends. */
export interface Cursor {
  readonly nodeType: string;
  readonly nodeTypeId: number;
  readonly nodeIsNamed: boolean;
  readonly nodeIsMissing: boolean;
  readonly startIndex: number;
  readonly endIndex: number;
  readonly currentFieldId: number | undefined;
  readonly currentFieldName: string | null | undefined;
  gotoFirstChild(): boolean;
  gotoNextSibling(): boolean;
  gotoParent(): boolean;
  /** To the node with that preorder number, anonymous nodes counted, the root being 0. */
  gotoDescendant(index: number): void;
  readonly currentDepth: number;
}

/** Nodes deeper than this are not kept; what holds them counts as an error and is not analysed. */
export const MAX_TREE_DEPTH = 1000;

export const ERROR_SYMBOL = 0xffff;
const HAS_ERROR = 1;
const IS_ERROR = 2;

/** Symbol -> what to do with it: node type (of anonymous ones: index of its text) in the low bits, whether its children matter above them. */
export const DESCEND = 1 << 14;
export const NAMED = 1 << 15;
const KNOWN = 1 << 16;

/** Nodes without named children that anyone reads. */
const LEAVES = new Set([
  'identifier', 'field_identifier', 'type_identifier', 'statement_identifier', 'namespace_identifier', 'primitive_type', 'number_literal', 'string_literal', 'raw_string_literal', 'char_literal',
  'comment', 'true', 'false', 'null', 'this', 'auto', 'storage_class_specifier', 'type_qualifier', 'ms_call_modifier', 'break_statement', 'continue_statement', 'seh_leave_statement',
  'system_lib_string', 'access_specifier', 'virtual_specifier', 'string_content', 'escape_sequence', 'literal_suffix', 'variadic_parameter', 'gnu_asm_qualifier', 'lambda_default_capture', 'ref_qualifier',
  'preproc_arg', 'preproc_directive',
]);

/** What a symbol means to the kernel: its node type, NAMED, DESCEND; 0 for an anonymous one. */
export function symbolEntry(name: string, isNamed: boolean): number {
  if (name === 'ERROR') return DESCEND | NAMED | NodeType.ERROR;
  if (!isNamed) return 0;
  return NAMED | ((NodeType as Record<string, number>)[name] ?? NodeType.none) | (LEAVES.has(name) ? 0 : DESCEND);
}

/** Per grammar and backend: what its numbers mean. Shared by all trees of that grammar. */
export class SymbolTable {
  readonly symbols = new Int32Array(1 << 16);
  readonly fields = new Int16Array(256).fill(-1);
  /** Texts of anonymous symbols. */
  private readonly texts: string[] = [''];

  learn(symbol: number, cursor: Cursor): number {
    const name = cursor.nodeType;
    let entry = KNOWN | DESCEND;
    if (symbol === ERROR_SYMBOL || name === 'ERROR') entry |= NAMED | NodeType.ERROR;
    else if (cursor.nodeIsNamed) {
      entry |= NAMED | ((NodeType as Record<string, number>)[name] ?? NodeType.none);
      if (LEAVES.has(name)) entry &= ~DESCEND;
    } else entry = KNOWN | (this.texts.push(name) - 1);
    this.symbols[symbol] = entry;
    return entry;
  }

  /** Length of an anonymous node's text. */
  lengthOf(entry: number): number {
    return this.texts[entry & 0x3fff].length;
  }

  firstUnitOf(entry: number): number {
    return this.texts[entry & 0x3fff].charCodeAt(0);
  }

  learnField(id: number, cursor: Cursor): number {
    const name = cursor.currentFieldName;
    const field = name ? (FieldName as Record<string, number>)[name] ?? FieldName.none : FieldName.none;
    this.fields[id] = field;
    return field;
  }
}

/** Walks the whole tree. `hasError` is the root's own answer: without errors nothing is asked for missing nodes. */
export function flatten(cursor: Cursor, table: SymbolTable, language: Language, textLength: number, hasError: boolean): FlatTree {
  const nodes = new NodeBuilder((textLength >> 2) + 64);
  const open: number[] = [];
  const { symbols, fields } = table;
  let parent = -1;
  for (;;) {
    const symbol = cursor.nodeTypeId;
    const entry = symbols[symbol] || table.learn(symbol, cursor);
    let node = -1;
    let flags = 0;
    if (hasError && ((entry & (NAMED | 0x3fff)) === (NAMED | NodeType.ERROR) || cursor.nodeIsMissing)) flags = HAS_ERROR | IS_ERROR;
    if (entry & NAMED || flags) {
      const fieldId = cursor.currentFieldId;
      const field = fieldId ? (fields[fieldId] >= 0 ? fields[fieldId] : table.learnField(fieldId, cursor)) : 0;
      node = nodes.add(entry & NAMED ? entry & 0x3fff : NodeType.ERROR, cursor.startIndex, cursor.endIndex, parent, field, flags);
    }
    if (flags) nodes.markUpwards(node);
    if (entry & DESCEND && open.length < MAX_TREE_DEPTH) {
      if (cursor.gotoFirstChild()) {
        open.push(node);
        parent = node;
        continue;
      }
    } else if (entry & DESCEND && cursor.gotoFirstChild()) {
      nodes.markUpwards(node);
      cursor.gotoParent();
    }
    if (node >= 0) nodes.next[node] = nodes.count;
    while (!cursor.gotoNextSibling()) {
      if (open.length === 0) return nodes.finish(language);
      cursor.gotoParent();
      const closed = open.pop() as number;
      nodes.next[closed] = nodes.count;
      parent = nodes.parent[closed];
    }
  }
}

/** Growing arrays of the tree being built. */
export class NodeBuilder {
  count = 0;
  type: Uint16Array;
  private start: Int32Array;
  end: Int32Array;
  parent: Int32Array;
  next: Int32Array;
  field: Uint8Array;
  private flags: Uint8Array;

  constructor(capacity: number) {
    this.type = new Uint16Array(capacity);
    this.start = new Int32Array(capacity);
    this.end = new Int32Array(capacity);
    this.parent = new Int32Array(capacity);
    this.next = new Int32Array(capacity);
    this.field = new Uint8Array(capacity);
    this.flags = new Uint8Array(capacity);
  }

  add(type: number, start: number, end: number, parent: number, field: number, flags: number): number {
    const n = this.count;
    if (n === this.type.length) this.resize(n * 2);
    this.type[n] = type;
    this.start[n] = start;
    this.end[n] = end;
    this.parent[n] = parent;
    this.field[n] = field;
    this.flags[n] = flags;
    this.count = n + 1;
    return n;
  }

  markUpwards(node: number): void {
    for (let n = node; n >= 0; n = this.parent[n]) {
      if (n !== node && this.flags[n] & HAS_ERROR) return;
      this.flags[n] |= HAS_ERROR;
    }
  }

  finish(language: Language): FlatTree {
    this.resize(this.count);
    const { count, type, start, end, parent, next, field, flags } = this;
    return { language, count, type, start, end, parent, next, field, flags };
  }

  private resize(capacity: number): void {
    this.type = resized(this.type, new Uint16Array(capacity));
    this.start = resized(this.start, new Int32Array(capacity));
    this.end = resized(this.end, new Int32Array(capacity));
    this.parent = resized(this.parent, new Int32Array(capacity));
    this.next = resized(this.next, new Int32Array(capacity));
    this.field = resized(this.field, new Uint8Array(capacity));
    this.flags = resized(this.flags, new Uint8Array(capacity));
  }
}

function resized<T extends Uint8Array | Uint16Array | Int32Array>(old: T, fresh: T): T {
  fresh.set(old.length > fresh.length ? old.subarray(0, fresh.length) : old);
  return fresh;
}
