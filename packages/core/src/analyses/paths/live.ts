// Which names still matter from a block on: names in conditions, switches and returns, in what flows into those, and in calls that the
// host cares about. Names, not locations: a field counts wherever it is.

import type { Cfg, Step } from '../../flow/cfg.js';
import { successors } from '../../flow/cfg.js';
import { visit } from '../../flow/walk.js';
import type { CallExpr, Expr } from '../../model/expr.js';

/** Names that matter at the entry of each block. */
export type Live = ReadonlySet<string>[];

export function liveNames(cfg: Cfg, matters: (call: CallExpr) => boolean): Live {
  const relevant = relevantNames(cfg, matters);
  const live = cfg.blocks.map((b) => {
    const own = new Set<string>();
    for (const s of b.steps) for (const e of stepExprs(s)) addNames(e, own);
    for (const e of termExprs(b.term)) addNames(e, own);
    for (const n of own) if (!relevant.has(n)) own.delete(n);
    return own;
  });
  for (let changed = true; changed;) {
    changed = false;
    for (let i = cfg.order.length - 1; i >= 0; i--) {
      const id = cfg.order[i]!;
      const into = live[id]!;
      const before = into.size;
      for (const to of successors(cfg.blocks[id]!.term)) for (const n of live[to]!) into.add(n);
      if (into.size !== before) changed = true;
    }
  }
  return live;
}

/** Names of the whole body that can reach a decision. */
function relevantNames(cfg: Cfg, matters: (call: CallExpr) => boolean): Set<string> {
  const names = new Set<string>();
  const flows: [targets: Set<string>, from: Expr][] = [];
  for (const b of cfg.blocks) {
    for (const e of termExprs(b.term)) addNames(e, names);
    for (const s of b.steps) {
      if (s.k === 'return' && s.e) addNames(s.e, names);
      if (s.k === 'decl' && s.v.init) flows.push([new Set([s.v.name]), s.v.init]);
      for (const e of stepExprs(s)) collect(e, names, flows, matters);
    }
  }
  for (let changed = true; changed;) {
    changed = false;
    for (const [targets, from] of flows) {
      if (![...targets].some((t) => names.has(t))) continue;
      const before = names.size;
      addNames(from, names);
      if (names.size !== before) changed = true;
    }
  }
  return names;
}

function collect(top: Expr, names: Set<string>, flows: [Set<string>, Expr][], matters: (call: CallExpr) => boolean): void {
  visit(top, (e) => {
    if (e.k === 'assign') {
      const targets = new Set<string>();
      addNames(e.l, targets);
      // What is stored through a pointer may be looked at by the caller.
      if (e.l.k === 'unary' && e.l.op === '*') addNames(e.l, names);
      flows.push([targets, e.r]);
    } else if (e.k === 'call' && matters(e)) {
      for (const a of e.args) addNames(a, names);
      addNames(e.callee, names);
    }
  });
}

export function addNames(e: Expr, into: Set<string>): void {
  visit(e, (x) => {
    if (x.k === 'name' || x.k === 'field') into.add(x.name);
    if (x.k === 'call') addNames(x.callee, into);
  });
}

export function stepExprs(s: Step): Expr[] {
  switch (s.k) {
    case 'eval': return [s.e];
    case 'decl': return [...(s.v.init ? [s.v.init] : []), ...(s.v.ctorArgs ?? [])];
    case 'return': return s.e ? [s.e] : [];
    default: return [];
  }
}

export function termExprs(term: Cfg['blocks'][number]['term']): Expr[] {
  switch (term.k) {
    case 'branch': return [term.cond];
    case 'switch': return [term.e, ...term.cases.flatMap((c) => (c.v ? [c.v] : []))];
    default: return [];
  }
}
