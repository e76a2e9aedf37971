// Floating-point state: uses of floating-point variables that no saved state protects, and functions that declare to save or restore
// the state but have a way out without it, or with a result nobody looked at.

import type { Step } from '../../flow/cfg.js';
import { solveForward } from '../../flow/worklist.js';
import { some, uncast } from '../../flow/walk.js';
import { salOf } from '../../model/annotations-of.js';
import type { Sal } from '../../model/annotations.js';
import type { Expr } from '../../model/expr.js';
import type { Func, Project } from '../../model/project.js';
import { perProject, type Analysis } from '../analysis.js';
import { bodies } from '../bodies/body-index.js';
import { callGraph } from '../bodies/callers.js';
import { irqlEngineOf } from './engine-of.js';
import type { IrqlEngine } from './engine.js';
import type { Frame } from './frame.js';
import { meaningOf } from './meaning.js';
import type { CallOp, Cond } from './ops.js';
import type { Run } from './run.js';

export interface FloatFinding { func: Func; file: string; start: number; end: number; why: 'unprotected' | 'missing' | 'ignored'; at: { start: number; end: number } }

export const floatState: Analysis<FloatState> = perProject('float-state', (project) => new FloatState(irqlEngineOf(project)));

/** Names of floating-point types. */
const floating = new Set(['float', 'double', 'long double', 'FLOAT', 'DOUBLE', 'LONGDOUBLE']);

/** How far a path is: nothing called, called and not looked at (`key`), dropped, known to have worked, known to have failed. */
type Phase = { k: 'none' | 'ignored' | 'done' | 'failed' } | { k: 'pending'; key: number };

export class FloatState {
  private readonly uses = new Map<Func, FloatFinding | undefined>();
  private readonly covered = new Map<Func, boolean>();

  constructor(private readonly engine: IrqlEngine) {}

  /** The first use of floating point in a function that no saved state protects. */
  unprotected(fn: Func): FloatFinding | undefined {
    const use = this.useIn(fn);
    return use && !this.isCovered(fn, 0) ? use : undefined;
  }

  /** It is declared to save the state, and has a way out on which it did not. */
  notSaved(fn: Func): FloatFinding | undefined {
    return this.says(fn, 'float-saved') ? this.exits(fn, false) : undefined;
  }

  notRestored(fn: Func): FloatFinding | undefined {
    return this.says(fn, 'float-restored') ? this.exits(fn, true) : undefined;
  }

  private says(fn: Func, ...kinds: Sal['kind'][]): boolean {
    const { project } = this.engine;
    return this.engine.isAnalysed(fn) && project.kindOf(fn.def!.file) === 'kernel' && salOf(project, fn).some((s) => kinds.includes(s.kind));
  }

  private useIn(fn: Func): FloatFinding | undefined {
    if (!this.uses.has(fn)) this.uses.set(fn, this.findUse(fn));
    return this.uses.get(fn);
  }

  /** A function called only where its callers have saved the state needs not save it again. */
  private isCovered(fn: Func, depth: number): boolean {
    const known = this.covered.get(fn);
    if (known !== undefined) return known;
    this.covered.set(fn, false);
    const calls = callGraph.run(this.engine.project).callersOf(fn);
    const all = depth < 8 && calls.length > 0 && calls.every((c) => this.isSavedAt(c.fn, c.call) || this.isCovered(c.fn, depth + 1));
    this.covered.set(fn, all);
    return all;
  }

  private isSavedAt(fn: Func, call: Expr): boolean {
    if (salOf(this.engine.project, fn).some((s) => s.kind === 'float-used')) return true;
    const run = this.engine.runOf(fn);
    if (!run) return false;
    const input = this.savedAt(run.frame);
    for (const id of run.frame.cfg.order) {
      let saved = input[id] ?? false;
      for (const s of run.frame.cfg.blocks[id]!.steps) {
        const at = s.k === 'eval' ? s.e : s.k === 'return' ? s.e : s.k === 'decl' ? s.v.init : undefined;
        if (saved && at && at.start <= call.start && call.end <= at.end) return true;
        saved ||= saves(s);
      }
      const { term } = run.frame.cfg.blocks[id]!;
      if (saved && term.k === 'branch' && term.cond.start <= call.start && call.end <= term.cond.end) return true;
    }
    return false;
  }

  // --- functions that promise to save or restore ----------------------------------------------------------

  private exits(fn: Func, restores: boolean): FloatFinding | undefined {
    const run = this.engine.runOf(fn);
    if (!run) return undefined;
    const solution = solveForward<readonly Phase[]>(run.frame.cfg, {
      entry: [{ k: 'none' }],
      visits: 64,
      flow: (block, input, emit) => {
        const now = this.through(run, block.id, input, restores);
        const t = block.term;
        const d = run.compiled.decisions[block.id];
        if (t.k === 'goto') emit(t.to, now);
        else if (t.k === 'branch' && d?.k === 'branch') {
          emit(t.ifTrue, now.map((p) => tested(p, d.cond, true)));
          emit(t.ifFalse, now.map((p) => tested(p, d.cond, false)));
        } else if (t.k === 'switch') for (const to of [...t.cases.map((c) => c.to), t.otherwise]) emit(to, now);
      },
      join: union,
    });
    const ends = run.frame.cfg.order.filter((id) => run.frame.cfg.blocks[id]!.term.k === 'exit');
    const last = ends.flatMap((id) => this.through(run, id, solution.input[id] ?? [], restores).map((p) => ({ p, id })));
    const bad = last.find((x) => x.p.k === 'none') ?? last.find((x) => x.p.k === 'ignored' || x.p.k === 'pending');
    if (!bad) return undefined;
    const { decl, file } = fn.def!;
    const step = run.frame.cfg.blocks[bad.id]!.steps.at(-1);
    const at = step?.k === 'return' ? { start: step.start, end: step.end } : { start: run.frame.cfg.end, end: run.frame.cfg.end + 1 };
    return { func: fn, file: file.path, start: decl.nameStart, end: decl.nameEnd, why: bad.p.k === 'none' ? 'missing' : 'ignored', at };
  }

  private through(run: Run, block: number, input: readonly Phase[], restores: boolean): readonly Phase[] {
    let now = input;
    for (const op of run.compiled.ops[block]!) {
      if (op.k !== 'call' || op.act?.k !== 'float') continue;
      if (op.act.restores === restores) now = [called(op)];
      else if (restores) now = now.map((p) => (p.k === 'none' && op.result >= 0 ? { k: 'pending', key: -2 - op.result } : p));
    }
    return now;
  }

  // --- uses ---------------------------------------------------------------------------------------------

  private mentionsFloat(fn: Func): boolean {
    const declared = fn.params.some((p) => isFloating(p.type)) || bodies.run(this.engine.project).of(fn).locals.some((v) => isFloating(v.type));
    return declared && !isConstexpr(fn, this.engine.project);
  }

  private findUse(fn: Func): FloatFinding | undefined {
    const { engine } = this;
    if (!engine.isAnalysed(fn) || engine.project.kindOf(fn.def!.file) !== 'kernel' || !this.mentionsFloat(fn) || this.says(fn, 'float-saved', 'float-restored', 'float-used')) return undefined;
    const run = engine.runOf(fn);
    if (!run) return undefined;
    const { frame } = run;
    const input = this.savedAt(frame);
    for (const id of frame.cfg.order) {
      let saved = input[id] ?? false;
      for (const s of frame.cfg.blocks[id]!.steps) {
        saved ||= saves(s);
        const use = saved ? undefined : useOf(s, frame);
        if (use) return { func: fn, file: frame.file.path, start: use.start, end: use.end, why: 'unprotected', at: use };
      }
    }
    return undefined;
  }

  /** Whether the state has been saved when a block begins. */
  private savedAt(frame: Frame): (boolean | undefined)[] {
    return solveForward<boolean>(frame.cfg, {
      entry: false,
      visits: 8,
      flow: (block, input, emit) => {
        const now = block.steps.reduce((saved, s) => saved || saves(s), input);
        const t = block.term;
        if (t.k === 'goto') emit(t.to, now);
        else if (t.k === 'branch') { emit(t.ifTrue, now); emit(t.ifFalse, now); } else if (t.k === 'switch') for (const to of [...t.cases.map((c) => c.to), t.otherwise]) emit(to, now);
      },
      join: (a, b) => a || b,
    }).input;
  }
}

/** Worked out by the compiler where its arguments are constants, which is what it is written for. */
function isConstexpr(fn: Func, project: Project): boolean {
  const { decl, file } = fn.def!;
  return file.language === 'cpp' && /\bconst(?:expr|eval)\b/.test(project.textOf(file.path).slice(decl.start, decl.nameStart));
}

export function isFloating(type: { base: string; ptr: number }): boolean {
  return type.ptr === 0 && floating.has(type.base);
}

function called(op: CallOp): Phase {
  return op.target ? (op.result >= 0 ? { k: 'pending', key: op.result } : { k: 'ignored' }) : { k: 'ignored' };
}

/** What a test of the result makes of a path. A failed save leaves nothing to restore. */
function tested(p: Phase, cond: Cond, holds: boolean): Phase {
  if (p.k !== 'pending' || !('key' in cond)) return p;
  const other = p.key <= -2;
  if (cond.key !== (other ? -2 - p.key : p.key)) return p;
  const success = cond.k === 'sign' ? (cond.sign === 1) === holds : cond.k === 'compare' ? ((cond.op === '==') === holds) === (cond.c === 0) : (cond.k === 'truth' ? cond.negated !== holds : true);
  if (other) return success ? { k: 'none' } : { k: 'failed' };
  return { k: 'done' };
}

function union(a: readonly Phase[], b: readonly Phase[]): readonly Phase[] {
  const more = b.filter((p) => !a.some((q) => q.k === p.k && (q.k !== 'pending' || q.key === (p as { key: number }).key)));
  return more.length === 0 ? a : [...a, ...more];
}

function saves(s: Step): boolean {
  const e = s.k === 'eval' ? s.e : s.k === 'decl' ? s.v.init : undefined;
  return e !== undefined && some(e, (x) => x.k === 'call' && x.callee.k === 'name' && meaningOf(x.callee.name)?.special?.k === 'float-save');
}

/** First floating-point variable read or written in a step; a constant initialiser is no use. */
function useOf(s: Step, frame: Frame): Expr | undefined {
  const e = s.k === 'eval' ? s.e : s.k === 'return' ? s.e : s.k === 'decl' ? s.v.init : undefined;
  if (!e || (s.k === 'decl' && uncast(e).k === 'num')) return undefined;
  let found: Expr | undefined;
  some(e, (x) => {
    if (x.k !== 'name') return false;
    const type = frame.typeOfLocal(x.name) ?? frame.project.variable(x.name, frame.file)?.decl.type;
    if (!type || !isFloating(type)) return false;
    if (!found || x.start < found.start) found = x;
    return false;
  });
  return found;
}
