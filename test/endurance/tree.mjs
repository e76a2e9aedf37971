// A tree of small drivers, each a project of its own, for the trials: texts depend on a version, so that a change can be told from the report.
import fs from 'node:fs';
import path from 'node:path';

const source = (project, version) => `#include <ntddk.h>
#include "common.h"
// ${version}
${'\n'.repeat(version % 5)}VOID Bad${project}(PDRIVER_OBJECT Driver, PKSPIN_LOCK Lock)
{
    KIRQL old;
    UNREFERENCED_PARAMETER(Driver);
    KeAcquireSpinLock(Lock, &old);
    ${version % 2 === 0 ? 'KeDelayExecutionThread(KernelMode, FALSE, NULL);' : 'ZwClose(NULL);'}
    Shared(Lock);
    KeReleaseSpinLock(Lock, old);
}
`;
const header = '#pragma once\nstatic VOID Shared(PKSPIN_LOCK Lock) { KIRQL old; KeAcquireSpinLock(Lock, &old); }\n';

export function writeProject(folder, project, version) {
  const at = path.join(folder, `p${project}`);
  fs.mkdirSync(at, { recursive: true });
  fs.writeFileSync(path.join(at, 'Makefile'), '');
  fs.writeFileSync(path.join(at, 'common.h'), header);
  fs.writeFileSync(path.join(at, 'drv.c'), source(project, version));
}

export function writeTree(folder, projects, version = 0) {
  for (let i = 0; i < projects; i++) writeProject(folder, i, version);
  return folder;
}

/** What a run says, without what depends on the clock. */
export function reportOf(result) {
  const { findings, notAnalysed, projects, internal, files, filesFailed, functions, functionsAnalysed } = result;
  return JSON.stringify({ findings, notAnalysed, projects, internal, files, filesFailed, functions, functionsAnalysed });
}
