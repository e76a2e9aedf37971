// Declared types of expressions, as far as declarations of project and WDK tell.

import { ddi, fieldType } from '@drvlint/wdk';
import type { CallExpr, Expr } from './expr.js';
import type { FileFacts, RecordDecl, RecordField } from './facts.js';
import { localsOf, type LocalName, type Locals } from './locals.js';
import type { Func, Placed, Project } from './project.js';
import { lastName, type Symbols } from './symbols.js';
import type { TypeResolution } from './type-resolution.js';
import { typeFromText } from './type-text.js';
import type { TypeRef } from './types.js';

const INT: TypeRef = { base: 'int', ptr: 0 };
const MAX_DEPTH = 60;

export class ExprTypes {
  /** By the functions' numbers. */
  private readonly locals: (Locals | undefined)[];

  constructor(private readonly symbols: Symbols, private readonly types: TypeResolution, private readonly project: Pick<Project, 'calleeOf' | 'calleeName'>, functions: number) {
    this.locals = new Array<Locals | undefined>(functions);
  }

  private localsOf(fn: Func): Locals {
    return this.locals[fn.id] ??= localsOf(fn);
  }

  /** Declaration of a name used at `offset` inside a function: the innermost local declared before it. */
  local(name: string, offset: number, fn: Func): LocalName | undefined {
    const list = this.localsOf(fn).get(name);
    if (!list) return undefined;
    for (let i = list.length - 1; i >= 0; i--) if (list[i].nameStart <= offset || list[i].param) return list[i];
    return list[0];
  }

  typeOf(e: Expr, inside: Func, depth = 0): TypeRef | undefined {
    if (depth > MAX_DEPTH) return undefined;
    const file = inside.def?.file ?? inside.decls[0].file;
    switch (e.k) {
      case 'name': return this.nameType(e.name, e.start, inside, file);
      case 'num': return e.float ? { base: 'double', ptr: 0 } : INT;
      case 'str': return { base: /^L/.test(e.text) ? 'wchar_t' : 'char', ptr: 1, cv: 1 };
      case 'char': return { base: 'char', ptr: 0 };
      case 'cast': return e.type;
      case 'unary': return this.unaryType(e.op, this.typeOf(e.e, inside, depth + 1), file);
      case 'update': return this.typeOf(e.e, inside, depth + 1);
      case 'assign': return this.typeOf(e.l, inside, depth + 1);
      case 'comma': return this.typeOf(e.r, inside, depth + 1);
      case 'cond': return this.typeOf(e.a, inside, depth + 1) ?? this.typeOf(e.b, inside, depth + 1);
      case 'binary': return this.binaryType(e.op, e.l, e.r, inside, depth);
      case 'index': {
        const t = this.typeOf(e.e, inside, depth + 1);
        return t && this.element(t, file);
      }
      case 'field': return this.fieldOf(e, inside, depth)?.type;
      case 'call': return this.callType(e, inside, file, depth);
      case 'new': return { ...e.type, ptr: e.type.ptr + 1 };
      case 'sizeof': return { base: 'SIZE_T', ptr: 0 };
      case 'init': return e.type;
      default: return undefined;
    }
  }

  private nameType(name: string, offset: number, inside: Func, file: FileFacts): TypeRef | undefined {
    if (name === 'this') {
      const owner = this.ownerClass(inside);
      return owner ? { base: owner, ptr: 1 } : undefined;
    }
    const local = this.local(name, offset, inside);
    if (local) return this.deduced(local.type, local.v?.init, inside);
    const owner = this.ownerClass(inside);
    if (owner) {
      const member = this.memberOf(owner, name, file);
      if (member) return member.decl.type;
    }
    const variable = this.symbols.visible(this.symbols.variables, lastName(name), file);
    if (variable) return variable.decl.type;
    const macro = this.symbols.visible(this.symbols.macros, name, file, false);
    if (macro?.decl.expr && !macro.decl.params && macro.decl.expr.k !== 'name') return this.typeOf(macro.decl.expr, inside, MAX_DEPTH - 5);
    return undefined;
  }

  /** `auto x = init;` */
  private deduced(type: TypeRef, init: Expr | undefined, inside: Func): TypeRef | undefined {
    if (type.base !== 'auto') return type;
    const t = init && this.typeOf(init, inside, MAX_DEPTH - 10);
    return t && type.ptr > t.ptr ? { ...t, ptr: type.ptr } : t;
  }

  private unaryType(op: string, t: TypeRef | undefined, file: FileFacts): TypeRef | undefined {
    if (op === '!') return INT;
    if (!t) return undefined;
    if (op === '&') return t.dims ? { ...t, dims: undefined, ptr: t.ptr + 1 } : { ...t, ptr: t.ptr + 1, ref: undefined };
    if (op === '*') return this.element(t, file);
    return t;
  }

  private element(t: TypeRef, file: FileFacts): TypeRef | undefined {
    if (t.dims && t.dims.length > 0) return { ...t, dims: t.dims.length > 1 ? t.dims.slice(1) : undefined };
    if (t.ptr > 0) return { ...t, ptr: t.ptr - 1 };
    const full = this.types.canonical(t, file);
    if (full.dims && full.dims.length > 0) return { ...full, dims: full.dims.length > 1 ? full.dims.slice(1) : undefined };
    return full.ptr > 0 ? { ...full, ptr: full.ptr - 1 } : undefined;
  }

  private binaryType(op: string, l: Expr, r: Expr, inside: Func, depth: number): TypeRef | undefined {
    if (/^(?:[=!<>]=|[<>]|&&|\|\|)$/.test(op)) return INT;
    const left = this.typeOf(l, inside, depth + 1);
    if (left && (left.ptr > 0 || left.dims)) return left;
    const right = this.typeOf(r, inside, depth + 1);
    return right && (right.ptr > 0 || right.dims) ? right : left ?? right;
  }

  private callType(e: CallExpr, inside: Func, file: FileFacts, depth: number): TypeRef | undefined {
    const callee = this.project.calleeOf(e, inside);
    if (callee) return callee.ret;
    const name = this.project.calleeName(e, file);
    if (name !== undefined) {
      const macro = this.symbols.visible(this.symbols.macros, name, file, false);
      if (macro?.decl.params) {
        const body = macro.decl.expr;
        if (body?.k === 'cast') return body.type;
        return body && depth < 8 && body.k === 'call' ? this.callType(body, inside, file, depth + 4) : undefined;
      }
      const known = ddi(name);
      if (known?.ret && known.retSure !== false) return typeFromText(known.ret);
      if (name === 'CONTAINING_RECORD' && e.args[1]) return this.typeArgument(e.args[1], 1);
    }
    const t = this.typeOf(e.callee, inside, depth + 1);
    const full = t && this.types.canonical(t, file);
    return full?.fn?.ret;
  }

  private typeArgument(e: Expr, ptr: number): TypeRef | undefined {
    return e.k === 'name' ? { base: e.name, ptr } : undefined;
  }

  /** Qualified name of the class a member function belongs to. */
  ownerClass(fn: Func): string | undefined {
    const scope = (fn.def ?? fn.decls[0]).decl.scope;
    if (scope.at(-1)?.kind !== 'class') return undefined;
    return scope.map((s) => s.name).filter(Boolean).join('::');
  }

  record(name: string, file: FileFacts): Placed<RecordDecl> | undefined {
    const plain = lastName(name);
    return this.symbols.visible(this.symbols.records, plain, file) ?? this.symbols.visible(this.symbols.records, `_${plain}`, file);
  }

  /** Field of a record or of its bases. */
  memberOf(record: string, field: string, file: FileFacts, depth = 0): Placed<RecordField> | undefined {
    const placed = this.record(record, file);
    if (!placed || depth > 8) return undefined;
    const decl = placed.decl.fields.find((f) => f.name === field);
    if (decl) return { file: placed.file, decl };
    for (const f of placed.decl.fields) {
      const inner = f.name === '' || /^DUMMY\w+NAME\d*$/.test(f.name) ? /@\d+$/.exec(f.type.base)?.[0] : undefined;
      const found = inner && this.memberOf(inner, field, placed.file, depth + 1);
      if (found) return found;
    }
    for (const base of placed.decl.bases) {
      const found = this.memberOf(base, field, placed.file, depth + 1);
      if (found) return found;
    }
    return undefined;
  }

  /** See Project.fieldOf. */
  fieldOf(e: Expr, inside: Func, depth = 0): { record: string; field: string; decl?: RecordField; type?: TypeRef } | undefined {
    const file = inside.def?.file ?? inside.decls[0].file;
    if (e.k === 'name') {
      const owner = this.ownerClass(inside);
      if (!owner || this.local(e.name, e.start, inside)) return undefined;
      const member = this.memberOf(owner, e.name, file);
      return member && { record: owner, field: e.name, decl: member.decl, type: member.decl.type };
    }
    if (e.k !== 'field') return undefined;
    const t = this.typeOf(e.e, inside, depth + 1);
    if (!t) return undefined;
    const full = (e.arrow ? smartPointee(t) : undefined) ? this.types.canonical(smartPointee(t)!, file) : this.types.canonical(t, file);
    if (full.fn || full.ptr > 1) return undefined;
    const member = this.memberOf(full.base, e.name, file);
    if (member) return { record: full.base, field: e.name, decl: member.decl, type: member.decl.type };
    const type = this.record(full.base, file) ? undefined : systemField(full.base, e.name);
    return { record: full.base, field: e.name, ...(type ? { type } : {}) };
  }
}

/** Type of a field of a structure that the Windows headers define. */
function systemField(record: string, field: string): TypeRef | undefined {
  const type = fieldType(record, field);
  return type && { base: type.base, ptr: type.ptr, ...(type.dims > 0 ? { dims: new Array<string>(type.dims).fill('') } : {}) };
}

/** What `->` of a smart pointer leads to: the first template argument of the library's and the usual COM pointers. */
export function smartPointee(t: TypeRef): TypeRef | undefined {
  if (t.targs === undefined || t.ptr > 0 || !/(?:^|::)(?:unique_ptr|shared_ptr|ComPtr|CComPtr|CComQIPtr|CAutoPtr|com_ptr|com_ptr_t|intrusive_ptr)$/.test(t.base)) return undefined;
  const first = /^[^,<]*(?:<[^>]*>)?/.exec(t.targs)?.[0];
  const type = first ? typeFromText(first) : undefined;
  return type && { ...type, ptr: type.ptr + 1 };
}
