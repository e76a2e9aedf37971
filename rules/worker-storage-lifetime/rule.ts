// B17: the CLUS_WORKER and the context must outlive the worker. Locals and by-value copies of the creating function do so only when every
// path joins the worker before the function returns: the thread uses both until it has ended.

import {
  cluster, defineRule, identityOf, pointeeIdentity, Protocol, uncast, type CreateSite, type Expr, type Func, type RuleContext,
} from '@drvlint/core';

export default defineRule({
  meta: {
    id: 'worker-storage-lifetime',
    title: 'CLUS_WORKER or context of a worker does not outlive the worker',
    family: 'cluster', level: 'error', presets: ['recommended', 'cluster'], since: '0.1.0', aliases: [], models: ['cluster'],
    help: 'Keep the CLUS_WORKER and what is passed as lpParameter in the resource structure, or join the worker on every path before the function returns.',
  },
  all(ctx) {
    const model = ctx.analysis(cluster);
    const protocol = new Protocol(model);
    for (const site of model.workers.sites) {
      if (!model.covers(site.file)) continue;
      const what = dying(site.worker, site, ctx) ? 'CLUS_WORKER' : dying(site.context, site, ctx) ? 'context' : undefined;
      if (what && escapes(protocol, site)) report(ctx, site, what);
    }
  },
});

/** The pointer leads to a local, or to a copy that a parameter is. */
function dying(pointer: Expr | undefined, site: CreateSite, ctx: RuleContext): boolean {
  if (!pointer) return false;
  const x = uncast(pointer);
  if (x.k === 'unary' && x.op === '&') return isLocalStorage(x.e, site.inside, ctx);
  const type = ctx.project.typeOf(x, site.inside);
  if (type?.dims && type.dims.length > 0) return isLocalStorage(x, site.inside, ctx);
  const id = pointeeIdentity(x, site.inside, ctx.project);
  return id?.kind === 'local' && !id.key.startsWith('*');
}

/** `x`, `x.member`, `x[i]` of a local that is neither static nor a pointer nor a reference. */
function isLocalStorage(e: Expr, fn: Func, ctx: RuleContext): boolean {
  const x = uncast(e);
  if (x.k === 'field') return !x.arrow && isLocalStorage(x.e, fn, ctx);
  if (x.k === 'index') return ctx.project.typeOf(x.e, fn)?.dims !== undefined && isLocalStorage(x.e, fn, ctx);
  if (x.k !== 'name') return false;
  const local = ctx.project.localOf(x.name, x.start, fn);
  if (!local || local.v?.isStatic || local.v?.isExtern) return false;
  if (local.type.ref) return local.v?.init !== undefined && identityOf(local.v.init, fn, ctx.project)?.kind === 'local';
  return true;
}

/** Some path on which the worker was started leaves the function before it is joined. */
function escapes(protocol: Protocol, site: CreateSite): boolean {
  const keys = site.identities.map((i) => i.key);
  const walk = protocol.explorer({ depth: 3 }).walk(site.inside);
  if (walk.exhausted) return false;
  return walk.ends.some((end) => end.state.factText('started') === 'yes' && !keys.some((k) => end.state.factText(`joined ${k}`) === 'yes') && end.state.factText('joined *') !== 'yes');
}

function report(ctx: RuleContext, site: CreateSite, what: 'CLUS_WORKER' | 'context'): void {
  const at = what === 'CLUS_WORKER' ? site.worker! : site.context!;
  const text = ctx.text(site.file.path).slice(at.start, at.end);
  ctx.report({
    file: site.file.path, start: site.call.start, end: site.call.end, variant: what === 'CLUS_WORKER' ? 'worker' : 'context',
    message: what === 'CLUS_WORKER'
      ? `The CLUS_WORKER '${text}' lives on the stack of '${site.inside.name}', which can return while the worker runs.`
      : `The context '${text}' of the worker lives on the stack of '${site.inside.name}', which can return while the worker runs.`,
  });
}
