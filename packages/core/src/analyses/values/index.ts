// Values of variables along the paths of a function, for rules that look at single calls.

export { endExpression, expressionsOf, graphs, Graphs, pointsOf, pointsOfCall, type Point } from './graphs.js';
export { blocksAfter, happensAfter, returnsAfter } from './later-uses.js';
export type { Definition } from './reaching.js';
export { values, Values } from './values.js';
export type { Cfg } from '../../flow/cfg.js';
