// IRQL annotations by themselves: values no level has, names that are no level, annotations of one function that contradict each other,
// and impossible constants given to a raise or lower.

import { irqlEffect } from '@drvlint/wdk';
import { salEnv } from '../../model/annotations-of.js';
import { readAnnotations, salValue, type Sal } from '../../model/annotations.js';
import type { Annotation, FileFacts, FunctionDecl } from '../../model/facts.js';
import type { Func, Project } from '../../model/project.js';
import { perProject, type Analysis } from '../analysis.js';
import { some } from '../../flow/walk.js';
import { scaleOf, type Scale } from './levels.js';

export interface LevelValueFinding { file: string; start: number; end: number; name: string; text: string; value?: number; why: 'out-of-range' | 'no-level'; top: number; func: string }
export interface LevelConflict { file: string; start: number; end: number; func: Func; first: string; second: string; at: { file: string; start: number; end: number } }

export const annotationLevels: Analysis<AnnotationLevels> = perProject('annotation-levels', (project) => new AnnotationLevels(project));

interface Level { sal: Sal; file: FileFacts; level: number }

export class AnnotationLevels {
  private readonly scale: Scale;

  constructor(private readonly project: Project) {
    this.scale = scaleOf(project.arch);
  }

  /** Values in a file that are no level. */
  valuesIn(file: FileFacts): LevelValueFinding[] {
    const found: LevelValueFinding[] = [];
    if (this.project.kindOf(file) === 'user') return found;
    for (const decl of file.functions) this.values(decl, file, found);
    for (const t of file.typedefs) this.list(t.annotations, file, new Set(), t.name, found);
    return found;
  }

  private values(decl: FunctionDecl, file: FileFacts, found: LevelValueFinding[]): void {
    const params = new Set(decl.params.map((p) => p.name));
    this.list(decl.annotations, file, params, decl.name, found);
    for (const p of decl.params) this.list(p.annotations, file, params, decl.name, found);
    for (const call of decl.body?.calls ?? []) {
      const effect = call.callee.k === 'name' ? irqlEffect(call.callee.name) : undefined;
      if (effect?.effect !== 'raise' && effect?.effect !== 'lower') continue;
      const index = effect.effect === 'raise' ? (typeof effect.to === 'object' && !('byName' in effect.to) ? effect.to.arg : -1) : effect.restores?.index ?? -1;
      const arg = call.args[index];
      const value = arg && this.project.valueOf(arg, file);
      if (!arg || value === undefined || (value >= 0 && value <= this.scale.top)) continue;
      found.push({ file: file.path, start: arg.start, end: arg.end, name: effect.name, text: this.project.textOf(file.path).slice(arg.start, arg.end), value, why: 'out-of-range', top: this.scale.top, func: decl.name });
    }
  }

  private list(annotations: readonly Annotation[], file: FileFacts, params: ReadonlySet<string>, func: string, found: LevelValueFinding[]): void {
    if (annotations.length === 0) return;
    for (const s of readAnnotations(annotations, salEnv(this.project, file))) {
      if (!s.kind.startsWith('irql-') || !s.level?.e || s.via !== undefined) continue;
      const value = this.valueOf(s, file);
      const at = { file: file.path, start: s.level.start, end: s.level.end, name: s.name, text: s.level.text, top: this.scale.top, func };
      if (value !== undefined && (value < 0 || value > this.scale.top)) found.push({ ...at, value, why: 'out-of-range' });
      else if (value === undefined && this.isNoLevel(s, file, params)) found.push({ ...at, why: 'no-level' });
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

  /** The contradiction of the annotations of a function, if there is one. */
  conflictOf(fn: Func): LevelConflict | undefined {
    const levels: Level[] = [];
    for (const a of this.project.annotationsOf(fn)) {
      for (const sal of readAnnotations([a], salEnv(this.project, a.file))) {
        if (!sal.kind.startsWith('irql-') || sal.when.length > 0 || sal.at) continue;
        const level = this.valueOf(sal, a.file);
        if (level !== undefined) levels.push({ sal, file: a.file, level });
      }
    }
    if (levels.length < 2) return undefined;
    const of = (kind: Sal['kind']): Level | undefined => levels.find((l) => l.sal.kind === kind);
    const check = (a: Level | undefined, b: Level | undefined, wrong: (x: number, y: number) => boolean): LevelConflict | undefined => (a && b && wrong(a.level, b.level) ? conflict(fn, a, b) : undefined);
    const above = (x: number, y: number): boolean => x > y;
    const exact = of('irql-requires');
    return check(of('irql-min'), of('irql-max'), above) ?? check(exact, of('irql-max'), above) ?? check(of('irql-min'), exact, above)
      ?? check(of('irql-always-min'), of('irql-always-max'), above) ?? check(of('irql-raises'), of('irql-always-max'), above)
      ?? check(exact, of('irql-always-max'), above) ?? check(of('irql-always-min'), exact, above) ?? check(exact, of('irql-raises'), above);
  }
}

function conflict(fn: Func, a: Level, b: Level): LevelConflict {
  const [first, later] = a.file === b.file && a.sal.start > b.sal.start ? [b, a] : [a, b];
  const text = (l: Level): string => `${l.sal.name}(${l.sal.level!.text})`;
  return {
    file: later.file.path, start: later.sal.start, end: later.sal.end, func: fn, first: text(first), second: text(later),
    at: { file: first.file.path, start: first.sal.start, end: first.sal.end },
  };
}
