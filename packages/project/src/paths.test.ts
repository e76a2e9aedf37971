import path from 'node:path';
import { expect, it } from 'vitest';
import { displayPath, fromBuildFile } from './paths.js';

const root = path.resolve('/w');

it.each([
  ['a.c', 'a.c'], ['sub\\a.c', 'sub/a.c'], ['..\\a.c', '../a.c'], ['.\\a.c', 'a.c'], ['.', '.'], ['..', '..'], ['.hidden.h', '.hidden.h'], ['a b.h', 'a b.h'], ['a-1.inl', 'a-1.inl'],
])('takes %s of a build file for what path.resolve does', (written, meant) => {
  for (const folder of [root, path.join(root, 'd'), path.parse(root).root]) expect(fromBuildFile(folder, written)).toBe(path.resolve(folder, meant));
});

it('shows paths below the working directory relative to it, others whole', () => {
  const top = path.parse(root).root;
  expect(displayPath(root, path.join(root, 'd', 'a.c'))).toBe('d/a.c');
  expect(displayPath(top, path.join(top, 'd', 'a.c'))).toBe('d/a.c');
  expect(displayPath(root, root)).toBe('');
  expect(displayPath(path.join(root, 'd'), path.join(root, 'da.c'))).toBe(path.join(root, 'da.c').replaceAll('\\', '/'));
  expect(displayPath(path.join(root, 'd'), path.join(root, 'a.c'))).toBe(path.join(root, 'a.c').replaceAll('\\', '/'));
});
