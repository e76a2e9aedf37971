// Which functions say that their result must be looked at, and how the project as a whole treats the results of each.

import { ddi } from '@drvlint/wdk';
import { salOf } from '../../model/annotations-of.js';
import type { CallExpr } from '../../model/expr.js';
import type { FileFacts } from '../../model/facts.js';
import type { Func, Project } from '../../model/project.js';
import type { Analysis } from '../analysis.js';
import { lostResults, type LostResult } from './unread.js';

export interface LostCall extends LostResult { fn: Func; callee: string }

export interface ResultUse {
  /** Calls whose result is lost, by function, in order of place. */
  lost: LostCall[];
  /** Calls of each function whose result must be looked at. */
  total: Map<string, number>;
  /** How many of them look at nothing. */
  ignored: Map<string, number>;
}

/** Results that must be looked at and are not, over a whole project. */
export const uncheckedResults: Analysis<ResultUse> = { name: 'unchecked-results', run: (project) => new Search(project).run() };

class Search {
  private readonly annotated = new Map<Func, boolean>();
  private readonly use: ResultUse = { lost: [], total: new Map(), ignored: new Map() };

  constructor(private readonly project: Project) {}

  run(): ResultUse {
    for (const fn of this.project.funcs) {
      const def = fn.def;
      if (!def?.decl.body) continue;
      const names = new Map<CallExpr, string>();
      for (const call of def.decl.body.calls) {
        const callee = this.mustLookAt(call, fn, def.file);
        if (callee === undefined) continue;
        names.set(call, callee);
        count(this.use.total, callee);
      }
      if (names.size > 0) this.search(fn, names);
    }
    return this.use;
  }

  private search(fn: Func, names: ReadonlyMap<CallExpr, string>): void {
    for (const lost of lostResults(this.project, fn, (call) => names.has(call))) {
      const callee = names.get(lost.call);
      if (callee === undefined) continue;
      if (lost.how !== 'lost') count(this.use.ignored, callee);
      this.use.lost.push({ ...lost, fn, callee });
    }
  }

  /** Name of a callee that demands it: its own annotation, or the documentation of a DDI. */
  private mustLookAt(call: CallExpr, inside: Func, file: FileFacts): string | undefined {
    const callee = this.project.calleeOf(call, inside);
    if (callee) return this.isAnnotated(callee) ? callee.qualified : undefined;
    const name = this.project.calleeName(call, file);
    if (name === undefined || this.project.macro(name, file, call.start)) return undefined;
    return ddi(name)?.mustCheck ? name : undefined;
  }

  private isAnnotated(fn: Func): boolean {
    let known = this.annotated.get(fn);
    if (known === undefined) {
      known = salOf(this.project, fn).some((s) => s.kind === 'must-inspect' && s.when.length === 0 && !s.at);
      this.annotated.set(fn, known);
    }
    return known;
  }
}

function count(map: Map<string, number>, key: string): void {
  map.set(key, (map.get(key) ?? 0) + 1);
}
