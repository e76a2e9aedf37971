import { describe, expect, it } from 'vitest';
import type { Project } from '@drvlint/core';
import { functionOf, projectOf } from '../harness/project-of-texts.js';

/** Qualified name and file of what the only call in `name` reaches. */
function reached(project: Project, name = 'f'): string | undefined {
  const fn = functionOf(project, name);
  const callee = project.calleeOf(fn.def!.decl.body!.calls[0], fn);
  return callee && `${callee.qualified}@${(callee.def ?? callee.decls[0]).file.path}`;
}

describe('headers', () => {
  it('see what was defined and undefined before they are included', () => {
    const header = '#ifdef SMALL\nvoid small(void) {}\n#else\nvoid large(void) {}\n#endif\n';
    const defined = (before: string): string[] => projectOf({ 'h.h': header, 'a.c': `${before}\n#include "h.h"\n` }).fileOf('h.h')!.functions.map((f) => f.name);
    expect(defined('#define SMALL')).toEqual(['small']);
    expect(defined('#undef SMALL')).toEqual(['large']);
  });
});

describe('calls', () => {
  it('reach the static function of their own file', () => {
    const p = projectOf({ 'a.c': 'static void h(void) {}\nvoid f(void) { h(); }', 'b.c': 'static void h(void) {}\nvoid g(void) { h(); }' });
    expect(reached(p, 'f')).toBe('h@a.c');
    expect(reached(p, 'g')).toBe('h@b.c');
  });

  it('never reach a static function of another file', () => {
    expect(reached(projectOf({ 'a.c': 'void f(void) { h(); }', 'b.c': 'static void h(void) {}' }))).toBeUndefined();
  });

  it('choose between two definitions by what the caller sees', () => {
    const p = projectOf({
      'one.h': 'void h(void);\n', 'one.c': '#include "one.h"\nvoid h(void) {}\n', 'two.h': 'void h(void);\n', 'two.c': '#include "two.h"\nvoid h(void) {}\n',
      'a.c': '#include "two.h"\nvoid f(void) { h(); }\n',
    });
    expect(reached(p)).toBe('h@two.c');
  });

  it('reach across files, through macros that rename, and pointers with one value', () => {
    const p = projectOf({ 'a.h': 'void h(void);\n#define Renamed h\n', 'a.c': '#include "a.h"\nvoid f(void) { Renamed(); }\nvoid g(void) { void (*p)(void) = h; p(); }\nvoid k(int c) { void (*p)(void) = h; if (c) p = f; p(); }\n', 'b.c': '#include "a.h"\nvoid h(void) {}\n' });
    expect([reached(p, 'f'), reached(p, 'g'), reached(p, 'k')]).toEqual(['h@b.c', 'h@b.c', undefined]);
  });

  it('reach an entry of a constant table', () => {
    const p = projectOf({ 'a.c': 'typedef struct { void (*A)(void); void (*B)(void); } T;\nvoid x(void) {}\nvoid y(void) {}\nstatic const T Table = { x, y };\nvoid f(void) { Table.B(); }\n' });
    expect(reached(p)).toBe('y@a.c');
  });

  it('reach methods by the type of the object, base classes included', () => {
    const p = projectOf({ 'a.cpp': 'struct B { void m() {} };\nstruct D : B { void n() { m(); } };\nvoid f(D *d) { d->m(); }\n' });
    expect([reached(p, 'f'), reached(p, 'D::n')]).toEqual(['B::m@a.cpp', 'B::m@a.cpp']);
  });

  it('do not reach a virtual method that a derived class overrides', () => {
    const text = (more: string) => `struct B { virtual void m() {} };\n${more}void f(B *b) { b->m(); }\n`;
    expect(reached(projectOf({ 'a.cpp': text('') }))).toBe('B::m@a.cpp');
    expect(reached(projectOf({ 'a.cpp': text('struct D : B { void m() override {} };\n') }))).toBeUndefined();
  });

  it('choose overloads by the number of arguments', () => {
    const p = projectOf({ 'a.cpp': 'void h(int a) {}\nvoid h(int a, int b) {}\nvoid f() { h(1, 2); }\n' });
    const fn = functionOf(p, 'f');
    expect(p.calleeOf(fn.def!.decl.body!.calls[0], fn)?.params).toHaveLength(2);
  });
});

describe('units', () => {
  it('read a code file inside its includer, with the defines met so far', () => {
    const p = projectOf({ 'main.c': '#define WITH_EXTRA 1\n#include "part.c"\n#if PART_SAYS\nvoid fromPart(void) { g(); }\n#endif\n', 'part.c': '#if WITH_EXTRA\nvoid extra(void) { g(); }\n#endif\n#define PART_SAYS 1\n' });
    expect(p.funcs.map((f) => f.name).sort()).toEqual(['extra', 'fromPart']);
  });

  it('let a header see what was defined before it, and keep it from later includers of others', () => {
    const p = projectOf({ 'a.c': '#define FEATURE\n#include "h.h"\nvoid a(void) { }\n', 'h.h': '#ifdef FEATURE\nvoid feature(void);\n#endif\n#define SEEN 1\n', 'b.c': '#include "h.h"\n#if SEEN\nvoid b(void) { }\n#endif\n' });
    expect(p.macro('FEATURE', p.fileOf('b.c')!)).toBeUndefined();
    expect(p.funcs.map((f) => f.name).sort()).toEqual(['a', 'b', 'feature']);
  });

  it('survive include cycles and missing includes', () => {
    const p = projectOf({ 'a.c': '#include "x.h"\n#include "nowhere.h"\nvoid f(void) { }\n', 'x.h': '#include "y.h"\nvoid x(void);\n', 'y.h': '#include "x.h"\nvoid y(void);\n' });
    expect(p.funcs.map((f) => f.name).sort()).toEqual(['f', 'x', 'y']);
    expect(p.closure(p.fileOf('a.c')!).map((f) => f.path)).toEqual(['a.c', 'x.h', 'y.h']);
  });

  it('give each project file its own macros', () => {
    const p = projectOf({ 'a.h': '#define Lock(x) AcquireA(x)\n', 'b.h': '#define Lock(x) AcquireB(x)\n', 'a.c': '#include "a.h"\nvoid f(void) { }\n', 'b.c': '#include "b.h"\nvoid g(void) { }\n' });
    const body = (path: string) => p.macro('Lock', p.fileOf(path)!)?.decl.body;
    expect([body('a.c'), body('b.c')]).toEqual(['AcquireA(x)', 'AcquireB(x)']);
  });
});

describe('values', () => {
  it('come from macros, enumerators, constants and the WDK', () => {
    const p = projectOf({ 'a.c': '#define MY_LEVEL (DISPATCH_LEVEL)\n#define BITS (1 << 3 | 0x20)\nenum E { One = 1, Two, Ten = 10, Eleven };\nstatic const int Limit = Ten * 2;\nvoid f(void) { g(MY_LEVEL, BITS, Two, Eleven, Limit, (KIRQL)258, APC_LEVEL + 1, unknown, 1 ? 5 : 6); }\n' });
    const fn = functionOf(p, 'f');
    expect(fn.def!.decl.body!.calls[0].args.map((a) => p.valueOf(a, fn.def!.file))).toEqual([2, 0x28, 2, 11, 20, 2, 2, undefined, 5]);
  });

  it('are unknown for macros that refer to each other', () => {
    const p = projectOf({ 'a.c': '#define A B\n#define B A\nvoid f(void) { g(A); }\n' });
    const fn = functionOf(p, 'f');
    expect(p.valueOf(fn.def!.decl.body!.calls[0].args[0], fn.def!.file)).toBeUndefined();
  });
});
