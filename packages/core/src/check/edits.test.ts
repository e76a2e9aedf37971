import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyFixes, applyFixesToFiles, withLineEnds } from './edits.js';

describe('applyFixes', () => {
  it('puts independent fixes in, whatever their order', () => {
    const result = applyFixes('abcdef', [[{ start: 4, end: 5, text: 'E' }], [{ start: 0, end: 0, text: '>' }, { start: 2, end: 3, text: '' }]]);
    expect(result).toEqual({ text: '>abdEf', applied: [0, 1], deferred: [] });
  });

  it('takes a fix whole or not at all, and defers what touches an earlier one', () => {
    const result = applyFixes('abcdef', [[{ start: 1, end: 3, text: 'X' }], [{ start: 0, end: 1, text: 'Y' }, { start: 2, end: 4, text: 'Z' }]]);
    expect(result).toEqual({ text: 'aXdef', applied: [0], deferred: [1] });
  });

  it('counts an equal edit once and defers another insertion at the same point', () => {
    const insert = { start: 2, end: 2, text: '!' };
    expect(applyFixes('abcd', [[insert], [insert], [{ start: 2, end: 2, text: '?' }]])).toEqual({ text: 'ab!cd', applied: [0, 1], deferred: [2] });
  });

  it('never applies a fix outside the text', () => {
    expect(applyFixes('ab', [[{ start: 1, end: 9, text: '' }]])).toEqual({ text: 'ab', applied: [], deferred: [0] });
  });

  it('gives the text that results from applying each accepted fix', () => {
    const edit = fc.tuple(fc.nat(20), fc.nat(5), fc.string({ maxLength: 3 })).map(([start, length, text]) => ({ start, end: start + length, text }));
    fc.assert(fc.property(fc.string({ minLength: 25, maxLength: 25 }), fc.array(edit, { maxLength: 6 }), (text, edits) => {
      const { text: result, applied, deferred } = applyFixes(text, edits.map((e) => [e]));
      expect([...applied, ...deferred].sort((a, b) => a - b)).toEqual(edits.map((_, i) => i));
      const distinct = applied.map((i) => edits[i]).filter((e, i, all) => all.findIndex((o) => o.start === e.start && o.end === e.end && o.text === e.text) === i);
      expect(result.length).toBe(text.length + distinct.reduce((n, e) => n + e.text.length - (e.end - e.start), 0));
    }));
  });
});

describe('applyFixesToFiles', () => {
  const texts: Record<string, string> = { 'a.c': 'aa', 'b.h': 'bb' };

  it('leaves a fix out everywhere when it does not fit in one file', () => {
    const result = applyFixesToFiles([
      { edits: [{ file: 'a.c', start: 0, end: 1, text: 'x' }] },
      { edits: [{ file: 'b.h', start: 0, end: 0, text: 'y' }, { file: 'a.c', start: 0, end: 1, text: 'z' }] },
      { edits: [{ file: 'gone.c', start: 0, end: 0, text: 'y' }] },
    ], (file) => texts[file]);
    expect(result).toEqual({ texts: new Map([['a.c', 'xa']]), applied: [0], deferred: [1, 2] });
  });
});

it('withLineEnds takes the line ends of the file', () => {
  expect(withLineEnds('a\nb\n', 'x\r\ny\n')).toBe('a\r\nb\r\n');
  expect(withLineEnds('a\r\nb', 'x\ny')).toBe('a\nb');
});
