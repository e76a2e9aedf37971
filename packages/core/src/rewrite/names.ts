// What a name says by its shape or by a table: SAL of both generations, calling conventions, storage-like decorations.
// Source of the tables: names found in public driver code (annotations.json of the knowledge base), by frequency; sal.h,
// driverspecs.h, ntdef.h, winnt.h of the SDK for what takes arguments.

import { nameOf } from '../lex/names.js';

export const NameClass = {
  Plain: 1,
  /** SAL, with arguments when a parenthesis follows. */
  Sal: 2,
  /** SAL that never takes arguments. */
  SalBare: 3,
  CallConv: 4,
  /** `__declspec`, `__attribute__`: always with arguments. */
  Declspec: 5,
  /** Storage-like decoration without arguments. */
  Decoration: 6,
  /** Decoration with an argument list. */
  DecorationArgs: 7,
  /** IN, OUT, OPTIONAL: names that may mean something else; only in a declaration. */
  OldDirection: 8,
  /** CONST, which stands for `const`. */
  Const: 9,
} as const;

const SAL_BARE = `_In_ _Out_ _Inout_ _In_opt_ _Out_opt_ _Inout_opt_ _In_z_ _In_opt_z_ _Inout_z_ _Inout_opt_z_ _Outptr_ _Outptr_opt_ _COM_Outptr_ _COM_Outptr_opt_ _Post_ _Pre_ _Null_ _Notnull_ _Maybenull_
_Reserved_ _Post_invalid_ _Printf_format_string_ _Post_z_ _Pre_z_ _Pre_maybenull_ _Post_maybenull_ _Pre_notnull_ _Post_notnull_ _Pre_null_ _Post_null_ _Outptr_result_maybenull_ _Outptr_opt_result_maybenull_
_Outptr_result_z_ _Outptr_opt_result_z_ _Outptr_result_nullonfailure_ _COM_Outptr_result_maybenull_ _COM_Outptr_opt_result_maybenull_ _Post_valid_ _Pre_valid_ _Post_ptr_invalid_ _Frees_ptr_ _Frees_ptr_opt_
_Valid_ _Notvalid_ _Null_terminated_ _NullNull_terminated_ _Check_return_ _Must_inspect_result_ _Use_decl_annotations_ _Kernel_entry_ _IRQL_requires_same_ _IRQL_saves_ _IRQL_restores_ _IRQL_is_cancel_ _IRQL_uses_cancel_
_Ret_maybenull_ _Ret_notnull_ _Ret_valid_ _Ret_z_ _Ret_maybenull_z_ _Ret_null_ _Interlocked_ _Interlocked_operand_ _Enum_is_bitflag_ _Analysis_noreturn_ _Strict_type_match_ _May_raise_ _Points_to_data_ _Literal_ _Notliteral_
_Curr_ _Const_ _Deref_out_ _Deref_out_opt_ _Outref_ _Outref_result_maybenull_ _Global_critical_region_ __drv_aliasesMem __drv_sameIRQL __drv_interlocked __drv_inTry __drv_notInTry __drv_isCancelIRQL __drv_useCancelIRQL
__drv_strictTypeMatch_ __drv_clearDoInit_ __drv_notPointer __drv_isObjectPointer __drv_fresMem __drv_freesMem_ __drv_savesIRQL __drv_restoresIRQL __drv_innerNeverAcquiresGlobal __drv_Mode_impl
__in __out __inout __in_opt __out_opt __inout_opt __in_z __in_opt_z __inout_z __deref __deref_in __deref_out __deref_inout __deref_opt_out __deref_out_opt __deref_opt_out_opt __deref_inout_opt __reserved __callback
__checkReturn __null __notnull __maybenull __nullterminated __nullnullterminated __post __pre __valid __notvalid __exceptthat __refparam __kernel_entry __format_string __typefix_none __useHeader __analysis_noreturn __fallthrough_none
__RPC__in __RPC__out __RPC__in_opt __RPC__inout __RPC__inout_opt __RPC__deref_out __RPC__deref_out_opt __RPC__deref_in_opt __RPC__deref_inout_opt __RPC__in_string __RPC__in_opt_string __RPC__deref_out_string`;

/** First-generation names with arguments besides those caught by shape. */
const SAL_WITH_ARGS = `__success __range __field_ecount __field_bcount __control_entrypoint __data_entrypoint __on_failure __typefix __format_string_args __inexpressible_readableTo __inexpressible_writableTo __readableTo __writableTo
__bcount __ecount __bcount_opt __ecount_opt __xcount __xcount_opt __struct_bcount __struct_xcount __part __override_args __elem_readableTo __byte_readableTo __elem_writableTo __byte_writableTo __drv_freesMem __drv_clearDoInit`;

const CALL_CONVS = `NTAPI WINAPI STDMETHODCALLTYPE STDMETHODVCALLTYPE CALLBACK APIENTRY KSIAPI FASTCALL PASCAL WSPAPI WSKAPI FLTAPI APIPRIVATE STDAPIVCALLTYPE STDAPICALLTYPE __RPC_STUB __RPC_USER __RPC_API RPC_ENTRY VXDINLINE
__stdcall __cdecl __fastcall __thiscall __vectorcall __clrcall __pascal __regcall _cdecl _stdcall _fastcall _pascal _thiscall cdecl CDECL STDCALL WINAPIV NTAPI_INLINE WMIAPI EVNTAPI SQLITE_APICALL SQLITE_CALLBACK
PCRE2_CALL_CONVENTION SYMCRYPT_CALL SLJIT_FUNC HIDAPI_CALL __export _export NTAPIV NDISAPI CERTAPI LDAPAPI ZEXPORT ZEXPORTVA __far __near _far _near FAR NEAR __huge _huge`;

const DECORATIONS = `NTSYSAPI NTSYSCALLAPI NTKERNELAPI NTHALAPI NTKRNLVISTAAPI NTPSHEDAPI NTSTRSAFEDDI NTSTRSAFEAPI_INLINE NTINTSAFEAPI DECLSPEC_IMPORT DECLSPEC_EXPORT DECLSPEC_NORETURN DECLSPEC_NOINLINE DECLSPEC_NOTHROW DECLSPEC_NOVTABLE
DECLSPEC_SELECTANY DECLSPEC_CACHEALIGN DECLSPEC_DEPRECATED DECLSPEC_DEPRECATED_DDK DECLSPEC_RESTRICT DECLSPEC_NOALIAS DECLSPEC_ALLOCATOR DECLSPEC_GUARDNOCF DECLSPEC_GUARD_SUPPRESS DECLSPEC_SAFEBUFFERS DECLSPEC_HYBRID_FIELD
DECLSPEC_INTERN DECLSPEC_XFG_NAME POINTER_ALIGNMENT POINTER_32 POINTER_64 POINTER_SIGNED POINTER_UNSIGNED RESTRICTED_POINTER UNALIGNED UNALIGNED64 __unaligned _unaligned __ptr32 __ptr64 __sptr __uptr __w64 __restrict _restrict
EXTERN_C_START EXTERN_C_END __volatile __forceinline_none WINBASEAPI WINUSERAPI WINGDIAPI WINADVAPI WINCOMMCTRLAPI SHSTDAPI_ NTDSAPI USERMGRAPI SCSIPORT_API BOOTVID_API IMAGEAPI INTERNETAPI NETIOAPI_API_ WSPAPI_
CONST_VTBL MSLAYOUT NOTHROW BEGIN_INTERFACE END_INTERFACE NOTHING __kernel_code __nullable __nonnull _Nullable _Nonnull DLL_API __extension__ DDKAPI PUBLIC_API __bitwise__ __encoded_pointer`;

/** Decorations that stand for a keyword or hold one: what they become when it fits. */
const STANDS_FOR: Record<string, string> = {
  FORCEINLINE: 'inline', _forceinline: 'inline', _inline: 'inline', INLINE: 'inline', CFORCEINLINE: 'inline', _LH_INLINE: 'inline', FASTCALL_INLINE: 'inline',
  EXTERN_C: 'extern', EXTERN: 'extern', NTSYSAPI_EXTERN: 'extern',
};

const DECORATIONS_WITH_ARGS = `DECLSPEC_ALIGN DECLSPEC_UUID DECLSPEC_CODE_SEG DECLSPEC_ADDRSAFE DECLSPEC_XFGVIRT DECLSPEC_DEPRECATED_S DECLSPEC_PROPERTY MIDL_INTERFACE_UUID __alignof_decl __attribute_deprecated__ NTSYSAPI_N`;

const table = new Map<string, number>();
const fill = (names: string, cls: number): void => { for (const name of names.split(/\s+/)) table.set(name, cls); };
fill(SAL_BARE, NameClass.SalBare);
fill(SAL_WITH_ARGS, NameClass.Sal);
fill(CALL_CONVS, NameClass.CallConv);
fill(DECORATIONS, NameClass.Decoration);
fill(DECORATIONS_WITH_ARGS, NameClass.DecorationArgs);
fill('__declspec _declspec __attribute__ __attribute __pragma_none __based', NameClass.Declspec);
fill('IN OUT OPTIONAL INOUT', NameClass.OldDirection);
fill('CONST', NameClass.Const);
// A statement that tells something: analyses read its condition like that of an assertion.
table.set('_Analysis_assume_', NameClass.Plain);
for (const name of Object.keys(STANDS_FOR)) table.set(name, NameClass.Decoration);

/** `_IRQL_requires_max_`, `_Flt_CompletionContext_Outptr_`. */
const SAL_SHAPE = /^_(?=[A-Z])(?=\w*[a-z])\w+_$/;
/** `__in_bcount`, `__deref_out_ecount_opt`, `__drv_maxIRQL`, `__RPC__in_ecount_full`. */
const OLD_SAL_SHAPE = /^__(?:drv_\w+|(?:RPC__)?(?:deref_)?(?:opt_)?(?:in|out|inout)(?:_(?:opt|ecount|bcount|xcount|part|full|z|nz|string|awcount|acount)\w*)+)$/;

/** NameClass per interned name, worked out once per name. */
let classes = new Uint8Array(1 << 15);

export function classOfName(id: number): number {
  if (id >= classes.length) {
    const larger = new Uint8Array(Math.max(classes.length * 2, id + 1));
    larger.set(classes);
    classes = larger;
  }
  return classes[id] || (classes[id] = classify(nameOf(id)));
}

function classify(name: string): number {
  const listed = table.get(name);
  if (listed !== undefined) return listed;
  if (name.charCodeAt(0) === 95) {
    if (SAL_SHAPE.test(name) || OLD_SAL_SHAPE.test(name)) return NameClass.Sal;
  }
  return NameClass.Plain;
}

/** Keyword a decoration stands for, when there is one worth keeping. */
export function standsFor(name: string): string | undefined {
  return STANDS_FOR[name];
}
