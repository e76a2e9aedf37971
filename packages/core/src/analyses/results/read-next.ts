// Stores into a local that the very next statement reads, whatever happens: nothing is lost there, and no graph is needed to know it.
// Inside __try and try blocks, at the end of loop bodies and across uses of the project's macros nothing is said.

import { uncast } from '../../flow/walk.js';
import type { CallExpr, Expr } from '../../model/expr.js';
import type { Stmt } from '../../model/stmt.js';
import { partsOf } from '../../model/walk.js';

export interface Store { call: CallExpr; variable: string }

/** Starts of the calls in `stores` whose variable is read right after; `isMacro` says that a called name is a macro of the project. */
export function readRightAfter(stmts: readonly Stmt[], stores: ReadonlyMap<number, Store>, isMacro: (call: CallExpr) => boolean): Set<number> {
  const found = new Set<number>();
  const list = (all: readonly Stmt[], next: Stmt | undefined): void => all.forEach((s, i) => look(s, all[i + 1] ?? next));
  const look = (s: Stmt, next: Stmt | undefined): void => {
    switch (s.k) {
      case 'expr': case 'decl': {
        const store = stores.get(storedIn(s)?.start ?? -1);
        if (store && next && firstReads(next, store.variable, isMacro)) found.add(store.call.start);
        return;
      }
      case 'block': return list(s.body, next);
      case 'case': return list(s.body, undefined);
      case 'if':
        look(s.then, next);
        if (s.else) look(s.else, next);
        return;
      case 'label': return look(s.body, next);
      case 'while': case 'do': case 'for': case 'rangefor': case 'switch': return look(s.body, undefined);
      default:
    }
  };
  list(stmts, undefined);
  return found;
}

/** The call whose result is the last thing a statement stores. */
function storedIn(s: Stmt): CallExpr | undefined {
  const e = s.k === 'decl' ? s.vars.at(-1)?.init : s.k === 'expr' && s.e.k === 'assign' && s.e.op === '=' && s.e.l.k === 'name' ? s.e.r : undefined;
  const value = e && uncast(e);
  return value?.k === 'call' ? value : undefined;
}

/** What a statement evaluates before anything else reads the variable. */
function firstReads(s: Stmt, name: string, isMacro: (call: CallExpr) => boolean): boolean {
  switch (s.k) {
    case 'expr': return reads(s.e, name, isMacro);
    case 'return': return s.e !== undefined && reads(s.e, name, isMacro);
    case 'if': case 'switch': return !s.init && reads(s.c, name, isMacro);
    case 'while': return reads(s.c, name, isMacro);
    case 'block': return s.body.length > 0 && firstReads(s.body[0], name, isMacro);
    case 'label': return firstReads(s.body, name, isMacro);
    default: return false;
  }
}

function reads(e: Expr, name: string, isMacro: (call: CallExpr) => boolean): boolean {
  let found = false;
  const list: Expr[] = [e.k === 'assign' && e.op === '=' && e.l.k === 'name' ? e.r : e];
  for (let x = list.pop(); x; x = list.pop()) {
    if (x.k === 'lambda' || (x.k === 'call' && isMacro(x))) return false;
    if (x.k === 'name') found ||= x.name === name;
    else list.push(...partsOf(x));
  }
  return found;
}
