import { describe, expect, it } from 'vitest';
import { configuration, createParser, graphs, happensAfter, linkProject, pointsOfCall, ProjectReader, returnsAfter, sourceFromString, values, type Func, type Project } from '../../index.js';

const parser = await createParser();

function projectOf(text: string): Project {
  const reader = new ProjectReader({ source: (path) => (path === 'a.c' ? sourceFromString(text, path) : undefined), resolveInclude: () => undefined }, parser, configuration());
  reader.readUnit('a.c', 'c');
  return linkProject(reader.files, { name: 'test', textOf: () => text });
}

/** Values the arguments of the calls of `probe` in a function may have: `1|2`, `1|?` when there may be others. */
function probed(project: Project, name: string): string[] {
  const fn = project.candidates(name).find((f) => f.def)!;
  return fn.def!.decl.body!.calls.filter((c) => c.callee.k === 'name' && c.callee.name === 'probe').map((call) => {
    const { known, complete } = values.run(project).possibleAt(call.args[0]!, call, fn);
    return [...[...known].sort((a, b) => a - b), ...(complete ? [] : ['?'])].join('|');
  });
}

describe('values that reach a call', () => {
  const project = projectOf(`
    static int Untouched = 5; static int Changed = 6; const int Fixed = 7; extern int Elsewhere;
    VOID set(int *p) { *p = 1; }
    VOID other(VOID) { Changed = 1; }
    VOID locals(int given, int flag)
    {
      int x = 1; int y; int z = given;
      probe(x); x = 2; probe(x); if (flag) x = 3; probe(x);
      x += 1; probe(x); y = x = 4; probe(y); probe(z); set(&y); probe(y);
      probe(flag ? 8 : x); probe((ULONG)9);
    }
    VOID loop(int n) { int i = 0; while (n--) { probe(i); i = 5; } probe(i); }
    VOID globals(VOID) { probe(Untouched); probe(Fixed); probe(Changed); probe(Elsewhere); Changed = 3; probe(Changed); other(); probe(Changed); }
    VOID shadow(VOID) { int Fixed = 2; probe(Fixed); { int Fixed = 3; probe(Fixed); } probe(Fixed); }`);

  it('are those of the last assignments', () => {
    expect(probed(project, 'locals')).toEqual(['1', '2', '2|3', '?', '4', '?', '?', '4|8', '9']);
  });

  it('come round in loops', () => {
    expect(probed(project, 'loop')).toEqual(['0|5', '0|5']);
  });

  it('of globals are their initialisers only when nothing else assigns them', () => {
    expect(probed(project, 'globals')).toEqual(['5', '7', '?', '?', '3', '?']);
  });

  it('are not told for names that several locals have', () => {
    expect(probed(project, 'shadow')).toEqual(['?', '?', '?']);
  });
});

describe('what can happen after a call', () => {
  const project = projectOf(`
    int f(int a, int b) { if (a) { probe(a); if (b) return 1; } else return 2; use(a); return b; }
    int g(int a) { for (;;) { probe(a); if (a) break; a = 3; } return 0; }`);
  const fnOf = (name: string): Func => project.candidates(name).find((f) => f.def)!;

  it('follows paths, not text', () => {
    const cfg = graphs.run(project).of(fnOf('f'))!;
    const [point] = pointsOfCall(cfg, fnOf('f').def!.decl.body!.calls[0]!);
    expect(returnsAfter(cfg, point!).map((r) => (r.e?.k === 'num' ? r.e.value : r.e?.k === 'name' ? r.e.name : '')).sort()).toEqual([1, 'b']);
    expect([happensAfter(cfg, point!, (e) => e.k === 'name' && e.name === 'use'), happensAfter(cfg, point!, (e) => e.k === 'num' && e.value === 2)]).toEqual([false, false]);
    expect(happensAfter(cfg, point!, (e) => e.k === 'call')).toBe(true);
  });

  it('includes the next round of a loop', () => {
    const cfg = graphs.run(project).of(fnOf('g'))!;
    const [point] = pointsOfCall(cfg, fnOf('g').def!.decl.body!.calls[0]!);
    expect(happensAfter(cfg, point!, (e) => e.k === 'call')).toBe(true);
  });
});
