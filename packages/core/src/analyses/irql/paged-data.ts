// Pageable data touched where no page can be read in: variables placed in a PAGE data section, named at DISPATCH_LEVEL or above.

import { sectionKind } from '@drvlint/wdk';
import type { Expr } from '../../model/expr.js';
import type { FileFacts, Variable } from '../../model/facts.js';
import type { Func, Project } from '../../model/project.js';
import { dataSectionOf, type Section } from '../../model/sections.js';
import { walkStmts } from '../../model/walk.js';
import { perProject, type Analysis } from '../analysis.js';
import { irqlEngineOf } from './engine-of.js';
import { lowest, type Mask } from './levels.js';
import { timelineOf } from './timeline.js';

export interface PagedAccess { func: Func; file: string; start: number; end: number; name: string; section: Section; here: Mask }

export const pagedData: Analysis<PagedData> = perProject('paged-data', (project) => new PagedData(project));

class PagedData {
  private readonly placed = new Map<Variable, Section>();

  constructor(private readonly project: Project) {
    for (const file of project.files) {
      if (project.kindOf(file) === 'user') continue;
      for (const v of file.variables) {
        const section = dataSectionOf(v, file);
        if (section && sectionKind(section.name) === 'pageable') this.placed.set(v, section);
      }
    }
  }

  /** First access to each such variable that is always made above APC_LEVEL. */
  accessesOf(fn: Func): PagedAccess[] {
    const def = fn.def;
    if (this.placed.size === 0 || !def?.decl.body) return [];
    const named = this.names(def.decl.body.stmts, def.file);
    if (named.length === 0) return [];
    const moments = timelineOf(irqlEngineOf(this.project), fn);
    const found = new Map<string, PagedAccess>();
    for (const { e, section } of named) {
      const at = moments.filter((m) => m.start <= e.start && e.end <= m.end).sort((a, b) => (a.end - a.start) - (b.end - b.start))[0];
      if (!at || at.asCaller || at.unknown || lowest(at.before) < 2 || found.has(e.name)) continue;
      found.set(e.name, { func: fn, file: def.file.path, start: e.start, end: e.end, name: e.name, section, here: at.before });
    }
    return [...found.values()];
  }

  private names(stmts: Parameters<typeof walkStmts>[0], file: FileFacts): { e: Expr & { k: 'name' }; section: Section }[] {
    const own = new Set<string>();
    const found: { e: Expr & { k: 'name' }; section: Section }[] = [];
    walkStmts(stmts, {
      local: (v) => { own.add(v.name); },
      expr: (e) => {
        const section = e.k === 'name' ? this.sectionOf(e.name, file) : undefined;
        if (e.k === 'name' && section) found.push({ e, section });
      },
    });
    return found.filter((f) => !own.has(f.e.name));
  }

  private sectionOf(name: string, file: FileFacts): Section | undefined {
    const variable = this.project.variable(name, file);
    return variable && this.placed.get(variable.decl);
  }
}
