// Fields of system structures that a driver may not touch, or only in one way. `RECORD kind fields...`, kinds:
//   never      neither read nor written by drivers                          (C28175, for MDL the opaque members)
//   entry      only in DriverEntry and what it calls                        (C28175)
//   unload     only in DriverEntry or DriverUnload                          (C28175)
//   read-only  may be read, never written                                   (C28176)
//   bits       only |= and &=, since the I/O manager keeps bits of its own  (C28129)
//   set=F      assigned by calling F only                                   (C28128)
//   get=F      opaque, to be read through F
// Sources: reference pages of DEVICE_OBJECT, DRIVER_OBJECT, IRP, MDL ("opaque"; SectorSize of a volume's device object is documented for
// file systems), pages of warnings C28128, C28129, C28145, C28175, C28176, and the queries of the same meaning in Microsoft's driver suite.

export const GUARDED = `DEVICE_OBJECT never Type Size ReferenceCount AttachedDevice Timer Queue DeviceQueue Dpc ActiveThreadCount DeviceLock Spare1 DeviceObjectExtension Reserved
DEVICE_OBJECT unload NextDevice
DEVICE_OBJECT read-only NextDevice DriverObject SecurityDescriptor
DEVICE_OBJECT bits Flags
DEVICE_OBJECT set=IoInitializeDpcRequest Dpc
DRIVER_OBJECT never Type Flags DriverStart DriverSize DriverSection DriverName
DRIVER_OBJECT entry DriverStartIo DriverUnload MajorFunction DriverExtension
DRIVER_OBJECT read-only DeviceObject HardwareDatabase DriverInit Size
DRIVER_EXTENSION never DriverObject Count ServiceKeyName
IRP set=IoSetCancelRoutine CancelRoutine
KDPC set=KeInitializeDpc Type Importance Number DpcListEntry DeferredRoutine DeferredContext SystemArgument1 SystemArgument2 DpcData TargetInfoAsUlong
MDL never Size Process MappedSystemVa StartVa ByteCount ByteOffset
MDL read-only Size MdlFlags Process MappedSystemVa StartVa ByteCount ByteOffset
MDL get=MmGetMdlByteCount ByteCount
MDL get=MmGetMdlByteOffset ByteOffset
MDL get=MmGetSystemAddressForMdlSafe MappedSystemVa
MDL get=MmGetMdlVirtualAddress StartVa`;
