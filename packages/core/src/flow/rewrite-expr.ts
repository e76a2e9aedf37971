// Macro uses and renamed locals put in place: an expression or statement with names replaced and macros expanded. Parts that do not
// change are shared with the original. Code out of a macro gets the range of the use; arguments keep their own.

import { copyAt } from '../model/copy-expr.js';
import type { Expr, InitItem } from '../model/expr.js';
import type { LocalVar, MacroDef } from '../model/facts.js';
import { PASTE } from '../model/macro-bodies.js';
import type { Stmt } from '../model/stmt.js';

export interface Place { start: number; end: number }

/** What names stand for at some point: parameters of a macro, renamed locals. */
export interface Names {
  get(name: string): Expr | undefined;
}

export interface Expansion {
  /** Project macro of that name, seen from `at`. */
  macro(name: string, at: number): MacroDef | undefined;
  /** Replacements of plain names. */
  names: Names;
  /** Macros being expanded: not expanded again inside themselves. */
  active: readonly string[];
  /** Range that replaces the ranges of the expression; absent for code as written. */
  place?: Place;
  /** Expressions that may still be made. */
  budget: { left: number };
}

const maxDepth = 12;
const noNames: Names = { get: () => undefined };

/** The expression with macros expanded and names replaced; itself when there is nothing to do. */
export function expand(e: Expr, x: Expansion): Expr {
  if (x.budget.left <= 0) return e;
  switch (e.k) {
    case 'name': return expandName(e, x);
    case 'call': return expandCall(e, x);
    case 'binary': return expandChain(e, x);
    case 'num': case 'str': case 'char': case 'lambda': return x.place ? moved(e, x) : e;
    case 'field': return expandField(e, x);
    case 'unary': case 'cast': case 'update': case 'delete': return expandOperand(e, x);
    case 'assign': case 'comma': {
      const l = expand(e.l, x);
      const r = expand(e.r, x);
      if (l === e.l && r === e.r && !x.place) return e;
      const copy = moved(e, x) as typeof e;
      copy.l = l;
      copy.r = r;
      return copy;
    }
    case 'init': {
      const items = e.items.map((i) => expandItem(i, x));
      return items.every((i, n) => i === e.items[n]) && !x.place ? e : { ...e, ...x.place, items };
    }
    default: return expandParts(e, x);
  }
}

/** A copy that may be changed, in its new place. */
function moved(e: Expr, x: Expansion): Expr {
  x.budget.left--;
  if (x.place) return copyAt(e, x.place);
  const copy = copyAt(e, e);
  if (copy.k === 'field') copy.nameStart = (e as typeof copy).nameStart;
  return copy;
}

function expandOperand(e: Expr & { k: 'unary' | 'cast' | 'update' | 'delete' }, x: Expansion): Expr {
  const inner = expand(e.e, x);
  if (inner === e.e && !x.place) return e;
  const copy = moved(e, x) as typeof e;
  copy.e = inner;
  return copy;
}

function expandField(e: Expr & { k: 'field' }, x: Expansion): Expr {
  const inner = expand(e.e, x);
  if (inner === e.e && !x.place) return e;
  const copy = moved(e, x) as typeof e;
  copy.e = inner;
  if (e.name.includes(PASTE)) copy.name = pasted(e.name, x);
  return copy;
}

function expandParts(e: Expr, x: Expansion): Expr {
  let copy: Record<string, unknown> | undefined = x.place ? moved(e, x) as unknown as Record<string, unknown> : undefined;
  const source = e as unknown as Record<string, unknown>;
  for (const key of childKeys[e.k] ?? []) {
    const child = source[key] as Expr | Expr[] | undefined;
    if (child === undefined) continue;
    const next = Array.isArray(child) ? expandList(child, x) : expand(child, x);
    if (next === child) continue;
    copy ??= moved(e, x) as unknown as Record<string, unknown>;
    copy[key] = next;
  }
  return (copy as unknown as Expr | undefined) ?? e;
}

const childKeys: Partial<Record<Expr['k'], readonly string[]>> = {
  index: ['e', 'i'], cond: ['c', 'a', 'b'], sizeof: ['e'], new: ['placement', 'args', 'array'], unknown: ['parts'],
};

function expandList(list: Expr[], x: Expansion): Expr[] {
  let changed: Expr[] | undefined;
  for (let i = 0; i < list.length; i++) {
    const e = list[i]!;
    const n = expand(e, x);
    if (n !== e) changed ??= list.slice(0, i);
    changed?.push(n);
  }
  return changed ?? list;
}

function expandItem(item: InitItem, x: Expansion): InitItem {
  const value = expand(item.value, x);
  const index = item.index && expand(item.index, x);
  return value === item.value && index === item.index ? item : { ...item, value, ...(index && { index }) };
}

/** Operator chains are left-deep and may be very long: walked in a loop. */
function expandChain(e: Expr & { k: 'binary' }, x: Expansion): Expr {
  const chain: (Expr & { k: 'binary' })[] = [];
  let left: Expr = e;
  while (left.k === 'binary') {
    chain.push(left);
    left = left.l;
  }
  let result = expand(left, x);
  for (let i = chain.length - 1; i >= 0; i--) {
    const node = chain[i]!;
    const r = expand(node.r, x);
    if (result === node.l && r === node.r && !x.place) result = node;
    else {
      x.budget.left--;
      const at = x.place ?? node;
      result = { k: 'binary', start: at.start, end: at.end, op: node.op, l: result, r };
    }
  }
  return result;
}

function pasted(name: string, x: Expansion): string {
  return name.split(PASTE).map((piece) => {
    const arg = x.names.get(piece);
    return arg?.k === 'name' || arg?.k === 'num' ? (arg.k === 'name' ? arg.name : arg.text) : piece;
  }).join('');
}

function expandName(e: Expr & { k: 'name' }, x: Expansion): Expr {
  const name = e.name.includes(PASTE) ? pasted(e.name, x) : e.name;
  const replacement = name === e.name ? x.names.get(name) : undefined;
  if (replacement) return replacement;
  const at = x.place?.start ?? e.start;
  if (!x.active.includes(name) && x.active.length < maxDepth) {
    const def = x.macro(name, at);
    if (def?.expr && !def.params) return expand(def.expr, inside(def, x, noNames, x.place ?? e));
  }
  if (name === e.name && !x.place) return e;
  x.budget.left--;
  const place = x.place ?? e;
  return { k: 'name', start: place.start, end: place.end, name };
}

function expandCall(e: Expr & { k: 'call' }, x: Expansion): Expr {
  const args = expandList(e.args, x);
  const name = e.callee.k === 'name' ? (e.callee.name.includes(PASTE) ? pasted(e.callee.name, x) : e.callee.name) : undefined;
  if (name !== undefined && !x.active.includes(name) && x.active.length < maxDepth && !x.names.get(name)) {
    const def = x.macro(name, x.place?.start ?? e.start);
    if (def?.params && def.expr) return expand(def.expr, inside(def, x, argumentNames(def, args), x.place ?? e));
  }
  const callee = expand(e.callee, x);
  if (args === e.args && callee === e.callee && !x.place) return e;
  x.budget.left--;
  const place = x.place ?? e;
  return { k: 'call', start: place.start, end: place.end, callee, args };
}

function inside(def: MacroDef, x: Expansion, names: Names, place: Place): Expansion {
  return { macro: x.macro, names, active: [...x.active, def.name], place: { start: place.start, end: place.end }, budget: x.budget };
}

/** Parameters of a macro by name; what a variadic one takes in excess is not kept apart. */
export function argumentNames(def: MacroDef, args: readonly Expr[]): Names {
  const map = new Map<string, Expr>();
  const params = def.params ?? [];
  for (let i = 0; i < params.length && i < args.length; i++) map.set(params[i]!, args[i]!);
  return map;
}

/** A macro used as a statement: its statements with the arguments in place, or undefined when it is none or not known as such. */
export function expandStatementMacro(e: Expr, x: Expansion): Stmt[] | undefined {
  const name = e.k === 'name' ? e.name : e.k === 'call' && e.callee.k === 'name' ? e.callee.name : undefined;
  if (name === undefined || x.active.includes(name) || x.active.length >= maxDepth || x.names.get(name)) return undefined;
  const def = x.macro(name, x.place?.start ?? e.start);
  if (!def?.stmts || (e.k === 'call') !== (def.params !== undefined)) return undefined;
  const args = e.k === 'call' ? expandList(e.args, x) : [];
  return placeStatements(def.stmts, inside(def, x, argumentNames(def, args), x.place ?? e));
}

/** Statements out of a macro body: names replaced, ranges those of the use. Nested statement macros are left for later. */
function placeStatements(list: readonly Stmt[], x: Expansion): Stmt[] {
  return list.map((s) => placeStatement(s, x));
}

function placeStatement(s: Stmt, x: Expansion): Stmt {
  const { start, end } = x.place!;
  const one = (t: Stmt): Stmt => placeStatement(t, x);
  const opt = (t: Stmt | undefined): Stmt | undefined => (t ? one(t) : undefined);
  switch (s.k) {
    case 'expr': return nestedMacro(s.e, x) ?? { k: 'expr', start, end, e: expand(s.e, x) };
    case 'decl': return { k: 'decl', start, end, vars: s.vars.map((v) => placeLocal(v, x)) };
    case 'block': return { k: 'block', start, end, body: placeStatements(s.body, x) };
    case 'case': return { k: 'case', start, end, body: placeStatements(s.body, x), v: s.v && expand(s.v, x), hi: s.hi && expand(s.hi, x) };
    case 'if': return { k: 'if', start, end, init: opt(s.init), c: expand(s.c, x), then: one(s.then), else: opt(s.else), constexpr: s.constexpr };
    case 'while': return { k: 'while', start, end, c: expand(s.c, x), body: one(s.body) };
    case 'do': return { k: 'do', start, end, body: one(s.body), c: expand(s.c, x) };
    case 'switch': return { k: 'switch', start, end, init: opt(s.init), c: expand(s.c, x), body: one(s.body) };
    case 'for': return { k: 'for', start, end, init: opt(s.init), c: s.c && expand(s.c, x), update: s.update && expand(s.update, x), body: one(s.body) };
    case 'rangefor': return { ...s, start, end, v: placeLocal(s.v, x), range: expand(s.range, x), body: one(s.body) };
    case 'label': return { k: 'label', start, end, name: labelName(s.name, x), body: one(s.body) };
    case 'goto': return { k: 'goto', start, end, label: labelName(s.label, x) };
    case 'return': case 'throw': return { k: s.k, start, end, e: s.e && expand(s.e, x) };
    case 'seh': return { ...s, start, end, body: one(s.body), filter: s.filter && expand(s.filter, x), handler: opt(s.handler), finally: opt(s.finally) };
    case 'try': return { ...s, start, end, body: one(s.body), catches: s.catches.map((c) => ({ ...c, body: one(c.body) })) };
    default: return { ...s, start, end };
  }
}

/** A statement macro used inside a macro body: expanded at once, its argument names are only known here. */
function nestedMacro(e: Expr, x: Expansion): Stmt | undefined {
  const parameter = e.k === 'name' ? x.names.get(e.name) : undefined;
  const stmts = expandStatementMacro(parameter ?? e, parameter ? { ...x, names: noNames } : x);
  return stmts && { k: 'block', start: x.place!.start, end: x.place!.end, body: stmts };
}

function labelName(name: string, x: Expansion): string {
  const arg = x.names.get(name);
  return arg?.k === 'name' ? arg.name : name.includes(PASTE) ? pasted(name, x) : name;
}

function placeLocal(v: LocalVar, x: Expansion): LocalVar {
  const arg = x.names.get(v.name);
  const { start, end } = x.place!;
  return {
    ...v, start, end, nameStart: start, name: arg?.k === 'name' ? arg.name : v.name,
    ...(v.init && { init: expand(v.init, x) }), ...(v.ctorArgs && { ctorArgs: v.ctorArgs.map((a) => expand(a, x)) }),
  };
}
