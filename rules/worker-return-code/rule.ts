// A5: a worker returns a Win32 error code. Every returned value is followed back through the worker's own locals to where it comes from.

import {
  cluster, defineRule, fileOf, isLogging, pathConstant, PathExplorer, returnsOf, sourcesOf, uncast,
  type CallExpr, type ClusterModel, type Expr, type Fix, type Func, type Level, type RuleContext, type Source,
} from '@drvlint/core';

interface Bad { what: string; level?: Level; suggestion?: { title: string; text: (source: string) => string } }

/** Macros and conversions whose value is an HRESULT. Source: winerror.h. */
const HRESULT_MAKERS = /^(?:HRESULT_FROM_WIN32|HRESULT_FROM_NT|MAKE_HRESULT|SCODE|MAKE_SCODE|__HRESULT_FROM_WIN32|ResultFromScode|GetScode)$/;
const HRESULT_NAMES = /^(?:E_[A-Z][A-Z0-9_]*|S_OK|S_FALSE|[A-Z]+_E_[A-Z0-9_]+|[A-Z]+_S_[A-Z0-9_]+)$/;
const WIN32_S = /^RPC_S_/;
const WAITS = /^(?:WaitFor(?:Single|Multiple)Objects?(?:Ex)?|SignalObjectAndWait|MsgWaitForMultipleObjects(?:Ex)?|WSAWaitForMultipleEvents|SleepEx)$/;
/** Calls between a failure and GetLastError that may overwrite the error. */
const CLEANUPS = /^(?:CloseHandle|FindClose|CloseServiceHandle|Reg(?:Close|Query|Open|Set)\w*|LocalFree|GlobalFree|HeapFree|free|CoTaskMemFree|LeaveCriticalSection|ReleaseSRWLock\w+|CloseCluster\w*|ClusterRegCloseKey|DeleteFile\w*|closesocket|FreeLibrary|OutputDebugString\w*|delete|ReleaseMutex|SetEvent|ResetEvent)$/;

export default defineRule({
  meta: {
    id: 'worker-return-code',
    title: 'Worker returns a value that is no Win32 error code',
    family: 'cluster', level: 'warning', presets: ['recommended', 'cluster'], since: '0.1.0', aliases: [], models: ['cluster'],
    help: 'Return ERROR_SUCCESS or a system error code from a worker, as PWORKER_START_ROUTINE prescribes; convert an HRESULT with HRESULT_CODE and an NTSTATUS with RtlNtStatusToDosError.',
    fixable: 'suggestion',
  },
  all(ctx) {
    const model = ctx.analysis(cluster);
    for (const worker of model.workers.workers) {
      if (!model.coversFunc(worker.func)) continue;
      values(ctx, model, worker.func);
      abortsWithSuccess(ctx, model, worker.func);
    }
  },
});

function values(ctx: RuleContext, model: ClusterModel, fn: Func): void {
  const cfg = model.graphs.cfg(fn);
  if (!cfg) return;
  const done = new Set<Expr>();
  const typed = (e: Expr): boolean => {
    const type = ctx.project.typeOf(e, fn);
    return type !== undefined && type.ptr === 0 && judgeType(type.base) !== undefined;
  };
  for (const r of returnsOf(cfg)) {
    for (const s of sourcesOf(r.e, r, cfg, fn, model, typed)) {
      if (done.has(s.e)) continue;
      done.add(s.e);
      const bad = judge(s, fn, ctx, model);
      if (!bad) continue;
      const file = fileOf(fn);
      const direct = s.block === r.block && s.step === r.step;
      const fix = bad.suggestion && suggestion(ctx, file.path, s.e, bad.suggestion);
      ctx.report({
        file: file.path, start: s.e.start, end: s.e.end, level: bad.level ?? 'warning',
        message: `Worker '${fn.name}' returns ${bad.what}; a worker returns ERROR_SUCCESS or a Win32 error code.`,
        related: direct ? [] : [{ file: file.path, start: r.start, end: r.end, message: 'returned here' }],
        ...(fix && { suggestions: [fix] }),
      });
    }
  }
}

function suggestion(ctx: RuleContext, file: string, e: Expr, s: NonNullable<Bad['suggestion']>): Fix {
  return { title: s.title, edits: [{ file, start: e.start, end: e.end, text: s.text(ctx.text(file).slice(e.start, e.end)) }] };
}

/** `SCODE( hr )` and `hr` both become `HRESULT_CODE(hr)`. */
const hresult: NonNullable<Bad['suggestion']> = {
  title: 'Convert it with HRESULT_CODE',
  text: (t) => `HRESULT_CODE(${/^(?:SCODE|\(DWORD\))(?:\s*\()?([^()]*)\)?$/.exec(t)?.[1]?.trim() ?? t})`,
};

function judge(s: Source, fn: Func, ctx: RuleContext, model: ClusterModel): Bad | undefined {
  const x = uncast(s.e);
  if (x.k === 'name') return judgeName(x.name, s, fn, ctx);
  if (x.k === 'num') return x.value === 0xFFFFFFFF || x.value === -1 ? { what: '-1' } : undefined;
  if (x.k === 'unary') return x.op === '-' && x.e.k === 'num' ? { what: `-${x.e.text}` } : x.op === '!' ? { what: 'a truth value' } : undefined;
  if (x.k === 'binary' && /^(?:&&|\|\||[=!<>]=|[<>])$/.test(x.op)) return { what: 'a truth value' };
  if (x.k === 'call') return judgeCall(x, s, fn, ctx, model);
  // A mask or a shift takes the code out of what it is applied to.
  if (x.k === 'cast' || (x.k === 'binary' && /^(?:&|>>|%)$/.test(x.op))) return undefined;
  const type = ctx.project.typeOf(x, fn);
  return type && type.ptr === 0 ? judgeType(type.base) : undefined;
}

function judgeName(name: string, s: Source, fn: Func, ctx: RuleContext): Bad | undefined {
  if (/^(?:TRUE|FALSE|true|false)$/.test(name)) return { what: `the truth value ${name}` };
  if (name === 'ERROR_IO_PENDING') return { what: 'ERROR_IO_PENDING, which is for Online and Offline' };
  if (/^STATUS_[A-Z]/.test(name)) return { what: `the NTSTATUS ${name}`, suggestion: { title: 'Convert it with RtlNtStatusToDosError', text: (t) => `RtlNtStatusToDosError(${t})` } };
  if (/^WAIT_[A-Z]/.test(name)) return { what: `${name}, the result of a wait` };
  if (/^(?:ClusterResource[A-Z]|ResourceExitState)/.test(name)) return { what: `${name}, which is a state` };
  if (HRESULT_NAMES.test(name) && !WIN32_S.test(name)) return { what: `the HRESULT ${name}`, suggestion: hresult };
  const type = ctx.project.typeOf(uncast(s.e), fn);
  return type && type.ptr === 0 ? judgeType(type.base) : undefined;
}

function judgeType(base: string): Bad | undefined {
  if (/^(?:HRESULT|SCODE)$/.test(base)) return { what: 'an HRESULT', suggestion: hresult };
  if (base === 'NTSTATUS') return { what: 'an NTSTATUS', suggestion: { title: 'Convert it with RtlNtStatusToDosError', text: (t) => `RtlNtStatusToDosError(${t})` } };
  if (/^(?:BOOL|BOOLEAN|bool|_Bool)$/.test(base)) return { what: 'a truth value' };
  if (/^(?:enum )?(?:_?CLUSTER_RESOURCE_STATE|_?RESOURCE_EXIT_STATE)$/.test(base)) return { what: 'a state instead of an error code' };
  return undefined;
}

function judgeCall(x: CallExpr, s: Source, fn: Func, ctx: RuleContext, model: ClusterModel): Bad | undefined {
  const name = ctx.project.calleeName(x, fileOf(fn));
  if (name !== undefined && HRESULT_MAKERS.test(name)) return { what: 'an HRESULT', suggestion: hresult };
  if (name !== undefined && WAITS.test(name)) return { what: `the result of ${name}` };
  if (name === 'ClusWorkerCheckTerminate' || model.api.kind(x, fn) === 'check') return { what: 'a truth value' };
  if (model.api.kind(x, fn) === 'report') return { what: 'the exit state that SetResourceStatus gives' };
  if (name === 'GetLastError' && clobbered(s, x, fn, ctx, model)) return { what: 'GetLastError() after another call that may have changed it', level: 'info' };
  const callee = ctx.project.calleeOf(x, fn);
  const ret = callee?.ret ?? ctx.project.typeOf(x, fn);
  return ret && ret.ptr === 0 && name !== undefined && !/^(?:HRESULT_CODE|SCODE_CODE|RtlNtStatusToDosError|LsaNtStatusToWinError)$/.test(name) ? judgeType(ret.base) : undefined;
}

/** The call right before GetLastError cleans up or writes a log entry. */
function clobbered(s: Source, call: CallExpr, fn: Func, ctx: RuleContext, model: ClusterModel): boolean {
  const cfg = model.graphs.cfg(fn)!;
  const steps = cfg.blocks[s.block]!.steps;
  for (let i = Math.min(s.step, steps.length) - 1; i >= 0; i--) {
    const step = steps[i]!;
    if (step.k !== 'eval') continue;
    const e = uncast(step.e);
    if (e.k === 'delete') return true;
    if (e.k !== 'call' || e === call) { if (e.k === 'assign' && uncast(e.r).k === 'call') return false; continue; }
    const name = ctx.project.calleeName(e, fileOf(fn));
    return isLogging(e, fn, model) || (name !== undefined && CLEANUPS.test(name));
  }
  return false;
}

/** `if (ClusWorkerCheckTerminate(w)) goto Done;` with a status that still says success. */
function abortsWithSuccess(ctx: RuleContext, model: ClusterModel, fn: Func): void {
  const cfg = model.graphs.cfg(fn);
  if (!cfg) return;
  const tests = new Set(cfg.loops.flatMap((l) => (l.stmt && 'c' in l.stmt && l.stmt.c ? [l.stmt.c] : [])).map((c) => `${c.start}:${c.end}`));
  const inTest = (call: CallExpr): boolean => [...tests].some((t) => { const [a, b] = t.split(':').map(Number); return a! <= call.start && call.end <= b!; });
  const explorer = new PathExplorer({
    project: ctx.project, depth: 0,
    cfg: (f) => model.graphs.cfg(f),
    enters: () => false,
    matters: (name) => name === 'ClusWorkerCheckTerminate',
    callee: () => undefined,
    call: (site) => {
      if (model.api.kind(site.call, fn) !== 'check') return undefined;
      const yes = { state: site.state.setFact('abort', inTest(site.call) ? 'loop' : String(site.call.start)), val: pathConstant(1) };
      return site.state.factText('abort') === '' ? [yes, { state: site.state, val: pathConstant(0) }] : [yes];
    },
  });
  const found = new Set<number>();
  const walk = explorer.walk(fn);
  for (const end of walk.ends) {
    const at = end.state.factText('abort');
    const known = end.state.known(end.val);
    const truth = end.e?.k === 'name' && /^(?:FALSE|false|S_OK)$/.test(end.e.name);
    if (at && at !== 'loop' && !truth && known?.length === 1 && known[0] === 0) found.add(Number(at));
  }
  for (const call of model.graphs.calls(fn)) {
    if (!found.has(call.start)) continue;
    ctx.report({
      file: fileOf(fn).path, start: call.start, end: call.end, level: 'info', variant: 'abort-returns-success',
      message: `Worker '${fn.name}' returns ERROR_SUCCESS when it is told to stop here; ERROR_OPERATION_ABORTED would say that the operation did not succeed.`,
    });
  }
}
