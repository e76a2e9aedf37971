// B10: ClusWorkerTerminate waits without limit. A join under a lock that the worker takes, or under the loader lock, never ends.

import { cluster, defineRule, expressionsOfStep, fileOf, Joins, Locks, Protocol, type CallExpr, type ClusterModel, type Func, type Join, type PathState, type RuleContext } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'join-under-lock',
    title: 'A worker is joined under a lock that it may wait for',
    family: 'cluster', level: 'error', presets: ['recommended', 'cluster'], since: '0.1.0', aliases: [], models: ['cluster'],
    help: 'Release the lock before ClusWorkerTerminate: the worker that waits for the lock cannot end while the thread that holds it waits for the worker. Never create or join workers in DllMain.',
  },
  all(ctx) {
    const model = ctx.analysis(cluster);
    inDllMain(ctx, model);
    const joins = new Joins(model);
    if (joins.all().length === 0) return;
    const locks = new Locks(model);
    const held = heldAtJoins(model, locks);
    for (const join of joins.all()) if (model.coversFunc(join.inside)) judge(ctx, model, locks, join, held.get(join.call) ?? new Map());
  },
});

/** Locks that some path holds at each join, with their names. */
function heldAtJoins(model: ClusterModel, locks: Locks): Map<CallExpr, Map<string, string>> {
  const found = new Map<CallExpr, Map<string, string>>();
  const protocol = new Protocol(model);
  const takes = (fn: Func): boolean => locks.takenBy(fn).size > 0;
  for (const root of model.functions) {
    if (!takes(root) && !protocol.takesPart(root)) continue;
    const names = new Map<string, string>();
    const set = (state: PathState, ids: { key: string; text: string }[], value: string): PathState => ids.reduce((s, id) => { names.set(id.key, id.text); return s.setFact(`lock ${id.key}`, value); }, state);
    protocol.explorer({
      depth: 3,
      enters: takes,
      other: (site) => {
        const effect = locks.ofCall(site.call, site.frame.fn);
        if (effect.takes.length === 0 && effect.gives.length === 0) return undefined;
        return [{ state: set(set(site.state, effect.takes, '1'), effect.gives, ''), val: { k: 'sym', id: `?lock${site.call.start}` } }];
      },
      step: (step, frame, state) => {
        if (step.k === 'decl') return set(state, locks.ofGuard(step.v, frame.fn), '1');
        if (step.k === 'destroy') return set(state, locks.ofGuard(step.v, frame.fn), '');
        for (const call of model.graphs.calls(frame.fn)) {
          const kind = model.api.kind(call, frame.fn);
          if (kind !== 'terminate' && kind !== 'terminate-ex' && kind !== 'terminate-many') continue;
          if (expressionsOfStep(step).some((e) => call.start >= e.start && call.end <= e.end)) remember(found, call, state, names);
        }
        return state;
      },
    }).walk(root);
  }
  return found;
}

function remember(found: Map<CallExpr, Map<string, string>>, key: CallExpr, state: PathState, names: ReadonlyMap<string, string>): void {
  const held = found.get(key) ?? new Map<string, string>();
  for (const f of state.facts()) if (f.startsWith('lock ') && state.factText(f) === '1') held.set(f.slice(5), names.get(f.slice(5)) ?? '');
  found.set(key, held);
}

function judge(ctx: RuleContext, model: ClusterModel, locks: Locks, join: Join, held: ReadonlyMap<string, string>): void {
  for (const [lock, name] of held) {
    const worker = model.workers.workers.find((w) => w.sites.some((s) => s.identities.some((i) => join.keys.includes(i.key))) && locks.takenBy(w.func).has(lock));
    if (!worker) continue;
    ctx.report({
      file: fileOf(join.inside).path, start: join.call.start, end: join.call.end, level: 'warning', variant: 'lock',
      message: `The worker is joined while '${name}' is held, which worker '${worker.func.name}' takes: if it waits for the lock, both wait for ever.`,
    });
    return;
  }
}

/** DllMain runs under the loader lock, which every starting and ending thread needs. */
function inDllMain(ctx: RuleContext, model: ClusterModel): void {
  for (const entry of model.roles.withRole('DllMain')) {
    for (const fn of model.reach.from(entry.func).keys()) {
      if (!model.coversFunc(fn)) continue;
      for (const call of model.graphs.calls(fn)) {
        const kind = model.api.kind(call, fn);
        if (kind !== 'create' && kind !== 'terminate' && kind !== 'terminate-ex' && kind !== 'terminate-many') continue;
        ctx.report({
          file: fileOf(fn).path, start: call.start, end: call.end, level: 'error', variant: 'worker-in-dllmain',
          message: `${kind === 'create' ? 'A worker is created' : 'A worker is joined'} in reach of DllMain: threads cannot start or end while the loader lock is held.`,
        });
      }
    }
  }
}
