// One function as its analysis sees it: the graph, its locals, and keys for the places and conditions that matter. A local that is set
// once from a path of names stands for that path, so that `ext->Lock` and `DeviceObject->DeviceExtension->Lock` are one lock.

import type { Expr } from '../../model/expr.js';
import type { FileFacts } from '../../model/facts.js';
import type { Func, Project } from '../../model/project.js';
import type { TypeRef } from '../../model/types.js';
import type { Cfg } from '../../flow/cfg.js';
import { uncast, visit } from '../../flow/walk.js';
import { isPure } from './meaning.js';

/** A place or expression by its normal form. */
export interface Key {
  readonly id: number;
  /** `&ext->Lock`; with a tag in front for what lies inside a lock or handle: `lock:&ext->Lock`. */
  readonly text: string;
  readonly tag: Tag;
  readonly expr: Expr;
  /** Names it is made of. */
  readonly names: readonly string[];
  readonly fields: readonly string[];
  /** It lies in memory that others may reach. */
  readonly memory: boolean;
  /** Made of parameters and globals only: means something to callers. */
  readonly shared: boolean;
}

export type Tag = '' | 'lock' | 'handle' | 'float' | 'global';

interface Local { param: boolean; sets: number; value: Expr | undefined; address: boolean; type: TypeRef }

const maxDepth = 40;

export class Frame {
  readonly keys: Key[] = [];
  private readonly byText = new Map<string, number>();
  private readonly locals = new Map<string, Local>();
  /** Normal forms; null for what has none. */
  private readonly resolved = new Map<Expr, Expr | null>();
  /** Keys of normal forms that were asked for, without a tag. */
  private readonly plain = new Map<Expr, number>();
  private readonly members: ReadonlySet<string>;
  /** Keys by a name or a field they are made of. */
  private readonly byName = new Map<string, number[]>();
  private readonly byField = new Map<string, number[]>();

  constructor(
    readonly project: Project, readonly fn: Func, readonly file: FileFacts, readonly cfg: Cfg,
    /** Parameters declared to save the level. */
    readonly slotNames: ReadonlySet<string> = new Set(),
  ) {
    for (const p of fn.params) if (p.name) this.locals.set(p.name, { param: true, sets: 0, value: undefined, address: false, type: p.type });
    this.members = memberNames(project, fn, file);
    this.collectLocals();
  }

  private collectLocals(): void {
    for (const id of this.cfg.order) {
      for (const s of this.cfg.blocks[id]!.steps) {
        if (s.k !== 'decl') continue;
        const old = this.locals.get(s.v.name);
        if (old) old.sets += 2;
        else this.locals.set(s.v.name, { param: false, sets: s.v.init ? 1 : 0, value: s.v.init, address: false, type: s.v.type });
      }
    }
    const note = (x: Expr): void => {
      if (x.k === 'assign') this.assigned(x.l, x.op === '=' ? 1 : 2, x.r);
      else if (x.k === 'update') this.assigned(x.e, 2, undefined);
      else if (x.k === 'unary' && x.op === '&') {
        const target = uncast(x.e);
        const local = target.k === 'name' ? this.locals.get(target.name) : undefined;
        if (local) local.address = true;
      }
    };
    for (const id of this.cfg.order) {
      const { steps, term } = this.cfg.blocks[id]!;
      for (const s of steps) {
        if (s.k === 'eval') visit(s.e, note);
        else if (s.k === 'return') {
          if (s.e) visit(s.e, note);
        } else if (s.k === 'decl') {
          if (s.v.init) visit(s.v.init, note);
          if (s.v.ctorArgs) for (const a of s.v.ctorArgs) visit(a, note);
        }
      }
      if (term.k === 'branch') visit(term.cond, note);
      else if (term.k === 'switch') visit(term.e, note);
    }
  }

  private assigned(l: Expr, times: number, value: Expr | undefined): void {
    const target = uncast(l);
    const local = target.k === 'name' ? this.locals.get(target.name) : undefined;
    if (!local) return;
    local.sets += times;
    if (value) local.value = value;
  }

  isLocal(name: string): boolean {
    return this.locals.has(name) || name.startsWith('$');
  }

  isParam(name: string): boolean {
    return this.locals.get(name)?.param ?? false;
  }

  typeOfLocal(name: string): TypeRef | undefined {
    return this.locals.get(name)?.type;
  }

  /** The local's address is taken somewhere. */
  addressTaken(name: string): boolean {
    return this.locals.get(name)?.address ?? false;
  }

  /** The parameter still has the value it came with, everywhere in the function. */
  isSteady(name: string): boolean {
    const local = this.locals.get(name);
    return local === undefined ? !name.startsWith('$') : local.param && local.sets === 0 && !local.address;
  }

  /** Number of the key an expression has, -1 for one that has none. */
  key(e: Expr, tag: Tag = ''): number {
    const r = this.resolve(e);
    return r === undefined ? -1 : this.intern(r, tag);
  }

  /** Key of what a pointer expression points to. */
  pointee(e: Expr, tag: Tag = ''): number {
    const r = this.resolve(e);
    return r === undefined ? -1 : this.intern(deref(r), tag);
  }

  /** The function writes the place itself, or something of the same name. */
  isWritten(key: number): boolean {
    return this.written.has(key);
  }

  /** Some key is that of two things being equal. */
  comparesPlaces = false;
  readonly written = new Set<number>();
  /** Places that are assigned a level, not written by a routine that saves it. */
  readonly levelCopies = new Set<number>();

  /** A place as the target of an assignment: a plain local stands for itself. */
  resolveTarget(e: Expr): Expr | undefined {
    const x = uncast(e);
    return x.k === 'name' && this.isLocal(x.name) ? x : this.resolve(x);
  }

  /** Something asks for the place. */
  hasTarget(e: Expr): boolean {
    const r = this.resolveTarget(e);
    return this.find(r) !== undefined;
  }

  hasText(text: string): boolean {
    return this.byText.has(text);
  }

  /** A local variable or a part of one: on entry there is nothing in it. */
  isOwn(e: Expr): boolean {
    let root = e;
    while ((root.k === 'field' && !root.arrow) || (root.k === 'index' && root.e.k !== 'name')) root = root.e;
    return root.k === 'name' && this.isLocal(root.name) && !this.isParam(root.name);
  }

  /** Key of a resolved expression, when there is one already. */
  find(resolved: Expr | undefined): number | undefined {
    return resolved && (this.plain.get(resolved) ?? this.byText.get(print(resolved)));
  }

  targetKey(e: Expr): number {
    const r = this.resolveTarget(e);
    return r === undefined ? -1 : this.intern(r, '');
  }

  text(resolved: Expr): string {
    return print(resolved);
  }

  field(key: number, name: string): number {
    const e = this.keys[key]!.expr;
    return this.intern({ k: 'field', e, name, arrow: false, nameStart: e.start, start: e.start, end: e.end }, '');
  }

  /** Key of a thing that has no expression. */
  named(text: string, tag: Tag): number {
    return this.intern({ k: 'name', name: text, start: 0, end: 0 }, tag);
  }

  /** Keys that are made of that name, or hold a field of that name. */
  madeOf(name: string): readonly number[] {
    return this.byName.get(name) ?? [];
  }

  withField(field: string): readonly number[] {
    return this.byField.get(field) ?? [];
  }

  private intern(expr: Expr, tag: Tag): number {
    if (tag !== '') return this.internText(expr, tag, `${tag}:${print(expr)}`);
    let key = this.plain.get(expr);
    if (key === undefined) this.plain.set(expr, (key = this.internText(expr, tag, print(expr))));
    return key;
  }

  private internText(expr: Expr, tag: Tag, text: string): number {
    const known = this.byText.get(text);
    if (known !== undefined) return known;
    if (expr.k === 'binary' && expr.op === '==') this.comparesPlaces = true;
    const names: string[] = [];
    const fields: string[] = [];
    let memory = false;
    visit(expr, (x) => {
      if (x.k === 'name') {
        if (!names.includes(x.name)) names.push(x.name);
        if (!this.isLocal(x.name) || this.addressTaken(x.name)) memory = true;
      } else if (x.k === 'field') {
        if (!fields.includes(x.name)) fields.push(x.name);
        if (x.arrow) memory = true;
      } else if ((x.k === 'unary' && x.op === '*') || x.k === 'index' || x.k === 'call') memory = true;
    });
    const shared = tag === 'global' || names.every((n) => this.isSteady(n) || n === 'this');
    const id = this.keys.length;
    this.keys.push({ id, text, tag, expr, names, fields, memory, shared });
    this.byText.set(text, id);
    for (const n of names) append(this.byName, n, id);
    for (const f of fields) append(this.byField, f, id);
    return id;
  }

  /** The expression without casts, once-set locals replaced by what they stand for; undefined when it has no steady meaning. */
  resolve(e: Expr, depth = 0): Expr | undefined {
    const known = this.resolved.get(e);
    if (known !== undefined) return known ?? undefined;
    if (depth > maxDepth) return undefined;
    const r = this.resolveNew(e, depth);
    this.resolved.set(e, r ?? null);
    return r;
  }

  private resolveNew(e: Expr, depth: number): Expr | undefined {
    switch (e.k) {
      case 'name': return this.resolveName(e, depth);
      case 'num': case 'char': case 'str': case 'sizeof': return e;
      case 'cast': return this.resolve(e.e, depth + 1);
      case 'unary': {
        const inner = this.resolve(e.e, depth + 1);
        if (!inner) return undefined;
        if (e.op === '*') return deref(inner);
        if (e.op === '&') return address(inner);
        return inner === e.e ? e : { k: 'unary', start: e.start, end: e.end, op: e.op, e: inner };
      }
      case 'field': {
        const base = this.resolve(e.e, depth + 1);
        if (!base) return undefined;
        const object = e.arrow ? deref(base) : base;
        const through = object.k === 'unary' && object.op === '*';
        const of = through ? object.e : object;
        return of === e.e && through === e.arrow ? e : { k: 'field', start: e.start, end: e.end, e: of, name: e.name, arrow: through, nameStart: e.nameStart };
      }
      case 'index': {
        const base = this.resolve(e.e, depth + 1);
        const i = this.resolve(e.i, depth + 1);
        return base && i && (base === e.e && i === e.i ? e : { k: 'index', start: e.start, end: e.end, e: base, i });
      }
      case 'binary': {
        const l = this.resolve(e.l, depth + 1);
        const r = this.resolve(e.r, depth + 1);
        return l && r && (l === e.l && r === e.r ? e : { k: 'binary', start: e.start, end: e.end, op: e.op, l, r });
      }
      case 'call': {
        const args: Expr[] = [];
        for (const a of e.args) {
          const r = this.resolve(a, depth + 1);
          if (!r) return undefined;
          args.push(r);
        }
        const callee = this.resolve(e.callee, depth + 1);
        return callee && { k: 'call', start: e.start, end: e.end, callee, args };
      }
      default: return undefined;
    }
  }

  private resolveName(e: Expr & { k: 'name' }, depth: number): Expr | undefined {
    const local = this.locals.get(e.name);
    if (local) {
      const value = !local.param && local.sets === 1 && !local.address && local.value ? this.path(local.value, depth + 1) : undefined;
      return value ?? e;
    }
    if (this.members.has(e.name)) return { k: 'field', e: { k: 'name', start: e.start, end: e.end, name: 'this' }, name: e.name, arrow: true, nameStart: e.start, start: e.start, end: e.end };
    return e;
  }

  /** The value of a once-set local when it is a path that keeps its meaning. */
  private path(value: Expr, depth: number): Expr | undefined {
    const v = uncast(value);
    if (v.k === 'call') return v.args.length === 0 && v.callee.k === 'name' && isPure(v.callee.name) ? v : undefined;
    if (v.k !== 'name' && v.k !== 'field' && v.k !== 'unary' && v.k !== 'index') return undefined;
    if (v.k === 'unary' && v.op !== '&' && v.op !== '*') return undefined;
    const r = this.resolve(v, depth);
    if (!r) return undefined;
    let steady = true;
    visit(r, (x) => {
      if (x.k === 'name' && x.name !== 'this' && !this.isSteady(x.name) && !this.isObject(x.name)) steady = false;
      if (x.k === 'call' || x.k === 'update' || x.k === 'assign') steady = false;
    });
    return steady ? r : undefined;
  }

  /** A local that is an object, not a pointer to one: its address never changes. */
  private isObject(name: string): boolean {
    const local = this.locals.get(name);
    return local !== undefined && !local.param && local.type.ptr === 0 && local.address;
  }
}

function append(map: Map<string, number[]>, key: string, value: number): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

export function deref(e: Expr): Expr {
  return e.k === 'unary' && e.op === '&' ? e.e : { k: 'unary', op: '*', e, start: e.start, end: e.end };
}

export function address(e: Expr): Expr {
  return e.k === 'unary' && e.op === '*' ? e.e : { k: 'unary', op: '&', e, start: e.start, end: e.end };
}

/** Text of a resolved expression; equal texts mean equal expressions. */
export function print(e: Expr): string {
  switch (e.k) {
    case 'name': return e.name;
    case 'num': return Number.isNaN(e.value) ? e.text : String(e.value);
    case 'char': case 'str': return e.text;
    case 'unary': return `${e.op}${print(e.e)}`;
    case 'field': return `${object(e.e)}${e.arrow ? '->' : '.'}${e.name}`;
    case 'index': return `${object(e.e)}[${print(e.i)}]`;
    case 'binary': return `(${print(e.l)} ${e.op} ${print(e.r)})`;
    case 'call': return `${print(e.callee)}(${e.args.map(print).join(', ')})`;
    case 'sizeof': return e.e ? `sizeof(${e.start})` : `sizeof(${e.type?.base ?? ''}${'*'.repeat(e.type?.ptr ?? 0)})`;
    default: return '?';
  }
}

const object = (e: Expr): string => (e.k === 'unary' ? `(${print(e)})` : print(e));

/** Fields a member function may name without `this->`. */
function memberNames(project: Project, fn: Func, file: FileFacts): ReadonlySet<string> {
  const scope = fn.def?.decl.scope.at(-1);
  const names = new Set<string>();
  if (scope?.kind !== 'class') return names;
  const todo = [scope.name];
  for (let i = 0; i < todo.length && i < 16; i++) {
    const record = project.record(todo[i]!, file);
    for (const f of record?.decl.fields ?? []) if (!f.isStatic) names.add(f.name);
    todo.push(...(record?.decl.bases ?? []));
  }
  return names;
}
