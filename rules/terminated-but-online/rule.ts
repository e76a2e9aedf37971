// B5: a worker that was told to stop must not report that the operation succeeded. Paths on which ClusWorkerCheckTerminate said TRUE are
// followed to the reports they reach; a condition on the way that keeps others of them from the report counts as proof of success.

import { cluster, defineRule, fileOf, Protocol, STATE_OFFLINE, STATE_ONLINE, type CallExpr, type ClusterModel, type Func, type PathState, type RuleContext, type Worker } from '@drvlint/core';

interface Reached { call: CallExpr; inside: Func; state: number | string; check: number; ways: Map<string, Set<string>>; count: number; bare: boolean }

export default defineRule({
  meta: {
    id: 'terminated-but-online',
    title: 'Worker reports success after it was told to stop',
    family: 'cluster', level: 'error', presets: ['recommended', 'cluster'], since: '0.1.0', aliases: [], models: ['cluster'],
    help: 'After a loop that ClusWorkerCheckTerminate ends, ask again (or test what the operation achieved) before reporting ClusterResourceOnline or ClusterResourceOffline.',
  },
  all(ctx) {
    const model = ctx.analysis(cluster);
    const protocol = new Protocol(model);
    for (const worker of model.workers.workers) if (model.coversFunc(worker.func)) judge(ctx, model, protocol, worker);
  },
});

function judge(ctx: RuleContext, model: ClusterModel, protocol: Protocol, worker: Worker): void {
  const reached = new Map<string, Reached>();
  const explorer = protocol.explorer({
    reported: (site, sent) => {
      const check = site.state.factText('aborted');
      if (!check || !sent || sent.length === 0 || !sent.every((s) => s === STATE_ONLINE || s === STATE_OFFLINE)) return;
      const key = String(site.call.start);
      const entry = reached.get(key) ?? { call: site.call, inside: site.frame.fn, state: sent[0]!, check: Number(check), ways: new Map<string, Set<string>>(), count: 0, bare: false };
      reached.set(key, entry);
      remember(entry, site.state);
    },
    chosen: (e, truth, state) => (state.factText('aborted') ? state.setFact(`way ?${e.start}`, String(truth)) : state),
    // The branch on the check itself is no condition: there only one of the ways was told to stop.
    prefer: (block, ways, frame) => (ways.every((w) => w.state.factText('aborted')) ? ways.map((w) => ({ ...w, state: w.state.setFact(`way ${frame.id}${block.id}`, String(w.truth ?? w.to)) })) : ways),
  });
  if (explorer.walk(worker.func).exhausted) return;
  for (const r of reached.values()) if (r.bare || [...r.ways.values()].every((outcomes) => outcomes.size > 1)) report(ctx, model, worker, r);
}

function remember(entry: Reached, state: PathState): void {
  const ways = state.facts().filter((f) => f.startsWith('way '));
  if (ways.length === 0) entry.bare = true;
  for (const f of ways) {
    const taken = state.factText(f);
    const known = entry.ways.get(f) ?? new Set<string>();
    entry.ways.set(f, known.add(taken ?? '*').add(taken === undefined ? '**' : taken));
  }
  entry.count++;
}

function report(ctx: RuleContext, model: ClusterModel, worker: Worker, r: Reached): void {
  const what = r.state === STATE_ONLINE ? 'ClusterResourceOnline' : 'ClusterResourceOffline';
  const check = model.graphs.calls(worker.func).find((c) => c.start === r.check);
  ctx.report({
    file: fileOf(r.inside).path, start: r.call.start, end: r.call.end,
    message: `Worker '${worker.func.name}' can report ${what} here after ClusWorkerCheckTerminate told it to stop.`,
    related: check ? [{ file: fileOf(worker.func).path, start: check.start, end: check.end, message: 'TRUE here' }] : [],
  });
}
