// B15: SetResourceStatus belongs to the worker of a pending operation. Reports that an entry point reaches by calls, or a worker that
// neither Online nor Offline started, come at a time when the Resource Monitor does not expect them.

import { cluster, defineRule, fileOf, foreignStarters, Protocol, type CallExpr, type ClusterModel, type Func, type Related, type RuleContext } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'status-call-site',
    title: 'SetResourceStatus is called outside of a pending operation',
    family: 'cluster', level: 'warning', presets: ['recommended', 'cluster'], since: '0.1.0', aliases: [], models: ['cluster'],
    help: 'Report states only from the worker that Online or Offline started, after they have returned ERROR_IO_PENDING; tell a failure by the result of IsAlive, or by the event handle of Online.',
  },
  all(ctx) {
    const model = ctx.analysis(cluster);
    for (const fn of model.functions) {
      for (const call of model.graphs.calls(fn)) if (model.api.kind(call, fn) === 'report') fromEntry(ctx, model, fn, call);
    }
    for (const worker of model.workers.workers) {
      if (!model.coversFunc(worker.func)) continue;
      const roles = foreignStarters(worker, model);
      if (roles.length > 0) fromOtherWorker(ctx, model, worker.func, roles);
      pendingFirst(ctx, model, worker.func);
    }
  },
});

function fromEntry(ctx: RuleContext, model: ClusterModel, fn: Func, call: CallExpr): void {
  const entries = model.reach.entriesReaching(fn);
  const first = entries[0];
  if (!first) return;
  const roles = [...new Set(entries.map((e) => e.role))];
  const related: Related[] = first.chain.calls.map((c) => ({ file: fileOf(c.inside).path, start: c.call.start, end: c.call.end, message: `'${c.inside.name}' calls on` }));
  ctx.report({
    file: fileOf(fn).path, start: call.start, end: call.end, related,
    message: `SetResourceStatus is called in reach of ${roles.slice(0, 3).join(', ')}; it may only be called by the worker of a pending operation.`,
  });
}

function fromOtherWorker(ctx: RuleContext, model: ClusterModel, worker: Func, roles: readonly string[]): void {
  for (const fn of model.reach.from(worker).keys()) {
    if (model.reach.entriesReaching(fn).length > 0) continue;
    for (const call of model.graphs.calls(fn)) {
      if (model.api.kind(call, fn) !== 'report') continue;
      ctx.report({ file: fileOf(fn).path, start: call.start, end: call.end, variant: 'other-worker', message: `SetResourceStatus is called by worker '${worker.name}', which ${roles[0]} starts; only workers of Online and Offline may report a state.` });
    }
  }
}

/** The Resource Monitor sets the pending state itself when Online or Offline return ERROR_IO_PENDING. */
function pendingFirst(ctx: RuleContext, model: ClusterModel, worker: Func): void {
  const cfg = model.graphs.cfg(worker);
  if (!cfg) return;
  const first = new Set<CallExpr>();
  const explorer = new Protocol(model).explorer({
    depth: 0,
    reported: (site, sent) => {
      if (site.frame.depth === 0 && site.state.factText('work') === '' && site.state.factText('report') === '' && sent?.every((s) => typeof s === 'number' && s >= 128)) first.add(site.call);
    },
    other: (site) => {
      const plain = /^(?:UNREFERENCED_\w+|ResUtilInitializeResourceStatus\w*|ZeroMemory|memset|static_cast)$/.test(model.project.calleeName(site.call, fileOf(worker)) ?? '');
      if (plain) return undefined;
      return [{ state: site.state.setFact('work', '1'), val: { k: 'sym', id: `?work${site.call.start}` } }];
    },
  });
  explorer.walk(worker);
  for (const call of first) {
    if (cfg.loops.some((l) => l.start < call.start && [...l.blocks].some((b) => cfg.blocks[b]!.steps.some((s) => s.k === 'eval' && s.e.start <= call.start && call.end <= s.e.end)))) continue;
    ctx.report({ file: fileOf(worker).path, start: call.start, end: call.end, level: 'info', variant: 'pending-first', message: 'Reporting the pending state first thing is not needed: the Resource Monitor sets it when ERROR_IO_PENDING is returned.' });
  }
}
