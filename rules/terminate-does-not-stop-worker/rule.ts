// B7: Terminate cancels what Online and Offline have pending, so it must end their workers and wait for them. Judged by identity: the
// worker structure of the create against the joins in reach of the Terminate role.

import { cluster, defineRule, fileOf, Joins, StopSignals, type ClusterModel, type CreateSite, type RuleContext } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'terminate-does-not-stop-worker',
    title: 'Terminate does not end a worker that Online or Offline started',
    family: 'cluster', level: 'error', presets: ['recommended', 'cluster'], since: '0.1.0', aliases: [], models: ['cluster'],
    help: 'Call ClusWorkerTerminate on the worker in Terminate: the Resource Monitor calls it to cancel a pending operation, and the worker must not run on after it.',
  },
  all(ctx) {
    const model = ctx.analysis(cluster);
    const terminate = model.roles.withRole('Terminate');
    if (terminate.length === 0 || model.workers.sites.length === 0) return;
    const joins = new Joins(model);
    if (joins.mayJoinElsewhere('Terminate')) return;
    for (const site of model.workers.sites) if (model.covers(site.file)) judge(ctx, model, joins, site);
  },
});

function judge(ctx: RuleContext, model: ClusterModel, joins: Joins, site: CreateSite): void {
  const entries = model.reach.entriesReaching(site.inside, ['Online', 'Offline']);
  const terminate = model.roles.withRole('Terminate').find((t) => entries.some((e) => e.chain.root === t.func || sharesTable(model, e.chain.root, t.func)));
  if (entries.length === 0 || !terminate) return;
  const keys = site.identities.filter((i) => i.kind === 'field' || i.kind === 'global').map((i) => i.key);
  if (keys.length === 0 || keys.length !== site.identities.length || keys.some((k) => k.includes('?.') || k.includes('*'))) return;
  const reached = keys.flatMap((k) => joins.inRoles(k, ['Terminate']));
  if (reached.some((j) => j.certain)) return;
  const signals = new StopSignals(model, new Set()).stopEvents().size > 0;
  const timed = reached[0];
  const what = timed ? 'only with a timeout whose result is ignored' : signals ? 'only by an event: nobody waits for it' : '';
  ctx.report({
    file: site.file.path, start: site.call.start, end: site.call.end, level: timed || signals ? 'warning' : 'error', variant: timed ? 'timeout' : signals ? 'event-only' : 'no-join',
    message: what === ''
      ? `Nothing in Terminate ('${terminate.func.name}') ends this worker: call ClusWorkerTerminate on '${site.identities[0]!.text}' there.`
      : `Terminate ('${terminate.func.name}') ends this worker ${what}.`,
    related: [{ file: fileOf(terminate.func).path, start: terminate.func.def?.decl.nameStart ?? 0, end: terminate.func.def?.decl.nameEnd ?? 0, message: 'the Terminate routine' }],
  });
}

/** Both functions stand in one function table. */
function sharesTable(model: ClusterModel, a: unknown, b: unknown): boolean {
  return model.roles.tables.some((t) => {
    const funcs = [...t.slots.values()].map((s) => s.func);
    return funcs.includes(a as never) && funcs.includes(b as never);
  });
}
