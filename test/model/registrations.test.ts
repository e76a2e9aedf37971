import { describe, expect, it } from 'vitest';
import type { Project } from '@drvlint/core';
import { functionOf, projectOf } from '../harness/project-of-texts.js';

const head = '#include <ntddk.h>\n#include <wdf.h>\n';

/** `function role (via)` of every registration with a role, in order of place. */
function registered(p: Project): string[] {
  return p.registrations.filter((r) => r.role !== '').map((r) => `${r.func.qualified} ${r.role} (${r.via})${r.slot ? ` [${r.slot}]` : ''}`);
}

const body = (code: string): string => `VOID F(PVOID c) { }\nNTSTATUS D(PDEVICE_OBJECT d, PIRP i) { return 0; }\nNTSTATUS C(PDEVICE_OBJECT d, PIRP i, PVOID c) { return 0; }\n${code}`;
const inC = (code: string): string[] => registered(projectOf({ 'a.c': head + body(code) }));
const inCpp = (code: string): string[] => registered(projectOf({ 'a.cpp': head + body(code) }));

describe('registrations', () => {
  it('are arguments, behind casts, &, parentheses and ?:', () => {
    expect(inC('void f(PHANDLE t) { PsCreateSystemThread(t, 0, NULL, NULL, NULL, (PKSTART_ROUTINE)(&F), NULL); }')).toEqual(['F KSTART_ROUTINE (PsCreateSystemThread)']);
    expect(inC('VOID G(PVOID c) { }\nvoid f(PHANDLE t, int x) { PsCreateSystemThread(t, 0, NULL, NULL, NULL, x ? F : G, NULL); }')).toEqual(['F KSTART_ROUTINE (PsCreateSystemThread)', 'G KSTART_ROUTINE (PsCreateSystemThread)']);
  });

  it('are stores into fields and dispatch slots, chained and in loops', () => {
    expect(inC('void f(PDRIVER_OBJECT o) { o->MajorFunction[IRP_MJ_READ] = o->MajorFunction[IRP_MJ_WRITE] = D; }')).toEqual([
      'D DRIVER_DISPATCH (MajorFunction[IRP_MJ_READ]) [IRP_MJ_READ]', 'D DRIVER_DISPATCH (MajorFunction[IRP_MJ_WRITE]) [IRP_MJ_WRITE]',
    ]);
    expect(inC('void f(PDRIVER_OBJECT o) { for (int i = 0; i < 28; i++) o->MajorFunction[i] = D; }')).toEqual(['D DRIVER_DISPATCH (MajorFunction[i]) [loop]']);
    expect(inC('VOID U(PDRIVER_OBJECT o) { }\nvoid f(PDRIVER_OBJECT o) { o->DriverUnload = U; }')).toEqual(['U DRIVER_UNLOAD (DRIVER_OBJECT.DriverUnload)']);
  });

  it('are no un-registrations', () => {
    expect(inC('void f(PIRP i, PDRIVER_OBJECT o) { IoSetCompletionRoutine(i, NULL, NULL, 0, 0, 0); IoSetCancelRoutine(i, NULL); o->DriverUnload = NULL; PsRemoveLoadImageNotifyRoutine(F); PsSetCreateProcessNotifyRoutine(F, TRUE); }')).toEqual([]);
  });

  it('are positional and designated initialisers of registration tables', () => {
    const table = 'FLT_PREOP_CALLBACK_STATUS P(PFLT_CALLBACK_DATA a, PCFLT_RELATED_OBJECTS b, PVOID *c) { return 0; }\n';
    expect(inC(`${table}const FLT_OPERATION_REGISTRATION Ops[] = { { IRP_MJ_CREATE, 0, P, NULL }, { IRP_MJ_OPERATION_END } };`)).toEqual(['P PFLT_PRE_OPERATION_CALLBACK (FLT_OPERATION_REGISTRATION.PreOperation)']);
    expect(inC(`${table}const FLT_OPERATION_REGISTRATION Ops[] = { { .MajorFunction = IRP_MJ_CREATE, .PreOperation = P } };`)).toEqual(['P PFLT_PRE_OPERATION_CALLBACK (FLT_OPERATION_REGISTRATION.PreOperation)']);
  });

  it('go through functions of the project, over several steps', () => {
    const wrapped = 'static void Inner(PKSTART_ROUTINE r) { HANDLE t; PsCreateSystemThread(&t, 0, NULL, NULL, NULL, r, NULL); }\nvoid Outer(PVOID r) { Inner((PKSTART_ROUTINE)r); }\nvoid f(void) { Outer(F); }';
    expect(inC(wrapped)).toEqual(['F KSTART_ROUTINE (Outer (Inner))']);
  });

  it('go through macros, pasted names included', () => {
    expect(inC('#define THREAD(t, r) PsCreateSystemThread(t, 0, NULL, NULL, NULL, r, NULL)\nvoid f(PHANDLE t) { THREAD(t, F); }')).toEqual(['F KSTART_ROUTINE (PsCreateSystemThread)']);
    expect(inC('#define SLOT(o, n) (o)->MajorFunction[IRP_MJ_##n] = n##Handler\nNTSTATUS READHandler(PDEVICE_OBJECT d, PIRP i) { return 0; }\nvoid f(PDRIVER_OBJECT o) { SLOT(o, READ); }')).toEqual(['READHandler DRIVER_DISPATCH (MajorFunction[IRP_MJ_READ]) [IRP_MJ_READ]']);
  });

  it('go through locals and const tables', () => {
    expect(inC('void f(PHANDLE t) { PVOID r = F; PsCreateSystemThread(t, 0, NULL, NULL, NULL, r, NULL); }')).toEqual(['F KSTART_ROUTINE (PsCreateSystemThread)']);
    expect(inC('typedef struct { int n; PVOID r; } ROW;\nstatic const ROW Rows[] = { { 1, F } };\nvoid f(PHANDLE t) { PsCreateSystemThread(t, 0, NULL, NULL, NULL, Rows[0].r, NULL); }')).toEqual(['F KSTART_ROUTINE (PsCreateSystemThread)']);
  });

  it('hold for any place of a role pointer type', () => {
    expect(inC('typedef struct { PIO_COMPLETION_ROUTINE done; } S;\nvoid f(S *s) { s->done = C; }')).toEqual(['C IO_COMPLETION_ROUTINE (s->done)']);
    expect(inC('typedef IO_COMPLETION_ROUTINE *MY_DONE;\nstatic MY_DONE Done = C;')).toEqual(['C IO_COMPLETION_ROUTINE (Done)']);
    expect(inC('void g(PIO_COMPLETION_ROUTINE done);\nvoid f(void) { g(C); }')).toEqual(['C IO_COMPLETION_ROUTINE (g)']);
  });

  it('depend on another argument where the function says so', () => {
    const call = (what: string): string[] => inC(`void f(PVOID x) { StorPortNotification(${what}, x, F, 100); }`);
    expect(call('RequestTimerCall')).toEqual(['F HW_TIMER (StorPortNotification)']);
    expect(call('RequestComplete')).toEqual([]);
  });

  it('reach through nested members of structures that only the WDK knows', () => {
    expect(inC('BOOLEAN I(PKINTERRUPT i, PVOID c) { return 0; }\nvoid f(void) { IO_CONNECT_INTERRUPT_PARAMETERS p; p.FullySpecified.ServiceRoutine = I; }')).toEqual(['I KSERVICE_ROUTINE (IO_CONNECT_INTERRUPT_FULLY_SPECIFIED_PARAMETERS.ServiceRoutine)']);
    expect(inC('NTSTATUS A(PDRIVER_OBJECT o, PDEVICE_OBJECT d) { return 0; }\nvoid f(PDRIVER_OBJECT o) { o->DriverExtension->AddDevice = A; }')).toEqual(['A DRIVER_ADD_DEVICE (DRIVER_EXTENSION.AddDevice)']);
  });

  it('are calls through the DMA operations', () => {
    expect(inC('IO_ALLOCATION_ACTION G(PDEVICE_OBJECT d, PIRP i, PVOID m, PVOID c) { return 0; }\nvoid f(PDMA_ADAPTER a, PDEVICE_OBJECT d) { a->DmaOperations->AllocateAdapterChannel(a, d, 1, G, NULL); }')).toEqual(['G DRIVER_CONTROL (AllocateAdapterChannel)']);
  });

  it('know members, namespaces and named casts of C++', () => {
    expect(inCpp('struct S { static VOID R(PVOID c) { } void go(PHANDLE t) { PsCreateSystemThread(t, 0, 0, 0, 0, &S::R, this); } };')).toEqual(['S::R KSTART_ROUTINE (PsCreateSystemThread)']);
    expect(inCpp('namespace N { VOID R(PVOID c) { } void go(PHANDLE t) { PsCreateSystemThread(t, 0, 0, 0, 0, R, 0); } }\nVOID R(PVOID c) { }')).toEqual(['N::R KSTART_ROUTINE (PsCreateSystemThread)']);
    expect(inCpp('void f(PHANDLE t) { auto r = reinterpret_cast<PKSTART_ROUTINE>(F); PsCreateSystemThread(t, 0, 0, 0, 0, r, 0); }')).toEqual(['F KSTART_ROUTINE (PsCreateSystemThread)']);
  });

  it('leave the parameters of unknown functions alone', () => {
    expect(inC('void f(void) { Trace(F); KeSomethingUnknown(F, D); ASSERT(F != NULL); }')).toEqual([]);
  });

  it('give a slot its own entry range', () => {
    const p = projectOf({ 'a.c': `${head}${body('void f(PDRIVER_OBJECT o) { o->MajorFunction[IRP_MJ_PNP] = D; }')}` });
    expect(p.registrations.map((r) => r.entry)).toEqual([{ min: 0, max: 0 }]);
  });
});

describe('roles', () => {
  const rolesOf = (code: string, name = 'F', file = 'a.c'): string[] => {
    const p = projectOf({ [file]: head + code });
    return p.rolesOf(functionOf(p, name)).map((r) => `${r.role} ${r.reason}`);
  };

  it('come from declarations through typedefs', () => {
    expect(rolesOf('KSTART_ROUTINE F;\nVOID F(PVOID c) { }')).toEqual(['KSTART_ROUTINE declaration']);
    expect(rolesOf('typedef KSTART_ROUTINE T;\nextern T F;\nVOID F(PVOID c) { }')).toEqual(['KSTART_ROUTINE typedef']);
    expect(rolesOf('VOID g(void) { KSTART_ROUTINE F; F(0); }\nVOID F(PVOID c) { }')).toEqual(['KSTART_ROUTINE declaration']);
    expect(rolesOf('EXTERN_C KSTART_ROUTINE F;\nVOID F(PVOID c) { }', 'F', 'a.cpp')).toEqual(['KSTART_ROUTINE declaration']);
    expect(rolesOf('class A { static KSTART_ROUTINE F; };\nVOID A::F(PVOID c) { }', 'A::F', 'a.cpp')).toEqual(['KSTART_ROUTINE declaration']);
  });

  it('come from function classes of both generations, through macros and typedefs', () => {
    expect(rolesOf('_Function_class_(KSTART_ROUTINE) VOID F(PVOID c) { }')).toEqual(['KSTART_ROUTINE function-class']);
    expect(rolesOf('__drv_functionClass(PKSTART_ROUTINE) VOID F(PVOID c);\nVOID F(PVOID c) { }')).toEqual(['KSTART_ROUTINE function-class']);
    expect(rolesOf('#define THREAD _Function_class_(KSTART_ROUTINE)\nTHREAD VOID F(PVOID c) { }')).toEqual(['KSTART_ROUTINE function-class']);
    expect(rolesOf('typedef _Function_class_(MY_CLASS) VOID T(PVOID c);\nT F;\nVOID F(PVOID c) { }')).toEqual(['MY_CLASS typedef', 'MY_CLASS function-class']);
  });

  it('come from a name only where nothing else says more', () => {
    expect(rolesOf('NTSTATUS DriverEntry(PDRIVER_OBJECT o, PUNICODE_STRING p) { return 0; }', 'DriverEntry')).toEqual(['DRIVER_INITIALIZE name']);
    expect(rolesOf('NTSTATUS DriverEntry(PDRIVER_OBJECT o) { return 0; }', 'DriverEntry')).toEqual([]);
  });

  it('are none for variables, whatever their type is called', () => {
    expect(rolesOf('LONG DRIVER_CANCEL;\nVOID F(PVOID c) { LONG KSTART_ROUTINE = 0; }')).toEqual([]);
    const p = projectOf({ 'a.c': `${head}KDPC Dpc;\nSOME_TYPE Value;\nKSTART_ROUTINE *Pointer;\nPKSTART_ROUTINE Other = NULL;\n` });
    expect(p.funcs).toEqual([]);
  });
});
