// A dispatch routine that references an object with an access mode of its own instead of its requestor's.

import { bodies, callGraph, defineRule, recordName, uncast, values, type CallExpr, type Expr, type Func, type RuleContext } from '@drvlint/core';

const FUNCTIONS = ['ObReferenceObjectByHandle', 'ObReferenceObjectByPointer', 'ObReferenceObjectByHandleWithTag', 'ObReferenceObjectByPointerWithTag'];
const MODE = 3;

export default defineRule({
  meta: {
    id: 'ob-reference-mode',
    title: 'Object referenced in a dispatch routine with another mode than the requestor\'s',
    family: 'driver',
    level: 'warning',
    presets: ['recommended'],
    since: '0.1.0',
    aliases: ['C28126', 'cpp/drivers/ob-reference-mode'],
    models: ['kernel'],
    help: 'Pass Irp->RequestorMode, so that handles and access of user-mode callers are checked.',
    fixable: 'suggestion',
  },
  func(ctx, fn) {
    const body = ctx.analysis(bodies).of(fn);
    const calls = FUNCTIONS.flatMap((name) => body.calls(name));
    if (calls.length === 0 || !ctx.analysis(callGraph).hasRole(fn, 'DRIVER_DISPATCH')) return;
    const file = fn.def!.file.path;
    const irp = fn.params[1]?.name;
    for (const { call, name, macro } of calls) {
      const mode = call.args[MODE];
      if (!mode || ctx.analysis(values).constantAt(mode, call, fn) === undefined || (name.includes('Handle') && isOwnHandle(ctx, call, fn))) continue;
      const suggestions = irp && macro === undefined ? [{ title: `Pass ${irp}->RequestorMode`, edits: [{ file, start: mode.start, end: mode.end, text: `${irp}->RequestorMode` }] }] : [];
      ctx.report({
        file, start: call.start, end: call.end, suggestions,
        message: `${name} is given ${ctx.text(file).slice(mode.start, mode.end)} in a dispatch routine: with another mode than ${irp ?? 'Irp'}->RequestorMode the access of a user-mode caller is not checked`,
      });
    }
  },
});

/** The handle was opened by the driver itself: its address went to another call of the function. */
function isOwnHandle(ctx: RuleContext, call: CallExpr, fn: Func): boolean {
  const handle = call.args[0] && uncast(call.args[0]);
  if (handle?.k !== 'name') return false;
  const local = ctx.project.localOf(handle.name, handle.start, fn);
  if (!local?.v || recordName(ctx.project.canonical(local.type, fn.def!.file).base) !== 'void') return false;
  return fn.def!.decl.body!.calls.some((other) => other !== call && other.start < call.start && other.args.some((a) => isAddressOf(a, handle.name)));
}

function isAddressOf(e: Expr, name: string): boolean {
  const x = uncast(e);
  return x.k === 'unary' && x.op === '&' && x.e.k === 'name' && x.e.name === name;
}
