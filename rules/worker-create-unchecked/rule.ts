// A6: the result of ClusWorkerCreate must decide what happens next: ERROR_SUCCESS means that a thread runs, anything else that none does.

import {
  cluster, defineRule, pathConstant, PathExplorer, pathSymbol, placeOfCall, uncast, usesAfter,
  type CallPlace, type ClusterModel, type CreateSite, type Expr, type Fix, type RuleContext,
} from '@drvlint/core';

type Cfg = NonNullable<ReturnType<ClusterModel['graphs']['cfg']>>;

export default defineRule({
  meta: {
    id: 'worker-create-unchecked',
    title: 'Result of ClusWorkerCreate is not checked, or checked in the wrong sense',
    family: 'cluster', level: 'error', presets: ['recommended', 'cluster'], since: '0.1.0', aliases: [], models: ['cluster'],
    help: 'Compare the result of ClusWorkerCreate with ERROR_SUCCESS and go on as if the worker ran only then; otherwise return the error.',
    fixable: 'suggestion',
  },
  all(ctx) {
    const model = ctx.analysis(cluster);
    for (const site of model.workers.sites) {
      const cfg = model.graphs.cfg(site.inside);
      const place = cfg && placeOfCall(site.call, cfg);
      const fault = cfg && place && model.covers(site.file) ? faultOf(ctx, model, site, cfg, place) : undefined;
      if (fault) report(ctx, site, fault);
    }
  },
});

interface Fault { variant: string; message: string; suggest?: boolean }

function faultOf(ctx: RuleContext, model: ClusterModel, site: CreateSite, cfg: Cfg, place: CallPlace): Fault | undefined {
  if (place.result === 'dropped' || place.result === 'void') return { variant: 'dropped', message: 'The result of ClusWorkerCreate is dropped: without ERROR_SUCCESS no worker runs.', suggest: true };
  const tests: Expr[] = [];
  if (place.result === 'stored') {
    const uses = usesAfter(place.local!, place, cfg, site.inside, model);
    if (uses.length === 0) return { variant: 'untested', message: `The result of ClusWorkerCreate is stored in '${place.local}' and never tested: without ERROR_SUCCESS no worker runs.` };
    tests.push(...uses.filter((u) => u.kind === 'condition' || isTest(u.e)).map((u) => u.e));
  } else if (place.result === 'condition') {
    const term = cfg.blocks[place.block]!.term;
    if (term.k === 'branch') tests.push(term.cond);
  }
  const bad = tests.map((t) => badTest(t, ctx, site)).filter((t) => t !== undefined);
  if (tests.length > 0 && bad.length === tests.length) return { variant: 'wrong-test', message: `The result of ClusWorkerCreate is tested with ${bad[0]}, which does not tell success from failure: compare it with ERROR_SUCCESS.` };
  return wrongSense(ctx, model, site);
}

function isTest(e: Expr): boolean {
  const x = uncast(e);
  return x.k === 'binary' && /^(?:[=!<>]=|[<>])$/.test(x.op);
}

/** `< 0`, FAILED(), `== TRUE`: always or never true for a Win32 error code. */
function badTest(test: Expr, ctx: RuleContext, site: CreateSite): string | undefined {
  const x = uncast(test);
  const text = (e: Expr): string => ctx.text(site.file.path).slice(e.start, e.end);
  if (x.k === 'call' && x.callee.k === 'name' && /^(?:FAILED|SUCCEEDED|NT_SUCCESS|NT_ERROR|IS_ERROR)$/.test(x.callee.name)) return `${x.callee.name}()`;
  if (x.k !== 'binary') return undefined;
  const right = uncast(x.r);
  const left = uncast(x.l);
  for (const [side, op] of [[right, x.op], [left, flipped(x.op)]] as const) {
    if (side.k === 'name' && /^(?:TRUE|true)$/.test(side.name) && /^[=!]=$/.test(op)) return `${op} TRUE`;
    const zero = side.k === 'num' && side.value === 0;
    if (zero && (op === '<' || op === '>=')) return `${op} 0`;
    if (side.k === 'unary' && side.op === '-' && /^[=!]=$/.test(op)) return `${op} ${text(side)}`;
    if (side.k === 'name' && side.name === 'INVALID_HANDLE_VALUE') return `${op} INVALID_HANDLE_VALUE`;
  }
  return undefined;
}

function flipped(op: string): string {
  return ({ '<': '>', '>': '<', '<=': '>=', '>=': '<=' } as Record<string, string>)[op] ?? op;
}

/** Only the failing branch goes on as a success: it alone returns ERROR_IO_PENDING or ERROR_SUCCESS. */
function wrongSense(ctx: RuleContext, model: ClusterModel, site: CreateSite): Fault | undefined {
  const fn = site.inside;
  if (!fn.ret || fn.ret.ptr > 0 || /^(?:BOOL|BOOLEAN|bool|_Bool|void|VOID)$/.test(fn.ret.base)) return undefined;
  const explorer = new PathExplorer({
    project: ctx.project, depth: 0,
    cfg: (f) => model.graphs.cfg(f),
    enters: () => false,
    matters: (name) => name === 'ClusWorkerCreate',
    callee: () => undefined,
    call: (s) => {
      if (s.call !== site.call) return undefined;
      const failed = pathSymbol(`create${s.call.start}`);
      const no = s.state.constrain(`create${s.call.start}`, { not: [0] });
      return [{ state: s.state.setFact('create', 'ok'), val: pathConstant(0) }, { state: no.setFact('create', 'failed'), val: failed }];
    },
  });
  const walk = explorer.walk(fn);
  if (walk.exhausted) return undefined;
  const goesOn = { ok: 0, failed: 0 };
  const ends = { ok: 0, failed: 0 };
  for (const end of walk.ends) {
    const create = end.state.factText('create');
    if (create !== 'ok' && create !== 'failed') continue;
    ends[create]++;
    const known = end.state.known(end.val);
    if (known?.every((c) => c === 997 || c === 0)) goesOn[create]++;
  }
  if (goesOn.failed > 0 && goesOn.ok === 0 && ends.ok > 0) {
    return { variant: 'wrong-sense', message: 'The result of ClusWorkerCreate is tested in the wrong sense: ERROR_SUCCESS is 0, so the branch that is taken on failure goes on as if the worker ran.' };
  }
  return undefined;
}

function report(ctx: RuleContext, site: CreateSite, fault: Fault): void {
  const fix = fault.suggest ? suggestion(ctx, site) : undefined;
  ctx.report({ file: site.file.path, start: site.call.start, end: site.call.end, variant: fault.variant, message: fault.message, ...(fix && { suggestions: [fix] }) });
}

/** Stores the result in a DWORD local of the function and returns it on failure. */
function suggestion(ctx: RuleContext, site: CreateSite): Fix | undefined {
  const text = ctx.text(site.file.path);
  const ret = site.inside.ret;
  if (!ret || ret.ptr > 0 || !/^(?:DWORD|ULONG)$/.test(ret.base)) return undefined;
  const line = text.lastIndexOf('\n', site.call.start) + 1;
  const indent = /^[ \t]*/.exec(text.slice(line))![0];
  const statementEnd = text.indexOf(';', site.call.end) + 1;
  if (statementEnd === 0) return undefined;
  const name = existing(ctx, site) ?? 'dwStatus';
  const declare = existing(ctx, site) ? '' : 'DWORD ';
  const step = indent.includes('\t') ? '\t' : '    ';
  const head = text.slice(line + indent.length, site.call.start);
  if (head.replace(/\(void\)\s*/, '').trim() !== '') return undefined;
  return {
    title: 'Return the error when no worker was created',
    edits: [{ file: site.file.path, start: line + indent.length, end: statementEnd, text: `${declare}${name} = ${text.slice(site.call.start, site.call.end)};\n${indent}if (${name} != ERROR_SUCCESS) {\n${indent}${step}return ${name};\n${indent}}` }],
  };
}

function existing(ctx: RuleContext, site: CreateSite): string | undefined {
  for (const name of ['sc', 'status', 'dwStatus', 'dwError', 'error', 'result', 'err', 'rc']) {
    const local = ctx.project.localOf(name, site.call.start, site.inside);
    if (local && !local.param && local.nameStart < site.call.start && /^(?:DWORD|ULONG)$/.test(local.type.base)) return name;
  }
  return undefined;
}
