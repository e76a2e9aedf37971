// A1: routines given to ClusWorkerCreate must have the type DWORD WINAPI f(PCLUS_WORKER, LPVOID), and its arguments must be what they are
// taken for. Functions are judged at their definition, everything else where it is given.

import {
  cluster, compareApiSignature, declarationMismatch, defineRule, apiCallback, isNull, apiSignatureOf, typeText, uncast, worstGrade,
  type ClusterModel, type CreateSite, type ApiDifference, type Expr, type Func, type Level, type Related, type Routine, type RuleContext, type ApiSignature,
} from '@drvlint/core';
import { signatureFixes } from './fixes.js';

const EXPECTED = apiCallback('PWORKER_START_ROUTINE')!;

/** Callback types of other APIs that a worker routine is mistaken for. */
const OTHER_KINDS = /^(?:LPTHREAD_START_ROUTINE|PTHREAD_START_ROUTINE|LPWORKER_CALLBACK|WORKERCALLBACKFUNC|P?KSTART_ROUTINE|WAITORTIMERCALLBACK|PTP_WORK_CALLBACK|_beginthreadex_proc_type)$/;
const WORKER_POINTERS = /^(?:PWORKER_START_ROUTINE|WORKER_START_ROUTINE)$/;

export default defineRule({
  meta: {
    id: 'worker-callback-signature',
    title: 'Function given to ClusWorkerCreate is not of type DWORD WINAPI f(PCLUS_WORKER, LPVOID)',
    family: 'cluster', level: 'error', presets: ['recommended', 'strict', 'cluster', 'mustfix'], since: '0.1.0', aliases: [], models: ['cluster'],
    help: 'Give the routine the type that PWORKER_START_ROUTINE prescribes: ClusWorkerCreate calls it with the worker structure and the context pointer and takes its DWORD result as a Win32 error code.',
    fixable: 'both',
    options: { type: 'object', properties: { strict: { type: 'boolean' } }, additionalProperties: false },
    defaults: { strict: false },
  },
  all(ctx) {
    const model = ctx.analysis(cluster);
    const judged = new Set<Func>();
    for (const site of model.workers.sites) {
      if (!model.covers(site.file)) continue;
      if (badArguments(ctx, model, site)) continue;
      for (const routine of site.routines) judge(ctx, model, routine, judged);
    }
  },
});

/** Arguments in the wrong order, or a first argument that is no CLUS_WORKER's address. */
function badArguments(ctx: RuleContext, model: ClusterModel, site: CreateSite): boolean {
  const { worker, routine, context } = site;
  if (!worker || !routine) return false;
  const say = (at: Expr, message: string, variant: string, level: Level = 'error'): true => {
    ctx.report({ file: site.file.path, start: at.start, end: at.end, message, variant, level });
    return true;
  };
  if (namesFunction(worker, site, ctx)) return say(worker, 'The arguments of ClusWorkerCreate are in the wrong order: the worker structure comes first, then the routine, then its context.', 'argument-order');
  if (site.routines.length === 0 && context && namesFunction(context, site, ctx)) {
    return say(routine, 'The arguments of ClusWorkerCreate are in the wrong order: the routine is the second argument, its context the third.', 'argument-order');
  }
  const given = ctx.project.typeOf(uncast(routine), site.inside);
  if (given && (model.api.isWorkerPointer(given, site.file))) return say(routine, 'The arguments of ClusWorkerCreate are in the wrong order: a worker structure stands where the routine belongs.', 'argument-order');
  const why = badWorker(worker, site, ctx, model);
  if (why) return say(worker, `The first argument of ClusWorkerCreate must be the address of a CLUS_WORKER, not ${why}.`, 'worker-argument');
  return badRoutine(ctx, site, routine);
}

function namesFunction(e: Expr, site: CreateSite, ctx: RuleContext): boolean {
  const x = uncast(e);
  const target = x.k === 'unary' && x.op === '&' ? uncast(x.e) : x;
  return target.k === 'name' && !ctx.project.localOf(target.name, target.start, site.inside) && ctx.project.resolve(target.name, site.file) !== undefined
    && ctx.project.variable(target.name, site.file) === undefined;
}

function badWorker(worker: Expr, site: CreateSite, ctx: RuleContext, model: ClusterModel): string | undefined {
  if (isNull(worker)) return 'NULL';
  const x = uncast(worker);
  const type = ctx.project.typeOf(x, site.inside);
  if (!type) return undefined;
  const full = ctx.project.canonical(type, site.file);
  if (model.api.isWorkerPointer(type, site.file) || full.fn) return undefined;
  if (model.api.isWorkerType(type, site.file)) return type.dims ?? full.dims ? undefined : 'the structure itself';
  const cast = worker.k === 'cast';
  if (cast && (full.base === 'void' || /^(?:unsigned )?char$/.test(full.base) || full.targs !== undefined)) return undefined;
  if (full.dims || /[<>]/.test(full.base) || (full.base === 'void' && full.ptr === 1 && type.base !== 'HANDLE')) return undefined;
  if (full.ptr === 0 && !/^(?:unsigned |signed )?(?:char|short|int|long|__int64)$/.test(full.base)) return undefined;
  return `a '${typeText(type)}'`;
}

/** A second argument that is no function at all, or a pointer of another callback kind. */
function badRoutine(ctx: RuleContext, site: CreateSite, routine: Expr): boolean {
  const x = uncast(routine);
  const type = ctx.project.typeOf(x, site.inside);
  if (!type) return false;
  const say = (message: string, variant: string, level: Level): true => {
    ctx.report({ file: site.file.path, start: routine.start, end: routine.end, message, variant, level });
    return true;
  };
  if (OTHER_KINDS.test(type.base)) return say(`A routine of type ${type.base} is given to ClusWorkerCreate, which calls a PWORKER_START_ROUTINE: DWORD WINAPI f(PCLUS_WORKER, LPVOID).`, 'wrong-callback-kind', 'error');
  if (/^(?:std::)?(?:function|packaged_task|move_only_function)$/.test(type.base)) return say('A std::function object is given to ClusWorkerCreate, which needs a plain function.', 'callable-object', 'error');
  if (WORKER_POINTERS.test(type.base) || site.routines.length > 0) return false;
  const full = ctx.project.canonical(type, site.file);
  if (full.fn) return wrongPointer(ctx, site, full.fn, say);
  if (routine.k !== 'cast' || x.k === 'call' || full.base === 'FARPROC' || type.base === 'FARPROC' || type.base === 'PROC') return false;
  if (full.ptr > 0 || /^(?:unsigned |signed )?(?:char|short|int|long|__int64)$/.test(full.base)) return say(`What is given to ClusWorkerCreate as the routine is no function but a '${typeText(type)}'.`, 'non-function', 'warning');
  return false;
}

function wrongPointer(ctx: RuleContext, site: CreateSite, fn: NonNullable<ReturnType<RuleContext['project']['canonical']>['fn']>, say: (m: string, v: string, l: Level) => true): boolean {
  const s: ApiSignature = { ret: fn.ret, params: fn.params, ...(fn.variadic && { variadic: true }), ...(fn.callconv ? { callconv: fn.callconv } : { conventionUnknown: true }) };
  const all = compareApiSignature(s, EXPECTED, site.file, ctx.project, { x86: ctx.project.arch === 'x86', api: ctx.analysis(cluster).api });
  if (all.length === 0) return false;
  return say(`The pointer given to ClusWorkerCreate has the wrong type: its function ${sentence(all)}.`, all[0]!.what, worstGrade(all));
}

function judge(ctx: RuleContext, model: ClusterModel, routine: Routine, judged: Set<Func>): void {
  if (routine.lambda) return judgeLambda(ctx, model, routine);
  const fn = routine.func;
  if (!fn) return;
  const s = apiSignatureOf(fn, ctx.project);
  const place = fn.def ?? fn.decls[0]!;
  const all = compareApiSignature(s, EXPECTED, place.file, ctx.project, { x86: ctx.project.arch === 'x86', api: model.api });
  const mismatch = declarationMismatch(fn, ctx.project);
  const covered = all.some((d) => d.what === (mismatch?.param === undefined ? 'calling-convention' : 'parameter-type'));
  const strict = ctx.options['strict'] === true;
  const differences = (mismatch && !covered ? [...all, mismatch] : all).map((d) => (strict && d.grade === 'info' ? { ...d, grade: 'warning' as const } : d));
  if (all.length === 0 && routine.cast) redundantCast(ctx, routine);
  if (differences.length === 0 || judged.has(fn)) return;
  judged.add(fn);
  const related: Related[] = [{ file: routine.file.path, start: routine.arg.start, end: routine.arg.end, message: 'given to ClusWorkerCreate here' }];
  const hidden = routine.cast && all.length > 0 ? ' The cast at ClusWorkerCreate hides this from the compiler.' : '';
  const at = fn.def ? { file: place.file.path, start: place.decl.nameStart, end: place.decl.nameEnd } : { file: routine.file.path, start: routine.arg.start, end: routine.arg.end };
  ctx.report({
    ...at, related: fn.def ? related : [], level: worstGrade(differences), variant: differences[0]!.what,
    message: `Worker '${fn.name}' ${sentence(differences)}; PWORKER_START_ROUTINE is DWORD WINAPI (PCLUS_WORKER, LPVOID).${hidden}`,
    ...signatureFixes(ctx, model, fn, differences),
  });
}

function judgeLambda(ctx: RuleContext, model: ClusterModel, routine: Routine): void {
  const lambda = routine.lambda!;
  const at = { file: routine.file.path, start: routine.arg.start, end: routine.arg.end };
  const captures = lambda.captures.replace(/^\[|\]$/g, '').trim();
  if (captures !== '') {
    ctx.report({ ...at, level: 'error', variant: 'lambda', message: 'A lambda with captures is given to ClusWorkerCreate, which needs a plain function; pass what it captures through the context pointer.' });
    return;
  }
  const s: ApiSignature = { ...(lambda.ret && { ret: lambda.ret }), params: lambda.params, callconv: 'WINAPI' };
  const all = compareApiSignature(s, EXPECTED, routine.file, ctx.project, { x86: false, api: model.api });
  if (all.length > 0) ctx.report({ ...at, level: worstGrade(all), variant: all[0]!.what, message: `The lambda given to ClusWorkerCreate ${sentence(all)}; PWORKER_START_ROUTINE is DWORD WINAPI (PCLUS_WORKER, LPVOID).` });
}

function redundantCast(ctx: RuleContext, routine: Routine): void {
  const text = ctx.text(routine.file.path).slice(routine.leaf.start, routine.leaf.end);
  const inner = routine.arg.k === 'cast' ? uncast(routine.arg) : undefined;
  ctx.report({
    file: routine.file.path, start: routine.arg.start, end: routine.arg.end, level: 'info', variant: 'redundant-cast',
    message: `The cast is not needed: '${text}' has the type that ClusWorkerCreate wants, and a cast would hide a later change.`,
    ...(inner && { fix: { title: 'Remove the cast', edits: [{ file: routine.file.path, start: routine.arg.start, end: routine.arg.end, text: ctx.text(routine.file.path).slice(inner.start, inner.end) }] } }),
  });
}

/** `a, b and c` */
function sentence(list: readonly ApiDifference[]): string {
  const texts = list.map((d) => d.text.startsWith('first') || /^\w+ parameter is/.test(d.text) ? `has the wrong type: its ${d.text}` : d.text);
  return texts.length === 1 ? texts[0]! : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`;
}
