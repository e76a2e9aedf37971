// PREfast's names of the driver warnings, `#pragma warning(suppress: __WARNING_IRQ_TOO_HIGH)`. Source of every row: the names
// that the suppression library of Microsoft's Windows-Driver-Developer-Supplemental-Tools (Suppression.qll) understands, the name
// that Microsoft's driver samples suppress C28101 by (spb/SkeletonI2C), and the ids 28101..28285 as documented for Code Analysis for Drivers. The values are warning numbers.

export const warningNames: Readonly<Record<string, number>> = {
  BANNED_API_USAGE: 28719,
  BANNED_API_USAGEL2: 28726,
  BANNED_CRIMSON_API_USAGE: 28735,
  BANNED_LEGACY_INSTRUMENTATION_API_USAGE: 28735,
  BANNED_API_USAGE_LSTRLEN: 28750,
  DRIVER_FUNCTION_TYPE: 28101,
  UNHELPFUL_TAG: 28147,
  IRQL_NOT_SET: 28158,
  IRQL_NOT_USED: 28157,
  POOL_TAG: 28134,
  STRSAFE_H: 28146,
  MUST_USE: 28193,
  IRQ_TOO_HIGH: 28121,
  IRQ_TOO_LOW: 28120,
  FUNCTION_ASSIGNMENT: 28128,
  INACCESSIBLE_MEMBER: 28175,
  READ_ONLY_MEMBER: 28176,
  INIT_NOT_CLEARED: 28152,
  KE_WAIT_LOCAL: 28135,
  MULTIPLE_PAGED_CODE: 28171,
  NO_PAGED_CODE: 28170,
  NO_PAGING_SEGMENT: 28172,
  OBJ_REFERENCE_MODE: 28126,
  MODIFYING_MDL: 28145,
  PENDING_STATUS_ERROR: 28143,
  DISPATCH_MISMATCH: 28168,
  DISPATCH_MISSING: 28169,
  IRQ_SET_TOO_HIGH: 28150,
  IRQ_SET_TOO_LOW: 28124,
  INTERLOCKEDDECREMENT_MISUSE1: 28616,
  PROTOTYPE_MISMATCH: 28127,
  UNEXPECTED_IRQL_CHANGE: 28167,
};

/** Number of a `__WARNING_*` name. */
export function warningNumber(name: string): number | undefined {
  const key = /^__WARNING_(\w+)$/i.exec(name)?.[1]?.toUpperCase();
  return key !== undefined && Object.hasOwn(warningNames, key) ? warningNames[key] : undefined;
}
