// What an editor shows after any sequence of edits is what a fresh run over the same texts finds.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Finding } from '@drvlint/core';
import { analyse, Configurations, displayPath, sourceKind, Workspace, type Overrides } from '@drvlint/project';
import { rules } from '@drvlint/rules';
import { applyEdit, Random, randomEdit } from '../harness/random-edits.js';
import { sharedParser } from '../harness/run-fixture.js';

const parser = await sharedParser();
const fixtures = path.resolve(import.meta.dirname, '../../fixtures');
const overrides: Overrides = { presets: ['all'], level: 'info' };

/** Folders that hold sources, each a workspace of its own. */
function folders(at: string): string[] {
  const entries = fs.readdirSync(at, { withFileTypes: true });
  const below = entries.filter((e) => e.isDirectory()).flatMap((e) => folders(path.join(at, e.name)));
  return entries.some((e) => e.isFile() && sourceKind(e.name)) ? [at, ...below] : below;
}

async function fresh(cwd: string, overlays: ReadonlyMap<string, string>): Promise<Finding[]> {
  const configurations = new Configurations({ cwd, rules, overrides });
  const result = await analyse({ cwd, inputs: [cwd], rules, configurations, parser, overlays });
  expect(result.internal).toEqual([]);
  return result.findings;
}

function live(cwd: string): Workspace {
  return new Workspace({ cwd, rules, parser, overrides, debounce: 0, onInternal: (p) => { throw new Error(p.stack ?? p.message); } });
}

describe.each(folders(fixtures).map((f) => [path.relative(fixtures, f)]))('%s', (name) => {
  it('has the findings of a fresh run after any edits', async () => {
    const cwd = path.join(fixtures, name);
    const files = fs.readdirSync(cwd).filter((f) => sourceKind(f)).map((f) => path.join(cwd, f)).slice(0, 6);
    const random = new Random(name.length * 7919 + files.length);
    const workspace = live(cwd);
    const texts = new Map(files.map((f) => [f, fs.readFileSync(f, 'utf8')]));
    for (const [file, text] of texts) workspace.open(file, text);
    for (let round = 0; round < 6; round++) {
      const edits = 1 + random.below(3);
      for (let n = 0; n < edits; n++) {
        const file = random.pick(files);
        // Now and then everything is taken back, as a user does who broke a file.
        const text = random.below(5) === 0 ? fs.readFileSync(file, 'utf8') : applyEdit(texts.get(file) ?? '', randomEdit(random, texts.get(file) ?? ''));
        texts.set(file, text);
        workspace.change(file, text);
        if (random.below(2) === 0) await workspace.findings(file);
      }
      await workspace.settled();
      const expected = await fresh(cwd, texts);
      for (const file of files) {
        const shown = displayPath(cwd, file);
        expect(workspace.findingsNow(file), `${shown} in round ${round}`).toEqual(expected.filter((f) => f.file === shown));
      }
    }
    workspace.dispose();
  }, 120_000);
});

it('knows a section as pageable again once the only call that locked sections is deleted', async () => {
  const cwd = fs.mkdtempSync(path.join(os.tmpdir(), 'drvlint-live-'));
  const [code, locker] = [path.join(cwd, 'raise.c'), path.join(cwd, 'lock.c')];
  const raises = `#include <ntddk.h>
#pragma alloc_text(PAGERES, Restart)
ULONG Started;
VOID Restart(VOID)
{
    Started++;
}
VOID Resume(PKSPIN_LOCK Lock)
{
    KIRQL old;

    KeAcquireSpinLock(Lock, &old);
    Restart();
    KeReleaseSpinLock(Lock, old);
}
`;
  const locks = `#include <ntddk.h>
VOID Restart(VOID);
PVOID Handle;
VOID Keep(VOID)
{
    Handle = MmLockPagableCodeSection(Restart);
}
`;
  fs.writeFileSync(code, raises);
  fs.writeFileSync(locker, locks);
  const workspace = live(cwd);
  workspace.open(code, raises);
  workspace.open(locker, locks);
  await workspace.settled();
  const before = workspace.findingsNow(code)!.map((f) => f.rule);
  const texts = new Map([[code, raises], [locker, locks.replace('MmLockPagableCodeSection(Restart)', 'NULL')]]);
  workspace.change(locker, texts.get(locker)!);
  await workspace.settled();
  const expected = (await fresh(cwd, texts)).filter((f) => f.file === displayPath(cwd, code));
  expect(expected.map((f) => f.rule)).not.toEqual(before);
  expect(workspace.findingsNow(code)).toEqual(expected);
  workspace.dispose();
  fs.rmSync(cwd, { recursive: true });
});
