// Writes a driver project of any size, always the same for the same numbers: units with devices, locks, DPCs, timers, worker threads and
// helpers that call each other across files. For measuring; the analysis finds a few things in it.

import fs from 'node:fs';
import path from 'node:path';

/** A function of about 30 lines: takes a lock, walks a list, calls helpers of this and of another unit. */
function service(unit, n, other) {
  const name = `U${unit}Service${n}`;
  return `
static NTSTATUS
${name}(
    _In_ PDRIVER_CONTEXT Context,
    _Inout_ PREQUEST_BLOCK Block,
    _In_ ULONG Flags
    )
{
    KIRQL oldIrql;
    PLIST_ENTRY entry;
    NTSTATUS status = STATUS_SUCCESS;
    ULONG count = 0;

    if (Context == NULL || Block == NULL) {
        return STATUS_INVALID_PARAMETER;
    }
    KeAcquireSpinLock(&Context->Lock${n % 4}, &oldIrql);
    for (entry = Context->Queue${n % 4}.Flink; entry != &Context->Queue${n % 4}; entry = entry->Flink) {
        PREQUEST_BLOCK item = CONTAINING_RECORD(entry, REQUEST_BLOCK, Link);
        if ((item->Flags & Flags) != 0 && item->Owner == Block->Owner) {
            item->State = (UCHAR)(item->State + ${n % 7});
            count++;
        } else if (item->State > ${100 + (n % 50)}) {
            status = STATUS_DEVICE_BUSY;
            break;
        }
    }
    KeReleaseSpinLock(&Context->Lock${n % 4}, oldIrql);
    if (NT_SUCCESS(status) && count > 0) {
        status = ${n % 3 === 0 ? `U${other}Entry(Context, Block, count)` : `U${unit}Helper${n % 5}(Context, Block, count)`};
    }
    return status;
}
`;
}

function helper(unit, n) {
  return `
static NTSTATUS
U${unit}Helper${n}(
    _In_ PDRIVER_CONTEXT Context,
    _Inout_ PREQUEST_BLOCK Block,
    _In_ ULONG Count
    )
{
    ULONG i;
    for (i = 0; i < Count; i++) {
        Block->Total += i * ${n + 2};
        if (Block->Total > Context->Limit) {
            InterlockedIncrement(&Context->Overruns);
            return STATUS_BUFFER_OVERFLOW;
        }
    }
    ${n === 4 ? 'KeSetEvent(&Context->Done, IO_NO_INCREMENT, FALSE);' : 'Block->Cookie = Count;'}
    return STATUS_SUCCESS;
}
`;
}

function callbacks(unit) {
  return `
static VOID
U${unit}Dpc(PKDPC Dpc, PVOID DeferredContext, PVOID Argument1, PVOID Argument2)
{
    PDRIVER_CONTEXT context = (PDRIVER_CONTEXT)DeferredContext;
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    KeAcquireSpinLockAtDpcLevel(&context->Lock0);
    context->Ticks++;
    KeReleaseSpinLockFromDpcLevel(&context->Lock0);
}

static VOID
U${unit}Worker(PVOID StartContext)
{
    PDRIVER_CONTEXT context = (PDRIVER_CONTEXT)StartContext;
    LARGE_INTEGER delay;
    delay.QuadPart = -10000 * ${unit + 1};
    while (!context->Stopping) {
        KeWaitForSingleObject(&context->Wake, Executive, KernelMode, FALSE, &delay);
        ExFreePoolWithTag(ExAllocatePool2(POOL_FLAG_NON_PAGED, 64, 'hcnB'), 'hcnB');
    }
    PsTerminateSystemThread(STATUS_SUCCESS);
}

NTSTATUS
U${unit}Start(_In_ PDRIVER_CONTEXT Context)
{
    HANDLE thread;
    KeInitializeDpc(&Context->Dpc[${unit % 16}], U${unit}Dpc, Context);
    return PsCreateSystemThread(&thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, U${unit}Worker, Context);
}
`;
}

function unitText(unit, units, services) {
  const other = (unit + 1) % units;
  const parts = [`// Unit ${unit} of a made-up driver.\n#include "driver.h"\n#include "unit${unit}.h"\n#include "unit${other}.h"\n`];
  for (let n = 0; n < 5; n++) parts.push(helper(unit, n));
  for (let n = 0; n < services; n++) parts.push(service(unit, n, other));
  parts.push(`
_IRQL_requires_max_(DISPATCH_LEVEL)
NTSTATUS
U${unit}Entry(_In_ PDRIVER_CONTEXT Context, _Inout_ PREQUEST_BLOCK Block, _In_ ULONG Flags)
{
    switch (Flags % ${services}) {
${Array.from({ length: services }, (_, n) => `    case ${n}: return U${unit}Service${n}(Context, Block, Flags);`).join('\n')}
    default: return STATUS_NOT_SUPPORTED;
    }
}
`, callbacks(unit));
  return parts.join('');
}

const driverHeader = (units) => `#pragma once
#include <ntddk.h>

typedef struct _REQUEST_BLOCK {
    LIST_ENTRY Link;
    PVOID Owner;
    ULONG Flags;
    ULONG Cookie;
    ULONG64 Total;
    UCHAR State;
} REQUEST_BLOCK, *PREQUEST_BLOCK;

typedef struct _DRIVER_CONTEXT {
    KSPIN_LOCK Lock0, Lock1, Lock2, Lock3;
    LIST_ENTRY Queue0, Queue1, Queue2, Queue3;
    KDPC Dpc[16];
    KEVENT Done, Wake;
    ULONG64 Limit;
    LONG Overruns;
    LONG Ticks;
    BOOLEAN Stopping;
} DRIVER_CONTEXT, *PDRIVER_CONTEXT;

#define BLOCK_IS_LARGE(b) ((b)->Total > 0x1000)
#define UNIT_COUNT ${units}
`;

const unitHeader = (unit) => `#pragma once
NTSTATUS U${unit}Entry(_In_ PDRIVER_CONTEXT Context, _Inout_ PREQUEST_BLOCK Block, _In_ ULONG Flags);
NTSTATUS U${unit}Start(_In_ PDRIVER_CONTEXT Context);
`;

function mainText(units) {
  return `#include "driver.h"
${Array.from({ length: units }, (_, u) => `#include "unit${u}.h"`).join('\n')}

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD BenchUnload;
DRIVER_DISPATCH BenchCreate;
static DRIVER_CONTEXT Globals;

VOID BenchUnload(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    Globals.Stopping = TRUE;
}

NTSTATUS BenchCreate(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    Irp->IoStatus.Status = STATUS_SUCCESS;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->DriverUnload = BenchUnload;
    DriverObject->MajorFunction[IRP_MJ_CREATE] = BenchCreate;
${Array.from({ length: units }, (_, u) => `    U${u}Start(&Globals);`).join('\n')}
    return STATUS_SUCCESS;
}
`;
}

/**
 * Writes the project below `folder`: half of `files` are units, the others their headers. One unit is made about `lines` long.
 * Returns the path of that unit.
 */
export function writeDriverProject(folder, { files = 300, lines = 5000, services = 12 } = {}) {
  const units = Math.max(2, Math.floor((files - 2) / 2));
  fs.mkdirSync(folder, { recursive: true });
  const write = (name, text) => fs.writeFileSync(path.join(folder, name), text);
  write('driver.h', driverHeader(units));
  write('main.c', mainText(units));
  const big = Math.floor(units / 2);
  for (let u = 0; u < units; u++) {
    write(`unit${u}.h`, unitHeader(u));
    write(`unit${u}.c`, unitText(u, units, u === big ? Math.round(lines / 35) : services));
  }
  const compiled = ['main.c', ...Array.from({ length: units }, (_, u) => `unit${u}.c`)].map((f) => `    <ClCompile Include="${f}" />`).join('\n');
  write('bench.vcxproj', `<?xml version="1.0" encoding="utf-8"?>
<Project DefaultTargets="Build" ToolsVersion="12.0" xmlns="http://schemas.microsoft.com/developer/msbuild/2003">
  <ItemGroup><ProjectConfiguration Include="Release|x64"><Configuration>Release</Configuration><Platform>x64</Platform></ProjectConfiguration></ItemGroup>
  <PropertyGroup><ConfigurationType>Driver</ConfigurationType><DriverType>WDM</DriverType></PropertyGroup>
  <ItemGroup>
${compiled}
  </ItemGroup>
</Project>
`);
  return path.join(folder, `unit${big}.c`);
}
