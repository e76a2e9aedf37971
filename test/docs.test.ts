// The guides say what is true: links lead somewhere, options and commands exist, examples are accepted, and the output shown in the
// README is what the program prints.

import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { commands, options } from 'drvlint';
import { root } from './harness/fixtures.js';
import { drvlint, scratch } from './harness/scratch.js';

const guides = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...fs.readdirSync(path.join(root, 'docs')).map((f) => `docs/${f}`), ...fs.readdirSync(path.join(root, 'packages')).map((p) => `packages/${p}/README.md`)]
  .filter((f) => fs.existsSync(path.join(root, f)));
const read = (file: string): string => fs.readFileSync(path.join(root, file), 'utf8');
const blocks = (file: string, language: string): string[] => [...read(file).matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map((m) => m[1]);

const queue = `#include <ntddk.h>

typedef struct _QUEUE {
    KSPIN_LOCK Lock;
    KEVENT Idle;
    LONG Count;
} QUEUE, *PQUEUE;

static VOID WaitForIdle(PQUEUE Queue)
{
    KeWaitForSingleObject(&Queue->Idle, Executive, KernelMode, FALSE, NULL);
}

VOID QueueDrain(PQUEUE Queue)
{
    KIRQL irql;

    KeAcquireSpinLock(&Queue->Lock, &irql);
    if (Queue->Count != 0) {
        WaitForIdle(Queue);
    }
    KeReleaseSpinLock(&Queue->Lock, irql);
}
`;

describe.each(guides)('%s', (file) => {
  it('has links that lead somewhere', () => {
    const links = [...read(file).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map((m) => m[1]).filter((l) => !/^\w+:/.test(l));
    expect(links.filter((link) => !fs.existsSync(path.resolve(root, path.dirname(file), link)))).toEqual([]);
  });

  it('names options and commands that exist', () => {
    const known = new Set(options.map((o) => o.name));
    const lines = [...blocks(file, 'sh').join('\n').split('\n'), ...[...read(file).matchAll(/`([^`\n]+)`/g)].map((m) => m[1])].filter((line) => /^(?:npx )?drvlint /.test(line));
    const used = lines.flatMap((line) => [...line.replace(/#.*/, '').matchAll(/(?:^|\s)--([\w-]+)/g)].map((m) => m[1]));
    expect(used.filter((name) => !known.has(name))).toEqual([]);
    const first = lines.map((line) => /^(?:npx )?drvlint ([a-z]+)(?=[\s|]|$)/.exec(line)?.[1]).filter((word) => word !== undefined && word !== 'path');
    expect(first.filter((word) => !commands.some((c) => c.name === word))).toEqual([]);
  });

  it('has YAML and JSON that can be read', () => {
    for (const block of blocks(file, 'yaml')) expect(parse(block)).toBeTypeOf('object');
    for (const block of blocks(file, 'json')) expect(JSON.parse(block)).toBeTypeOf('object');
  });
});

describe('the guides', () => {
  it('show a configuration that is accepted', async () => {
    for (const block of blocks('docs/configuration.md', 'jsonc')) {
      const cwd = scratch({ 'drvlint.config.json': block, 'drvlint-baseline.json': '{"version":1,"findings":[]}', 'src/a.c': 'void F(void)\n{\n}\n' });
      expect(await drvlint(cwd, [])).toMatchObject({ status: 0, out: '' });
    }
  });

  it('show the output of the program', async () => {
    const { out } = await drvlint(scratch({ 'src/queue.c': queue }), []);
    expect(blocks('README.md', 'text')[0]).toContain(out);
  });

  it('the README fits on two screens', () => {
    expect(read('README.md').split('\n').length).toBeLessThanOrEqual(110);
  });

  it('name the version that is published', () => {
    const { version } = JSON.parse(read('packages/cli/package.json')) as { version: string };
    for (const file of ['README.md', 'docs/ci.md']) for (const [, tag] of read(file).matchAll(/rev: v(\S+)/g)) expect(tag).toBe(version);
  });
});
