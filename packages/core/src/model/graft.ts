// An edit inside the body of one function leaves every declaration of its file as it was, only farther down. Where that is so, the facts
// read after the edit are put into the objects of the facts before, so that whatever was linked to these stays linked. Anything else is
// refused and nothing is touched: then the project has to be linked anew.

import type { FileFacts, FunctionDecl } from './facts.js';

/** The units [from, oldTo) of a text were replaced; what stood behind them now begins at `newTo`. Offsets are UTF-16 offsets. */
export interface TextChange { from: number; oldTo: number; newTo: number }

/** The smallest replacement that makes `after` of `before`. */
export function textChange(before: string, after: string): TextChange {
  const most = Math.min(before.length, after.length);
  let from = 0;
  // Whole stretches at once as long as they are equal: the engine compares them much faster than unit by unit.
  while (from + stretch <= most && before.slice(from, from + stretch) === after.slice(from, from + stretch)) from += stretch;
  while (from < most && before.charCodeAt(from) === after.charCodeAt(from)) from++;
  let [oldTo, newTo] = [before.length, after.length];
  while (Math.min(oldTo, newTo) - stretch >= from && before.slice(oldTo - stretch, oldTo) === after.slice(newTo - stretch, newTo)) {
    oldTo -= stretch;
    newTo -= stretch;
  }
  while (Math.min(oldTo, newTo) > from && before.charCodeAt(oldTo - 1) === after.charCodeAt(newTo - 1)) {
    oldTo--;
    newTo--;
  }
  return { from, oldTo, newTo };
}

const stretch = 1024;

/** Where an offset of the text before is now; what lies inside the replaced part is nowhere. */
export function shifted(offset: number, change: TextChange): number | undefined {
  if (offset >= change.oldTo) return offset + change.newTo - change.oldTo;
  return offset <= change.from ? offset : undefined;
}

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
    if (decl.body.start !== body.start) moveTree(body as unknown as Record<string, unknown>, change, new Set());
    decl.body = body;
  });
  const lists = { macros, variables, typedefs, records, enums };
  for (const [key, list] of Object.entries(lists) as [keyof typeof lists, object[]][]) list.forEach((decl, i) => { replace(decl, now[key][i]!); });
  // A list of its own: what was seen in the initialisers stands elsewhere now.
  replace(before, { ...now, functions, ...lists, variables: [...variables] });
}

/** Moves the nodes below a body. Its calls are nodes of its statements; types may be shared by several declarators. */
function moveTree(node: Record<string, unknown>, change: TextChange, types: Set<unknown>): void {
  for (const key in node) {
    const value = node[key];
    if (typeof value === 'number') {
      if (value > change.from && places.has(key)) node[key] = shifted(value, change) ?? value;
    } else if (typeof value === 'object' && value !== null && key !== 'calls' && key !== 'bare') {
      if (key === 'argStarts') node[key] = (value as number[]).map((at) => shifted(at, change) ?? at);
      else if (Array.isArray(value)) moveTrees(value, change, types);
      else if (key !== 'type' || !types.has(value)) {
        if (key === 'type') types.add(value);
        moveTree(value as Record<string, unknown>, change, types);
      }
    }
  }
}

function moveTrees(nodes: readonly unknown[], change: TextChange, types: Set<unknown>): void {
  for (const node of nodes) {
    if (Array.isArray(node)) moveTrees(node, change, types);
    else if (typeof node === 'object' && node !== null) moveTree(node as Record<string, unknown>, change, types);
  }
}

const places = new Set(['start', 'end', 'nameStart', 'nameEnd']);

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
