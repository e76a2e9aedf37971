// Results of analyses, one per project and analysis, shared by the rules of a run, by explanations and by editors.

import type { Project } from '../model/project.js';
import type { Analysis } from './kit.js';

type Result = { value: unknown } | { error: unknown };

const results = new WeakMap<Project, Map<Analysis<unknown>, Result>>();

/** The analysis of a project: run when it was not yet. What it threw the first time it throws every time. */
export function analysisOf<T>(project: Project, analysis: Analysis<T>): T {
  let ofProject = results.get(project);
  if (!ofProject) results.set(project, ofProject = new Map());
  let result = ofProject.get(analysis);
  if (!result) {
    try {
      result = { value: analysis.run(project) };
    } catch (error) {
      result = { error };
    }
    ofProject.set(analysis, result);
  }
  if ('error' in result) throw result.error;
  return result.value as T;
}

/** The analysis was run already. */
export function isAnalysed(project: Project, analysis: Analysis<unknown>): boolean {
  return results.get(project)?.has(analysis) === true;
}
