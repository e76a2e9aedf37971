// B11: ClusWorkerTerminate only sets a flag; it cannot interrupt a wait. Waits of a worker that are long or endless are reported unless
// Terminate signals what is waited for.

import { cluster, defineRule, fileOf, StopSignals, type CallExpr, type ClusterModel, type Func, type RuleContext, type Wait } from '@drvlint/core';

interface Options { maxWaitMs: number }

/** Calls without a timeout that can take for ever. Source: the Windows API pages. */
const UNBOUNDED = /^(?:recv|recvfrom|accept|WSAAccept|connect|ConnectNamedPipe|TransactNamedPipe|get|wait|join|WaitForThreadpool\w+Callbacks)$/;

export default defineRule({
  meta: {
    id: 'worker-long-wait',
    title: 'Worker waits long or for ever on something that Terminate does not signal',
    family: 'cluster', level: 'warning', presets: ['recommended', 'cluster'], since: '0.1.0', aliases: [], models: ['cluster'],
    help: 'Wait 250 to 1000 ms at a time in a loop that asks ClusWorkerCheckTerminate, or add an event to the wait that Terminate sets before it joins the worker: ClusWorkerTerminate sets a flag and waits, it cannot end a wait of the worker.',
    options: { type: 'object', additionalProperties: false, properties: { maxWaitMs: { type: 'number', minimum: 0 } } },
    defaults: { maxWaitMs: 5000 },
  },
  all(ctx) {
    const model = ctx.analysis(cluster);
    if (model.workers.workers.length === 0) return;
    const signals = new StopSignals(model, new Set());
    const limit = (ctx.options as unknown as Options).maxWaitMs;
    const done = new Set<CallExpr>();
    for (const worker of model.workers.workers) {
      for (const fn of model.reach.from(worker.func).keys()) {
        if (!model.coversFunc(fn)) continue;
        for (const call of model.graphs.calls(fn)) {
          if (done.has(call)) continue;
          done.add(call);
          judge(ctx, model, signals, fn, call, worker.func, limit);
        }
      }
    }
  },
});

function judge(ctx: RuleContext, model: ClusterModel, signals: StopSignals, fn: Func, call: CallExpr, worker: Func, limit: number): void {
  const wait = model.waits.direct(call, fn);
  if (!wait || !isLong(wait, limit, model, fn)) return;
  if (signals.stopWait(call, fn) !== undefined || call.args.some((a) => signals.endsWait(a, fn)) || (call.callee.k === 'field' && signals.endsWait(call.callee.e, fn))) return;
  const time = wait.ms === Infinity || wait.ms === undefined ? 'without limit' : `for ${wait.ms} ms`;
  ctx.report({
    file: fileOf(fn).path, start: call.start, end: call.end,
    message: `Worker '${worker.name}' waits ${time} in ${wait.name}; ClusWorkerTerminate cannot interrupt that, and Terminate signals nothing it waits for.`,
  });
}

function isLong(wait: Wait, limit: number, model: ClusterModel, fn: Func): boolean {
  if (wait.ms !== undefined) return wait.ms > limit;
  if (wait.name === 'GetOverlappedResult') {
    const last = wait.call.args[3];
    return last !== undefined && model.project.valueOf(last, fileOf(fn)) === 1;
  }
  if (wait.name === 'select') {
    const timeout = wait.call.args[4];
    return timeout !== undefined && model.project.valueOf(timeout, fileOf(fn)) === 0;
  }
  return UNBOUNDED.test(wait.name);
}
