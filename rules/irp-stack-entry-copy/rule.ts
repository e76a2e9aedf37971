// Copying a whole I/O stack location to the next one: the completion routine and its control bits come along.

import { bodies, defineRule, memoryCopy, recordName, recordSize, uncast, type AssignExpr, type BodyIndex, type Expr, type Func, type RuleContext } from '@drvlint/core';

const RECORD = 'IO_STACK_LOCATION';

export default defineRule({
  meta: {
    id: 'irp-stack-entry-copy',
    title: 'Whole I/O stack location copied',
    family: 'driver',
    level: 'warning',
    presets: ['recommended'],
    since: '0.1.0',
    aliases: ['C28114', 'cpp/drivers/irp-stack-entry-copy'],
    models: ['kernel'],
    help: 'Call IoCopyCurrentIrpStackLocationToNext (or IoSkipCurrentIrpStackLocation), which leaves out what belongs to the current driver.',
  },
  func(ctx, fn) {
    const body = ctx.analysis(bodies).of(fn);
    for (const { call, name } of body.callsWhere((n) => memoryCopy(n) !== undefined)) {
      const copy = memoryCopy(name)!;
      const [to, from, size] = [call.args[copy.to], call.args[copy.from], call.args[copy.size]];
      if (!to || !from || !size || !isStackLocation(ctx, from, fn) || isOwnCopy(to) || !isWhole(ctx, size, fn)) continue;
      ctx.report({ file: fn.def!.file.path, start: call.start, end: call.end, message: 'A whole I/O stack location is copied, completion routine and control bits included, so that the completion routine runs twice; use IoCopyCurrentIrpStackLocationToNext' });
    }
    for (const a of body.assigns) {
      if (a.op !== '=' || !isStackLocation(ctx, pointerOf(a.l), fn) || !isStackLocation(ctx, pointerOf(a.r), fn) || isRepaired(body, a)) continue;
      ctx.report({ file: fn.def!.file.path, start: a.start, end: a.end, message: 'A whole I/O stack location is assigned, completion routine and control bits included, so that the completion routine runs twice; use IoCopyCurrentIrpStackLocationToNext' });
    }
  },
});

/** `p` of `*p`. */
function pointerOf(e: Expr): Expr | undefined {
  const x = uncast(e);
  return x.k === 'unary' && x.op === '*' ? x.e : undefined;
}

function isStackLocation(ctx: RuleContext, pointer: Expr | undefined, fn: Func): boolean {
  const x = pointer && uncast(pointer);
  const type = x && ctx.project.typeOf(x, fn);
  const full = type && ctx.project.canonical(type, fn.def!.file);
  return full !== undefined && full.ptr === 1 && recordName(full.base) === RECORD;
}

/** `&saved`: a copy for the driver's own use, not the next location. */
function isOwnCopy(to: Expr): boolean {
  const x = uncast(to);
  return x.k === 'unary' && x.op === '&';
}

/** The size of the structure, on any architecture, or of everything up to a part that must not be copied. */
function isWhole(ctx: RuleContext, size: Expr, fn: Func): boolean {
  const x = uncast(size);
  if (x.k === 'sizeof') {
    const type = x.type ?? (x.e && ctx.project.typeOf(x.e, fn));
    const full = type && ctx.project.canonical(type, fn.def!.file);
    return full !== undefined && full.ptr === 0 && recordName(full.base) === RECORD;
  }
  const value = ctx.project.valueOf(x, fn.def!.file);
  return value !== undefined && (value === recordSize(RECORD, 8) || value === recordSize(RECORD, 4));
}

/** The copy gets a completion routine of its own, or its control bits are cleared, afterwards. */
function isRepaired(body: BodyIndex, a: AssignExpr): boolean {
  const repairs = ['IoSetCompletionRoutine', 'IoSetCompletionRoutineEx'].flatMap((name) => body.calls(name)).some(({ call }) => call.start > a.end);
  return repairs || ['CompletionRoutine', 'Control'].some((name) => body.fields(name).some((f) => f.write !== undefined && f.e.start > a.end));
}
