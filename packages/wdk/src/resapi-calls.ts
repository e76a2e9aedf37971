// Calls as the cluster rules see them: which block and for how long, which allocate or zero memory, which free it, which only report a
// failure. From cluster rules A2, A3, B6, B12, B13 of the rule catalogue and the Windows API pages of the functions. Milliseconds.

import { callsToAvoid } from './resapi.js';

/**
 * How long a call may block. 'arg': the argument is the time in ms (INFINITE = for ever); 'unknown': no bound a
 * caller could know; `unless` names an argument whose non-NULL value makes the call asynchronous (OVERLAPPED).
 */
export type Blocking =
  | { for: 'arg'; arg: number; kind: BlockingKind }
  | { for: 'unknown'; kind: BlockingKind; unlessNonNull?: number };
export type BlockingKind = 'sleep' | 'wait' | 'io' | 'network' | 'service' | 'cluster' | 'com' | 'database' | 'process';

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

/** name=index of the argument that holds the time in ms. */
const TIMED: Readonly<Record<'sleep' | 'wait' | 'io', string>> = {
  sleep: 'Sleep=0 SleepEx=0 _sleep=0 std::this_thread::sleep_for=0',
  wait: `WaitForSingleObject=1 WaitForSingleObjectEx=1 WaitForMultipleObjects=3 WaitForMultipleObjectsEx=3 SignalObjectAndWait=2
    MsgWaitForMultipleObjects=3 MsgWaitForMultipleObjectsEx=2 WaitForInputIdle=1 GetQueuedCompletionStatus=4 GetQueuedCompletionStatusEx=4
    SleepConditionVariableCS=2 SleepConditionVariableSRW=2 WSAWaitForMultipleEvents=3 WaitOnAddress=3 WaitForDebugEvent=1 CoWaitForMultipleHandles=1`,
  io: 'WaitNamedPipe=1 WaitNamedPipeA=1 WaitNamedPipeW=1 CallNamedPipe=6 CallNamedPipeA=6 CallNamedPipeW=6',
};

const UNTIMED: Readonly<Record<string, string>> = {
  wait: `std::condition_variable::wait std::future::get std::future::wait std::thread::join WaitForThreadpoolWorkCallbacks WaitForThreadpoolTimerCallbacks WaitForThreadpoolWaitCallbacks
    GetOverlappedResult`,
  io: `WaitCommEvent=2 ReadFile=4 WriteFile=4 DeviceIoControl=7 ConnectNamedPipe=1 TransactNamedPipe=6 FlushFileBuffers CopyFile CopyFileA CopyFileW CopyFileEx CopyFileExA CopyFileExW
    MoveFile MoveFileA MoveFileW MoveFileEx MoveFileExA MoveFileExW CreateFile CreateFileA CreateFileW CreateFile2 FindFirstFile FindFirstFileA FindFirstFileW
    FindFirstFileEx FindFirstFileExA FindFirstFileExW GetFileAttributes GetFileAttributesA GetFileAttributesW GetFileAttributesEx GetFileAttributesExW
    fopen _wfopen fread fwrite`,
  network: `recv recvfrom send sendto accept select connect WSARecv=5 WSASend=5 WSAConnect WSAAccept WSAPoll getaddrinfo GetAddrInfoA GetAddrInfoW GetAddrInfo gethostbyname gethostbyaddr getnameinfo
    GetNameInfoW DnsQuery DnsQuery_A DnsQuery_W DnsQuery_UTF8 NetShareAdd NetShareDel NetShareEnum NetShareGetInfo NetShareSetInfo NetServerGetInfo NetUserGetInfo NetUseAdd NetUseDel NetWkstaGetInfo
    NetServerEnum NetGetDCName DsGetDcName DsGetDcNameA DsGetDcNameW WNetAddConnection2 WNetAddConnection2A WNetAddConnection2W WNetCancelConnection2 WNetCancelConnection2W WinHttpOpen WinHttpConnect
    WinHttpSendRequest WinHttpReceiveResponse WinHttpReadData WinHttpQueryDataAvailable InternetOpenUrl InternetOpenUrlA InternetOpenUrlW InternetReadFile HttpSendRequest HttpSendRequestA
    HttpSendRequestW URLDownloadToFile URLDownloadToFileA URLDownloadToFileW IcmpSendEcho IcmpSendEcho2 RegConnectRegistry RegConnectRegistryA RegConnectRegistryW`,
  service: `StartService StartServiceA StartServiceW ControlService ControlServiceEx ControlServiceExA ControlServiceExW ResUtilStartResourceService ResUtilStopResourceService ResUtilStopService
    ResUtilVerifyResourceService ResUtilVerifyService ResUtilTerminateServiceProcessFromResDll`,
  cluster: `ClusterResourceControl ClusterGroupControl ClusterNodeControl ClusterControl ClusterNetworkControl ClusterNetInterfaceControl ClusterResourceTypeControl ClusterResourceControlAsUser
    OpenCluster OpenClusterEx OpenClusterResource OpenClusterResourceEx OpenClusterGroup OpenClusterGroupEx`,
  com: `CoCreateInstance CoCreateInstanceEx CoGetObject IWbemLocator::ConnectServer IWbemServices::ExecQuery IWbemServices::ExecMethod IWbemServices::GetObject IEnumWbemClassObject::Next`,
  database: 'SQLConnect SQLConnectA SQLConnectW SQLDriverConnect SQLDriverConnectA SQLDriverConnectW SQLExecDirect SQLExecDirectA SQLExecDirectW SQLExecute SQLFetch SQLPrepare SQLPrepareW SQLDisconnect',
  process: 'system _wsystem _spawnl _wspawnl ShellExecute ShellExecuteA ShellExecuteW ShellExecuteEx ShellExecuteExA ShellExecuteExW',
};

let blocking: Map<string, Blocking> | undefined;

function buildBlocking(): Map<string, Blocking> {
  const made = new Map<string, Blocking>();
  for (const name of callsToAvoid()['workerThreadOnly'] ?? []) made.set(name, { for: 'unknown', kind: 'cluster' });
  for (const [kind, text] of Object.entries(UNTIMED)) {
    for (const word of words(text)) {
      const [name, arg] = word.split('=');
      made.set(name, { for: 'unknown', kind: kind as BlockingKind, ...(arg ? { unlessNonNull: Number(arg) } : {}) });
    }
  }
  for (const [kind, text] of Object.entries(TIMED)) {
    for (const word of words(text)) {
      const [name, arg] = word.split('=');
      made.set(name, { for: 'arg', arg: Number(arg), kind: kind as BlockingKind });
    }
  }
  return made;
}

/** How a call blocks, undefined for one that is not known to. C++ names are fully qualified. */
export function blockingCall(name: string): Blocking | undefined {
  blocking ??= buildBlocking();
  return blocking.get(name);
}

/** Calls that only ask how large a buffer must be: a loop around them alone is a retry, not a wait (rule A2). */
const SIZE_PROBES = new Set(words(`RegQueryValueEx RegQueryValueExA RegQueryValueExW RegGetValue RegGetValueW RegEnumKeyEx RegEnumKeyExW RegEnumValue RegEnumValueW ClusterRegQueryValue
  ClusterRegEnumValue ClusterRegEnumKey ClusterResourceControl ClusterGroupControl ClusterNodeControl ClusterResourceTypeControl ClusterResourceEnum ClusterGroupEnum GetClusterInformation
  QueryServiceConfig QueryServiceConfigA QueryServiceConfigW QueryServiceStatusEx EnumServicesStatus EnumServicesStatusEx EnumServicesStatusExW GetComputerNameEx GetComputerNameExW
  GetAdaptersAddresses GetAdaptersInfo GetModuleFileName GetModuleFileNameW GetModuleFileNameA ExpandEnvironmentStringsW ExpandEnvironmentStrings GetTokenInformation
  ResUtilGetAllProperties ResUtilGetProperties ResUtilGetPrivateProperties ResUtilEnumProperties ResUtilEnumPrivateProperties GetNetworkParams GetIpAddrTable LookupAccountName LookupAccountNameW LookupAccountSidW`));

export function isSizeProbe(name: string): boolean {
  return SIZE_PROBES.has(name);
}

/** How an allocator zeroes: always, when a flag argument has one of the flags, never. */
export type Allocator = { zeroes: 'always' | 'never' } | { zeroes: 'flag'; arg: number; flags: string[] };

const ALLOCATORS: Readonly<Record<string, Allocator>> = {
  calloc: { zeroes: 'always' }, _recalloc: { zeroes: 'always' }, VirtualAlloc: { zeroes: 'always' }, VirtualAllocEx: { zeroes: 'always' },
  malloc: { zeroes: 'never' }, realloc: { zeroes: 'never' }, _aligned_malloc: { zeroes: 'never' }, CoTaskMemAlloc: { zeroes: 'never' }, SysAllocStringLen: { zeroes: 'never' },
  LocalAlloc: { zeroes: 'flag', arg: 0, flags: ['LMEM_ZEROINIT', 'LPTR', 'LHND'] }, GlobalAlloc: { zeroes: 'flag', arg: 0, flags: ['GMEM_ZEROINIT', 'GPTR', 'GHND'] },
  HeapAlloc: { zeroes: 'flag', arg: 1, flags: ['HEAP_ZERO_MEMORY'] }, HeapReAlloc: { zeroes: 'flag', arg: 1, flags: ['HEAP_ZERO_MEMORY'] },
};

export function allocator(name: string): Allocator | undefined {
  return ALLOCATORS[name];
}

/** A call that zeroes memory: pointer argument, size argument, and for memset the argument that must be 0. */
const ZEROING: Readonly<Record<string, { ptr: number; size: number; value?: number }>> = {
  ZeroMemory: { ptr: 0, size: 1 }, RtlZeroMemory: { ptr: 0, size: 1 }, SecureZeroMemory: { ptr: 0, size: 1 }, RtlSecureZeroMemory: { ptr: 0, size: 1 },
  NdisZeroMemory: { ptr: 0, size: 1 }, bzero: { ptr: 0, size: 1 }, memset: { ptr: 0, size: 2, value: 1 }, FillMemory: { ptr: 0, size: 1, value: 2 }, RtlFillMemory: { ptr: 0, size: 1, value: 2 },
};

export function zeroing(name: string): { ptr: number; size: number; value?: number } | undefined {
  return ZEROING[name];
}

/** 0-based argument a freeing call frees. */
const FREES: Readonly<Record<string, number>> = {
  free: 0, _aligned_free: 0, LocalFree: 0, GlobalFree: 0, HeapFree: 2, VirtualFree: 0, CoTaskMemFree: 0, SysFreeString: 0, NetApiBufferFree: 0, FreeMemory: 0,
};

export function freedArgument(name: string): number | undefined {
  return FREES[name];
}

/** Calls that start a thread of another kind than ClusWorkerCreate: 0-based argument of the routine. */
const THREAD_STARTS: Readonly<Record<string, number>> = {
  CreateThread: 2, CreateRemoteThread: 3, _beginthreadex: 2, _beginthread: 0, QueueUserWorkItem: 0, CreateThreadpoolWork: 0, CreateThreadpoolTimer: 0, CreateThreadpoolWait: 0,
  TrySubmitThreadpoolCallback: 0, CreateTimerQueueTimer: 2, RegisterWaitForSingleObject: 2,
};

export function threadStart(name: string): number | undefined {
  return THREAD_STARTS[name];
}

export type Avoid = 'never' | 'worker-only' | 'some-entry-points';
const AVOID_LISTS: Readonly<Record<string, Avoid>> = {
  doNotUse: 'never', workerThreadOnly: 'worker-only', notFromCloseOfflineOnlineOpenTerminate: 'some-entry-points', workerThreadOnlyControlCodes: 'worker-only',
};
let avoided: Map<string, { avoid: Avoid; controlCode: boolean; viaEx: boolean }> | undefined;

/**
 * Whether a resource DLL may call a function (or pass a control code): 'never', 'worker-only', or not from Close, Offline, Online, Open,
 * Terminate. `viaEx`: an ...Ex variant that the page does not list, to be taken less seriously.
 */
export function avoidClusterCall(name: string): { avoid: Avoid; controlCode: boolean; viaEx: boolean } | undefined {
  if (!avoided) {
    avoided = new Map();
    for (const [list, avoid] of Object.entries(AVOID_LISTS)) {
      for (const one of callsToAvoid()[list] ?? []) avoided.set(one, { avoid, controlCode: one.startsWith('CLUSCTL_'), viaEx: false });
    }
  }
  const found = avoided.get(name);
  if (found || !name.endsWith('Ex')) return found;
  const base = avoided.get(name.slice(0, -2));
  return base && !base.controlCode ? { ...base, viaEx: true } : undefined;
}
