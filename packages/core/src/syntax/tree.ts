// The flat syntax tree: named nodes only, in preorder, one typed array per property. Node 0 is the root.

import type { NodeType } from './node-types.js';
import type { FieldName } from './node-types.js';
import type { Language } from '../source/language.js';

export type { Language };

/** Index of a node in a FlatTree. */
export type NodeIndex = number;

/**
 * Named nodes of one file in preorder. The first child of `n` is `n + 1` when `n + 1 < next[n]`; the next sibling of
 * `n` is `next[n]` when `parent[next[n]] === parent[n]`. Offsets are UTF-16 offsets in the original text: rewriting
 * keeps lengths.
 */
export interface FlatTree {
  readonly language: Language;
  readonly count: number;
  /** Grammar-independent node type, see NodeType. */
  readonly type: Uint16Array;
  readonly start: Int32Array;
  readonly end: Int32Array;
  readonly parent: Int32Array;
  /** Index after the node's last descendant. */
  readonly next: Int32Array;
  /** Field under which the node hangs on its parent, FieldName.none when it has none. */
  readonly field: Uint8Array;
  /** Bit 0: the node is an ERROR or MISSING node or contains one; bit 1: it is one itself. */
  readonly flags: Uint8Array;
  /** Interned name of a node that is one word, 0 for others and for what tree-sitter read; absent when all of it was. */
  readonly name?: Int32Array;
}

export type { NodeType, FieldName };
