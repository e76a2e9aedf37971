// Who takes and who gives back which locks, over the whole project and without looking at paths: a function that leaves with a lock
// held does so on purpose only if some other function gives it back.

import { irqlEffect } from '@drvlint/wdk';
import { uncast, visit } from '../../flow/walk.js';
import type { Expr } from '../../model/expr.js';
import type { Func } from '../../model/project.js';
import type { Frame } from './frame.js';
import type { Held } from './state.js';

/** Calls of one function that take or give back locks, by family and last name of the lock. */
export interface LockUse { acquires: Map<string, number>; releases: Map<string, number> }

export class LockCensus {
  private readonly givenBack = new Map<string, Set<number>>();

  add(fn: Func, use: LockUse): void {
    for (const [name] of use.releases) {
      // One that also acquires it releases its own: early returns make more releases than acquires.
      if (use.acquires.has(name)) continue;
      let users = this.givenBack.get(name);
      if (!users) this.givenBack.set(name, (users = new Set()));
      users.add(fn.id);
    }
  }

  /** Takes out what a function was noted for: the names, in one text. */
  remove(fn: Func): string {
    const names = this.releasedBy(fn);
    for (const users of this.givenBack.values()) users.delete(fn.id);
    return names;
  }

  releasedBy(fn: Func): string {
    return [...this.givenBack].filter(([, users]) => users.has(fn.id)).map(([name]) => name).sort().join();
  }

  /** Some other function releases more often than it acquires what this one leaves held. */
  releasedElsewhere(frame: Frame, h: Held): boolean {
    if (h.key < 0) return true;
    const k = frame.keys[h.key]!;
    const root = k.expr.k === 'name' ? k.expr.name : undefined;
    if (root !== undefined && frame.isParam(root)) return true;
    for (const name of [lastName(k.expr), ...(h.handle >= 0 ? [lastName(frame.keys[h.handle]!.expr)] : [])]) {
      const users = this.givenBack.get(`${h.family} ${name}`);
      if (users && [...users].some((id) => id !== frame.fn.id)) return true;
    }
    const anyParam = this.givenBack.get(`${h.family} *`);
    return anyParam !== undefined && [...anyParam].some((id) => id !== frame.fn.id);
  }
}

export function lastName(e: Expr): string {
  const x = uncast(e);
  switch (x.k) {
    case 'name': case 'field': return x.name;
    case 'unary': return lastName(x.e);
    case 'index': return lastName(x.e);
    default: return '?';
  }
}

/** Notes the lock routines among the calls of an expression; a lock that is a parameter of `params` counts as any. */
export function noteLocks(e: Expr, nameOf: (callee: Expr) => string | undefined, params: ReadonlySet<string>, use: LockUse): void {
  visit(e, (x) => {
    if (x.k !== 'call') return;
    const name = nameOf(x.callee);
    const effect = name === undefined ? undefined : irqlEffect(name);
    if (!effect || (effect.effect !== 'acquire' && effect.effect !== 'release') || !(effect.spin || effect.changesIrql)) return;
    const ref = effect.lock;
    const arg = ref && 'index' in ref ? x.args[ref.index] : undefined;
    const own = ref && 'name' in ref ? ref.name : arg ? lastName(arg) : '?';
    const plain = arg && uncast(arg);
    const any = own === '?' || (plain?.k === 'name' && params.has(plain.name));
    const key = `${effect.family} ${any ? '*' : own}`;
    const list = effect.effect === 'acquire' ? use.acquires : use.releases;
    list.set(key, (list.get(key) ?? 0) + 1);
  });
}
