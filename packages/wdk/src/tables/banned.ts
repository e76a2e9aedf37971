// C runtime and Windows functions that must not be used, by warning number. `NUMBER kind names...`; the kinds lead to replacements below.
// Sources: pages of warnings C28719, C28726, C28727, C28735 and C28750, and the list of query ExtendedDeprecatedApis of Microsoft's
// driver suite, which follow the SDL list of banned functions; replacements from ntstrsafe.h, strsafe.h and the secure CRT.

export const BANNED = `28719 copy strcpy strcpyA strcpyW wcscpy _tcscpy _ftccpy _ftcscpy _fstrcpy _tccpy StrCpy StrCpyA StrCpyW lstrcpy lstrcpyA lstrcpyW ualstrcpyW
28719 copy-n strncpy wcsncpy _tcsncpy _fstrncpy StrCpyN StrCpyNA StrCpyNW StrNCpy StrNCpyA StrNCpyW lstrcpyn lstrcpynA lstrcpynW
28719 cat strcat strcatA strcatW wcscat _tcscat _ftccat _ftcscat _fstrcat _tccat _mbccat _mbscat StrCat StrCatA StrCatW StrCatBuff StrCatBuffA StrCatBuffW StrCatChainW lstrcat lstrcatA lstrcatW
28719 cat-n strncat wcsncat _tcsncat _fstrncat StrCatN StrCatNA StrCatNW StrNCat StrNCatA StrNCatW lstrcatn lstrcatnA lstrcatnW lstrncat
28719 print sprintf sprintfA sprintfW _stprintf wsprintf wsprintfA wsprintfW
28719 print-n _snprintf _snwprintf _sntprintf nsprintf wnsprintf wnsprintfA
28719 wide-print swprintf
28719 wide-vprint vswprintf
28719 vprint vsprintf _vstprintf wvsprintf wvsprintfA wvsprintfW
28719 vprint-n _vsnprintf _vsnwprintf _vsntprintf vsnprintf wvnsprintf wvnsprintfA wvnsprintfW
28719 gets gets _getts _gettws _getws
28719 scan _stscanf _tscanf _sntscanf snscanf snwscanf
28719 path _makepath _tmakepath _wmakepath makepath _splitpath _tsplitpath _wsplitpath
28719 oem OemToCharW
28726 number _itoa _i64toa _i64tow _ui64toa _ui64tow _ultoa
28726 multibyte _mbccpy _mbscpy _mbsnbcpy _mbsnbcat _mbsncat _mbsncpy _mbstok
28726 scan scanf sscanf wscanf _snscanf _snwscanf
28726 oem CharToOemA CharToOemBuffA CharToOemBuffW CharToOemW OemToCharA OemToCharBuffA OemToCharBuffW
28726 print-n wnsprintfW
28726 memory wmemcpy
28727 number _itow _ultow
28727 token strtok wcstok
28727 scan swscanf
28735 trace EtwRegisterTraceGuidsA EtwRegisterTraceGuidsW EtwUnregisterTraceGuids RegisterTraceGuidsA RegisterTraceGuidsW RegisterEventSourceA RegisterEventSourceW UnregisterTraceGuids
28750 length lstrlen lstrlenA lstrlenW`;

/** `kind;in the kernel;in user mode;why`. */
export const BANNED_KINDS = `copy;RtlStringCbCopy or RtlStringCchCopy (ntstrsafe.h);StringCchCopy or strcpy_s;it writes past the end of a destination that is too small
copy-n;RtlStringCbCopyN or RtlStringCchCopyN (ntstrsafe.h);StringCchCopyN or strncpy_s;it leaves the copy without a terminating zero when the source fills the destination
cat;RtlStringCbCat or RtlStringCchCat (ntstrsafe.h);StringCchCat or strcat_s;it writes past the end of a destination that is too small
cat-n;RtlStringCbCatN or RtlStringCchCatN (ntstrsafe.h);StringCchCatN or strncat_s;its count is what may be appended, not the size of the destination
print;RtlStringCbPrintf or RtlStringCchPrintf (ntstrsafe.h);StringCchPrintf or sprintf_s;it writes past the end of a destination that is too small
print-n;RtlStringCbPrintf or RtlStringCchPrintf (ntstrsafe.h);StringCchPrintf or _snprintf_s;it leaves the text without a terminating zero when it fills the destination
vprint;RtlStringCbVPrintf or RtlStringCchVPrintf (ntstrsafe.h);StringCchVPrintf or vsprintf_s;it writes past the end of a destination that is too small
wide-print;RtlStringCbPrintfW or RtlStringCchPrintfW (ntstrsafe.h);StringCchPrintfW or swprintf_s;the form without a count writes past the end of a destination that is too small
wide-vprint;RtlStringCbVPrintfW or RtlStringCchVPrintfW (ntstrsafe.h);StringCchVPrintfW or vswprintf_s;the form without a count writes past the end of a destination that is too small
vprint-n;RtlStringCbVPrintf or RtlStringCchVPrintf (ntstrsafe.h);StringCchVPrintf or _vsnprintf_s;it leaves the text without a terminating zero when it fills the destination
gets;;StringCchGets or gets_s;it cannot know the size of the destination
scan;RtlUnicodeStringToInteger or another parser that knows the length;sscanf_s;its %s and %[ write past the end of a destination that is too small
path;;PathCchCombine, PathCchFindExtension or _splitpath_s;it cannot know the size of its destinations
oem;;a conversion that takes the size of the destination (MultiByteToWideChar);it cannot know the size of the destination
number;RtlIntegerToUnicodeString or RtlStringCbPrintf;_itoa_s or StringCchPrintf;it cannot know the size of the destination
multibyte;RtlStringCbCopy or RtlStringCbCat (ntstrsafe.h);the _s form (_mbscpy_s, _mbsncat_s);it cannot know the size of the destination
memory;RtlCopyMemory with a checked size;wmemcpy_s;it cannot know the size of the destination
token;a parser that keeps its own position;strtok_s or wcstok_s;it keeps its position in shared state
trace;EtwRegister and EtwWrite, or TraceLogging;EventRegister and EventWrite, or TraceLogging;it belongs to classic event tracing, which manifest-based events replace
length;RtlStringCchLength (ntstrsafe.h);strnlen, wcsnlen or StringCchLength;it hides faults in the string it measures behind an exception handler`;
