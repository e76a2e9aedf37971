// A first look at every function, without paths: which calls it makes, whether any of them can matter to levels or locks, and the
// tightest bounds they can set. What cannot matter is not analysed further.

import { locksPagedSection } from '@drvlint/wdk';
import type { FileFacts, MacroDef } from '../../model/facts.js';
import type { CallExpr, Expr } from '../../model/expr.js';
import type { Func, Project } from '../../model/project.js';
import { visit } from '../../flow/walk.js';
import type { Stmt } from '../../model/stmt.js';
import { walkStmts } from '../../model/walk.js';
import { LockCensus, noteLocks, type LockUse } from './census.js';
import { boundsOf, highest, tighter, unbounded, type Bounds, type Scale } from './levels.js';
import { fateOf, isReserved, meaningOf, worstAtCall } from './meaning.js';

export interface Surveyed {
  fn: Func;
  file: FileFacts;
  /** Calls something that changes levels or locks by itself. */
  changes: boolean;
  /** Reads the level. */
  reads: boolean;
  /** Locks a pageable section in memory. */
  locksSections: boolean;
  /** Tightest bounds of its direct calls, whatever their arguments. */
  direct: Bounds;
  callees: Func[];
}

/** What an edit changed: who calls whom, which locks are given back, whether pageable sections are locked. */
export interface SurveyChange { calls: boolean; locks: boolean; sections: boolean }

interface MacroUse { changes: boolean; reads: boolean; locksSections: boolean; /** It assigns, jumps or returns. */ acts: boolean; direct: Bounds; callees: string[]; exprs: Expr[] }

function callsOf(s: Surveyed | undefined): string {
  return s ? s.callees.map((c) => c.id).join() : 'not analysed';
}

const leaves = new Set(['num', 'name', 'str', 'char']);
const jumps = new Set(['return', 'goto', 'break', 'continue', 'leave', 'throw', 'label', 'case', 'decl', 'seh', 'try']);

export class Survey {
  readonly byFunc = new Map<Func, Surveyed>();
  readonly census = new LockCensus();
  private readonly sectionLockers = new Set<Func>();
  private readonly macros = new Map<MacroDef, MacroUse>();
  private readonly names = new Map<FileFacts, Map<string, MacroDef | null>>();
  private readonly busy = new Set<MacroDef>();

  private readonly namesThatMatter: ReadonlySet<string>;

  constructor(private project: Project, private readonly scale: Scale) {
    this.namesThatMatter = this.macrosThatMatter();
    for (const fn of project.funcs) this.take(fn);
  }

  /** The project locks pageable sections in memory: only what lies in the plain PAGE section is known to be pageable. */
  get locksSections(): boolean {
    return this.sectionLockers.size > 0;
  }

  private take(fn: Func): Surveyed | undefined {
    const def = fn.def;
    if (!def?.decl.body || def.decl.notAnalysed !== undefined || this.project.kindOf(def.file) === 'user') return undefined;
    const s = this.look(fn, def.file);
    this.byFunc.set(fn, s);
    if (s.locksSections) this.sectionLockers.add(fn);
    return s;
  }

  /** Looks again at functions whose bodies changed, the rest of the project being what it was; tells what else that is for others. */
  after(project: Project, edited: Iterable<Func>): SurveyChange {
    this.project = project;
    const { locksSections } = this;
    const change: SurveyChange = { calls: false, locks: false, sections: false };
    for (const fn of edited) {
      const known = this.byFunc.get(fn);
      const calls = callsOf(known);
      const released = this.census.remove(fn);
      this.byFunc.delete(fn);
      this.sectionLockers.delete(fn);
      const now = this.take(fn);
      // Others hold on to what was found.
      if (known && now) this.byFunc.set(fn, Object.assign(known, now));
      change.calls ||= calls !== callsOf(now);
      change.locks ||= released !== this.census.releasedBy(fn);
    }
    change.sections = locksSections !== this.locksSections;
    return change;
  }

  private look(fn: Func, file: FileFacts): Surveyed {
    const s: Surveyed = { fn, file, changes: false, reads: false, locksSections: false, direct: unbounded, callees: [] };
    const use: LockUse = { acquires: new Map(), releases: new Map() };
    const body = fn.def!.decl.body!;
    const params = new Set(fn.params.map((p) => p.name));
    const macroCallees = new Set<string>();
    for (const call of body.calls) this.call(s, call, file, params, use, macroCallees);
    if (this.namesThatMatter.size > 0) this.throughNames(s, body.stmts, file, use, macroCallees);
    for (const i of fn.def!.decl.ctorInits ?? []) for (const a of i.args) visit(a, (e) => { if (e.k === 'call') this.call(s, e, file, params, use, macroCallees); });
    for (const name of macroCallees) this.addCallee(s, this.project.resolve(name, file));
    if (file.language === 'cpp') this.implicit(s, file);
    if (use.acquires.size > 0 || use.releases.size > 0) this.census.add(fn, use);
    return s;
  }

  private addCallee(s: Surveyed, fn: Func | undefined): void {
    if (fn && !s.callees.includes(fn)) s.callees.push(fn);
  }

  private call(s: Surveyed, call: CallExpr, file: FileFacts, params: ReadonlySet<string>, use: LockUse, macroCallees: Set<string>): void {
    const plain = call.callee.k === 'name' ? call.callee.name : undefined;
    const found = plain === undefined ? null : this.macro(plain, file);
    const def = found && isReserved(plain!) ? null : found;
    if (def?.params) return this.macroIn(s, def, file, use, macroCallees);
    const fn = this.project.calleeOf(call, s.fn);
    if (fn) {
      this.addCallee(s, fn);
      if (fn.def) return;
    }
    const name = plain !== undefined && !def ? plain : this.project.calleeName(call, file);
    if (name === undefined) return;
    this.named(s, name, call.args, file);
    if (meaningOf(name)?.effect) noteLocks(call, () => name, params, use);
  }

  /** Uses of macros without parameters. */
  private throughNames(s: Surveyed, stmts: readonly Stmt[], file: FileFacts, use: LockUse, macroCallees: Set<string>): void {
    const seen = new Set<string>();
    walkStmts(stmts, { expr: (e) => {
      if (e.k !== 'name' || !this.namesThatMatter.has(e.name) || seen.has(e.name)) return;
      seen.add(e.name);
      const def = this.macro(e.name, file);
      if (def && !def.params) this.macroIn(s, def, file, use, macroCallees);
    } });
  }

  /** Names of macros without parameters that stand for calls which matter; most projects have none. */
  private macrosThatMatter(): Set<string> {
    const names = new Set<string>();
    for (const file of this.project.files) {
      for (const def of file.macros) {
        if (def.params || isReserved(def.name) || (!def.stmts && (!def.expr || leaves.has(def.expr.k)))) continue;
        const { changes, reads, locksSections, direct, callees } = this.macroUse(def, file);
        if (changes || reads || locksSections || direct.floor > 0 || direct.ceiling < highest(this.scale.device) || callees.some((c) => this.project.resolve(c, file))) names.add(def.name);
      }
    }
    return names;
  }

  /** What a use of a macro adds to the function it is in. */
  private macroIn(s: Surveyed, def: MacroDef, file: FileFacts, use: LockUse, macroCallees: Set<string>): void {
    const m = this.macroUse(def, file);
    s.changes ||= m.changes;
    s.reads ||= m.reads;
    s.locksSections ||= m.locksSections;
    s.direct = tighter(s.direct, m.direct);
    for (const c of m.callees) macroCallees.add(c);
    for (const e of m.exprs) noteLocks(e, (c) => (c.k === 'name' ? c.name : undefined), new Set(def.params), use);
  }

  private named(s: { changes: boolean; reads: boolean; locksSections: boolean; direct: Bounds }, name: string, args: readonly Expr[], file: FileFacts): void {
    if (locksPagedSection(name)) s.locksSections = true;
    const m = meaningOf(name);
    if (!m) return;
    if (m.changes) s.changes = true;
    if (m.special?.k === 'current') s.reads = true;
    if (m.worstMax >= 15 && m.worstMin <= 0) return;
    const { max, min } = worstAtCall(m, args, (e) => this.project.valueOf(e, file));
    if (max < 15 || min > 0) s.direct = tighter(s.direct, boundsOf(this.scale.known(min, max)));
  }

  /** Project macro a name stands for anywhere in the file's sight; null for none. */
  macro(name: string, file: FileFacts): MacroDef | null {
    let known = this.names.get(file);
    if (!known) this.names.set(file, (known = new Map()));
    let def = known.get(name);
    if (def === undefined) known.set(name, (def = this.project.macro(name, file)?.decl ?? null));
    return def;
  }

  private macroUse(def: MacroDef, file: FileFacts): MacroUse {
    const known = this.macros.get(def);
    if (known) return known;
    const use: MacroUse = { changes: false, reads: false, locksSections: false, acts: false, direct: unbounded, callees: [], exprs: [] };
    if (this.busy.has(def)) return use;
    this.busy.add(def);
    const each = (e: Expr): void => {
      const name = e.k === 'call' && e.callee.k === 'name' ? e.callee.name : e.k === 'name' ? e.name : undefined;
      if (name === undefined || name === def.name) return;
      const inner = this.macro(name, file);
      if (inner && !isReserved(name)) this.addMacro(use, this.macroUse(inner, file));
      else if (e.k === 'call') {
        use.acts ||= fateOf(name) !== undefined;
        this.named(use, name, e.args, file);
        if (!use.callees.includes(name)) use.callees.push(name);
        if (meaningOf(name)?.effect) use.exprs.push(e);
      }
    };
    const stmts = def.stmts ?? (def.expr ? [{ k: 'expr' as const, e: def.expr, start: 0, end: 0 }] : []);
    walkStmts(stmts, {
      expr: (e) => { use.acts ||= e.k === 'assign' || e.k === 'update'; each(e); },
      stmt: (t) => { use.acts ||= jumps.has(t.k); },
    });
    this.busy.delete(def);
    this.macros.set(def, use);
    return use;
  }

  /** What a statement macro does is nothing to levels, locks, variables or control: its use may stay as it is. */
  isIdle(def: MacroDef, file: FileFacts, isIdleFunction: (fn: Func) => boolean): boolean {
    const use = this.macroUse(def, file);
    if (use.changes || use.reads || use.acts || use.direct.floor > 0 || use.direct.ceiling < highest(this.scale.device)) return false;
    return use.callees.every((name) => {
      const fn = this.project.resolve(name, file);
      return !fn || isIdleFunction(fn);
    });
  }

  private addMacro(use: MacroUse, inner: MacroUse): void {
    use.acts ||= inner.acts;
    use.changes ||= inner.changes;
    use.reads ||= inner.reads;
    use.locksSections ||= inner.locksSections;
    use.direct = tighter(use.direct, inner.direct);
    for (const c of inner.callees) if (!use.callees.includes(c)) use.callees.push(c);
    use.exprs.push(...inner.exprs);
  }

  /** Constructors and destructors of C++ locals. */
  private implicit(s: Surveyed, file: FileFacts): void {
    walkStmts(s.fn.def!.decl.body!.stmts, {
      expr: (e) => e.k !== 'lambda',
      local: (v) => {
        if (v.type.ptr > 0 || v.type.ref || v.isStatic || !this.project.record(v.type.base, file)) return;
        const count = v.ctorArgs?.length ?? (v.init?.k === 'init' ? v.init.items.length : v.init ? 1 : 0);
        this.addCallee(s, this.project.constructorOf(v.type, count, file));
        this.addCallee(s, this.project.destructorOf(v.type, file));
      },
    });
  }
}
