import { describe, expect, it } from 'vitest';
import { functionOf, projectOf } from '../harness/project-of-texts.js';

const sectionIn = (files: Record<string, string>, name = 'F'): string | undefined => {
  const p = projectOf(files);
  return p.sectionOf(functionOf(p, name))?.name;
};
const inC = (code: string, name?: string): string | undefined => sectionIn({ 'a.c': code }, name);
const inCpp = (code: string, name?: string): string | undefined => sectionIn({ 'a.cpp': code }, name);

describe('sections', () => {
  it('are named by alloc_text, lists included', () => {
    const code = '#pragma alloc_text (PAGE, E, F)\n#pragma alloc_text("INIT",G)\nvoid E(void) {}\nvoid F(void) {}\nvoid G(void) {}\nvoid Foo(void) {}\n';
    expect([inC(code, 'E'), inC(code, 'F'), inC(code, 'G'), inC(code, 'Foo')]).toEqual(['PAGE', 'PAGE', 'INIT', undefined]);
  });

  it('follow code_seg with push, pop and reset', () => {
    const code = '#pragma code_seg("PAGE")\nvoid A(void) {}\n#pragma code_seg(push, x, "INIT")\nvoid B(void) {}\n#pragma code_seg(pop, x)\nvoid C(void) {}\n#pragma code_seg()\nvoid D(void) {}\n';
    expect(['A', 'B', 'C', 'D'].map((n) => inC(code, n))).toEqual(['PAGE', 'INIT', 'PAGE', undefined]);
  });

  it('are named by __declspec and by macros for it, on functions and classes', () => {
    expect(inC('__declspec(code_seg("PAGE")) void F(void) {}')).toBe('PAGE');
    expect(inC('#define PAGED __declspec(code_seg("PAGE"))\nPAGED\nvoid F(void) {}')).toBe('PAGE');
    expect(inCpp('class __declspec(code_seg("PAGE")) A { void F(); };\nvoid A::F() {}', 'A::F')).toBe('PAGE');
  });

  it('count in the unit that includes the file', () => {
    expect(sectionIn({ 'part.c': 'void F(void) {}\n', 'a.c': '#include "part.c"\n#pragma alloc_text(PAGE, F)\n' })).toBe('PAGE');
    expect(sectionIn({ 'a.c': 'static void F(void) {}\n', 'b.c': '#pragma alloc_text(PAGE, F)\nvoid G(void) {}\n' })).toBeUndefined();
  });

  it('are named by the macros of NDIS', () => {
    expect(inC('void F(void);\nNDIS_PAGEABLE_FUNCTION(F)\nvoid F(void) {}')).toBe('PAGE');
  });
});

describe('kinds of source', () => {
  const kind = (files: Record<string, string>, path = 'a.c'): string => {
    const p = projectOf(files);
    return p.kindOf(p.fileOf(path)!);
  };

  it('are told by the headers a file sees', () => {
    expect(kind({ 'a.c': '#include <ntddk.h>\n' })).toBe('kernel');
    expect(kind({ 'a.c': '#include <windows.h>\n#include <wdf.h>\n' })).toBe('user');
    expect(kind({ 'a.c': '#include "own.h"\n', 'own.h': '#include <wdm.h>\n#include <stdlib.h>\n' })).toBe('kernel');
    expect(kind({ 'a.c': 'int x;\n' })).toBe('unknown');
    expect(kind({ 'a.c': '#include <ntddk.h>\n#include "own.h"\n', 'own.h': 'int f(void);\n' }, 'own.h')).toBe('kernel');
  });

  it('know resource DLLs by their interface', () => {
    const p = projectOf({ 'a.c': '#include <windows.h>\n#include <resapi.h>\n', 'b.c': '#include <windows.h>\n' });
    expect([p.isResourceDll(p.fileOf('a.c')!), p.isResourceDll(p.fileOf('b.c')!)]).toEqual([true, false]);
  });
});
