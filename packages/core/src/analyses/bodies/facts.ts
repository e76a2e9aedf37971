// What the tables say about single functions, fields and constants, as rules may ask for it.

export {
  accessWrites, approvedKeySource, bannedFunction, calloutKinds, consumesDeviceInit, createsDevice, deprecatedAllocator, fieldGuard, isAtomicDecrement, isDefaultPoolTag, isGuardedFieldName, isRemovableClear,
  keyOpener, keyUser, makesDeviceInit, marksUnused, memoryCopy, poolFlagsOf, poolTagArgument, recordName, recordSize, registryPathAccess, relativeRegistryFunction, soundsSecret,
  statusTest, typeMeaning, unsafeInDllMain, usesDeviceInit, wfpCall, zeroing,
  type BannedFunction, type CalloutKind, type DeprecatedAllocator, type FieldGuard, type WfpCall,
} from '@drvlint/wdk';
