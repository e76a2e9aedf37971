// Every change that the recall measurement makes to a small right driver is found, and the driver itself has no finding.

import { runRules, selectRules } from '@drvlint/core';
import { rules } from '@drvlint/rules';
import { describe, expect, it } from 'vitest';
import { projectOf } from './harness/project-of-texts.js';
import { sitesOf } from './tools/irql-mutations.mjs';

const own = rules.filter((r) => r.meta.family === 'irql');
const active = selectRules(own, { presets: ['recommended'], arch: 'amd64', rules: {} });

const driver = `#include <ntddk.h>

typedef struct _EXT { KSPIN_LOCK Lock; ULONG Count; ULONG Limit; KDPC Dpc; } EXT, *PEXT;
KDEFERRED_ROUTINE Tick;
KSTART_ROUTINE Worker;

static VOID Trim(PEXT Ext)
{
    Ext->Count = Ext->Limit;
}

static VOID Check(PEXT Ext)
{
    Trim(Ext);
}

_Use_decl_annotations_
VOID Tick(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    Check((PEXT)Context);
}

NTSTATUS Add(PEXT Ext, ULONG More)
{
    KIRQL old;
    if (Ext->Count == Ext->Limit) {
        return STATUS_QUOTA_EXCEEDED;
    }
    KeAcquireSpinLock(&Ext->Lock, &old);
    if (Ext->Count == Ext->Limit) {
        KeReleaseSpinLock(&Ext->Lock, old);
        return STATUS_QUOTA_EXCEEDED;
    }
    Check(Ext);
    Ext->Count += More;
    KeReleaseSpinLock(&Ext->Lock, old);
    return STATUS_SUCCESS;
}

_Use_decl_annotations_
VOID Worker(PVOID Context)
{
    (VOID)Add((PEXT)Context, 1);
}
`;

function findingsOf(text: string): { file: string; line: number; rule: string }[] {
  const result = runRules(projectOf({ 'a.c': text }), own, { rulesFor: () => active, minimum: 'warning' });
  expect(result.problems).toEqual([]);
  return result.findings;
}

describe('mutations', () => {
  it('knows of every kind of change in the driver, which is right', () => {
    expect(findingsOf(driver)).toEqual([]);
    expect([...new Set(sitesOf(projectOf({ 'a.c': driver })).map((s) => s.kind))].sort()).toEqual([
      'at-dpc-variant', 'drop-release', 'passive-in-dpc', 'passive-two-calls-below', 'passive-under-lock', 'wrong-variable',
    ]);
  });

  it.each(sitesOf(projectOf({ 'a.c': driver })).map((site) => [`${site.kind} at line ${site.line}`, site] as const))('finds %s', (_, site) => {
    const broken = [...site.edits].sort((a, b) => b.start - a.start).reduce((t, e) => t.slice(0, e.start) + e.text + t.slice(e.end), driver);
    expect(findingsOf(broken).some((f) => site.places.some((p) => f.line >= p.from && f.line <= p.to))).toBe(true);
  });
});
