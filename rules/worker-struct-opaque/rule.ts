// A4: nobody but the ClusWorker functions reads, writes or copies a CLUS_WORKER. The declared type decides, never a member's name.

import {
  cluster, defineRule, eachExpression, fileOf, isNull, uncast,
  type CallExpr, type ClusterModel, type Expr, type Fix, type Func, type Level, type Occurrence, type RuleContext,
} from '@drvlint/core';

type Field = Expr & { k: 'field' };

/** What a call does to the thread handle it gets. Source: the Windows API pages of the functions. */
const HANDLE_CALLS: ReadonlyMap<string, { level: Level; advice: string }> = new Map([
  ['CloseHandle', { level: 'error', advice: 'the handle is closed by ClusWorkerTerminate' }],
  ['TerminateThread', { level: 'error', advice: 'use ClusWorkerTerminate, which asks the worker to end and waits for it' }],
  ['SuspendThread', { level: 'error', advice: 'a worker is not to be suspended' }],
  ['ResumeThread', { level: 'error', advice: 'a worker is not to be suspended' }],
  ['WaitForSingleObject', { level: 'warning', advice: 'use ClusWorkerTerminateEx(&worker, timeout, TRUE) to wait only (Windows Server 2016)' }],
  ['WaitForSingleObjectEx', { level: 'warning', advice: 'use ClusWorkerTerminateEx(&worker, timeout, TRUE) to wait only (Windows Server 2016)' }],
  ['GetExitCodeThread', { level: 'warning', advice: 'keep the result of the operation in the context instead' }],
]);

export default defineRule({
  meta: {
    id: 'worker-struct-opaque',
    title: 'Member of CLUS_WORKER is used directly, or the structure is copied',
    family: 'cluster', level: 'error', presets: ['recommended', 'cluster'], since: '0.1.0', aliases: [], models: ['cluster'],
    help: 'Leave the members of CLUS_WORKER alone and never copy it: ask ClusWorkerCheckTerminate, stop and wait with ClusWorkerTerminate or ClusWorkerTerminateEx. The structure is read-only for the DLL, and a copy never learns that the worker is to stop.',
    fixable: 'both',
  },
  func(ctx, fn) {
    const model = ctx.analysis(cluster);
    if (!model.coversFunc(fn)) return;
    const created = model.workers.sites.filter((s) => s.inside === fn).map((s) => s.call.start);
    eachExpression(fn, model, (o) => {
      if (o.e.k === 'field' && isMember(o.e, fn, ctx, model)) member(ctx, fn, o.e, o, created);
      else copies(ctx, model, fn, o);
    });
    byValueParameters(ctx, model, fn);
  },
});

function isMember(e: Field, fn: Func, ctx: RuleContext, model: ClusterModel): boolean {
  if (e.name !== 'hThread' && e.name !== 'Terminate') return false;
  const type = ctx.project.typeOf(e.e, fn);
  const file = fileOf(fn);
  return e.arrow ? model.api.isWorkerPointer(type, file) : model.api.isWorkerType(type, file) || (type?.ref !== undefined && model.api.isWorkerType({ ...type, ref: undefined }, file));
}

function member(ctx: RuleContext, fn: Func, e: Field, o: Occurrence, created: readonly number[]): void {
  const say = (level: Level, variant: string, message: string, more: { fix?: Fix; suggestions?: Fix[] } = {}): void =>
    ctx.report({ file: fileOf(fn).path, start: e.start, end: e.end, level, variant, message, ...more });
  const parent = o.parents.find((p) => p.k !== 'cast');
  if (parent?.k === 'assign' && uncast(parent.l) === e) return write(parent, e, created, say);
  if (parent?.k === 'update') return say('error', 'write', `'${e.name}' of a CLUS_WORKER is changed here; only the ClusWorker functions may write it.`);
  if (parent?.k === 'unary' && parent.op === '&') return say('error', 'address', `The address of '${e.name}' of a CLUS_WORKER is taken; its members are not for the DLL.`);
  const call = parent?.k === 'call' && parent.args.some((a) => uncast(a) === e) ? parent : undefined;
  const known = call && HANDLE_CALLS.get(ctx.project.calleeName(call, fileOf(fn)) ?? '');
  if (known) return say(known.level, 'handle', `${ctx.project.calleeName(call, fileOf(fn))} gets the thread handle of a CLUS_WORKER; ${known.advice}.`, waitSuggestion(ctx, fn, call, e));
  if (e.name === 'Terminate') return say('warning', 'read', "'Terminate' of a CLUS_WORKER is read directly; ask ClusWorkerCheckTerminate.", checkFix(ctx, fn, e, o));
  say('warning', 'read', "'hThread' of a CLUS_WORKER is read directly; the structure is opaque, so keep a state of your own to tell whether a worker runs.");
}

function write(parent: Expr & { k: 'assign' }, e: Field, created: readonly number[], say: (level: Level, variant: string, message: string) => void): void {
  const zero = parent.op === '=' && (isNull(parent.r) || isFalse(parent.r));
  if (zero && !created.some((at) => at < e.start)) return say('info', 'zero', "A CLUS_WORKER is zeroed member by member; initialise the structure with {0}.");
  say('error', 'write', `'${e.name}' of a CLUS_WORKER is written here; only the ClusWorker functions may change it.`);
}

function isFalse(e: Expr): boolean {
  const x = uncast(e);
  return x.k === 'name' && (x.name === 'FALSE' || x.name === 'false');
}

/** `w->Terminate` as a condition becomes the documented call. */
function checkFix(ctx: RuleContext, fn: Func, e: Field, o: Occurrence): { fix?: Fix } {
  const condition = o.inCondition && o.parents.every((p) => p.k === 'unary' && p.op === '!');
  const compared = o.inCondition && o.parents.length === 1 && o.parents[0]!.k === 'binary';
  const text = ctx.text(fileOf(fn).path);
  if ((!condition && !compared) || text.slice(e.nameStart, e.end) !== e.name) return {};
  const object = text.slice(e.e.start, e.e.end);
  const pointer = e.arrow ? object : `&${/^[\w.>-]+$/.test(object) ? object : `(${object})`}`;
  return { fix: { title: 'Ask ClusWorkerCheckTerminate', edits: [{ file: fileOf(fn).path, start: e.start, end: e.end, text: `ClusWorkerCheckTerminate(${pointer})` }] } };
}

function waitSuggestion(ctx: RuleContext, fn: Func, call: CallExpr, e: Field): { suggestions?: Fix[] } {
  const text = ctx.text(fileOf(fn).path);
  const name = ctx.project.calleeName(call, fileOf(fn));
  if (!name?.startsWith('WaitForSingleObject') || !call.args[1] || call.start >= call.end) return {};
  const object = text.slice(e.e.start, e.e.end);
  const time = text.slice(call.args[1].start, call.args[1].end);
  return { suggestions: [{ title: 'Wait with ClusWorkerTerminateEx', edits: [{ file: fileOf(fn).path, start: call.start, end: call.end, text: `ClusWorkerTerminateEx(${e.arrow ? object : `&${object}`}, ${time}, TRUE)` }] }] };
}

/** `a = b`, `CLUS_WORKER c = *w`, `f(*w)`, memcpy of one. */
function copies(ctx: RuleContext, model: ClusterModel, fn: Func, o: Occurrence): void {
  const { e } = o;
  const file = fileOf(fn);
  const say = (at: Expr, message: string): void => ctx.report({ file: file.path, start: at.start, end: at.end, level: 'error', variant: 'copy', message });
  const isObject = (x: Expr): boolean => isWorkerObject(x, fn, ctx, model);
  if (e.k === 'assign' && e.op === '=' && isObject(e.l) && isObject(e.r)) return say(e, 'A CLUS_WORKER is copied: the copy never learns that the worker is to stop.');
  if (o.initialises !== undefined && o.parents.length === 0 && isObject(e) && isDeclaredWorker(o.initialises, e, fn, ctx, model)) return say(e, 'A CLUS_WORKER is copied: the copy never learns that the worker is to stop.');
  if (e.k === 'call') {
    const name = ctx.project.calleeName(e, file);
    if (name !== undefined && /^(?:memcpy|memmove|memcpy_s|memmove_s|CopyMemory|MoveMemory|RtlCopyMemory|RtlMoveMemory)$/.test(name)) {
      if (e.args.some((a) => isWorkerAddress(a, fn, ctx, model))) say(e, `A CLUS_WORKER is copied with ${name}: the copy never learns that the worker is to stop.`);
    } else for (const a of e.args) if (isObject(a) && model.api.kind(e, fn) === undefined && !isByReference(e, a, fn, ctx)) say(a, 'A CLUS_WORKER is passed by value: the copy never learns that the worker is to stop.');
  }
}

function isByReference(call: CallExpr, arg: Expr, fn: Func, ctx: RuleContext): boolean {
  const callee = ctx.project.calleeOf(call, fn);
  if (!callee) return fileOf(fn).language === 'cpp';
  return callee.params[call.args.indexOf(arg)]?.type.ref !== undefined;
}

/** An existing CLUS_WORKER by value; zero constants and value-initialised temporaries are none. */
function isWorkerObject(e: Expr, fn: Func, ctx: RuleContext, model: ClusterModel): boolean {
  const x = uncast(e);
  if (x.k !== 'name' && x.k !== 'field' && x.k !== 'index' && !(x.k === 'unary' && x.op === '*')) return false;
  const type = ctx.project.typeOf(x, fn);
  if (!type || type.dims) return false;
  if (!model.api.isWorkerType({ ...type, ref: undefined }, fileOf(fn))) return false;
  return x.k !== 'name' || !isZeroConstant(x, fn, ctx);
}

function isZeroConstant(x: Expr & { k: 'name' }, fn: Func, ctx: RuleContext): boolean {
  const local = ctx.project.localOf(x.name, x.start, fn);
  const isConst = local ? ((local.type.cv ?? 0) & 1) !== 0 : ctx.project.variable(x.name, fileOf(fn))?.decl.isConst === true;
  return isConst && local?.param === undefined;
}

function isDeclaredWorker(name: string, e: Expr, fn: Func, ctx: RuleContext, model: ClusterModel): boolean {
  const local = ctx.project.localOf(name, e.end, fn);
  if (!local || local.type.ref || local.type.ptr > 0) return false;
  return local.type.base === 'auto' || model.api.isWorkerType(local.type, fileOf(fn));
}

function isWorkerAddress(e: Expr, fn: Func, ctx: RuleContext, model: ClusterModel): boolean {
  const x = uncast(e);
  return model.api.isWorkerPointer(ctx.project.typeOf(x, fn), fileOf(fn));
}

function byValueParameters(ctx: RuleContext, model: ClusterModel, fn: Func): void {
  const def = fn.def!;
  for (const p of def.decl.params) {
    if (p.type.ref || !model.api.isWorkerType(p.type, def.file)) continue;
    ctx.report({ file: def.file.path, start: p.start, end: p.end, level: 'error', variant: 'copy', message: `Parameter '${p.name}' takes a CLUS_WORKER by value: the copy never learns that the worker is to stop; take a PCLUS_WORKER.` });
  }
}
