// A2: a loop that a worker can sit in must look at ClusWorkerCheckTerminate and leave. The judgement is the analysis's; here are the
// levels, the words and the suggestions.

import {
  cluster, defineRule, fileOf, WorkerLoops,
  type ClusterModel, type Level, type LoopFinding, type Related, type RuleContext, type Wait,
} from '@drvlint/core';
import { loopSuggestions } from './suggestions.js';

interface Options { terminateChecks: string[]; boundedFunctions: string[]; strict: boolean }

export default defineRule({
  meta: {
    id: 'worker-check-terminate',
    title: 'Loop of a cluster worker does not look at ClusWorkerCheckTerminate and leave',
    family: 'cluster', level: 'error', presets: ['recommended', 'strict', 'cluster', 'mustfix'], since: '0.1.0', aliases: [], models: ['cluster'],
    help: 'Call ClusWorkerCheckTerminate with the worker pointer on every way round the loop and leave when it returns TRUE: ClusWorkerTerminate waits without limit for the worker, and with it Terminate and the whole Resource Monitor.',
    fixable: 'suggestion',
    options: {
      type: 'object', additionalProperties: false,
      properties: { terminateChecks: { type: 'array', items: { type: 'string' } }, boundedFunctions: { type: 'array', items: { type: 'string' } }, strict: { type: 'boolean' } },
    },
    defaults: { terminateChecks: [], boundedFunctions: [], strict: false },
  },
  all(ctx) {
    const model = ctx.analysis(cluster);
    if (model.workers.workers.length === 0) return;
    const options = ctx.options as unknown as Options;
    const loops = new WorkerLoops(model, options);
    for (const fn of model.functions) for (const found of loops.judge(fn)) report(ctx, model, found);
    for (const worker of model.workers.workers) if (worker.routine?.lambda) for (const found of loops.judge(worker.func)) report(ctx, model, found);
    for (const worker of model.workers.workers) straightLine(ctx, model, loops, worker.func);
  },
});

function report(ctx: RuleContext, model: ClusterModel, f: LoopFinding): void {
  const level = levelOf(f);
  const related: Related[] = [];
  if (f.check) related.push({ file: f.file.path, start: f.check.start, end: f.check.end, message: 'the check' });
  if (f.skip) related.push({ file: f.file.path, start: f.skip.start, end: f.skip.end, message: 'comes round without the check' });
  if (f.cls.wait && f.cls.wait.inside !== f.func) related.push({ file: fileOf(f.cls.wait.inside).path, start: f.cls.wait.call.start, end: f.cls.wait.call.end, message: `${f.cls.wait.name} waits here` });
  for (const step of f.chain.calls) related.push({ file: fileOf(step.inside).path, start: step.call.start, end: step.call.end, message: `'${step.inside.name}' calls on` });
  const root = f.worker.routine;
  if (root) related.push({ file: root.file.path, start: root.arg.start, end: root.arg.end, message: `worker '${f.worker.func.name}' is started here` });
  const place = f.fault === 'self-recursion' ? nameOfCall(f) : f;
  ctx.report({ file: f.file.path, start: place.start, end: place.end, level, variant: f.fault, message: messageOf(f), related, suggestions: loopSuggestions(ctx, model, f) });
}

function nameOfCall(f: LoopFinding): { start: number; end: number } {
  return { start: f.start, end: f.start + f.func.name.length };
}

function levelOf(f: LoopFinding): Level {
  switch (f.fault) {
    case 'checks-wrong-worker': case 'check-result-unused': case 'inverted-check': case 'self-recursion': return 'error';
    case 'check-on-some-paths': return 'warning';
    case 'exit-state-only': case 'unknown-check': case 'data-walk': return 'info';
    default: return levelOfKind(f);
  }
}

function levelOfKind(f: LoopFinding): Level {
  const { cls } = f;
  if (cls.kind === 'endless') return 'error';
  if (cls.kind === 'walk' && cls.onlyCluster) return 'info';
  if (cls.kind === 'bounded' && cls.totalMs !== undefined && cls.totalMs <= 1000) return 'info';
  return 'warning';
}

function messageOf(f: LoopFinding): string {
  const where = f.func === f.worker.func ? `worker '${f.worker.func.name}'` : `'${f.func.name}', which worker '${f.worker.func.name}' runs,`;
  switch (f.fault) {
    case 'self-recursion': return `Worker code '${f.func.name}' calls itself without looking at ClusWorkerCheckTerminate first.`;
    case 'check-result-unused': return `ClusWorkerCheckTerminate is called in this loop of ${where} but its result is not used: the loop goes on.`;
    case 'checks-wrong-worker': return `ClusWorkerCheckTerminate in this loop of ${where} asks about another worker: its flag never changes for this one.`;
    case 'inverted-check': return `The check in this loop of ${where} is inverted: it goes on when it is told to stop and ends otherwise.`;
    case 'check-on-some-paths': return `This loop of ${where} looks at ClusWorkerCheckTerminate on some paths only: it can come round without leaving.`;
    case 'check-not-decisive': return `A check that returns TRUE does not leave this loop of ${where}.`;
    case 'unknown-check': return `This loop of ${where} leaves its check to a function that is not in sight.`;
    case 'data-walk': return `This walk over data of ${where} never looks at ClusWorkerCheckTerminate.`;
    case 'exit-state-only': return `This loop of ${where} notices a stop only when a status is sent; ClusWorkerCheckTerminate would tell it at once.`;
    default: return `${kindText(f)} of ${where} ${waitText(f)}without looking at ClusWorkerCheckTerminate${adviceText(f)}.`;
  }
}

function kindText(f: LoopFinding): string {
  if (f.cls.kind === 'endless') return 'This endless loop';
  return 'This loop';
}

function waitText(f: LoopFinding): string {
  const { cls } = f;
  if (cls.kind === 'endless') return 'runs ';
  if (cls.kind === 'bounded' && cls.totalMs !== undefined) return `can take ${cls.totalMs} ms (${cls.trips} times ${waitName(cls.wait)}) `;
  if (cls.wait) return `can wait in ${waitName(cls.wait)} `;
  return cls.polls ? `polls '${cls.polls}' ` : 'runs ';
}

function waitName(w: Wait | undefined): string {
  return w?.name ?? 'a call';
}

function adviceText(f: LoopFinding): string {
  const gets = f.func.params.some((p) => /CLUS_WORKER/.test(p.type.base));
  return f.func === f.worker.func || gets ? '' : '; pass it the worker pointer';
}

/** A worker without loops that waits more than once and never asks. */
function straightLine(ctx: RuleContext, model: ClusterModel, loops: WorkerLoops, fn: LoopFinding['func']): void {
  const cfg = model.graphs.cfg(fn);
  if (!cfg || cfg.loops.length > 0 || !model.coversFunc(fn) || loops.asksAnywhere(fn)) return;
  if (model.graphs.calls(fn).some((c) => model.calleeOf(c, fn) === fn)) return;
  const waits = model.graphs.calls(fn).flatMap((c) => model.waits.ofCall(c, fn).slice(0, 1));
  if (waits.length < 2) return;
  const decl = fn.def!.decl;
  ctx.report({
    file: fn.def!.file.path, start: decl.nameStart, end: decl.nameEnd, level: 'info', variant: 'worker-never-checks',
    message: `Worker '${fn.name}' waits ${waits.length} times (${[...new Set(waits.map((w) => w.name))].slice(0, 3).join(', ')}) and never looks at ClusWorkerCheckTerminate: ask before each long step.`,
  });
}
