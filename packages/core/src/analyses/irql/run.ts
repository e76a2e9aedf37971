// The analysis of one function: graph, operations, states by block, then one pass over the settled states that records what they say.

import { buildCfg, type CfgHost } from '../../flow/build.js';
import type { Block, Cfg } from '../../flow/cfg.js';
import { addPartitions } from '../../flow/lattice.js';
import { solveForward } from '../../flow/worklist.js';
import type { Expr } from '../../model/expr.js';
import type { FileFacts, FunctionDecl } from '../../model/facts.js';
import type { Stmt } from '../../model/stmt.js';
import type { Func } from '../../model/project.js';
import { withFacts } from './changed.js';
import { Compiler, type Compiled } from './compile.js';
import type { Conditions } from './conditions.js';
import type { Cond } from './ops.js';
import type { Environment } from './environment.js';
import { Frame } from './frame.js';
import { Recorder, type Rules } from './recorder.js';
import { drop, entryLevel, partitions, type Held, type LevelValue, type Part } from './state.js';
import { ReleaseSides } from './release-sides.js';
import { Transfer } from './transfer.js';
import { keysOf } from './useful.js';
import type { EventStep } from './events.js';

/** A way out of the function. */
export interface Exit { p: Part; start: number; end: number; brace: boolean }

export interface Run {
  readonly fn: Func;
  readonly frame: Frame;
  readonly compiled: Compiled;
  readonly transfer: Transfer;
  readonly recorder: Recorder;
  readonly exits: Exit[];
  /** Paths at the start of every block. */
  readonly input: (readonly Part[] | undefined)[];
  readonly settled: boolean;
}

export interface Start {
  rules: Rules;
  entryStep?: EventStep;
  /** Callers will ask how it turns out: keep what they can tell ways out apart by. */
  exports?: boolean;
  /** Parameters that are declared to save the level. */
  slotNames?: ReadonlySet<string>;
  /** Locks held on entry, with the level to go back to. */
  held?(frame: Frame): Held[];
}

/** Times a block may run before its state is frozen. */
const maxVisits = 48;

/** Graph of a function's body with the project's macros in place. */
export function graphOf(fn: Func, host: CfgHost): Cfg {
  const { decl } = fn.def!;
  const stmts = decl.ctorInits ? [...decl.ctorInits.map(initialiser), ...decl.body!.stmts] : decl.body!.stmts;
  return buildCfg({ ...decl.body!, stmts, params: fn.params.map((p) => p.name) }, host);
}

/** `: member(value)` as the assignment it is for a plain member. */
function initialiser(i: NonNullable<FunctionDecl['ctorInits']>[number]): Stmt {
  const at = { start: i.start, end: i.end };
  const l: Expr = { k: 'field', e: { k: 'name', name: 'this', ...at }, name: i.name, arrow: true, nameStart: i.start, ...at };
  const r: Expr = i.args.length === 1 ? i.args[0]! : { k: 'unknown', parts: i.args, ...at };
  return { k: 'expr', e: { k: 'assign', op: '=', l, r, ...at }, ...at };
}

/** `before`: a run on the same graph with the same exports. */
export function runFunction(fn: Func, file: FileFacts, cfg: Cfg, env: Environment, start: Start, before?: Run): Run {
  const frame = before?.frame ?? new Frame(env.project, fn, file, cfg, start.slotNames);
  const compiled = before?.compiled ?? new Compiler(frame, env).compile(start.exports ?? false);
  const recorder = new Recorder(fn, () => compiled.values, start.entryStep);
  recorder.collects = start.rules.collects ?? false;
  recorder.cancel = start.held !== undefined;
  const domain = partitions(compiled.values, env.scale.all, frame.keys.filter((k) => k.tag === 'float' || k.names.some((n) => frame.slotNames.has(n))).map((k) => k.id), compiled.conditions.asksLevel);
  const transfer = new Transfer(frame, compiled, env, start.rules, recorder, domain);
  const dropped = factsThatLoopsChange(frame, compiled);
  const releases = new ReleaseSides(cfg, compiled, transfer);
  const first = firstPart(start, frame);
  const solution = solveForward<readonly Part[]>(cfg, {
    entry: [first],
    visits: maxVisits,
    flow: (block, input, emit) => step(block, transfer.run(compiled.ops[block.id]!, input), compiled, emit, releases),
    join: (into, arriving, block, from) => {
      const keys = dropped.get(block);
      const stays = keys && keys.blocks.has(from) ? arriving.map((p) => without(p, keys.keys)) : arriving;
      return addPartitions(domain, into, stays);
    },
  });
  const run: Run = { fn, frame, compiled, transfer, recorder, exits: [], input: solution.input, settled: solution.settled };
  record(run);
  return run;
}

function firstPart(start: Start, frame: Frame): Part {
  const locks = start.held?.(frame) ?? [];
  const before: LevelValue = locks[0]?.before ?? entryLevel;
  return {
    cur: entryLevel, entry: start.rules.entry, sure: start.rules.entry, initial: [], saved: [], locks, owed: [], released: [], base: before, pending: undefined, facts: [],
    stale: [], muted: 0, vague: false, trail: undefined,
  };
}

function without(p: Part, keys: readonly number[]): Part {
  const facts = drop(p.facts, keys);
  return facts === p.facts ? p : withFacts(p, facts);
}

function step(block: Block, paths: readonly Part[], compiled: Compiled, emit: (to: number, s: readonly Part[]) => void, releases: ReleaseSides): void {
  const t = block.term;
  const send = (to: number, list: readonly Part[]): void => { if (list.length > 0) emit(to, list); };
  if (t.k === 'goto') return send(t.to, paths);
  const { conditions } = compiled;
  if (t.k === 'branch') {
    const { cond } = compiled.decisions[block.id] as { cond: Cond };
    const sided = releases.sides(block, t, paths);
    const now = sided ? paths : renewed(paths, cond, conditions);
    const side = (want: boolean): readonly Part[] => {
      if (cond.k === 'any' && !sided) return now;
      const left: Part[] = [];
      for (const p of now) {
        const q = sided?.get(p) === !want ? undefined : conditions.assume(p, cond, want);
        if (q) left.push(q);
      }
      return left;
    };
    send(t.ifTrue, side(true));
    send(t.ifFalse, side(false));
  } else if (t.k === 'switch') {
    const { cases } = compiled.decisions[block.id] as { cases: (Cond | undefined)[] };
    let left = [...paths];
    t.cases.forEach((c, i) => {
      const cond = cases[i];
      send(c.to, cond ? paths.map((p) => conditions.assume(p, cond, true)).filter((p) => p !== undefined) : paths);
      if (cond) left = left.map((p) => conditions.assume(p, cond, false)).filter((p) => p !== undefined);
    });
    send(t.otherwise, left);
  }
}

/**
 * The paths of a test that asks again, under a lock, what all of them knew before they acquired it: what they knew then is old. Where some
 * path knows the opposite the test tells paths apart, and counts.
 */
function renewed(paths: readonly Part[], cond: Cond, conditions: Conditions): readonly Part[] {
  if (paths.every((p) => p.stale.length === 0)) return paths;
  const keys = keysOf(cond);
  if (keys.length === 0 || paths.length === 0 || !paths.every((p) => keys.some((k) => p.stale.includes(k)))) return paths;
  const none = (want: boolean): boolean => paths.every((p) => conditions.assume(p, cond, want) === undefined);
  return none(true) || none(false) ? paths.map((p) => without(p, keys)) : paths;
}

/** Facts about memory that end a loop: the body is assumed to change them, or the loop would never end. */
function factsThatLoopsChange(frame: Frame, compiled: Compiled): Map<number, { blocks: Set<number>; keys: number[] }> {
  const found = new Map<number, { blocks: Set<number>; keys: number[] }>();
  for (const loop of frame.cfg.loops) {
    const keys = new Set<number>();
    for (const id of loop.blocks) {
      const t = frame.cfg.blocks[id]!.term;
      const d = compiled.decisions[id];
      if (t.k !== 'branch' || d?.k !== 'branch' || (loop.blocks.has(t.ifTrue) && loop.blocks.has(t.ifFalse))) continue;
      for (const key of keysOf(d.cond)) if (frame.keys[key]!.memory || frame.keys[key]!.names.some((n) => frame.isLocal(n))) keys.add(key);
    }
    if (keys.size > 0) found.set(loop.header, { blocks: loop.blocks, keys: [...keys] });
  }
  return found;
}

/** Runs every block once more on its settled input and records events, demands and exits. */
function record(run: Run): void {
  const { frame, compiled, transfer, recorder } = run;
  recorder.on = true;
  for (const id of frame.cfg.order) {
    const input = run.input[id];
    if (!input) continue;
    const out = transfer.run(compiled.ops[id]!, input);
    const block = frame.cfg.blocks[id]!;
    if (block.term.k !== 'exit') continue;
    const last = block.steps.at(-1);
    const at = last?.k === 'return' ? { start: last.start, end: last.end, brace: false } : { start: block.term.at, end: block.term.at + 1, brace: true };
    for (const p of out) run.exits.push({ p, ...at });
  }
}
