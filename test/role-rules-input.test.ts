// The role and annotation rules on input that is half typed, contradictory or strange: nothing throws, nothing cascades.

import { applyFixes, runRules, selectRules, type Finding } from '@drvlint/core';
import { rules } from '@drvlint/rules';
import { describe, expect, it } from 'vitest';
import { projectOf } from './harness/project-of-texts.js';

const own = rules.filter((r) => (r.meta.family === 'roles' || r.meta.family === 'annotations') && !r.meta.id.startsWith('irql-'));
const active = selectRules(own, { presets: ['all'], arch: 'amd64', rules: {} });

function findingsOf(files: Record<string, string>): Finding[] {
  const result = runRules(projectOf(files), own, { rulesFor: () => active, minimum: 'info' });
  expect(result.problems).toEqual([]);
  return result.findings;
}

const brief = (list: Finding[]): string[] => list.map((f) => `${f.line} ${f.rule}`);
const inC = (code: string): string[] => brief(findingsOf({ 'a.c': `#include <ntddk.h>\n${code}` }));

const driver = `#include <ntddk.h>

_Dispatch_type_(IRP_MJ_CREATE) DRIVER_DISPATCH Open;
KSTART_ROUTINE Sweep;
_IRQL_requires_max_(DISPATCH_LEVEL) VOID Count(_Inout_ PLONG Value);
typedef struct _STATE { PIO_COMPLETION_ROUTINE Done; LONG Count; } STATE, *PSTATE;

_Use_decl_annotations_
NTSTATUS Open(PDEVICE_OBJECT Device, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Device);
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

VOID Sweep(PVOID Context)
{
    PSTATE state = (PSTATE)Context;
    Count(&state->Count);
}

static NTSTATUS Finish(PDEVICE_OBJECT Device, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(Device);
    UNREFERENCED_PARAMETER(Irp);
    UNREFERENCED_PARAMETER(Context);
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    HANDLE thread;
    STATE state = { Finish, 0 };
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->MajorFunction[IRP_MJ_CREATE] = Open;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = Open;
    return PsCreateSystemThread(&thread, 0, NULL, NULL, NULL, Sweep, &state);
}
`;

const inClasses = `#include <ntddk.h>

extern "C" DRIVER_INITIALIZE DriverEntry;
using DONE = VOID(_In_ ULONG Code, _In_opt_ PVOID Context);

class Pump {
public:
    static KSTART_ROUTINE Run;
    static VOID Drain(PVOID Context);
    NTSTATUS Start() { return PsCreateSystemThread(&m_thread, 0, nullptr, nullptr, nullptr, &Pump::Drain, this); }
private:
    HANDLE m_thread{};
};

namespace Link {
DONE Finish;
static NTSTATUS Spawn(PKSTART_ROUTINE Routine) { HANDLE h; return PsCreateSystemThread(&h, 0, nullptr, nullptr, nullptr, Routine, nullptr); }
}

VOID Pump::Run(PVOID Context) { UNREFERENCED_PARAMETER(Context); }
VOID Pump::Drain(PVOID Context) { static_cast<Pump*>(Context)->Start(); }
VOID Link::Finish(ULONG Code, PVOID Context) { UNREFERENCED_PARAMETER(Code); UNREFERENCED_PARAMETER(Context); }

extern "C" _Use_decl_annotations_
NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = [](PDRIVER_OBJECT) { };
    return Link::Spawn([](PVOID) { });
}
`;

describe('role and annotation rules', () => {
  it('say nothing on any beginning of a file of classes that they do not say on the whole', () => {
    const whole = new Set(brief(findingsOf({ 'a.cpp': inClasses })));
    expect([...whole].sort()).toEqual(['20 use-decl-annotations', '21 role-type-declaration', '22 use-decl-annotations']);
    const nonsense: string[] = [];
    for (let end = 0; end < inClasses.length; end += 7) {
      for (const f of brief(findingsOf({ 'a.cpp': inClasses.slice(0, end) }))) if (!whole.has(f)) nonsense.push(`${end}: ${f}`);
    }
    expect(nonsense).toEqual([]);
  });

  it('say nothing on any beginning of a file that they do not say on the whole', () => {
    const whole = new Set(brief(findingsOf({ 'a.c': driver })));
    expect([...whole].sort()).toEqual(['16 use-decl-annotations', '22 role-type-declaration', '30 driver-entry-role', '36 dispatch-type']);
    const nonsense: string[] = [];
    for (let end = 0; end < driver.length; end += 7) {
      for (const f of brief(findingsOf({ 'a.c': driver.slice(0, end) }))) if (!whole.has(f)) nonsense.push(`${end}: ${f}`);
    }
    expect(nonsense).toEqual([]);
  });

  it('say little when one line in the middle is broken', () => {
    const lines = driver.split('\n');
    const whole = new Set(brief(findingsOf({ 'a.c': driver })));
    for (const broken of [3, 8, 16, 22, 34, 36]) {
      const text = lines.map((line, i) => (i === broken ? `${line.slice(0, line.length / 2)} ((` : line)).join('\n');
      const more = brief(findingsOf({ 'a.c': text })).filter((f) => !whole.has(f));
      expect(more.length, `line ${broken + 1}: ${more.join(', ')}`).toBeLessThanOrEqual(2);
    }
  });

  it('leave definitions without a return type and K&R parameters alone', () => {
    expect(inC('Handler(PVOID Context) { return 0; }\nVOID f(void) { Handler(0); }')).toEqual([]);
    expect(inC('int old(a, b) int a; PVOID b; { return a; }\nVOID f(void) { old(1, 0); }')).toEqual([]);
  });

  it('bear conflicting declarations of one name', () => {
    expect(inC('KSTART_ROUTINE F;\nLONG F;\nNTSTATUS F(ULONG a, ULONG b);\n')).toEqual([]);
    expect(inC('VOID F(PVOID c);\nNTSTATUS F(ULONG x);\nVOID F(PVOID c) { }\nNTSTATUS F(ULONG x) { return x; }')).toEqual([]);
  });

  it('take role names as what they are in the code at hand', () => {
    expect(inC('struct DRIVER_CANCEL { int x; };\nVOID f(int KSTART_ROUTINE) { int DRIVER_UNLOAD = KSTART_ROUTINE; struct DRIVER_CANCEL c; c.x = DRIVER_UNLOAD; goto IO_DPC_ROUTINE; IO_DPC_ROUTINE: return; }')).toEqual([]);
    expect(inC('enum { IO_TIMER_ROUTINE, DRIVER_DISPATCH };\nint g(void) { return DRIVER_DISPATCH; }')).toEqual([]);
  });

  it('know declarations that a macro builds', () => {
    const declare = '#define DECLARE(type, name) type name\n#define THREADS(a, b) KSTART_ROUTINE a; KSTART_ROUTINE b\nDECLARE(KSTART_ROUTINE, F);\nTHREADS(G, H);\n';
    const define = '_Use_decl_annotations_ VOID F(PVOID c) { }\n_Use_decl_annotations_ VOID G(PVOID c) { }\n_Use_decl_annotations_ VOID H(PVOID c) { }\n';
    const use = 'VOID f(PHANDLE t) { PsCreateSystemThread(t, 0, 0, 0, 0, F, 0); PsCreateSystemThread(t, 0, 0, 0, 0, G, 0); PsCreateSystemThread(t, 0, 0, 0, 0, H, 0); }';
    expect(inC(declare + define + use)).toEqual([]);
  });

  it('bear endless typedefs and macros', () => {
    expect(inC('typedef B A;\ntypedef A B;\nA F;\n#define M N\n#define N M\nM VOID F(PVOID c) { }\nVOID f(PHANDLE t) { PsCreateSystemThread(t, 0, 0, 0, 0, F, 0); }').filter((f) => !/role-type-declaration/.test(f))).toEqual([]);
  });
});

/** Text after all fixes (or first suggestions) of a rule, until none is left. */
function repaired(text: string, path: string, rule: string, suggested = false): string {
  for (let round = 0; round < 5; round++) {
    const found = findingsOf({ [path]: text }).filter((f) => f.rule === rule);
    const edits = found.flatMap((f) => { const fix = suggested ? f.suggestions[0] : f.fix; return fix ? [fix.edits] : []; });
    if (edits.length === 0) return text;
    text = applyFixes(text, edits).text;
  }
  throw new Error('the fixes never end');
}

describe('fixes of the role and annotation rules', () => {
  const crlf = (text: string): string => text.replace(/\n/g, '\r\n');

  it('keep line ends, tabs and a missing last line end', () => {
    const before = '#include <ntddk.h>\nDRIVER_UNLOAD F;\n#if 1\n\tVOID F(PDRIVER_OBJECT o) { }\n#endif';
    const after = before.replace('\tVOID', '\t_Use_decl_annotations_\n\tVOID');
    expect(repaired(before, 'a.c', 'use-decl-annotations')).toBe(after);
    expect(repaired(crlf(before), 'a.c', 'use-decl-annotations')).toBe(crlf(after));
  });

  it('come before annotations and storage, after linkage', () => {
    const fixed = (head: string): string => repaired(`#include <ntddk.h>\nextern "C" DRIVER_UNLOAD F;\n${head}VOID F(PDRIVER_OBJECT o)\n{\n}\n`, 'a.cpp', 'use-decl-annotations').split('\n').slice(2, -3).join('|');
    expect(fixed('')).toBe('_Use_decl_annotations_|VOID F(PDRIVER_OBJECT o)');
    expect(fixed('extern "C"\n')).toBe('extern "C"|_Use_decl_annotations_|VOID F(PDRIVER_OBJECT o)');
    expect(fixed('extern "C" ')).toBe('extern "C"|_Use_decl_annotations_|VOID F(PDRIVER_OBJECT o)');
    expect(fixed('EXTERN_C ')).toBe('EXTERN_C|_Use_decl_annotations_|VOID F(PDRIVER_OBJECT o)');
    expect(fixed('_IRQL_requires_same_\n')).toBe('_Use_decl_annotations_|_IRQL_requires_same_|VOID F(PDRIVER_OBJECT o)');
  });

  it('declare roles once, in files with either line end', () => {
    const before = '#include <ntddk.h>\n\nVOID F(PDRIVER_OBJECT o)\n{\n}\n\nVOID f(PDRIVER_OBJECT o) { o->DriverUnload = F; }\n';
    const after = before.replace('VOID F', 'DRIVER_UNLOAD F;\n\nVOID F');
    expect(repaired(before, 'a.c', 'role-type-declaration', true)).toBe(after);
    expect(repaired(crlf(before), 'a.c', 'role-type-declaration', true)).toBe(crlf(after));
  });
});
