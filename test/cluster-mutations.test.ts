// Breaks the two worked resource DLLs on purpose: nearly every change must be reported at the right line. Needs `npm run build`.

import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { root } from './harness/fixtures.js';

const run = promisify(execFile);

describe('changes of a resource DLL', () => {
  it('are found at the right line', async () => {
    const tool = path.join(root, 'test/tools/mutate-cluster.mjs');
    const dlls = ['resdll-c', 'resdll-cpp'].map((name) => path.join(root, 'fixtures/projects', name));
    const { stdout } = await run(process.execPath, [tool, ...dlls, '--count', '16', '--seed', '11']);
    const [, found] = /^(\d+) of 16 changes found at the right line/m.exec(stdout) ?? [];
    expect(Number(found), stdout).toBeGreaterThanOrEqual(15);
  });
});
