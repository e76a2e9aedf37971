// The flat tree as nodes that ESLint and esquery can walk: named nodes with `type`, `range`, `loc`, `parent`, `children`, and one property
// per grammar field (`function`, `arguments`, `declarator`), an array when a field occurs more than once.

import { FieldName, NodeType, positionAt, type FlatTree, type SourceText } from '@drvlint/core';

export interface SyntaxNode {
  /** The grammar's own name: `call_expression`, `function_definition`. */
  type: string;
  range: [number, number];
  /** Lines from 1, columns from 0. */
  loc: { start: { line: number; column: number }; end: { line: number; column: number } };
  parent: SyntaxNode | null;
  children: SyntaxNode[];
  [field: string]: unknown;
}

const TYPE_NAMES: string[] = [];
for (const [name, id] of Object.entries(NodeType)) TYPE_NAMES[id] = name;
const FIELD_NAMES: string[] = [];
for (const [name, id] of Object.entries(FieldName)) FIELD_NAMES[id] = name;
/** Grammar fields whose names a node needs for itself. */
const TAKEN: Record<string, string> = { type: 'typeNode', parent: 'parentNode', range: 'rangeNode' };

export const nodeTypeNames: readonly string[] = TYPE_NAMES.filter((n) => n !== undefined && n !== 'none');

function locOf(source: SourceText, start: number, end: number): SyntaxNode['loc'] {
  const a = positionAt(source, start);
  const b = positionAt(source, end);
  return { start: { line: a.line, column: a.column - 1 }, end: { line: b.line, column: b.column - 1 } };
}

/** Root node of an empty tree: enough for rules that only replay findings. */
export function rootOnly(source: SourceText): SyntaxNode {
  return { type: 'translation_unit', range: [0, source.text.length], loc: locOf(source, 0, source.text.length), parent: null, children: [] };
}

/** The whole tree as nodes. */
export function nodesOf(tree: FlatTree, source: SourceText): SyntaxNode {
  const nodes: SyntaxNode[] = new Array<SyntaxNode>(tree.count);
  for (let n = 0; n < tree.count; n++) {
    const parent = n === 0 ? null : nodes[tree.parent[n]];
    const node: SyntaxNode = {
      type: TYPE_NAMES[tree.type[n]] ?? 'unknown', range: [tree.start[n], tree.end[n]], loc: locOf(source, tree.start[n], tree.end[n]), parent, children: [],
    };
    nodes[n] = node;
    if (!parent) continue;
    parent.children.push(node);
    const field = FIELD_NAMES[tree.field[n]];
    if (field && field !== 'none') attach(parent, TAKEN[field] ?? field, node);
  }
  const root = nodes[0];
  root.range = [0, source.text.length];
  root.loc = locOf(source, 0, source.text.length);
  return root;
}

function attach(parent: SyntaxNode, field: string, node: SyntaxNode): void {
  const old = parent[field];
  if (old === undefined) parent[field] = node;
  else if (Array.isArray(old)) old.push(node);
  else parent[field] = [old, node];
}
