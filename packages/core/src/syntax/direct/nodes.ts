// Nodes as the direct parser makes them: in postorder, so that a node is written when its children are known, each with the size
// of its subtree. That alone tells its place in preorder: behind all nodes that came before its subtree, and behind its ancestors.
// Subtrees read by tree-sitter are grafted in.

import type { Tokens } from '../../lex/tokens.js';
import { MAX_TREE_DEPTH } from '../flatten.js';
import { NodeType } from '../node-types.js';
import type { FlatTree, Language } from '../tree.js';
import { readSymbols, S } from './symbols.js';

/** Answer of a reader that does not know. */
export const FAIL = -1;

type NamedTree = FlatTree & { readonly name: Int32Array };

/** Nodes 1.. of `tree` stand in postorder from `at` on, moved by `shift` in the text. */
interface Graft { at: number; tree: FlatTree; shift: number }

export class NodeWriter {
  protected cpp = false;
  protected text = '';
  /** Symbol of every token, see symbols.ts. */
  protected sym = new Uint16Array(1 << 12);
  protected starts: Int32Array = new Int32Array(0);
  protected ends: Int32Array = new Int32Array(0);
  private ids: Int32Array = new Int32Array(0);
  protected tokenCount = 0;
  /** Next token. */
  protected t = 0;
  /** Nodes written. */
  protected count = 0;
  protected type = new Uint8Array(1 << 14);
  protected field = new Uint8Array(1 << 14);
  private ownName = new Int32Array(1 << 14);
  private size = new Int32Array(1 << 14);
  private from = new Int32Array(1 << 14);
  private to = new Int32Array(1 << 14);
  private grafts: Graft[] = [];

  protected open(tokens: Tokens, text: string, language: Language): void {
    if (this.sym.length < tokens.count + 8) this.sym = new Uint16Array(tokens.count * 2 + 8);
    readSymbols(tokens, text, language, this.sym);
    this.cpp = language === 'cpp';
    this.text = text;
    this.starts = tokens.start;
    this.ends = tokens.end;
    this.ids = tokens.id;
    this.tokenCount = tokens.count;
    this.t = 0;
    this.count = 0;
    this.grafts = [];
  }

  protected close(): void {
    this.text = '';
    this.grafts = [];
  }

  /** A node over the tokens from `first` to the present one; its children are the nodes written from `children` on. */
  protected node(type: number, first: number, children: number): number {
    const n = this.count++;
    if (n === this.type.length) this.grow(n + 1);
    this.type[n] = type;
    this.field[n] = 0;
    this.size[n] = n - children + 1;
    this.ownName[n] = 0;
    this.from[n] = this.starts[first];
    this.to[n] = this.ends[this.t - 1];
    return n;
  }

  /** A leaf that is the present token. */
  protected leaf(type: number): number {
    const n = this.count++;
    if (n === this.type.length) this.grow(n + 1);
    this.type[n] = type;
    this.field[n] = 0;
    this.size[n] = 1;
    this.ownName[n] = this.sym[this.t] >= S.Ident ? this.ids[this.t] : 0;
    this.from[n] = this.starts[this.t];
    this.to[n] = this.ends[this.t++];
    return n;
  }

  protected leafAs(type: number, field: number): number {
    const n = this.leaf(type);
    this.field[n] = field;
    return n;
  }

  /** The nodes of `tree`, its root left out, as siblings at this place. */
  protected graft(tree: FlatTree, shift: number): void {
    if (tree.count === 1) return;
    while (this.count + tree.count > this.type.length) this.grow(this.count + tree.count);
    this.grafts.push({ at: this.count, tree, shift });
    this.count += tree.count - 1;
  }

  /** Forgets the nodes from `count` on. */
  protected back(token: number, count: number): void {
    this.t = token;
    this.count = count;
    while (this.grafts.length > 0 && this.grafts[this.grafts.length - 1].at >= count) this.grafts.pop();
  }

  private grow(least: number): void {
    const capacity = Math.max(least, this.type.length * 2);
    const copy = <T extends Uint8Array | Int32Array>(fresh: T, old: T): T => { fresh.set(old); return fresh; };
    this.type = copy(new Uint8Array(capacity), this.type);
    this.field = copy(new Uint8Array(capacity), this.field);
    this.ownName = copy(new Int32Array(capacity), this.ownName);
    this.size = copy(new Int32Array(capacity), this.size);
    this.from = copy(new Int32Array(capacity), this.from);
    this.to = copy(new Int32Array(capacity), this.to);
  }

  /** All nodes under a root, in preorder; undefined when they nest too deep. */
  protected finish(language: Language): FlatTree | undefined {
    const total = this.count + 1;
    const tree: NamedTree = {
      language, count: total, type: new Uint16Array(total), start: new Int32Array(total), end: new Int32Array(total), parent: new Int32Array(total), next: new Int32Array(total),
      field: new Uint8Array(total), flags: new Uint8Array(total), name: new Int32Array(total),
    };
    tree.type[0] = NodeType.translation_unit;
    tree.start[0] = this.tokenCount > 0 ? this.starts[0] : this.text.length;
    tree.end[0] = this.text.length;
    tree.parent[0] = -1;
    tree.next[0] = total;
    return this.place(tree) ? tree : undefined;
  }

  /** From the last node to the first: an ancestor comes before its descendants. */
  private place(tree: NamedTree): boolean {
    const { type, field, ownName, size, from, to, grafts } = this;
    const low = new Int32Array(MAX_TREE_DEPTH + 8);
    const open = new Int32Array(MAX_TREE_DEPTH + 8);
    let depth = 1;
    let g = grafts.length - 1;
    for (let p = this.count - 1; p >= 0; p--) {
      while (depth > 1 && p < low[depth - 1]) depth--;
      if (g >= 0 && p >= grafts[g].at && p < grafts[g].at + grafts[g].tree.count - 1) {
        placeGraft(tree, grafts[g], depth, open[depth - 1]);
        p = grafts[g--].at;
        continue;
      }
      const first = p - size[p] + 1;
      const n = first + depth;
      tree.type[n] = type[p];
      tree.start[n] = from[p];
      tree.end[n] = to[p];
      tree.parent[n] = open[depth - 1];
      tree.next[n] = n + size[p];
      tree.field[n] = field[p];
      tree.name[n] = ownName[p];
      if (size[p] > 1) {
        if (depth >= MAX_TREE_DEPTH - 8) return false;
        low[depth] = first;
        open[depth++] = n;
      }
    }
    return true;
  }
}

function placeGraft(tree: FlatTree, graft: Graft, depth: number, parent: number): void {
  const part = graft.tree;
  const shift = graft.at + depth - 1;
  for (let n = 1; n < part.count; n++) {
    const to = n + shift;
    tree.type[to] = part.type[n];
    tree.start[to] = part.start[n] + graft.shift;
    tree.end[to] = part.end[n] + graft.shift;
    tree.parent[to] = part.parent[n] === 0 ? parent : part.parent[n] + shift;
    tree.next[to] = part.next[n] + shift;
    tree.field[to] = part.field[n];
    tree.flags[to] = part.flags[n];
  }
}
