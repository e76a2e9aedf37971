// An edit inside the body of one function leaves every declaration of its file as it was, only farther down. Where that is so, the facts
// read after the edit are put into the objects of the facts before, so that whatever was linked to these stays linked. Anything else is
// refused and nothing is touched: then the project has to be linked anew.

import type { FileFacts, FunctionDecl } from './facts.js';
import { moveAll } from './file-places.js';
import { shifted, type TextChange } from './text-change.js';

/** What is no declaration: it follows the new text, whatever it says. */
const beside = new Set<keyof FileFacts>(['lineStarts', 'length', 'directives', 'notAnalysed', 'functions']);

/** Parts of a function that an edit inside its body may change. */
const inBody = new Set<keyof FunctionDecl>(['body', 'notAnalysed']);

/**
 * The functions whose bodies differ (one or none) when `now` is `before` with a change inside a body, in a comment or between declarations;
 * undefined when some declaration differs.
 */
export function changedBodies(before: FileFacts, now: FileFacts, change: TextChange): FunctionDecl[] | undefined {
  const same = new Comparison(change);
  for (const key of new Set([...Object.keys(before), ...Object.keys(now)]) as Set<keyof FileFacts>) {
    if (!beside.has(key) && !same.equal(before[key], now[key])) return undefined;
  }
  if (before.functions.length !== now.functions.length) return undefined;
  const changed: FunctionDecl[] = [];
  for (const [i, old] of before.functions.entries()) {
    const fresh = now.functions[i]!;
    if (!same.fields(old, fresh, inBody)) return undefined;
    const holds = old.nameEnd < change.from && change.oldTo < old.end;
    if (holds && (old.body ?? fresh.body)) changed.push(old);
    else if (old.notAnalysed !== fresh.notAnalysed || (old.body === undefined) !== (fresh.body === undefined)) return undefined;
  }
  return changed.length <= 1 ? changed : undefined;
}

/** Declarations are the same but for their places. */
export function sameDeclarations(before: readonly FunctionDecl[], now: readonly FunctionDecl[], change: TextChange): boolean {
  return new Comparison(change).equal(before, now);
}

/**
 * Puts the facts `now` into the objects of `before`; they must have the same declarations. Bodies other than those of `edited` stay the
 * same objects, moved to where they are now.
 */
export function graft(before: FileFacts, now: FileFacts, change: TextChange, edited: ReadonlySet<FunctionDecl>): void {
  const { functions, macros, variables, typedefs, records, enums } = before;
  functions.forEach((decl, i) => {
    const { body } = decl;
    replace(decl, now.functions[i]!);
    if (!body || !decl.body || edited.has(decl)) return;
    if (decl.body.start !== body.start) moveAll(body, change);
    decl.body = body;
  });
  const lists = { macros, variables, typedefs, records, enums };
  for (const [key, list] of Object.entries(lists) as [keyof typeof lists, object[]][]) list.forEach((decl, i) => { replace(decl, now[key][i]!); });
  // A list of its own: what was seen in the initialisers stands elsewhere now.
  replace(before, { ...now, functions, ...lists, variables: [...variables] });
}

/** Gives an object the contents of another one. */
export function replace(old: object, fresh: object): void {
  for (const key of Object.keys(old)) if (!(key in fresh)) delete (old as Record<string, unknown>)[key];
  Object.assign(old, fresh);
}

export class Comparison {
  constructor(private readonly change: TextChange) {}

  /** Equal but for offsets, which are those of the same place. */
  equal(a: unknown, b: unknown): boolean {
    if (a === b) return true;
    if (typeof a === 'number' && typeof b === 'number') return this.isMoved(a, b);
    if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
    if (!Array.isArray(a) || !Array.isArray(b)) return !Array.isArray(a) && !Array.isArray(b) && this.fields(a, b, none);
    return a.length === b.length && a.every((x, i) => this.equal(x, b[i]));
  }

  fields<T extends object>(a: T, b: T, except: ReadonlySet<keyof T>): boolean {
    const keys = Object.keys(a) as (keyof T)[];
    for (const key of keys) if (!except.has(key) && !this.equal(a[key], b[key])) return false;
    return (Object.keys(b) as (keyof T)[]).every((key) => except.has(key) || Object.hasOwn(a, key) || b[key] === undefined);
  }

  private isMoved(a: number, b: number): boolean {
    return a >= this.change.oldTo && b === shifted(a, this.change);
  }
}

const none: ReadonlySet<never> = new Set<never>();
