// In which order functions are summarised: callees before callers, functions that call each other together. What is asked for is made
// ready together with everything below it, nothing else.

import { components } from '../../flow/scc.js';
import type { Func } from '../../model/project.js';
import type { Surveyed } from './survey.js';

export class BottomUp {
  private readonly groups: readonly (readonly Surveyed[])[];
  private readonly groupOf = new Map<Func, number>();
  private readonly callers = new Map<Func, Func[]>();

  constructor(survey: ReadonlyMap<Func, Surveyed>) {
    const list = [...survey.values()].sort((a, b) => a.fn.id - b.fn.id);
    const index = new Map(list.map((s, i) => [s.fn, i]));
    const callees = list.map((s) => s.callees.map((c) => index.get(c)).filter((i) => i !== undefined));
    this.groups = components(list.length, (i) => callees[i]!).map((members) => members.map((i) => list[i]!));
    this.groups.forEach((group, n) => { for (const s of group) this.groupOf.set(s.fn, n); });
    for (const s of list) {
      for (const c of s.callees) {
        const known = this.callers.get(c);
        if (known) known.push(s.fn);
        else this.callers.set(c, [s.fn]);
      }
    }
  }

  isCalled(fn: Func): boolean {
    return this.callers.has(fn);
  }

  /** Groups that `fn` needs and that are not ready, in order. A group that is ready has everything below it ready. */
  below(fn: Func, isReady: (fn: Func) => boolean): (readonly Surveyed[])[] {
    const first = this.groupOf.get(fn);
    if (first === undefined || isReady(fn)) return [];
    const wanted = new Set([first]);
    for (const n of wanted) {
      for (const s of this.groups[n]!) {
        for (const c of s.callees) {
          const group = this.groupOf.get(c);
          if (group !== undefined && !isReady(c)) wanted.add(group);
        }
      }
    }
    return [...wanted].sort((a, b) => a - b).map((n) => this.groups[n]!);
  }

  /** Members call each other, or the only one itself. */
  isCyclic(group: readonly Surveyed[]): boolean {
    return group.length > 1 || group[0]!.callees.includes(group[0]!.fn);
  }

  /** The functions given and all that call them, directly or not. */
  above(functions: Iterable<Func>): ReadonlySet<Func> {
    const found = new Set(functions);
    for (const fn of found) for (const caller of this.callers.get(fn) ?? []) found.add(caller);
    return found;
  }
}
