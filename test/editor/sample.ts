// A small driver that has something for every feature: a callback that is not declared, a wait below a DPC, a lock, annotations.

export const header = `#pragma once
typedef struct _DEV {
    KSPIN_LOCK Lock;
    KEVENT Event;
    KDPC Dpc;
    LONG Count;
} DEV, *PDEV;

NTSTATUS DevFlush(PDEV Dev);
`;

export const device = `#include <ntddk.h>
#include "dev.h"

KDEFERRED_ROUTINE DevDpc;

static VOID DevWorker(PVOID Context)
{
    PDEV dev = (PDEV)Context;
    DevFlush(dev);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

VOID DevDpc(PKDPC Dpc, PVOID Context, PVOID A, PVOID B)
{
    PDEV dev = (PDEV)Context;
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(A);
    UNREFERENCED_PARAMETER(B);
    DevFlush(dev);
}

_IRQL_requires_max_(PASSIVE_LEVEL)
NTSTATUS DevStart(PDEV Dev)
{
    HANDLE thread;
    KIRQL old;

    KeInitializeDpc(&Dev->Dpc, DevDpc, Dev);
    KeAcquireSpinLock(&Dev->Lock, &old);
    Dev->Count++;
    KeReleaseSpinLock(&Dev->Lock, old);
    return PsCreateSystemThread(&thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, DevWorker, Dev);
}
`;

export const flush = `#include <ntddk.h>
#include "dev.h"

NTSTATUS DevFlush(PDEV Dev)
{
    return KeWaitForSingleObject(&Dev->Event, Executive, KernelMode, FALSE, NULL);
}
`;

export const sample = { 'dev.h': header, 'dev.c': device, 'flush.c': flush };
