// B3: SetResourceStatus answers whether the operation may go on. A result that nobody looks at is reported when the state sent is not
// final, or not known, and the operation goes on afterwards.

import {
  cluster, defineRule, eachExpression, FINAL_STATES, fileOf, placeOfCall, Protocol, uncast, usesAfter,
  type CallExpr, type ClusterModel, type Func, type Occurrence, type RuleContext,
} from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'status-exit-state-ignored',
    title: 'Answer of SetResourceStatus is ignored while the operation goes on',
    family: 'cluster', level: 'warning', presets: ['recommended', 'cluster'], since: '0.1.0', aliases: [], models: ['cluster'],
    help: 'Compare the result with ResourceExitStateContinue after each report of a pending state and end the worker at once when the Resource Monitor answers ResourceExitStateTerminate.',
  },
  all(ctx) {
    const model = ctx.analysis(cluster);
    const protocol = new Protocol(model);
    const ignored = new Map<CallExpr, Func>();
    for (const fn of model.functions) {
      for (const call of model.graphs.calls(fn)) if (model.api.kind(call, fn) === 'report' && isIgnored(call, fn, model)) ignored.set(call, fn);
      eachExpression(fn, model, (o) => comparedWrongly(ctx, model, fn, o));
    }
    if (ignored.size === 0) return;
    const pending = new Set<CallExpr>();
    for (const worker of model.workers.workers) {
      if (!model.coversFunc(worker.func)) continue;
      protocol.explorer({
        reported: (site, sent) => {
          if (ignored.has(site.call) && !(sent && sent.length > 0 && sent.every((s) => FINAL_STATES.has(s)))) pending.add(site.call);
        },
      }).walk(worker.func);
    }
    for (const call of pending) {
      const fn = ignored.get(call)!;
      if (goesOn(call, fn, model)) {
        ctx.report({ file: fileOf(fn).path, start: call.start, end: call.end, message: 'The answer of SetResourceStatus is ignored although the operation goes on: ResourceExitStateTerminate orders the worker to end at once.' });
      }
    }
  },
});

function isIgnored(call: CallExpr, fn: Func, model: ClusterModel): boolean {
  const cfg = model.graphs.cfg(fn);
  const place = cfg && placeOfCall(call, cfg);
  if (!cfg || !place) return false;
  if (place.result === 'dropped' || place.result === 'void') return true;
  return place.result === 'stored' && usesAfter(place.local!, place, cfg, fn, model).length === 0;
}

/** After the report something else happens than leaving: a wait, another report, a way back into a loop; in a helper that is taken to be so. */
function goesOn(call: CallExpr, fn: Func, model: ClusterModel): boolean {
  const cfg = model.graphs.cfg(fn)!;
  const place = placeOfCall(call, cfg)!;
  if (cfg.loops.some((l) => l.blocks.has(place.block))) return true;
  if (!model.workers.workers.some((w) => w.func === fn)) return model.workers.callersOf(fn).some(({ call: c, inside }) => inside !== fn && goesOn(c, inside, model));
  const seen = new Set<number>();
  const todo: [block: number, from: number][] = [[place.block, place.step + 1]];
  for (let next = todo.pop(); next; next = todo.pop()) {
    const [id, from] = next;
    const block = cfg.blocks[id]!;
    for (let i = from; i < block.steps.length; i++) {
      const step = block.steps[i]!;
      const e = step.k === 'eval' ? uncast(step.e) : step.k === 'decl' && step.v.init ? uncast(step.v.init) : undefined;
      const called = e?.k === 'call' ? e : e?.k === 'assign' && uncast(e.r).k === 'call' ? (uncast(e.r) as CallExpr) : undefined;
      if (called && isWork(called, fn, model)) return true;
    }
    const term = block.term;
    const on = term.k === 'goto' ? [term.to] : term.k === 'branch' ? [term.ifTrue, term.ifFalse] : term.k === 'switch' ? [term.otherwise, ...term.cases.map((c) => c.to)] : [];
    for (const to of on) if (!seen.has(to)) { seen.add(to); todo.push([to, 0]); }
  }
  return false;
}

function isWork(call: CallExpr, fn: Func, model: ClusterModel): boolean {
  const kind = model.api.kind(call, fn);
  return kind === 'report' || kind === 'check' || model.waits.ofCall(call, fn).length > 0;
}

/** A RESOURCE_EXIT_STATE is no truth value and no error code. */
function comparedWrongly(ctx: RuleContext, model: ClusterModel, fn: Func, o: Occurrence): void {
  const { e } = o;
  if (e.k !== 'binary' || !/^[=!]=$/.test(e.op) || !model.coversFunc(fn)) return;
  const sides = [uncast(e.l), uncast(e.r)];
  const call = sides.find((s) => s.k === 'call' && model.api.kind(s, fn) === 'report') ?? sides.find((s) => isExitState(s, fn, ctx));
  const name = sides.find((s) => s.k === 'name' && /^(?:TRUE|FALSE|true|false|ERROR_SUCCESS|NO_ERROR|S_OK)$/.test(s.name));
  if (!call || name?.k !== 'name') return;
  ctx.report({
    file: fileOf(fn).path, start: e.start, end: e.end, level: 'info', variant: 'comparison',
    message: `The answer of SetResourceStatus is compared with ${name.name}; it is a RESOURCE_EXIT_STATE: ResourceExitStateContinue or ResourceExitStateTerminate.`,
  });
}

function isExitState(e: Occurrence['e'], fn: Func, ctx: RuleContext): boolean {
  const type = e.k === 'name' || e.k === 'field' ? ctx.project.typeOf(e, fn) : undefined;
  return type !== undefined && /^_?RESOURCE_EXIT_STATE$/.test(type.base);
}
