// Places where a value takes on a declared type without a cast: returned, assigned, given as initialiser or argument.

import type { Expr } from '../../model/expr.js';
import type { Func } from '../../model/project.js';
import type { TypeRef } from '../../model/types.js';
import type { Bodies } from './body-index.js';

export interface Conversion {
  e: Expr;
  type: TypeRef;
  /** Past participle for messages. */
  how: 'returned' | 'assigned' | 'passed';
}

/** Conversions of a function body: plain assignments, initialisers, returns, arguments of functions of the project. */
export function* conversions(bodies: Bodies, fn: Func): Iterable<Conversion> {
  const { project } = bodies;
  const body = bodies.of(fn);
  if (fn.ret) for (const r of body.returns) for (const e of r.e ? results(r.e) : []) yield { e, type: fn.ret, how: 'returned' };
  for (const a of body.assigns) {
    const type = a.op === '=' ? project.typeOf(a.l, fn) : undefined;
    if (type) for (const e of results(a.r)) yield { e, type, how: 'assigned' };
  }
  for (const v of body.locals) if (v.init && v.init.k !== 'init') for (const e of results(v.init)) yield { e, type: v.type, how: 'assigned' };
  for (const call of fn.def?.decl.body?.calls ?? []) {
    const callee = project.calleeOf(call, fn);
    if (!callee) continue;
    for (const [i, e] of call.args.entries()) {
      const type = callee.params[i]?.type;
      if (type) for (const value of results(e)) yield { e: value, type, how: 'passed' };
    }
  }
}

/** The values an expression may give: both sides of a choice. */
function results(e: Expr): Expr[] {
  if (e.k === 'cond') return [...results(e.a), ...results(e.b)];
  return e.k === 'comma' ? results(e.r) : [e];
}
