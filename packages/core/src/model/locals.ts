// Names declared inside one function: parameters and local variables, with the place each is declared at.

import { bodyParts } from './body-parts.js';
import type { LocalVar, Param } from './facts.js';
import type { Func } from './project.js';
import type { TypeRef } from './types.js';
import { walkStmts } from './walk.js';

export interface LocalName { type: TypeRef; nameStart: number; param?: Param; v?: LocalVar }

/** Locals of a function by name, outer declarations first. */
export type Locals = Map<string, LocalName[]>;

export function localsOf(fn: Func): Locals {
  const locals: Locals = new Map();
  const put = (name: string, local: LocalName): void => {
    if (!name) return;
    const list = locals.get(name);
    if (list) list.push(local);
    else locals.set(name, [local]);
  };
  for (const p of fn.params) put(p.name, { type: p.type, nameStart: p.nameStart, param: p });
  const body = fn.def?.decl.body;
  if (!body) return locals;
  const local = (v: LocalVar): void => { put(v.name, { type: v.type, nameStart: v.nameStart, v }); };
  const parts = bodyParts(body);
  if (!parts.hasLambdas) parts.locals.forEach(local);
  else {
    walkStmts(body.stmts, {
      local,
      expr: (e) => {
        if (e.k === 'lambda') for (const p of e.params) put(p.name, { type: p.type, nameStart: p.nameStart, param: p });
      },
    });
  }
  return locals;
}
