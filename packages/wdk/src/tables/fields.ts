// Structures whose fields rules ask for and that data/fields.json does not have, and layouts of structures that drivers copy by size.
// Sources: fwpsk.h and ndis/nbl.h as documented by Microsoft; wdm.h for the layouts (natural alignment, no packing).

/** `RECORD;field:type ...`, as in the generated table. */
export const MORE_FIELDS = `FWPS_CLASSIFY_OUT;actionType:FWP_ACTION_TYPE outContext:UINT64 filterId:UINT64 rights:UINT32 flags:UINT32 reserved:UINT32
FWPS_STREAM_CALLOUT_IO_PACKET;streamData:FWPS_STREAM_DATA0* missedBytes:SIZE_T countBytesRequired:UINT32 countBytesEnforced:SIZE_T streamAction:FWPS_STREAM_ACTION_TYPE
FWPS_CALLOUT;calloutKey:GUID flags:UINT32
FWPM_CALLOUT;calloutKey:GUID displayData:FWPM_DISPLAY_DATA0 flags:UINT32 providerKey:GUID* providerData:FWP_BYTE_BLOB applicableLayer:GUID calloutId:UINT32
NET_BUFFER_LIST;Next:NET_BUFFER_LIST* FirstNetBuffer:NET_BUFFER* Context:NET_BUFFER_LIST_CONTEXT* ParentNetBufferList:NET_BUFFER_LIST* NdisPoolHandle:NDIS_HANDLE SourceHandle:NDIS_HANDLE NblFlags:ULONG ChildRefCount:LONG Flags:ULONG Status:NDIS_STATUS
NET_BUFFER;Next:NET_BUFFER* CurrentMdl:MDL* CurrentMdlOffset:ULONG DataLength:ULONG MdlChain:MDL* DataOffset:ULONG`;

/** `RECORD size64 size32 field=offset64/offset32 ...` */
export const LAYOUTS = `IO_STACK_LOCATION 72 36 MajorFunction=0/0 MinorFunction=1/1 Flags=2/2 Control=3/3 Parameters=8/4 DeviceObject=40/20 FileObject=48/24 CompletionRoutine=56/28 Context=64/32
UNICODE_STRING 16 8 Length=0/0 MaximumLength=2/2 Buffer=8/4
LIST_ENTRY 16 8 Flink=0/0 Blink=8/4
LARGE_INTEGER 8 8 LowPart=0/0 HighPart=4/4 QuadPart=0/0
GUID 16 16 Data1=0/0 Data2=4/4 Data3=6/6 Data4=8/8
IO_STATUS_BLOCK 16 8 Status=0/0 Information=8/4`;
