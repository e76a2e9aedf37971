// What of a body is looked for again and again, from one walk: calls, assignments, accesses, casts, locals and the like, in the order of
// walk.ts. It is kept at the body itself, where nobody sees it who copies or compares facts, and goes where the body goes. Lists hold the
// nodes of the body: they stay true when its places are moved. A body that was read anew is another body.

import type { AssignExpr, CallExpr, CastExpr, DeleteExpr, Expr, FieldExpr, InitListExpr, LambdaExpr, SizeofExpr, UnaryExpr, UpdateExpr } from './expr.js';
import type { Body, LocalVar } from './facts.js';
import type { ReturnStmt, Stmt } from './stmt.js';
import { partsOf, stmtParts } from './walk.js';

/** An expression of a kind that somebody looks for. */
export type SoughtExpr = CallExpr | AssignExpr | UpdateExpr | UnaryExpr | FieldExpr | CastExpr | DeleteExpr | SizeofExpr | LambdaExpr;

/** What gives values to something: a call, a store, a list of a written type, a local with its initialiser. */
export type Giver = CallExpr | AssignExpr | InitListExpr | LocalVar;

export interface BodyParts {
  /** Outer before inner, those in operands of sizeof and in lambdas included; of unary operators `&` and `!` only. */
  readonly exprs: readonly SoughtExpr[];
  /** In the same order; of assignments plain ones only. */
  readonly givers: readonly Giver[];
  /** Declared locals, those of lambdas included. */
  readonly locals: readonly LocalVar[];
  /** Names that are statements by themselves. */
  readonly bare: readonly (Expr & { k: 'name' })[];
  /** Returns of the function itself, none of its lambdas'. */
  readonly returns: readonly ReturnStmt[];
  readonly hasLambdas: boolean;
}

const kept = Symbol('parts');
type Keeping = Body & { readonly [kept]?: BodyParts };

export function bodyParts(body: Body): BodyParts {
  const known = (body as Keeping)[kept];
  if (known) return known;
  const parts = new Collector().all(body.stmts);
  Object.defineProperty(body, kept, { value: parts });
  return parts;
}

export function isLocal(giver: Giver): giver is LocalVar {
  return (giver as { k?: string }).k === undefined;
}

class Collector {
  private readonly exprs: SoughtExpr[] = [];
  private readonly givers: Giver[] = [];
  private readonly locals: LocalVar[] = [];
  private readonly bare: (Expr & { k: 'name' })[] = [];
  private readonly returns: ReturnStmt[] = [];
  private hasLambdas = false;
  private lambdas = 0;

  all(stmts: readonly Stmt[]): BodyParts {
    this.stmts(stmts);
    // They live as long as the body: without the room they had to grow.
    return { exprs: this.exprs.slice(), givers: this.givers.slice(), locals: this.locals.slice(), bare: this.bare.slice(), returns: this.returns.slice(), hasLambdas: this.hasLambdas };
  }

  private stmts(list: readonly Stmt[]): void {
    for (const s of list) this.stmt(s);
  }

  private stmt(s: Stmt): void {
    switch (s.k) {
      case 'expr':
        if (s.e.k === 'name') this.bare.push(s.e);
        else this.expr(s.e);
        break;
      case 'decl': for (const v of s.vars) this.local(v); break;
      case 'block': this.stmts(s.body); break;
      case 'return':
        if (this.lambdas === 0) this.returns.push(s);
        if (s.e) this.expr(s.e);
        break;
      case 'if':
        if (s.init) this.stmt(s.init);
        this.expr(s.c);
        this.stmt(s.then);
        if (s.else) this.stmt(s.else);
        break;
      case 'goto': case 'break': case 'continue': case 'leave': case 'empty': break;
      default:
        for (const part of stmtParts(s)) {
          if (part.k === 'var') this.local(part.v);
          else if (part.k === 'e') this.expr(part.e);
          else this.stmt(part.s);
        }
    }
  }

  private local(v: LocalVar): void {
    this.locals.push(v);
    this.givers.push(v);
    if (v.init) this.expr(v.init);
    if (v.ctorArgs) this.list(v.ctorArgs);
  }

  private list(list: readonly Expr[]): void {
    for (const e of list) this.expr(e);
  }

  private expr(e: Expr): void {
    switch (e.k) {
      case 'name': case 'num': case 'str': case 'char': break;
      case 'call':
        this.exprs.push(e);
        this.givers.push(e);
        this.expr(e.callee);
        this.list(e.args);
        break;
      case 'field': case 'cast': case 'update': case 'delete':
        this.exprs.push(e);
        this.expr(e.e);
        break;
      case 'unary':
        if (e.op === '&' || e.op === '!') this.exprs.push(e);
        this.expr(e.e);
        break;
      case 'assign':
        this.exprs.push(e);
        if (e.op === '=') this.givers.push(e);
        this.expr(e.l);
        this.expr(e.r);
        break;
      case 'binary':
        this.expr(e.l);
        this.expr(e.r);
        break;
      case 'lambda': this.lambda(e); break;
      default:
        if (e.k === 'sizeof') this.exprs.push(e);
        else if (e.k === 'init' && e.type) this.givers.push(e);
        this.list(partsOf(e));
    }
  }

  private lambda(e: LambdaExpr): void {
    this.hasLambdas = true;
    this.exprs.push(e);
    this.lambdas++;
    this.stmts(e.body);
    this.lambdas--;
  }
}
