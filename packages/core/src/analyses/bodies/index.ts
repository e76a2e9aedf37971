// Contents of function bodies, calls between functions, uses of locals, and what values stand for: shared by the driver rules.

export { bodies, BodyIndex, Bodies, type CallSite, type FieldUse } from './body-index.js';
export { callGraph, CallGraph, type Caller } from './callers.js';
export { conversions, type Conversion } from './conversions.js';
export { meaningOf, meaningOfType, type Meaning } from './meaning.js';
export { usesOfLocal, type LocalUse } from './uses.js';
export * from './facts.js';
export { guardedAccesses, guardOf, type GuardedAccess } from './guarded.js';
export { baseName, flagNames, rootName, sameText, stackVariable } from './places.js';
