// Expressions of function bodies, lowered from the syntax tree: small plain objects that can be serialised. Parentheses
// are dropped, adjacent strings are one, and macro uses stay calls or names until a project resolves them.

import type { TypeRef } from './types.js';
import type { Stmt } from './stmt.js';
import type { Param } from './facts.js';

interface ExprBase {
  /** Range of UTF-16 offsets in the file the expression was written in (for code from a macro: the use of the macro). */
  start: number;
  end: number;
}

export interface NameExpr extends ExprBase { k: 'name'; /** As written, C++ qualification included (`A::b`), template arguments dropped. */ name: string }
export interface NumExpr extends ExprBase { k: 'num'; /** Value; NaN when it does not fit a double exactly or is floating point that cannot be read. */ value: number; float?: boolean; text: string }
export interface StrExpr extends ExprBase { k: 'str'; /** As written, with prefix and quotes. */ text: string }
export interface CharExpr extends ExprBase { k: 'char'; text: string; value: number }
/** Prefix operators `* & ! ~ + -`. */
export interface UnaryExpr extends ExprBase { k: 'unary'; op: '*' | '&' | '!' | '~' | '+' | '-'; e: Expr }
/** `++` and `--`, prefix or postfix. */
export interface UpdateExpr extends ExprBase { k: 'update'; op: '++' | '--'; prefix: boolean; e: Expr }
export interface BinaryExpr extends ExprBase { k: 'binary'; op: string; l: Expr; r: Expr }
/** `=`, `+=`, ... `op` is the operator as written. */
export interface AssignExpr extends ExprBase { k: 'assign'; op: string; l: Expr; r: Expr }
export interface CallExpr extends ExprBase { k: 'call'; callee: Expr; args: Expr[] }
/** `e.name` or `e->name`. */
export interface FieldExpr extends ExprBase { k: 'field'; e: Expr; name: string; arrow: boolean; nameStart: number }
export interface IndexExpr extends ExprBase { k: 'index'; e: Expr; i: Expr }
/** C cast and the C++ named casts; `cast` says which: 'c', 'static', 'reinterpret', 'const', 'dynamic', 'functional'. */
export interface CastExpr extends ExprBase { k: 'cast'; cast: string; type: TypeRef; e: Expr }
export interface CondExpr extends ExprBase { k: 'cond'; c: Expr; a: Expr; b: Expr }
export interface CommaExpr extends ExprBase { k: 'comma'; l: Expr; r: Expr }
export interface SizeofExpr extends ExprBase { k: 'sizeof'; type?: TypeRef; e?: Expr }
/** `{ a, .f = b, [i] = c }`, also a compound literal's and a C++ braced initialiser's list. */
export interface InitListExpr extends ExprBase { k: 'init'; type?: TypeRef; items: InitItem[] }
export interface InitItem { field?: string; index?: Expr; value: Expr; start: number; end: number }
export interface LambdaExpr extends ExprBase { k: 'lambda'; captures: string; params: Param[]; ret?: TypeRef; body: Stmt[] }
export interface NewExpr extends ExprBase { k: 'new'; type: TypeRef; placement?: Expr[]; args?: Expr[]; array?: Expr; braces?: boolean }
export interface DeleteExpr extends ExprBase { k: 'delete'; e: Expr; array: boolean }
/** What the lowering does not know; `parts` are its subexpressions in order. */
export interface UnknownExpr extends ExprBase { k: 'unknown'; parts: Expr[] }

export type Expr =
  | NameExpr | NumExpr | StrExpr | CharExpr | UnaryExpr | UpdateExpr | BinaryExpr | AssignExpr | CallExpr | FieldExpr
  | IndexExpr | CastExpr | CondExpr | CommaExpr | SizeofExpr | InitListExpr | LambdaExpr | NewExpr | DeleteExpr | UnknownExpr;
