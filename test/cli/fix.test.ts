// --fix and --fix-dry-run: what is written, in which encoding, and what is left alone.

import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { testRules } from '../harness/plain-rule.js';
import { drvlint, scratch } from '../harness/scratch.js';

const text = 'void F(void)\r\n{\r\n    Forbidden(Forbidden()); // \u00e4\r\n}\r\n';
const fixed = text.replaceAll('Forbidden', 'Allowed');
const fix = (cwd: string, ...words: string[]) => drvlint(cwd, ['--format', 'compact', ...words], { rules: testRules });

describe('--fix', () => {
  it.each([
    ['UTF-8', (t: string) => Buffer.from(t, 'utf8')],
    ['UTF-8 with byte order mark', (t: string) => Buffer.from(`\ufeff${t}`, 'utf8')],
    ['UTF-16 little endian', (t: string) => Buffer.from(`\ufeff${t}`, 'utf16le')],
    ['UTF-16 big endian', (t: string) => Buffer.from(`\ufeff${t}`, 'utf16le').swap16()],
    ['Latin-1', (t: string) => Buffer.from(t, 'latin1')],
    ['windows-1252', (t: string) => Buffer.concat([Buffer.from('// '), Buffer.from([0x80, 0x9f, 0x81]), Buffer.from(`\r\n${t}`, 'latin1')])],
  ])('keeps %s and the line ends', async (_, encode) => {
    const cwd = scratch({ 'a.c': encode(text) });
    const { status, out, err } = await fix(cwd, '--fix');
    expect({ status, out }).toEqual({ status: 0, out: '' });
    expect(err).toContain('drvlint: 1 file fixed\n');
    expect(fs.readFileSync(path.join(cwd, 'a.c')).equals(encode(fixed))).toBe(true);
    expect((await fix(cwd, '--fix')).err).toContain('drvlint: 0 files fixed\n');
  });

  it('leaves suppressed findings, other files and the mode alone', async () => {
    const cwd = scratch({ 'a.c': 'void F(void)\n{\n  Forbidden(); // drvlint-disable-line plain-rule -- why\n}\n', 'b.c': 'void G(void) { Forbidden(); }\n', 'c.c': 'void H(void) { }\n' });
    fs.chmodSync(path.join(cwd, 'b.c'), 0o640);
    const before = fs.statSync(path.join(cwd, 'c.c')).mtimeMs;
    expect((await fix(cwd, '--fix')).status).toBe(0);
    expect(fs.readFileSync(path.join(cwd, 'a.c'), 'utf8')).toContain('Forbidden');
    expect(fs.readFileSync(path.join(cwd, 'b.c'), 'utf8')).toBe('void G(void) { Allowed(); }\n');
    expect(fs.statSync(path.join(cwd, 'b.c')).mode & 0o777).toBe(0o640);
    expect(fs.statSync(path.join(cwd, 'c.c')).mtimeMs).toBe(before);
    expect(fs.readdirSync(cwd).sort()).toEqual(['a.c', 'b.c', 'c.c']);
  });

  it('removes unused suppressions', async () => {
    const cwd = scratch({ 'a.c': '// drvlint-disable-next-line plain-rule\nvoid F(void) { }\n' });
    expect((await fix(cwd, '--fix')).status).toBe(0);
    expect(fs.readFileSync(path.join(cwd, 'a.c'), 'utf8')).toBe('void F(void) { }\n');
  });
});

it('--fix-dry-run reports as if fixed, prints a patch and changes nothing', async () => {
  const cwd = scratch({ 'a.c': `${'// line\n'.repeat(10)}void F(void)\n{\n    Forbidden();\n}\n` });
  const { status, out, err } = await fix(cwd, '--fix-dry-run');
  expect({ status, out }).toEqual({ status: 0, out: '' });
  expect(err).toContain('--- a/a.c\n+++ b/a.c\n@@ -10,6 +10,6 @@\n // line\n void F(void)\n {\n-    Forbidden();\n+    Allowed();\n }\n \n');
  expect(fs.readFileSync(path.join(cwd, 'a.c'), 'utf8')).toContain('Forbidden');
});
