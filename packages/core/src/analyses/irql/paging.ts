// Pageable code: which functions are placed in a pageable section, which say so with PAGED_CODE(), and waits begun inside them.

import { isPagedCodeMacro, sectionKind, waitArgument } from '@drvlint/wdk';
import { expand, expandStatementMacro, type Expansion } from '../../flow/rewrite-expr.js';
import { visit } from '../../flow/walk.js';
import type { CallExpr, Expr, NameExpr } from '../../model/expr.js';
import type { MacroDef } from '../../model/facts.js';
import type { Func, Project } from '../../model/project.js';
import { walkStmts } from '../../model/walk.js';
import { perProject, type Analysis } from '../analysis.js';

export interface PagedFunction {
  func: Func;
  /** The pageable section it is placed in. */
  section?: { name: string; file: string; start: number; end: number };
  /** It is placed in a section that is discarded after initialisation. */
  initial?: boolean;
  /** PAGED_CODE() and PAGED_CODE_LOCKED() in its body, in order. */
  asserts: { name: string; start: number; end: number }[];
  /** Calls that begin a wait: KeSetEvent and the like with Wait TRUE. */
  waits: { name: string; start: number; end: number }[];
}

export const paging: Analysis<Paging> = perProject('paging', (project) => new Paging(project));

export class Paging {
  private readonly relevant = new Map<MacroDef, boolean>();
  private readonly found = new Map<Func, PagedFunction | undefined>();

  constructor(private readonly project: Project) {}

  /** What is said of a function about paging; undefined when nothing is. */
  of(func: Func): PagedFunction | undefined {
    if (!this.found.has(func)) this.found.set(func, this.find(func));
    return this.found.get(func);
  }

  private find(func: Func): PagedFunction | undefined {
    const def = func.def;
    if (!def?.decl.body || def.decl.notAnalysed !== undefined || this.project.kindOf(def.file) === 'user') return undefined;
    const p = this.look(func);
    return p.section || p.asserts.length > 0 ? p : undefined;
  }

  private look(func: Func): PagedFunction {
    const s = this.project.sectionOf(func);
    const p: PagedFunction = { func, asserts: [], waits: [] };
    if (s && sectionKind(s.name) === 'pageable') p.section = { name: s.name, file: s.file.path, start: s.start, end: s.end };
    if (s && sectionKind(s.name) === 'init') p.initial = true;
    const { calls, bare } = func.def!.decl.body!;
    for (const call of calls) this.call(call, func, p);
    for (const name of bare ?? []) this.macroUse(name, name.name, false, func, p);
    if (bare) p.asserts.sort((a, b) => a.start - b.start);
    if (p.asserts.length > 0 && func.def!.file.language === 'cpp') this.leaveLambdas(func, p);
    return p;
  }

  /** A lambda is a function of its own: what it asserts is not said of the one around it. */
  private leaveLambdas(func: Func, p: PagedFunction): void {
    const lambdas: Expr[] = [];
    walkStmts(func.def!.decl.body!.stmts, { expr: (e) => { if (e.k === 'lambda') lambdas.push(e); } });
    p.asserts = p.asserts.filter((a) => !lambdas.some((l) => a.start >= l.start && a.end <= l.end));
  }

  private call(call: CallExpr, func: Func, p: PagedFunction): void {
    const { file } = func.def!;
    if (call.callee.k !== 'name') return;
    const { name } = call.callee;
    if (isPagedCodeMacro(name)) p.asserts.push({ name, start: call.start, end: call.end });
    const wait = waitArgument(name);
    const arg = wait === undefined ? undefined : call.args[wait];
    if (arg && this.project.valueOf(arg, file) === 1) p.waits.push({ name, start: call.start, end: call.end });
    if (wait !== undefined || isPagedCodeMacro(name)) return;
    this.macroUse(call, name, true, func, p);
  }

  /** A use of a macro, with arguments or without. */
  private macroUse(use: CallExpr | NameExpr, name: string, parameters: boolean, func: Func, p: PagedFunction): void {
    const { file } = func.def!;
    const macro = this.project.macro(name, file)?.decl;
    if (macro && (macro.params !== undefined) === parameters && this.isRelevant(macro, file, 0)) for (const e of this.inside(use, func)) this.call(e, func, p);
  }

  /** Calls that a macro use stands for. */
  private inside(use: CallExpr | NameExpr, func: Func): CallExpr[] {
    const { file } = func.def!;
    const x: Expansion = {
      macro: (name, at) => (isPagedCodeMacro(name) ? undefined : this.project.macro(name, file, at)?.decl), names: { get: () => undefined }, active: [], budget: { left: 5000 },
    };
    const calls: CallExpr[] = [];
    const note = (e: Expr): void => { if (e.k === 'call' && e !== use) calls.push(e); };
    const stmts = expandStatementMacro(use, x);
    if (stmts) walkStmts(stmts, { expr: note });
    else {
      const e = expand(use, x);
      if (e !== use) visit(e, note);
    }
    return calls.filter((e) => e.callee.k === 'name' && !this.project.macro(e.callee.name, file)?.decl.params);
  }

  private isRelevant(def: MacroDef, file: Parameters<Project['macro']>[1], depth: number): boolean {
    const known = this.relevant.get(def);
    if (known !== undefined) return known;
    this.relevant.set(def, false);
    let found = false;
    const note = (e: Expr): void => {
      const name = e.k === 'name' ? e.name : e.k === 'call' && e.callee.k === 'name' ? e.callee.name : undefined;
      if (found || name === undefined) return;
      if (e.k === 'call' && (isPagedCodeMacro(name) || waitArgument(name) !== undefined)) found = true;
      else {
        const inner = depth < 6 ? this.project.macro(name, file)?.decl : undefined;
        if (inner && (inner.params !== undefined) === (e.k === 'call') && this.isRelevant(inner, file, depth + 1)) found = true;
      }
    };
    walkStmts(def.stmts ?? (def.expr ? [{ k: 'expr', e: def.expr, start: 0, end: 0 }] : []), { expr: note });
    this.relevant.set(def, found);
    return found;
  }
}
