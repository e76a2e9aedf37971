import { describe, expect, it } from 'vitest';
import { hashText } from './hash.js';
import { Fingerprints, normaliseCode } from './identity.js';

describe('normaliseCode', () => {
  it('ignores layout and comments, not strings', () => {
    const spread = 'KeSetEvent( &e ,\r\n\t IO_NO_INCREMENT, /* no wait */ FALSE ); // later';
    expect(normaliseCode(spread)).toBe('KeSetEvent(&e,IO_NO_INCREMENT,FALSE);');
    expect(normaliseCode('f("a  // b")')).toBe('f("a  // b")');
    expect(normaliseCode('return  x')).toBe('return x');
  });
});

it('hashText is the same on every machine', () => {
  expect(hashText('')).toBe(hashText(''));
  expect(hashText('irql-too-high')).toMatch(/^[0-9a-f]{16}$/);
  expect(new Set(['a', 'b', 'ab', 'ba', ' a'].map(hashText)).size).toBe(5);
});

it('equal statements of a function get ordinals', () => {
  const f = new Fingerprints();
  const first = f.next('r', 'F', 's');
  expect([first, f.next('r', 'F', 's'), f.next('r', 'G', 's')].map((x) => x.slice(-2))).toEqual([':1', ':2', ':1']);
  expect(new Fingerprints().next('r', 'F', 's')).toBe(first);
});
