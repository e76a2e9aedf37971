// C: the event handle that Online gives the Resource Monitor means a failure when it is signalled, so it must begin unsignalled.

import { cluster, defineRule, eachExpression, fileOf, identityOf, uncast, type CallExpr, type ClusterModel, type Expr, type Func, type RuleContext } from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'eventhandle-signalled',
    title: 'Event handle given by Online begins signalled',
    family: 'cluster', level: 'info', presets: [], since: '0.1.0', aliases: [], models: ['cluster'],
    help: 'Create the event with bInitialState FALSE: the Resource Monitor takes a signalled handle for a failure of the resource.',
  },
  all(ctx) {
    const model = ctx.analysis(cluster);
    for (const entry of model.roles.withRole('Online')) {
      const param = entry.func.params[1];
      if (!param?.name || !model.coversFunc(entry.func)) continue;
      eachExpression(entry.func, model, ({ e }) => {
        if (e.k !== 'assign' || e.op !== '=') return;
        const target = uncast(e.l);
        if (target.k !== 'unary' || target.op !== '*' || uncast(target.e).k !== 'name' || (uncast(target.e) as { name: string }).name !== param.name) return;
        const created = creationOf(e.r, entry.func, ctx, model);
        if (created && beginsSignalled(created.call, created.inside, ctx)) {
          ctx.report({
            file: fileOf(entry.func).path, start: e.start, end: e.end, message: `*${param.name} is set to an event that was created signalled; the Resource Monitor would take the resource for failed at once.`,
            related: [{ file: fileOf(created.inside).path, start: created.call.start, end: created.call.end, message: 'created here' }],
          });
        }
      });
    }
  },
});

const CREATES = /^CreateEvent(?:Ex)?[AW]?$/;

/** The CreateEvent call a handle comes from: here, in a local, or stored in the same field anywhere. */
function creationOf(e: Expr, fn: Func, ctx: RuleContext, model: ClusterModel): { call: CallExpr; inside: Func } | undefined {
  const x = uncast(e);
  if (x.k === 'call') return CREATES.test(ctx.project.calleeName(x, fileOf(fn)) ?? '') ? { call: x, inside: fn } : undefined;
  const key = identityOf(x, fn, ctx.project)?.key;
  if (key === undefined || key.includes('?.')) return undefined;
  const found: { call: CallExpr; inside: Func }[] = [];
  for (const f of model.functions) {
    eachExpression(f, model, (o) => {
      const value = o.e.k === 'assign' && identityOf(o.e.l, f, ctx.project)?.key === key ? uncast(o.e.r) : o.initialises !== undefined && o.parents.length === 0 && x.k === 'name' && f === fn && o.initialises === x.name ? uncast(o.e) : undefined;
      if (value?.k === 'call' && CREATES.test(ctx.project.calleeName(value, fileOf(f)) ?? '')) found.push({ call: value, inside: f });
    });
  }
  return found.length === 1 ? found[0] : undefined;
}

function beginsSignalled(call: CallExpr, fn: Func, ctx: RuleContext): boolean {
  const name = ctx.project.calleeName(call, fileOf(fn)) ?? '';
  if (name.startsWith('CreateEventEx')) return call.args[2] !== undefined && ctx.text(fileOf(fn).path).slice(call.args[2].start, call.args[2].end).includes('CREATE_EVENT_INITIAL_SET');
  return call.args[2] !== undefined && ctx.project.valueOf(call.args[2], fileOf(fn)) === 1;
}
