// B19: Open returns NULL for a failure, and the Resource Monitor then asks GetLastError. Every path that returns NULL is walked to see
// whether an error is set: by SetLastError, or by the call that failed being the last one.

import {
  cluster, defineRule, fileOf, isLogging, PathExplorer, pathSymbol,
  type ClusterModel, type Func, type PathCall, type PathOutcome, type RuleContext,
} from '@drvlint/core';

/** Functions that return their error and leave the last error alone. Source: the Windows API pages. */
const STATUS_RESULT = /^(?:Reg[A-Z]\w*|ClusterReg\w+|ResUtil(?!Get\w*Dependency)\w+|Net[A-Z]\w+|StringC\w+|RtlNt\w+|CoInitialize\w*|malloc|calloc|_?wcsdup|lstrlen[AW]?|wcslen|strlen)$/;
/** Clean-up after a failure: the error from before may be gone. */
const CLEANUP = /^(?:Close\w+|Free\w*|free|Local(?:Free|Unlock)|Global(?:Free|Unlock)|HeapFree|CoTaskMemFree|Delete\w+|FindClose|Leave\w+|Release\w+|Unmap\w+|closesocket|ClusWorkerTerminate)$/;
const PASSIVE = /^(?:UNREFERENCED_\w+|_?ASSERTE?|assert|ZeroMemory|RtlZeroMemory|memset|memcpy|CopyMemory|ARRAYSIZE|sizeof|FAILED|SUCCEEDED|Initialize(?:CriticalSection|SRWLock|ConditionVariable)|std::move|static_cast)$/;

export default defineRule({
  meta: {
    id: 'open-null-without-lasterror',
    title: 'Open returns NULL without setting the last error',
    family: 'cluster', level: 'warning', presets: ['recommended', 'cluster'], since: '0.1.0', aliases: [], models: ['cluster'],
    help: 'Call SetLastError with the reason before Open returns NULL: the Resource Monitor has nothing else to tell why the resource failed.',
  },
  all(ctx) {
    const model = ctx.analysis(cluster);
    const done = new Set<Func>();
    for (const entry of model.roles.withRole('Open')) {
      if (done.has(entry.func) || !model.coversFunc(entry.func)) continue;
      done.add(entry.func);
      judge(ctx, model, entry.func);
    }
  },
});

function judge(ctx: RuleContext, model: ClusterModel, fn: Func): void {
  const explorer = new PathExplorer({
    project: ctx.project, depth: 2,
    cfg: (f) => model.graphs.cfg(f),
    enters: (f) => f !== fn && setsLastError(f, model, ctx),
    matters: (name) => name === 'SetLastError',
    callee: (site) => model.calleeOf(site.call, site.frame.fn),
    call: (site) => effect(site, model, ctx),
    created: (_e, _loc, state) => state.setFact('error', 'none'),
    step: (step, _frame, state) => (step.k === 'eval' && step.e.k === 'delete' && state.factText('error') === 'api' ? state.setFact('error', 'lost') : state),
  });
  const walk = explorer.walk(fn);
  if (walk.exhausted) return;
  const seen = new Set<number>();
  for (const end of walk.ends) {
    const known = end.state.known(end.val);
    if (!known?.length || seen.has(end.start)) continue;
    const invalid = known.every((c) => c === 0xFFFFFFFF || c === 'INVALID_HANDLE_VALUE');
    const error = end.state.factText('error');
    const missing = known.every((c) => c === 0) && error !== undefined && error !== 'set' && error !== 'api';
    if (!invalid && !missing) continue;
    seen.add(end.start);
    ctx.report({
      file: fileOf(fn).path, start: end.start, end: end.end, variant: invalid ? 'invalid-handle' : error === 'lost' ? 'lost' : 'unset',
      message: invalid
        ? `Open routine '${fn.name}' returns INVALID_HANDLE_VALUE; a failure is NULL with the last error set.`
        : `Open routine '${fn.name}' returns NULL here without SetLastError${error === 'lost' ? ': the error of the call that failed may be overwritten by now' : ''}.`,
    });
  }
}

function effect(site: PathCall, model: ClusterModel, ctx: RuleContext): PathOutcome[] | undefined {
  const inside = site.frame.fn;
  const name = ctx.project.calleeName(site.call, fileOf(inside));
  const to = (error: string): PathOutcome[] => [{ state: site.state.setFact('error', error), val: pathSymbol(`?call${site.call.start}`) }];
  if (name === 'SetLastError') return to('set');
  if (name !== undefined && PASSIVE.test(name)) return undefined;
  if (name === 'GetLastError') return undefined;
  const callee = model.calleeOf(site.call, inside);
  if (callee?.def) return setsLastError(callee, model, ctx) ? undefined : escaped(site, site.state.factText('error') === 'set' ? 'set' : 'api');
  const before = site.state.factText('error');
  if (isLogging(site.call, inside, model) || (name !== undefined && CLEANUP.test(name))) return before === 'api' ? to('lost') : undefined;
  if (before === 'set') return undefined;
  return escaped(site, name !== undefined && STATUS_RESULT.test(name) ? 'none' : 'api');
}

/** The effect on the error; what the call may write is left to the walk. */
function escaped(site: PathCall, error: string): PathOutcome[] {
  let state = site.state.setFact('error', error);
  site.call.args.forEach((_, i) => {
    const loc = site.pointee(i);
    if (loc !== undefined) state = state.forget(loc, String(site.call.start));
  });
  return [{ state, val: pathSymbol(`?call${site.call.start}`) }];
}

const answers = new WeakMap<ClusterModel, Map<Func, boolean>>();

function setsLastError(fn: Func, model: ClusterModel, ctx: RuleContext, depth = 0): boolean {
  let known = answers.get(model);
  if (!known) answers.set(model, known = new Map());
  const before = known.get(fn);
  if (before !== undefined) return before;
  if (depth > 3) return false;
  known.set(fn, false);
  const found = model.graphs.calls(fn).some((c) => {
    if (ctx.project.calleeName(c, fileOf(fn)) === 'SetLastError') return true;
    const callee = model.calleeOf(c, fn);
    return callee?.def !== undefined && setsLastError(callee, model, ctx, depth + 1);
  });
  known.set(fn, found);
  return found;
}
