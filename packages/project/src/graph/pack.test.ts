import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Marks } from './marks.js';
import { pack, unpack } from './pack.js';

const text = 'int a; // one\r\n#define X(a) \\\n  (a) /* two\n */ + 1 // three\n  "s /* no */ \\" x" \'"\' /* open';

describe('marks', () => {
  it('give every offset back', () => {
    const marks = new Marks(text);
    for (let offset = 0; offset <= text.length; offset++) expect(marks.offset(marks.of(offset))).toBe(offset);
  });

  it('give every offset of any text back', () => {
    const unit = fc.constantFrom('a', ' ', '\n', '\r', '/', '*', '"', "'", '\\', 'R"(', '// drvlint-disable', '\u00a0', '\ud800', '\t');
    fc.assert(fc.property(fc.array(unit, { maxLength: 40 }), (units) => {
      const source = units.join('');
      const marks = new Marks(source);
      for (let offset = 0; offset <= source.length; offset++) expect(marks.offset(marks.of(offset))).toBe(offset);
    }), { seed: 8, numRuns: 2000 });
  });

  it('are those of the code alone', () => {
    const [a, b] = ['x = 1;\nf("a b");\n', '/* c */ x  =\t1; // d\n\n f(\n"a b");'].map((t) => new Marks(t));
    expect(a.digest()).toBe(b.digest());
    expect(b.offset(a.of(7))).toBe(23);
    for (const other of ['x = 1;f("a  b");', 'x = 1 f("a b");']) expect(new Marks(other).digest()).not.toBe(a.digest());
    expect(new Marks('inta;').digest()).not.toBe(new Marks('int a;').digest());
  });
});

describe('packed facts', () => {
  const roundTrip = (value: unknown): unknown => unpack(pack(value, new Marks(text), text), new Marks(text), text);

  it('come back as they were', () => {
    const odd = JSON.parse('{ "__proto__": true, "": 1, "a b": [] }') as object;
    const value = {
      numbers: [0, -1, 2 ** 40, -(2 ** 60), 1.5, NaN, Infinity, -0], texts: ['', 'a', 'ü\ud800'], rest: [true, false, null, undefined], odd,
      start: 3, end: text.length, nameStart: -1, undefAt: undefined, args: ['a'], argStarts: [4],
      macro: { body: 'x', bodyStart: 12, expr: { start: 900, end: 910, k: 'num' } },
    };
    expect(roundTrip(value)).toStrictEqual(value);
    expect(Object.keys((roundTrip(value) as typeof value).odd)).toEqual(['__proto__', '', 'a b']);
  });

  it('keep what stands in two places one object', () => {
    const call = { k: 'call', start: 1, end: 4 };
    const back = roundTrip({ stmts: [{ e: call }], calls: [call] }) as { stmts: { e: unknown }[]; calls: unknown[] };
    expect(back.calls[0]).toBe(back.stmts[0].e);
  });

  it('take the places of another text of the same code', () => {
    const source = '/* new */\nint  a; f(/* x */ b);';
    const bytes = pack({ start: 4, args: ['/* old */ b'], argStarts: [9] }, new Marks('int a; f(/* old */ b);'), 'int a; f(/* old */ b);');
    expect(unpack(bytes, new Marks(source), source)).toEqual({ start: 15, args: [' /* x */ b'.slice(1)], argStarts: [20] });
  });

  it('that are cut off are an error', () => {
    const bytes = pack({ a: ['b', 'c'] }, new Marks(''), '');
    expect(() => unpack(bytes.subarray(0, bytes.length - 1), new Marks(''), '')).toThrow('end too early');
  });
});
