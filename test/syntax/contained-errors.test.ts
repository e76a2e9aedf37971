// A function whose body is no code, as in every editor every few seconds, costs nothing but itself.

import { describe, expect, it } from 'vitest';
import { configuration, createParser, ProjectReader, sourceFromString } from '../../packages/core/src/index.js';

const parser = await createParser();

/** Functions of a text with the reason why their bodies are not there, and what is said of the file. */
function read(text: string, path = 'a.c'): { functions: (string | undefined)[][]; reasons: string[] } {
  const reader = new ProjectReader({ source: (p) => sourceFromString(text, p), resolveInclude: () => undefined }, parser, configuration());
  reader.readUnit(path, path.endsWith('.c') ? 'c' : 'cpp');
  const [facts] = reader.files;
  return {
    functions: facts!.functions.map((f) => [f.name, f.notAnalysed ?? (f.body ? `${f.body.calls.length} calls` : 'no body')]),
    reasons: facts!.notAnalysed.map((n) => `${text.slice(n.start, n.start + 1)} ${n.reason}`),
  };
}

describe('a body with an error', () => {
  it.each([
    ['KeSetEvent(&x->', 'KeSetEvent(&x->'],
    ['if (a', 'if (a'],
    ['y = a + ;', ';'],
    ['x = (;', ';'],
    ['f(1))', ')'],
    ['case 1: }; {', undefined],
    ['return "half', undefined],
  ])('%s', (broken, near) => {
    const { functions, reasons } = read(`int before(void)\n{\n    return g();\n}\nint broken(int a)\n{\n    h();\n    ${broken}\n}\nint after(void)\n{\n    g();\n    return g();\n}\n`);
    if (near === undefined) return expect(functions[0]).toEqual(['before', '1 calls']);
    expect(functions).toEqual([['before', '1 calls'], ['broken', 'syntax error'], ['after', '2 calls']]);
    expect(reasons).toHaveLength(1);
    expect(reasons[0]).toMatch(/^b syntax error near `/);
  });

  it('stands alone in namespaces and blocks of linkage too', () => {
    const { functions } = read('namespace N {\nvoid a() { f(); }\nvoid b() const { x-> }\n}\nextern "C" {\nvoid c() { y = = 2; }\nvoid d() { f(); }\n}\n', 'a.cpp');
    expect(functions).toEqual([['a', '1 calls'], ['b', 'syntax error'], ['c', 'syntax error'], ['d', '1 calls']]);
  });

  it('is found again in the next function when it is not closed', () => {
    const { functions } = read('int a(void)\n{\n    if (x) {\n}\nint b(void)\n{\n    return g();\n}\n');
    expect(functions.some(([name, why]) => name === 'a' && why === 'syntax error')).toBe(true);
  });

  it('leaves errors outside of bodies to the grammar', () => {
    expect(read('int a(void) { return g(); }\nint ] b;\n').functions).toEqual([['a', '1 calls']]);
  });
});
