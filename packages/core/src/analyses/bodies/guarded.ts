// Accesses of a function to guarded fields of system structures, with the structure they really belong to.

import { fieldGuard, isGuardedFieldName, recordName, type FieldGuard } from '@drvlint/wdk';
import type { Expr } from '../../model/expr.js';
import type { Func, Project } from '../../model/project.js';
import type { Bodies, FieldUse } from './body-index.js';

export interface GuardedAccess {
  use: FieldUse;
  guard: FieldGuard;
  /** Structure without tag underscore: `DEVICE_OBJECT`. */
  record: string;
  field: string;
}

const none: readonly GuardedAccess[] = [];

/** By the functions' numbers, since several rules ask. */
const accesses = new WeakMap<Bodies, (readonly GuardedAccess[] | undefined)[]>();

/** Accesses of `fn` to guarded fields, in source order. */
export function guardedAccesses(bodies: Bodies, fn: Func): readonly GuardedAccess[] {
  let known = accesses.get(bodies);
  if (!known) accesses.set(bodies, known = new Array<readonly GuardedAccess[] | undefined>(bodies.project.funcs.length));
  return known[fn.id] ??= search(bodies, fn);
}

function search(bodies: Bodies, fn: Func): readonly GuardedAccess[] {
  const index = bodies.of(fn);
  let found: GuardedAccess[] | undefined;
  for (const e of index.accesses) {
    const one = isGuardedFieldName(e.name) ? guardOf(bodies.project, e, fn) : undefined;
    if (one) (found ??= []).push({ use: index.useOf(e), ...one });
  }
  return found?.sort((a, b) => a.use.e.nameStart - b.use.e.nameStart) ?? none;
}

/** Guard of the field an expression names. */
export function guardOf(project: Project, e: Expr, fn: Func): { guard: FieldGuard; record: string; field: string } | undefined {
  if (e.k !== 'field') return undefined;
  const field = project.fieldOf(e, fn);
  if (!field || field.decl) return undefined;
  const guard = fieldGuard(field.record, field.field);
  return guard && { guard, record: recordName(field.record), field: field.field };
}
