import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

/** The built tool in a process of its own: threads and the identity of a build exist there only. */
function script(name: string, ...words: string[]): Promise<string> {
  return new Promise((resolve) => execFile(process.execPath, [fileURLToPath(new URL(name, import.meta.url)), ...words], (_, out, err) => resolve(out + err)));
}

it('reports the same whatever the number of threads and the order of the inputs', { timeout: 240_000 }, async () => {
  expect(await script('same-report.mjs', '--runs', '4', '--threads', '3')).toBe('4 runs with 1 to 3 threads, inputs in random order, 60 findings: 0 reports differ\n');
});

it('loses nothing and makes nothing up when writers of one cache are killed', { timeout: 240_000 }, async () => {
  expect(await script('kill-trials.mjs', '--trials', '4')).toMatch(/^4 processes killed while they filled a cache in \d+ s, \d+ of them left a file half written: 0 wrong reports\n$/);
});
