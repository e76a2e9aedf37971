// Statements of the tree -> Stmt objects.

import { FieldName as F, NodeType as N } from '../syntax/node-types.js';
import type { NodeIndex } from '../syntax/tree.js';
import type { Body, FunctionDecl, LocalVar, Param } from './facts.js';
import type { Expr, LambdaExpr, NameExpr } from './expr.js';
import type { IfStmt, Stmt } from './stmt.js';
import { ExprLowering } from './lower-expr.js';
import { declaratorOf, specifiersOf, type ParamReader } from './lower-type.js';
import { pointerDeclaration } from './pointer-declarations.js';
import type { TreeReader } from './tree-reader.js';
import { typeFromText } from './type-text.js';

const DECLARATIONS = new Set<number>([N.declaration, N.type_definition, N.alias_declaration, N.using_declaration, N.static_assert_declaration]);
/** Nesting beyond this becomes an empty statement and the body is not analysed. */
const MAX_NESTING = 500;

/** Called for a block-scope function prototype (`KSTART_ROUTINE Worker;` included, judged later). */
export type PrototypeSink = (decl: NodeIndex, declarator: NodeIndex) => FunctionDecl | undefined;

export class StmtLowering {
  readonly expr: ExprLowering;
  /** Set while lowering when nesting was too deep. */
  tooDeep = false;
  private nesting = 0;
  private bare: NameExpr[] = [];

  constructor(
    private readonly r: TreeReader, private readonly readParams: ParamReader, private readonly isCpp: boolean,
    private readonly prototype?: PrototypeSink, private readonly isType: (name: string) => boolean = () => false,
  ) {
    this.expr = new ExprLowering(r, readParams, (n) => this.lambda(n), isType);
  }

  /** Body of a function_definition's compound_statement (or try_statement). */
  body(n: NodeIndex): Body {
    this.expr.calls = [];
    this.bare = [];
    this.tooDeep = false;
    const stmts = this.r.type[n] === N.compound_statement ? this.list(n) : [this.lower(n)];
    const body: Body = { start: this.r.start[n], end: this.r.end[n], stmts, calls: this.expr.calls.slice() };
    if (this.bare.length > 0) body.bare = this.bare;
    return body;
  }

  list(n: NodeIndex): Stmt[] {
    return this.r.children(n).map((c) => this.lower(c));
  }

  lower(n: NodeIndex): Stmt {
    if (n < 0) return { k: 'empty', start: 0, end: 0 };
    if (this.nesting > MAX_NESTING) {
      this.tooDeep = true;
      return { k: 'empty', start: this.r.start[n], end: this.r.end[n] };
    }
    this.nesting++;
    const s = this.byType(n);
    this.nesting--;
    return s;
  }

  private byType(n: NodeIndex): Stmt {
    const r = this.r;
    const start = r.start[n];
    const end = r.end[n];
    switch (r.type[n]) {
      case N.compound_statement: return { k: 'block', start, end, body: this.list(n) };
      case N.expression_statement: {
        const e = r.firstChild(n);
        return e < 0 ? { k: 'empty', start, end } : this.expressionStatement(this.expr.lower(e), start, end);
      }
      case N.declaration: return this.declaration(n);
      case N.if_statement: return this.ifStatement(n);
      case N.while_statement: return this.whileStatement(n);
      case N.do_statement: return { k: 'do', start, end, body: this.lower(r.child(n, F.body)), c: this.expr.lower(r.child(n, F.condition)) };
      case N.for_statement: return this.forStatement(n);
      case N.for_range_loop: return this.rangeFor(n);
      case N.switch_statement: return this.switchStatement(n);
      case N.case_statement: return this.caseStatement(n);
      case N.labeled_statement: {
        const label = r.child(n, F.label);
        let inner = -1;
        for (const c of r.children(n)) if (c !== label) inner = c;
        return { k: 'label', start, end, name: r.text(label), body: inner < 0 ? { k: 'empty', start: end, end } : this.lower(inner) };
      }
      case N.goto_statement: return { k: 'goto', start, end, label: r.text(r.child(n, F.label)) };
      case N.break_statement: return { k: 'break', start, end };
      case N.continue_statement: return { k: 'continue', start, end };
      case N.return_statement: case N.co_return_statement: {
        const e = r.firstChild(n);
        return e < 0 ? { k: 'return', start, end } : { k: 'return', start, end, e: this.expr.lower(e) };
      }
      case N.seh_try_statement: return this.seh(n);
      case N.seh_leave_statement: return { k: 'leave', start, end };
      case N.try_statement: return this.tryStatement(n);
      case N.throw_statement: {
        const e = r.firstChild(n);
        return e < 0 ? { k: 'throw', start, end } : { k: 'throw', start, end, e: this.expr.lower(e) };
      }
      case N.attributed_statement: return this.lower(r.children(n).at(-1) ?? -1);
      case N.else_clause: return this.lower(r.firstChild(n));
      case N.gnu_asm_expression: return { k: 'empty', start, end, asm: true };
      case N.init_statement: return this.lower(r.firstChild(n));
      default: {
        if (DECLARATIONS.has(r.type[n]) || r.type[n] === N.function_definition || r.type[n] === N.ERROR || isRecordNode(r.type[n])) return { k: 'empty', start, end };
        return { k: 'expr', start, end, e: this.expr.lower(n) };
      }
    }
  }

  private expressionStatement(e: Expr, start: number, end: number): Stmt {
    if (e.k === 'name') this.bare.push(e);
    const pointer = pointerDeclaration(e, this.r.code, this.isType);
    if (!pointer) return { k: 'expr', start, end, e };
    this.expr.calls = this.expr.calls.filter((c) => !pointer.calls.includes(c));
    return { k: 'decl', start, end, vars: [pointer.v] };
  }

  private declaration(n: NodeIndex): Stmt {
    const r = this.r;
    const vars = this.variables(n);
    return { k: 'decl', start: r.start[n], end: r.end[n], vars };
  }

  /** Variables of a declaration node; block-scope prototypes go to the prototype sink instead. */
  variables(n: NodeIndex): LocalVar[] {
    const r = this.r;
    const base = specifiersOf(r, n);
    const storage = storageOf(r, n);
    const vars: LocalVar[] = [];
    const last = r.next[n];
    for (let c = n + 1; c < last; c = r.next[c]) {
      if (r.field[c] !== F.declarator) continue;
      const d = declaratorOf(r, c, base, this.readParams);
      if (d.params >= 0 && d.type.fn) {
        const args = this.isCpp ? this.constructorArguments(d.type.fn.params, base.base) : undefined;
        if (args === undefined) {
          this.prototype?.(n, c);
          continue;
        }
        vars.push({ name: d.name, nameStart: d.nameStart, type: d.type.fn.ret, ctorArgs: args, start: r.start[c], end: r.end[c] });
        continue;
      }
      const v: LocalVar = { name: d.name, nameStart: d.nameStart, type: d.type, start: r.start[c], end: r.end[c] };
      if (storage.static) v.isStatic = true;
      if (storage.extern) v.isExtern = true;
      let value = r.type[c] === N.init_declarator ? r.child(c, F.value) : -1;
      if (value < 0 && r.next[c] < last && (r.field[r.next[c]] === F.value || r.field[r.next[c]] === F.default_value)) value = r.next[c];
      if (value >= 0) {
        if (r.type[value] === N.argument_list) v.ctorArgs = r.children(value).map((a) => this.expr.lower(a));
        else v.init = this.expr.lower(value);
      }
      vars.push(v);
    }
    return vars.slice();
  }

  /**
   * `Guard g(lock);` reads as a function declaration in the grammar. It is a variable when the "parameters" are plain names
   * that are no types; C++ only. Undefined: it is a prototype.
   */
  private constructorArguments(params: Param[], base: string): Expr[] | undefined {
    if (params.length === 0 || /^(void|VOID|NTSTATUS|BOOLEAN|ULONG|int|long|bool)$/.test(base)) return undefined;
    const args: Expr[] = [];
    for (const p of params) {
      const built = this.castOrCall(p);
      if (built) {
        args.push(built);
        continue;
      }
      if (p.name !== '' || p.type.fn || p.type.ptr > 0 || p.type.cv || !/^[\w:]+$/.test(p.type.base)) return undefined;
      // A name in capitals is a constant where it is no type that is known, and the variable's type reads like a class.
      if (/^[A-Z][A-Z0-9_]*$/.test(p.type.base) && (this.isType(p.type.base) || /^[A-Z][A-Z0-9_]*$/.test(base))) return undefined;
      if (/^(void|int|char|short|long|bool|unsigned|float|double|size_t|wchar_t)$/.test(p.type.base)) return undefined;
      const name: Expr = { k: 'name', start: p.start, end: p.end, name: p.type.base };
      args.push(p.type.ref ? { k: 'unary', op: '&', start: p.start, end: p.end, e: name } : name);
    }
    return args;
  }

  /** `static_cast<T*>(p)` and `make(p)` read as a parameter named `p`. */
  private castOrCall(p: Param): Expr | undefined {
    const written = this.r.code.slice(p.start, p.end);
    const name: Expr = { k: 'name', start: p.nameStart, end: p.nameStart + p.name.length, name: p.name };
    const cast = /^(static|reinterpret|const|dynamic)_cast\s*<([^<>]*(?:<[^<>]*>[^<>]*)?)>\s*\(\s*\w+\s*\)$/.exec(written);
    const type = cast && typeFromText(cast[2]!);
    if (cast && type) return { k: 'cast', cast: cast[1]!, type, e: name, start: p.start, end: p.end };
    const call = /^([A-Za-z_][\w:]*)\(\s*\w+\s*\)$/.exec(written);
    return call && p.name !== '' ? { k: 'call', callee: { k: 'name', name: call[1]!, start: p.start, end: p.start + call[1]!.length }, args: [name], start: p.start, end: p.end } : undefined;
  }

  /** The condition of if/while/switch; a declaration in it becomes an init statement and its name. */
  private condition(n: NodeIndex): { init?: Stmt; c: Expr } {
    const r = this.r;
    if (n >= 0 && r.type[n] === N.condition_clause) {
      const initializer = r.child(n, F.initializer);
      const value = r.child(n, F.value);
      const init = initializer >= 0 ? this.lower(initializer) : undefined;
      if (value >= 0 && r.type[value] === N.declaration) {
        const s = this.declaration(value) as Stmt & { k: 'decl' };
        const v = s.vars[0];
        const c: Expr = v ? { k: 'name', name: v.name, start: v.nameStart, end: v.nameStart + v.name.length } : this.expr.lower(-1);
        return { init: init ? { k: 'block', start: s.start, end: s.end, body: [init, s] } : s, c };
      }
      return { init, c: this.expr.lower(value >= 0 ? value : n) };
    }
    return { c: this.expr.lower(n) };
  }

  private ifStatement(n: NodeIndex): Stmt {
    const r = this.r;
    const [start, end] = [r.start[n], r.end[n]];
    const { init, c } = this.condition(r.child(n, F.condition));
    const then = this.lower(r.child(n, F.consequence));
    const s: IfStmt = init ? { k: 'if', start, end, init, c, then } : { k: 'if', start, end, c, then };
    const alternative = r.child(n, F.alternative);
    if (alternative >= 0) s.else = this.lower(alternative);
    if (this.isCpp && /^if\s+constexpr\b/.test(r.code.slice(s.start, s.start + 24))) s.constexpr = true;
    return s;
  }

  /** `while (T v = x)` declares `v` before the loop and assigns it in the condition. */
  private whileStatement(n: NodeIndex): Stmt {
    const r = this.r;
    const [start, end] = [r.start[n], r.end[n]];
    const { init, c } = this.condition(r.child(n, F.condition));
    const body = this.lower(r.child(n, F.body));
    const v = init?.k === 'decl' ? init.vars[0] : undefined;
    if (!init || !v?.init) return { k: 'while', start, end, c, body };
    const { init: value, ...bare } = v;
    const assign: Expr = { k: 'assign', op: '=', l: c, r: value!, start: v.start, end: v.end };
    return { k: 'block', start, end, body: [{ ...init, vars: [bare] } as Stmt, { k: 'while', start, end, c: assign, body }] };
  }

  private forStatement(n: NodeIndex): Stmt {
    const r = this.r;
    const s: Stmt & { k: 'for' } = { k: 'for', start: r.start[n], end: r.end[n], body: { k: 'empty', start: r.end[n], end: r.end[n] } };
    const initializer = r.child(n, F.initializer);
    if (initializer >= 0) {
      const t = r.type[initializer];
      s.init = t === N.declaration || t === N.init_statement || t === N.expression_statement ? this.lower(initializer)
        : { k: 'expr', start: r.start[initializer], end: r.end[initializer], e: this.expr.lower(initializer) };
    }
    const condition = r.child(n, F.condition);
    const update = r.child(n, F.update);
    if (condition >= 0) s.c = r.type[condition] === N.expression_statement ? this.expr.lower(r.firstChild(condition)) : this.expr.lower(condition);
    if (update >= 0) s.update = this.expr.lower(update);
    s.body = this.lower(r.child(n, F.body));
    return s;
  }

  private rangeFor(n: NodeIndex): Stmt {
    const r = this.r;
    const d = declaratorOf(r, r.child(n, F.declarator), specifiersOf(r, n), this.readParams);
    const v: LocalVar = { name: d.name, nameStart: d.nameStart, type: d.type, start: d.nameStart, end: d.nameEnd };
    return { k: 'rangefor', start: r.start[n], end: r.end[n], v, range: this.expr.lower(r.child(n, F.right)), body: this.lower(r.child(n, F.body)) };
  }

  private switchStatement(n: NodeIndex): Stmt {
    const r = this.r;
    const [start, end] = [r.start[n], r.end[n]];
    const { init, c } = this.condition(r.child(n, F.condition));
    const body = this.lower(r.child(n, F.body));
    return init ? { k: 'switch', start, end, init, c, body } : { k: 'switch', start, end, c, body };
  }

  private caseStatement(n: NodeIndex): Stmt {
    const r = this.r;
    const value = r.child(n, F.value);
    const [start, end] = [r.start[n], r.end[n]];
    const v = value >= 0 ? this.expr.lower(value) : undefined;
    const body = r.children(n).filter((c) => c !== value).map((c) => this.lower(c));
    return v ? { k: 'case', start, end, body, v } : { k: 'case', start, end, body };
  }

  private seh(n: NodeIndex): Stmt {
    const r = this.r;
    const s: Stmt & { k: 'seh' } = { k: 'seh', start: r.start[n], end: r.end[n], body: this.lower(r.child(n, F.body)) };
    for (const c of r.children(n)) {
      if (r.type[c] === N.seh_except_clause) {
        s.filter = this.expr.lower(r.child(c, F.filter));
        s.handler = this.lower(r.child(c, F.body));
      } else if (r.type[c] === N.seh_finally_clause) s.finally = this.lower(r.child(c, F.body));
    }
    return s;
  }

  private tryStatement(n: NodeIndex): Stmt {
    const r = this.r;
    const s: Stmt & { k: 'try' } = { k: 'try', start: r.start[n], end: r.end[n], body: this.lower(r.child(n, F.body)), catches: [] };
    for (const c of r.children(n)) {
      if (r.type[c] !== N.catch_clause) continue;
      const list = r.child(c, F.parameters);
      const p = list < 0 ? undefined : this.readParams(list).params[0];
      s.catches.push({ ...(p ? { v: { name: p.name, nameStart: p.nameStart, type: p.type, start: p.start, end: p.end } } : {}), body: this.lower(r.child(c, F.body)) });
    }
    return s;
  }

  private lambda(n: NodeIndex): Pick<LambdaExpr, 'params' | 'ret' | 'body'> {
    const r = this.r;
    const declarator = r.child(n, F.declarator);
    const list = declarator < 0 ? -1 : r.child(declarator, F.parameters);
    const trailing = declarator < 0 ? -1 : r.childOfType(declarator, N.trailing_return_type);
    const body = r.child(n, F.body);
    return {
      params: list < 0 ? [] : this.readParams(list).params,
      ...(trailing >= 0 ? { ret: this.expr.typeDescriptor(r.firstChild(trailing)) } : {}),
      body: body < 0 ? [] : this.list(body),
    };
  }
}

function isRecordNode(type: number): boolean {
  return type === N.struct_specifier || type === N.union_specifier || type === N.enum_specifier || type === N.class_specifier;
}

/** Storage class words of a declaration node. */
export function storageOf(r: TreeReader, n: NodeIndex): { static?: boolean; extern?: boolean; inline?: boolean; virtual?: boolean; constexpr?: boolean } {
  const found: Record<string, boolean> = {};
  const last = r.next[n];
  for (let c = n + 1; c < last; c = r.next[c]) {
    const t = r.type[c];
    if (t === N.storage_class_specifier || t === N.type_qualifier || t === N.explicit_function_specifier) found[r.text(c).replace(/^_+/, '')] = true;
  }
  if (/^virtual\b/.test(r.code.slice(r.start[n], r.start[n] + 8))) found['virtual'] = true;
  return { static: found['static'], extern: found['extern'], inline: found['inline'] ?? found['forceinline'], virtual: found['virtual'], constexpr: found['constexpr'] };
}
