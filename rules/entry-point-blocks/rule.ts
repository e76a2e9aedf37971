// B13: entry points are to return within 300 ms. Each is walked with the constants it passes on, so that a helper that waits only in its
// thorough mode is blamed on IsAlive and not on LooksAlive; what is fine for Terminate is only a note.

import {
  cluster, defineRule, fileOf, PathExplorer, uncast,
  type CallExpr, type ClusterModel, type Entry, type EntryRole, type Expr, type Func, type Level, type Wait,
} from '@drvlint/core';

/** Time an entry point may take. Source: recommended-practices-for-resource-dlls. */
const BUDGET = 300;
const HOT: readonly EntryRole[] = ['IsAlive', 'LooksAlive', 'ResourceControl', 'ResourceTypeControl', 'Online', 'Offline', 'BeginResourceControl', 'BeginResourceTypeControl', 'Arbitrate', 'Release', 'Cancel'];
const COLD: readonly EntryRole[] = ['Open', 'Close', 'Terminate', 'Startup', 'StartupEx'];
/** Steps that wait for the service control manager or for a service. Source: the ResUtil pages. */
const SERVICE_STEPS = /^(?:ResUtil(?:Start|Stop)ResourceService|ResUtilStopService|ResUtilSetResourceServiceStartParameters(?:Ex)?|StartService[AW]?)$/;
const FILE_PROBES = /^(?:CreateFile(?:[AW]|2)?|FindFirstFile(?:Ex)?[AW]?|GetFileAttributes(?:Ex)?[AW]?|(?:Copy|Move)File\w*)$/;

interface Verdict { level: Level; what: string; role: EntryRole }

export default defineRule({
  meta: {
    id: 'entry-point-blocks',
    title: 'Entry point of a resource DLL waits',
    family: 'cluster', level: 'warning', presets: ['recommended', 'cluster'], since: '0.1.0', aliases: [], models: ['cluster'],
    help: 'Return from every entry point within 300 ms: do what takes longer in a worker, and let a thread of its own poll for IsAlive and LooksAlive, which then return its last result.',
  },
  all(ctx) {
    const model = ctx.analysis(cluster);
    const found = new Map<CallExpr, { fn: Func; verdict: Verdict }>();
    for (const entry of model.roles.entries) if (model.coversFunc(entry.func) && (HOT.includes(entry.role) || COLD.includes(entry.role))) walk(model, entry, found);
    for (const [call, { fn, verdict }] of found) {
      ctx.report({
        file: fileOf(fn).path, start: call.start, end: call.end, level: verdict.level,
        message: `${verdict.what} in reach of ${verdict.role}: entry points are to return within ${BUDGET} ms, because the Resource Monitor holds back all others meanwhile.`,
      });
    }
  },
});

function walk(model: ClusterModel, entry: Entry, found: Map<CallExpr, { fn: Func; verdict: Verdict }>): void {
  const explorer = new PathExplorer({
    project: model.project, depth: 5,
    cfg: (f) => model.graphs.cfg(f),
    enters: (f) => model.waits.of(f).length > 0 || [...model.reach.from(f).keys()].some((g) => model.graphs.calls(g).some((c) => SERVICE_STEPS.test(model.project.calleeName(c, fileOf(g)) ?? ''))),
    matters: () => false,
    callee: (site) => model.calleeOf(site.call, site.frame.fn),
    call: (site) => {
      const verdict = judge(site.call, site.frame.fn, entry.role, model);
      const before = found.get(site.call);
      if (verdict && (!before || (before.verdict.level === 'info' && verdict.level !== 'info'))) found.set(site.call, { fn: site.frame.fn, verdict });
      return undefined;
    },
  });
  explorer.walk(entry.func);
}

function judge(call: CallExpr, fn: Func, role: EntryRole, model: ClusterModel): Verdict | undefined {
  const kind = model.api.kind(call, fn);
  if (kind !== undefined) return undefined;
  const name = model.project.calleeName(call, fileOf(fn));
  const hot = HOT.includes(role);
  if (name !== undefined && SERVICE_STEPS.test(name)) return hot ? { level: 'warning', role, what: `${name} waits for a service` } : role === 'Open' ? { level: 'info', role, what: `${name} waits for the service control manager` } : undefined;
  const wait = model.waits.direct(call, fn);
  if (!wait) return undefined;
  if (wait.kind === 'sleep' || wait.kind === 'wait') return timed(wait, role, hot);
  if (wait.kind === 'network') return network(wait, role, hot, model, fn);
  if (wait.kind === 'io' && FILE_PROBES.test(wait.name)) return probe(wait, role, fn, model);
  if (wait.kind === 'com' || wait.kind === 'database' || wait.kind === 'process') return hot ? { level: role === 'IsAlive' ? 'info' : 'warning', role, what: `${wait.name} can take any time` } : undefined;
  return undefined;
}

function timed(wait: Wait, role: EntryRole, hot: boolean): Verdict | undefined {
  if (wait.ms === undefined) return undefined;
  const what = wait.ms === Infinity ? `${wait.name} waits without limit` : `${wait.name} waits ${wait.ms} ms`;
  if (hot) return wait.ms >= BUDGET ? { level: 'warning', role, what } : undefined;
  return wait.ms > BUDGET ? { level: 'info', role, what } : undefined;
}

/** A Net function without a server name asks this machine. */
function network(wait: Wait, role: EntryRole, hot: boolean, model: ClusterModel, fn: Func): Verdict | undefined {
  const local = /^Net[A-Z]/.test(wait.name) && wait.call.args[0] !== undefined && model.project.valueOf(wait.call.args[0], fileOf(fn)) === 0;
  const what = `${wait.name} ${local ? 'asks the server service' : 'goes to the network'}`;
  if (role === 'IsAlive' || role === 'LooksAlive') return { level: role === 'LooksAlive' && !local ? 'warning' : 'info', role, what };
  if (local) return undefined;
  return { level: hot ? 'warning' : 'info', role, what };
}

/** A file name may lead to another machine; a literal tells. */
function probe(wait: Wait, role: EntryRole, fn: Func, model: ClusterModel): Verdict | undefined {
  if (role !== 'IsAlive' && role !== 'LooksAlive') return undefined;
  const path = literal(wait.call.args[0], fn, model);
  if (path !== undefined && !/^\\\\\\\\(?![.?]\\\\)/.test(path)) return undefined;
  return { level: role === 'LooksAlive' && path !== undefined ? 'warning' : 'info', role, what: `${wait.name} ${path === undefined ? 'may go' : 'goes'} to a file server` };
}

function literal(e: Expr | undefined, fn: Func, model: ClusterModel): string | undefined {
  const x = e && uncast(e);
  if (x?.k === 'str') return x.text.replace(/^[A-Za-z0-9]*"/, '');
  const init = x?.k === 'name' ? model.project.localOf(x.name, x.start, fn)?.v?.init : undefined;
  return init?.k === 'str' ? init.text.replace(/^[A-Za-z0-9]*"/, '') : undefined;
}
