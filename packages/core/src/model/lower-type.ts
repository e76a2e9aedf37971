// Type specifiers and declarators of the tree -> TypeRef and the declared name.

import { FieldName as F, NodeType as N } from '../syntax/node-types.js';
import type { NodeIndex } from '../syntax/tree.js';
import type { Param } from './facts.js';
import type { TypeRef } from './types.js';
import type { TreeReader } from './tree-reader.js';

/** What a declarator declares. */
export interface Declared {
  /** '' for abstract declarators. */
  name: string;
  nameStart: number;
  nameEnd: number;
  type: TypeRef;
  /** The parameter list node when the declarator is a function's own (not a pointer's to one), else -1. */
  params: NodeIndex;
  /** The function_declarator node that goes with `params`. */
  fnNode: NodeIndex;
}

/** Gives the parameters of a parameter_list node; supplied by the declarations stage, which binds annotations. */
export type ParamReader = (list: NodeIndex) => { params: Param[]; variadic: boolean };

const INT_WORDS = new Set(['unsigned', 'signed', 'long', 'short', 'int', 'char', '__int64', '__int32', '__int16', '__int8', 'double']);

/** `long unsigned int` -> `unsigned long`; words that say nothing are dropped. */
export function canonicalSpecifiers(text: string): string {
  const words = text.split(/\s+/).filter((w) => w && w !== 'const' && w !== 'volatile');
  if (words.length < 2 || !words.some((w) => INT_WORDS.has(w))) return words.join(' ');
  const longs = words.filter((w) => w === 'long').length;
  const core = words.includes('char') ? 'char' : words.includes('double') ? 'double' : words.includes('short') ? 'short'
    : words.find((w) => w.startsWith('__int')) ?? (longs > 1 ? 'long long' : longs === 1 ? 'long' : 'int');
  const sign = words.includes('unsigned') ? 'unsigned ' : words.includes('signed') && core === 'char' ? 'signed ' : '';
  return sign + (core === 'double' && longs ? 'long double' : core);
}

/** Base type of a node that has type specifiers and qualifiers as children (declaration, parameter, type_descriptor, ...). */
export function specifiersOf(r: TreeReader, n: NodeIndex): TypeRef {
  let base = '';
  let cv = 0;
  let targs: string | undefined;
  const last = r.next[n];
  for (let c = n + 1; c < last; c = r.next[c]) {
    const t = r.type[c];
    if (t === N.type_qualifier) {
      const q = r.text(c);
      if (q === 'const') cv |= 1;
      else if (q === 'volatile') cv |= 2;
    } else if (r.field[c] === F.type && base === '') {
      const named = typeName(r, c);
      base = named.base;
      targs = named.targs;
    }
  }
  const type: TypeRef = { base, ptr: 0 };
  if (cv) type.cv = cv;
  if (targs !== undefined) type.targs = targs;
  return type;
}

/** Name of one type specifier node. */
export function typeName(r: TreeReader, n: NodeIndex): { base: string; targs?: string } {
  switch (r.type[n]) {
    case N.struct_specifier: return { base: tagged(r, n, 'struct') };
    case N.union_specifier: return { base: tagged(r, n, 'union') };
    case N.enum_specifier: return { base: tagged(r, n, 'enum') };
    case N.class_specifier: return { base: tagged(r, n, 'class') };
    case N.template_type: {
      const args = r.child(n, F.arguments);
      return { base: r.text(r.child(n, F.name)), targs: args < 0 ? '' : r.text(args).slice(1, -1).trim() };
    }
    case N.qualified_identifier: return qualifiedName(r, n);
    case N.sized_type_specifier: return { base: canonicalSpecifiers(r.text(n)) };
    default: return { base: r.text(n).replace(/\s+/g, ' ') };
  }
}

function tagged(r: TreeReader, n: NodeIndex, keyword: string): string {
  const name = r.child(n, F.name);
  return name < 0 ? `${keyword} @${r.start[n]}` : `${keyword} ${r.text(name).replace(/\s+/g, '')}`;
}

/** `A::B<int>::c` -> base `A::B::c`; template arguments of the last part are returned apart. */
export function qualifiedName(r: TreeReader, n: NodeIndex): { base: string; targs?: string } {
  const t = r.type[n];
  if (t === N.qualified_identifier) {
    const scope = r.child(n, F.scope);
    const name = r.child(n, F.name);
    const left = scope < 0 ? '' : qualifiedName(r, scope).base;
    const right = name < 0 ? { base: '' } : qualifiedName(r, name);
    return { ...right, base: `${left}::${right.base}` };
  }
  if (t === N.template_type || t === N.template_function || t === N.template_method) {
    const args = r.child(n, F.arguments);
    const name = r.child(n, F.name);
    return { base: name < 0 ? r.text(n) : qualifiedName(r, name).base, targs: args < 0 ? undefined : r.text(args).slice(1, -1).trim() };
  }
  return { base: r.text(n).replace(/\s+/g, '') };
}

/** Reads a declarator (or abstract declarator, or -1 for none) applied to `base`. */
export function declaratorOf(r: TreeReader, n: NodeIndex, base: TypeRef, readParams: ParamReader): Declared {
  const out: Declared = { name: '', nameStart: -1, nameEnd: -1, type: base, params: -1, fnNode: -1 };
  let type = base;
  let directFunction = -1;
  while (n >= 0) {
    switch (r.type[n]) {
      case N.pointer_declarator: case N.abstract_pointer_declarator: case N.pointer_type_declarator:
        type = pointerTo(r, n, type);
        directFunction = -1;
        n = r.child(n, F.declarator);
        break;
      case N.reference_declarator: case N.abstract_reference_declarator: {
        type = { ...type, ref: r.code.startsWith('&&', r.start[n]) ? '&&' : '&' };
        directFunction = -1;
        n = innerDeclarator(r, n);
        break;
      }
      case N.array_declarator: case N.abstract_array_declarator: {
        const size = r.child(n, F.size);
        type = { ...type, dims: [...(type.dims ?? []), size < 0 ? '' : r.text(size)] };
        directFunction = -1;
        n = r.child(n, F.declarator);
        break;
      }
      case N.function_declarator: case N.abstract_function_declarator: {
        const list = r.child(n, F.parameters);
        const read = list < 0 ? { params: [], variadic: false } : readParams(list);
        type = { base: '(fn)', ptr: 0, fn: { ret: type, params: read.params, ...(read.variadic ? { variadic: true } : {}) } };
        directFunction = n;
        n = r.child(n, F.declarator);
        break;
      }
      case N.parenthesized_declarator: case N.abstract_parenthesized_declarator: case N.attributed_declarator: case N.variadic_declarator:
        n = innerDeclarator(r, n);
        break;
      case N.init_declarator: case N.bitfield_clause:
        n = r.child(n, F.declarator);
        break;
      case N.operator_cast:
        return conversion(r, n, readParams);
      default:
        nameOf(r, n, out);
        n = -1;
    }
  }
  out.type = type;
  if (directFunction >= 0 && type.fn && type.ptr === 0) {
    out.fnNode = directFunction;
    out.params = r.child(directFunction, F.parameters);
  }
  return out;
}

/** `operator T *() const`: the name is the type, which is also the result's. */
function conversion(r: TreeReader, n: NodeIndex, readParams: ParamReader): Declared {
  const inner = declaratorOf(r, r.child(n, F.declarator), specifiersOf(r, n), readParams);
  const ret = inner.type.fn?.ret ?? inner.type;
  const end = inner.params >= 0 ? r.start[inner.params] : r.end[n];
  const head = r.code.slice(r.start[n], end).trim();
  return { ...inner, name: head.replace(/\s+/g, ' '), nameStart: r.start[n], nameEnd: r.start[n] + head.length, type: { base: '(fn)', ptr: 0, fn: { ret, params: inner.type.fn?.params ?? [] } } };
}

function nameOf(r: TreeReader, n: NodeIndex, out: Declared): void {
  const t = r.type[n];
  if (t === N.qualified_identifier) out.name = qualifiedName(r, n).base.replace(/^::/, '');
  else if (t === N.operator_name) out.name = r.text(n).replace(/\s+/g, ' ').replace(/^operator (?=\W)/, 'operator');
  else if (t === N.template_function || t === N.template_method) out.name = qualifiedName(r, n).base;
  else out.name = r.text(n).replace(/\s+/g, '');
  let at = n;
  while (r.type[at] === N.qualified_identifier && r.child(at, F.name) >= 0) at = r.child(at, F.name);
  out.nameStart = r.start[at];
  out.nameEnd = r.end[at];
}

function innerDeclarator(r: TreeReader, n: NodeIndex): NodeIndex {
  const byField = r.child(n, F.declarator);
  if (byField >= 0) return byField;
  const last = r.next[n];
  for (let c = n + 1; c < last; c = r.next[c]) {
    const t = r.type[c];
    if (t !== N.ms_call_modifier && t !== N.attribute_declaration && t !== N.attribute_specifier && t !== N.type_qualifier) return c;
  }
  return -1;
}

function pointerTo(r: TreeReader, n: NodeIndex, type: TypeRef): TypeRef {
  const made: TypeRef = { ...type, ptr: type.ptr + 1 };
  const last = r.next[n];
  for (let c = n + 1; c < last; c = r.next[c]) if (r.type[c] === N.type_qualifier && r.text(c) === 'const') made.cv = (made.cv ?? 0) | 4;
  return made;
}
