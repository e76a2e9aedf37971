// One engine per project, shared by the analyses that look at its states, and handed on when an edit makes another project of one.

import type { Relinked } from '../../model/link.js';
import type { Func, Project } from '../../model/project.js';
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

/** What the engine of `from` knows holds on after an edit as far as it can; `reassigned`: functions whose roles are others now. */
export function keepLevels(from: Project, relinked: Relinked, reassigned: ReadonlySet<Func>): void {
  const engine = engines.get(from);
  engines.delete(from);
  if (engine) engines.set(relinked.project, lap('levels', () => engine.after(relinked, reassigned)));
}

/** Follows the levels of a function and of what it calls in small steps, ahead of being asked. */
export function preparedLevels(project: Project, fn: Func): Generator<void, void> {
  return irqlEngineOf(project).settling(fn);
}
