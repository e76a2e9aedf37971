// What a function's body contains, by kind and name: calls, field accesses, assignments, casts and the like. Rules ask it instead of
// walking bodies themselves. Macros of the project whose text leads to a function of interest count as that text, placed at
// their use; operands of sizeof are not evaluated and so are no accesses.

import { isWatchedFunction } from '@drvlint/wdk';
import { expand, expandStatementMacro, type Expansion } from '../../flow/rewrite-expr.js';
import { bodyParts, type BodyParts } from '../../model/body-parts.js';
import type { AssignExpr, CallExpr, CastExpr, DeleteExpr, Expr, FieldExpr, NameExpr, SizeofExpr, UnaryExpr, UpdateExpr } from '../../model/expr.js';
import type { FileFacts, LocalVar, MacroDef } from '../../model/facts.js';
import type { Func, Project } from '../../model/project.js';
import type { ReturnStmt } from '../../model/stmt.js';
import { walkExpr, walkStmts, type Visitor } from '../../model/walk.js';
import { perProject, type Analysis } from '../analysis.js';

export interface CallSite {
  call: CallExpr;
  /** Plain name, object-like macros that rename a function resolved; for a use of a function-like macro the macro's. */
  name: string;
  /** Macro of the project whose text the call is in; its range is then that of the use. */
  macro?: string;
}

export interface FieldUse {
  e: FieldExpr;
  /** Assignment, `++` or `--` whose target is this very field. */
  write?: AssignExpr | UpdateExpr;
  /** Its address is taken. */
  addressed: boolean;
}

/** Contents of one body. Lists are in source order. There is one of every function: no maps, and nothing that may never be asked for. */
export class BodyIndex {
  /** Calls that have a name. */
  readonly sites: CallSite[] = [];
  readonly accesses: FieldExpr[] = [];
  readonly assigns: AssignExpr[] = [];
  readonly updates: UpdateExpr[] = [];
  readonly casts: CastExpr[] = [];
  readonly nots: UnaryExpr[] = [];
  readonly sizeofs: SizeofExpr[] = [];
  readonly deletes: DeleteExpr[] = [];
  /** `&` of anything. */
  readonly addresses: UnaryExpr[] = [];

  private names: Map<string, number> | undefined;

  constructor(
    /** Declared locals, those of lambdas included. */
    readonly locals: readonly LocalVar[] = [],
    /** Returns of the function itself, none of its lambdas'. */
    readonly returns: readonly ReturnStmt[] = [],
  ) {}

  /** Several locals have that name, so that a mention may mean any of them. */
  isShadowed(name: string): boolean {
    if (!this.names) {
      this.names = new Map();
      for (const v of this.locals) this.names.set(v.name, (this.names.get(v.name) ?? 0) + 1);
    }
    return (this.names.get(name) ?? 0) > 1;
  }

  calls(name: string): readonly CallSite[] {
    return this.sites.filter((site) => site.name === name);
  }

  /** Calls whose name `wanted` picks. */
  callsWhere(wanted: (name: string) => boolean): readonly CallSite[] {
    return this.sites.filter((site) => wanted(site.name));
  }

  fields(name: string): FieldUse[] {
    return this.accesses.filter((e) => e.name === name).map((e) => this.useOf(e));
  }

  /** What is done with a field that is accessed here. */
  useOf(e: FieldExpr): FieldUse {
    const write = this.assigns.find((a) => uncastLeft(a.l) === e) ?? this.updates.find((u) => uncastLeft(u.e) === e);
    return { e, ...(write && { write }), addressed: this.addresses.some((a) => uncastLeft(a.e) === e) };
  }
}

export const bodies: Analysis<Bodies> = perProject('bodies', (project) => new Bodies(project));

const empty = new BodyIndex();

export class Bodies {
  /** By the functions' numbers. */
  private readonly indexes: (BodyIndex | undefined)[];
  private readonly leads = new Map<MacroDef, boolean>();

  constructor(readonly project: Project) {
    this.indexes = new Array<BodyIndex | undefined>(project.funcs.length);
  }

  /** Index of a function's body; an empty one for a function without (analysed) body. */
  of(fn: Func): BodyIndex {
    return this.indexes[fn.id] ??= this.made(fn);
  }

  private made(fn: Func): BodyIndex {
    const { def } = fn;
    return def?.decl.body && def.decl.notAnalysed === undefined ? new Indexer(this, def.file, bodyParts(def.decl.body)).index() : empty;
  }

  /** The called function is not defined by the project: a function of the system, as far as anyone can tell. */
  isExternal(site: CallSite, fn: Func): boolean {
    return this.project.calleeOf(site.call, fn)?.def === undefined;
  }

  /** Whether a macro's text leads to a function that rules look for. */
  leadsToWatched(def: MacroDef, file: FileFacts, depth = 0): boolean {
    const known = this.leads.get(def);
    if (known !== undefined || depth > 6) return known ?? false;
    this.leads.set(def, false);
    let leads = false;
    const visitor: Visitor = {
      expr: (e) => {
        if (leads || e.k !== 'name') return !leads;
        leads = isWatchedFunction(e.name) || this.nested(e.name, file, depth);
        return true;
      },
    };
    if (def.expr) walkExpr(def.expr, visitor);
    else if (def.stmts) walkStmts(def.stmts, visitor);
    this.leads.set(def, leads);
    return leads;
  }

  private nested(name: string, file: FileFacts, depth: number): boolean {
    const inner = this.project.macro(name, file);
    return inner !== undefined && this.leadsToWatched(inner.decl, inner.file, depth + 1);
  }
}

/** Sorts the parts of one body into an index. */
class Indexer {
  private readonly made: BodyIndex;
  private macro: string | undefined;
  private readonly expansion: Expansion;

  constructor(private readonly owner: Bodies, private readonly file: FileFacts, private readonly parts: BodyParts) {
    this.made = new BodyIndex(parts.locals, parts.returns);
    this.expansion = { macro: (name, at) => owner.project.macro(name, file, at)?.decl, names: { get: () => undefined }, active: [], budget: { left: 20_000 } };
  }

  index(): BodyIndex {
    const { exprs, bare } = this.parts;
    let next = 0;
    let unevaluatedTo = -1;
    for (const e of exprs) {
      while (next < bare.length && bare[next].start < e.start) this.bare(bare[next++]);
      if (e.start < unevaluatedTo) continue;
      if (e.k === 'sizeof') unevaluatedTo = e.end;
      this.expr(e);
    }
    while (next < bare.length) this.bare(bare[next++]);
    return this.made;
  }

  private bare(e: NameExpr): void {
    this.throughMacro(e, e.name);
  }

  private expr(e: Expr): boolean {
    switch (e.k) {
      case 'call': return this.call(e);
      case 'field': this.made.accesses.push(e); return true;
      case 'assign': this.made.assigns.push(e); return true;
      case 'update': this.made.updates.push(e); return true;
      case 'unary':
        if (e.op === '!') this.made.nots.push(e);
        else if (e.op === '&') this.made.addresses.push(e);
        return true;
      case 'cast': this.made.casts.push(e); return true;
      case 'delete': this.made.deletes.push(e); return true;
      case 'sizeof': this.made.sizeofs.push(e); return false;
      default: return true;
    }
  }

  private call(e: CallExpr): boolean {
    const name = this.owner.project.calleeName(e, this.file);
    if (name === undefined) return true;
    this.made.sites.push({ call: e, name, macro: this.macro });
    if (this.macro === undefined) this.throughMacro(e, name);
    return true;
  }

  /** What the use of a macro stands for, besides its arguments, which are walked as they are. */
  private throughMacro(e: CallExpr | NameExpr, name: string): void {
    const { project } = this.owner;
    const used = e.k === 'name' ? e : e.callee;
    const def = used.k === 'name' ? project.macro(used.name, this.file, e.start)?.decl : undefined;
    if (!def || (def.params !== undefined) !== (e.k === 'call') || isWatchedFunction(name) || !this.owner.leadsToWatched(def, this.file)) return;
    this.macro = def.name;
    const fromText = (x: Expr): boolean => x.start === e.start && x.end === e.end;
    const visitor: Visitor = { expr: (x) => fromText(x) && this.expr(x) };
    if (def.expr) walkExpr(expand(e, this.expansion), visitor);
    else walkStmts(expandStatementMacro(e, this.expansion) ?? [], visitor);
    this.macro = undefined;
  }
}

/** The lvalue itself under casts that C allows around it. */
function uncastLeft(e: Expr): Expr {
  let x = e;
  while (x.k === 'cast') x = x.e;
  return x;
}
