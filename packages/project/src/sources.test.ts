import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { Sources } from './sources.js';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'drvlint-sources-'));
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

it('notices that a file is another one, or none, when it is read after it was hashed', () => {
  const sources = new Sources(folder, { get: () => undefined, set: () => undefined });
  const [changed, emptied, gone, same] = ['changed.c', 'emptied.c', 'gone.c', 'same.c'].map((name) => path.join(folder, name));
  for (const file of [changed, emptied, gone, same]) fs.writeFileSync(file, 'int a;\n');
  const before = [changed, emptied, gone, same].map((file) => sources.hash(file));
  fs.writeFileSync(changed, 'int b;\n');
  fs.writeFileSync(emptied, '');
  fs.rmSync(gone);
  expect([same, changed, emptied, gone].map((file) => sources.read(file)?.text)).toEqual(['int a;\n', 'int b;\n', undefined, undefined]);
  expect([changed, emptied, gone, same].map((file, i) => sources.hash(file) === before[i])).toEqual([false, false, false, true]);
});

it('has a name of its own for each reason not to use a file', () => {
  fs.mkdirSync(folder, { recursive: true });
  const sources = new Sources(folder);
  fs.writeFileSync(path.join(folder, 'empty.c'), '');
  fs.writeFileSync(path.join(folder, 'binary.c'), '\0\0\0\0');
  expect(['empty.c', 'binary.c', 'missing.c'].map((name) => sources.hash(path.join(folder, name)))).toEqual(['-is empty', '-is binary, not source code', '-cannot be read: no such file or folder']);
});
