// File-level declarations of the tree -> functions, variables, typedefs, records and enums, with their annotations bound.

import { FieldName as F, NodeType as N } from '../syntax/node-types.js';
import type { NodeIndex } from '../syntax/tree.js';
import { AnnotationIndex, callconvOf } from './annotation-binding.js';
import type { Annotation, EnumDecl, FunctionDecl, NotAnalysed, Param, RecordDecl, RecordField, Scope, Typedef, Variable } from './facts.js';
import { StmtLowering, storageOf } from './lower-stmt.js';
import { declaratorOf, qualifiedName, specifiersOf, type Declared } from './lower-type.js';
import type { TreeReader } from './tree-reader.js';
import type { TypeRef } from './types.js';

export interface DeclarationSink {
  functions: FunctionDecl[];
  variables: Variable[];
  typedefs: Typedef[];
  records: RecordDecl[];
  enums: EnumDecl[];
  notAnalysed: NotAnalysed[];
}

interface Context { scope: Scope[]; externC: boolean; record?: RecordDecl; template?: boolean }

const SPECIFIERS = new Set<number>([N.struct_specifier, N.union_specifier, N.class_specifier, N.enum_specifier]);

export class Declarations {
  private readonly stmts: StmtLowering;
  /** End of the previous declaration: annotations after it belong to the next one. */
  private previousEnd = 0;
  private enclosing = -1;
  private context: Context;

  constructor(private readonly r: TreeReader, private readonly annotations: AnnotationIndex, isCpp: boolean, readonly out: DeclarationSink, isType?: (name: string) => boolean) {
    this.context = { scope: [], externC: !isCpp };
    this.stmts = new StmtLowering(r, (list) => this.params(list), isCpp, (decl, declarator) => this.blockPrototype(decl, declarator), isType);
  }

  run(): void {
    this.items(0, this.context);
  }

  private items(parent: NodeIndex, context: Context): void {
    const last = this.r.next[parent];
    for (let c = parent + 1; c < last; c = this.r.next[c]) {
      this.context = context;
      this.item(c, context);
      if (this.r.end[c] > this.previousEnd) this.previousEnd = this.r.end[c];
    }
  }

  private item(n: NodeIndex, context: Context): void {
    const r = this.r;
    switch (r.type[n]) {
      case N.function_definition: this.functionDefinition(n, context); break;
      case N.declaration: case N.field_declaration: this.declaration(n, context); break;
      case N.type_definition: this.typedef(n, context); break;
      case N.alias_declaration: this.alias(n, context); break;
      case N.struct_specifier: case N.union_specifier: case N.class_specifier: case N.enum_specifier: this.specifier(n, context); break;
      case N.linkage_specification: this.linkage(n, context); break;
      case N.namespace_definition: this.namespace(n, context); break;
      case N.template_declaration: this.template(n, context); break;
      case N.friend_declaration: break;
      case N.declaration_list: this.items(n, context); break;
      case N.ERROR: this.items(n, context); break;
      case N.compound_statement: this.items(n, context); break;
      default: break;
    }
  }

  private linkage(n: NodeIndex, context: Context): void {
    const inner = { ...context, externC: this.r.text(this.r.child(n, F.value)) === '"C"' };
    const body = this.r.child(n, F.body);
    if (body < 0) return;
    if (this.r.type[body] === N.declaration_list) {
      this.previousEnd = this.r.start[body] + 1;
      this.items(body, inner);
    } else this.item(body, inner);
  }

  private namespace(n: NodeIndex, context: Context): void {
    const name = this.r.child(n, F.name);
    const body = this.r.child(n, F.body);
    if (body < 0) return;
    const parts = name < 0 ? [''] : this.r.text(name).replace(/\s+/g, '').split('::');
    this.previousEnd = this.r.start[body] + 1;
    this.items(body, { ...context, scope: [...context.scope, ...parts.map((p) => ({ kind: 'namespace' as const, name: p }))] });
  }

  private template(n: NodeIndex, context: Context): void {
    for (const c of this.r.children(n)) {
      if (this.r.type[c] === N.template_parameter_list) this.previousEnd = this.r.end[c];
      else this.item(c, { ...context, template: true });
    }
  }

  // --- functions ---------------------------------------------------------------------------------

  private functionDefinition(n: NodeIndex, context: Context): void {
    const r = this.r;
    this.nestedSpecifiers(n, context, undefined);
    const d = this.declared(n, r.child(n, F.declarator));
    const body = r.child(n, F.body);
    if (!d.name || !d.type.fn) {
      if (body >= 0) this.out.notAnalysed.push({ start: r.start[n], end: r.end[n], reason: 'definition without a readable function name' });
      return;
    }
    const head = body < 0 ? r.end[n] : r.start[body];
    const fn = this.functionDecl(n, d, context, this.previousEnd, head);
    fn.isDefinition = body >= 0;
    if (body < 0 && r.childOfType(n, N.delete_method_clause) >= 0) fn.isDeleted = true;
    const index = this.out.functions.push(fn) - 1;
    if (context.record) context.record.methods.push(index);
    this.knrParams(n, fn);
    if (body < 0) return;
    const inits = r.childOfType(n, N.field_initializer_list);
    if (inits >= 0) fn.ctorInits = this.constructorInits(inits);
    this.lowerBody(n, body, fn, index);
  }

  private lowerBody(n: NodeIndex, body: NodeIndex, fn: FunctionDecl, index: number): void {
    const r = this.r;
    if (r.hasError(n)) {
      fn.notAnalysed = 'syntax error';
      this.out.notAnalysed.push({ start: fn.nameStart, end: r.end[n], function: fn.qualified, reason: `syntax error${this.errorPlace(n)}` });
      return;
    }
    this.enclosing = index;
    fn.body = this.stmts.body(body);
    this.enclosing = -1;
    if (this.stmts.tooDeep) {
      fn.body = undefined;
      fn.notAnalysed = 'nested too deeply';
      this.out.notAnalysed.push({ start: fn.nameStart, end: r.end[n], function: fn.qualified, reason: 'nested too deeply' });
    }
  }

  private errorPlace(n: NodeIndex): string {
    for (let c = n; c < this.r.next[n]; c++) {
      if ((this.r.tree.flags[c] & 2) === 0) continue;
      const near = this.r.code.slice(this.r.start[c], Math.min(this.r.start[c] + 24, this.r.end[n])).trim().replace(/\s+/g, ' ');
      return near ? ` near \`${near}\`` : '';
    }
    return '';
  }

  /** Offset range of a function's head is [from, to); the annotations in it are split between function and parameters. */
  private functionDecl(n: NodeIndex, d: Declared, context: Context, from: number, to: number): FunctionDecl {
    const r = this.r;
    const fnType = d.type.fn!;
    const storage = storageOf(r, n);
    const [own, scope] = this.scopedName(d.name, context);
    const list = d.params;
    const annotations = list < 0 ? this.annotations.within(from, to)
      : [...this.annotations.within(from, r.start[list]), ...this.annotations.within(r.end[list], to)];
    const fn: FunctionDecl = {
      name: own, qualified: qualifiedIn(scope, own), nameStart: d.nameStart, nameEnd: d.nameEnd,
      scope, params: fnType.params, isDefinition: false, annotations, start: r.start[n], end: r.end[n],
    };
    if (fnType.ret.base !== '' || fnType.ret.fn) fn.ret = this.trailingReturn(d.fnNode) ?? fnType.ret;
    if (fnType.variadic) fn.variadic = true;
    if (storage.static) fn.isStatic = true;
    if (storage.inline || annotations.some((a) => /inline/i.test(a.name))) fn.isInline = true;
    if (storage.virtual) fn.isVirtual = true;
    if (context.externC || annotations.some((a) => a.name === 'EXTERN_C')) fn.externC = true;
    if (context.template) fn.isTemplate = true;
    const callconv = callconvOf(annotations);
    if (callconv) fn.callconv = callconv;
    if (scope.at(-1)?.kind === 'class' && !storage.static) fn.isMember = true;
    this.virtualSpecifiers(d.fnNode, fn);
    return fn;
  }

  private trailingReturn(fnNode: NodeIndex): TypeRef | undefined {
    const t = fnNode < 0 ? -1 : this.r.childOfType(fnNode, N.trailing_return_type);
    return t < 0 ? undefined : this.stmts.expr.typeDescriptor(this.r.firstChild(t));
  }

  private virtualSpecifiers(fnNode: NodeIndex, fn: FunctionDecl): void {
    if (fnNode < 0) return;
    for (const c of this.r.children(fnNode)) {
      if (this.r.type[c] !== N.virtual_specifier) continue;
      if (this.r.text(c) === 'final') fn.isFinal = true;
      else fn.isOverride = true;
    }
  }

  /** Own name and scope of a declarator's name: `A::B::f` defined outside of its class adds A, B to the scope. */
  private scopedName(name: string, context: Context): [string, Scope[]] {
    if (!name.includes('::')) return [name, [...context.scope]];
    const parts = name.split('::').filter((p) => p !== '');
    const own = parts.pop() ?? name;
    return [own, [...context.scope, ...parts.map((p) => ({ kind: 'class' as const, name: p.replace(/<.*/, '') }))]];
  }

  private blockPrototype(n: NodeIndex, declarator: NodeIndex): FunctionDecl | undefined {
    const d = this.declared(n, declarator);
    if (!d.name || !d.type.fn) return undefined;
    const saved = this.previousEnd;
    const fn = this.functionDecl(n, d, { scope: [], externC: this.context.externC }, this.r.start[n], this.r.end[n]);
    this.previousEnd = saved;
    fn.insideOf = this.enclosing;
    this.out.functions.push(fn);
    return fn;
  }

  private knrParams(n: NodeIndex, fn: FunctionDecl): void {
    const r = this.r;
    for (const c of r.children(n)) {
      if (r.type[c] !== N.declaration) continue;
      for (const v of this.stmts.variables(c)) {
        const p = fn.params.find((x) => x.name === v.name || (x.name === '' && x.type.base === v.name));
        if (p) Object.assign(p, { type: v.type, name: v.name, nameStart: v.nameStart });
      }
    }
  }

  private constructorInits(n: NodeIndex): FunctionDecl['ctorInits'] {
    const r = this.r;
    const inits: NonNullable<FunctionDecl['ctorInits']> = [];
    for (const c of r.children(n)) {
      if (r.type[c] !== N.field_initializer) continue;
      const [name, args] = r.children(c);
      if (name === undefined) continue;
      inits.push({
        name: qualifiedName(r, name).base, start: r.start[c], end: r.end[c],
        args: args === undefined ? [] : r.children(args).map((a) => this.stmts.expr.lower(a)),
        braces: args !== undefined && r.type[args] === N.initializer_list,
      });
    }
    return inits;
  }

  /** Parameters of a parameter_list with the annotations between their commas. */
  private params(list: NodeIndex): { params: Param[]; variadic: boolean } {
    const r = this.r;
    const params: Param[] = [];
    let variadic = false;
    let from = r.start[list];
    for (const c of r.children(list)) {
      const t = r.type[c];
      if (t === N.variadic_parameter) {
        variadic = true;
        continue;
      }
      const to = this.paramRegionEnd(r.end[c], r.end[list]);
      if (t === N.identifier) {
        params.push({ name: r.text(c), nameStart: r.start[c], type: { base: '', ptr: 0 }, annotations: this.annotations.within(from, to), start: r.start[c], end: r.end[c] });
      } else {
        const p = this.param(c, from, to);
        if (p) params.push(p);
      }
      from = to;
    }
    if (/\.\.\.\s*\)?$/.test(r.text(list))) variadic = true;
    return { params, variadic };
  }

  private param(n: NodeIndex, from: number, to: number): Param | undefined {
    const r = this.r;
    const d = this.declared(n, r.child(n, F.declarator));
    if (d.name === '' && d.type.ptr === 0 && !d.type.ref && !d.type.fn && !d.type.dims && /^(void|VOID)$/.test(d.type.base)) return undefined;
    const annotations = this.annotations.within(from, to);
    const type = d.type.dims ? { ...d.type, ptr: d.type.ptr + 1, dims: undefined } : d.type;
    if (type.fn) {
      const callconv = callconvOf(annotations);
      if (callconv) type.fn.callconv = callconv;
    }
    const p: Param = { name: d.name, nameStart: d.nameStart, type, annotations, start: r.start[n], end: r.end[n] };
    const value = r.child(n, F.default_value);
    if (value >= 0) p.init = this.stmts.expr.lower(value);
    return p;
  }

  /** Offset after the comma (or of the parenthesis) that ends a parameter, trailing annotations being blanks. */
  private paramRegionEnd(from: number, limit: number): number {
    for (let i = from; i < limit; i++) {
      const c = this.r.code.charCodeAt(i);
      if (c === 44) return i + 1;
      if (c === 41) return i;
    }
    return limit;
  }

  private declared(n: NodeIndex, declarator: NodeIndex): Declared {
    return declaratorOf(this.r, declarator, specifiersOf(this.r, n), (list) => this.params(list));
  }

  // --- variables, typedefs, records --------------------------------------------------------------

  private declaration(n: NodeIndex, context: Context): void {
    const r = this.r;
    const from = this.previousEnd;
    let any = false;
    const storage = storageOf(r, n);
    const base = specifiersOf(r, n);
    const last = r.next[n];
    const declarators: NodeIndex[] = [];
    for (let c = n + 1; c < last; c = r.next[c]) if (r.field[c] === F.declarator) declarators.push(c);
    this.nestedSpecifiers(n, context, undefined);
    for (const c of declarators) {
      const d = declaratorOf(r, c, base, (list) => this.params(list));
      if (!d.name) continue;
      if (d.type.fn && d.type.ptr === 0) this.prototype(n, d, context, any ? r.start[c] : from);
      else this.variable(n, c, d, context, storage, any ? r.start[c] : from);
      any = true;
    }
  }

  private prototype(n: NodeIndex, d: Declared, context: Context, from: number): void {
    const fn = this.functionDecl(n, d, context, from, this.r.end[n]);
    const index = this.out.functions.push(fn) - 1;
    if (context.record) context.record.methods.push(index);
  }

  private variable(n: NodeIndex, c: NodeIndex, d: Declared, context: Context, storage: ReturnType<typeof storageOf>, from: number): void {
    const r = this.r;
    const end = r.end[n];
    const annotations = this.annotations.within(from, end);
    let value = r.type[c] === N.init_declarator ? r.child(c, F.value) : -1;
    if (value < 0) {
      const following = r.next[c];
      if (following < r.next[n] && (r.field[following] === F.default_value || r.field[following] === F.value)) value = following;
    }
    if (d.type.fn && d.type.ptr > 0) {
      const callconv = callconvOf(annotations);
      if (callconv) d.type.fn.callconv = callconv;
    }
    if (context.record && !storage.static) {
      const field: RecordField = { name: d.name, nameStart: d.nameStart, type: d.type, annotations, start: r.start[n], end };
      if (value >= 0) field.init = this.stmts.expr.lower(value);
      if (r.childOfType(n, N.bitfield_clause) >= 0) field.bits = true;
      context.record.fields.push(field);
      return;
    }
    const [own, scope] = this.scopedName(d.name, context);
    const v: Variable = {
      name: own, qualified: qualifiedIn(scope, own), nameStart: d.nameStart, scope, type: d.type, annotations, start: r.start[n], end,
    };
    if (storage.static) v.isStatic = true;
    if (storage.extern) v.isExtern = true;
    if ((d.type.cv ?? 0) & (d.type.ptr > 0 ? 4 : 1) || storage.constexpr) v.isConst = true;
    if (value >= 0) {
      if (r.type[value] === N.argument_list) v.ctorArgs = r.children(value).map((a) => this.stmts.expr.lower(a));
      else v.init = this.stmts.expr.lower(value);
    }
    if (context.record) {
      context.record.fields.push({ name: d.name, nameStart: d.nameStart, type: d.type, annotations, start: r.start[n], end, isStatic: true });
    }
    this.out.variables.push(v);
  }

  private typedef(n: NodeIndex, context: Context): void {
    const r = this.r;
    const from = this.previousEnd;
    const names: string[] = [];
    for (const c of r.children(n)) {
      if (r.field[c] !== F.declarator) continue;
      const d = this.declared(n, c);
      if (!d.name) continue;
      const annotations = this.annotations.within(from, r.end[n]).filter((a) => !this.insideParams(d, a));
      if (d.type.fn) {
        const callconv = callconvOf(annotations);
        if (callconv) d.type.fn.callconv = callconv;
      }
      if (d.type.ptr === 0 && !d.type.fn && !d.type.dims) names.push(d.name);
      // `typedef struct { } T, *PT;`: the unnamed structure goes by its first typedef.
      else if (names[0] && d.type.base.includes(' @')) d.type.base = names[0];
      this.out.typedefs.push({ name: d.name, nameStart: d.nameStart, type: d.type, annotations, scope: context.scope, start: r.start[n], end: r.end[n] });
    }
    this.nestedSpecifiers(n, context, names[0]);
  }

  private insideParams(d: Declared, a: Annotation): boolean {
    return d.params >= 0 && a.start > this.r.start[d.params] && a.start < this.r.end[d.params];
  }

  private alias(n: NodeIndex, context: Context): void {
    const name = this.r.child(n, F.name);
    const type = this.stmts.expr.typeDescriptor(this.r.child(n, F.type));
    const ofParams = new Set(type.fn?.params.flatMap((p) => p.annotations));
    const annotations = type.fn ? this.annotations.within(this.r.start[n], this.r.end[n]).filter((a) => !ofParams.has(a)) : [];
    this.out.typedefs.push({ name: this.r.text(name), nameStart: this.r.start[name], type, annotations, scope: context.scope, start: this.r.start[n], end: this.r.end[n] });
  }

  /** Records and enums defined inside a declaration's type. */
  private nestedSpecifiers(n: NodeIndex, context: Context, typedefName: string | undefined): void {
    for (const c of this.r.children(n)) if (SPECIFIERS.has(this.r.type[c])) this.specifier(c, context, typedefName);
  }

  private specifier(n: NodeIndex, context: Context, typedefName?: string): void {
    const r = this.r;
    const body = r.child(n, F.body);
    if (body < 0) return;
    const nameNode = r.child(n, F.name);
    const name = nameNode < 0 ? '' : r.text(nameNode).replace(/\s+/g, '');
    const range = { start: r.start[n], end: r.end[n] };
    if (r.type[n] === N.enum_specifier) {
      this.out.enums.push({ name, ...(typedefName ? { typedefName } : {}), scope: context.scope, items: this.enumerators(body), ...range });
      return;
    }
    const kind = r.type[n] === N.struct_specifier ? 'struct' : r.type[n] === N.union_specifier ? 'union' : 'class';
    const record: RecordDecl = {
      kind, name, qualified: qualifiedIn(context.scope, name), scope: context.scope, fields: [], bases: [], methods: [],
      annotations: this.annotations.within(this.previousEnd, r.start[body]), ...range,
    };
    if (typedefName) record.typedefName = typedefName;
    if (r.childOfType(n, N.virtual_specifier) >= 0) record.isFinal = true;
    const bases = r.childOfType(n, N.base_class_clause);
    if (bases >= 0) record.bases = r.children(bases).filter((c) => r.type[c] !== N.access_specifier).map((c) => qualifiedName(r, c).base);
    this.out.records.push(record);
    const saved = this.context;
    this.previousEnd = r.start[body] + 1;
    const label = name || typedefName || '';
    this.items(body, { scope: label ? [...context.scope, { kind: 'class', name: label }] : context.scope, externC: false, record });
    this.context = saved;
    if (r.end[n] > this.previousEnd) this.previousEnd = r.end[n];
    this.anonymousMembers(n, record, context);
  }

  /** Fields of an anonymous struct or union inside a record are fields of the record too. */
  private anonymousMembers(n: NodeIndex, record: RecordDecl, context: Context): void {
    if (record.name || record.typedefName || !context.record || context.record === record) return;
    const parent = this.r.tree.parent[n];
    const named = this.r.children(parent).some((c) => this.r.field[c] === F.declarator);
    if (!named) context.record.fields.push(...record.fields);
  }

  private enumerators(body: NodeIndex): EnumDecl['items'] {
    const r = this.r;
    const items: EnumDecl['items'] = [];
    for (const c of r.children(body)) {
      if (r.type[c] !== N.enumerator) continue;
      const name = r.child(c, F.name);
      const value = r.child(c, F.value);
      items.push({ name: r.text(name), start: r.start[name], ...(value >= 0 ? { value: this.stmts.expr.lower(value) } : {}) });
    }
    return items;
  }
}

function qualifiedIn(scope: readonly Scope[], name: string): string {
  return scope.length === 0 ? name : [...scope.map((s) => s.name).filter(Boolean), name].join('::');
}
