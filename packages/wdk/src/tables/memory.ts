// Functions that copy or clear memory, by argument. Sources: wdm.h, ntddk.h and C runtime documentation; resapi-calls.ts has the
// clearing functions that user-mode code uses as well.

/** `FUNCTION destination source size`. */
export const COPIES = `RtlCopyMemory 0 1 2|RtlMoveMemory 0 1 2|RtlCopyBytes 0 1 2|RtlCopyMemory32 0 1 2|RtlCopyMemoryNonTemporal 0 1 2|RtlCopyVolatileMemory 0 1 2
memcpy 0 1 2|memmove 0 1 2|CopyMemory 0 1 2|MoveMemory 0 1 2|NdisMoveMemory 0 1 2|StorPortCopyMemory 0 1 2|StorPortMoveMemory 0 1 2|VideoPortMoveMemory 0 1 2`;

/** Clearing functions that the compiler may remove when nobody reads the memory again, and those it may not. */
export const REMOVABLE_CLEARS = 'RtlZeroMemory ZeroMemory memset RtlFillMemory FillMemory NdisZeroMemory bzero';

/** Parts of variable names, lower case, that say that the contents are a secret. */
export const SECRET_NAMES = 'pass pwd key secret credential nonce';

/** `FUNCTION destination source`: gives a string variable or buffer the text of its source, which may be a format. */
export const STRING_SETTERS = `RtlInitUnicodeString 0 1|RtlInitUnicodeStringEx 0 1|RtlUnicodeStringInit 0 1|RtlInitString 0 1|RtlInitStringEx 0 1|RtlInitAnsiString 0 1
RtlInitAnsiStringEx 0 1|RtlAnsiStringToUnicodeString 0 1|RtlCreateUnicodeString 0 1|RtlCopyUnicodeString 0 1|RtlUnicodeStringCopy 0 1|RtlUnicodeStringCopyString 0 1
RtlUnicodeStringPrintf 0 1|RtlStringCchPrintfA 0 2|RtlStringCbPrintfA 0 2|RtlStringCchPrintfW 0 2|RtlStringCbPrintfW 0 2|RtlStringCchCopyA 0 2|RtlStringCbCopyA 0 2
RtlStringCchCopyW 0 2|RtlStringCbCopyW 0 2`;
