// The parts that stand for others in the browser's bundle: they answer as what they stand for.

import { execFileSync } from 'node:child_process';
import { Ajv as RealAjv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { configSchema } from '@drvlint/project';
import { rules } from '@drvlint/rules';
import { Ajv } from '../../packages/language-server/bundle/ajv.js';
import { MemoryFiles } from '../../packages/language-server/bundle/files.js';
import { unpack } from '../../packages/language-server/bundle/lzma.js';
import { Random } from '../harness/random-edits.js';

describe('schema check', () => {
  const schema = configSchema(rules);
  const own = new Ajv().compile(schema);
  const real = new RealAjv({ allErrors: true, strict: false, verbose: true }).compile(schema);
  const told = (errors: unknown): string[] => ((errors ?? []) as { keyword: string; instancePath: string; params: unknown; message: string }[]).filter((e) => e.keyword !== 'if').map((e) => JSON.stringify([e.keyword, e.instancePath, e.params, e.message])).sort();

  it.each([
    {}, [], null, 7, { rules: { 'irql-too-high': 'error', C28121: 'off' } }, { rules: { 'irql-too-hihg': 'off' } }, { rules: { 'irql-too-high': 'loud' } }, { rules: { 'irql-too-high': [] } },
    { rules: { 'irql-too-high': ['error', {}, 1] } }, { rules: { 'irql-too-high': ['error', { no: 1 }] } }, { extends: ['all', 'all'] }, { extends: 'some' }, { extends: 3 }, { level: 'off' },
    { defines: { A: 1, B: 'x', C: true, D: null } }, { architecture: 'mips' }, { configuration: 'Debug' }, { configuration: 'Debug|x64' }, { ignores: [1, 'a'] }, { overrides: [{}] }, { overrides: [{ files: [] }] },
    { knowledge: { functions: { F: { min: -1, max: 32, raises: 1.5 } }, roles: { R: { min: 'low', params: 3 } } } }, { root: 'yes', more: 1 },
  ])('finds in %j what ajv finds', (value) => {
    expect(own(value)).toBe(real(value));
    expect(told(own.errors)).toEqual(told(real.errors));
  });
});

it('what xz packed comes back', () => {
  const random = new Random(99);
  const texts = [Buffer.alloc(0), Buffer.from('a'), Buffer.from('abc'.repeat(5000)), Buffer.from(Array.from({ length: 20_000 }, () => random.below(256))), Buffer.from(Array.from({ length: 50_000 }, (_, i) => (i * i >> random.below(4)) & 31))];
  for (const text of texts) {
    const packed = execFileSync('xz', ['--format=lzma', '-9e', '--stdout'], { input: text });
    packed.writeBigUInt64LE(BigInt(text.length), 5);
    expect(Buffer.compare(Buffer.from(unpack(packed)), text)).toBe(0);
  }
});

it('files in memory answer like a disk', () => {
  const files = new MemoryFiles();
  files.put('/a/b/c.c', new TextEncoder().encode('int x;'));
  expect(files.readdirSync('/a')).toEqual(['b']);
  expect((files.readdirSync('/a/b', { withFileTypes: true }) as { name: string; isFile(): boolean }[]).map((e) => [e.name, e.isFile()])).toEqual([['c.c', true]]);
  expect(files.readFileSync('/a/b/c.c', 'utf8')).toBe('int x;');
  expect(files.statSync('/a')?.isDirectory()).toBe(true);
  expect(files.statSync('/x', { throwIfNoEntry: false })).toBeUndefined();
  expect(() => files.readFileSync('/x')).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  files.remove('/a/b/c.c');
  expect(files.existsSync('/a/b/c.c')).toBe(false);
});
