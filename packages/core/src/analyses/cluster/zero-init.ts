// Whether the CLUS_WORKER given to ClusWorkerCreate was zeroed: on the paths of the creating function for its own objects, by the
// allocations of the structure for a member. What cannot be seen is taken to be right.

import { allocator, zeroing } from '@drvlint/wdk';
import type { CallExpr, Expr, NewExpr } from '../../model/expr.js';
import type { FileFacts, LocalVar, RecordDecl } from '../../model/facts.js';
import type { Func, Project } from '../../model/project.js';
import type { Stmt } from '../../model/stmt.js';
import type { TypeRef } from '../../model/types.js';
import { walkExpr, walkStmts } from '../../model/walk.js';
import { Explorer } from '../paths/explore.js';
import { type CallSite, type Outcome } from '../paths/eval.js';
import { isInside, type State } from '../paths/state.js';
import { symbol } from '../paths/value.js';
import { fileOf, uncast } from './api.js';
import type { ClusterModel } from './model.js';
import type { CreateSite } from './workers.js';

export interface NotZeroed {
  why: 'local' | 'heap' | 'partial' | 'constructor' | 'allocation';
  /** Declaration, allocation or partial zeroing. */
  file: FileFacts;
  start: number;
  end: number;
  /** Local that could be initialised. */
  local?: LocalVar;
}

export class ZeroInit {
  constructor(private readonly model: ClusterModel) {}

  private get project(): Project {
    return this.model.project;
  }

  judge(site: CreateSite): NotZeroed | undefined {
    return this.onPaths(site) ?? this.byAllocation(site);
  }

  /** Objects that the creating function itself declares or allocates. */
  private onPaths(site: CreateSite): NotZeroed | undefined {
    let found: NotZeroed | undefined;
    const partial = new Map<string, { start: number; end: number }>();
    const fresh = new Map<string, NotZeroed>();
    const explorer = new Explorer({
      project: this.project, depth: 3,
      cfg: (fn) => this.model.graphs.cfg(fn),
      enters: (fn) => this.zeroes(fn) || (fn !== site.inside && this.model.graphs.calls(fn).includes(site.call)),
      matters: (name) => name === 'ClusWorkerCreate' || (name !== undefined && zeroing(name) !== undefined),
      callee: (s) => this.model.calleeOf(s.call, s.frame.fn),
      created: (e, loc, state) => this.created(e, loc, state, site, fresh),
      step: (step, frame, state, evaluate) => {
        if (step.k === 'decl') {
          const why = this.freshLocal(step.v, frame.fn);
          if (!why) return state;
          const loc = `${frame.id}${step.v.name}`;
          fresh.set(loc, { why: 'local', file: fileOf(frame.fn), start: step.v.nameStart, end: step.v.nameStart + step.v.name.length, local: step.v });
          return state.setFact(`fresh ${loc}`, '1');
        }
        if (step.k !== 'eval' || step.e.k !== 'assign') return state;
        const loc = evaluate.locate(step.e.l, frame, state);
        return loc === undefined ? state : touched(state, loc);
      },
      call: (s) => {
        if (s.call === site.call) {
          const loc = s.pointee(0);
          const object = loc === undefined ? undefined : freshObject(s.state, loc);
          if (object !== undefined && found === undefined) {
            const cut = partial.get(object);
            found = cut ? { why: 'partial', file: site.file, ...cut } : fresh.get(object);
          }
          return [{ state: s.state, val: symbol(`?create${s.call.start}`) }];
        }
        return this.call(s, partial, fresh);
      },
    });
    explorer.walk(site.inside);
    return found;
  }

  /** A local CLUS_WORKER, or a structure with one in it, that nothing initialises. */
  private freshLocal(v: LocalVar, fn: Func): boolean {
    if (v.isStatic || v.init || v.ctorArgs || v.type.ptr > 0 || v.type.ref) return false;
    const file = fileOf(fn);
    if (this.model.api.isWorkerType(v.type, file)) return true;
    const record = this.project.record(this.project.canonical(v.type, file).base, file);
    return record !== undefined && this.workerFields(record.decl, record.file).length > 0 && !this.constructs(record.decl, record.file);
  }

  private created(e: NewExpr, loc: string, state: State, site: CreateSite, fresh: Map<string, NotZeroed>): State {
    if (e.args !== undefined || e.braces || e.type.ptr > 0) return state;
    const worker = this.model.api.isWorkerType(e.type, site.file);
    const record = this.project.record(this.project.canonical(e.type, site.file).base, site.file);
    if (!worker && (!record || this.workerFields(record.decl, record.file).length === 0 || this.constructs(record.decl, record.file))) return state;
    fresh.set(loc, { why: 'heap', file: site.file, start: e.start, end: e.end });
    return state.setFact(`fresh ${loc}`, '1');
  }

  private call(s: CallSite, partial: Map<string, { start: number; end: number }>, fresh: Map<string, NotZeroed>): Outcome[] | undefined {
    const name = this.project.calleeName(s.call, fileOf(s.frame.fn));
    const zero = name === undefined ? undefined : zeroing(name);
    if (zero) {
      const loc = s.pointee(zero.ptr);
      const other = zero.value === undefined ? 0 : this.project.valueOf(s.call.args[zero.value]!, fileOf(s.frame.fn));
      if (loc === undefined || other !== 0) return [{ state: loc === undefined ? s.state : touched(s.state, loc), val: symbol(`?zero${s.call.start}`) }];
      if (this.isPointerSize(s.call.args[zero.size], s.frame.fn)) {
        const object = freshObject(s.state, loc);
        if (object !== undefined) partial.set(object, { start: s.call.start, end: s.call.end });
        return [{ state: s.state, val: symbol(`?zero${s.call.start}`) }];
      }
      return [{ state: touched(s.state, loc).zero(loc), val: symbol(`?zero${s.call.start}`) }];
    }
    const alloc = name === undefined ? undefined : allocator(name);
    if (alloc && name !== undefined) {
      const loc = `heap@${s.call.start}*`;
      const state = s.state.forget(loc, String(s.call.start));
      if (this.allocationZeroes(s.call, s.frame.fn)) return [{ state: state.setFact(`fresh ${loc}`, ''), val: symbol(`heap@${s.call.start}`) }];
      fresh.set(loc, { why: 'heap', file: fileOf(s.frame.fn), start: s.call.start, end: s.call.end });
      return [{ state: state.setFact(`fresh ${loc}`, '1'), val: symbol(`heap@${s.call.start}`) }];
    }
    if (this.model.api.kind(s.call, s.frame.fn) === 'terminate') return undefined;
    const callee = this.model.calleeOf(s.call, s.frame.fn);
    if (callee?.def && this.zeroes(callee)) return undefined;
    let state = s.state;
    s.call.args.forEach((_, i) => {
      const loc = s.pointee(i);
      if (loc !== undefined && !(callee?.def && !this.zeroes(callee))) state = touched(state, loc);
    });
    return state === s.state ? undefined : [{ state, val: symbol(`?call${s.call.start}`) }];
  }

  /** The size is that of a pointer: `sizeof(p)` instead of `sizeof(*p)`. */
  private isPointerSize(size: Expr | undefined, fn: Func): boolean {
    const x = size && uncast(size);
    if (x?.k !== 'sizeof') return false;
    const type = x.type ?? (x.e && this.project.typeOf(x.e, fn));
    if (!type || type.dims) return false;
    return this.project.canonical(type, fileOf(fn)).ptr > 0;
  }

  private allocationZeroes(call: CallExpr, fn: Func): boolean {
    const name = this.project.calleeName(call, fileOf(fn));
    const a = name === undefined ? undefined : allocator(name);
    if (!a) return true;
    if (a.zeroes !== 'flag') return a.zeroes === 'always';
    const arg = call.args[a.arg];
    if (!arg) return false;
    let found = false;
    let opaque = false;
    walkExpr(arg, { expr: (e) => {
      if (e.k === 'name' && a.flags.includes(e.name)) found = true;
      if (e.k === 'num' && (e.value & ZERO_FLAGS[name!]!) !== 0) found = true;
      if (e.k === 'name' && !/^[A-Z][A-Z0-9_]*$/.test(e.name)) opaque = true;
    } });
    return found || opaque;
  }

  /** The function zeroes memory somewhere, itself or in what it calls. */
  private zeroes(fn: Func, depth = 0): boolean {
    if (depth > 3) return false;
    const cached = this.zeroingFuncs.get(fn);
    if (cached !== undefined) return cached;
    this.zeroingFuncs.set(fn, false);
    const found = this.model.graphs.calls(fn).some((c) => {
      const name = this.project.calleeName(c, fileOf(fn));
      if (name !== undefined && (zeroing(name) || allocator(name))) return true;
      const callee = this.model.calleeOf(c, fn);
      return callee?.def !== undefined && callee !== fn && this.zeroes(callee, depth + 1);
    });
    this.zeroingFuncs.set(fn, found);
    return found;
  }
  private readonly zeroingFuncs = new Map<Func, boolean>();

  private workerFields(record: RecordDecl, file: FileFacts): string[] {
    return record.fields.filter((f) => this.model.api.isWorkerType(f.type, file) && !f.isStatic).map((f) => f.name);
  }

  /** A constructor or member initialisers run: whether they zero the member is asked elsewhere. */
  private constructs(record: RecordDecl, file: FileFacts): boolean {
    return this.constructorsOf(record, file).length > 0 || record.fields.some((f) => f.init !== undefined);
  }

  private constructorsOf(record: RecordDecl, file: FileFacts) {
    return record.methods.map((m) => file.functions[m]!).filter((f) => f && f.name === record.name && !f.isDeleted);
  }

  /** Members: every allocation of the structure in the project, and its constructors. */
  private byAllocation(site: CreateSite): NotZeroed | undefined {
    for (const id of site.identities) {
      if (id.kind !== 'field' || id.record === undefined || id.record === '?' || id.key.includes('*') || id.key.includes('[]')) continue;
      const member = id.key.slice(id.key.lastIndexOf('.') + 1);
      const record = this.project.record(id.record, site.file);
      if (!record) continue;
      const byConstructor = this.constructorForgets(record.decl, record.file, member);
      const constructed = this.constructs(record.decl, record.file);
      if (byConstructor && this.isNewed(id.record)) return byConstructor;
      for (const a of this.allocationsOf(id.record)) {
        if (!(constructed && a.viaNew) && !a.zeroed && !this.zeroedAfter(a, member)) return { why: 'allocation', file: fileOf(a.fn), start: a.expr.start, end: a.expr.end };
      }
    }
    return undefined;
  }

  /** A constructor of the project that says nothing about the member. */
  private constructorForgets(record: RecordDecl, file: FileFacts, member: string): NotZeroed | undefined {
    if (record.fields.some((f) => f.name === member && f.init !== undefined)) return undefined;
    for (const decl of this.constructorsOf(record, file)) {
      const def = this.project.funcOf(decl)?.def;
      if (!def?.decl.body || def.decl.notAnalysed !== undefined) continue;
      if (def.decl.ctorInits?.some((i) => i.name === member || i.name === record.name)) continue;
      if (!this.touches(def.decl.body.stmts, this.project.funcOf(decl)!, member)) return { why: 'constructor', file: def.file, start: def.decl.nameStart, end: def.decl.nameEnd };
    }
    return undefined;
  }

  /** A body names the member or the whole object, itself or in a method it calls; what is not in sight may. */
  private touches(stmts: readonly Stmt[], fn: Func, member: string, depth = 0): boolean {
    let found = false;
    walkStmts(stmts, { expr: (e) => {
      if (found) return;
      found = ((e.k === 'name' || e.k === 'field') && e.name === member) || (e.k === 'name' && e.name === 'this');
      const callee = !found && e.k === 'call' && e.callee.k === 'name' ? this.project.calleeOf(e, fn) : undefined;
      if (callee && callee !== fn && callee.decls[0]?.decl.isMember === true) found = !callee.def?.decl.body || depth > 2 || this.touches(callee.def.decl.body.stmts, callee, member, depth + 1);
    } });
    return found;
  }

  /** Some `new` of the project makes an object of the class, wherever its pointer goes. */
  private isNewed(record: string): boolean {
    if (!this.newed) {
      this.newed = new Set();
      for (const fn of this.model.functions) walkStmts(fn.def!.decl.body!.stmts, { expr: (e) => { if (e.k === 'new' && !e.array) this.newed!.add(this.project.canonical(e.type, fileOf(fn)).base); } });
    }
    return this.newed.has(record);
  }
  private newed?: Set<string>;

  private allocationsOf(record: string): Allocation[] {
    this.allocations ??= this.findAllocations();
    return this.allocations.get(record) ?? [];
  }
  private allocations?: Map<string, Allocation[]>;

  private findAllocations(): Map<string, Allocation[]> {
    const found = new Map<string, Allocation[]>();
    const add = (type: TypeRef | undefined, a: Omit<Allocation, 'record'>): void => {
      const base = type && this.project.canonical(type, fileOf(a.fn)).base;
      if (base === undefined) return;
      const list = found.get(base);
      if (list) list.push({ ...a, record: base });
      else found.set(base, [{ ...a, record: base }]);
    };
    for (const fn of this.model.functions) {
      walkStmts(fn.def!.decl.body!.stmts, {
        local: (v) => { if (v.init) this.allocation(v.init, { k: 'name', name: v.name, start: v.nameStart, end: v.nameStart }, v.type, fn, add); },
        expr: (e) => { if (e.k === 'assign' && e.op === '=') this.allocation(e.r, e.l, this.project.typeOf(e.l, fn), fn, add); },
      });
    }
    return found;
  }

  private allocation(value: Expr, target: Expr, type: TypeRef | undefined, fn: Func, add: (type: TypeRef | undefined, a: Omit<Allocation, 'record'>) => void): void {
    const x = uncast(value);
    if (x.k === 'new' && !x.array) add(x.type, { expr: x, target, fn, viaNew: true, zeroed: x.args !== undefined || x.braces === true });
    if (x.k !== 'call') return;
    const name = this.project.calleeName(x, fileOf(fn));
    if (name === undefined || !allocator(name)) return;
    const pointer = type && type.base !== 'auto' ? type : this.project.typeOf(value, fn);
    const full = pointer && this.project.canonical(pointer, fileOf(fn));
    add(full && full.ptr === 1 ? { base: full.base, ptr: 0 } : undefined, { expr: x, target, fn, viaNew: false, zeroed: this.allocationZeroes(x, fn) });
  }

  /** Later in the same function the object, or the member, is zeroed, copied over, or given to a function that may. */
  private zeroedAfter(a: Allocation, member: string): boolean {
    const target = a.target;
    const text = this.project.textOf(fileOf(a.fn).path);
    const same = (e: Expr): boolean => {
      const x = uncast(e);
      return x.k === target.k && text.slice(x.start, x.end).trim() === this.nameOf(target, text);
    };
    let done = false;
    walkStmts(a.fn.def!.decl.body!.stmts, { expr: (e) => {
      if (e.start < a.expr.start) return;
      if (e.k === 'assign') {
        if (e.l.k === 'field' && e.l.name === member && same(e.l.e)) done = true;
        if (e.l.k === 'field' && e.l.e.k === 'field' && e.l.e.name === member) done = true;
        if (e.l.k === 'unary' && e.l.op === '*' && same(e.l.e)) done = true;
      }
      if (e.k === 'call') done ||= this.callZeroes(e, same, member, a.fn);
    } });
    return done;
  }

  private nameOf(target: Expr, text: string): string {
    return target.k === 'name' ? target.name : text.slice(target.start, target.end).trim();
  }

  private callZeroes(call: CallExpr, same: (e: Expr) => boolean, member: string, fn: Func): boolean {
    const name = this.project.calleeName(call, fileOf(fn));
    const zero = name === undefined ? undefined : zeroing(name);
    if (zero) {
      const p = call.args[zero.ptr] && uncast(call.args[zero.ptr]!);
      if (!p) return false;
      const own = same(p) || (p.k === 'unary' && p.op === '&' && p.e.k === 'field' && p.e.name === member);
      return own && !this.isPointerSize(call.args[zero.size], fn);
    }
    const callee = this.model.calleeOf(call, fn);
    if (!call.args.some(same)) return false;
    if (callee?.def) return this.zeroes(callee) || this.writesMember(callee, member);
    return name !== undefined && (this.project.candidates(name).length > 0 || /^(?:memcpy|memmove|CopyMemory|RtlCopyMemory|\w*(?:[Ii]nit|[Cc]reate|[Cc]onstruct|[Ss]etup|[Rr]eset|[Cc]lear)\w*)$/.test(name)) && !/^Initialize(?:CriticalSection|SRWLock|ConditionVariable)/.test(name);
  }

  private writesMember(fn: Func, member: string): boolean {
    let found = false;
    walkStmts(fn.def!.decl.body!.stmts, { expr: (e) => { if (e.k === 'assign' && e.l.k === 'field' && (e.l.name === member || (e.l.e.k === 'field' && e.l.e.name === member))) found = true; } });
    return found;
  }
}

interface Allocation { record: string; expr: Expr; target: Expr; fn: Func; viaNew: boolean; zeroed: boolean }

/** LMEM_ZEROINIT, GMEM_ZEROINIT, HEAP_ZERO_MEMORY. Source: winbase.h, winnt.h. */
const ZERO_FLAGS: Readonly<Record<string, number>> = { LocalAlloc: 0x40, GlobalAlloc: 0x40, HeapAlloc: 0x8, HeapReAlloc: 0x8 };

/** The object around a location that nothing has initialised. */
function freshObject(state: State, loc: string): string | undefined {
  for (const f of state.facts()) {
    if (!f.startsWith('fresh ') || state.factText(f) !== '1') continue;
    const object = f.slice(6);
    if (isInside(loc, object) && state.factText(`done ${loc}`) !== '1') return object;
  }
  return undefined;
}

/** Something wrote a location, or may have: the object around it counts as initialised when all of it was meant. */
function touched(state: State, loc: string): State {
  let next = state;
  for (const f of state.facts()) {
    if (!f.startsWith('fresh ') || state.factText(f) !== '1') continue;
    const object = f.slice(6);
    if (object === loc || isInside(object, loc)) next = next.setFact(f, '');
    else if (isInside(loc, object)) {
      next = next.setFact(`done ${loc}`, '1');
      const owner = loc.replace(/\.(?:hThread|Terminate)$/, '');
      if (owner !== loc) next = owner === object ? next.setFact(f, '') : next.setFact(`done ${owner}`, '1');
    }
  }
  return next;
}

