// Typedef chains and pointer aliases of the project and of the WDK -> one spelling per type.

import { aliasOf } from '@drvlint/wdk';
import type { FileFacts } from './facts.js';
import { lastName, type Symbols } from './symbols.js';
import { canonicalSpecifiers } from './lower-type.js';
import type { TypeRef } from './types.js';

const TAG = /^(?:struct|union|enum|class) /;
const MAX_CHAIN = 24;

/** `_DEVICE_OBJECT` -> `DEVICE_OBJECT`: headers give a structure both names, and the tables know the second. */
function plainTag(tag: string): string {
  return /^_[A-Z][A-Z0-9_]*$/.test(tag) ? tag.slice(1) : tag;
}

export class TypeResolution {
  private readonly cache = new Map<FileFacts, Map<string, TypeRef>>();

  constructor(private readonly symbols: Symbols) {}

  /** See Project.canonical. */
  canonical(type: TypeRef, from: FileFacts): TypeRef {
    if (type.fn) return { base: '(fn)', ptr: type.ptr, fn: type.fn, ...(type.ref ? { ref: type.ref } : {}), ...(type.dims ? { dims: type.dims } : {}) };
    const base = this.base(type.base, from);
    const made: TypeRef = { base: base.base, ptr: base.ptr + type.ptr };
    if (base.fn) made.fn = base.fn;
    if (type.ref) made.ref = type.ref;
    const dims = [...(type.dims ?? []), ...(base.dims ?? [])];
    if (dims.length > 0) made.dims = dims;
    if (type.targs !== undefined) made.targs = type.targs;
    return made;
  }

  private base(name: string, from: FileFacts): TypeRef {
    let perFile = this.cache.get(from);
    if (!perFile) this.cache.set(from, (perFile = new Map()));
    const known = perFile.get(name);
    if (known) return known;
    const made = this.resolve(name, from);
    perFile.set(name, made);
    return made;
  }

  private resolve(name: string, from: FileFacts): TypeRef {
    let current: TypeRef = { base: name, ptr: 0 };
    const seen = new Set<string>();
    for (let i = 0; i < MAX_CHAIN; i++) {
      if (TAG.test(current.base)) return { ...current, base: plainTag(current.base.replace(TAG, '')) };
      if (seen.has(current.base)) break;
      seen.add(current.base);
      const next = this.step(current.base, from);
      if (!next) break;
      current = { ...next, ptr: next.ptr + current.ptr, ...(current.dims || next.dims ? { dims: [...(current.dims ?? []), ...(next.dims ?? [])] } : {}) };
      if (current.fn) return current;
    }
    return { ...current, base: plainTag(canonicalSpecifiers(current.base)) };
  }

  private step(name: string, from: FileFacts): TypeRef | undefined {
    const placed = this.symbols.visible(this.symbols.typedefs, lastName(name), from);
    // A typedef of an unnamed structure is that structure's only name.
    if (placed && placed.decl.type.base !== name) return placed.decl.type.base.includes(' @') && placed.decl.type.ptr === 0 ? undefined : placed.decl.type;
    const macro = this.symbols.visible(this.symbols.macros, name, from, false);
    if (macro && !macro.decl.params && /^[A-Za-z_]\w*(?:\s+[A-Za-z_]\w*)*\s*\**$/.test(macro.decl.body)) {
      const stars = macro.decl.body.replace(/[^*]/g, '').length;
      const base = canonicalSpecifiers(macro.decl.body.replace(/\*/g, '').trim());
      if (base !== name) return { base, ptr: stars };
    }
    const alias = aliasOf(name);
    return alias && alias.base !== name ? { base: alias.base, ptr: alias.ptr } : undefined;
  }

  /** Same type after resolution; qualifiers and parameter names do not matter. */
  same(a: TypeRef, b: TypeRef, from: FileFacts): boolean {
    const x = this.canonical(a, from);
    const y = this.canonical(b, from);
    if (x.ptr !== y.ptr || x.ref !== y.ref || (x.dims?.length ?? 0) !== (y.dims?.length ?? 0)) return false;
    if (x.fn && y.fn) {
      const [f, g] = [x.fn, y.fn];
      return f.params.length === g.params.length && this.same(f.ret, g.ret, from) && f.params.every((p, i) => this.same(p.type, g.params[i].type, from));
    }
    return !x.fn && !y.fn && lastName(x.base) === lastName(y.base);
  }
}

/** Readable spelling: `_IRP *`, `void (*)(void *)`. */
export function typeText(t: TypeRef): string {
  const stars = '*'.repeat(t.ptr);
  if (t.fn) return `${typeText(t.fn.ret)} (${stars})(${t.fn.params.map((p) => typeText(p.type)).join(', ')}${t.fn.variadic ? ', ...' : ''})`;
  const cv = (t.cv ?? 0) & 1 ? 'const ' : '';
  const dims = (t.dims ?? []).map((d) => `[${d}]`).join('');
  return `${cv}${t.base}${t.targs ? `<${t.targs}>` : ''}${stars ? ` ${stars}` : ''}${t.ref ?? ''}${dims}`;
}
