// Kernel or user mode, and resource DLLs: told by the headers a file sees, when no project file says so. Which header belongs where is
// data of the wdk package; a file that sees headers of neither kind is unknown.

import { headerKind } from '@drvlint/wdk';
import type { FileFacts } from './facts.js';
import type { Project, SourceKind } from './project.js';

/** User-mode headers that no kernel source sees, unlike the C library's. Beside a kernel header they mean UMDF, or a shared header's user side. */
const decisiveUserHeaders = new Set([
  'windows.h', 'winsock2.h', 'winsock.h', 'atlbase.h', 'atlcom.h', 'objbase.h', 'unknwn.h', 'shlobj.h', 'commctrl.h', 'winuser.h', 'wudfddi.h', 'wudfwdm.h',
  'iostream', 'winternl.h', 'setupapi.h', 'cfgmgr32.h', 'winsvc.h', 'resapi.h', 'clusapi.h', 'prsht.h', 'windowsx.h', 'comdef.h', 'winspool.h',
]);

/** Where programs and DLLs begin: no driver for the kernel defines one of them. */
const programEntries = new Set(['main', 'wmain', '_tmain', 'WinMain', 'wWinMain', '_tWinMain', 'DllMain']);

const resourceHeaders = new Set(['resapi.h']);
const resourceNames = /\b(?:CLUS_WORKER|CLRES_[A-Z0-9_]+|ClusWorker\w+)\b/;

function basename(target: string): string {
  return target.replace(/^.*[/\\]/, '').toLowerCase();
}

/** Includes of everything `file` sees that are no files of the project. */
function* systemHeaders(project: Project, file: FileFacts): Iterable<string> {
  for (const f of project.closure(file)) for (const i of f.includes) if (i.resolved === undefined) yield basename(i.target);
}

export function kindOf(project: Project, file: FileFacts): SourceKind {
  if (project.kindHint) return project.kindHint;
  if (file.functions.some((f) => f.body && f.scope.length === 0 && programEntries.has(f.name))) return 'user';
  const own = kindFromHeaders(systemHeaders(project, file));
  if (own !== 'unknown') return own;
  const kinds = new Set(usersOf(project, file).map((f) => kindFromHeaders(systemHeaders(project, f))));
  kinds.delete('unknown');
  const [only] = kinds;
  return kinds.size === 1 && only ? only : 'unknown';
}

function kindFromHeaders(headers: Iterable<string>): SourceKind {
  let kernel = false;
  let user = false;
  for (const h of headers) {
    if (decisiveUserHeaders.has(h)) return 'user';
    const kind = headerKind(h);
    kernel ||= kind === 'kernel';
    user ||= kind === 'user';
  }
  return kernel ? 'kernel' : user ? 'user' : 'unknown';
}

/** Files that see `file`: a header without includes of its own is what its users are. */
function usersOf(project: Project, file: FileFacts): FileFacts[] {
  const users = new Set(project.includersOf(file));
  for (const user of users) for (const further of project.includersOf(user)) users.add(further);
  users.delete(file);
  return [...users];
}

/** The file, or a file it is part of, works with the Resource API of failover clusters. */
export function isResourceDll(project: Project, file: FileFacts): boolean {
  let using = usingApi.get(project);
  if (!using) usingApi.set(project, (using = project.files.filter((f) => usesResourceApi(project, f))));
  const sees = (f: FileFacts): boolean => using.some((other) => project.sees(f, other));
  return using.length > 0 && (sees(file) || usersOf(project, file).some(sees));
}

/** Files of a project that work with the Resource API themselves: none in nearly all projects. */
const usingApi = new WeakMap<Project, readonly FileFacts[]>();

/** By the line starts, which every reading of a file makes anew. */
const known = new WeakMap<FileFacts['lineStarts'], boolean>();

/** The file itself includes a header of the Resource API or uses its names. */
function usesResourceApi(project: Project, file: FileFacts): boolean {
  let uses = known.get(file.lineStarts);
  if (uses === undefined) {
    uses = file.includes.some((i) => i.resolved === undefined && resourceHeaders.has(basename(i.target))) || hasResourceNames(project.textOf(file.path));
    known.set(file.lineStarts, uses);
  }
  return uses;
}

/** A search for plain words first: nearly all files have none of them. */
function hasResourceNames(text: string): boolean {
  return (text.includes('CLUS_WORKER') || text.includes('CLRES_') || text.includes('ClusWorker')) && resourceNames.test(text);
}
