// The built program as a process: closed pipes, interrupts, standard input, links. Needs `npm run build`.

import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { root } from '../harness/fixtures.js';
import { scratch } from '../harness/scratch.js';

const bin = path.join(root, 'packages/cli/bin/drvlint.js');
// `unused-suppression` needs nothing but comments, so the program has something to find whatever the rules do.
const suppression = '// drvlint-disable-next-line no-such-rule\n';

beforeAll(() => {
  if (!fs.existsSync(path.join(root, 'packages/cli/dist/main.js'))) throw new Error('run `npm run build` first');
});

function program(cwd: string, words: string[], more: { input?: string; node?: string[] } = {}): Promise<{ status: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [...more.node ?? [], bin, ...words], { cwd, maxBuffer: 1 << 28 }, (e, out, err) => resolve({ status: e ? (e.code as unknown as number) : 0, out, err }));
    if (more.input !== undefined) child.stdin?.end(more.input);
  });
}

describe('the program', () => {
  it('keeps report and notes apart and sets the exit status', async () => {
    const cwd = scratch({ 'a.c': `${suppression}void F(void)\n{\n}\n` });
    const { status, out, err } = await program(cwd, ['--format', 'compact']);
    expect({ status, out }).toEqual({ status: 1, out: 'a.c:1:1: warning: there is no rule `no-such-rule` [unused-suppression]\n' });
    expect(err).toMatch(/^1 file, 1 function \(0 given up\), 1 finding \(1 warning\), [\d.]+ s\n$/);
  });

  it('reads standard input', async () => {
    const { status, out } = await program(scratch(), ['--stdin', '--stdin-filename', 'x.c', '--format', 'compact'], { input: `${suppression}void F(void) { }\n` });
    expect({ status, out }).toEqual({ status: 1, out: 'x.c:1:1: warning: there is no rule `no-such-rule` [unused-suppression]\n' });
  });

  it('does not mind a reader that goes away', async () => {
    const cwd = scratch({ 'a.c': suppression.repeat(20_000) + 'void F(void) { }\n' });
    const child = spawn(process.execPath, [bin, '--format', 'json'], { cwd });
    let err = '';
    child.stderr.on('data', (data: Buffer) => { err += data.toString(); });
    child.stdout.once('data', () => child.stdout.destroy());
    const status = await new Promise((resolve) => child.on('close', resolve));
    expect(status).toBe(1);
    expect(err).toMatch(/^1 file, 1 function .*\n$/);
  });

  it('delivers what it has found on an interrupt, whole, with 130', async () => {
    const body = Array.from({ length: 100 }, (_, i) => `void F${i}(int a)\n{\n    if (a) { a = a + ${i}; }\n}\n`).join('');
    const files = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`p${i}/Makefile`, '']).concat(Array.from({ length: 200 }, (_, i) => [`p${i}/a.c`, suppression + body])));
    const cwd = scratch(files as Record<string, string>);
    const child = spawn(process.execPath, [bin, '--threads', '1', '--no-cache', '--format', 'json', '--output', 'r.json'], { cwd, env: { ...process.env, DRVLINT_DEBUG: '1' } });
    let err = '';
    let sent = false;
    child.stderr.on('data', (data: Buffer) => {
      err += data.toString();
      if (!sent && err.split('\n').length > 4) sent = child.kill('SIGINT');
    });
    const status = await new Promise((resolve) => child.on('close', resolve));
    expect(status).toBe(130);
    expect(err).toContain('drvlint: interrupted: what was found so far is reported\n');
    const report = JSON.parse(fs.readFileSync(path.join(cwd, 'r.json'), 'utf8')) as { findings: unknown[]; summary: { files: number } };
    expect(report.summary.files).toBeLessThan(200);
    // Of the project that was interrupted nobody knows yet which suppressions are needed.
    expect(report.findings.length).toBeGreaterThanOrEqual(2);
    expect(report.summary.files - report.findings.length).toBeLessThanOrEqual(1);
    expect(fs.readdirSync(cwd).filter((f) => f.endsWith('.tmp'))).toEqual([]);
  });

  it('runs through a link and from another folder', async () => {
    const cwd = scratch({ 'a.c': 'void F(void) { }\n' });
    fs.symlinkSync(bin, path.join(cwd, 'drvlint'));
    const status = await new Promise((resolve) => execFile(process.execPath, [path.join(cwd, 'drvlint'), '--version'], { cwd: '/' }, (e) => resolve(e ? e.code : 0)));
    expect(status).toBe(0);
  });
});
