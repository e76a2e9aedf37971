// A secret in a local cleared with a function the compiler may remove, since nobody reads the variable afterwards.

import {
  bodies, defineRule, graphs, happensAfter, isRemovableClear, memoryCopy, pointsOfCall, soundsSecret, stackVariable, usesOfLocal, zeroing,
  type CallExpr, type Expr, type Fix, type Func, type LocalVar, type RuleContext,
} from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'important-function-call-optimized-out',
    title: 'Clearing of a secret that the compiler may remove',
    family: 'driver',
    level: 'warning',
    presets: ['recommended'],
    since: '0.1.0',
    aliases: ['C28625', 'cpp/drivers/important-function-call-optimized-out'],
    models: ['kernel', 'user'],
    help: 'Clear secrets with RtlSecureZeroMemory (SecureZeroMemory in user mode).',
    fixable: 'fix',
  },
  func(ctx, fn) {
    const file = fn.def!.file.path;
    for (const { call, name, macro } of ctx.analysis(bodies).of(fn).callsWhere(isRemovableClear)) {
      const v = call.args[0] && stackVariable(ctx.project, call.args[0], fn);
      if (!v || !soundsSecret(v.name) || !isLast(ctx, call, v, fn)) continue;
      const fix = macro === undefined ? secure(ctx, call, name, fn) : undefined;
      ctx.report({
        file, start: call.start, end: call.end,
        message: `The compiler may remove this ${name}: nothing uses '${v.name}' afterwards, so the secret stays on the stack; use RtlSecureZeroMemory`,
        related: [{ file, start: v.nameStart, end: v.nameStart + v.name.length, message: 'declared here' }],
        ...(fix && { fix }),
      });
    }
  },
});

/** Nothing can see the cleared memory any more: no later mention, and no later call that may have kept its address. */
function isLast(ctx: RuleContext, call: CallExpr, v: LocalVar, fn: Func): boolean {
  const uses = usesOfLocal(ctx.project, fn, v.name);
  if (uses.some((u) => u.kind === 'lambda' || (u.address && (u.kind === 'stored' || u.kind === 'returned')))) return false;
  const kept = uses.some((u) => u.kind === 'argument' && u.address && u.call !== call && !keepsNothing(ctx, u.call!, fn));
  const cfg = ctx.analysis(graphs).of(fn);
  const points = cfg ? pointsOfCall(cfg, call) : [];
  const sees = (e: Expr): boolean => (e.k === 'name' && e.name === v.name) || (kept && e.k === 'call' && !keepsNothing(ctx, e, fn));
  return cfg !== undefined && points.length > 0 && points.every((p) => !happensAfter(cfg, p, sees));
}

function keepsNothing(ctx: RuleContext, call: CallExpr, fn: Func): boolean {
  const name = ctx.project.calleeName(call, fn.def!.file);
  return name !== undefined && (isRemovableClear(name) || memoryCopy(name) !== undefined);
}

/** The same call of the function that is never removed. */
function secure(ctx: RuleContext, call: CallExpr, name: string, fn: Func): Fix | undefined {
  const file = fn.def!.file;
  const clear = zeroing(name);
  const [pointer, size] = clear ? [call.args[clear.ptr], call.args[clear.size]] : [];
  if (!clear || !pointer || !size || ctx.project.macro(name, file)) return undefined;
  if (clear.value !== undefined && ctx.project.valueOf(call.args[clear.value], file) !== 0) return undefined;
  const text = (e: Expr): string => ctx.text(file.path).slice(e.start, e.end);
  const replacement = ctx.project.kindOf(file) === 'user' ? 'SecureZeroMemory' : 'RtlSecureZeroMemory';
  return { title: `Use ${replacement}`, edits: [{ file: file.path, start: call.start, end: call.end, text: `${replacement}(${text(pointer)}, ${text(size)})` }] };
}
