// Texts made to keep a pattern busy for ever: a test that does not end has failed.
import { expect, it } from 'vitest';
import { typeFromText } from '../model/type-text.js';
import { readDirective } from './directives.js';

it('reads a row of comments where the name of a macro should be', () => {
  const row = '/**/'.repeat(5000);
  const none = `#define ${row}(`;
  expect(readDirective(none, 0, none.length, 0)).toMatchObject({ kind: 'other', text: '' });
  const named = `#define ${row} /* a * / */ NAME ${row} 1`;
  expect(readDirective(named, 0, named.length, 0)).toMatchObject({ kind: 'define', text: 'NAME', macro: { body: '1' } });
});

it('reads a type with any number of blanks', () => {
  expect(typeFromText(`int${' '.repeat(100_000)}!`)).toBeUndefined();
  expect(typeFromText(`const${' '.repeat(100_000)}!`)).toBeUndefined();
  expect(typeFromText(`struct \n S${' '.repeat(100_000)}* *`)).toMatchObject({ base: 'struct S', ptr: 2 });
});
