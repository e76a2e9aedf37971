// B12: calls that can deadlock a resource DLL. The lists are Microsoft's; a call that is fine in a worker is reported with the chain
// that leads to it from an entry point.

import { avoidClusterCall, cluster, defineRule, fileOf, type CallExpr, type ClusterModel, type EntryRole, type Func, type Level, type Related, type RuleContext } from '@drvlint/core';

const CONTROLS = /^(?:ClusterResourceControl|ClusterGroupControl|ClusterNodeControl|ClusterResourceTypeControl)(?:AsUser|Ex)?$/;
/** Entry points in which property and registry functions are to be avoided. Source: function-calls-to-avoid-in-resource-dlls. */
const SOME: readonly EntryRole[] = ['Close', 'Offline', 'Online', 'Open', 'Terminate'];

export default defineRule({
  meta: {
    id: 'avoid-cluster-call',
    title: 'Call of a cluster function that can deadlock a resource DLL',
    family: 'cluster', level: 'error', presets: ['recommended', 'cluster'], since: '0.1.0', aliases: [], models: ['cluster'],
    help: 'Make the call from a worker thread where the documentation allows it there, and not at all where it says so: the Cluster service may wait for the resource DLL while the call waits for the Cluster service.',
  },
  func(ctx, fn) {
    const model = ctx.analysis(cluster);
    if (!model.coversFunc(fn) || !model.isResourceDll) return;
    for (const call of model.graphs.calls(fn)) judge(ctx, model, fn, call);
  },
});

function judge(ctx: RuleContext, model: ClusterModel, fn: Func, call: CallExpr): void {
  const name = ctx.project.calleeName(call, fileOf(fn));
  if (name === undefined || ctx.project.calleeOf(call, fn)?.def) return;
  const code = CONTROLS.test(name) ? controlCode(call) : undefined;
  const rule = avoidClusterCall(name);
  const byCode = code === undefined ? undefined : avoidClusterCall(code);
  if (rule && !rule.controlCode) list(ctx, model, fn, call, name, rule.avoid, rule.viaEx);
  else if (byCode?.controlCode) list(ctx, model, fn, call, `${name}(${code})`, byCode.avoid, false);
}

function controlCode(call: CallExpr): string | undefined {
  const names = call.args.flatMap((a) => (a.k === 'name' && a.name.startsWith('CLUSCTL_') ? [a.name] : []));
  return names[0];
}

function list(ctx: RuleContext, model: ClusterModel, fn: Func, call: CallExpr, what: string, avoid: 'never' | 'worker-only' | 'some-entry-points', viaEx: boolean): void {
  const level = (l: Level): Level => (viaEx ? 'info' : l);
  if (avoid === 'never') {
    return say(ctx, fn, call, level('error'), `${what} must not be called in a resource DLL: it can deadlock the Cluster service and the Resource Monitor.`, []);
  }
  const entries = model.reach.entriesReaching(fn, avoid === 'worker-only' ? undefined : SOME);
  const first = entries[0];
  if (!first) return;
  const roles = [...new Set(entries.map((e) => e.role))];
  const related: Related[] = first.chain.calls.map((c) => ({ file: fileOf(c.inside).path, start: c.call.start, end: c.call.end, message: `'${c.inside.name}' calls on` }));
  const where = roles.length === 1 ? `${roles[0]} reaches this call` : `${roles.slice(0, 3).join(', ')} reach this call`;
  if (avoid === 'worker-only') return say(ctx, fn, call, level('error'), `${what} may be called from worker threads only, but ${where}: it can deadlock the Resource Monitor.`, related);
  say(ctx, fn, call, level('warning'), `${what} is to be avoided in Open, Online, Offline, Terminate and Close, but ${where}.`, related);
}

function say(ctx: RuleContext, fn: Func, call: CallExpr, level: Level, message: string, related: Related[]): void {
  ctx.report({ file: fileOf(fn).path, start: call.start, end: call.end, level, message, related });
}
