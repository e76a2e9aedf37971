// B16: the RESOURCE_HANDLE given to Open is a cookie for the Resource Monitor's own callbacks. Values are followed by type, by the field
// or local they were stored in; the functions that take it are few, those that must not get it are listed.

import {
  cluster, defineRule, eachExpression, fileOf, identityOf, typeText, uncast,
  type CallExpr, type ClusterModel, type Expr, type Func, type RuleContext,
} from '@drvlint/core';

/** Windows functions that act on a handle. Source: the Windows API pages. */
const HANDLE_CALLS = /^(?:CloseHandle|WaitFor(?:Single|Multiple)Objects?(?:Ex)?|MsgWaitForMultipleObjects(?:Ex)?|SignalObjectAndWait|RegisterWaitForSingleObject|DuplicateHandle|SetEvent|ResetEvent|PulseEvent|Get(?:HandleInformation|FileType|FileSize(?:Ex)?|OverlappedResult)|SetHandleInformation|Set(?:FilePointer(?:Ex)?)|ReadFile(?:Ex)?|WriteFile(?:Ex)?|DeviceIoControl|FlushFileBuffers|CancelIo(?:Ex)?|ReleaseMutex|ReleaseSemaphore|TerminateThread|TerminateProcess|GetExitCode(?:Thread|Process)|SuspendThread|ResumeThread|FindClose|CloseServiceHandle|ControlService|QueryServiceStatus(?:Ex)?|Reg\w+|_open_osfhandle|CompareObjectHandles|NtClose|ZwClose|SetThreadpoolWait|CreateIoCompletionPort)$/;
/** Cluster API functions: they take HRESOURCE and its kin, which only look like a RESOURCE_HANDLE. Source: clusapi.h. */
const CLUSTER_CALLS = /^(?:CloseCluster\w*|OpenCluster\w+|ClusterResource\w+|ClusterGroup\w+|ClusterNode\w+|Cluster(?:Reg\w+|Enum\w*|Control\w*)|GetCluster\w+|SetCluster\w+|(?:Online|Offline|Delete|Fail|Change|Add|Remove|Restart|Create)Cluster\w+|CanResourceBeDependent)$/;
const CLUSTER_HANDLES = /^(?:HRESOURCE|HCLUSTER|HGROUP|HNODE|HNETWORK|HNETINTERFACE)$/;

export default defineRule({
  meta: {
    id: 'resource-handle-misuse',
    title: 'RESOURCE_HANDLE is used for something other than reports to the Resource Monitor',
    family: 'cluster', level: 'error', presets: ['recommended', 'cluster'], since: '0.1.0', aliases: [], models: ['cluster'],
    help: 'Keep the handle that Open was given, pass it to SetResourceStatus and LogEvent only, and never close, duplicate or wait on it: it belongs to the Resource Monitor, which knows the resource by it.',
  },
  func(ctx, fn) {
    const model = ctx.analysis(cluster);
    if (!model.coversFunc(fn)) return;
    const stored = storedHandles(ctx, model);
    eachExpression(fn, model, ({ e }) => { if (e.k === 'call') judge(ctx, model, fn, e, stored); });
  },
});

const caches = new WeakMap<ClusterModel, ReadonlySet<string>>();

/** Fields and globals of another type in which a RESOURCE_HANDLE is kept. */
function storedHandles(ctx: RuleContext, model: ClusterModel): ReadonlySet<string> {
  let known = caches.get(model);
  if (known) return known;
  const found = new Set<string>();
  for (const fn of model.functions) {
    eachExpression(fn, model, ({ e }) => {
      if (e.k !== 'assign' || e.op !== '=' || !isTyped(e.r, fn, ctx)) return;
      const id = identityOf(e.l, fn, ctx.project);
      if (id && (id.kind === 'field' || id.kind === 'global') && !id.key.includes('?.')) found.add(id.key);
    });
    for (const init of fn.def!.decl.ctorInits ?? []) {
      const value = init.args[0];
      const owner = fn.def!.decl.scope.at(-1)?.name;
      if (value && owner !== undefined && isTyped(value, fn, ctx)) found.add(`field:${owner}.${init.name}`);
    }
  }
  caches.set(model, known = found);
  return known;
}

function isTyped(e: Expr, fn: Func, ctx: RuleContext): boolean {
  const type = ctx.project.typeOf(uncast(e), fn);
  return type !== undefined && type.ptr === 0 && type.base === 'RESOURCE_HANDLE';
}

function isResourceHandle(e: Expr, fn: Func, ctx: RuleContext, stored: ReadonlySet<string>, depth = 0): boolean {
  if (isTyped(e, fn, ctx)) return true;
  const x = uncast(e);
  const id = identityOf(x, fn, ctx.project);
  if (id && stored.has(id.key)) return true;
  const init = x.k === 'name' ? ctx.project.localOf(x.name, x.start, fn)?.v?.init : undefined;
  return depth < 3 && init !== undefined && init.k !== 'init' && isResourceHandle(init, fn, ctx, stored, depth + 1);
}

function judge(ctx: RuleContext, model: ClusterModel, fn: Func, call: CallExpr, stored: ReadonlySet<string>): void {
  const file = fileOf(fn);
  const kind = model.api.kind(call, fn);
  if (kind === 'report') return reported(ctx, fn, call);
  if (kind !== undefined || ctx.project.calleeOf(call, fn)?.def) return;
  const name = ctx.project.calleeName(call, file);
  if (name === undefined) return;
  const windows = HANDLE_CALLS.test(name);
  if (!windows && !CLUSTER_CALLS.test(name)) return;
  for (const arg of call.args) {
    const one = handleIn(arg, fn, ctx, stored);
    if (!one) continue;
    const why = windows ? `${name} is called with the RESOURCE_HANDLE` : `${name} takes a handle of the cluster API and is given the RESOURCE_HANDLE`;
    ctx.report({ file: file.path, start: call.start, end: call.end, variant: windows ? 'handle' : 'confused', message: `${why}, which may only be passed back to the Resource Monitor.` });
    return;
  }
}

/** The handle itself, its address, or an array of handles that begins with it. */
function handleIn(arg: Expr, fn: Func, ctx: RuleContext, stored: ReadonlySet<string>): boolean {
  const x = uncast(arg);
  if (x.k === 'unary' && x.op === '&') return isResourceHandle(x.e, fn, ctx, stored);
  if (isResourceHandle(arg, fn, ctx, stored)) return true;
  const init = x.k === 'name' ? ctx.project.localOf(x.name, x.start, fn)?.v?.init : undefined;
  return init?.k === 'init' && init.items.some((i) => isResourceHandle(i.value, fn, ctx, stored));
}

/** SetResourceStatus wants the cookie, not a handle of the cluster API. */
function reported(ctx: RuleContext, fn: Func, call: CallExpr): void {
  const handle = call.args[0];
  const type = handle && ctx.project.typeOf(uncast(handle), fn);
  if (!handle || !type || !(CLUSTER_HANDLES.test(type.base) || type.base === 'RESID')) return;
  ctx.report({
    file: fileOf(fn).path, start: handle.start, end: handle.end, variant: 'confused',
    message: `SetResourceStatus is given a '${typeText(type)}'; it takes the RESOURCE_HANDLE that Open was given.`,
  });
}
