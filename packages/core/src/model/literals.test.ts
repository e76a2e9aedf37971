import { expect, it } from 'vitest';
import { numberValue } from './literals.js';

it.each([
  ['0', 0], ['7', 7], ['1000000', 1_000_000], ['017', 15], ['08', 8], ['0x1F', 31], ['0XffFFffFF', 0xffffffff], ['0x1e', 30], ['10UL', 10], ['0x10ui64', 16], ["1'000", 1000], ['-3', -3], ['0b101', 5],
  ['999999999999999', 999_999_999_999_999], ['9007199254740991', Number.MAX_SAFE_INTEGER], ['9007199254740993', Number.NaN], ['0x1fffffffffffff', Number.MAX_SAFE_INTEGER], ['0xffffffffffffffff', Number.NaN],
])('reads the integer %s', (text, value) => {
  expect(numberValue(text)).toEqual({ value, float: false });
});

it.each([['1.5', 1.5], ['1e3', 1000], ['2.f', 2], ['1f', 1]])('reads the float %s', (text, value) => {
  expect(numberValue(text)).toEqual({ value, float: true });
});
