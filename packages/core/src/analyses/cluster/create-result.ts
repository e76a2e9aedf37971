// Whether the result of a ClusWorkerCreate decides what happens next, and in the right sense.

import type { Cfg } from '../../flow/cfg.js';
import type { Expr } from '../../model/expr.js';
import type { TypeRef } from '../../model/types.js';
import { Explorer } from '../paths/explore.js';
import { constant, symbol } from '../paths/value.js';
import { uncast } from './api.js';
import type { ClusterModel } from './model.js';
import { placeOfCall, usesAfter } from './value-flow.js';
import type { CreateSite } from './workers.js';

export interface CreateFault {
  variant: 'dropped' | 'untested' | 'wrong-test' | 'wrong-sense';
  /** Local that holds the result. */
  local?: string;
  /** The test as written: `< 0`, `FAILED()`. */
  test?: string;
}

export function createFault(model: ClusterModel, site: CreateSite): CreateFault | undefined {
  const cfg = model.graphs.cfg(site.inside);
  const place = cfg && placeOfCall(site.call, cfg);
  if (!cfg || !place) return undefined;
  if (place.result === 'dropped' || place.result === 'void') return { variant: 'dropped' };
  const tests: Expr[] = [];
  if (place.result === 'stored' && staysHere(place.local!, site, model)) {
    const uses = usesAfter(place.local!, place, cfg, site.inside, model);
    if (uses.length === 0) return { variant: 'untested', local: place.local! };
    tests.push(...uses.filter((u) => u.kind === 'condition' || isTest(u.e)).map((u) => u.e));
  } else if (place.result === 'condition') tests.push(...conditionAt(cfg, place.block));
  const bad = tests.map((t) => badTest(t, model, site)).filter((t) => t !== undefined);
  if (tests.length > 0 && bad.length === tests.length) return { variant: 'wrong-test', test: bad[0]! };
  return wrongSense(model, site) ? { variant: 'wrong-sense' } : undefined;
}

/** A local that nobody outside of the function reads: no global, no reference, no static. */
function staysHere(name: string, site: CreateSite, model: ClusterModel): boolean {
  if (name.startsWith('$')) return true;
  const local = model.project.localOf(name.replace(/#\d+$/, ''), site.call.end, site.inside);
  return local !== undefined && local.type.ref === undefined && local.v?.isStatic !== true;
}

function conditionAt(cfg: Cfg, block: number): Expr[] {
  const term = cfg.blocks[block]!.term;
  return term.k === 'branch' ? [term.cond] : [];
}

function isTest(e: Expr): boolean {
  const x = uncast(e);
  return x.k === 'binary' && /^(?:[=!<>]=|[<>])$/.test(x.op);
}

/** `< 0`, FAILED(), `== TRUE`: always or never true for a Win32 error code. */
function badTest(test: Expr, model: ClusterModel, site: CreateSite): string | undefined {
  const x = uncast(test);
  if (x.k === 'call' && x.callee.k === 'name' && /^(?:FAILED|SUCCEEDED|NT_SUCCESS|NT_ERROR|IS_ERROR)$/.test(x.callee.name)) return `${x.callee.name}()`;
  if (x.k !== 'binary') return undefined;
  for (const [side, op] of [[uncast(x.r), x.op], [uncast(x.l), flipped(x.op)]] as const) {
    if (side.k === 'name' && /^(?:TRUE|true|INVALID_HANDLE_VALUE)$/.test(side.name) && /^[=!]=$/.test(op)) return `${op} ${side.name}`;
    const value = side.k === 'num' || side.k === 'unary' ? model.project.valueOf(side, site.file) : undefined;
    if (value === 0 && (op === '<' || op === '>=')) return `${op} 0`;
    if (value !== undefined && value < 0 && /^[=!]=$/.test(op)) return `${op} ${value}`;
  }
  return undefined;
}

function flipped(op: string): string {
  return ({ '<': '>', '>': '<', '<=': '>=', '>=': '<=' } as Record<string, string>)[op] ?? op;
}

/** A result in which zero is a success: no pointer, no truth value, nothing. */
function isErrorCode(ret: TypeRef, site: CreateSite, model: ClusterModel): boolean {
  const full = model.project.canonical(ret, site.file);
  return full.ptr === 0 && full.fn === undefined && full.ref === undefined && !/^(?:bool|_Bool|void)$/.test(full.base) && !/^(?:BOOL|BOOLEAN|bool|_Bool|void|VOID|LPVOID|PVOID|HANDLE|RESID)$/.test(ret.base) && !/^(?:auto|LP|P)[A-Z_]*$/.test(ret.base);
}

/** Only the failing branch goes on as a success: it alone returns ERROR_IO_PENDING or ERROR_SUCCESS. */
function wrongSense(model: ClusterModel, site: CreateSite): boolean {
  const fn = site.inside;
  if (!fn.ret || !isErrorCode(fn.ret, site, model)) return false;
  const explorer = new Explorer({
    project: model.project, depth: 0,
    cfg: (f) => model.graphs.cfg(f), enters: () => false, matters: (name) => name === 'ClusWorkerCreate', callee: () => undefined,
    call: (s) => {
      if (s.call !== site.call) return undefined;
      const id = `create${s.call.start}`;
      return [{ state: s.state.setFact('create', 'ok'), val: constant(0) }, { state: s.state.constrain(id, { not: [0] }).setFact('create', 'failed'), val: symbol(id) }];
    },
  });
  const walk = explorer.walk(fn);
  if (walk.exhausted) return false;
  let okEnds = 0;
  let okGoesOn = false;
  let failedGoesOn = false;
  const pending = { ok: false, failed: false };
  for (const end of walk.ends) {
    const create = end.state.factText('create');
    const known = end.state.known(end.val);
    const goesOn = known !== undefined && known.length > 0 && known.every((c) => c === 997 || c === 0);
    const isPending = known !== undefined && known.length === 1 && known[0] === 997;
    if (create === 'ok') { okEnds++; okGoesOn ||= goesOn; pending.ok ||= isPending; }
    if (create === 'failed') { failedGoesOn ||= goesOn; pending.failed ||= isPending; }
  }
  return okEnds > 0 && ((failedGoesOn && !okGoesOn) || (pending.failed && !pending.ok));
}
