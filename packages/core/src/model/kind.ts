// Kernel or user mode, and resource DLLs: told by the headers a file sees, when no project file says so. Header lists are data;
// a header that both worlds use is in neither. A file that sees neither is unknown.

import type { FileFacts } from './facts.js';
import type { Project, SourceKind } from './project.js';

/** Headers of the WDK's `km` folder and their frameworks: a source that sees one runs in kernel mode. */
const kernelHeaders = new Set([
  'wdm.h', 'ntddk.h', 'ntifs.h', 'ndis.h', 'fltkernel.h', 'storport.h', 'scsi.h', 'srb.h', 'miniport.h', 'dispmprt.h', 'portcls.h', 'fwpsk.h', 'fwpmk.h',
  'wsk.h', 'video.h', 'hidport.h', 'classpnp.h', 'ntddscsi.h', 'usbdrivr.h', 'netadaptercx.h', 'sercx.h', 'spbcx.h', 'gpioclx.h', 'vhf.h', 'wdmguid.h',
  'ntagp.h', 'batclass.h', 'strmini.h', 'stdunk.h', 'acx.h', 'ntimage.h', 'wmilib.h', 'usbdlib.h', 'netioddk.h', 'netiodef.h', 'dderror.h', 'pfw.h', 'minitape.h', 'csq.h',
  'rxprocs.h', 'rx.h', 'ks.h', 'kmcs.h', 'dispdd.h', 'bthddi.h', 'ucmcx.h', 'ucxclass.h', 'udecx.h', 'ufxbase.h', 'ntstrsafe.h', 'kcom.h', 'poclass.h', 'smclib.h', 'wdfmini.h',
]);

/** Headers of the Windows SDK, the C++ library, UMDF and COM that no kernel source can use. */
const userHeaders = new Set([
  'windows.h', 'winsock2.h', 'winsock.h', 'atlbase.h', 'atlcom.h', 'objbase.h', 'unknwn.h', 'shlobj.h', 'commctrl.h', 'shellapi.h', 'winuser.h', 'wudfddi.h', 'wudfwdm.h',
  'iostream', 'string', 'vector', 'map', 'mutex', 'thread', 'sstream', 'algorithm', 'winternl.h', 'setupapi.h', 'cfgmgr32.h', 'winsvc.h', 'tchar.h', 'conio.h', 'wtypes.h',
  'resapi.h', 'clusapi.h', 'mfapi.h', 'mftransform.h', 'prsht.h', 'windowsx.h', 'comdef.h', 'winspool.h', 'winddiui.h', 'phnt_windows.h',
]);

const resourceHeaders = new Set(['resapi.h']);
const resourceNames = /\b(?:CLUS_WORKER|CLRES_[A-Z0-9_]+|ClusWorker\w+)\b/;

function basename(target: string): string {
  return target.replace(/^.*[/\\]/, '').toLowerCase();
}

/** Angle or quoted includes of everything `file` sees that did not resolve to a project file. */
function* systemHeaders(project: Project, file: FileFacts): Iterable<string> {
  for (const f of project.closure(file)) for (const i of f.includes) if (i.resolved === undefined) yield basename(i.target);
}

export function kindOf(project: Project, file: FileFacts): SourceKind {
  if (project.kindHint) return project.kindHint;
  const own = kindFromHeaders(systemHeaders(project, file));
  if (own !== 'unknown') return own;
  const kinds = new Set(usersOf(project, file).map((f) => kindFromHeaders(systemHeaders(project, f))));
  kinds.delete('unknown');
  const [only] = kinds;
  return kinds.size === 1 && only ? only : 'unknown';
}

/** A user-mode header decides: beside a kernel one it is UMDF, or the user side of a shared header. */
function kindFromHeaders(headers: Iterable<string>): SourceKind {
  let kernel = false;
  let user = false;
  for (const h of headers) {
    kernel ||= kernelHeaders.has(h);
    user ||= userHeaders.has(h);
  }
  return user ? 'user' : kernel ? 'kernel' : 'unknown';
}

/** Files that see `file`: a header without includes of its own is what its users are. */
function usersOf(project: Project, file: FileFacts): FileFacts[] {
  return project.files.filter((f) => f !== file && project.closure(f).includes(file));
}

/** The file, or a file it is part of, works with the Resource API of failover clusters. */
export function isResourceDll(project: Project, file: FileFacts): boolean {
  if (seesResourceApi(project, file)) return true;
  return usersOf(project, file).some((f) => seesResourceApi(project, f));
}

function seesResourceApi(project: Project, file: FileFacts): boolean {
  for (const h of systemHeaders(project, file)) if (resourceHeaders.has(h)) return true;
  return project.closure(file).some((f) => resourceNames.test(project.textOf(f.path)));
}
