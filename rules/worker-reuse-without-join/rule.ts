// B8: ClusWorkerCreate on a structure whose worker may still run loses the first thread. Paths of the entry points are walked with the
// identities that were joined and those that are live.

import {
  cluster, defineRule, expressionsOfStep, Joins, Protocol, type CallExpr, type ClusterModel, type CreateSite, type EntryRole, type Fix, type RuleContext,
} from '@drvlint/core';

/** Order in which the Resource Monitor calls the entry points of an instance. */
const LIFE: readonly EntryRole[] = ['Startup', 'StartupEx', 'Open', 'Online', 'Offline', 'Terminate', 'Close'];

export default defineRule({
  meta: {
    id: 'worker-reuse-without-join',
    title: 'ClusWorkerCreate on a structure whose worker may still run',
    family: 'cluster', level: 'error', presets: ['recommended', 'cluster'], since: '0.1.0', aliases: [], models: ['cluster'],
    help: 'Call ClusWorkerTerminate on the structure right before ClusWorkerCreate: it does nothing when no worker runs and waits for one that does; a second create on a live structure loses the first thread.',
    fixable: 'suggestion',
  },
  all(ctx) {
    const model = ctx.analysis(cluster);
    if (model.workers.sites.length === 0) return;
    const paths = walkAll(model);
    const reported = new Set<CallExpr>();
    for (const site of model.workers.sites) {
      if (!model.covers(site.file) || reported.has(site.call)) continue;
      const why = paths.live.get(site.call) ?? elsewhere(model, site, paths);
      if (!why) continue;
      reported.add(site.call);
      report(ctx, site, why);
    }
  },
});

interface Why { variant: string; text: string; other?: CreateSite }
interface Paths {
  /** Creates that some path reaches while an earlier worker of the structure is live. */
  live: Map<CallExpr, Why>;
  /** Creates that some path reaches without a join of the structure before. */
  unjoined: Set<CallExpr>;
}

/** Walks every function that creates, from the entry points that lead there, and by itself when none does. */
function walkAll(model: ClusterModel): Paths {
  const paths: Paths = { live: new Map(), unjoined: new Set() };
  const protocol = new Protocol(model);
  const roots = new Set(model.workers.sites.flatMap((s) => {
    const entries = model.reach.entriesReaching(s.inside).map((e) => e.chain.root);
    return entries.length > 0 ? entries : [s.inside];
  }));
  for (const root of roots) {
    const explorer = protocol.explorer({
      other: () => undefined,
      step: (step, frame, state) => {
        const call = expressionsOfStep(step).map((e) => createIn(e, model, frame.fn)).find((c) => c !== undefined);
        if (call) atCreate(call, state, model, paths);
        return state;
      },
      leave: (block, frame, state) => {
        const e = block.term.k === 'branch' ? block.term.cond : block.term.k === 'switch' ? block.term.e : undefined;
        const call = createIn(e, model, frame.fn);
        if (call) atCreate(call, state, model, paths);
        return state;
      },
    });
    explorer.walk(root);
  }
  return paths;
}

type State = Parameters<NonNullable<Parameters<Protocol['explorer']>[0]>['leave'] & {}>[2];
type Expr = CallExpr['callee'];
type Func = CreateSite['inside'];

function createIn(e: Expr | undefined, model: ClusterModel, fn: Func): CallExpr | undefined {
  if (!e) return undefined;
  return model.workers.sites.find((s) => s.inside === fn && s.call.start >= e.start && s.call.end <= e.end && contains(e, s.call))?.call;
}

function contains(e: unknown, call: CallExpr): boolean {
  if (e === call) return true;
  if (typeof e !== 'object' || e === null) return false;
  return Object.values(e).some((v) => (Array.isArray(v) ? v.some((x) => contains(x, call)) : typeof v === 'object' && v !== null && contains(v, call)));
}

/** What the path says of the structure before the create; that a create succeeded, and that nothing is joined any more, the protocol notes. */
function atCreate(call: CallExpr, state: State, model: ClusterModel, paths: Paths): void {
  const site = model.workers.sites.find((s) => s.call === call)!;
  for (const id of site.identities) {
    if (id.key.includes('[]') || id.key.includes('?.')) continue;
    const joined = state.factText(`joined ${id.key}`) === 'yes' || state.factText('joined *') === 'yes' || state.factText('foreign') === '1';
    const live = state.factText(`live ${id.key}`);
    if (live && !joined) paths.live.set(call, { variant: 'same-path', text: 'a worker was created on it before on this path' });
    if (!joined) paths.unjoined.add(call);
  }
}

/** Another role creates on the same structure, or this create can run again while nobody ends its worker. */
function elsewhere(model: ClusterModel, site: CreateSite, paths: Paths): Why | undefined {
  if (!paths.unjoined.has(site.call)) return undefined;
  const keys = site.identities.filter((i) => (i.kind === 'field' || i.kind === 'global') && !i.key.includes('[]') && !i.key.includes('?.') && !i.key.startsWith('*')).map((i) => i.key);
  const own = roleOf(model, site);
  if (keys.length === 0 || own === undefined) return undefined;
  const others = model.workers.sites.filter((s) => s !== site && s.inside !== site.inside && s.identities.some((i) => keys.includes(i.key)) && roleOf(model, s) !== undefined && roleOf(model, s) !== own);
  const other = others.find((s) => !paths.unjoined.has(s.call) || LIFE.indexOf(roleOf(model, s)!) < LIFE.indexOf(own));
  if (other) return { variant: 'other-role', text: `${roleOf(model, other)} creates a worker on it as well`, other };
  if (others.length > 0 || (own !== 'Online' && own !== 'Offline') || model.roles.withRole('Terminate').length === 0) return undefined;
  const joins = new Joins(model);
  if (joins.mayJoinElsewhere('Terminate') || joins.mayJoinElsewhere('Offline')) return undefined;
  if (keys.some((k) => joins.inRoles(k, ['Offline', 'Terminate', 'Online']).length > 0)) return undefined;
  return { variant: 'runs-again', text: `${own} can be called again and neither it nor Offline or Terminate ends the worker` };
}

function roleOf(model: ClusterModel, site: CreateSite): EntryRole | undefined {
  const roles = model.reach.entriesReaching(site.inside).map((e) => e.role);
  return LIFE.find((r) => roles.includes(r));
}

function report(ctx: RuleContext, site: CreateSite, why: Why): void {
  const text = ctx.text(site.file.path);
  const line = text.lastIndexOf('\n', site.call.start) + 1;
  const indent = /^[ \t]*/.exec(text.slice(line))![0];
  const worker = site.worker && text.slice(site.worker.start, site.worker.end);
  const statement = /^[ \t]*(?:[\w.>-]+\s*=\s*)?$/.test(text.slice(line, site.call.start)) || /^[ \t]*(?:const\s+)?(?:DWORD|ULONG|auto)\s+\w+\s*=\s*$/.test(text.slice(line, site.call.start));
  const fix: Fix | undefined = worker && statement ? { title: 'End the worker first', edits: [{ file: site.file.path, start: line, end: line, text: `${indent}ClusWorkerTerminate(${worker});\n` }] } : undefined;
  ctx.report({
    file: site.file.path, start: site.call.start, end: site.call.end, variant: why.variant,
    message: `ClusWorkerCreate is called on a structure whose worker may still run: ${why.text}, and no ClusWorkerTerminate comes before this create.`,
    related: why.other ? [{ file: why.other.file.path, start: why.other.call.start, end: why.other.call.end, message: 'the other create' }] : [],
    ...(fix && { suggestions: [fix] }),
  });
}
