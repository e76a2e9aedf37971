// Places where a value takes on a declared type without a cast, and that type says what its values stand for: a status or a truth value.
// Found once per function, since several rules ask.

import type { CallExpr, Expr } from '../../model/expr.js';
import type { Func, Project } from '../../model/project.js';
import type { TypeRef } from '../../model/types.js';
import type { TypeMeaning } from '@drvlint/wdk';
import type { Bodies } from './body-index.js';
import { meaningOf, meaningOfType } from './meaning.js';

export interface Conversion {
  e: Expr;
  /** What the type's values stand for, and its name. */
  to: { meaning: TypeMeaning; name: string };
  /** Past participle for messages. */
  how: 'returned' | 'assigned' | 'passed';
}

const found = new WeakMap<Bodies, Map<Func, readonly Conversion[]>>();

/** Conversions of a function body: plain assignments, initialisers, returns, arguments of functions of the project. */
export function conversions(bodies: Bodies, fn: Func): readonly Conversion[] {
  let known = found.get(bodies);
  if (!known) found.set(bodies, known = new Map());
  let list = known.get(fn);
  if (!list) known.set(fn, list = search(bodies, fn));
  return list;
}

function search(bodies: Bodies, fn: Func): Conversion[] {
  const { project } = bodies;
  const file = fn.def?.file;
  if (!file) return [];
  const body = bodies.of(fn);
  const list: Conversion[] = [];
  const given = (e: Expr, type: TypeRef | undefined, how: Conversion['how']): void => {
    const to = meaningOfType(project, type, file);
    if (to) for (const value of results(e)) list.push({ e: value, to, how });
  };
  if (meaningOfType(project, fn.ret, file)) for (const r of body.returns) if (r.e) given(r.e, fn.ret, 'returned');
  for (const a of body.assigns) {
    if (a.op !== '=' || a.r.k === 'num' || a.r.k === 'cast') continue;
    // The type of a field costs more than a look at the value.
    if (a.l.k === 'name' || results(a.r).some((e) => saysWhatItIs(project, e, fn))) given(a.r, project.typeOf(a.l, fn), 'assigned');
  }
  for (const v of body.locals) if (v.init && v.init.k !== 'init') given(v.init, v.type, 'assigned');
  for (const call of fn.def?.decl.body?.calls ?? []) {
    const params = call.args.length > 0 && mayConvert(bodies, call) ? project.calleeOf(call, fn)?.params : undefined;
    params?.forEach((p, i) => { if (i < call.args.length) given(call.args[i], p.type, 'passed'); });
  }
  return list;
}

/** The value is one of the truth constants, or stands for something by its type or operator. */
function saysWhatItIs(project: Project, e: Expr, fn: Func): boolean {
  return (e.k === 'name' && /^(?:TRUE|FALSE|true|false)$/.test(e.name)) || meaningOf(project, e, fn) !== undefined;
}

const converting = new WeakMap<Bodies, Map<string, boolean>>();

/** A function of that name has a parameter whose type says what its values stand for; anything but a plain name may be any function. */
function mayConvert(bodies: Bodies, call: CallExpr): boolean {
  if (call.callee.k !== 'name') return true;
  const { name } = call.callee;
  let known = converting.get(bodies);
  if (!known) converting.set(bodies, known = new Map());
  let may = known.get(name);
  if (may === undefined) {
    const candidates = bodies.project.candidates(name);
    may = candidates.length === 0 || candidates.some((f) => f.params.some((p) => meaningOfType(bodies.project, p.type, (f.def ?? f.decls[0]).file) !== undefined));
    known.set(name, may);
  }
  return may;
}

/** The values an expression may give: both sides of a choice. */
function results(e: Expr): Expr[] {
  if (e.k === 'cond') return [...results(e.a), ...results(e.b)];
  return e.k === 'comma' ? results(e.r) : [e];
}
