// B20: a control code that a resource DLL does not handle must come back as ERROR_INVALID_FUNCTION, else the Resource Monitor skips its
// own processing. The function is walked with a code that no case names; a buffer that is too small must say how large it should be.

import { cluster, defineRule, fileOf, pathConstant, PathExplorer, PathState, pathSymbol, uncast, type ClusterModel, type EntryRole, type Expr, type Func, type RuleContext } from '@drvlint/core';

type Cfg = NonNullable<ReturnType<ClusterModel['graphs']['cfg']>>;

/** Control routines, and which parameter is the code and which takes the number of bytes. Source: resapi.h. */
const ROLES: ReadonlyMap<EntryRole, { code: number; bytes: number }> = new Map([
  ['ResourceControl', { code: 1, bytes: 6 }], ['ResourceTypeControl', { code: 1, bytes: 6 }],
  ['BeginResourceControl', { code: 1, bytes: 6 }], ['BeginResourceTypeControl', { code: 1, bytes: 6 }],
  ['BeginResourceControlAsUser', { code: 2, bytes: 7 }], ['BeginResourceTypeControlAsUser', { code: 2, bytes: 7 }],
]);
const INVALID_FUNCTION = 1;
const MORE_DATA = 234;
const OTHER = '(a code that is not handled)';

export default defineRule({
  meta: {
    id: 'control-default-code',
    title: 'Control routine does not return ERROR_INVALID_FUNCTION for a code it does not handle',
    family: 'cluster', level: 'warning', presets: ['recommended', 'cluster'], since: '0.1.0', aliases: [], models: ['cluster'],
    help: 'Return ERROR_INVALID_FUNCTION for every control code that is not handled, so that the Resource Monitor does its default processing, and set *BytesReturned before returning ERROR_MORE_DATA.',
  },
  all(ctx) {
    const model = ctx.analysis(cluster);
    const done = new Set<Func>();
    for (const [role, at] of ROLES) {
      for (const entry of model.roles.withRole(role)) {
        if (done.has(entry.func) || !model.coversFunc(entry.func)) continue;
        done.add(entry.func);
        const cfg = model.graphs.cfg(entry.func);
        if (!cfg) continue;
        defaults(ctx, model, entry.func, cfg, at.code);
        moreData(ctx, model, entry.func, at.bytes);
      }
    }
  },
});

/** Walks the function with a code of its own and collects what it then returns. */
function defaults(ctx: RuleContext, model: ClusterModel, fn: Func, cfg: Cfg, param: number): void {
  const name = fn.params[param]?.name;
  const chosen = name && switchOn(name, cfg);
  if (!name || !chosen) return;
  const file = fileOf(fn);
  const blocks = new Set(cfg.order.filter((b) => cfg.blocks[b]!.term === chosen));
  const explorer = new PathExplorer({
    project: ctx.project, depth: 2,
    cfg: (f) => model.graphs.cfg(f), enters: (f) => f !== fn && returnsConstant(f, model), matters: () => false,
    callee: (site) => model.calleeOf(site.call, site.frame.fn),
    prefer: (block, ways, frame) => (frame.depth === 0 && block.term.k === 'switch' && blocks.has(block.id) ? ways.filter((w) => w.to === (block.term as { otherwise: number }).otherwise) : ways),
    leave: (block, frame, state) => (frame.depth === 0 && blocks.has(block.id) ? state.setFact('switch', '1') : state),
    step: (step, frame, state) => {
      if (frame.depth > 0 || step.k !== 'eval' || step.e.k !== 'assign' || step.e.l.k !== 'name') return state;
      return state.setFact(`set ${step.e.l.name}`, `${step.e.r.start}:${step.e.r.end}`);
    },
  });
  const entry = PathState.empty.write(`f${fn.id}:${name}`, pathConstant(OTHER));
  const walk = explorer.walk(fn, entry);
  if (walk.exhausted) return;
  const seen = new Set<number>();
  for (const end of walk.ends) {
    if (end.state.factText('switch') !== '1') continue;
    const known = end.state.known(end.val);
    if (!known || known.includes(INVALID_FUNCTION)) continue;
    const place = placeOfValue(end, end.state) ?? end;
    if (seen.has(place.start)) continue;
    seen.add(place.start);
    ctx.report({
      file: file.path, start: place.start, end: place.end,
      message: `'${fn.name}' returns ${known.map((c) => valueText(c, ctx, file.path, place)).join(' or ')} for a control code it does not handle; only ERROR_INVALID_FUNCTION makes the Resource Monitor do its default processing.`,
    });
  }
}

function valueText(c: number | string, ctx: RuleContext, file: string, place: { start: number; end: number }): string {
  const written = ctx.text(file).slice(place.start, place.end).replace(/^return\s*\(?\s*/, '').replace(/(?<![\s)])[\s)]*;?$/, '');
  return /^[A-Z][A-Z0-9_]+$/.test(written) ? written : String(c);
}

function switchOn(name: string, cfg: Cfg): Cfg['blocks'][number]['term'] | undefined {
  for (const id of cfg.order) {
    const term = cfg.blocks[id]!.term;
    if (term.k === 'switch' && uncast(term.e).k === 'name' && (uncast(term.e) as { name: string }).name === name) return term;
  }
  return undefined;
}

function placeOfValue(end: { e?: Expr }, state: PathState): { start: number; end: number } | undefined {
  const x = end.e && uncast(end.e);
  if (x?.k !== 'name') return undefined;
  const at = state.factText(`set ${x.name}`);
  if (!at) return undefined;
  const [start, stop] = at.split(':').map(Number);
  return { start: start!, end: stop! };
}

function returnsConstant(fn: Func, model: ClusterModel): boolean {
  return (model.graphs.cfg(fn)?.blocks.length ?? 99) < 12;
}

/** ERROR_MORE_DATA on a path that neither writes *BytesReturned nor hands the pointer on. */
function moreData(ctx: RuleContext, model: ClusterModel, fn: Func, param: number): void {
  const name = fn.params[param]?.name;
  if (!name) return;
  const explorer = new PathExplorer({
    project: ctx.project, depth: 0,
    cfg: (f) => model.graphs.cfg(f), enters: () => false, matters: () => false, callee: () => undefined,
    call: (site) => (site.call.args.some((a) => mentions(a, name)) ? [{ state: site.state.setFact('bytes', '1'), val: pathSymbol(`?bytes${site.call.start}`) }] : undefined),
    step: (step, _frame, state) => (step.k === 'eval' && step.e.k === 'assign' && mentions(step.e.l, name) ? state.setFact('bytes', '1') : state),
  });
  const seen = new Set<number>();
  for (const end of explorer.walk(fn).ends) {
    const known = end.state.known(end.val);
    if (!known?.every((c) => c === MORE_DATA) || end.state.factText('bytes') === '1' || seen.has(end.start)) continue;
    seen.add(end.start);
    ctx.report({ file: fileOf(fn).path, start: end.start, end: end.end, variant: 'more-data', message: `'${fn.name}' returns ERROR_MORE_DATA without writing *${name}: the caller cannot tell how large its buffer must be.` });
  }
}

function mentions(e: Expr, name: string): boolean {
  const x = uncast(e);
  if (x.k === 'name') return x.name === name;
  if (x.k === 'unary') return mentions(x.e, name);
  return x.k === 'index' && mentions(x.e, name);
}
