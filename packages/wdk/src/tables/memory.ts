// Functions that copy or clear memory, by argument. Sources: wdm.h, ntddk.h and C runtime documentation; resapi-calls.ts has the
// clearing functions that user-mode code uses as well.

/** `FUNCTION destination source size`. */
export const COPIES = `RtlCopyMemory 0 1 2|RtlMoveMemory 0 1 2|RtlCopyBytes 0 1 2|RtlCopyMemory32 0 1 2|RtlCopyMemoryNonTemporal 0 1 2|RtlCopyVolatileMemory 0 1 2
memcpy 0 1 2|memmove 0 1 2|CopyMemory 0 1 2|MoveMemory 0 1 2|NdisMoveMemory 0 1 2|StorPortCopyMemory 0 1 2|StorPortMoveMemory 0 1 2|VideoPortMoveMemory 0 1 2`;

/** Clearing functions that the compiler may remove when nobody reads the memory again, and those it may not. */
export const REMOVABLE_CLEARS = 'RtlZeroMemory ZeroMemory memset RtlFillMemory FillMemory NdisZeroMemory bzero';
export const SECURE_CLEAR = 'RtlSecureZeroMemory';

/** Parts of variable names, lower case, that say that the contents are a secret. */
export const SECRET_NAMES = 'pass pwd key secret credential nonce';
