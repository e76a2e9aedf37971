// B9: a worker that joins itself waits for ever. Every join in reach of a worker is compared with that worker's own structure; when the
// way there leads through the DLL's Terminate or Close, the call into it is the finding.

import {
  cluster, defineRule, fileOf, pointeeIdentity, uncast, type CallExpr, type Chain, type ClusterModel, type Expr, type Func, type RuleContext, type Worker,
} from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'worker-self-terminate',
    title: 'Worker waits for its own end',
    family: 'cluster', level: 'error', presets: ['recommended', 'cluster'], since: '0.1.0', aliases: [], models: ['cluster'],
    help: 'Simply return from the worker: ClusWorkerTerminate waits for the thread to exit, and a worker that calls it on its own structure (or calls the DLL\'s Terminate or Close) waits for itself.',
  },
  all(ctx) {
    const model = ctx.analysis(cluster);
    const reported = new Set<CallExpr>();
    for (const worker of model.workers.workers) {
      for (const [fn, chain] of model.reach.from(worker.func)) {
        if (!model.coversFunc(fn)) continue;
        for (const call of model.graphs.calls(fn)) judge(ctx, model, worker, fn, chain, call, reported);
      }
    }
  },
});

function judge(ctx: RuleContext, model: ClusterModel, worker: Worker, fn: Func, chain: Chain, call: CallExpr, reported: Set<CallExpr>): void {
  const kind = model.api.kind(call, fn);
  const own = kind === 'terminate' || kind === 'terminate-ex' ? isOwn(call.args[0], fn, chain, worker, model) : kind === 'terminate-many' ? arrayHolds(call, fn, chain, worker, model) : waitsOnOwn(call, fn, chain, worker, model);
  if (!own) return;
  // What entry points use as well is right there: then the worker's way into it is the mistake.
  const entry = chain.calls.findIndex((c) => model.reach.entriesReaching(model.calleeOf(c.call, c.inside)!).length > 0);
  const at = entry >= 0 ? chain.calls[entry]! : { call, inside: fn };
  if (reported.has(at.call)) return;
  reported.add(at.call);
  const through = entry >= 0 ? `'${model.calleeOf(at.call, at.inside)!.name}', which ends this very worker and` : `${ctx.project.calleeName(call, fileOf(fn)) ?? 'ClusWorkerTerminate'} on its own structure, which`;
  ctx.report({
    file: fileOf(at.inside).path, start: at.call.start, end: at.call.end,
    message: `Worker '${worker.func.name}' calls ${through} waits for the thread that is calling: it never returns.`,
    related: entry >= 0 ? [{ file: fileOf(fn).path, start: call.start, end: call.end, message: 'waits for the worker here' }] : [],
  });
}

/** The argument is the worker's own structure: by identity, or its own parameter handed down. */
function isOwn(arg: Expr | undefined, fn: Func, chain: Chain, worker: Worker, model: ClusterModel): boolean {
  if (!arg) return false;
  const id = pointeeIdentity(arg, fn, model.project);
  if (!id) return false;
  if (worker.sites.some((s) => s.identities.some((i) => i.key === id.key))) return true;
  if (id.kind !== 'param' || id.param === undefined || id.key.startsWith('*')) return false;
  if (fn === worker.func) return model.api.isWorkerPointer(fn.params[id.param]?.type, fileOf(fn));
  const last = chain.calls.at(-1);
  if (!last) return false;
  const outer: Chain = { root: chain.root, calls: chain.calls.slice(0, -1) };
  return isOwn(last.call.args[id.param], last.inside, outer, worker, model);
}

function arrayHolds(call: CallExpr, fn: Func, chain: Chain, worker: Worker, model: ClusterModel): boolean {
  const arg = call.args[0] && uncast(call.args[0]);
  const init = arg?.k === 'name' ? model.project.localOf(arg.name, arg.start, fn)?.v?.init : undefined;
  return init?.k === 'init' && init.items.some((i) => isOwn(i.value, fn, chain, worker, model));
}

/** WaitForSingleObject(w->hThread, ..) */
function waitsOnOwn(call: CallExpr, fn: Func, chain: Chain, worker: Worker, model: ClusterModel): boolean {
  if (!/^WaitForSingleObject(?:Ex)?$/.test(model.project.calleeName(call, fileOf(fn)) ?? '')) return false;
  const handle = call.args[0] && uncast(call.args[0]);
  if (handle?.k !== 'field' || handle.name !== 'hThread') return false;
  const object: Expr = handle.arrow ? handle.e : { k: 'unary', op: '&', e: handle.e, start: handle.e.start, end: handle.e.end };
  const type = model.project.typeOf(handle.e, fn);
  const isWorker = handle.arrow ? model.api.isWorkerPointer(type, fileOf(fn)) : model.api.isWorkerType(type, fileOf(fn));
  return isWorker && isOwn(object, fn, chain, worker, model);
}
