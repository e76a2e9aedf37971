// One engine per project, shared by the analyses that look at its states.

import type { Project } from '../../model/project.js';
import { IrqlEngine } from './engine.js';

const engines = new WeakMap<Project, IrqlEngine>();

export function irqlEngineOf(project: Project): IrqlEngine {
  let engine = engines.get(project);
  if (!engine) engines.set(project, (engine = new IrqlEngine(project)));
  return engine;
}
