// Uses of a WDFDEVICE_INIT after the call that takes it over. A call that may have failed leaves it usable on the paths on which its
// status was tested and found to be a failure, and where the pointer was found not to be NULL.

import { consumesDeviceInit, makesDeviceInit, ntSuccess, statusTest, usesDeviceInit } from '@drvlint/wdk';
import { successors, type Block, type Cfg } from '../../flow/cfg.js';
import { uncast, visit } from '../../flow/walk.js';
import { solveForward } from '../../flow/worklist.js';
import type { CallExpr, Expr } from '../../model/expr.js';
import type { FileFacts } from '../../model/facts.js';
import type { Func, Project } from '../../model/project.js';
import { perProject, type Analysis } from '../analysis.js';
import { bodies, type Bodies } from '../bodies/body-index.js';
import { fragmentUses, type FragmentUse } from '../bodies/fragments.js';
import { endExpression, expressionsOf, graphs, type Graphs } from '../values/graphs.js';

export interface DeviceInitMisuse {
  /** File and range of the use: another file when it stands in a part that is included in the middle of the function. */
  file: string;
  start: number;
  end: number;
  name: string;
  variable: string;
  /** The call that took it over. */
  created: CallExpr;
}

export const deviceInitMisuses: Analysis<DeviceInits> = perProject('device-init', (project) => new DeviceInits(project));

/** What holds of one WDFDEVICE_INIT variable: taken by this call, whose result may still be in this variable. */
interface Taken { by: CallExpr; status?: string }
type State = ReadonlyMap<string, Taken>;

const fresh: State = new Map();

/** What holds after a block; `seen` is told of every call and what holds before it. */
type Runner = (block: Block, input: State, seen?: (call: CallExpr, state: State) => void) => State;

export class DeviceInits {
  private readonly graphs: Graphs;
  private readonly bodies: Bodies;
  private readonly helpers = new Map<Func, ReadonlySet<number>>();

  constructor(private readonly project: Project) {
    this.graphs = graphs.run(project);
    this.bodies = bodies.run(project);
  }

  of(fn: Func): DeviceInitMisuse[] {
    if (!this.bodies.of(fn).sites.some((s) => consumesDeviceInit(s.name))) return [];
    const cfg = this.graphs.of(fn);
    return cfg ? this.search(cfg, fn) : [];
  }

  /** Misuses in a file that functions of others include in their middle, each with its function. */
  inPart(file: FileFacts): { fn: Func; misuse: DeviceInitMisuse }[] {
    const hosts = new Set(this.project.includersOf(file));
    if (hosts.size === 0 || !file.uses.some((use) => usesDeviceInit(use.name))) return [];
    const functions = this.project.funcs.filter((fn) => fn.def && hosts.has(fn.def.file));
    return functions.flatMap((fn) => this.of(fn).filter((m) => m.file === file.path).map((misuse) => ({ fn, misuse })));
  }

  private nameOf(call: CallExpr, fn: Func): string {
    return this.project.calleeName(call, fn.def!.file) ?? '';
  }

  private search(cfg: Cfg, fn: Func): DeviceInitMisuse[] {
    const found = new Map<string, DeviceInitMisuse>();
    const run: Runner = (block, input, seen) => {
      let state = input;
      for (const step of block.steps) {
        if (step.k === 'decl') state = without(state, step.v.name);
        for (const e of expressionsOf(step)) state = this.after(e, state, fn, seen);
        if (step.k === 'decl' && step.v.init && uncast(step.v.init).k === 'call') state = this.named(step.v.name, uncast(step.v.init), state);
      }
      const end = block.term.k === 'stop' ? undefined : endExpression(cfg, block.id);
      return end ? this.after(end, state, fn, seen) : state;
    };
    const solution = solveForward<State>(cfg, {
      entry: fresh,
      flow: (block, input, emit) => {
        const state = run(block, input);
        const { term } = block;
        if (term.k !== 'branch') return successors(term).forEach((to) => emit(to, state));
        emit(term.ifTrue, this.onBranch(term.cond, true, state, fn));
        emit(term.ifFalse, this.onBranch(term.cond, false, state, fn));
      },
      join,
      visits: 100,
    });
    for (const id of cfg.order) {
      const input = solution.input[id];
      if (input) run(cfg.blocks[id], input, (call, state) => this.judge(call, state, fn, found));
    }
    for (const part of fragmentUses(this.project, fn)) this.judgePart(part, cfg, (id) => solution.input[id], run, found);
    return [...found.values()].sort((a, b) => a.start - b.start);
  }

  /** A use in a part that is included in the middle of the function: what holds before the first step after the include counts. */
  private judgePart(part: FragmentUse, cfg: Cfg, inputOf: (block: number) => State | undefined, run: Runner, found: Map<string, DeviceInitMisuse>): void {
    const variable = part.use.args[0]?.trim();
    if (!variable || !usesDeviceInit(part.use.name)) return;
    let first: { block: Block; steps: number; start: number } | undefined;
    for (const id of cfg.order) {
      const block = cfg.blocks[id];
      const evaluated = [...block.steps.map((s) => expressionsOf(s)[0]), endExpression(cfg, id)];
      evaluated.forEach((e, i) => { if (e && e.start > part.at && (!first || e.start < first.start)) first = { block, steps: i, start: e.start }; });
    }
    const input = first && inputOf(first.block.id);
    const taken = first && input && run({ ...first.block, steps: first.block.steps.slice(0, first.steps), term: { k: 'stop' } }, input).get(variable);
    if (taken) found.set(`${part.file.path}:${part.use.start}`, { file: part.file.path, start: part.use.start, end: part.use.end, name: part.use.name, variable, created: taken.by });
  }

  private judge(call: CallExpr, state: State, fn: Func, found: Map<string, DeviceInitMisuse>): void {
    const name = this.nameOf(call, fn);
    const callee = this.project.calleeOf(call, fn);
    for (const [i, arg] of call.args.entries()) {
      const x = uncast(arg);
      const taken = x.k === 'name' ? state.get(x.name) : undefined;
      if (!taken || x.k !== 'name') continue;
      if (callee?.def ? this.usingParameters(callee).has(i) : i === 0 && usesDeviceInit(name)) found.set(`${fn.def!.file.path}:${call.start}`, { file: fn.def!.file.path, start: call.start, end: call.end, name, variable: x.name, created: taken.by });
    }
  }

  /** Parameters of a project function that it hands to functions that need a WDFDEVICE_INIT. */
  private usingParameters(fn: Func): ReadonlySet<number> {
    const known = this.helpers.get(fn);
    if (known) return known;
    const using = new Set<number>();
    this.helpers.set(fn, using);
    for (const call of fn.def?.decl.body?.calls ?? []) {
      const callee = this.project.calleeOf(call, fn);
      for (const [i, arg] of call.args.entries()) {
        const x = uncast(arg);
        const at = x.k === 'name' ? fn.params.findIndex((p) => p.name === x.name) : -1;
        if (at >= 0 && (callee?.def ? this.usingParameters(callee).has(i) : i === 0 && usesDeviceInit(this.nameOf(call, fn)))) using.add(at);
      }
    }
    return using;
  }

  private after(e: Expr, input: State, fn: Func, seen?: (call: CallExpr, state: State) => void): State {
    let state = input;
    visit(e, (x) => {
      if (x.k === 'call') {
        seen?.(x, state);
        const variable = consumesDeviceInit(this.nameOf(x, fn)) ? pointee(x.args[0]) : undefined;
        if (variable !== undefined) state = new Map([...state, [variable, { by: x }]]);
      } else if (x.k === 'assign' && x.l.k === 'name') {
        const value = uncast(x.r);
        const made = value.k === 'call' && makesDeviceInit(this.nameOf(value, fn));
        state = made || value.k !== 'call' ? without(state, x.l.name) : this.named(x.l.name, value, without(state, x.l.name));
      }
    });
    return state;
  }

  /** `status = WdfDeviceCreate(&init, ...)`: the status says whether it was taken. */
  private named(variable: string, value: Expr, state: State): State {
    const entry = [...state].find(([, taken]) => taken.by === value);
    return entry ? new Map([...state, [entry[0], { by: entry[1].by, status: variable }]]) : state;
  }

  private onBranch(cond: Expr, truth: boolean, state: State, fn: Func): State {
    let next = state;
    for (const [variable, taken] of state) if (this.saysFailed(cond, truth, taken, fn) || saysPresent(cond, truth, variable)) next = without(next, variable);
    return next;
  }

  /** The branch is taken only when the creating call failed. */
  private saysFailed(cond: Expr, truth: boolean, taken: Taken, fn: Func): boolean {
    const x = uncast(cond);
    const isStatus = (e: Expr | undefined): boolean => {
      const y = e && uncast(e);
      return y !== undefined && ((y.k === 'name' && y.name === taken.status) || y === taken.by);
    };
    if (x.k === 'call' && isStatus(x.args[0])) {
      const name = this.nameOf(x, fn);
      return statusTest(name) === 'status' && (name.includes('SUCCESS') ? !truth : name.includes('ERROR') && truth);
    }
    if (x.k !== 'binary' || !isStatus(x.l)) return false;
    const value = this.project.valueOf(x.r, fn.def!.file);
    if (x.op === '==' || x.op === '!=') return value !== undefined && ((x.op === '==') === truth ? !ntSuccess(value) : value === 0);
    return x.op === '>=' ? !truth : x.op === '<' && truth;
  }
}

function pointee(e: Expr | undefined): string | undefined {
  const x = e && uncast(e);
  return x?.k === 'unary' && x.op === '&' && x.e.k === 'name' ? x.e.name : undefined;
}

function without(state: State, variable: string): State {
  const forget = [...state].some(([name, taken]) => name === variable || taken.status === variable);
  if (!forget) return state;
  return new Map([...state].filter(([name]) => name !== variable).map(([name, taken]) => [name, taken.status === variable ? { by: taken.by } : taken]));
}

/** The branch is taken only when the pointer is not NULL, as it is after a success. */
function saysPresent(cond: Expr, truth: boolean, variable: string): boolean {
  const x = uncast(cond);
  if (x.k === 'name') return x.name === variable && truth;
  return x.k === 'binary' && x.l.k === 'name' && x.l.name === variable && (x.op === '!=' ? truth : x.op === '==' && !truth);
}

function join(a: State, b: State): State {
  if ([...b].every(([name, taken]) => { const own = a.get(name); return own?.by === taken.by && own.status === taken.status; })) return a;
  const all = new Map(a);
  for (const [name, taken] of b) {
    const own = all.get(name);
    all.set(name, own && own.status !== taken.status ? { by: own.by } : own ?? taken);
  }
  return all.size === a.size && [...all].every(([name, taken]) => { const own = a.get(name); return own?.by === taken.by && own.status === taken.status; }) ? a : all;
}
