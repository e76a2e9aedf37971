// C: a worker that waits and never uses the PCLUS_WORKER it is given cannot learn that it must stop.

import { cluster, defineRule, eachExpression, fileOf, type ClusterModel, type Func } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'worker-pointer-unused',
    title: 'Worker that waits never uses its PCLUS_WORKER parameter',
    family: 'cluster', level: 'info', presets: [], since: '0.1.0', aliases: [], models: ['cluster'],
    help: 'Ask ClusWorkerCheckTerminate with the worker pointer before each step that can wait, or hand it to the functions that wait: Terminate waits without limit for a worker that does not look.',
  },
  all(ctx) {
    const model = ctx.analysis(cluster);
    for (const { func, sites } of model.workers.workers) {
      if (!model.coversFunc(func) || model.waits.of(func).length === 0) continue;
      const at = func.params.findIndex((p) => model.api.isWorkerPointer(p.type, fileOf(func)));
      const param = func.params[at];
      if (!param || isUsed(func, param.name, model) || sites.some((s) => s.identities.some((i) => usesStructure(func, i.key, model)))) continue;
      const decl = func.def!.decl;
      ctx.report({ file: fileOf(func).path, start: decl.nameStart, end: decl.nameEnd, message: `Worker '${func.name}' waits (${model.waits.of(func)[0]!.name}) and never uses its PCLUS_WORKER parameter${param.name ? ` '${param.name}'` : ''}.` });
    }
  },
});

/** Used for anything but the macros that silence the compiler. */
function isUsed(fn: Func, name: string, model: ClusterModel): boolean {
  if (name === '') return false;
  let used = false;
  eachExpression(fn, model, ({ e, parents }) => {
    // What a lambda does with it is looked at where the lambda runs.
    if (e.k === 'lambda' && (/^\[?\s*[&=]\s*(?:[\],]|$)/.test(e.captures) || new RegExp(`\\b${name}\\b`).test(e.captures))) used = true;
    if (e.k !== 'name' || e.name !== name) return;
    const call = parents.find((p) => p.k === 'call');
    const silenced = (call?.k === 'call' && call.callee.k === 'name' && /^UNREFERENCED_/.test(call.callee.name)) || parents.some((p) => p.k === 'cast' && p.type.base === 'void' && p.type.ptr === 0);
    if (!silenced) used = true;
  });
  return used;
}

/** It asks through the structure it was created with. */
function usesStructure(fn: Func, key: string, model: ClusterModel): boolean {
  return [...model.reach.from(fn).keys()].some((f) => model.graphs.calls(f).some((c) => model.api.kind(c, f) === 'check' && c.args[0] !== undefined && model.workers.identities(c.args[0], f).some((i) => i.key === key)));
}
