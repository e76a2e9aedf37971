// Functions with a right time and place: WDFDEVICE_INIT before WdfDeviceCreate, and what DllMain must not call.
// Sources: pages of WdfDeviceCreate ("after the call succeeds the driver can no longer access the WDFDEVICE_INIT structure") and of the
// functions that take a WDFDEVICE_INIT; "Dynamic-Link Library Best Practices" and warning C28637 for DllMain.

/** Functions whose argument 0 is the address of a WDFDEVICE_INIT pointer that they use up when they succeed. */
export const INIT_CONSUMERS = 'WdfDeviceCreate';

/** Functions that may still get the pointer when creation failed. */
export const INIT_AFTER_FAILURE = 'WdfDeviceInitFree';

/** Functions that make a new WDFDEVICE_INIT. */
export const INIT_SOURCES = 'WdfControlDeviceInitAllocate WdfPdoInitAllocate';

/** `reason;functions`. */
export const DLL_MAIN_UNSAFE = `loads a library while the loader lock is held;LoadLibrary LoadLibraryA LoadLibraryW LoadLibraryEx LoadLibraryExA LoadLibraryExW LoadPackagedLibrary
unloads a library while the loader lock is held;FreeLibrary
may load a library while the loader lock is held;GetStringTypeA GetStringTypeEx GetStringTypeExA GetStringTypeExW GetStringTypeW CoInitialize CoInitializeEx OleInitialize ShGetFolderPathW SHGetFolderPathA SHGetFolderPathW SHGetKnownFolderPath
starts a process while the loader lock is held;CreateProcess CreateProcessA CreateProcessW CreateProcessAsUserA CreateProcessAsUserW ShellExecuteA ShellExecuteW ShellExecuteExA ShellExecuteExW WinExec
starts a thread, which cannot run before DllMain returns;CreateThread CreateRemoteThread _beginthread _beginthreadex
ends a thread that holds the loader lock;ExitThread FreeLibraryAndExitThread
calls advapi32.dll, which may not be initialised yet;RegOpenKeyA RegOpenKeyW RegOpenKeyExA RegOpenKeyExW RegCreateKeyA RegCreateKeyW RegCreateKeyExA RegCreateKeyExW RegSetValueA RegSetValueW RegSetValueExA RegSetValueExW RegQueryValueA RegQueryValueW RegQueryValueExA RegQueryValueExW RegGetValueA RegGetValueW RegDeleteKeyA RegDeleteKeyW RegDeleteValueA RegDeleteValueW RegEnumKeyExA RegEnumKeyExW RegOpenKeyEx RegOpenKey RegCreateKeyEx RegCreateKey RegSetValueEx RegQueryValueEx RegGetValue RegDeleteKey RegDeleteValue
waits while the loader lock is held, which another thread may need first;WaitForSingleObject WaitForSingleObjectEx WaitForMultipleObjects WaitForMultipleObjectsEx`;
