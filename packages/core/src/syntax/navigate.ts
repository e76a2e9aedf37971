// Small walks over a flat tree.

import type { FieldName, NodeType } from './node-types.js';
import type { FlatTree, NodeIndex } from './tree.js';

/** The node is, or holds, something the grammar could not read. */
export function hasErrorWithin(tree: FlatTree, node: NodeIndex): boolean {
  return (tree.flags[node] & 1) !== 0;
}

/** Children of a node in order. */
export function children(tree: FlatTree, node: NodeIndex): NodeIndex[] {
  const found: NodeIndex[] = [];
  for (let child = node + 1; child < tree.next[node]; child = tree.next[child]) found.push(child);
  return found;
}

/** First child under a field, or -1. */
export function childByField(tree: FlatTree, node: NodeIndex, field: FieldName): NodeIndex {
  for (let child = node + 1; child < tree.next[node]; child = tree.next[child]) if (tree.field[child] === field) return child;
  return -1;
}

/** First ERROR or MISSING node at or below a node, or -1. */
export function firstError(tree: FlatTree, node: NodeIndex): NodeIndex {
  for (let n = node; n < tree.next[node]; n++) if (tree.flags[n] & 2) return n;
  return -1;
}

/** All nodes of a type in source order. */
export function nodesOfType(tree: FlatTree, type: NodeType): NodeIndex[] {
  const found: NodeIndex[] = [];
  for (let n = 0; n < tree.count; n++) if (tree.type[n] === type) found.push(n);
  return found;
}
