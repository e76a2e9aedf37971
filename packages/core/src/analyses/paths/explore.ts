// Walks the feasible paths of a function, following calls of project functions that matter. Every block is entered once per distinct
// state; when there are too many, states are joined. The host says what calls do and sees every step, branch and end.

import type { Block, Cfg, Step, Terminator } from '../../flow/cfg.js';
import type { CallExpr, CondExpr, Expr, NewExpr } from '../../model/expr.js';
import type { Func, Project } from '../../model/project.js';
import { Evaluator, pointeeOfVal, strip, type CallSite, type Frame, type Outcome } from './eval.js';
import { liveNames, type Live } from './live.js';
import { State } from './state.js';
import { constant, symbol, type Val } from './value.js';

export interface PathHost {
  readonly project: Project;
  cfg(fn: Func): Cfg | undefined;
  /** What a call does, when the host knows better than the body: outcomes, or undefined to go on. */
  call?(site: CallSite, evaluate: Evaluator): Outcome[] | undefined;
  /** Whether the body of a called function is walked at this call. */
  enters(fn: Func): boolean;
  /** The arguments of the call must be known precisely. */
  matters(name: string | undefined, call: CallExpr, inside: Func): boolean;
  /** Members whose values are kept whether or not a later decision names them. */
  readonly members?: ReadonlySet<string>;
  /** Function a call means. */
  callee(site: CallSite): Func | undefined;
  /** A step is about to run in the function asked about or one it calls. */
  step?(step: Step, frame: Frame, state: State, evaluate: Evaluator): State | void;
  /** The steps of a block are done. */
  leave?(block: Block, frame: Frame, state: State): State;
  /** A condition is about to be decided: the way that must be taken, when the host knows. */
  prefer?(block: Block, ways: readonly Way[], frame: Frame): readonly Way[];
  /** A `new` made an object. */
  created?(e: NewExpr, loc: string, state: State): State;
  /** A `?:` without effects goes one of both ways. */
  chosen?(e: CondExpr, truth: boolean, state: State): State;
  /** The outcomes of a call that was walked, before the caller sees them. */
  returned?(fn: Func, outcomes: Outcome[], site: CallSite): Outcome[];
  /** Functions entered below the one asked about: at most this deep. */
  readonly depth?: number;
}

export interface Way { readonly state: State; readonly to: number; readonly truth?: boolean }

export interface End {
  readonly state: State;
  readonly val: Val;
  /** The return statement, or the closing brace. */
  readonly start: number;
  readonly end: number;
  readonly e?: Expr;
}

/** The walk as a graph: nodes are (block, state) of the function asked about. */
export interface Node { readonly block: number; readonly state: State; readonly to: number[] }

export interface Walk { readonly ends: End[]; readonly nodes: Node[]; /** States were joined or the budget ran out. */ coarse: boolean; exhausted: boolean }

const MAX_STATES = 48;
const MAX_STEPS = 60_000;
const MAX_DEPTH = 5;

export class Explorer {
  readonly evaluate: Evaluator;
  private budget = MAX_STEPS;
  private readonly lives = new Map<Func, Live>();
  private readonly names = new Map<Func, ReadonlySet<string>>();
  private readonly active: Func[] = [];
  private readonly keeps: ((loc: string) => boolean)[] = [];
  private exhausted = false;
  private coarse = false;

  constructor(private readonly host: PathHost) {
    this.evaluate = new Evaluator({ project: host.project, call: (site) => this.call(site), ...(host.chosen && { chosen: (e, truth, state) => host.chosen!(e, truth, state) }), ...(host.created && { created: (e, loc, state) => host.created!(e, loc, state) }) });
  }

  /** Walks a function from its entry, or one loop of it from its header (`within`: its blocks). */
  walk(fn: Func, entry: State = State.empty, from?: { block: number; within: ReadonlySet<number> }): Walk {
    const cfg = this.host.cfg(fn);
    this.budget = MAX_STEPS;
    this.exhausted = this.coarse = false;
    if (!cfg || cfg.gaveUp !== undefined) return { ends: [], nodes: [], coarse: true, exhausted: true };
    const frame: Frame = { fn, id: `f${fn.id}:`, locals: this.localNames(fn, cfg), depth: 0 };
    const walk = this.body(cfg, frame, entry, from);
    return { ...walk, coarse: this.coarse, exhausted: this.exhausted };
  }

  private body(cfg: Cfg, frame: Frame, entry: State, from?: { block: number; within: ReadonlySet<number> }): { ends: End[]; nodes: Node[] } {
    const live = this.live(frame.fn, cfg);
    const nodes: Node[] = [];
    const ends: End[] = [];
    const seen = new Map<string, number>();
    const counts = new Int32Array(cfg.blocks.length);
    const joined = new Map<number, State>();
    const todo: number[] = [];
    this.active.push(frame.fn);
    const enter = (block: number, arriving: State): number => {
      let state = this.prune(arriving, frame, live[block]!);
      if (counts[block]! >= MAX_STATES) {
        this.coarse = true;
        const before = joined.get(block);
        state = before ? before.join(state, `${frame.id}${block}`) : state;
        joined.set(block, state);
      }
      const key = `${block}|${state.text()}`;
      const known = seen.get(key);
      if (known !== undefined) return known;
      counts[block]!++;
      const n = nodes.push({ block, state, to: [] }) - 1;
      seen.set(key, n);
      todo.push(n);
      return n;
    };
    enter(from?.block ?? cfg.entry, entry);
    while (todo.length > 0) {
      if (this.budget-- <= 0) { this.exhausted = true; break; }
      const node = nodes[todo.pop()!]!;
      const block = cfg.blocks[node.block]!;
      for (const way of this.block(block, frame, node.state, ends)) {
        if (from && !from.within.has(way.to)) continue;
        const to = enter(way.to, way.state);
        if (!node.to.includes(to)) node.to.push(to);
      }
    }
    this.active.pop();
    return { ends, nodes };
  }

  private block(block: Block, frame: Frame, state: State, ends: End[]): readonly Way[] {
    let states: State[] = [state];
    for (const step of block.steps) {
      const next: State[] = [];
      for (const s of states) {
        const seen = this.host.step?.(step, frame, s, this.evaluate) ?? s;
        if (step.k === 'return') this.end(step, frame, seen, ends);
        else next.push(...this.step(step, frame, seen));
      }
      if (step.k === 'return') { states = []; break; }
      states = dedupe(next);
    }
    const term = block.term;
    if (term.k === 'exit') {
      for (const s of states) ends.push({ state: s, val: symbol('?void'), start: term.at, end: term.at + 1 });
      return [];
    }
    if (this.host.leave) states = states.map((s) => this.host.leave!(block, frame, s));
    const ways = states.flatMap((s) => this.ways(term, frame, s));
    return this.host.prefer && ways.length > 1 ? this.host.prefer(block, ways, frame) : ways;
  }

  private end(step: Step & { k: 'return' }, frame: Frame, state: State, ends: End[]): void {
    const place = { start: step.start, end: step.end };
    if (!step.e) ends.push({ state, val: symbol('?void'), ...place });
    else for (const o of this.evaluate.run(step.e, frame, state)) ends.push({ state: o.state, val: o.val, e: step.e, ...place });
  }

  private step(step: Step, frame: Frame, state: State): State[] {
    if (step.k === 'eval') return this.evaluate.run(step.e, frame, state).map((o) => o.state);
    if (step.k === 'decl') return this.evaluate.declare(step.v, frame, state);
    return [state];
  }

  private ways(term: Terminator, frame: Frame, state: State): Way[] {
    switch (term.k) {
      case 'goto': return [{ state, to: term.to }];
      case 'branch':
        if (term.cond.k === 'unknown' && term.cond.parts.length === 0) return [{ state, to: term.ifTrue, truth: true }, { state, to: term.ifFalse, truth: false }];
        return this.evaluate.decide(term.cond, frame, state).map((d) => ({ state: d.state, to: d.truth ? term.ifTrue : term.ifFalse, truth: d.truth }));
      case 'switch': return this.evaluate.run(term.e, frame, state).flatMap((o) => this.cases(term, o, frame));
      default: return [];
    }
  }

  private cases(term: Terminator & { k: 'switch' }, o: Outcome, frame: Frame): Way[] {
    const ways: Way[] = [];
    let rest: State | undefined = o.state;
    const loc = this.evaluate.locate(strip(term.e), frame, o.state);
    for (const c of term.cases) {
      if (!rest) break;
      const v = c.v && !c.hi ? this.evaluate.value(c.v, frame, o.state) : undefined;
      const set = v?.k === 'set' ? v.c : undefined;
      if (!set) { ways.push({ state: rest, to: c.to }); continue; }
      const taken: State | undefined = rest.assume(o.val, set, true);
      if (taken) ways.push({ state: taken.narrow(loc, set), to: c.to });
      rest = rest.assume(o.val, set, false);
    }
    if (rest) ways.push({ state: rest, to: term.otherwise });
    return ways;
  }

  private call(site: CallSite): Outcome[] | undefined {
    const own = this.host.call?.(site, this.evaluate);
    if (own) return own;
    const fn = this.host.callee(site);
    if (!fn) return undefined;
    const cfg = this.host.cfg(fn);
    const known = cfg && cfg.gaveUp === undefined && !this.active.includes(fn) && site.frame.depth < (this.host.depth ?? MAX_DEPTH) && this.host.enters(fn);
    if (!known || this.exhausted) return undefined;
    return this.inline(fn, cfg, site);
  }

  private inline(fn: Func, cfg: Cfg, site: CallSite): Outcome[] {
    const frame: Frame = { fn, id: `f${fn.id}:`, locals: this.localNames(fn, cfg), caller: site.frame, depth: site.frame.depth + 1, ...(isLambda(fn) && { closure: site.frame }) };
    const entry = this.bind(fn, frame, site);
    this.keeps.push((loc) => !loc.startsWith(frame.id));
    const { ends } = this.body(cfg, frame, entry);
    this.keeps.pop();
    const outcomes = ends.map((e) => ({ state: this.leave(e.state, frame, e.val), val: this.outward(e, frame, site) }));
    const merged = mergeOutcomes(outcomes);
    return this.host.returned?.(fn, merged, site) ?? merged;
  }

  private bind(fn: Func, frame: Frame, site: CallSite): State {
    let state = site.state;
    fn.params.forEach((p: { name: string; type: { ref?: string } }, i: number) => {
      const arg = site.call.args[i];
      if (!p.name) return;
      const loc = `${frame.id}${p.name}`;
      if (p.type.ref && arg) {
        const target = this.evaluate.locate(arg, site.frame, site.state);
        state = state.setFact(`ref ${loc}`, target ?? '');
        if (target === undefined) state = state.forget(loc, String(site.call.start));
      } else state = arg && site.args[i] ? state.write(loc, site.args[i]!) : state.forget(loc, String(site.call.start));
    });
    const callee = strip(site.call.callee);
    if (callee.k === 'field') {
      const self = callee.arrow ? this.evaluate.pointeeOf(callee.e, site.frame, site.state) : this.evaluate.locate(callee.e, site.frame, site.state);
      state = state.write(`${frame.id}this`, self === undefined ? symbol(`?this${site.call.start}`) : symbol(`&${self}`));
    } else if (site.frame.fn.def?.decl.scope.at(-1)?.kind === 'class') state = state.write(`${frame.id}this`, state.read(`${site.frame.id}this`));
    return state;
  }

  /** A returned reference to the callee's own locals would dangle: only what outlives it is kept. */
  private outward(e: End, frame: Frame, site: CallSite): Val {
    if (e.val.k === 'set') return e.val;
    const known = e.state.known(e.val);
    if (known) return constant(...known);
    const pointee = pointeeOfVal(e.val);
    return pointee?.startsWith(frame.id) && !pointee.startsWith(`${frame.id}this`) ? symbol(`?ret${site.call.start}`) : e.val;
  }

  /** Drops the callee's locals; symbols that a returned value uses stay. */
  private leave(state: State, frame: Frame, val: Val): State {
    const keep = val.k === 'sym' ? val.id : undefined;
    let next = state.prune((loc) => !loc.startsWith(frame.id) || loc === keep);
    for (const f of next.facts()) if (f.startsWith(`ref ${frame.id}`)) next = next.setFact(f, '');
    return next;
  }

  private prune(state: State, frame: Frame, live: ReadonlySet<string>): State {
    return state.prune((loc) => {
      if (loc.startsWith(frame.id) && !/[.*[]/.test(loc)) return live.has(loc.slice(frame.id.length).replace('!zero', '')) || loc.endsWith(':this');
      const name = lastName(loc);
      if (live.has(name) || this.host.members?.has(name)) return true;
      return frame.depth > 0 || name === '' || /\*(?:!zero)?$/.test(loc);
    });
  }

  private live(fn: Func, cfg: Cfg): Live {
    let known = this.lives.get(fn);
    if (!known) this.lives.set(fn, known = liveNames(cfg, (call) => this.matters(call, fn)));
    return known;
  }

  private matters(call: Expr & { k: 'call' }, inside: Func): boolean {
    const callee = strip(call.callee);
    if (this.host.matters(callee.k === 'name' ? callee.name : undefined, call, inside)) return true;
    const fn = this.host.project.calleeOf(call, inside);
    return fn !== undefined && this.host.enters(fn);
  }

  /** Names of parameters and locals of a function as its graph spells them. */
  localNames(fn: Func, cfg: Cfg): ReadonlySet<string> {
    let known = this.names.get(fn);
    if (known) return known;
    const names = new Set<string>(fn.params.map((p) => p.name).filter(Boolean));
    for (const b of cfg.blocks) {
      for (const s of b.steps) {
        if (s.k === 'decl') names.add(s.v.name);
        if (s.k === 'eval' && s.e.k === 'assign' && s.e.l.k === 'name' && s.e.l.name.startsWith('$')) names.add(s.e.l.name);
      }
    }
    this.names.set(fn, known = names);
    return known;
  }
}

/** `f1:p*.Worker` -> `Worker`. */
function lastName(loc: string): string {
  const m = /(?<![\w$~#])([\w$~#]+)(?:\[\d+\])*$/.exec(loc.replace('!zero', ''));
  return m ? m[1]! : '';
}

function dedupe(states: State[]): State[] {
  if (states.length < 2) return states;
  return [...new Map(states.map((s) => [s.text(), s])).values()];
}

function mergeOutcomes(list: Outcome[]): Outcome[] {
  const byText = new Map(list.map((o) => [`${o.state.text()}|${o.val.k === 'set' ? o.val.c.join() : o.val.id}`, o]));
  return [...byText.values()];
}

/** A lambda sees the locals of the function that calls it: local lambdas are the only ones that can be told. */
function isLambda(fn: Func): boolean {
  return fn.name === '(lambda)';
}
