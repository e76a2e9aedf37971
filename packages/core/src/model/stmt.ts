// Statements of function bodies, lowered from the syntax tree (see expr.ts).

import type { Expr } from './expr.js';
import type { LocalVar } from './facts.js';

interface StmtBase { start: number; end: number }

export interface ExprStmt extends StmtBase { k: 'expr'; e: Expr }
export interface DeclStmt extends StmtBase { k: 'decl'; vars: LocalVar[] }
export interface BlockStmt extends StmtBase { k: 'block'; body: Stmt[] }
/** `init` is C++17's `if (init; cond)`; a declaration as condition is an init plus its name. */
export interface IfStmt extends StmtBase { k: 'if'; init?: Stmt; c: Expr; then: Stmt; else?: Stmt; constexpr?: boolean }
/** `start` is the loop keyword's offset for all loops. */
export interface WhileStmt extends StmtBase { k: 'while'; c: Expr; body: Stmt }
export interface DoStmt extends StmtBase { k: 'do'; body: Stmt; c: Expr }
export interface ForStmt extends StmtBase { k: 'for'; init?: Stmt; c?: Expr; update?: Expr; body: Stmt }
export interface RangeForStmt extends StmtBase { k: 'rangefor'; v: LocalVar; range: Expr; body: Stmt }
export interface SwitchStmt extends StmtBase { k: 'switch'; init?: Stmt; c: Expr; body: Stmt }
/** `case v:` (`v` absent: `default:`) followed by the statements up to the next label of the same list. */
export interface CaseStmt extends StmtBase { k: 'case'; v?: Expr; hi?: Expr; body: Stmt[] }
export interface LabelStmt extends StmtBase { k: 'label'; name: string; body: Stmt }
export interface GotoStmt extends StmtBase { k: 'goto'; label: string }
export interface BreakStmt extends StmtBase { k: 'break' }
export interface ContinueStmt extends StmtBase { k: 'continue' }
export interface ReturnStmt extends StmtBase { k: 'return'; e?: Expr }
/** SEH: exactly one of `filter`+`handler` and `finally` is there. */
export interface SehStmt extends StmtBase { k: 'seh'; body: Stmt; filter?: Expr; handler?: Stmt; finally?: Stmt }
export interface LeaveStmt extends StmtBase { k: 'leave' }
export interface TryStmt extends StmtBase { k: 'try'; body: Stmt; catches: { v?: LocalVar; body: Stmt }[] }
export interface ThrowStmt extends StmtBase { k: 'throw'; e?: Expr }
/** Empty statements, inline assembly (`asm`), nested types and static_asserts. */
export interface EmptyStmt extends StmtBase { k: 'empty'; asm?: boolean }

export type Stmt =
  | ExprStmt | DeclStmt | BlockStmt | IfStmt | WhileStmt | DoStmt | ForStmt | RangeForStmt | SwitchStmt | CaseStmt | LabelStmt
  | GotoStmt | BreakStmt | ContinueStmt | ReturnStmt | SehStmt | LeaveStmt | TryStmt | ThrowStmt | EmptyStmt;
