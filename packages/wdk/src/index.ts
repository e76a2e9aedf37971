// Facts about Windows driver interfaces, as typed look-ups over tables that ship with the package. It imports nothing and runs anywhere.

export * from './levels.js';
export * from './ddi.js';
export * from './effects.js';
export { sameLockFamily, type LockFamily } from './effect-families.js';
export * from './roles.js';
export * from './registrations.js';
export { interchangeable, roleClass } from './role-classes.js';
export * from './annotations.js';
export * from './special-functions.js';
export { headerKind, type HeaderKind } from './headers.js';
export * from './resapi.js';
export * from './constants.js';
export * from './types.js';
export * from './wdf.js';
export * from './resapi-calls.js';
export * from './paging.js';
export * from './conditions.js';
export * from './role-state.js';
export * from './fields.js';
export * from './guarded-fields.js';
export * from './pool.js';
export * from './banned.js';
export * from './registry.js';
export * from './wfp.js';
export * from './init-rules.js';
export * from './memory.js';
export { isWatchedFunction } from './watched.js';
