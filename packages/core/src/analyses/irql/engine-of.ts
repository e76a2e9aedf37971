// One engine per project, shared by the analyses that look at its states.

import type { Project } from '../../model/project.js';
import { lap } from '../../source/laps.js';
import { IrqlEngine, type GivenUp } from './engine.js';

const engines = new WeakMap<Project, IrqlEngine>();

/** Functions whose levels or locks were given up, when the analysis was run at all. */
export function irqlGivenUp(project: Project): readonly GivenUp[] {
  return engines.get(project)?.givenUp ?? [];
}

export function irqlEngineOf(project: Project): IrqlEngine {
  let engine = engines.get(project);
  if (!engine) engines.set(project, (engine = lap('levels', () => new IrqlEngine(project))));
  return engine;
}
