// What rules use of the cluster analysis.

export { cluster, ClusterModel } from './model.js';
export { Api as ClusterApi, fileOf, uncast, type ApiKind } from './api.js';
export { versionOf, versionOfText, type FunctionTable, type Slot } from './function-tables.js';
export { identityOf, pointeeIdentity, isNull, onlyValue, type Identity } from './identity.js';
export { readMacroUses } from './macro-uses.js';
export type { Chain } from './reach.js';
export type { Entry, EntryRole, Roles } from './roles.js';
export {
  compareSignature as compareApiSignature, declarationMismatch, expectedOf as apiCallback, ordinal, signatureOf as apiSignatureOf, worstGrade,
  type Difference as ApiDifference, type Expected as ApiCallback, type Grade, type Signature as ApiSignature,
} from './signature.js';
export type { CreateSite, Routine, Worker } from './workers.js';
export { WorkerLoops, type LoopFault, type LoopFinding, type LoopSettings } from './worker-loops.js';
export type { LoopClass } from './loop-class.js';
export type { Wait } from './blocking.js';
export { ZeroInit, type NotZeroed } from './zero-init.js';
export { Explorer as PathExplorer, type End as PathEnd, type PathHost } from '../paths/explore.js';
export { State as PathState } from '../paths/state.js';
export { constant as pathConstant, symbol as pathSymbol, type Val as PathValue } from '../paths/value.js';
export type { CallSite as PathCall, Outcome as PathOutcome, Frame as PathFrame } from '../paths/eval.js';
export { eachExpression, type Occurrence } from './expressions.js';
export { isLogging, placeOfCall, reachingDefinitions, returnsOf, sourcesOf, usesAfter, type CallPlace, type Source, type Use } from './value-flow.js';
export type { FreeSite } from './frees.js';
export { avoidClusterCall, callbackOfSlot, freedArgument, tableSlots } from '@drvlint/wdk';
export { createFault, type CreateFault } from './create-result.js';
export { FINAL_STATES, Protocol, STATE_OFFLINE, STATE_ONLINE, type ProtocolHooks } from './protocol.js';
export { foreignStarters, operationsOf, type Operation } from './obligations.js';
export { callsIn as callsInLoop, LoopClasses } from './loop-class.js';
export { StopSignals } from './stop-signals.js';
export { Joins, type Join } from './joins.js';
export { Locks } from './locks.js';
export { stepExprs as expressionsOfStep } from '../paths/live.js';
