// Parsing an edited text again by parsing the one function that changed and putting its nodes into the tree from before. Only where
// that gives what a whole parse would: the old tree has no error, the change lies inside the body of a function at file, namespace or
// extern "C" level, and the function alone parses as one function without an error. Otherwise the whole text is parsed.

import type { Tokens } from '../lex/tokens.js';
import { NodeType as N } from './node-types.js';
import { isParseFailure, type ParseFailure, type SyntaxParser } from './parser.js';
import type { FlatTree, Language, NodeIndex } from './tree.js';

interface Parsed { text: string; tree: FlatTree }

/** Nodes between a function and the root that do not change how it is read. */
const TRANSPARENT = new Set<number>([N.translation_unit, N.linkage_specification, N.declaration_list, N.namespace_definition]);

export class SplicingParser implements SyntaxParser {
  /** Last tree without an error of each file whose tree is kept; undefined while there is none. */
  private readonly kept = new Map<string, Parsed | undefined>();
  /** Files whose tree is kept and was read function by function, or has no error: a function alone is read as it is in the file. */
  private readonly alone = new Set<string>();
  private current = '';
  /** Parses of parts so far, for tests and figures. */
  splices = 0;

  constructor(private readonly inner: SyntaxParser) {}

  get backend(): SyntaxParser['backend'] {
    return this.inner.backend;
  }

  remember(path: string, keep: boolean): void {
    if (!keep) {
      this.kept.delete(path);
      this.alone.delete(path);
    } else if (!this.kept.has(path)) this.kept.set(path, undefined);
  }

  readsAlone(path: string): boolean {
    return this.alone.has(path);
  }

  /** Runs `read`; what is parsed meanwhile is the text of `path`. */
  within<T>(path: string, read: () => T): T {
    const outer = this.current;
    this.current = path;
    try {
      return read();
    } finally {
      this.current = outer;
    }
  }

  parse(text: string, language: Language, tokens?: Tokens): FlatTree | ParseFailure {
    if (!this.kept.has(this.current)) return this.inner.parse(text, language, tokens);
    const before = this.kept.get(this.current);
    const spliced = before?.tree.language === language ? splice(before, text, this.inner) : undefined;
    if (spliced) this.splices++;
    const tree = spliced ?? this.inner.parse(text, language, tokens);
    const clean = !isParseFailure(tree) && (tree.flags[0] & 1) === 0;
    if (clean) this.kept.set(this.current, { text, tree });
    if (clean || (!isParseFailure(tree) && tree.name)) this.alone.add(this.current);
    else this.alone.delete(this.current);
    return tree;
  }

  raw(text: string, language: Language): boolean {
    return this.inner.raw(text, language);
  }
}

/** The tree of `text` made from that of a text that differs inside one function only; undefined when it has to be parsed whole. */
export function splice(before: Parsed, text: string, parser: SyntaxParser): FlatTree | undefined {
  if (before.text === text) return before.tree;
  const from = commonStart(before.text, text);
  const shift = text.length - before.text.length;
  const until = before.text.length - commonEnd(before.text, text, from);
  const fn = functionAround(before.tree, from, until);
  if (fn < 0) return undefined;
  const { start, end } = before.tree;
  const part = parser.parse(text.slice(start[fn], end[fn] + shift), before.tree.language);
  if (isParseFailure(part) || !isOneFunction(part, end[fn] + shift - start[fn])) return undefined;
  return joined(before.tree, fn, part, shift);
}

function commonStart(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let n = 0;
  while (n < most && a.charCodeAt(n) === b.charCodeAt(n)) n++;
  return n;
}

/** Length of the common end that does not reach into the first `from` units of either text. */
function commonEnd(a: string, b: string, from: number): number {
  const most = Math.min(a.length, b.length) - from;
  let n = 0;
  while (n < most && a.charCodeAt(a.length - 1 - n) === b.charCodeAt(b.length - 1 - n)) n++;
  return n;
}

/** The function whose body, braces excluded, holds [from, until); -1 when there is none that can be parsed by itself. */
function functionAround(tree: FlatTree, from: number, until: number): NodeIndex {
  let n = 1;
  while (n < tree.count) {
    if (tree.end[n] < until || tree.start[n] > from) {
      n = tree.next[n];
      continue;
    }
    if (tree.type[n] === N.function_definition) return inBody(tree, n, from, until) ? n : -1;
    if (!TRANSPARENT.has(tree.type[n])) return -1;
    n++;
  }
  return -1;
}

function inBody(tree: FlatTree, fn: NodeIndex, from: number, until: number): boolean {
  for (let c = fn + 1; c < tree.next[fn]; c = tree.next[c]) {
    if (tree.type[c] === N.compound_statement && tree.start[c] < from && until < tree.end[c] && tree.end[c] === tree.end[fn]) return true;
  }
  return false;
}

function isOneFunction(tree: FlatTree, length: number): boolean {
  return tree.count > 1 && (tree.flags[0] & 1) === 0 && tree.type[1] === N.function_definition && tree.next[1] === tree.count && tree.start[1] === 0 && tree.end[1] === length;
}

/** `tree` with the nodes of `fn` replaced by those of `part` (without its root); what follows moves by `shift`. */
function joined(tree: FlatTree, fn: NodeIndex, part: FlatTree, shift: number): FlatTree {
  const after = tree.next[fn];
  const grown = part.count - 1 - (after - fn);
  const count = tree.count + grown;
  const made: FlatTree = {
    language: tree.language, count, type: new Uint16Array(count), start: new Int32Array(count), end: new Int32Array(count), parent: new Int32Array(count),
    next: new Int32Array(count), field: new Uint8Array(count), flags: new Uint8Array(count),
  };
  copyBefore(tree, made, fn, after, grown, shift);
  copyPart(tree, made, fn, part);
  copyAfter(tree, made, after, grown, shift);
  return made;
}

function copyBefore(tree: FlatTree, made: FlatTree, fn: NodeIndex, after: NodeIndex, grown: number, shift: number): void {
  for (const property of ['type', 'start', 'end', 'parent', 'next', 'field', 'flags'] as const) made[property].set(tree[property].subarray(0, fn));
  for (let n = tree.parent[fn]; n >= 0; n = tree.parent[n]) {
    made.end[n] += shift;
    if (made.next[n] >= after) made.next[n] += grown;
  }
}

function copyPart(tree: FlatTree, made: FlatTree, fn: NodeIndex, part: FlatTree): void {
  const offset = tree.start[fn];
  for (let n = 1; n < part.count; n++) {
    const to = fn + n - 1;
    made.type[to] = part.type[n];
    made.start[to] = part.start[n] + offset;
    made.end[to] = part.end[n] + offset;
    made.parent[to] = part.parent[n] + fn - 1;
    made.next[to] = part.next[n] + fn - 1;
    made.field[to] = part.field[n];
  }
  made.parent[fn] = tree.parent[fn];
  made.field[fn] = tree.field[fn];
}

function copyAfter(tree: FlatTree, made: FlatTree, after: NodeIndex, grown: number, shift: number): void {
  for (const property of ['type', 'field', 'flags'] as const) made[property].set(tree[property].subarray(after), after + grown);
  for (let n = after; n < tree.count; n++) {
    const to = n + grown;
    made.start[to] = tree.start[n] + shift;
    made.end[to] = tree.end[n] + shift;
    made.parent[to] = tree.parent[n] >= after ? tree.parent[n] + grown : tree.parent[n];
    made.next[to] = tree.next[n] + grown;
  }
}
