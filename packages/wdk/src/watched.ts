// Functions that some rule about single calls looks for. Macros that lead to one of them are worth expanding, others are not.

import { bannedFunction } from './banned.js';
import { consumesDeviceInit, makesDeviceInit, unsafeInDllMain, usesDeviceInit } from './init-rules.js';
import { isRemovableClear, memoryCopy } from './memory.js';
import { deprecatedAllocator, poolTagArgument } from './pool.js';
import { approvedKeySource, keyOpener, keyUser, relativeRegistryFunction } from './registry.js';
import { wfpCall } from './wfp.js';

const SINGLE = new Set(`KeWaitForSingleObject KeWaitForMultipleObjects ObReferenceObjectByHandle ObReferenceObjectByPointer IoInitializeTimer IoMarkIrpPending
  RtlCreateUnicodeString RtlFreeUnicodeString IoCreateDevice IoSetCancelRoutine InitializeObjectAttributes RtlInitUnicodeString`.split(/\s+/));

const known = new Map<string, boolean>();

function isWatched(name: string): boolean {
  return SINGLE.has(name) || bannedFunction(name) !== undefined || poolTagArgument(name) !== undefined || deprecatedAllocator(name) !== undefined
    || keyOpener(name) !== undefined || keyUser(name) !== undefined || relativeRegistryFunction(name) !== undefined || approvedKeySource(name) !== undefined
    || wfpCall(name) !== undefined || usesDeviceInit(name) || consumesDeviceInit(name) || makesDeviceInit(name) || unsafeInDllMain(name) !== undefined
    || memoryCopy(name) !== undefined || isRemovableClear(name);
}

export function isWatchedFunction(name: string): boolean {
  let watched = known.get(name);
  if (watched === undefined) known.set(name, watched = isWatched(name));
  return watched;
}
