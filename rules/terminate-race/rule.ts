// C: Terminate may run at the same time as the other entry points. Two shapes that go wrong are reported when no lock is shared: a handle
// that Terminate closes and another entry point uses, and a worker that Online or Offline ends and starts again while Terminate ends it.

import {
  cluster, defineRule, eachExpression, fileOf, identityOf, Joins, Locks, uncast, type CallExpr, type ClusterModel, type EntryRole, type Expr, type Func, type RuleContext,
} from '@drvlint/core';

/** Functions that close what their argument names. Source: the Windows API pages. */
const CLOSES = /^(?:CloseHandle|CloseServiceHandle|RegCloseKey|closesocket|FindClose|WinHttpCloseHandle|CloseCluster\w*|ClusterRegCloseKey|FreeLibrary)$/;
const OTHERS: readonly EntryRole[] = ['Online', 'Offline', 'IsAlive', 'LooksAlive', 'ResourceControl', 'ResourceTypeControl'];

export default defineRule({
  meta: {
    id: 'terminate-race',
    title: 'Field is changed by Terminate and used by another entry point without a lock',
    family: 'cluster', level: 'info', presets: [], since: '0.1.0', aliases: [], models: ['cluster'],
    help: 'Guard what Terminate changes by a lock that the other entry points take as well: Terminate is the one entry point that the Resource Monitor calls while another one runs.',
  },
  all(ctx) {
    const model = ctx.analysis(cluster);
    if (model.roles.withRole('Terminate').length === 0) return;
    const locks = new Locks(model);
    for (const fn of model.functions) {
      if (model.reach.entriesReaching(fn, ['Terminate']).length > 0) for (const call of model.graphs.calls(fn)) closed(ctx, model, locks, fn, call);
    }
    restarted(ctx, model, locks);
  },
});

function share(locks: Locks, a: Func, b: Func): boolean {
  return [...locks.takenBy(a)].some((k) => locks.takenBy(b).has(k));
}

function closed(ctx: RuleContext, model: ClusterModel, locks: Locks, fn: Func, call: CallExpr): void {
  const name = ctx.project.calleeName(call, fileOf(fn));
  const id = name !== undefined && CLOSES.test(name) && call.args[0] ? identityOf(call.args[0], fn, ctx.project) : undefined;
  if (!id || id.kind !== 'field' || id.key.includes('?.')) return;
  for (const other of model.functions) {
    if (other === fn || share(locks, fn, other)) continue;
    const entries = model.reach.entriesReaching(other, OTHERS);
    const use = entries.length > 0 ? usedIn(other, id.key, ctx, model) : undefined;
    if (!use) continue;
    ctx.report({
      file: fileOf(fn).path, start: call.start, end: call.end, variant: 'closed',
      message: `'${id.text}' is closed in reach of Terminate while ${entries[0]!.role} may use it: no lock is taken in both.`,
      related: [{ file: fileOf(other).path, start: use.start, end: use.end, message: 'used here' }],
    });
    return;
  }
}

/** A call that is given the handle. */
function usedIn(fn: Func, key: string, ctx: RuleContext, model: ClusterModel): Expr | undefined {
  let found: Expr | undefined;
  eachExpression(fn, model, ({ e, parents }) => {
    if (found || (e.k !== 'field' && e.k !== 'name')) return;
    const call = parents.find((p) => p.k !== 'cast');
    if (call?.k === 'call' && call.args.some((a) => uncast(a) === e) && identityOf(e, fn, ctx.project)?.key === key) found = e;
  });
  return found;
}

function restarted(ctx: RuleContext, model: ClusterModel, locks: Locks): void {
  const joins = new Joins(model);
  for (const site of model.workers.sites) {
    if (!model.covers(site.file) || model.reach.entriesReaching(site.inside, ['Online', 'Offline']).length === 0) continue;
    for (const id of site.identities) {
      const own = joins.all().find((j) => j.inside === site.inside && j.keys.includes(id.key) && j.call.start < site.call.start);
      const theirs = joins.inRoles(id.key, ['Terminate'])[0];
      if (!own || !theirs || share(locks, site.inside, theirs.inside)) continue;
      ctx.report({
        file: site.file.path, start: site.call.start, end: site.call.end, variant: 'restarted',
        message: `The worker '${id.text}' is ended and started again while Terminate may end it: no lock is taken in both, so the new worker can be missed.`,
        related: [{ file: fileOf(theirs.inside).path, start: theirs.call.start, end: theirs.call.end, message: 'ended here by Terminate' }],
      });
      break;
    }
  }
}
