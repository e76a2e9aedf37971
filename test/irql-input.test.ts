// The IRQL rules on input that is large, tangled, contradictory or not understood: an answer that is defined, soon, and stated where
// precision was given up.

import { irqlGivenUp, runRules, selectRules } from '@drvlint/core';
import { rules } from '@drvlint/rules';
import { describe, expect, it } from 'vitest';
import { projectOf } from './harness/project-of-texts.js';

const own = rules.filter((r) => r.meta.family === 'irql' || r.meta.id.startsWith('irql-'));
const active = selectRules(own, { presets: ['all'], arch: 'amd64', rules: {} });

interface Answer { findings: string[]; givenUp: string[] }

function check(code: string, name = 'a.c'): Answer {
  const project = projectOf({ [name]: `#include <ntddk.h>\n${code}` });
  const result = runRules(project, own, { rulesFor: () => active, minimum: 'info' });
  expect(result.problems).toEqual([]);
  return { findings: result.findings.map((f) => `${f.line} ${f.rule}`), givenUp: irqlGivenUp(project).map((g) => `${g.func.name}: ${g.reason}`) };
}

const lines = (n: number, line: (i: number) => string): string => Array.from({ length: n }, (_, i) => line(i)).join('\n');

describe('tangled flow', () => {
  it('follows a loop with two entries', () => {
    const { findings, givenUp } = check(`VOID F(PKSPIN_LOCK l, PKEVENT e, int a)
{
    KIRQL old;
    if (a > 3) goto second;
first:
    KeAcquireSpinLock(l, &old);
    KeReleaseSpinLock(l, old);
second:
    KeWaitForSingleObject(e, Executive, KernelMode, FALSE, NULL);
    if (a--) goto first;
    KeAcquireSpinLock(l, &old);
    KeWaitForSingleObject(e, Executive, KernelMode, FALSE, NULL);
    KeReleaseSpinLock(l, old);
}`);
    expect(findings).toEqual(['13 irql-too-high']);
    expect(givenUp).toEqual([]);
  });

  it('jumps out of and into blocks, over declarations and through switch cases', () => {
    const { findings } = check(`VOID F(PKSPIN_LOCK l, int a)
{
    KIRQL old;
    switch (a) {
    case 1:
        KeAcquireSpinLock(l, &old);
        if (a == 2) {
    case 2:
            a++;
            goto out;
        }
        KeReleaseSpinLock(l, old);
        break;
    default:
        break;
    }
    return;
out:
    return;
}`);
    expect(findings).toEqual([]);
  });
});

describe('deep and cyclic calls', () => {
  const chain = (depth: number): string => `${lines(depth, (i) => (i === 0 ? 'static VOID F0(HANDLE h) { ZwClose(h); }' : `static VOID F${i}(HANDLE h) { F${i - 1}(h); }`))}
VOID Top(PKSPIN_LOCK l, HANDLE h)
{
    KIRQL old;
    KeAcquireSpinLock(l, &old);
    F${depth - 1}(h);
    KeReleaseSpinLock(l, old);
}`;

  it.each([10, 100, 1000])('finds what lies %i calls down', (depth) => {
    expect(check(chain(depth)).findings).toEqual([`${depth + 6} irql-too-high`]);
  });

  it('ends for functions that call each other', () => {
    const { findings } = check(`VOID A(HANDLE h, int n);
VOID B(HANDLE h, int n) { if (n) A(h, n - 1); ZwClose(h); }
VOID A(HANDLE h, int n) { if (n) B(h, n - 1); A(h, n); }
VOID Top(PKSPIN_LOCK l, HANDLE h)
{
    KIRQL old;
    KeAcquireSpinLock(l, &old);
    B(h, 3);
    KeReleaseSpinLock(l, old);
}`);
    expect(findings).toEqual(['9 irql-too-high']);
  });

  it('ends for a ring of a thousand functions', () => {
    const ring = `${lines(1000, (i) => `VOID R${i}(HANDLE h);`)}\n${lines(1000, (i) => `VOID R${i}(HANDLE h) { R${(i + 1) % 1000}(h); }`)}`;
    expect(check(ring).findings).toEqual([]);
  });
});

describe('size', () => {
  it('follows a function of 30,000 lines', () => {
    const body = lines(30_000, (i) => (i % 100 === 0 ? 'KeAcquireSpinLock(l, &old);' : i % 100 === 50 ? 'KeReleaseSpinLock(l, old);' : `n += ${i};`));
    const { findings, givenUp } = check(`VOID F(PKSPIN_LOCK l, PKEVENT e)\n{\nKIRQL old; int n = 0;\n${body}\nKeAcquireSpinLock(l, &old);\nKeWaitForSingleObject(e, Executive, KernelMode, FALSE, NULL);\nKeReleaseSpinLock(l, old);\n}`);
    expect(findings).toEqual(['30006 irql-too-high']);
    expect(givenUp).toEqual([]);
  });

  it('follows 2,000 branches', () => {
    const { findings, givenUp } = check(`VOID F(PKSPIN_LOCK l, PKEVENT e, int* a)\n{\nKIRQL old; int n = 0;\nKeAcquireSpinLock(l, &old);\n${lines(2000, (i) => `if (a[${i}]) n++; else n--;`)}\nKeWaitForSingleObject(e, Executive, KernelMode, FALSE, NULL);\nKeReleaseSpinLock(l, old);\n}`);
    expect(findings).toEqual(['2006 irql-too-high']);
    expect(givenUp).toEqual([]);
  });

  it('holds 500 locks at once', () => {
    const { findings } = check(`VOID F(PKSPIN_LOCK l)\n{\nKIRQL old;\nKeRaiseIrql(DISPATCH_LEVEL, &old);\n${lines(500, (i) => `KeAcquireSpinLockAtDpcLevel(&l[${i}]);`)}\nZwClose(NULL);\n${lines(499, (i) => `KeReleaseSpinLockFromDpcLevel(&l[${499 - i}]);`)}\nKeLowerIrql(old);\n}`);
    expect(findings).toEqual(['506 irql-too-high', '1007 lock-pairing']);
  });

  it('says that it gave up locks taken under 500 different conditions', () => {
    const { findings, givenUp } = check(`VOID F(PKSPIN_LOCK l, int* a)\n{\nKIRQL old;\nKeRaiseIrql(DISPATCH_LEVEL, &old);\n${lines(500, (i) => `if (a[${i}]) KeAcquireSpinLockAtDpcLevel(&l[${i}]);`)}\n${lines(500, (i) => `if (a[${i}]) KeReleaseSpinLockFromDpcLevel(&l[${i}]);`)}\nKeLowerIrql(old);\n}`);
    expect(findings).toEqual([]);
    expect(givenUp).toEqual(['F: paths put together: nothing is said about its locks']);
  });
});

describe('annotations', () => {
  it('reports contradictory annotations and holds nobody to them', () => {
    const { findings } = check(`_IRQL_requires_min_(DISPATCH_LEVEL) _IRQL_requires_max_(APC_LEVEL) VOID Both(VOID);
VOID F(PKSPIN_LOCK l) { KIRQL old; Both(); KeAcquireSpinLock(l, &old); Both(); KeReleaseSpinLock(l, old); }`);
    expect(findings).toEqual(['2 irql-annotation-conflict']);
  });

  it('evaluates levels that are expressions, enumerators and macros', () => {
    const { findings } = check(`#define OWN_LEVEL (APC_LEVEL + 1)
enum { LOW = PASSIVE_LEVEL, HIGHER = DISPATCH_LEVEL };
_IRQL_requires_max_(DISPATCH_LEVEL - 1) VOID A(VOID);
_IRQL_requires_max_(LOW) VOID B(VOID);
_IRQL_requires_min_(OWN_LEVEL) VOID C(VOID);
_IRQL_requires_(HIGHER) VOID D(VOID);
VOID F(PKSPIN_LOCK l)
{
    KIRQL old;
    KeAcquireSpinLock(l, &old);
    A();
    C();
    D();
    KeReleaseSpinLock(l, old);
    KeRaiseIrql(APC_LEVEL, &old);
    B();
    KeLowerIrql(old);
}`);
    expect(findings).toEqual(['12 irql-too-high', '17 irql-too-high']);
  });

  it('takes a level that it cannot read for no limit', () => {
    const { findings } = check(`_IRQL_requires_max_(OF_ANOTHER_HEADER) VOID A(VOID);
_IRQL_requires_max_(sizeof(A) + Level()) VOID B(VOID);
_IRQL_requires_max_() VOID C(VOID);
VOID F(PKSPIN_LOCK l) { KIRQL old; KeAcquireSpinLock(l, &old); A(); B(); C(); KeReleaseSpinLock(l, old); }`);
    expect(findings.filter((f) => f.includes('too-'))).toEqual([]);
  });

  it('goes on behind a raise to a level that it cannot read', () => {
    const { findings } = check(`VOID F(PKSPIN_LOCK l, KIRQL where)
{
    KIRQL old, inner;
    KeRaiseIrql(where, &old);
    ZwClose(NULL);
    KeLowerIrql(old);
    KeAcquireSpinLock(l, &inner);
    ZwClose(NULL);
    KeReleaseSpinLock(l, inner);
}`);
    expect(findings).toEqual(['9 irql-too-high']);
  });
});

describe('half-typed code', () => {
  it.each([
    'VOID F(PKSPIN_LOCK l) { KIRQL old; KeAcquireSpinLock(l, &old',
    'VOID F(PKSPIN_LOCK l) { KeAcquireSpinLock(); KeReleaseSpinLock(l); KeLowerIrql(); KeRaiseIrql(); }',
    'VOID F(VOID) { KeAcquireInStackQueuedSpinLock(,); KeWaitForSingleObject(NULL); }',
    'KDEFERRED_ROUTINE F; F(a, b',
    'VOID F(KIRQL KeGetCurrentIrql) { if (KeGetCurrentIrql() > 1) KeLowerIrql(KeGetCurrentIrql); }',
  ])('reads %s', (code) => {
    expect(check(code).givenUp).toEqual([]);
  });
});
