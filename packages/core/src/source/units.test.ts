import { expect, it } from 'vitest';
import { textOfUnits, unitsOf } from './units.js';

it.each([
  ['', true], ['int a;', true], [`${'int a;\r\n'.repeat(100)}`, true], [`${'x'.repeat(70_000)}`, true],
  ['caf\u00e9', false], [`${'x'.repeat(300)}\u00e9`, false], [`\u20ac${'x'.repeat(300)}`, false], [`${'x'.repeat(300)}\u{1f600}`, false], ['\ufeffa', false],
])('gives back text %# that was taken apart', (text, ascii) => {
  const taken = unitsOf(text, 4);
  expect(taken.ascii).toBe(ascii);
  expect(taken.units.length).toBe(text.length + 4);
  expect([...taken.units.subarray(0, text.length)]).toEqual(text.split('').map((unit) => unit.charCodeAt(0)));
  expect(textOfUnits(taken, text.length)).toBe(text);
});

it('keeps nothing of a longer text before', () => {
  const long = unitsOf('y'.repeat(5000), 0);
  expect(textOfUnits(long, 5000)).toBe('y'.repeat(5000));
  const short = unitsOf('z'.repeat(250), 4);
  expect([...short.units.subarray(248)]).toEqual([122, 122, 0, 0, 0, 0]);
  expect(textOfUnits(short, 250)).toBe('z'.repeat(250));
});
