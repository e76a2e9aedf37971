// What a function frees: delete, the freeing calls of Windows and C, smart pointers that let go, project functions that free a parameter.

import { freedArgument } from '@drvlint/wdk';
import type { Expr } from '../../model/expr.js';
import type { FileFacts, RecordDecl } from '../../model/facts.js';
import type { Func, Project } from '../../model/project.js';
import { fileOf, uncast } from './api.js';
import { eachExpression } from './expressions.js';
import { pointeeIdentity, type Identity } from './identity.js';
import type { ClusterModel } from './model.js';

export interface FreeSite {
  /** The delete, the freeing call, or the call of a function that frees. */
  at: Expr;
  /** What is freed: a pointer. */
  target: Expr;
  /** Structure the pointer points to, when its type tells. */
  record: string | undefined;
  identity: Identity | undefined;
  /** The freed object has the identified member inside it. */
  holds(member: Identity): boolean;
}

const MAX_DEPTH = 3;

export class Frees {
  private readonly lists = new Map<Func, readonly FreeSite[]>();
  private readonly parameters = new Map<Func, ReadonlySet<number>>();

  constructor(private readonly model: ClusterModel) {}

  private get project(): Project {
    return this.model.project;
  }

  of(fn: Func): readonly FreeSite[] {
    const known = this.lists.get(fn);
    if (known) return known;
    const found: FreeSite[] = [];
    eachExpression(fn, this.model, ({ e }) => {
      const target = this.freedBy(e, fn, 0);
      if (target) found.push(this.site(e, target, fn));
    });
    this.lists.set(fn, found);
    return found;
  }

  private site(at: Expr, target: Expr, fn: Func): FreeSite {
    const record = this.recordOf(target, fn);
    return { at, target, record, identity: pointeeIdentity(target, fn, this.project), holds: (member) => record !== undefined && member.kind === 'field' && this.contains(record, member, fileOf(fn), 0) };
  }

  /** Structure a pointer expression points to. */
  recordOf(target: Expr, fn: Func): string | undefined {
    const x = uncast(target);
    const type = target.k === 'cast' && target.type.base !== 'HLOCAL' && target.type.base !== 'HGLOBAL' && !/^(?:LP|P)?VOID$/i.test(target.type.base) ? target.type : this.project.typeOf(x, fn);
    if (!type) return undefined;
    const file = fileOf(fn);
    const full = this.project.canonical(type, file);
    if (full.targs !== undefined && /(?:unique|shared)_ptr$/.test(full.base)) return this.project.canonical({ base: full.targs.split(',')[0]!.trim(), ptr: 0 }, file).base;
    return full.ptr === 1 && full.base !== 'void' ? full.base : this.throughInit(x, fn);
  }

  /** `auto p = static_cast<T*>(resid)`; a void pointer that a local of a known type was made from. */
  private throughInit(x: Expr, fn: Func): string | undefined {
    if (x.k !== 'name') return undefined;
    const init = this.project.localOf(x.name, x.start, fn)?.v?.init;
    if (!init || init.k !== 'cast') return undefined;
    const full = this.project.canonical(init.type, fileOf(fn));
    return full.ptr === 1 && full.base !== 'void' ? full.base : undefined;
  }

  private contains(record: string, member: Identity, file: FileFacts, depth: number): boolean {
    if (record === member.record) return true;
    const decl: RecordDecl | undefined = this.project.record(record, file)?.decl;
    return depth < 3 && decl !== undefined && (decl.fields.some((f) => f.type.ptr === 0 && this.contains(this.project.canonical(f.type, file).base, member, file, depth + 1))
      || decl.bases.some((b) => this.contains(b, member, file, depth + 1)));
  }

  /** The pointer an expression frees. */
  freedBy(e: Expr, fn: Func, depth: number): Expr | undefined {
    if (e.k === 'delete') return e.e;
    if (e.k !== 'call') return undefined;
    const callee = uncast(e.callee);
    if (callee.k === 'field' && callee.name === 'reset') {
      const type = this.project.typeOf(callee.e, fn);
      return type && /(?:unique|shared)_ptr$/.test(type.base) ? callee.e : undefined;
    }
    const name = this.project.calleeName(e, fileOf(fn));
    const at = name === undefined || this.project.calleeOf(e, fn)?.def ? undefined : freedArgument(name);
    if (at !== undefined) return e.args[at];
    const target = this.project.calleeOf(e, fn);
    if (!target?.def || depth > MAX_DEPTH) return undefined;
    for (const i of this.freedParameters(target, depth + 1)) if (e.args[i]) return e.args[i];
    return undefined;
  }

  /** Parameters whose object a function frees. */
  private freedParameters(fn: Func, depth: number): ReadonlySet<number> {
    const known = this.parameters.get(fn);
    if (known) return known;
    const found = new Set<number>();
    this.parameters.set(fn, found);
    eachExpression(fn, this.model, ({ e }) => {
      const target = this.freedBy(e, fn, depth);
      if (!target) return;
      const id = pointeeIdentity(target, fn, this.project);
      if (id?.kind === 'param' && id.key === `param:${fn.id}.${id.param}`) found.add(id.param!);
    });
    return found;
  }
}

