import { expect, it } from 'vitest';
import { includeTargets } from './includes.js';

it('finds the include lines of a text', () => {
  expect(includeTargets('#include "a.h"\r\n \t# \tinclude\t<sys/b.h> // c\n#include"c.h"\r#include <d.h>')).toEqual([
    { target: 'a.h', angled: false }, { target: 'sys/b.h', angled: true }, { target: 'c.h', angled: false }, { target: 'd.h', angled: true },
  ]);
});

it.each(['', 'include "a.h"', '// #include "a.h"', 'x #include "a.h"', '#include_next "a.h"', '#include NAME', '#include "a.h', '#include ""', '#include "a\n.h"', '##include "a.h"', '#\ninclude "a.h"', '#pragma include("a.h")'])(
  'finds none in %j', (text) => {
    expect(includeTargets(text)).toEqual([]);
  },
);

it('finds the same as one pattern over every line, in texts of all that matters', () => {
  const pieces = ['#', 'include', ' ', '\t', '\n', '\r', '\r\n', '"a.h"', '<b.h>', 'x', '"', '>', '<', '#include "c.h"', '\u2028', '//', '#  include<d.h>'];
  let seed = 1;
  const others: string[] = [];
  const next = (below: number): number => (seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff) % below;
  for (let n = 0; n < 20_000; n++) {
    const text = Array.from({ length: 1 + next(12) }, () => pieces[next(pieces.length)]).join('');
    const expected = [...text.matchAll(/^[ \t]*#[ \t]*include[ \t]*(?:"([^"\r\n]+)"|<([^>\r\n]+)>)/gm)].map((m) => ({ target: m[1] ?? m[2], angled: m[1] === undefined }));
    if (JSON.stringify(includeTargets(text)) !== JSON.stringify(expected)) others.push(text);
  }
  expect(others).toEqual([]);
});
