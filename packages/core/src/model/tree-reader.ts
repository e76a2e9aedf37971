// Reading a flat tree: children by field, texts, and the offsets of what the tree leaves out (operators, keywords).

import { nameOf, ownCopy, sharedName } from '../lex/names.js';
import { FieldName, NodeType } from '../syntax/node-types.js';
import type { FlatTree, NodeIndex } from '../syntax/tree.js';

const WORDS = new Set<number>([
  NodeType.identifier, NodeType.field_identifier, NodeType.type_identifier, NodeType.statement_identifier, NodeType.namespace_identifier, NodeType.primitive_type,
]);

export class TreeReader {
  readonly type: Uint16Array;
  readonly start: Int32Array;
  readonly end: Int32Array;
  readonly next: Int32Array;
  readonly field: Uint8Array;

  /** `code` is the rewritten text the tree was made from: comments, directives and annotations are blanks in it; `original` the text before that. */
  constructor(readonly tree: FlatTree, readonly code: string, private readonly original: string) {
    this.type = tree.type;
    this.start = tree.start;
    this.end = tree.end;
    this.next = tree.next;
    this.field = tree.field;
  }

  /** The text of a node; that of a word is the string all files share, and none keeps the whole text alive. */
  text(n: NodeIndex): string {
    const id = this.tree.name ? this.tree.name[n] : 0;
    if (id !== 0) return nameOf(id);
    const text = this.code.slice(this.start[n], this.end[n]);
    return WORDS.has(this.type[n]) ? sharedName(text) : ownCopy(text);
  }

  /** First child under `field`, or -1. */
  child(n: NodeIndex, field: FieldName): NodeIndex {
    const last = this.next[n];
    for (let c = n + 1; c < last; c = this.next[c]) if (this.field[c] === field) return c;
    return -1;
  }

  /** First child of a type, or -1. */
  childOfType(n: NodeIndex, type: number): NodeIndex {
    const last = this.next[n];
    for (let c = n + 1; c < last; c = this.next[c]) if (this.type[c] === type) return c;
    return -1;
  }

  /** For lists that are kept, `map` what this gives: a list that grew from nothing has room for seventeen, one that was mapped for what it holds. */
  children(n: NodeIndex): NodeIndex[] {
    const found: NodeIndex[] = [];
    const last = this.next[n];
    for (let c = n + 1; c < last; c = this.next[c]) found.push(c);
    return found;
  }

  firstChild(n: NodeIndex): NodeIndex {
    return n + 1 < this.next[n] ? n + 1 : -1;
  }

  /** The node or one below it is an ERROR or MISSING node. */
  hasError(n: NodeIndex): boolean {
    return (this.tree.flags[n] & 1) !== 0;
  }

  /** The operator between two operands. Rewriting writes `<=` for a `<` that the grammar takes for a template's: the original tells. */
  between(from: number, to: number): string {
    const operator = this.code.slice(from, to).trim();
    return operator === '<=' && this.original[this.code.indexOf('<=', from) + 1] !== '=' ? '<' : operator;
  }
}
