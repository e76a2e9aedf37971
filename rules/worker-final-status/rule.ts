// B2: a worker of Online or Offline reports until the resource is online, offline or failed. Its paths are walked with the state it has
// last sent; a path that ends with none, or with one that is not final, leaves the Resource Monitor waiting.

import { cluster, defineRule, FINAL_STATES, fileOf, operationsOf, Protocol, STATE_OFFLINE, STATE_ONLINE, type PathEnd, type RuleContext, type Worker } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'worker-final-status',
    title: 'Worker of Online or Offline ends without reporting a final state',
    family: 'cluster', level: 'error', presets: ['recommended', 'cluster'], since: '0.1.0', aliases: [], models: ['cluster'],
    help: 'Call SetResourceStatus with ClusterResourceOnline, ClusterResourceOffline or ClusterResourceFailed on every path before the worker returns: an operation that returned ERROR_IO_PENDING ends only with the report of a final state.',
  },
  all(ctx) {
    const model = ctx.analysis(cluster);
    const protocol = new Protocol(model);
    for (const worker of model.workers.workers) {
      const operations = operationsOf(worker, model);
      if (operations.size > 0 && model.coversFunc(worker.func)) judge(ctx, protocol, worker, operations);
    }
  },
});

function judge(ctx: RuleContext, protocol: Protocol, worker: Worker, operations: ReadonlySet<string>): void {
  const fn = worker.func;
  const walk = protocol.explorer().walk(fn);
  if (walk.exhausted || walk.ends.length === 0) return;
  const worst = new Map<string, { end: PathEnd; level: 'error' | 'info'; message: string; variant: string }>();
  const sent = new Set<number | string>();
  for (const end of walk.ends) {
    const report = end.state.fact('report');
    const states = report.k === 'set' ? report.c : [];
    for (const s of states) sent.add(s);
    const found = faultOf(states, worker);
    if (!found) continue;
    const told = (end.state.factText('aborted') ?? 'yes') !== '' || (end.state.factText('exit') ?? 'yes') !== '';
    const key = `${end.start}`;
    const level = told ? 'info' : 'error';
    const before = worst.get(key);
    if (!before || (before.level === 'info' && level === 'error')) worst.set(key, { end, level, ...found });
  }
  for (const { end, level, message, variant } of worst.values()) {
    ctx.report({ file: fileOf(fn).path, start: end.start, end: end.end, level, variant, message: level === 'info' ? `${message} (It was told to stop.)` : message });
  }
  if (worst.size === 0) direction(ctx, worker, operations, sent);
}

function faultOf(states: readonly (number | string)[], worker: Worker): { message: string; variant: string } | undefined {
  if (states.includes('unknown') || states.length === 0) return undefined;
  if (states.every((s) => s === '')) return { variant: 'no-report', message: `Worker '${worker.func.name}' returns here without having reported any state: the Resource Monitor waits until the pending timeout.` };
  if (states.includes('') || states.some((s) => FINAL_STATES.has(s))) return undefined;
  return { variant: 'pending-on-exit', message: `Worker '${worker.func.name}' returns here after last reporting ${stateText(states[0]!)}: the operation never ends for the Resource Monitor.` };
}

function stateText(state: number | string): string {
  const names: Record<string, string> = { 0: 'no state at all (0)', 1: 'ClusterResourceInitializing', 128: 'ClusterResourcePending', 129: 'ClusterResourceOnlinePending', 130: 'ClusterResourceOfflinePending' };
  return names[String(state)] ?? String(state);
}

/** A worker of Online that can only ever report Offline. */
function direction(ctx: RuleContext, worker: Worker, operations: ReadonlySet<string>, sent: ReadonlySet<number | string>): void {
  if (operations.size !== 1 || sent.has('unknown')) return;
  const online = operations.has('Online');
  const [want, other] = online ? [STATE_ONLINE, STATE_OFFLINE] : [STATE_OFFLINE, STATE_ONLINE];
  if (sent.has(want) || !sent.has(other)) return;
  const decl = worker.func.def!.decl;
  ctx.report({
    file: fileOf(worker.func).path, start: decl.nameStart, end: decl.nameEnd, level: 'info', variant: 'wrong-direction',
    message: `Worker '${worker.func.name}' is started by ${online ? 'Online' : 'Offline'} but can only report ${online ? 'ClusterResourceOffline' : 'ClusterResourceOnline'}.`,
  });
}
