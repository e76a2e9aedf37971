// A wait in user mode on an object in the stack of the thread: the stack may be paged out while others signal the object.

import { bodies, defineRule, stackVariable, uncast, values, type CallExpr, type Expr, type Func, type LocalVar, type RuleContext } from '@drvlint/core';

/** Argument that is the wait mode, by function; the object, or the array of objects, that is waited for. */
const WAITS = [{ name: 'KeWaitForSingleObject', object: 0, mode: 2, many: false }, { name: 'KeWaitForMultipleObjects', object: 1, mode: 4, many: true }] as const;

export default defineRule({
  meta: {
    id: 'ke-wait-local',
    title: 'Wait in user mode on an object on the stack',
    family: 'driver',
    level: 'warning',
    presets: ['recommended'],
    since: '0.1.0',
    aliases: ['C28135', 'cpp/drivers/kewaitlocal-requires-kernel-mode'],
    models: ['kernel'],
    help: 'Wait with KernelMode, or keep the object in nonpaged memory.',
    fixable: 'suggestion',
  },
  func(ctx, fn) {
    const body = ctx.analysis(bodies).of(fn);
    for (const wait of WAITS) {
      for (const { call, macro } of body.calls(wait.name)) {
        const [object, mode] = [call.args[wait.object], call.args[wait.mode]];
        if (!object || !mode) continue;
        const value = ctx.analysis(values).constantAt(mode, call, fn);
        const v = value ? (wait.many ? objectInArray(ctx, object, fn) : objectOf(ctx, object, call, fn)) : undefined;
        if (!v) continue;
        const file = fn.def!.file.path;
        const written = ctx.text(file).slice(mode.start, mode.end) === 'UserMode' && macro === undefined;
        ctx.report({
          file, start: call.start, end: call.end,
          message: `${wait.name} waits in user mode for '${v.name}', which is on the stack: the stack can be paged out during the wait and whoever signals '${v.name}' touches missing memory; wait with KernelMode`,
          related: [{ file, start: v.nameStart, end: v.nameStart + v.name.length, message: 'declared here' }],
          ...(written && { suggestions: [{ title: 'Wait with KernelMode', edits: [{ file, start: mode.start, end: mode.end, text: 'KernelMode' }] }] }),
        });
      }
    }
  },
});

function objectOf(ctx: RuleContext, object: Expr, call: CallExpr, fn: Func): LocalVar | undefined {
  const direct = stackVariable(ctx.project, object, fn);
  if (direct) return direct;
  const definitions = ctx.analysis(values).definitionsAt(uncast(object), call, fn) ?? [];
  const pointed = definitions.map((d) => (d.e ? stackVariable(ctx.project, d.e, fn) : undefined));
  return pointed.length > 0 && pointed.every((v) => v !== undefined) ? pointed[0] : undefined;
}

/** An element of the array of objects that lies on the stack: from its initialiser, or an assignment to an element. */
function objectInArray(ctx: RuleContext, array: Expr, fn: Func): LocalVar | undefined {
  const x = uncast(array);
  const name = x.k === 'name' ? x.name : undefined;
  const local = name === undefined ? undefined : ctx.project.localOf(name, x.start, fn)?.v;
  if (!local) return undefined;
  const given: Expr[] = local.init?.k === 'init' ? local.init.items.map((i) => i.value) : [];
  for (const a of ctx.analysis(bodies).of(fn).assigns) if (a.l.k === 'index' && a.l.e.k === 'name' && a.l.e.name === name) given.push(a.r);
  for (const e of given) {
    const v = stackVariable(ctx.project, e, fn);
    if (v) return v;
  }
  return undefined;
}
