// Expressions of the tree -> Expr objects. What it does not know becomes an 'unknown' with its parts.

import { FieldName as F, NodeType as N } from '../syntax/node-types.js';
import type { NodeIndex } from '../syntax/tree.js';
import type { CallExpr, Expr, InitItem, UnaryExpr } from './expr.js';
import type { LambdaExpr } from './expr.js';
import { charValue, numberValue } from './literals.js';
import { declaratorOf, qualifiedName, specifiersOf, typeName, type ParamReader } from './lower-type.js';
import type { TreeReader } from './tree-reader.js';
import type { TypeRef } from './types.js';

const CPP_CASTS: Record<string, string> = { static_cast: 'static', reinterpret_cast: 'reinterpret', const_cast: 'const', dynamic_cast: 'dynamic' };
/** Below this depth expressions become 'unknown': real code never comes near it. */
const MAX_DEPTH = 600;
const OPEN = 40;
/** What a call has until its parts are lowered. */
const unset: Expr = { k: 'unknown', start: 0, end: 0, parts: [] };
const noArguments: Expr[] = [];

export class ExprLowering {
  /** Every call lowered since it was last cleared, in source order. */
  calls: CallExpr[] = [];
  private depth = 0;
  /** `(T)(x)` whose argument is being lowered as the operand of the cast. */
  private casting: NodeIndex = -1;

  constructor(
    private readonly r: TreeReader,
    readonly readParams: ParamReader,
    /** Lowers a lambda's body; set by the statement lowering. */
    private readonly lambdaBody: (lambda: NodeIndex) => Pick<LambdaExpr, 'params' | 'ret' | 'body'>,
    /** Whether a name is one of a type: without it `(T)(x)` is a call and `(T)&x` a conjunction. */
    private readonly isType: (name: string) => boolean = () => false,
  ) {}

  lower(n: NodeIndex): Expr {
    if (n < 0) return { k: 'unknown', start: 0, end: 0, parts: [] };
    if (this.depth > MAX_DEPTH) return { k: 'unknown', start: this.r.start[n], end: this.r.end[n], parts: [] };
    this.depth++;
    const e = this.byType(n);
    this.depth--;
    return e;
  }

  typeDescriptor(n: NodeIndex): TypeRef {
    if (n < 0) return { base: '', ptr: 0 };
    if (this.r.type[n] !== N.type_descriptor) return { ptr: 0, ...typeName(this.r, n) };
    return declaratorOf(this.r, this.r.child(n, F.declarator), specifiersOf(this.r, n), this.readParams).type;
  }

  private byType(n: NodeIndex): Expr {
    const r = this.r;
    const cast = r.code.charCodeAt(r.start[n]) === OPEN ? this.castCall(n) : undefined;
    if (cast) return cast;
    switch (r.type[n]) {
      case N.parenthesized_expression: case N.condition_clause: return this.parenthesized(n);
      case N.call_expression: return this.call(n);
      case N.field_expression: return this.fieldAccess(n);
      case N.binary_expression: return this.binary(n);
      case N.subscript_expression: return this.subscript(n);
      case N.initializer_list: return this.initList(n);
      case N.new_expression: return this.newExpr(n);
      case N.extension_expression: case N.argument_list: case N.parameter_pack_expansion: return this.onlyPart(n);
      default: return this.leaf(n) ?? this.operator(n) ?? this.typed(n) ?? { k: 'unknown', start: r.start[n], end: r.end[n], parts: r.children(n).map((c) => this.lower(c)) };
    }
  }

  /** Names and literals. */
  private leaf(n: NodeIndex): Expr | undefined {
    const r = this.r;
    const start = r.start[n];
    const end = r.end[n];
    switch (r.type[n]) {
      case N.identifier: case N.type_identifier: case N.field_identifier: case N.this: case N.true: case N.false: case N.primitive_type: case N.namespace_identifier:
      case N.null:
        return { k: 'name', start, end, name: r.text(n) };
      case N.qualified_identifier: case N.template_function: case N.template_type: case N.dependent_name:
        return { k: 'name', start, end, name: qualifiedName(r, n).base };
      case N.number_literal: {
        const text = r.text(n);
        const { value, float } = numberValue(text);
        return float ? { k: 'num', start, end, value, float, text } : { k: 'num', start, end, value, text };
      }
      case N.string_literal: case N.raw_string_literal: return { k: 'str', start, end, text: r.text(n) };
      case N.concatenated_string: return { k: 'str', start, end, text: r.text(n).replace(/\s+/g, ' ') };
      case N.char_literal: {
        const text = r.text(n);
        return { k: 'char', start, end, text, value: charValue(text) };
      }
      default: return undefined;
    }
  }

  private operator(n: NodeIndex): Expr | undefined {
    const r = this.r;
    const start = r.start[n];
    const end = r.end[n];
    switch (r.type[n]) {
      case N.pointer_expression: case N.unary_expression: {
        const argument = r.child(n, F.argument);
        const op = r.between(start, r.start[argument]) as UnaryExpr['op'];
        return { k: 'unary', start, end, op: (op as string) === 'not' ? '!' : op, e: this.lower(argument) };
      }
      case N.update_expression: {
        const argument = r.child(n, F.argument);
        const prefix = r.start[argument] > start;
        const op = r.code.startsWith('++', prefix ? start : end - 2) ? '++' : '--';
        return { k: 'update', start, end, op, prefix, e: this.lower(argument) };
      }
      case N.assignment_expression: {
        const left = r.child(n, F.left);
        const right = r.child(n, F.right);
        return { k: 'assign', start, end, op: r.between(r.end[left], r.start[right]), l: this.lower(left), r: this.lower(right) };
      }
      case N.comma_expression: return { k: 'comma', start, end, l: this.lower(r.child(n, F.left)), r: this.lower(r.child(n, F.right)) };
      case N.conditional_expression: return {
        k: 'cond', start, end, c: this.lower(r.child(n, F.condition)), a: this.lower(r.child(n, F.consequence)), b: this.lower(r.child(n, F.alternative)),
      };
      case N.delete_expression: return { k: 'delete', start, end, e: this.lower(r.firstChild(n)), array: /\[/.test(r.between(start, r.start[r.firstChild(n)])) };
      default: return undefined;
    }
  }

  /** Expressions with a type written in them, and lambdas. */
  private typed(n: NodeIndex): Expr | undefined {
    const r = this.r;
    const start = r.start[n];
    const end = r.end[n];
    switch (r.type[n]) {
      case N.cast_expression: return { k: 'cast', start, end, cast: 'c', type: this.typeDescriptor(r.child(n, F.type)), e: this.lower(r.child(n, F.value)) };
      case N.sizeof_expression: case N.alignof_expression: {
        const type = r.child(n, F.type);
        if (type >= 0) return { k: 'sizeof', start, end, type: this.typeDescriptor(type) };
        const name = this.typeInParentheses(r.child(n, F.value));
        if (name !== undefined) return { k: 'sizeof', start, end, type: { base: name, ptr: 0 } };
        return { k: 'sizeof', start, end, e: this.lower(r.child(n, F.value)) };
      }
      case N.compound_literal_expression: {
        const value = r.child(n, F.value);
        return { ...(value < 0 ? { k: 'init' as const, items: [] } : this.initList(value)), start, end, type: this.typeDescriptor(r.child(n, F.type)) };
      }
      case N.lambda_expression: {
        const captures = r.child(n, F.captures);
        return { k: 'lambda', start, end, captures: captures < 0 ? '' : r.text(captures).slice(1, -1).trim(), ...this.lambdaBody(n) };
      }
      case N.type_descriptor: return { k: 'sizeof', start, end, type: this.typeDescriptor(n) };
      default: return undefined;
    }
  }

  private onlyPart(n: NodeIndex): Expr {
    const parts = this.r.children(n);
    if (parts.length === 1) return this.lower(parts[0]);
    return { k: 'unknown', start: this.r.start[n], end: this.r.end[n], parts: parts.map((c) => this.lower(c)) };
  }

  private parenthesized(n: NodeIndex): Expr {
    const value = this.r.child(n, F.value);
    if (value >= 0) return this.lower(value);
    return this.onlyPart(n);
  }

  /** The name in `(T)` when it is one of a type. */
  private typeInParentheses(n: NodeIndex): string | undefined {
    const r = this.r;
    if (n < 0 || r.type[n] !== N.parenthesized_expression) return undefined;
    const parts = r.children(n);
    if (parts.length !== 1 || r.type[parts[0]] !== N.identifier) return undefined;
    const name = r.text(parts[0]);
    return this.isType(name) ? name : undefined;
  }

  /** `(T)(x)`, also with `->f` and `[i]` after it, which belong to the operand. */
  private castCall(n: NodeIndex): Expr | undefined {
    const r = this.r;
    let inner = n;
    for (;;) {
      const type = r.type[inner];
      const next = type === N.field_expression || type === N.subscript_expression ? r.child(inner, F.argument) : type === N.call_expression ? r.child(inner, F.function) : -1;
      if (next < 0) return undefined;
      if (type === N.call_expression) {
        const name = inner === this.casting ? undefined : this.typeInParentheses(next);
        if (name !== undefined) return this.castOf(n, inner, name);
      }
      inner = next;
    }
  }

  private castOf(n: NodeIndex, call: NodeIndex, name: string): Expr {
    const outer = this.casting;
    this.casting = call;
    const e = this.lower(n);
    this.casting = outer;
    return { k: 'cast', start: this.r.start[n], end: this.r.end[n], cast: 'c', type: { base: name, ptr: 0 }, e };
  }

  /** Left-deep chains (`a | b | c ...`) are walked in a loop, so that a long one needs no stack. `wrap` is put around the leftmost operand. */
  private binary(n: NodeIndex, wrap?: (e: Expr) => Expr): Expr {
    const r = this.r;
    const chain: NodeIndex[] = [];
    let left = n;
    while (left >= 0 && r.type[left] === N.binary_expression) {
      chain.push(left);
      left = r.child(left, F.left);
    }
    const cast = this.castOperand(chain[chain.length - 1], left);
    let e = cast ?? this.lower(left);
    if (wrap) e = wrap(e);
    const start = wrap ? e.start : -1;
    let leftEnd = cast ? r.end[chain.pop()!] : r.end[left];
    for (let i = chain.length - 1; i >= 0; i--) {
      const node = chain[i];
      const right = r.child(node, F.right);
      const op = r.between(leftEnd, r.start[right]);
      e = { k: 'binary', start: start >= 0 ? start : r.start[node], end: r.end[node], op: op === 'and' ? '&&' : op === 'or' ? '||' : op, l: e, r: this.lower(right) };
      leftEnd = r.end[node];
    }
    return e;
  }

  /** `(T)&x`, `(T)*x`, `(T)-x`, `(T)+x`, which the grammar takes for an operation on two values. What binds tighter stays with `x` only. */
  private castOperand(node: NodeIndex | undefined, left: NodeIndex): Expr | undefined {
    const r = this.r;
    if (node === undefined || r.type[left] !== N.parenthesized_expression) return undefined;
    const right = r.child(node, F.right);
    const op = r.between(r.end[left], r.start[right]);
    if (op !== '&' && op !== '*' && op !== '-' && op !== '+') return undefined;
    const name = this.typeInParentheses(left);
    if (name === undefined) return undefined;
    const at = r.code.indexOf(op, r.end[left]);
    const make = (e: Expr): Expr => ({
      k: 'cast', start: r.start[left], end: e.end, cast: 'c', type: { base: name, ptr: 0 }, e: { k: 'unary', start: at, end: e.end, op, e },
    });
    return r.type[right] === N.binary_expression ? this.binary(right, make) : make(this.lower(right));
  }

  private call(n: NodeIndex): Expr {
    const r = this.r;
    const start = r.start[n];
    const end = r.end[n];
    const fn = r.child(n, F.function);
    const list = r.child(n, F.arguments);
    if (n === this.casting) return this.onlyPart(list);
    const fnType = r.type[fn];
    if (fnType === N.template_function && list >= 0) {
      const cast = CPP_CASTS[r.text(r.child(fn, F.name))];
      const args = r.child(fn, F.arguments);
      if (cast && args >= 0) return { k: 'cast', start, end, cast, type: this.typeDescriptor(r.firstChild(args)), e: this.onlyPart(list) };
    }
    if (fnType === N.primitive_type && list >= 0) return { k: 'cast', start, end, cast: 'functional', type: { ptr: 0, ...typeName(r, fn) }, e: this.onlyPart(list) };
    const call: CallExpr = { k: 'call', start, end, callee: unset, args: noArguments };
    this.calls.push(call);
    call.callee = this.lower(fn);
    call.args = list < 0 ? [] : r.type[list] === N.initializer_list ? [this.lower(list)] : r.children(list).map((c) => this.lower(c));
    return call;
  }

  private fieldAccess(n: NodeIndex): Expr {
    const r = this.r;
    const base = r.child(n, F.argument);
    const name = r.child(n, F.field);
    const arrow = r.between(r.end[base], r.start[name]).startsWith('->');
    const text = r.type[name] === N.template_method || r.type[name] === N.qualified_identifier ? qualifiedName(r, name).base : r.text(name).replace(/\s+/g, '');
    return { k: 'field', start: r.start[n], end: r.end[n], e: this.lower(base), name: text, arrow, nameStart: r.start[name] };
  }

  private subscript(n: NodeIndex): Expr {
    const r = this.r;
    const argument = r.child(n, F.argument);
    let index = r.child(n, F.index);
    if (index < 0) index = r.child(n, F.indices);
    const i = index >= 0 && r.type[index] === N.subscript_argument_list ? this.onlyPart(index) : this.lower(index);
    return { k: 'index', start: r.start[n], end: r.end[n], e: this.lower(argument), i };
  }

  private initList(n: NodeIndex): Expr & { k: 'init' } {
    const r = this.r;
    return { k: 'init', start: r.start[n], end: r.end[n], items: r.children(n).map((c) => this.initItem(c)) };
  }

  private initItem(n: NodeIndex): InitItem {
    const r = this.r;
    if (r.type[n] !== N.initializer_pair) return { value: this.lower(n), start: r.start[n], end: r.end[n] };
    const item: InitItem = { value: this.lower(r.child(n, F.value)), start: r.start[n], end: r.end[n] };
    for (const d of r.children(n)) {
      if (r.field[d] !== F.designator) continue;
      if (r.type[d] === N.field_designator) {
        const name = r.text(d).replace(/[\s.]+/g, '');
        item.field = item.field === undefined ? name : `${item.field}.${name}`;
      } else if (r.type[d] === N.subscript_designator) item.index = this.lower(r.firstChild(d));
      else if (r.type[d] === N.field_identifier) item.field = r.text(d);
    }
    return item;
  }

  private newExpr(n: NodeIndex): Expr {
    const r = this.r;
    const type: TypeRef = { ptr: 0, ...typeName(r, r.child(n, F.type)) };
    const e: Expr & { k: 'new' } = { k: 'new', start: r.start[n], end: r.end[n], type };
    const placement = r.child(n, F.placement);
    const args = r.child(n, F.arguments);
    const declarator = r.child(n, F.declarator);
    if (placement >= 0) e.placement = r.children(placement).map((c) => this.lower(c));
    if (declarator >= 0) {
      const length = r.child(declarator, F.length);
      if (length >= 0) e.array = this.lower(length);
    }
    if (args >= 0) {
      if (r.type[args] === N.initializer_list) e.braces = true;
      e.args = r.children(args).map((c) => this.lower(c));
    }
    return e;
  }
}
