import { describe, expect, it } from 'vitest';
import { parseDirective } from './directives.js';

const read = (comment: string) => {
  const d = parseDirective(comment);
  return d && { kind: d.kind, ids: d.ids.map((id) => id.text), reason: d.reason };
};

describe('parseDirective', () => {
  it.each([
    ['// drvlint-disable-next-line irql-too-high -- the caller holds no lock', 'disable-next-line', ['irql-too-high'], 'the caller holds no lock'],
    ['//drvlint-disable-line a, b', 'disable-line', ['a', 'b'], undefined],
    ['/* drvlint-disable a b */', 'disable', ['a', 'b'], undefined],
    ['/* drvlint-enable */', 'enable', [], undefined],
    ['/*\n * drvlint-disable C28121 --\n *  two\n *  lines\n */', 'disable', ['C28121'], 'two lines'],
    ['// drvlint-disable-next-line -- why', 'disable-next-line', [], 'why'],
    ['// drvlint-disable-line a--b', 'disable-line', ['a--b'], undefined],
  ])('reads %s', (comment, kind, ids, reason) => {
    expect(read(comment)).toEqual({ kind, ids, reason });
  });

  it.each(['// eslint-disable-line x', '// drvlint', '// about drvlint-disable', '// drvlint-disable-nextline a', '// drvlint-disabled'])('leaves %s alone', (comment) => {
    expect(read(comment)).toBeUndefined();
  });

  it('knows where an id stands', () => {
    const comment = '// drvlint-disable-line aa, bb -- c';
    expect(parseDirective(comment)?.ids.map((id) => comment.slice(id.start, id.start + id.text.length))).toEqual(['aa', 'bb']);
  });
});
