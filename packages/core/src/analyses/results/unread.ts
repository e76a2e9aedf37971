// What becomes of the result of a call: dropped as a statement, stored in a local that is never read again, or stored and lost on some
// path. A local whose address is taken, that a lambda may see, or that is a reference counts as read. Fields and globals always do.

import { successors, type Block, type Cfg, type Step } from '../../flow/cfg.js';
import { uncast } from '../../flow/walk.js';
import type { CallExpr, Expr } from '../../model/expr.js';
import type { FileFacts } from '../../model/facts.js';
import type { Func, Project } from '../../model/project.js';
import type { Stmt } from '../../model/stmt.js';
import { partsOf, walkStmts } from '../../model/walk.js';
import { graphs } from '../values/graphs.js';
import { readRightAfter, type Store } from './read-next.js';

/** 'unread': no path reads it; 'lost': some path ends or overwrites it before it is read. */
export type Loss = 'dropped' | 'unread' | 'lost';

export interface LostResult { call: CallExpr; how: Loss; /** Variable it was stored in. */ variable?: string }

/** Calls of `fn` that `wanted` picks and whose result is not looked at. */
export function lostResults(project: Project, fn: Func, wanted: (call: CallExpr) => boolean): LostResult[] {
  const def = fn.def;
  if (!def?.decl.body) return [];
  const found: LostResult[] = [];
  const stores = new Map<number, Store>();
  walkStmts(def.decl.body.stmts, {
    stmt: (s) => {
      if (s.k !== 'expr') return;
      const dropped = droppedCall(s.e);
      if (dropped && wanted(dropped)) found.push({ call: dropped, how: 'dropped' });
      const stored = s.e.k === 'assign' && s.e.op === '=' && s.e.l.k === 'name' ? storedCall(s.e.r) : undefined;
      if (stored && wanted(stored) && s.e.k === 'assign' && s.e.l.k === 'name') stores.set(stored.start, { call: stored, variable: s.e.l.name });
    },
    local: (v) => {
      const stored = v.init && !v.type.ref && v.isStatic !== true ? storedCall(v.init) : undefined;
      if (stored && wanted(stored)) stores.set(stored.start, { call: stored, variable: v.name });
    },
  });
  if (stores.size > 0) found.push(...lostStores(project, fn, def.file, stores));
  return found.sort((a, b) => a.call.start - b.call.start);
}

/** `f();`, also behind a cast that is not `(void)`. */
function droppedCall(e: Expr): CallExpr | undefined {
  if (e.k === 'call') return e;
  if (e.k !== 'cast' || (/^(?:void|VOID)$/.test(e.type.base) && e.type.ptr === 0)) return undefined;
  return droppedCall(e.e);
}

function storedCall(e: Expr): CallExpr | undefined {
  const inner = uncast(e);
  return inner.k === 'call' ? inner : undefined;
}

function lostStores(project: Project, fn: Func, file: FileFacts, stores: Map<number, Store>): LostResult[] {
  const body = fn.def!.decl.body!;
  for (const start of readRightAfter(body.stmts, stores, (call) => call.callee.k === 'name' && project.macro(call.callee.name, file, call.start) !== undefined)) stores.delete(start);
  if (stores.size === 0) return [];
  const names = new Set([...stores.values()].map((s) => s.variable).filter((name) => isPlainLocal(project, fn, name)));
  if (names.size === 0) return [];
  const cfg = graphs.run(project).of(fn);
  if (!cfg) return [];
  const reads = new Reads(cfg, names, conditionsOf(body.stmts));
  const found: LostResult[] = [];
  for (const id of cfg.order) {
    cfg.blocks[id]!.steps.forEach((step, i) => {
      const target = storeOf(step);
      const store = target && stores.get(target.call);
      if (!store || !names.has(store.variable)) return;
      const after = reads.after(id, i, store.variable);
      if (after !== 'always') found.push({ ...store, how: after === 'never' ? 'unread' : 'lost' });
    });
  }
  return merged(found);
}

/** A local of the function itself that nothing else can see. */
function isPlainLocal(project: Project, fn: Func, name: string): boolean {
  const body = fn.def!.decl.body!;
  const local = project.localOf(name, body.end, fn);
  if (!local || local.type.ref || local.v?.isStatic) return false;
  if (local.param && (local.type.ref || local.param.type.ref)) return false;
  let plain = true;
  walkStmts(body.stmts, {
    expr: (e) => {
      if (e.k === 'lambda' || (e.k === 'unary' && e.op === '&' && e.e.k === 'name' && e.e.name === name)) plain = false;
    },
  });
  return plain;
}

/** Start of the call whose result a step stores in a local, with the local's name. */
function storeOf(step: Step): { call: number; name: string } | undefined {
  if (step.k === 'decl' && step.v.init) {
    const call = storedCall(step.v.init);
    return call && { call: call.start, name: step.v.name };
  }
  if (step.k !== 'eval' || step.e.k !== 'assign' || step.e.op !== '=' || step.e.l.k !== 'name') return undefined;
  const call = storedCall(step.e.r);
  return call && { call: call.start, name: step.e.l.name };
}

/** Copies of `__finally` code and of macros show one call in several places: it is lost when it is lost in all of them. */
function merged(found: LostResult[]): LostResult[] {
  const byCall = new Map<number, LostResult>();
  for (const one of found) {
    const known = byCall.get(one.call.start);
    if (!known || known.how === 'unread') byCall.set(one.call.start, one);
  }
  return [...byCall.values()];
}

type ReadState = 'always' | 'sometimes' | 'never';

/** For every block and name: whether some path, and whether every path, reads it before it is overwritten or the function ends. */
class Reads {
  private readonly may: Set<string>[];
  private readonly must: Set<string>[];

  constructor(private readonly cfg: Cfg, private readonly names: ReadonlySet<string>, private readonly conditions: readonly Expr[]) {
    this.may = cfg.blocks.map(() => new Set<string>());
    this.must = cfg.blocks.map(() => new Set(names));
    this.solve();
  }

  private solve(): void {
    for (let changed = true, rounds = 0; changed && rounds < 1000; rounds++) {
      changed = false;
      for (let i = this.cfg.order.length - 1; i >= 0; i--) {
        const id = this.cfg.order[i]!;
        const out = this.atEnd(this.cfg.blocks[id]!);
        const { may, must } = this.through(this.cfg.blocks[id]!, 0, out.may, out.must);
        if (may.size !== this.may[id]!.size || must.size !== this.must[id]!.size) changed = true;
        this.may[id] = may;
        this.must[id] = must;
      }
    }
  }

  private atEnd(block: Block): { may: Set<string>; must: Set<string> } {
    const next = successors(block.term);
    const may = new Set(next.flatMap((to) => [...this.may[to]!]));
    const stops = block.term.k === 'stop';
    const must = stops ? new Set(this.names) : new Set([...this.names].filter((n) => next.length > 0 && next.every((to) => this.must[to]!.has(n))));
    if (block.term.k === 'branch') this.addReads(block.term.cond, may, must);
    if (block.term.k === 'switch') this.addReads(block.term.e, may, must);
    return { may, must };
  }

  /** Backwards from the end of a block to before its step `from`. */
  private through(block: Block, from: number, may: Set<string>, must: Set<string>): { may: Set<string>; must: Set<string> } {
    for (let i = block.steps.length - 1; i >= from; i--) {
      const step = block.steps[i]!;
      const written = writtenName(step);
      if (written !== undefined) { may.delete(written); must.delete(written); }
      for (const e of exprsOf(step)) this.addReads(e, may, must);
    }
    return { may, must };
  }

  private addReads(e: Expr, may: Set<string>, must: Set<string>): void {
    const whole = this.conditions.find((c) => c.start <= e.start && e.end <= c.end);
    for (const name of [...namesRead(e), ...(whole ? namesRead(whole) : [])]) if (this.names.has(name)) { may.add(name); must.add(name); }
  }

  after(block: number, step: number, name: string): ReadState {
    const b = this.cfg.blocks[block]!;
    const out = this.atEnd(b);
    const { may, must } = this.through(b, step + 1, out.may, out.must);
    return must.has(name) ? 'always' : may.has(name) ? 'sometimes' : 'never';
  }
}

/** Expressions with `&&`, `||` or `?:`, outermost only: who reads a name in one operand looks at it, even if another operand decides. */
function conditionsOf(stmts: readonly Stmt[]): Expr[] {
  const found: Expr[] = [];
  walkStmts(stmts, {
    expr: (e) => {
      if (e.k !== 'cond' && !(e.k === 'binary' && (e.op === '&&' || e.op === '||'))) return true;
      found.push(e);
      return false;
    },
  });
  return found;
}

/** Name that a whole step overwrites. */
function writtenName(step: Step): string | undefined {
  if (step.k === 'decl') return step.v.name;
  return step.k === 'eval' && step.e.k === 'assign' && step.e.op === '=' && step.e.l.k === 'name' ? step.e.l.name : undefined;
}

function exprsOf(step: Step): Expr[] {
  if (step.k === 'decl') return [...(step.v.init ? [step.v.init] : []), ...(step.v.ctorArgs ?? [])];
  return (step.k === 'eval' || step.k === 'return') && step.e ? [step.e] : [];
}

/** Names whose value an expression uses; the target of the assignment that the whole step is does not. Macros that silence a warning say that the loss is meant. */
function namesRead(e: Expr): string[] {
  const whole = e.k === 'assign' && e.op === '=' && e.l.k === 'name' ? e.r : e;
  const names: string[] = [];
  const list: Expr[] = [whole];
  for (let x = list.pop(); x; x = list.pop()) {
    if (x.k === 'name') names.push(x.name);
    else list.push(...partsOf(x));
  }
  return names;
}
