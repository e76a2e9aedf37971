// Contracts of Windows Filtering Platform callouts: the annotations that say what a classify function is, and the functions and
// constants the contracts speak of. Sources: "Callout Driver Programming Considerations", "Types of Callouts", "Using Bind or Connect
// Redirection", "Stream Inspection", the pages of FwpsPendClassify0, FwpsRedirectHandleCreate0, FwpsStreamContinue0 and
// FwpsAcquireWritableLayerDataPointer0, and the annotations of the WFPSampler driver that Microsoft's suite knows.

/** `annotation kinds...` */
export const WFP_ANNOTATIONS = `_Wfp_stream_inspection_classify_ stream-inspection
_Wfp_stream_inspection_notify_ stream-inspection
_Wfp_stream_injection_classify_ stream-injection
_Wfp_flow_inspection_classify_ flow-inspection
_Wfp_flow_inspection_notify_ flow-inspection
_Wfp_flow_injection_classify_ flow-injection
_Wfp_transport_injection_classify_ transport-injection
_Wfp_transport_injection_classify_inline_ transport-injection
_Wfp_Transport_inspection_classify_ transport-inspection
_Wfp_transport_inspection_classify_ transport-inspection
_Wfp_connect_redirect_classify_ connect-redirect
_Wfp_connect_redirect_inline_classify_ connect-redirect connect-redirect-inline`;

/** `meaning functions...`, without the version digit at their end. */
export const WFP_FUNCTIONS = `pend FwpsPendClassify
create-redirect-handle FwpsRedirectHandleCreate
stream-continue FwpsStreamContinue
stream-inject FwpsStreamInjectAsync
transport-inject FwpsInjectTransportSendAsync FwpsInjectTransportReceiveAsync
clone FwpsAllocateCloneNetBufferList FwpsAllocateNetBufferAndNetBufferList FwpsAllocateDeepCloneNetBufferList`;

/** Constants: FWP_ACTION_* with FWP_ACTION_FLAG_TERMINATING (0x1000) and FWP_ACTION_FLAG_NON_TERMINATING (0x2000), rights, classify flags. */
export const WFP_CONSTANTS = `FWP_ACTION_FLAG_TERMINATING=0x1000 FWP_ACTION_FLAG_NON_TERMINATING=0x2000 FWP_ACTION_FLAG_CALLOUT=0x4000 FWP_ACTION_BLOCK=0x1001 FWP_ACTION_PERMIT=0x1002
FWP_ACTION_CONTINUE=0x2006 FWP_ACTION_NONE=0x7 FWP_ACTION_NONE_NO_MATCH=0x8 FWPS_RIGHT_ACTION_WRITE=1
FWPS_CLASSIFY_FLAG_REAUTHORIZE_IF_MODIFIED_BY_OTHERS=1`;
