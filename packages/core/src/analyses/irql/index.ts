// The IRQL analysis as rules see it: events by function, the level at a place, and what was given up.

import type { Func, Project } from '../../model/project.js';
import type { Analysis } from '../../rule/kit.js';
import { IrqlEngine } from './engine.js';

export type { ChangeEvent, EventStep, ExitEvent, IrqlEvent, LevelEvent, LockEvent, LockProblem } from './events.js';
export { describeMask, highest, lowest, scaleOf, shortMask, type Mask, type Scale } from './levels.js';
export type { ContractSource } from './summary-types.js';

export const irql: Analysis<IrqlEngine> = { name: 'irql', run: (project: Project) => new IrqlEngine(project) };

export type { IrqlEngine };
export type { Func };
