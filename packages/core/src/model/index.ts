// What the other stages and hosts use of the model.

export * from './annotations.js';
export { paramSalOf, salEnv, salOf } from './annotations-of.js';
export * from './expr.js';
export * from './facts.js';
export { strippedFunction } from './callees.js';
export { shifted, textChange, type TextChange } from './text-change.js';
export { linkProject, relinkBody, relinkProject, type FileEdit, type LinkOptions, type Relinked } from './link.js';
export { localsOf, type LocalName } from './locals.js';
export { PASTE } from './macro-bodies.js';
export type { BodyEdit } from './body-edit.js';
export { LiveReader } from './live-reader.js';
export * from './project.js';
export { ProjectReader, type ReaderHost } from './reader.js';
export { SharedReads } from './shared-reads.js';
export * from './stmt.js';
export * from './substitute.js';
export { typeText } from './type-resolution.js';
export { typeFromText } from './type-text.js';
export * from './types.js';
export { UnitReader, type HeaderState } from './unit-reader.js';
export * from './walk.js';
