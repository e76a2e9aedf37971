// B21: what Startup and StartupEx owe the Resource Monitor: a table on success, a look at the versions, the callbacks kept.

import {
  cluster, defineRule, eachExpression, fileOf, PathExplorer, pathSymbol, uncast,
  type ClusterModel, type Expr, type Func, type RuleContext,
} from '@drvlint/core';

/** Parameters of the two routines. Source: resapi.h. */
const SHAPES = { Startup: { min: 1, max: 2, callbacks: [3, 4], table: 5 }, StartupEx: { min: 1, max: 2, callbacks: [3], table: 4 } } as const;

export default defineRule({
  meta: {
    id: 'startup-contract',
    title: 'Startup leaves out what the Resource Monitor relies on',
    family: 'cluster', level: 'warning', presets: ['recommended', 'cluster'], since: '0.1.0', aliases: [], models: ['cluster'],
    help: 'Compare the version range with the version that is served, keep the callbacks, and set *FunctionTable on every path that returns ERROR_SUCCESS: the Resource Monitor knows the DLL by that table alone, and the DLL the Resource Monitor by those callbacks.',
  },
  all(ctx) {
    const model = ctx.analysis(cluster);
    for (const role of ['Startup', 'StartupEx'] as const) {
      for (const entry of model.roles.withRole(role)) {
        const shape = SHAPES[role];
        if (!model.coversFunc(entry.func) || !model.graphs.cfg(entry.func) || entry.func.params.length !== shape.table + 1) continue;
        table(ctx, model, entry.func, shape.table);
        usesOf(ctx, model, entry.func, shape);
      }
    }
  },
});

/** A path that returns ERROR_SUCCESS and neither sets the table nor hands the pointer on. */
function table(ctx: RuleContext, model: ClusterModel, fn: Func, param: number, depth = 0): void {
  if (depth < 3) handedOn(fn, param, model).forEach(([callee, at]) => table(ctx, model, callee, at, depth + 1));
  const name = fn.params[param]!.name;
  const explorer = new PathExplorer({
    project: ctx.project, depth: 0,
    cfg: (f) => model.graphs.cfg(f), enters: () => false, matters: () => false, callee: () => undefined,
    call: (site) => (name && site.call.args.some((a) => mentions(a, name)) ? [{ state: site.state.setFact('table', '1'), val: pathSymbol(`?call${site.call.start}`) }] : undefined),
    step: (step, _frame, state) => (step.k === 'eval' && step.e.k === 'assign' && name && mentions(step.e.l, name) ? state.setFact('table', '1') : state),
  });
  const walk = explorer.walk(fn);
  const end = walk.exhausted ? undefined : walk.ends.find((e) => e.state.known(e.val)?.every((c) => c === 0) === true && e.state.known(e.val)!.length > 0 && e.state.factText('table') === '');
  if (end) ctx.report({ file: fileOf(fn).path, start: end.start, end: end.end, variant: 'table', message: `'${fn.name}' returns ERROR_SUCCESS here without setting *${name || 'FunctionTable'}.` });
}

/** Functions that get the pointer to the table, as which parameter. */
function handedOn(fn: Func, param: number, model: ClusterModel): [callee: Func, at: number][] {
  const name = fn.params[param]!.name;
  return model.graphs.calls(fn).flatMap((call): [Func, number][] => {
    const callee = model.calleeOf(call, fn);
    const at = name ? call.args.findIndex((a) => uncast(a).k === 'name' && mentions(a, name)) : -1;
    return callee?.def && callee !== fn && at >= 0 && callee.params[at] && callee.ret?.base === fn.ret?.base ? [[callee, at]] : [];
  });
}

function mentions(e: Expr, name: string): boolean {
  const x = uncast(e);
  if (x.k === 'name') return x.name === name;
  if (x.k === 'unary') return mentions(x.e, name);
  return x.k === 'index' && mentions(x.e, name);
}

/** Versions that nobody compares, callbacks that nobody keeps. */
function usesOf(ctx: RuleContext, model: ClusterModel, fn: Func, shape: { min: number; max: number; callbacks: readonly number[] }): void {
  const decl = fn.def!.decl;
  const used = usedParameters(ctx, model, fn);
  const say = (variant: string, message: string): void => ctx.report({ file: fileOf(fn).path, start: decl.nameStart, end: decl.nameEnd, variant, message });
  if (!used.has(shape.min) && !used.has(shape.max)) say('version', `'${fn.name}' never looks at the version range it is given; return ERROR_REVISION_MISMATCH when the served version lies outside of it.`);
  const needed = shape.callbacks.filter((i) => shape.callbacks.length === 1 || calls(model, i === shape.callbacks[0] ? 'report' : 'log'));
  if (shape.callbacks.every((i) => !used.has(i)) || needed.some((i) => !used.has(i)) || leavesOut(fn, shape, model)) say('callbacks', `'${fn.name}' does not keep the callbacks of the Resource Monitor; without them nothing can be reported.`);
}

/** StartupEx takes some callbacks out of their table, but not one that the DLL calls. */
function leavesOut(fn: Func, shape: { callbacks: readonly number[] }, model: ClusterModel): boolean {
  if (shape.callbacks.length !== 1) return false;
  const name = fn.params[shape.callbacks[0]!]!.name;
  const members = new Set<string>();
  let whole = false;
  eachExpression(fn, model, ({ e, parents }) => {
    if (e.k !== 'name' || e.name !== name) return;
    const parent = parents[0];
    if (parent?.k === 'field') members.add(parent.name);
    else if (parent?.k !== 'binary' && parent?.k !== 'unary') whole = true;
  });
  const lacks = (kind: 'report' | 'log', member: RegExp): boolean => calls(model, kind) && ![...members].some((m) => member.test(m));
  return !whole && members.size > 0 && (lacks('report', /^SetResourceStatus/) || lacks('log', /^LogEvent/));
}

/** The DLL calls the callback somewhere. */
function calls(model: ClusterModel, kind: 'report' | 'log'): boolean {
  return model.functions.some((f) => model.graphs.calls(f).some((c) => model.api.kind(c, f) === kind));
}

/** Parameters that are used: compared, stored, or handed to a function that uses them. */
function usedParameters(ctx: RuleContext, model: ClusterModel, fn: Func, depth = 0): ReadonlySet<number> {
  const used = new Set<number>();
  eachExpression(fn, model, ({ e, parents }) => {
    if (e.k !== 'name') return;
    const i = fn.params.findIndex((p) => p.name === e.name);
    if (i < 0) return;
    const parent = parents.find((p) => p.k !== 'cast');
    if (parents.some((p) => p.k === 'cast' && p.type.base === 'void' && p.type.ptr === 0)) return;
    if (parent?.k !== 'call') { if (parent || parents.length === 0) used.add(i); return; }
    const name = ctx.project.calleeName(parent, fileOf(fn));
    if (name !== undefined && /^(?:UNREFERENCED_\w+|std::ignore)$/.test(name)) return;
    const callee = model.calleeOf(parent, fn);
    const at = parent.args.findIndex((a) => uncast(a) === e);
    if (!callee?.def || at < 0 || depth > 2 || usedParameters(ctx, model, callee, depth + 1).has(at)) used.add(i);
  });
  return used;
}
