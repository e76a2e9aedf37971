// B4: while an operation is pending, the Resource Monitor wants a report at least once per PendingTimeout. Loops of Online and Offline
// workers that can wait and contain no report are the finding, unless all they can wait is shorter than that.

import { cluster, defineRule, fileOf, LoopClasses, operationsOf, callsInLoop, uncast, type CallExpr, type ClusterModel, type Expr, type Func, type LoopClass, type RuleContext } from '@drvlint/core';

type Cfg = NonNullable<ReturnType<ClusterModel['graphs']['cfg']>>;
type Loop = Cfg['loops'][number];

/** PendingTimeout as it is when nobody changes it. Source: resources-pendingtimeout. */
const PENDING_TIMEOUT = 180_000;

export default defineRule({
  meta: {
    id: 'pending-loop-no-progress',
    title: 'Loop of a pending operation waits without reporting progress',
    family: 'cluster', level: 'warning', presets: ['recommended', 'cluster'], since: '0.1.0', aliases: [], models: ['cluster'],
    help: 'Call SetResourceStatus with a higher CheckPoint on each way round a loop that waits: the Resource Monitor terminates the resource when PendingTimeout (180 s by default) passes without a report.',
    fixable: 'suggestion',
  },
  all(ctx) {
    const model = ctx.analysis(cluster);
    const classes = new LoopClasses(model);
    const done = new Set<Func>();
    for (const worker of model.workers.workers) {
      if (operationsOf(worker, model).size === 0) continue;
      for (const fn of model.reach.from(worker.func).keys()) {
        if (done.has(fn) || !model.coversFunc(fn)) continue;
        done.add(fn);
        judge(ctx, model, classes, fn);
      }
    }
  },
});

function judge(ctx: RuleContext, model: ClusterModel, classes: LoopClasses, fn: Func): void {
  const cfg = model.graphs.cfg(fn);
  for (const loop of cfg?.loops ?? []) {
    const calls = callsInLoop(loop, cfg!);
    if (calls.some((c) => reports(c, fn, model, 0))) checkPoint(ctx, model, fn, cfg!, loop, calls);
    else if (needsProgress(classes.classify(loop, cfg!, fn)) && !calls.some((c) => mayReport(c, fn, model))) {
      ctx.report({
        file: fileOf(fn).path, start: loop.start, end: loop.end,
        message: `This loop of a pending operation can wait without ever calling SetResourceStatus: after PendingTimeout (180 s by default) the Resource Monitor terminates the resource.`,
      });
    }
  }
}

function needsProgress(cls: LoopClass): boolean {
  if (!cls.wait || cls.kind === 'retry' || cls.kind === 'walk' || cls.kind === 'plain') return false;
  return cls.kind !== 'bounded' || cls.totalMs === undefined || cls.totalMs >= PENDING_TIMEOUT;
}

function reports(call: CallExpr, fn: Func, model: ClusterModel, depth: number): boolean {
  if (model.api.kind(call, fn) === 'report') return true;
  const callee = model.calleeOf(call, fn);
  return depth < 4 && callee?.def !== undefined && callee !== fn && model.graphs.calls(callee).some((c) => reports(c, callee, model, depth + 1));
}

/** A function that is not in sight and gets the status. */
function mayReport(call: CallExpr, fn: Func, model: ClusterModel): boolean {
  if (model.api.kind(call, fn) !== undefined || model.calleeOf(call, fn)?.def) return false;
  return call.args.some((a) => {
    const type = model.project.typeOf(uncast(a), fn);
    if (!type) return false;
    if (type.base === 'RESOURCE_HANDLE') return !/^ResUtil/.test(model.project.calleeName(call, fileOf(fn)) ?? '');
    return /^_?RESOURCE_STATUS(?:_EX)?$/.test(model.project.canonical(type, fileOf(fn)).base);
  });
}

/** A pending report in a loop whose CheckPoint does not grow on every way round. */
function checkPoint(ctx: RuleContext, model: ClusterModel, fn: Func, cfg: Cfg, loop: Loop, calls: readonly CallExpr[]): void {
  for (const call of calls) {
    if (model.api.kind(call, fn) !== 'report' || !call.args[1]) continue;
    const inner = cfg.loops.filter((l) => blockOf(call, cfg, l) !== undefined).at(-1);
    const block = inner === loop ? blockOf(call, cfg, loop) : undefined;
    if (block === undefined || !comesBackUnchanged(block, cfg, loop, fn, model)) continue;
    const file = fileOf(fn).path;
    const status = ctx.text(file).slice(call.args[1].start, call.args[1].end).replace(/^&\s*/, '');
    const line = ctx.text(file).lastIndexOf('\n', call.start) + 1;
    const indent = /^[ \t]*/.exec(ctx.text(file).slice(line))![0];
    ctx.report({
      file, start: call.start, end: call.end, level: 'info', variant: 'status-checkpoint-static',
      message: 'This report can repeat the CheckPoint of the last one; the Resource Monitor takes a pending report as new only when CheckPoint has changed.',
      ...(/^[\w.>-]+$/.test(status) && ctx.text(file).slice(line, call.start).trim() === '' && {
        suggestions: [{ title: 'Increase CheckPoint before the report', edits: [{ file, start: line, end: line, text: `${indent}${status}${call.args[1].k === 'unary' ? '.' : '->'}CheckPoint++;\n` }] }],
      }),
    });
  }
}

function blockOf(call: CallExpr, cfg: Cfg, loop: Loop): number | undefined {
  return [...loop.blocks].find((b) => callsInLoop({ ...loop, blocks: new Set([b]) }, cfg).includes(call));
}

/** From the report back to it without a block that writes CheckPoint. */
function comesBackUnchanged(block: number, cfg: Cfg, loop: Loop, fn: Func, model: ClusterModel): boolean {
  const writes = (b: number): boolean => cfg.blocks[b]!.steps.some((s) => (s.k === 'eval' && writesCheckPoint(s.e, fn, model)) || (s.k === 'decl' && s.v.init !== undefined && writesCheckPoint(s.v.init, fn, model)));
  if (writes(block)) return false;
  const seen = new Set<number>();
  const todo = [block];
  for (let b = todo.pop(); b !== undefined; b = todo.pop()) {
    const term = cfg.blocks[b]!.term;
    const on = term.k === 'goto' ? [term.to] : term.k === 'branch' ? [term.ifTrue, term.ifFalse] : term.k === 'switch' ? [term.otherwise, ...term.cases.map((c) => c.to)] : [];
    for (const to of on) {
      if (to === block) return true;
      if (seen.has(to) || !loop.blocks.has(to) || writes(to)) continue;
      seen.add(to);
      todo.push(to);
    }
  }
  return false;
}

function writesCheckPoint(e: Expr, fn: Func, model: ClusterModel, depth = 0): boolean {
  let found = false;
  const look = (x: Expr): void => {
    const target = x.k === 'assign' ? uncast(x.l) : x.k === 'update' ? uncast(x.e) : undefined;
    if (target?.k === 'field' && target.name === 'CheckPoint') found = true;
    if (x.k === 'call' && depth < 3) {
      const callee = model.calleeOf(x, fn);
      if (callee?.def) for (const b of model.graphs.cfg(callee)?.blocks ?? []) for (const s of b.steps) if (s.k === 'eval') found ||= writesCheckPoint(s.e, callee, model, depth + 1);
      if (/^ResUtilInitializeResourceStatus/.test(model.project.calleeName(x, fileOf(fn)) ?? '')) found = false;
    }
    for (const key of ['e', 'l', 'r', 'c', 'a', 'b', 'i'] as const) {
      const inner = (x as unknown as Record<string, Expr | undefined>)[key];
      if (inner && typeof inner === 'object' && 'k' in inner) look(inner);
    }
    if (x.k === 'call') for (const a of x.args) look(a);
  };
  look(e);
  return found;
}
