import { execFile, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';

const bin = fileURLToPath(new URL('../../packages/cli/bin/drvlint.js', import.meta.url));
const root = fs.mkdtempSync(path.join(os.tmpdir(), 'drvlint-cache-'));
afterAll(() => fs.rmSync(root, { recursive: true, force: true }));

const source = (n: number): string => `#include <ntddk.h>\n#include "common.h"\nVOID Bad${n}(PDRIVER_OBJECT o, PKSPIN_LOCK l)\n{\n    KIRQL old;\n    KeAcquireSpinLock(l, &old);\n    KeDelayExecutionThread(KernelMode, FALSE, NULL);\n    KeReleaseSpinLock(l, old);\n}\n`;
const header = '#pragma once\nVOID Shared(VOID);\n';

/** A tree of small drivers, each a project of its own. */
function tree(name: string, projects: number): string {
  const folder = path.join(root, name);
  for (let i = 0; i < projects; i++) {
    fs.mkdirSync(path.join(folder, `p${i}`), { recursive: true });
    fs.writeFileSync(path.join(folder, `p${i}`, 'Makefile'), '');
    fs.writeFileSync(path.join(folder, `p${i}`, 'drv.c'), source(i));
    fs.writeFileSync(path.join(folder, `p${i}`, 'common.h'), header);
  }
  return folder;
}

interface Report { summary: Record<string, unknown>; findings: { file: string; line: number }[] }

function run(cwd: string, ...words: string[]): Promise<{ status: number; report: Report; err: string }> {
  const args = [bin, '--no-config', '--preset', 'all', '--format', 'json', '--stats', ...words];
  return new Promise((resolve) => execFile(process.execPath, args, { cwd, maxBuffer: 1 << 26 }, (e, out, err) => {
    const report = JSON.parse(out) as Report;
    delete report.summary.ms;
    delete report.summary.peakMemoryMB;
    resolve({ status: e ? e.code as number : 0, report, err });
  }));
}

const fromCache = (err: string): string => /projects from the cache: (\d+ of \d+)/.exec(err)?.[1] ?? '';

describe('the cache', { timeout: 240_000 }, () => {
  it('gives the same report without the work, and notices every change that matters', async () => {
    const cwd = tree('same', 3);
    const cache = ['--cache-dir', path.join(root, 'same-cache')];
    const plain = await run(cwd, '--no-cache');
    expect(plain.report.findings.length).toBeGreaterThan(2);
    const cold = await run(cwd, ...cache);
    const warm = await run(cwd, ...cache);
    expect([fromCache(cold.err), fromCache(warm.err)]).toEqual(['0 of 3', '3 of 3']);
    expect(cold.report).toEqual(plain.report);
    expect(warm).toMatchObject({ status: plain.status, report: plain.report });

    fs.writeFileSync(path.join(cwd, 'p1', 'common.h'), `\n${header}`);
    expect(fromCache((await run(cwd, ...cache)).err)).toBe('2 of 3');
    fs.writeFileSync(path.join(cwd, 'p1', 'drv.c'), `\n${source(1)}`);
    const moved = await run(cwd, ...cache);
    expect(fromCache(moved.err)).toBe('2 of 3');
    expect(moved.report).toEqual((await run(cwd, '--no-cache')).report);
    expect(fromCache((await run(cwd, ...cache, '--define', 'DBG=1')).err)).toBe('0 of 3');
    expect(fromCache((await run(cwd, ...cache, '--rule', 'irql-too-high=off')).err)).toBe('0 of 3');
  });

  it('makes damaged entries again', async () => {
    const cwd = tree('damaged', 2);
    const folder = path.join(root, 'damaged-cache');
    const { report } = await run(cwd, '--cache-dir', folder);
    const entries = fs.readdirSync(path.join(folder, 'v1')).filter((n) => n.length === 37);
    expect(entries.length).toBe(2);
    fs.appendFileSync(path.join(folder, 'v1', entries[0]), 'x');
    fs.truncateSync(path.join(folder, 'v1', entries[1]), 10);
    const again = await run(cwd, '--cache-dir', folder);
    expect(again.err).toContain('projects from the cache: 0 of 2; damaged cache entries made again: 2');
    expect(again.report).toEqual(report);
    expect(fromCache((await run(cwd, '--cache-dir', folder)).err)).toBe('2 of 2');
  });

  it('tells of files that cannot be used in every checkout, each with its own reason', async () => {
    const cache = ['--cache-dir', path.join(root, 'unusable-cache')];
    const contents: Record<string, string> = { binary: '\0\0\0\0MZ', other: '\0\0\0\0MZ', empty: '' };
    const checkouts = Object.entries(contents).map(([name, content]) => {
      const cwd = tree(name, 2);
      fs.writeFileSync(path.join(cwd, 'p1', 'more.c'), content);
      return cwd;
    });
    const seen: string[] = [];
    for (const cwd of checkouts) {
      const { status, err, report } = await run(cwd, ...cache);
      seen.push(fromCache(err));
      expect({ status, report }).toEqual(await run(cwd, '--no-cache').then((r) => ({ status: r.status, report: r.report })));
      expect(status).toBe(path.basename(cwd) === 'empty' ? 1 : 2);
    }
    expect(seen).toEqual(['0 of 2', '2 of 2', '1 of 2']);
  });

  it('survives being killed at any moment, and runs beside it', async () => {
    const cwd = tree('killed', 6);
    const folder = path.join(root, 'killed-cache');
    const { report } = await run(cwd, '--no-cache');
    for (const wait of [100, 250, 400]) {
      const child = spawn(process.execPath, [bin, '--no-config', '--preset', 'all', '--cache-dir', folder], { cwd, stdio: 'ignore' });
      // It may be through before it is killed: who listens only then waits for ever.
      const closed = new Promise((resolve) => child.on('close', resolve));
      await new Promise((resolve) => setTimeout(resolve, wait));
      child.kill('SIGKILL');
      await closed;
    }
    const both = await Promise.all([run(cwd, '--cache-dir', folder), run(cwd, '--cache-dir', folder)]);
    for (const one of both) expect(one.report).toEqual(report);
    expect(fs.readdirSync(path.join(folder, 'v1')).filter((n) => n.startsWith('.')).length).toBeLessThanOrEqual(3);
  });
});

describe('threads and shards', { timeout: 240_000 }, () => {
  it('give the report of one thread', async () => {
    const cwd = tree('threads', 5);
    const { report, status } = await run(cwd, '--no-cache', '--threads', '1');
    const threads = await run(cwd, '--no-cache', '--threads', '3');
    expect(threads.err).toContain('Threads: 3;');
    expect(threads).toMatchObject({ report, status });
  });

  it('are put together to the report of the whole', async () => {
    const cwd = tree('shards', 5);
    const whole = await run(cwd, '--no-cache');
    const parts = [1, 2, 3].map((i) => path.join(root, `part${i}.json`));
    const seen = await Promise.all(parts.map((file, i) => run(cwd, '--no-cache', '--shard', `${i + 1}/3`, '--partial', file)));
    expect(seen.reduce((sum, s) => sum + s.report.findings.length, 0)).toBe(whole.report.findings.length);
    const merged = await new Promise<Report>((resolve) => execFile(process.execPath, [bin, 'merge', '--no-config', '--preset', 'all', '--format', 'json', ...parts], { cwd }, (_, out) => resolve(JSON.parse(out) as Report)));
    delete merged.summary.ms;
    delete merged.summary.peakMemoryMB;
    expect(merged).toEqual(whole.report);
    const incomplete = await new Promise<string>((resolve) => execFile(process.execPath, [bin, 'merge', ...parts.slice(1)], { cwd }, (_, __, err) => resolve(err)));
    expect(incomplete).toMatch(/^drvlint: \d of 5 projects are in none of the parts\n/);
  });
});
