// A member used after the reference count was decremented, on a path that does not delete the object: another thread may have done so.

import {
  blocksAfter, bodies, defineRule, endExpression, expressionsOf, graphs, isAtomicDecrement, pointsOfCall, uncast, walkExpr,
  type Cfg, type Expr, type Func, type RuleContext,
} from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'multithreaded-av-condition',
    title: 'Member used after the object may have been deleted',
    family: 'driver',
    level: 'warning',
    presets: ['recommended'],
    since: '0.1.0',
    aliases: ['C28616', 'cpp/drivers/multithreaded-av-condition'],
    models: ['kernel', 'user'],
    help: 'Keep the result of the decrement in a local variable and use that.',
  },
  func(ctx, fn) {
    const body = ctx.analysis(bodies).of(fn);
    const deletions = body.deletes.filter((d) => d.e.k === 'name' && d.e.name === 'this');
    if (deletions.length === 0) return;
    const counters = body.callsWhere(isAtomicDecrement).filter(({ call }) => isMember(ctx, addressed(call.args[0]), fn));
    const cfg = counters.length > 0 ? ctx.analysis(graphs).of(fn) : undefined;
    if (!cfg) return;
    const deleting = cfg.order.filter((id) => cfg.blocks[id].steps.some((s) => expressionsOf(s).some((e) => deletes(e))));
    for (const { call } of counters) {
      for (const point of pointsOfCall(cfg, call)) {
        for (const e of usesAfter(ctx, cfg, point.block, deleting, fn)) {
          ctx.report({
            file: fn.def!.file.path, start: e.start, end: e.end,
            message: `'${memberName(e)}' is used after the reference count went down: another thread may have deleted the object since`,
            related: [{ file: fn.def!.file.path, start: call.start, end: call.end, message: 'the count goes down here' }],
          });
        }
      }
    }
  },
});

function deletes(e: Expr): boolean {
  const x = uncast(e);
  return x.k === 'delete' && x.e.k === 'name' && x.e.name === 'this';
}

/** Members read in blocks that follow the decrement and from which the object is not deleted any more. */
function usesAfter(ctx: RuleContext, cfg: Cfg, from: number, deleting: readonly number[], fn: Func): Expr[] {
  const uses: Expr[] = [];
  for (const id of blocksAfter(cfg, from)) {
    const later = blocksAfter(cfg, id);
    if (deleting.some((d) => d === id || later.has(d))) continue;
    const evaluated = [...cfg.blocks[id].steps.flatMap((s) => expressionsOf(s)), endExpression(cfg, id)];
    for (const e of evaluated) {
      if (!e) continue;
      walkExpr(e, { expr: (x) => {
        if (!isMember(ctx, x, fn)) return x.k !== 'sizeof';
        uses.push(x);
        return false;
      } });
    }
  }
  return uses;
}

/** `x` of `&x`. */
function addressed(e: Expr | undefined): Expr | undefined {
  const x = e && uncast(e);
  return x?.k === 'unary' && x.op === '&' ? x.e : undefined;
}

/** A data member of the object itself: `m_ref` or `this->m_ref`. */
function isMember(ctx: RuleContext, e: Expr | undefined, fn: Func): boolean {
  if (e?.k === 'field') return e.arrow && e.e.k === 'name' && e.e.name === 'this';
  if (e?.k !== 'name') return false;
  const member = ctx.project.fieldOf(e, fn);
  return member?.decl !== undefined && !member.decl.isStatic;
}

function memberName(e: Expr): string {
  return e.k === 'field' || e.k === 'name' ? e.name : '';
}
