// DllMain calling, directly or through functions of the DLL, what must not run while the loader lock is held.

import { bodies, defineRule, unsafeInDllMain, type CallExpr, type Func, type FlowStep, type RuleContext } from '@drvlint/core';

const DEPTH = 4;

export default defineRule({
  meta: {
    id: 'unsafe-call-in-global-init',
    title: 'Call that is unsafe in DllMain',
    family: 'driver',
    level: 'warning',
    presets: ['strict'],
    since: '0.1.0',
    aliases: ['C28637', 'cpp/drivers/unsafe-call-in-global-init'],
    models: ['user'],
    help: 'Do it later, outside DllMain: in an initialisation function that the DLL exports, or at first use.',
  },
  func(ctx, fn) {
    if (fn.qualified !== 'DllMain') return;
    const file = fn.def!.file.path;
    for (const { call, name, macro } of ctx.analysis(bodies).of(fn).callsWhere((n) => unsafeInDllMain(n) !== undefined)) {
      if (ctx.project.calleeOf(call, fn)?.def) continue;
      ctx.report({ file, start: call.start, end: macro === undefined ? call.callee.end : call.end, message: `DllMain calls ${name}, which ${unsafeInDllMain(name)!}` });
    }
    for (const call of fn.def!.decl.body?.calls ?? []) {
      const found = below(ctx, call, fn, new Set([fn]), 0);
      if (!found) continue;
      const { name, steps } = found;
      ctx.report({ file, start: call.start, end: call.end, message: `DllMain reaches ${name} through '${steps[0].message.split(' ')[0]}', which ${unsafeInDllMain(name)!}`, flow: steps.map((s) => ({ ...s, message: s.message })) });
    }
  },
});

/** The way from a call to an unsafe one inside the called function. */
function below(ctx: RuleContext, call: CallExpr, from: Func, seen: Set<Func>, depth: number): { name: string; steps: FlowStep[] } | undefined {
  const callee = ctx.project.calleeOf(call, from);
  if (!callee?.def?.decl.body || seen.has(callee) || depth > DEPTH) return undefined;
  seen.add(callee);
  const step: FlowStep = { file: from.def!.file.path, start: call.start, end: call.end, message: `${callee.name} is called` };
  const [site] = ctx.analysis(bodies).of(callee).callsWhere((n) => unsafeInDllMain(n) !== undefined).filter((s) => !ctx.project.calleeOf(s.call, callee)?.def);
  if (site) return { name: site.name, steps: [step, { file: callee.def.file.path, start: site.call.start, end: site.call.end, message: `${site.name} is called` }] };
  for (const inner of callee.def.decl.body.calls) {
    const found = below(ctx, inner, callee, seen, depth + 1);
    if (found) return { name: found.name, steps: [step, ...found.steps] };
  }
  return undefined;
}
