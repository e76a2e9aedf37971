// Registry functions of the kernel, where their handles come from, and which keys an isolated driver may reach.
// Sources: DDI pages of the functions; "Driver package isolation", sections on registry state; the queries DriverIsolation* of Microsoft's
// driver suite for the exceptions (Hardware keys, SERIALCOMM, keys of Software and System that have no other access yet).

/** `FUNCTION access handle-out desired-access object-attributes` (argument numbers, - for none): opens or creates a key by name. */
export const KEY_OPENERS = `ZwOpenKey by-mask 0 1 2|ZwOpenKeyEx by-mask 0 1 2|ZwOpenKeyTransacted by-mask 0 1 2|ZwOpenKeyTransactedEx by-mask 0 1 2
ZwCreateKey by-mask 0 1 2|ZwCreateKeyTransacted by-mask 0 1 2|NtOpenKey by-mask 0 1 2|NtOpenKeyEx by-mask 0 1 2|NtCreateKey by-mask 0 1 2`;

/** `FUNCTION access key-handle`: works on an open key. */
export const KEY_USERS = `ZwQueryKey read 0|ZwQueryValueKey read 0|ZwEnumerateKey read 0|ZwEnumerateValueKey read 0|ZwQueryMultipleValueKey read 0|ZwNotifyChangeKey read 0
ZwSetValueKey write 0|ZwDeleteKey write 0|ZwDeleteValueKey write 0|ZwRenameKey write 0|ZwSetInformationKey write 0|ZwFlushKey read 0`;

/** `FUNCTION access`: argument 0 says what the path of argument 1 is relative to. */
export const RELATIVE_FUNCTIONS = `RtlCreateRegistryKey write|RtlCheckRegistryKey read|RtlDeleteRegistryValue write|RtlWriteRegistryValue write
RtlQueryRegistryValues read|RtlxQueryRegistryValues read|RtlQueryRegistryValuesEx read`;

/** `FUNCTION handle-out`: the approved ways to a key of the device, the interface or the driver. */
export const APPROVED_SOURCES = `IoOpenDeviceRegistryKey 3|IoOpenDeviceInterfaceRegistryKey 2|IoOpenDriverRegistryKey 4|WdfDriverOpenParametersRegistryKey 3
WdfDriverOpenPersistentStateRegistryKey 3|WdfDeviceOpenRegistryKey 4|WdfFdoInitOpenRegistryKey 4|CM_Open_DevNode_Key 5`;

/** Values of RelativeTo. */
export const RELATIVE_TO = 'RTL_REGISTRY_ABSOLUTE=0 RTL_REGISTRY_SERVICES=1 RTL_REGISTRY_CONTROL=2 RTL_REGISTRY_WINDOWS_NT=3 RTL_REGISTRY_DEVICEMAP=4 RTL_REGISTRY_USER=5 RTL_REGISTRY_HANDLE=0x40000000 RTL_REGISTRY_OPTIONAL=0x80000000';

/** Access masks of keys. */
export const KEY_ACCESS = `KEY_QUERY_VALUE=1 KEY_SET_VALUE=2 KEY_CREATE_SUB_KEY=4 KEY_ENUMERATE_SUB_KEYS=8 KEY_NOTIFY=16 KEY_CREATE_LINK=32 KEY_READ=0x20019 KEY_WRITE=0x20006
KEY_EXECUTE=0x20019 KEY_ALL_ACCESS=0xF003F DELETE=0x10000 READ_CONTROL=0x20000 WRITE_DAC=0x40000 WRITE_OWNER=0x80000 SYNCHRONIZE=0x100000
STANDARD_RIGHTS_READ=0x20000 STANDARD_RIGHTS_WRITE=0x20000 STANDARD_RIGHTS_ALL=0x1F0000 STANDARD_RIGHTS_REQUIRED=0xF0000
GENERIC_READ=0x80000000 GENERIC_WRITE=0x40000000 GENERIC_ALL=0x10000000 MAXIMUM_ALLOWED=0x2000000`;

/** Bits of a mask that let its holder change something. */
export const WRITE_BITS = 0x2 | 0x4 | 0x10000 | 0x40000 | 0x80000 | 0x40000000 | 0x10000000 | 0x2000000;

/** Beginnings of absolute paths, lower case: what may be read, and what may be written too. */
export const READABLE_ROOTS = ['\\registry\\machine\\hardware', '\\registry\\machine\\software', '\\registry\\machine\\system'];
export const WRITABLE_ROOTS = ['\\registry\\machine\\hardware\\devicemap\\serialcomm'];
