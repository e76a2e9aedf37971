// B18: ClusWorkerTerminateEx and ClusWorkersTerminate give up after their timeout; only the result tells whether the thread is gone.

import {
  cluster, defineRule, fileOf, identityOf, placeOfCall, pointeeIdentity, uncast, usesAfter,
  type CallExpr, type ClusterModel, type Expr, type Func, type Level, type RuleContext,
} from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'join-timeout-ignored',
    title: 'Result of ClusWorkerTerminateEx or ClusWorkersTerminate is ignored',
    family: 'cluster', level: 'error', presets: ['recommended', 'cluster'], since: '0.1.0', aliases: [], models: ['cluster'],
    help: 'Test the result: WAIT_TIMEOUT means that the thread still runs, so nothing it uses may be freed or reused.',
  },
  func(ctx, fn) {
    const model = ctx.analysis(cluster);
    if (!model.coversFunc(fn)) return;
    for (const call of model.graphs.calls(fn)) {
      const kind = model.api.kind(call, fn);
      if (kind === 'terminate-many') arrayOfPointers(ctx, model, fn, call);
      if (kind === 'terminate-ex' || kind === 'terminate-many') ignored(ctx, model, fn, call, kind);
    }
  },
});

/** The header takes PCLUS_WORKER*, an array of pointers, although the page speaks of structures. */
function arrayOfPointers(ctx: RuleContext, model: ClusterModel, fn: Func, call: CallExpr): void {
  const arg = call.args[0];
  const type = arg && ctx.project.typeOf(uncast(arg), fn);
  if (!arg || !type) return;
  const file = fileOf(fn);
  const element = type.dims && type.dims.length > 0 ? { ...type, dims: undefined } : undefined;
  if (!(element ? model.api.isWorkerType(element, file) : model.api.isWorkerPointer(type, file))) return;
  ctx.report({ file: file.path, start: arg.start, end: arg.end, variant: 'array', message: 'ClusWorkersTerminate takes an array of pointers (PCLUS_WORKER *), not an array of CLUS_WORKER structures.' });
}

function ignored(ctx: RuleContext, model: ClusterModel, fn: Func, call: CallExpr, kind: 'terminate-ex' | 'terminate-many'): void {
  const cfg = model.graphs.cfg(fn);
  const place = cfg && placeOfCall(call, cfg);
  if (!cfg || !place) return;
  const dropped = place.result === 'dropped' || place.result === 'void' || (place.result === 'stored' && usesAfter(place.local!, place, cfg, fn, model).length === 0);
  const timeout = call.args[kind === 'terminate-ex' ? 1 : 2];
  if (!dropped || (timeout && isInfinite(timeout, ctx, fn))) return;
  const freed = freedAfter(call, fn, model, ctx);
  if (place.result === 'void' && !freed) return;
  const waitOnly = call.args[kind === 'terminate-ex' ? 2 : 3];
  const waits = waitOnly !== undefined && ctx.project.valueOf(waitOnly, fileOf(fn)) === 1;
  const name = kind === 'terminate-ex' ? 'ClusWorkerTerminateEx' : 'ClusWorkersTerminate';
  const level: Level = freed ? 'error' : 'warning';
  const told = waits ? ' Nothing told the thread to stop either: WaitOnly is TRUE.' : '';
  ctx.report({
    file: fileOf(fn).path, start: call.start, end: call.end, level, variant: freed ? 'freed' : 'ignored',
    message: `The result of ${name} is ignored${freed ? ' and what the worker uses is freed afterwards' : ''}: after WAIT_TIMEOUT the thread still runs.${told}`,
    related: freed ? [{ file: fileOf(fn).path, start: freed.start, end: freed.end, message: 'freed here' }] : [],
  });
}

function isInfinite(e: Expr, ctx: RuleContext, fn: Func): boolean {
  const value = ctx.project.valueOf(e, fileOf(fn));
  return value === 0xFFFFFFFF || value === -1;
}

/** Later in the function the object that holds the worker is freed. */
function freedAfter(call: CallExpr, fn: Func, model: ClusterModel, ctx: RuleContext): Expr | undefined {
  const worker = call.args[0] && (pointeeIdentity(call.args[0], fn, ctx.project) ?? identityOf(call.args[0], fn, ctx.project));
  return model.freesOf(fn).find((f) => f.at.start > call.start && (worker === undefined || worker.kind !== 'field' || f.record === undefined || f.record === worker.record || f.holds(worker)))?.at;
}
