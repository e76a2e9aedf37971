// What the analysis of one function asks about the rest of the project: summaries of the functions it calls, what their annotations
// declare, and cheap bounds that tell whether asking for more is worth it.

import type { Func, Project } from '../../model/project.js';
import type { Bounds, Mask, Scale } from './levels.js';
import type { Declared, Need, Summary } from './summary-types.js';
import type { Values } from './values.js';

export interface Environment {
  readonly project: Project;
  readonly scale: Scale;
  readonly values: Values;
  summaryOf(fn: Func): Summary;
  declaredOf(fn: Func): Declared | undefined;
  /** Ceiling and floor of everything the function may demand of the level it is called on, found without a closer look. */
  boundsOf(fn: Func): Bounds;
  /** What the function demands of the level it is called on, path by path. */
  needsOf(fn: Func): readonly Need[];
  /** Levels from which every way out of the function was seen to be reachable; all while nobody asked for its needs. */
  mustOf(fn: Func): Mask;
  /** The project lets some object run its callbacks at PASSIVE_LEVEL, so that rows that depend on it tell nothing. */
  readonly passiveObjects: { execution: boolean; interrupt: boolean };
}
