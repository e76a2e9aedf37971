import { describe, expect, it } from 'vitest';
import { configuration, type ConfigurationOptions } from '../lex/configuration.js';
import { sourceFromString } from '../source/text.js';
import { createParser } from '../syntax/parser.js';
import type { FileFacts } from './facts.js';
import { ProjectReader } from './reader.js';
import { SharedReads } from './shared-reads.js';

const parser = await createParser();

/** Reads `main` with files by path; includes mean the file of that name. */
function read(main: string, files: Record<string, string>, options: ConfigurationOptions = {}, shared?: SharedReads): FileFacts[] {
  const reader = new ProjectReader({
    source: (path) => (files[path] === undefined ? undefined : sourceFromString(files[path], path)),
    resolveInclude: ({ target }) => (files[target] === undefined ? undefined : target),
  }, parser, configuration(options), shared);
  reader.readUnit(main, 'c');
  return reader.files;
}

const HEADER = `
#ifdef WIDE
typedef long NUMBER;
#else
typedef int NUMBER;
#endif
ANNOTATED NUMBER Add(NUMBER a, NUMBER b);
#define TWICE(x) Add((x), (x))
static int Look(void) { return LIMIT + (Size)(1) + sizeof(NUMBER); }
`;

/** What the second project gets with and without the first one before it, and whether its common.h is the first one's. */
function second(first: [string, Record<string, string>, ConfigurationOptions?], other: [string, Record<string, string>, ConfigurationOptions?]): boolean {
  const shared = new SharedReads((path) => path === 'common.h' || path === 'inner.h' || path === 'both.c');
  const before = read(first[0], first[1], first[2], shared);
  const facts = read(other[0], other[1], other[2], shared);
  expect(facts).toEqual(read(other[0], other[1], other[2]));
  const own = (list: FileFacts[]): FileFacts | undefined => list.find((f) => f.path === 'common.h' || f.path === 'both.c');
  return own(before) !== undefined && own(before) === own(facts);
}

describe('files read by several projects', () => {
  const plain = { 'a.c': '#include "common.h"\nint a;\n', 'common.h': HEADER };

  it('are taken where everything around them is the same', () => {
    expect(second(['a.c', plain], ['b.c', { ...plain, 'b.c': '#define OTHER 1\n#include "common.h"\nint b = TWICE(2);\n' }])).toBe(true);
  });

  it('are read again where a condition comes out differently', () => {
    expect(second(['a.c', plain], ['b.c', { ...plain, 'b.c': '#define WIDE\n#include "common.h"\n' }])).toBe(false);
    expect(second(['a.c', plain], ['a.c', plain, { defines: { WIDE: '1' } }])).toBe(false);
  });

  it('are read again where a name that was none is a macro', () => {
    expect(second(['a.c', plain], ['b.c', { ...plain, 'b.c': '#define ANNOTATED __declspec(noinline)\n#include "common.h"\n' }])).toBe(false);
    expect(second(['a.c', plain], ['b.c', { ...plain, 'b.c': '#include "common.h"\n#define ANNOTATED __declspec(noinline)\n' }])).toBe(true);
  });

  it('are read again where a macro says something else', () => {
    const with1 = { ...plain, 'a.c': '#define ANNOTATED __declspec(noinline)\n#include "common.h"\n' };
    expect(second(['a.c', with1], ['a.c', { ...plain, 'a.c': '#define ANNOTATED __declspec(noinline)\n#include "common.h"\nint x;\n' }])).toBe(true);
    expect(second(['a.c', with1], ['a.c', { ...plain, 'a.c': '#define ANNOTATED static\n#include "common.h"\n' }])).toBe(false);
  });

  it('are read again where an included file is another one or declares other types', () => {
    const nested = { 'a.c': '#include "common.h"\n', 'common.h': `#include "inner.h"\n${HEADER}`, 'inner.h': 'typedef unsigned Size;\n#define LIMIT 3\n' };
    expect(second(['a.c', nested], ['a.c', { ...nested, 'a.c': '#include "common.h"\nint n;\n' }])).toBe(true);
    expect(second(['a.c', nested], ['a.c', { ...nested, 'inner.h': '#define LIMIT 3\nint Size(int);\n' }])).toBe(false);
    expect(second(['a.c', nested], ['a.c', { 'a.c': nested['a.c'], 'common.h': nested['common.h'] }])).toBe(false);
  });

  it('include each other, take macros back and remember assumptions', () => {
    const files = {
      'a.c': '#include "common.h"\n#include "inner.h"\n', 'inner.h': '#include "common.h"\n#define DEEP 2\n',
      'common.h': `#include "inner.h"\n#if UNKNOWN > 3\nint yes;\n#endif\n#define GONE 1\n#undef GONE\n#ifdef GONE\nint gone;\n#endif\nint deep = DEEP;\n${HEADER}`,
    };
    expect(second(['a.c', files], ['b.c', { ...files, 'b.c': '#include "common.h"\n#if UNKNOWN > 3\nint also;\n#endif\nint b;\n' }])).toBe(true);
    expect(second(['a.c', files], ['b.c', { ...files, 'b.c': '#define UNKNOWN 1\n#include "common.h"\n' }])).toBe(false);
  });

  it('are units as well, but not with code they include', () => {
    const both = { 'both.c': '#include "common.h"\nint f(void) { return TWICE(1); }\n', 'common.h': HEADER };
    expect(second(['both.c', both], ['both.c', both])).toBe(true);
    const parts = { 'both.c': '#include "part.c"\nint f(void) { return PART; }\n', 'part.c': '#define PART 1\nint part;\n' };
    expect(second(['both.c', parts], ['both.c', parts])).toBe(false);
  });

  it('are let go', () => {
    const shared = new SharedReads(() => true);
    const [before] = read('a.c', plain, {}, shared);
    shared.release('common.h');
    expect(read('a.c', plain, {}, shared)[0]).not.toBe(before);
  });
});
