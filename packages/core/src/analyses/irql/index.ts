// The IRQL analysis as rules see it: events by function, the level at a place, and what was given up.

import type { Analysis } from '../analysis.js';
import type { IrqlEngine } from './engine.js';
import { irqlEngineOf } from './engine-of.js';

export type { ChangeEvent, EventStep, ExitEvent, IrqlEvent, LevelEvent, LockEvent, LockProblem } from './events.js';
export { describeMask, highest, lowest, scaleOf, shortMask, type Mask, type Scale } from './levels.js';
export type { ContractSource } from './summary-types.js';

export const irql: Analysis<IrqlEngine> = { name: 'irql', run: irqlEngineOf };

export { irqlGivenUp, preparedLevels } from './engine-of.js';
export type { GivenUp } from './engine.js';
export { floatState, type FloatFinding } from './float.js';
export { pagedData, type PagedAccess } from './paged-data.js';
export { paging, type PagedFunction } from './paging.js';
export { annotationLevels, type AnnotationLevels } from './annotation-levels.js';
export { levelAt, type LevelAt } from './explain.js';
export { timelineOf, type Moment } from './timeline.js';
export type { IrqlEngine };
