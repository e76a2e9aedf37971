// Functions and macros that take a pool tag, and the pool allocators that ExAllocatePool2 and ExAllocatePool3 replace.
// Sources: DDI pages of the functions; "Updating deprecated ExAllocatePool calls to ExAllocatePool2 and ExAllocatePool3" for the
// replacements; pages of warnings C28134 and C28147 for the tags.

/** `FUNCTION tag-argument`. */
export const TAGGED = `ExAllocatePool2 2|ExAllocatePool3 2|ExAllocatePoolWithTag 2|ExAllocatePoolWithQuotaTag 2|ExAllocatePoolWithTagPriority 2
ExAllocatePoolZero 2|ExAllocatePoolUninitialized 2|ExAllocatePoolQuotaZero 2|ExAllocatePoolQuotaUninitialized 2|ExAllocatePoolPriorityZero 2
ExAllocatePoolPriorityUninitialized 2|ExCreatePool 1|ExAllocateCacheAwareRundownProtection 1|ExInitializeLookasideListEx 6
ExInitializeNPagedLookasideList 5|ExInitializePagedLookasideList 5|FltAllocatePoolAlignedWithTag 3|FltAllocateExtraCreateParameter 5
FltInitExtraCreateParameterLookasideList 4|FsRtlAllocatePoolWithTag 2|FsRtlAllocatePoolWithQuotaTag 2|FsRtlAllocateAePushLock 1
FsRtlAllocateExtraCreateParameter 4|FsRtlInitExtraCreateParameterLookasideList 3|MmAllocateMappingAddress 1|MmAllocateMappingAddressEx 1
NdisAllocateMemoryWithTag 2|NdisAllocateMemoryWithTagPriority 2|NdisAllocateNetBufferListContext 3|NdisInitializeNPagedLookasideList 5
StorPortAllocatePool 2|VideoPortAllocatePool 3|USBD_CreateHandle 3|WdfMemoryCreate 2|WdfLookasideListCreate 4|DlAllocatePool 3`;

/** Tags that say nothing about the owner: the defaults of wdm.h and of samples, as values of the character constants ' mdW' and ' kdD'. */
export const DEFAULT_TAGS: readonly number[] = [0x206d6457, 0x206b6444];

/** `FUNCTION;replacement;flags to add;for older systems;arguments type,size,tag` (- where it has none). */
export const DEPRECATED_POOL = `ExAllocatePool;ExAllocatePool2;;ExAllocatePoolZero or ExAllocatePoolUninitialized;0,1,-
ExAllocatePoolWithTag;ExAllocatePool2;;ExAllocatePoolZero or ExAllocatePoolUninitialized;0,1,2
ExAllocatePoolWithQuota;ExAllocatePool2;POOL_FLAG_USE_QUOTA;ExAllocatePoolQuotaZero or ExAllocatePoolQuotaUninitialized;0,1,-
ExAllocatePoolWithQuotaTag;ExAllocatePool2;POOL_FLAG_USE_QUOTA;ExAllocatePoolQuotaZero or ExAllocatePoolQuotaUninitialized;0,1,2
ExAllocatePoolWithTagPriority;ExAllocatePool3;;ExAllocatePoolPriorityZero or ExAllocatePoolPriorityUninitialized;0,1,2`;

/** POOL_TYPE (with its flags) -> POOL_FLAGS of the replacement. */
export const POOL_FLAGS = `PagedPool=POOL_FLAG_PAGED|NonPagedPool=POOL_FLAG_NON_PAGED_EXECUTE|NonPagedPoolNx=POOL_FLAG_NON_PAGED|NonPagedPoolExecute=POOL_FLAG_NON_PAGED_EXECUTE
PagedPoolCacheAligned=POOL_FLAG_PAGED | POOL_FLAG_CACHE_ALIGNED|NonPagedPoolCacheAligned=POOL_FLAG_NON_PAGED_EXECUTE | POOL_FLAG_CACHE_ALIGNED
NonPagedPoolNxCacheAligned=POOL_FLAG_NON_PAGED | POOL_FLAG_CACHE_ALIGNED|POOL_NX_ALLOCATION=|POOL_RAISE_IF_ALLOCATION_FAILURE=POOL_FLAG_RAISE_ON_FAILURE
POOL_COLD_ALLOCATION=`;
