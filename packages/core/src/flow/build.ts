// Statements of a body -> control-flow graph. Works off a list of tasks instead of recursing, so that nesting costs no stack.
// A `__finally` body is copied to every exit that leads through it; an exception is assumed possible at the start of a `__try` or
// `try` and at calls known to raise one.

import type { Expr } from '../model/expr.js';
import type { LocalVar } from '../model/facts.js';
import type { Stmt } from '../model/stmt.js';
import type { Cfg, Loop, Terminator } from './cfg.js';
import { either, Emitter, newScope, type CfgHost, type Scope } from './emit.js';
import { finish } from './finish.js';
import { expandStatementMacro } from './rewrite-expr.js';

export type { CfgHost } from './emit.js';

/** A body to build a graph for: statements, range with braces, names of the parameters. */
export interface BodyLike { start: number; end: number; stmts: readonly Stmt[]; params?: readonly string[] }

/** Something to do next: most often to place a statement. */
type Task = (() => void) | Stmt;
type SwitchTerm = Terminator & { k: 'switch' };
interface PendingGoto { from: number; scope: Scope; label: string; start: number; end: number; counts: [Scope, number][] }

const noTasks: readonly Task[] = [];

/** Most copies of one `__finally` body. */
const maxCopies = 24;

export function buildCfg(body: BodyLike, host: CfgHost): Cfg {
  const builder = new Builder(host);
  builder.build(body);
  return finish({
    blocks: builder.blocks, end: body.end - 1, loops: builder.loops, gotos: builder.gotoAt, tests: builder.tests,
    ...(builder.gaveUp !== undefined && { gaveUp: builder.gaveUp }),
  });
}

class Builder extends Emitter {
  /** Loops by header block, for those that are written as loops. */
  readonly loops = new Map<number, Omit<Loop, 'header' | 'blocks'>>();
  /** Where the goto stands that ends a block. */
  readonly gotoAt = new Map<number, { start: number; end: number }>();
  private readonly todo: Task[] = [];
  private readonly labels = new Map<string, { block: number; scope: Scope }>();
  private pending: PendingGoto[] = [];
  /** Switches that are open, innermost last. */
  private readonly switches: SwitchTerm[] = [];
  private renames = 0;

  build(body: BodyLike): void {
    this.cur = this.newBlock();
    this.scope.declared = new Map((body.params ?? []).map((p) => [p, undefined]));
    this.shadowed = shadowedNames(body);
    this.todo.push(() => this.closeFunction(body.end - 1));
    this.list(body.stmts);
    this.work();
    while (this.pending.length > 0) {
      const gotos = this.pending;
      this.pending = [];
      for (const g of gotos) this.resolve(g);
    }
    for (const b of this.blocks) b.term ??= { k: 'stop' };
  }

  private work(): void {
    for (let task = this.todo.pop(); task; task = this.todo.pop()) {
      if (this.blocks.length > 60_000) { this.todo.length = 0; return; }
      if (typeof task === 'function') task();
      else this.stmt(task);
    }
  }

  /** Tasks to do next, first one first. */
  private schedule(tasks: readonly Task[]): void {
    for (let i = tasks.length - 1; i >= 0; i--) this.todo.push(tasks[i]!);
  }

  private closeFunction(at: number): void {
    this.destroyVars(this.scope, this.scope.vars.length, { start: at, end: at + 1 });
    this.end({ k: 'exit', at });
  }

  private list(stmts: readonly Stmt[]): void {
    for (let i = stmts.length - 1; i >= 0; i--) this.todo.push(stmts[i]!);
  }

  private stmt(s: Stmt): void {
    switch (s.k) {
      case 'expr': return this.expression(s.e);
      case 'decl': return this.declare(s.vars);
      case 'block': {
        this.within(newScope('block', this.scope), noTasks, s);
        return this.list(s.body);
      }
      case 'if': return this.ifStatement(s);
      case 'while': case 'do': case 'for': case 'rangefor': return this.loop(s);
      case 'switch': return this.switchStatement(s);
      case 'case': return this.caseStatement(s);
      case 'label': return this.label(s);
      case 'goto': return this.gotoStatement(s);
      case 'break': return this.leaveTo((t) => t.breakTo, s);
      case 'continue': return this.leaveTo((t) => t.continueTo, s);
      case 'leave': return this.leaveTo((t) => t.leaveTo, s);
      case 'return': return this.returnStatement(s);
      case 'seh': return this.seh(s);
      case 'try': return this.tryStatement(s);
      case 'throw':
        if (s.e) this.evaluate(this.place(s.e));
        return this.raise();
      default: return undefined;
    }
  }

  private expression(e: Expr): void {
    const stmts = expandStatementMacro(e, this.environment);
    if (stmts) return this.list(stmts);
    return this.evaluate(this.place(e));
  }

  /** Runs tasks inside a new scope, leaves it at the end of `place` and goes on with `after`. */
  private within(inner: Scope, tasks: readonly Task[], place: { end: number }, after: readonly Task[] = noTasks): void {
    const outer = this.scope;
    this.scope = inner;
    this.schedule(after);
    this.todo.push(() => {
      if (inner.vars.length > 0) this.destroyVars(inner, inner.vars.length, { start: place.end - 1, end: place.end });
      this.scope = outer;
    });
    this.schedule(tasks);
  }

  private destroyVars(scope: Scope, count: number, at: { start: number; end: number }): void {
    for (let i = count - 1; i >= 0; i--) this.step({ k: 'destroy', v: scope.vars[i]!, start: at.start, end: at.end });
  }

  private declare(vars: readonly LocalVar[]): void {
    for (const v of vars) {
      const init = v.isStatic || !v.init ? undefined : this.value(this.place(v.init));
      const args = v.ctorArgs?.map((a) => this.value(this.place(a)));
      const name = this.nameLocal(v.name);
      const local: LocalVar = init === v.init && name === v.name && !args ? v : { ...v, name, init, ...(args && { ctorArgs: args }) };
      this.step({ k: 'decl', v: local });
      if (!v.isStatic && !v.isExtern && this.host.destroys?.(v)) this.scope.vars.push(local);
      if (init) this.follow(init);
      for (const a of args ?? []) this.follow(a);
    }
  }

  /** The name a local goes by: a new one when it hides another of the function. */
  private nameLocal(name: string): string {
    if (!this.shadowed.has(name)) return name;
    let hides = false;
    for (let s = this.scope.parent; s && !hides; s = s.parent) hides = s.declared?.has(name) ?? false;
    const own = hides ? `${name}#${++this.renames}` : name;
    (this.scope.declared ??= new Map()).set(name, hides ? { k: 'name', name: own, start: 0, end: 0 } : undefined);
    return own;
  }

  private ifStatement(s: Stmt & { k: 'if' }): void {
    const yes = this.newBlock();
    const no = this.newBlock();
    const join = this.newBlock();
    const tasks: Task[] = [
      () => this.branch(this.place(s.c), yes, no),
      () => { this.cur = yes; this.stmt(s.then); },
      () => { this.goTo(join); this.cur = no; if (s.else) this.stmt(s.else); },
      () => this.goTo(join),
    ];
    if (s.init) this.within(newScope('block', this.scope), [s.init, ...tasks], s);
    else this.schedule(tasks);
  }

  private loop(s: Stmt & { k: 'while' | 'do' | 'for' | 'rangefor' }): void {
    const header = this.newBlock();
    const body = this.newBlock();
    const out = this.newBlock();
    const again = s.k === 'while' || s.k === 'rangefor' ? header : this.newBlock();
    this.loops.set(header, { start: s.start, end: s.start + (s.k === 'while' ? 5 : s.k === 'do' ? 2 : 3), kind: s.k, stmt: s });
    const test = (c: Expr | undefined, to: number): void => {
      this.testOf = header;
      if (c) this.branch(c === either ? either : this.place(c), to, out);
      else this.jump(to);
      this.testOf = undefined;
    };
    const inner: Task = () => { this.cur = body; this.within(this.exits('loop', out, again), this.bodyOf(s), s); };
    const done: Task = () => { this.cur = out; };
    if (s.k === 'do') {
      this.schedule([() => { this.goTo(header); this.goTo(body); }, inner, () => { this.goTo(again); test(s.c, header); }, done]);
      return;
    }
    const head: Task = () => { this.goTo(header); test(s.k === 'rangefor' ? either : s.c, body); };
    if (s.k === 'while') this.schedule([head, inner, () => this.jump(header), done]);
    else if (s.k === 'rangefor') this.schedule([() => this.evaluate(this.place(s.range)), head, inner, () => this.jump(header), done]);
    else {
      const update: Task = () => { this.goTo(again); if (s.update) this.evaluate(this.place(s.update)); this.jump(header); };
      const init: Task = () => { if (s.init) this.stmt(s.init); };
      this.within(newScope('block', this.scope), [init, head, inner, update, done], s);
    }
  }

  private exits(kind: Scope['kind'], breakTo: number, continueTo: number | undefined): Scope {
    const scope = newScope(kind, this.scope);
    scope.breakTo = breakTo;
    scope.continueTo = continueTo;
    return scope;
  }

  private guarded(handler: number, leaveTo: number | undefined): Scope {
    const scope = newScope('handler', this.scope);
    scope.handler = handler;
    scope.leaveTo = leaveTo;
    return scope;
  }

  private bodyOf(s: Stmt & { k: 'while' | 'do' | 'for' | 'rangefor' }): Task[] {
    return s.k === 'rangefor' ? [() => this.declare([s.v]), s.body] : [s.body];
  }

  private switchStatement(s: Stmt & { k: 'switch' }): void {
    const out = this.newBlock();
    const open: Task = () => {
      const term: SwitchTerm = { k: 'switch', e: this.named(this.value(this.place(s.c))), cases: [], otherwise: out };
      const outer = this.switches.at(-1);
      this.end(term);
      this.switches.push(term);
      this.within(this.exits('switch', out, undefined), [s.body], s, [() => {
        this.goTo(out);
        while (this.switches.at(-1) !== outer) this.switches.pop();
      }]);
    };
    if (s.init) this.within(newScope('block', this.scope), [s.init, open], s);
    else open();
  }

  private caseStatement(s: Stmt & { k: 'case' }): void {
    const open = this.switches.at(-1);
    if (open) {
      const to = this.newBlock();
      this.goTo(to);
      if (s.v) open.cases.push({ v: this.place(s.v), ...(s.hi && { hi: this.place(s.hi) }), to });
      else open.otherwise = to;
    }
    this.list(s.body);
  }

  private label(s: Stmt & { k: 'label' }): void {
    const known = this.labels.get(s.name);
    if (!known) {
      const block = this.newBlock();
      this.labels.set(s.name, { block, scope: this.scope });
      this.goTo(block);
    }
    this.stmt(s.body);
  }

  private gotoStatement(s: Stmt & { k: 'goto' }): void {
    const counts: [Scope, number][] = [];
    for (let t: Scope | undefined = this.scope; t; t = t.parent) if (t.vars.length > 0) counts.push([t, t.vars.length]);
    this.pending.push({ from: this.cur, scope: this.scope, label: s.label, start: s.start, end: s.end, counts });
    this.cur = this.newBlock();
  }

  private resolve(g: PendingGoto): void {
    const target = this.labels.get(g.label);
    this.cur = g.from;
    this.scope = g.scope;
    if (!target) {
      this.gaveUp ??= `goto to an unknown label '${g.label}'`;
      return this.end({ k: 'stop' });
    }
    const outer = new Set<Scope>();
    for (let s: Scope | undefined = target.scope; s; s = s.parent) outer.add(s);
    let common: Scope | undefined = g.scope;
    while (common && !outer.has(common)) common = common.parent;
    this.unwind(common, g, () => {
      this.gotoAt.set(this.cur, { start: g.start, end: g.end });
      this.jump(target.block);
    }, new Map(g.counts));
    return this.work();
  }

  private leaveTo(target: (s: Scope) => number | undefined, at: { start: number; end: number }): void {
    let s: Scope | undefined = this.scope;
    while (s && target(s) === undefined) s = s.parent;
    if (!s) return this.end({ k: 'stop' });
    const to = target(s)!;
    return this.unwind(s, at, () => this.jump(to), undefined, s);
  }

  private returnStatement(s: Stmt & { k: 'return' }): void {
    const e = s.e && this.named(this.value(this.place(s.e)));
    if (e) this.follow(e);
    this.unwind(undefined, s, () => {
      this.step({ k: 'return', ...(e && { e }), start: s.start, end: s.end });
      this.end({ k: 'exit', at: s.start });
    });
  }

  /** An exception at this point of an expression: the way out is built when the current task is done. */
  override raise(): void {
    const home = this.scope;
    let s: Scope | undefined = home;
    while (s && s.handler === undefined) s = s.parent;
    if (!s) return this.end({ k: 'stop' });
    const handler = s;
    const way = this.newBlock();
    this.jump(way);
    let back: [number, Scope];
    return this.schedule([() => {
      back = [this.cur, this.scope];
      [this.cur, this.scope] = [way, home];
      this.unwind(handler, { start: 0, end: 0 }, () => this.jump(handler.handler!), undefined, handler);
    }, () => { [this.cur, this.scope] = back; }]);
  }

  /**
   * Leaves all scopes below `to` (all of them when undefined): destructors and `__finally` bodies run, then `then`. The scope
   * itself is left too when it is `inclusive` and only in that the locals of its body die.
   */
  private unwind(to: Scope | undefined, at: { start: number; end: number }, then: Task, counts?: ReadonlyMap<Scope, number>, inclusive?: Scope): void {
    const home = this.scope;
    const tasks: Task[] = [];
    for (let s: Scope | undefined = home; s && s !== to; s = s.parent) this.leaveScope(s, at, tasks, counts);
    if (inclusive && inclusive.vars.length > 0) tasks.push(() => this.destroyVars(inclusive, inclusive.vars.length, at));
    this.schedule([...tasks, then, () => { this.scope = home; }]);
  }

  private leaveScope(s: Scope, at: { start: number; end: number }, tasks: Task[], counts?: ReadonlyMap<Scope, number>): void {
    const alive = counts ? counts.get(s) ?? 0 : s.vars.length;
    if (alive > 0) tasks.push(() => this.destroyVars(s, alive, at));
    if (!s.finally) return;
    tasks.push(() => this.copyFinally(s, true));
  }

  private copyFinally(s: Scope, abnormal: boolean): void {
    const outer = s.parent!;
    const body = s.finally!;
    if (++s.copies > maxCopies) {
      this.gaveUp ??= 'a __finally block has too many ways into it';
      return this.end({ k: 'stop' });
    }
    this.scope = outer;
    this.step({ k: 'finally', abnormal, start: body.start, end: body.end });
    this.copiesFinally = true;
    const copy = newScope('block', outer);
    copy.abnormal = abnormal;
    return this.within(copy, [body], body);
  }

  private seh(s: Stmt & { k: 'seh' }): void {
    const outer = this.scope;
    const after = this.newBlock();
    if (s.finally) {
      const scope = newScope('finally', outer);
      scope.finally = s.finally;
      scope.leaveTo = after;
      this.scope = scope;
      this.schedule([s.body, () => { this.goTo(after); this.copyFinally(scope, false); }, () => { this.scope = outer; }]);
      return;
    }
    const handler = this.newBlock();
    this.maybe(handler);
    this.within(this.guarded(handler, after), [s.body], s.body, [() => {
      this.goTo(after);
      this.cur = handler;
      if (s.filter) this.evaluate(this.place(s.filter));
      if (s.handler) this.stmt(s.handler);
    }, () => this.goTo(after)]);
  }

  /** Either goes on or continues in `to`. */
  private maybe(to: number): void {
    const next = this.newBlock();
    this.blocks[this.cur]!.term ??= { k: 'branch', cond: either, ifTrue: next, ifFalse: to };
    this.cur = next;
  }

  private tryStatement(s: Stmt & { k: 'try' }): void {
    const after = this.newBlock();
    const dispatch = this.newBlock();
    this.maybe(dispatch);
    const handlers: Task[] = s.catches.map((c, i): Task => () => {
      const next = i < s.catches.length - 1 ? this.newBlock() : after;
      if (next !== after) this.maybe(next);
      this.within(newScope('block', this.scope), [() => { if (c.v) this.declare([c.v]); }, c.body], c.body, [() => {
        this.goTo(after);
        this.cur = next;
      }]);
    });
    this.within(this.guarded(dispatch, undefined), [s.body], s.body, [
      () => { this.goTo(after); this.cur = dispatch; }, ...handlers, () => { this.cur = after; },
    ]);
  }
}

/** Names that more than one declaration of the body (or a parameter and one) gives. */
function shadowedNames(body: BodyLike): Set<string> {
  const seen = new Set<string>(body.params ?? []);
  const twice = new Set<string>();
  const todo: Stmt[] = [...body.stmts];
  const see = (v: LocalVar): void => { if (seen.has(v.name)) twice.add(v.name); else seen.add(v.name); };
  for (let s = todo.pop(); s; s = todo.pop()) {
    switch (s.k) {
      case 'decl': s.vars.forEach(see); break;
      case 'block': case 'case': todo.push(...s.body); break;
      case 'if': todo.push(s.then); if (s.else) todo.push(s.else); if (s.init) todo.push(s.init); break;
      case 'for': if (s.init) todo.push(s.init); todo.push(s.body); break;
      case 'rangefor': see(s.v); todo.push(s.body); break;
      case 'while': case 'do': case 'switch': case 'label': todo.push(s.body); break;
      case 'seh': todo.push(s.body); if (s.handler) todo.push(s.handler); if (s.finally) todo.push(s.finally); break;
      case 'try': todo.push(s.body); for (const c of s.catches) todo.push(c.body); break;
      default: break;
    }
  }
  return twice;
}
