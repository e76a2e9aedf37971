// IRQL annotations by themselves: values no level has, names that are no level, annotations of one function that contradict each other,
// and impossible constants given to a raise or lower.

import { irqlEffect } from '@drvlint/wdk';
import { salEnv } from '../../model/annotations-of.js';
import { readAnnotations, salValue, type Sal } from '../../model/annotations.js';
import type { Annotation, FileFacts, FunctionDecl } from '../../model/facts.js';
import type { Func, Project } from '../../model/project.js';
import type { Analysis } from '../analysis.js';
import { some } from '../../flow/walk.js';
import { scaleOf, type Scale } from './levels.js';

export interface LevelValueFinding { file: string; start: number; end: number; name: string; text: string; value?: number; why: 'out-of-range' | 'no-level'; top: number; func: string }
export interface LevelConflict { file: string; start: number; end: number; func: Func; first: string; second: string; at: { file: string; start: number; end: number } }
export interface AnnotationLevels { values: LevelValueFinding[]; conflicts: LevelConflict[] }

export const annotationLevels: Analysis<AnnotationLevels> = { name: 'annotation-levels', run: (project: Project) => new AnnotationLevelsAnalysis(project).run() };

interface Level { sal: Sal; file: FileFacts; level: number }

class AnnotationLevelsAnalysis {
  private readonly scale: Scale;
  private readonly found: AnnotationLevels = { values: [], conflicts: [] };

  constructor(private readonly project: Project) {
    this.scale = scaleOf(project.arch);
  }

  run(): AnnotationLevels {
    for (const file of this.project.files) {
      if (this.project.kindOf(file) === 'user') continue;
      for (const decl of file.functions) this.values(decl, file);
      for (const t of file.typedefs) this.list(t.annotations, file, new Set(), t.name);
    }
    for (const fn of this.project.funcs) this.conflicts(fn);
    return this.found;
  }

  private values(decl: FunctionDecl, file: FileFacts): void {
    const params = new Set(decl.params.map((p) => p.name));
    this.list(decl.annotations, file, params, decl.name);
    for (const p of decl.params) this.list(p.annotations, file, params, decl.name);
    for (const call of decl.body?.calls ?? []) {
      const effect = call.callee.k === 'name' ? irqlEffect(call.callee.name) : undefined;
      if (effect?.effect !== 'raise' && effect?.effect !== 'lower') continue;
      const index = effect.effect === 'raise' ? (typeof effect.to === 'object' && !('byName' in effect.to) ? effect.to.arg : -1) : effect.restores?.index ?? -1;
      const arg = call.args[index];
      const value = arg && this.project.valueOf(arg, file);
      if (!arg || value === undefined || (value >= 0 && value <= this.scale.top)) continue;
      this.found.values.push({ file: file.path, start: arg.start, end: arg.end, name: effect.name, text: this.project.textOf(file.path).slice(arg.start, arg.end), value, why: 'out-of-range', top: this.scale.top, func: decl.name });
    }
  }

  private list(annotations: readonly Annotation[], file: FileFacts, params: ReadonlySet<string>, func: string): void {
    if (annotations.length === 0) return;
    for (const s of readAnnotations(annotations, salEnv(this.project, file))) {
      if (!s.kind.startsWith('irql-') || !s.level?.e || s.via !== undefined) continue;
      const value = this.valueOf(s, file);
      const at = { file: file.path, start: s.level.start, end: s.level.end, name: s.name, text: s.level.text, top: this.scale.top, func };
      if (value !== undefined && (value < 0 || value > this.scale.top)) this.found.values.push({ ...at, value, why: 'out-of-range' });
      else if (value === undefined && this.isNoLevel(s, file, params)) this.found.values.push({ ...at, why: 'no-level' });
    }
  }

  private valueOf(s: Sal, file: FileFacts): number | undefined {
    return s.level && salValue(s.level, (name) => this.project.valueOf({ k: 'name', name, start: 0, end: 0 }, file));
  }

  /** It names a variable of the project, which no annotation can look at. */
  private isNoLevel(s: Sal, file: FileFacts, params: ReadonlySet<string>): boolean {
    return some(s.level!.e!, (x) => x.k === 'name' && !params.has(x.name) && this.project.variable(x.name, file) !== undefined);
  }

  // --- contradictions -------------------------------------------------------------------------------------

  private conflicts(fn: Func): void {
    const levels: Level[] = [];
    for (const a of this.project.annotationsOf(fn)) {
      for (const sal of readAnnotations([a], salEnv(this.project, a.file))) {
        if (!sal.kind.startsWith('irql-') || sal.when.length > 0 || sal.at) continue;
        const level = this.valueOf(sal, a.file);
        if (level !== undefined) levels.push({ sal, file: a.file, level });
      }
    }
    if (levels.length < 2) return;
    const of = (kind: Sal['kind']): Level | undefined => levels.find((l) => l.sal.kind === kind);
    const check = (a: Level | undefined, b: Level | undefined, wrong: (x: number, y: number) => boolean): boolean => {
      if (!a || !b || !wrong(a.level, b.level)) return false;
      this.conflict(fn, a, b);
      return true;
    };
    const above = (x: number, y: number): boolean => x > y;
    const exact = of('irql-requires');
    void (check(of('irql-min'), of('irql-max'), above) || check(exact, of('irql-max'), above) || check(of('irql-min'), exact, above)
      || check(of('irql-always-min'), of('irql-always-max'), above) || check(of('irql-raises'), of('irql-always-max'), above)
      || check(exact, of('irql-always-max'), above) || check(of('irql-always-min'), exact, above) || check(exact, of('irql-raises'), above));
  }

  private conflict(fn: Func, a: Level, b: Level): void {
    const [first, later] = a.file === b.file && a.sal.start > b.sal.start ? [b, a] : [a, b];
    const text = (l: Level): string => `${l.sal.name}(${l.sal.level!.text})`;
    this.found.conflicts.push({
      file: later.file.path, start: later.sal.start, end: later.sal.end, func: fn, first: text(first), second: text(later),
      at: { file: first.file.path, start: first.sal.start, end: first.sal.end },
    });
  }
}
