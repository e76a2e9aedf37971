// What of a place can be told without its project's bodies: which expressions may stand for a function, which fields take one by
// their name alone, which types are pointers to functions.

import { callbackFields, ddi, fieldsNamed, registrationsOfCall, removeArgument, unregisters, type CallRegistration } from '@drvlint/wdk';
import type { CallExpr, Expr } from './expr.js';
import type { FileFacts } from './facts.js';
import type { Wanted } from './places.js';
import type { Project } from './project.js';
import { typeFromText } from './type-text.js';
import type { TypeRef } from './types.js';
import { walkExpr } from './walk.js';

/** The structure behind a pointer typedef that nothing defines: `PNDIS_PROTOCOL_DRIVER_CHARACTERISTICS`. */
export function structureOf(record: string): string {
  const target = record.replace(/^P(?=[A-Z_])/, '');
  return target !== record && callbackFields(record).length === 0 && callbackFields(target).length > 0 ? target : record;
}

const rowsByField = new Map<string, ReturnType<typeof fieldsNamed>>();

/** Callback fields of that name in any structure; the tables are asked once per name. */
export function callbackFieldsNamed(field: string): ReturnType<typeof fieldsNamed> {
  let rows = rowsByField.get(field);
  if (!rows) rowsByField.set(field, (rows = fieldsNamed(field)));
  return rows;
}

/** What the tables say of a call by some name. */
export interface NamedCall { rows: readonly CallRegistration[]; params: readonly { name: string; type?: string }[] | undefined; remove: number | undefined }

const calls = new Map<string, NamedCall | null>();

/** Asked once per name. */
export function namedCall(name: string): NamedCall | null {
  let known = calls.get(name);
  if (known === undefined) {
    const isNone = unregisters(name);
    const rows = isNone ? [] : registrationsOfCall(name);
    const params = isNone ? undefined : ddi(name)?.params;
    calls.set(name, (known = rows.length === 0 && !params ? null : { rows, params, remove: removeArgument(name) }));
  }
  return known;
}

const types = new Map<string, TypeRef | undefined>();

/** Type of a parameter of the WDK, one object per text. */
export function typeOfText(text: string): TypeRef | undefined {
  if (!types.has(text)) types.set(text, typeFromText(text));
  return types.get(text);
}

export function isFunctionPointer(project: Project, type: TypeRef, file: FileFacts): boolean {
  const made = project.canonical(type, file);
  return made.fn !== undefined && made.ptr <= 1;
}

/** A role that a field's name alone gives: long enough, and the same in every structure that has such a field. */
export function distinctiveField(field: string): Wanted | undefined {
  const rows = callbackFieldsNamed(field);
  const [first] = rows;
  if (!first || field.length < 8 || rows.some((r) => r.role !== first.role)) return undefined;
  return { role: first.role, conf: first.conf === 'high' ? 'medium' : 'low' };
}

/** The expression may stand for a function: what FunctionValues looks into. */
export function mayHoldFunction(e: Expr): boolean {
  while (e.k === 'cast' || (e.k === 'unary' && (e.op === '&' || e.op === '*'))) e = e.e;
  if (e.k === 'call') return e.args.length === 1 && e.callee.k === 'name';
  return e.k === 'name' || e.k === 'field' || e.k === 'index' || e.k === 'cond' || e.k === 'lambda' || e.k === 'comma' || e.k === 'assign';
}

/** The expression has calls, stores or lists in it. */
export function hasPlaces(e: Expr): boolean {
  let found = false;
  walkExpr(e, { expr: (part) => {
    found ||= part.k === 'call' || part.k === 'assign' || part.k === 'init' || part.k === 'lambda' || part.k === 'unknown';
    return !found;
  } });
  return found;
}

/** Some argument is a name, or holds one below a cast or `&`. */
export function mayTakeCallback(call: CallExpr): boolean {
  return call.args.some((a) => {
    let e = a;
    while (e.k === 'cast' || (e.k === 'unary' && e.op === '&')) e = e.e;
    return e.k === 'name' || e.k === 'cond';
  });
}
