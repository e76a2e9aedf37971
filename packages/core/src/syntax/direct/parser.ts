// The direct parser: a flat tree from the tokens of a rewritten text, without tree-sitter. It makes exactly the tree that
// tree-sitter would make or none: top-level items it is not certain about are given to tree-sitter one by one, and when one of those
// has an error, the whole text is. Unless it is asked to contain errors: then a function whose braces match, but whose body cannot be read,
// has an empty body with an error, and what follows it is read as if nothing were wrong.

import type { Tokens } from '../../lex/tokens.js';
import { FieldName, NodeType } from '../node-types.js';
import type { FlatTree, Language } from '../tree.js';
import { firstError } from '../navigate.js';
import { FAIL } from './nodes.js';
import { StatementReader } from './statements.js';
import { S } from './symbols.js';

const N = NodeType;
const F = FieldName;

/** Flags of a node: it holds an error, it is one. */
const HAS_ERROR = 1;
const IS_ERROR = 2;

/** Namespaces within one another. */
const MAX_LISTS = 50;

/** Parses a piece of text by tree-sitter. */
export type PartParser = (text: string, language: Language) => FlatTree | undefined;

/** What was read how, in tokens: for tests and figures. */
export interface DirectCounts { direct: number; parts: number; given: number }

export class DirectParser extends StatementReader {
  readonly counts: DirectCounts = { direct: 0, parts: 0, given: 0 };
  /** Called with the token range of each item that is given to tree-sitter. */
  onPart?: (start: number, end: number) => void;
  private language: Language = 'c';
  /** Lists of items around the present one. */
  private lists = 0;
  /** An item was not readable for tree-sitter either. */
  private broken = false;

  /** A body that could not be read was left out. */
  private hasError = false;

  constructor(private readonly parsePart: PartParser, private readonly containsErrors = false) {
    super();
  }

  /** The tree, undefined when the whole text is for tree-sitter. */
  parse(tokens: Tokens, text: string, language: Language): FlatTree | undefined {
    this.language = language;
    this.broken = false;
    this.hasError = false;
    this.lists = 0;
    this.open(tokens, text, language);
    const tree = this.items(false) && this.t === this.tokenCount ? this.finish(language) : undefined;
    this.close();
    if (!tree) this.counts.given += tokens.count;
    else if (this.hasError) tree.flags[0] |= HAS_ERROR;
    return tree;
  }

  /** Items up to the end or, within braces, to the closing one. */
  private items(inside: boolean): boolean {
    while (this.t < this.tokenCount) {
      if (inside && this.sym[this.t] === S.RBrace) return true;
      const { t, count, lists } = this;
      this.resetExpressions();
      if (this.readItem()) {
        this.counts.direct += this.t - t;
        continue;
      }
      if (this.broken) return false;
      this.lists = lists;
      this.back(t, count);
      if (!this.part()) return false;
    }
    return !inside;
  }

  private readItem(): boolean {
    switch (this.sym[this.t]) {
      case S.Semi:
        if (this.cpp) return false;
        this.leaf(N.expression_statement);
        return true;
      case S.Typedef: return this.typedef() !== FAIL;
      case S.Extern: return this.sym[this.t + 1] === S.String ? this.linkage() : this.declaration(true) !== FAIL;
      case S.Namespace: return this.namespace();
      case S.Ident: return this.namedItem();
      case S.Primitive: return this.sym[this.t + 1] !== S.LParen && this.declaration(true) !== FAIL;
      case S.Storage: case S.Qualifier: case S.Sized: case S.Struct: case S.Union: case S.Class: case S.Enum: case S.Virtual:
        return this.declaration(true) !== FAIL;
      default: return false;
    }
  }

  private namedItem(): boolean {
    const { sym, t } = this;
    let i = t;
    while (this.cpp && sym[i] === S.Ident && sym[i + 1] === S.Scope) i += 2;
    if (this.cpp && i > t && (sym[i] === S.Tilde || (sym[i] === S.Ident && sym[i + 1] === S.LParen))) return this.special();
    const next = sym[i + 1];
    return (next === S.Ident || next === S.Star || next === S.Qualifier || (this.cpp && next === S.Amp)) && this.declaration(true) !== FAIL;
  }

  /** `extern "C" { .. }` or a declaration. */
  private linkage(): boolean {
    const first = this.t++;
    const from = this.count;
    this.leafAs(N.string_literal, F.value);
    if (this.sym[this.t] !== S.LBrace) {
      const node = this.declaration(true);
      if (node === FAIL || (this.type[node] !== N.declaration && this.type[node] !== N.function_definition)) return false;
      this.field[node] = F.body;
    } else if (!this.itemList()) return false;
    this.node(N.linkage_specification, first, from);
    return true;
  }

  private namespace(): boolean {
    const first = this.t++;
    const from = this.count;
    if (this.sym[this.t] === S.Ident) this.leafAs(N.namespace_identifier, F.name);
    if (this.sym[this.t] !== S.LBrace || !this.itemList()) return false;
    this.node(N.namespace_definition, first, from);
    return true;
  }

  private itemList(): boolean {
    const first = this.t++;
    const from = this.count;
    if (++this.lists > MAX_LISTS || !this.items(true)) return false;
    this.lists--;
    this.t++;
    this.field[this.node(N.declaration_list, first, from)] = F.body;
    return true;
  }

  /** The item at the present token by tree-sitter. */
  private part(): boolean {
    this.broken = true;
    const end = this.itemEnd();
    const start = this.starts[this.t];
    const tree = end === FAIL ? undefined : this.parsePart(this.text.slice(start, this.ends[end]), this.language);
    if (!tree || (tree.flags[0] & HAS_ERROR) !== 0) return this.containsErrors && this.withoutBody();
    this.take(tree, end);
    return true;
  }

  private take(tree: FlatTree, end: number): void {
    this.broken = false;
    this.onPart?.(this.t, end);
    this.counts.parts += end + 1 - this.t;
    this.graft(tree, this.starts[this.t]);
    this.t = end + 1;
  }

  /** A function whose body is no code, with its body left out and marked where the error is. */
  private withoutBody(): boolean {
    const open = this.bodyStart();
    const end = open === FAIL ? FAIL : this.closingBrace(open);
    if (end === FAIL) return false;
    const start = this.starts[this.t];
    const inside = { from: this.ends[open] - start, to: this.starts[end] - start };
    if (inside.from === inside.to) return false;
    const item = this.text.slice(start, this.ends[end]);
    const broken = this.parsePart(item, this.language);
    const error = broken ? firstError(broken, 0) : -1;
    const at = Math.min(Math.max(inside.from, error < 0 ? inside.from : broken!.start[error]), inside.to - 1);
    const blank = `${' '.repeat(at - inside.from)};${' '.repeat(inside.to - at - 1)}`;
    const tree = this.parsePart(item.slice(0, inside.from) + blank + item.slice(inside.to), this.language);
    if (!tree || (tree.flags[0] & HAS_ERROR) !== 0 || tree.type[1] !== N.function_definition || tree.next[1] !== tree.count) return false;
    for (let n = 1; n < tree.count; n++) if (tree.start[n] <= at && at < tree.end[n]) tree.flags[n] |= HAS_ERROR;
    for (let n = 1; n < tree.count; n++) if (tree.start[n] === at && tree.end[n] === at + 1) tree.flags[n] |= IS_ERROR;
    this.hasError = true;
    this.take(tree, end);
    return true;
  }

  /** The brace that opens a function's body: the first one outside of parentheses, behind what a head ends with. */
  private bodyStart(): number {
    const { sym } = this;
    let depth = 0;
    for (let i = this.t; i < this.tokenCount; i++) {
      if (sym[i] === S.LParen) depth++;
      else if (sym[i] === S.RParen) depth--;
      else if (depth === 0 && sym[i] === S.Semi) return FAIL;
      else if (sym[i] === S.LBrace) {
        const before = i > this.t ? sym[i - 1] : FAIL;
        return depth === 0 && (before === S.RParen || before === S.Qualifier || before === S.Override) ? i : FAIL;
      }
    }
    return FAIL;
  }

  private closingBrace(open: number): number {
    let depth = 0;
    for (let i = open; i < this.tokenCount; i++) {
      if (this.sym[i] === S.LBrace) depth++;
      else if (this.sym[i] === S.RBrace && --depth === 0) return i;
    }
    return FAIL;
  }

  /** Last token of the item: a semicolon outside of all brackets, or the brace behind a function's body. */
  private itemEnd(): number {
    const { sym } = this;
    let depth = 0;
    for (let i = this.t; i < this.tokenCount; i++) {
      switch (sym[i]) {
        case S.LParen: case S.LBracket: case S.LBrace: depth++; break;
        case S.RParen: case S.RBracket: if (--depth < 0) return FAIL; break;
        case S.RBrace:
          if (--depth < 0) return FAIL;
          if (depth === 0 && this.endsFunction(i)) return i;
          break;
        case S.Semi: if (depth === 0) return i; break;
        default:
      }
    }
    return FAIL;
  }

  /** Nothing that goes on with a declaration follows the brace. */
  private endsFunction(close: number): boolean {
    let depth = 0;
    let open = close;
    for (; open > this.t; open--) {
      if (this.sym[open] === S.RBrace) depth++;
      else if (this.sym[open] === S.LBrace && --depth === 0) break;
    }
    const before = this.sym[open - 1];
    return before === S.RParen || before === S.Qualifier || before === S.Override;
  }
}
