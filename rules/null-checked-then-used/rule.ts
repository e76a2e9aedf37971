// C: a pointer parameter that was found to be NULL and is dereferenced on the same path, typically at a clean-up label.

import { cluster, defineRule, expressionsOfStep, fileOf, PathExplorer, uncast, type ClusterModel, type Expr, type Func, type PathFrame, type PathState, type RuleContext } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'null-checked-then-used',
    title: 'Parameter is dereferenced on a path on which it was found to be NULL',
    family: 'cluster', level: 'info', presets: [], since: '0.1.0', aliases: [], models: ['cluster'],
    help: 'Return at once when the parameter is NULL, or test it again before it is used at the label.',
  },
  func(ctx, fn) {
    const model = ctx.analysis(cluster);
    if (model.coversFunc(fn) && fn.params.some((p) => p.name !== '')) judge(ctx, model, fn);
  },
});

function judge(ctx: RuleContext, model: ClusterModel, fn: Func): void {
  const names = new Set(fn.params.filter((p) => p.name !== '' && ctx.project.canonical(p.type, fileOf(fn)).ptr > 0).map((p) => p.name));
  const tested = model.graphs.cfg(fn)?.blocks.some((b) => b.term.k === 'branch' && testsName(b.term.cond, names));
  if (names.size === 0 || !tested) return;
  const found = new Map<string, Expr>();
  const look = (e: Expr, frame: PathFrame, state: PathState): void => {
    for (const use of dereferences(e)) {
      const x = uncast(use.pointer);
      if (x.k !== 'name' || !names.has(x.name) || found.has(x.name)) continue;
      const known = state.known(state.read(`${frame.id}${x.name}`));
      if (known?.length === 1 && known[0] === 0) found.set(x.name, use.at);
    }
  };
  const explorer = new PathExplorer({
    project: ctx.project, depth: 0,
    cfg: (f) => model.graphs.cfg(f), enters: () => false, matters: () => false, callee: () => undefined,
    step: (step, frame, state) => {
      for (const e of expressionsOfStep(step)) look(e, frame, state);
    },
    leave: (block, frame, state) => {
      if (block.term.k === 'branch') look(block.term.cond, frame, state);
      return state;
    },
  });
  if (explorer.walk(fn).exhausted) return;
  for (const [name, at] of found) {
    ctx.report({ file: fileOf(fn).path, start: at.start, end: at.end, message: `'${name}' is dereferenced here on a path on which it was found to be NULL.` });
  }
}

/** `p`, `p == NULL`: what can show that a parameter is NULL. */
function testsName(cond: Expr, names: ReadonlySet<string>): boolean {
  const x = uncast(cond);
  if (x.k === 'name') return names.has(x.name);
  if (x.k === 'unary' && x.op === '!') return testsName(x.e, names);
  return x.k === 'binary' && (testsName(x.l, names) || testsName(x.r, names));
}

/** `p->x`, `*p`, `p[i]`, innermost first. */
function dereferences(e: Expr): { at: Expr; pointer: Expr }[] {
  const inner = partsOf(e).flatMap(dereferences);
  if (e.k === 'field' && e.arrow) return [...inner, { at: e, pointer: e.e }];
  if (e.k === 'unary' && e.op === '*') return [...inner, { at: e, pointer: e.e }];
  if (e.k === 'unary' && e.op === '&' && uncast(e.e).k === 'field') return inner.slice(0, -1);
  return e.k === 'index' ? [...inner, { at: e, pointer: e.e }] : inner;
}

function partsOf(e: Expr): Expr[] {
  switch (e.k) {
    case 'sizeof': case 'lambda': return [];
    case 'unary': case 'update': case 'cast': case 'field': case 'delete': return [e.e];
    case 'binary': case 'comma': case 'assign': return [e.l, e.r];
    case 'call': return e.callee.k === 'name' && /^(?:sizeof|ARRAYSIZE|RTL_NUMBER_OF|UNREFERENCED_\w+)$/.test(e.callee.name) ? [] : e.callee.k === 'name' ? e.args : [e.callee, ...e.args];
    case 'cond': return [e.c];
    case 'index': return [e.e, e.i];
    case 'init': return e.items.map((i) => i.value);
    default: return [];
  }
}
