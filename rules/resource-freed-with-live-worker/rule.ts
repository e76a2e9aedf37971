// B6: what a worker uses may be freed only after the worker has ended. Close, and every function that frees after it has created, is
// walked with the identities that were joined; the structure that holds the worker and the object given as its context both count.

import {
  cluster, defineRule, expressionsOfStep, fileOf, Joins, Protocol, uncast,
  type CallExpr, type ClusterModel, type CreateSite, type Expr, type Fix, type Func, type PathState, type RuleContext,
} from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'resource-freed-with-live-worker',
    title: 'Resource is freed while its worker may still run',
    family: 'cluster', level: 'error', presets: ['recommended', 'cluster'], since: '0.1.0', aliases: [], models: ['cluster'],
    help: 'Call the Terminate routine, or ClusWorkerTerminate on each worker of the resource, before Close frees the structure that holds the CLUS_WORKER or that the worker was given.',
    fixable: 'suggestion',
  },
  all(ctx) {
    const model = ctx.analysis(cluster);
    if (model.workers.sites.length === 0) return;
    const judge = new Judge(ctx, model);
    for (const entry of model.roles.withRole('Close')) if (model.coversFunc(entry.func)) judge.walk(entry.func, true);
    const creators = new Set(model.workers.sites.map((s) => s.inside));
    for (const fn of model.functions) if ([...creators].some((c) => c === fn || model.reach.from(fn).has(c)) && frees(fn, model)) judge.walk(fn, false);
    judge.report();
  },
});

function frees(fn: Func, model: ClusterModel): boolean {
  return [...model.reach.from(fn).keys()].some((f) => model.freesOf(f).length > 0);
}

interface Found { at: Expr; inside: Func; site: CreateSite; target: Expr; close: boolean }

class Judge {
  private readonly found = new Map<Expr, Found>();
  /** Frees that some path reaches after a join: the join depends on a state the walk does not know. */
  private readonly joined = new Set<Expr>();
  private readonly protocol: Protocol;
  private readonly joins: Joins;

  constructor(private readonly ctx: RuleContext, private readonly model: ClusterModel) {
    this.protocol = new Protocol(model);
    this.joins = new Joins(model);
  }

  walk(root: Func, close: boolean): void {
    const { model } = this;
    const explorer = this.protocol.explorer({
      enters: (fn) => frees(fn, model),
      step: (step, frame, state) => {
        if (step.k === 'destroy') return this.destroyed(step.v.name, step, frame.fn, state, close);
        const top = expressionsOfStep(step)[0];
        if (!top) return state;
        for (const e of freeingIn(top, frame.fn, model)) this.freed(e.at, e.target, frame.fn, state, close);
        return state;
      },
    });
    explorer.walk(root);
  }

  private freed(at: Expr, target: Expr, fn: Func, state: PathState, close: boolean): void {
    const record = this.model.recordOf(target, fn);
    if (record === undefined) return;
    for (const site of this.model.workers.sites) {
      if (!this.concerns(site, record, fn)) continue;
      const keys = site.identities.map((i) => i.key);
      const joined = keys.some((k) => state.factText(`joined ${k}`) !== '') || state.factText('joined *') !== '' || state.factText('foreign') === '1';
      const live = keys.some((k) => state.factText(`live ${k}`) === '1');
      if (joined) this.joined.add(at);
      else if ((close || live) && !this.destructorJoins(record, keys, fn) && !this.found.has(at)) this.found.set(at, { at, inside: fn, site, target, close });
    }
  }

  /** The freed structure holds the worker, or it is the worker's context. */
  private concerns(site: CreateSite, record: string, fn: Func): boolean {
    if (site.identities.some((i) => i.kind === 'field' && i.record !== undefined && (i.record === record || this.holds(record, i.record, fn, 0)))) return true;
    const context = site.context && this.ctx.project.typeOf(uncast(site.context), site.inside);
    return context !== undefined && this.ctx.project.canonical(context, site.file).base === record && this.ctx.project.canonical(context, site.file).ptr === 1;
  }

  private holds(record: string, inner: string, fn: Func, depth: number): boolean {
    const placed = this.ctx.project.record(record, fileOf(fn));
    return depth < 3 && placed !== undefined && placed.decl.fields.some((f) => {
      if (f.type.ptr > 0) return false;
      const base = this.ctx.project.canonical(f.type, placed.file).base;
      return base === inner || this.holds(base, inner, fn, depth + 1);
    });
  }

  /** `delete p` runs the destructor, which may join. */
  private destructorJoins(record: string, keys: readonly string[], fn: Func): boolean {
    const destructor = this.ctx.project.destructorOf({ base: record, ptr: 0 }, fileOf(fn));
    if (!destructor) return false;
    if (!destructor.def) return true;
    const reach = this.model.reach.from(destructor);
    return this.joins.all().some((j) => reach.has(j.inside) && (j.keys.includes('*') || j.keys.some((k) => keys.includes(k))));
  }

  /** A unique_ptr that goes out of scope frees what it holds. */
  private destroyed(name: string, at: { start: number; end: number }, fn: Func, state: PathState, close: boolean): PathState {
    const local = this.ctx.project.localOf(name, at.start, fn);
    if (!local || !/unique_ptr$/.test(local.type.base)) return state;
    const released = this.model.graphs.calls(fn).some((c) => c.callee.k === 'field' && c.callee.name === 'release' && uncast(c.callee.e).k === 'name' && (uncast(c.callee.e) as { name: string }).name === name);
    const target: Expr = { k: 'name', name, start: at.start, end: at.end };
    if (!released) this.freed(target, target, fn, state, close);
    return state;
  }

  report(): void {
    for (const f of this.found.values()) {
      if (this.joined.has(f.at) && this.isGuarded(f)) continue;
      const terminates = f.close && f.site.identities.some((i) => this.joins.inRoles(i.key, ['Terminate']).length > 0);
      const what = this.ctx.text(fileOf(f.inside).path).slice(f.target.start, f.target.end).trim();
      this.ctx.report({
        file: fileOf(f.inside).path, start: f.at.start, end: f.at.end, level: terminates ? 'warning' : 'error', variant: f.close ? 'close' : 'after-create',
        message: `'${what}' is freed while its worker may still run: no ClusWorkerTerminate on '${f.site.identities[0]?.text ?? 'the worker'}' comes before${terminates ? ', and the Terminate routine is not called' : ''}.`,
        related: [{ file: f.site.file.path, start: f.site.call.start, end: f.site.call.end, message: 'the worker is created here' }],
        ...this.suggestion(f),
      });
    }
  }

  /** The join stands under a condition on the state of the resource: whether the worker runs may be what it tells. */
  private isGuarded(f: Found): boolean {
    for (const join of this.joins.all()) {
      if (join.inside !== f.inside) continue;
      const cfg = this.model.graphs.cfg(join.inside);
      const block = cfg?.blocks.find((b) => b.steps.some((s) => s.k === 'eval' && s.e.start <= join.call.start && join.call.end <= s.e.end));
      const before = block && block.preds.length === 1 ? cfg!.blocks[block.preds[0]!]! : undefined;
      if (before?.term.k === 'branch' && readsState(before.term.cond)) return true;
    }
    return false;
  }

  private suggestion(f: Found): { suggestions?: Fix[] } {
    const id = f.site.identities[0];
    const file = fileOf(f.inside).path;
    const text = this.ctx.text(file);
    const pointer = text.slice(f.target.start, f.target.end).trim();
    if (id?.kind !== 'field' || !/^[\w.>-]+$/.test(pointer) || f.target === f.at) return {};
    const line = text.lastIndexOf('\n', f.at.start) + 1;
    const indent = /^[ \t]*/.exec(text.slice(line))![0];
    if (text.slice(line, f.at.start).trim() !== '') return {};
    return { suggestions: [{ title: 'End the worker first', edits: [{ file, start: line, end: line, text: `${indent}ClusWorkerTerminate(&${pointer}->${id.text});\n` }] }] };
  }
}

function readsState(cond: Expr): boolean {
  const x = uncast(cond);
  if (x.k === 'field') return true;
  return x.k === 'binary' ? readsState(x.l) || readsState(x.r) : x.k === 'unary' ? readsState(x.e) : x.k === 'call';
}

/** Frees that an expression makes, each with the pointer it frees. */
function freeingIn(top: Expr, fn: Func, model: ClusterModel): { at: Expr; target: Expr }[] {
  return model.freesOf(fn).filter((f) => f.at.start >= top.start && f.at.end <= top.end && (f.at.k === 'delete' || (f.at as CallExpr).callee !== undefined))
    .filter((f) => f.at.k === 'delete' || model.calleeOf(f.at as CallExpr, fn)?.def === undefined)
    .map((f) => ({ at: f.at, target: f.target }));
}
