// Operands whose subtree their tokens determine: `a`, `1`, `"s"`, `&a->b.c`, `f(a, &b)`. Where such an operand is known to stand,
// its nodes are written down without asking the parser for them.

import { nameOf } from '../lex/names.js';
import { Punct, TokenKind } from '../lex/tokens.js';
import type { Tokens } from '../lex/tokens.js';
import { ANY_KEYWORD, wordFlags } from '../rewrite/words.js';
import type { NodeBuilder } from './flatten.js';
import { HIDDEN } from './grammar-shape.js';
import { FieldName, NodeType } from './node-types.js';
import type { Language } from './tree.js';

const N = NodeType;
const F = FieldName;

/** Names that are constants to the grammars. */
const CONSTANTS: Record<string, number> = { true: N.true, TRUE: N.true, false: N.false, FALSE: N.false, NULL: N.null, nullptr: N.null, this: N.this };

/** Node type of a name as operand, -1 for words that are none. By interned name, worked out once each. */
class NameTypes {
  private types = new Int16Array(1 << 12);

  constructor(private readonly language: Language) {}

  of(id: number): number {
    if (id >= this.types.length) {
      const larger = new Int16Array(Math.max(id + 1, this.types.length * 2));
      larger.set(this.types);
      this.types = larger;
    }
    return this.types[id] || (this.types[id] = this.classify(id));
  }

  private classify(id: number): number {
    const constant = CONSTANTS[nameOf(id)];
    if (constant !== undefined && (constant !== N.this || this.language === 'cpp')) return constant;
    const flags = wordFlags(this.language);
    if (id < flags.length && (flags[id] & ANY_KEYWORD) !== 0) return -1;
    return GRAMMAR_WORDS.has(nameOf(id)) ? -1 : N.identifier;
  }
}

/** Words of the grammars that are no keywords to the rewriting. */
const GRAMMAR_WORDS = new Set(`char8_t char16_t char32_t char64_t max_align_t nullptr_t size_t ssize_t ptrdiff_t intptr_t uintptr_t charptr_t int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t
  defined and or not bitand bitor xor compl not_eq and_eq or_eq xor_eq new delete co_await co_yield co_return asm __asm__ __asm noexcept requires operator template typename __extension__ _Generic   final override
  __attribute__ __attribute __declspec __based __cdecl __clrcall __stdcall __fastcall __thiscall __vectorcall _unaligned __unaligned __uptr __sptr __restrict _Nonnull noreturn __alignof__ _alignof throw`.split(/\s+/));

const nameTypes = { c: new NameTypes('c'), cpp: new NameTypes('cpp') };

export class Operands {
  private readonly names: NameTypes;
  private readonly cpp: boolean;

  constructor(private readonly tokens: Tokens, private readonly nodes: NodeBuilder, private readonly text: string, language: Language) {
    this.names = nameTypes[language];
    this.cpp = language === 'cpp';
  }

  private counted = 0;
  private tokensRead = 0;
  private literals = false;

  /** How many nodes of the parser's tree, anonymous ones included, the additions since the last call stand for. */
  takePassed(): number {
    const passed = this.counted + this.tokensRead;
    this.counted = 0;
    this.tokensRead = 0;
    return passed;
  }

  /** Was a literal among them, whose inner nodes were counted by its text? */
  takeLiterals(): boolean {
    const { literals } = this;
    this.literals = false;
    return literals;
  }

  /** Nodes inside a string or character literal: quotes, runs of text, escape sequences; -1 for a raw string. */
  literalNodes(t: number): number {
    const { text, tokens } = this;
    const quote = tokens.kind[t] === TokenKind.Char ? 39 : 34;
    let i = tokens.start[t];
    while (text.charCodeAt(i) !== quote) if (text.charCodeAt(i++) === 82) return -1;
    const end = tokens.end[t] - 1;
    let nodes = 2;
    let inText = false;
    for (i++; i < end; ) {
      if (text.charCodeAt(i) === 92) {
        nodes++;
        inText = false;
        i += escapeLength(text, i);
      } else {
        if (!inText || quote === 39) nodes++;
        inText = true;
        i++;
      }
    }
    return nodes;
  }

  private isPunct(t: number, id: number): boolean {
    return this.tokens.id[t] === id && this.tokens.kind[t] === TokenKind.Punct && t < this.tokens.count;
  }

  /** A token behind which an operand is over. */
  isEnd(t: number): boolean {
    const { tokens } = this;
    if (t >= tokens.count || tokens.kind[t] !== TokenKind.Punct) return false;
    const id = tokens.id[t];
    return id === Punct.Comma || id === Punct.RParen || id === Punct.Semi || id === Punct.RBracket || id === Punct.RBrace;
  }

  /** Index behind a simple operand at `t` that ends there, or -1. */
  simple(t: number): number {
    let i = t;
    while (this.prefixType(i) !== 0) i++;
    const end = this.chain(i);
    return end > 0 && this.isEnd(end) ? end : -1;
  }

  /** Index behind `name`, `name->field.field` or a constant, or -1. */
  private chain(t: number): number {
    const { tokens } = this;
    if (t >= tokens.count) return -1;
    const kind = tokens.kind[t];
    if (kind !== TokenKind.Name) return kind === TokenKind.Char || (kind === TokenKind.Number && this.isPlainNumber(t)) || (kind === TokenKind.String && this.isPlainString(t)) ? t + 1 : -1;
    const type = this.names.of(tokens.id[t]);
    if (type < 0) return -1;
    return type === N.identifier || type === N.this ? this.fields(t + 1) : t + 1;
  }

  /** Not a C++ literal with a suffix of the program's own. */
  private isPlainNumber(t: number): boolean {
    if (!this.cpp) return true;
    const last = this.text.charCodeAt(this.tokens.end[t] - 1) | 32;
    return last < 97 || last === 117 || last === 108 || this.text.charCodeAt(this.tokens.start[t]) === 48;
  }

  /** Not a raw string. */
  private isPlainString(t: number): boolean {
    const { start } = this.tokens;
    for (let at = start[t]; at < start[t] + 3; at++) {
      const unit = this.text.charCodeAt(at);
      if (unit === 34) return true;
      if (unit === 82) return false;
    }
    return true;
  }

  /** Index behind the `->name` and `.name` from `t` on. */
  private fields(t: number): number {
    const { tokens } = this;
    let i = t;
    while ((this.isPunct(i, Punct.Arrow) || this.isPunct(i, Punct.Dot)) && tokens.kind[i + 1] === TokenKind.Name && this.names.of(tokens.id[i + 1]) !== -1) i += 2;
    return i;
  }

  private prefixType(t: number): number {
    if (this.isPunct(t, Punct.Amp) || this.isPunct(t, Punct.Star)) return N.pointer_expression;
    return this.isPunct(t, Punct.Not) || this.isPunct(t, Punct.Tilde) ? N.unary_expression : 0;
  }

  /** Writes the nodes of the simple operand at [t, end). */
  addSimple(t: number, end: number, parent: number, field: number): void {
    const { nodes, tokens } = this;
    const stop = tokens.end[end - 1];
    const first = nodes.count;
    let i = t;
    // Every token is a leaf or an anonymous node, one each.
    this.tokensRead += end - t;
    let owner = parent;
    let hang = field;
    for (let type = this.prefixType(i); type !== 0; type = this.prefixType(i)) {
      owner = nodes.add(type, tokens.start[i++], stop, owner, hang, 0);
      this.counted++;
      hang = F.argument;
    }
    this.addChain(i, end, owner, hang);
    for (let n = first; n < first + (i - t); n++) nodes.next[n] = nodes.count;
  }

  private addChain(t: number, end: number, parent: number, field: number): void {
    const { nodes, tokens } = this;
    const members = (end - t - 1) >> 1;
    const first = nodes.count;
    let owner = parent;
    let hang = field;
    for (let m = members; m > 0; m--) {
      owner = nodes.add(N.field_expression, tokens.start[t], tokens.end[t + 2 * m], owner, hang, 0);
      this.counted++;
      hang = F.argument;
    }
    this.addLeaf(t, this.leafType(t), owner, hang);
    for (let m = 1; m <= members; m++) {
      const node = first + members - m;
      this.addLeaf(t + 2 * m, N.field_identifier, node, F.field);
      nodes.next[node] = nodes.count;
    }
  }

  private leafType(t: number): number {
    switch (this.tokens.kind[t]) {
      case TokenKind.Number: return N.number_literal;
      case TokenKind.Char: return N.char_literal;
      case TokenKind.String: return N.string_literal;
      default: return this.names.of(this.tokens.id[t]);
    }
  }

  private addLeaf(t: number, type: number, parent: number, field: number): void {
    const { nodes, tokens } = this;
    if (type === N.string_literal || type === N.char_literal) {
      this.counted += this.literalNodes(t);
      this.literals = true;
    } else this.counted += HIDDEN[type];
    const node = nodes.add(type, tokens.start[t], tokens.end[t], parent, field, 0);
    nodes.next[node] = nodes.count;
  }

  /** A field expression that begins at `t` and is nothing but names: index behind it, or -1. */
  fieldChain(t: number): number {
    const { tokens } = this;
    if (tokens.kind[t] !== TokenKind.Name) return -1;
    const type = this.names.of(tokens.id[t]);
    if (type !== N.identifier && type !== N.this) return -1;
    const end = this.fields(t + 1);
    return end > t + 1 && this.endsPostfix(end) ? end : -1;
  }

  /** Nothing at `t` that would go on with a postfix expression. */
  private endsPostfix(t: number): boolean {
    const { tokens } = this;
    if (t >= tokens.count) return false;
    if (tokens.kind[t] !== TokenKind.Punct) return false;
    const id = tokens.id[t];
    if (id === Punct.LParen || id === Punct.LBracket || id === Punct.Arrow || id === Punct.Dot || id === Punct.Increment || id === Punct.Scope || id === Punct.LBrace) return false;
    return !(this.cpp && id === Punct.Less);
  }

  /** `name(simple, simple)`: index behind it, or -1. */
  simpleCall(t: number): number {
    const { tokens } = this;
    if (tokens.kind[t] !== TokenKind.Name || this.names.of(tokens.id[t]) !== N.identifier || !this.isPunct(t + 1, Punct.LParen)) return -1;
    const end = this.simpleArgs(t + 1);
    return end > 0 && this.endsPostfix(end) ? end : -1;
  }

  /** `(simple, simple)`: index behind it, or -1. */
  simpleArgs(open: number): number {
    if (this.isPunct(open + 1, Punct.RParen)) return open + 2;
    for (let t = open + 1; ; t++) {
      t = this.simple(t);
      if (t < 0) return -1;
      if (this.isPunct(t, Punct.RParen)) return t + 1;
      if (!this.isPunct(t, Punct.Comma)) return -1;
    }
  }

  /** Children of a simple call's node, which is there already. */
  addCallChildren(t: number, end: number, call: number): void {
    const { nodes, tokens } = this;
    this.addLeaf(t, N.identifier, call, F.function);
    this.tokensRead++;
    this.counted++;
    const list = nodes.add(N.argument_list, tokens.start[t + 1], tokens.end[end - 1], call, F.arguments, 0);
    this.addArgs(t + 1, list);
  }

  addArgs(open: number, list: number): void {
    const { nodes } = this;
    this.tokensRead += 2;
    if (!this.isPunct(open + 1, Punct.RParen)) {
      for (let t = open + 1; ; t++) {
        const end = this.simple(t);
        this.addSimple(t, end, list, 0);
        t = end;
        if (this.isPunct(t, Punct.RParen)) break;
        this.tokensRead++;
      }
    }
    nodes.next[list] = nodes.count;
  }

  /** Children of a field chain's outermost node, which is there already. */
  addChainChildren(t: number, end: number, outer: number): void {
    const { nodes } = this;
    this.tokensRead += end - t;
    if (end - t > 3) this.addChain(t, end - 2, outer, F.argument);
    else this.addLeaf(t, this.leafType(t), outer, F.argument);
    this.addLeaf(end - 1, N.field_identifier, outer, F.field);
    nodes.next[outer] = nodes.count;
  }
}

/** Length of the escape sequence at a backslash, by the grammars' own rule. */
function escapeLength(text: string, at: number): number {
  const rule = /\\(?:x[0-9a-fA-F]{1,4}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|\d{2,3}|[^xuU])/y;
  rule.lastIndex = at;
  return rule.test(text) ? rule.lastIndex - at : 1;
}
