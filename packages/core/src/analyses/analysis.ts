// What an analysis is: something computed once per project and shared by rules and by other analyses.

import type { Project } from '../model/project.js';
import { lap } from '../source/laps.js';

/** An analysis shared by rules: run at most once per project (and per function, where it is lazy inside). */
export interface Analysis<T> { readonly name: string; run(project: Project): T }

/** An analysis whose `run` gives the same object every time for one project, so that analyses can build on each other. */
export function perProject<T extends object>(name: string, make: (project: Project) => T): Analysis<T> {
  const made = new WeakMap<Project, T>();
  return {
    name,
    run(project) {
      let result = made.get(project);
      if (!result) made.set(project, result = lap(name, () => make(project)));
      return result;
    },
  };
}
