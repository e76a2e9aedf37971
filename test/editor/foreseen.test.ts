// After a keystroke the edited function is looked at first and shown, then the rest of its file, which may look different by then.

import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { Workspace } from '@drvlint/project';
import { rules } from '@drvlint/rules';
import { sharedParser } from '../harness/run-fixture.js';
import { scratch } from '../harness/scratch.js';

const parser = await sharedParser();

const text = `#include <ntddk.h>
static VOID Helper(PKEVENT event)
{
    KeSetEvent(event, 0, FALSE);
}

_IRQL_requires_(DISPATCH_LEVEL)
VOID Caller(PKEVENT event)
{
    Helper(event);
}
`;

function open(): { workspace: Workspace; file: string; shown: string[][] } {
  const folder = scratch({ 'a.c': text });
  const file = path.join(folder, 'a.c');
  const shown: string[][] = [];
  const workspace: Workspace = new Workspace({
    cwd: folder, rules, parser, debounce: 0, overrides: { only: ['irql-too-high'] }, onInternal: (p) => { throw new Error(p.stack ?? p.message); },
    onFindings: () => shown.push((workspace.findingsNow(file) ?? []).map((f) => `${f.line}:${f.column} ${f.function}`)),
  });
  workspace.open(file, text);
  return { workspace, file, shown };
}

const raised = '    KIRQL old;\n    KeRaiseIrql(DISPATCH_LEVEL, &old);\n    KeWaitForSingleObject(event, Executive, KernelMode, FALSE, NULL);\n    KeLowerIrql(old);\n';

describe('an edit in the body of a function', () => {
  it('shows that function first, and what it means for others at last', async () => {
    const { workspace, file, shown } = open();
    await workspace.settled();
    expect(shown).toEqual([[]]);
    workspace.change(file, text.replace('    KeSetEvent(event, 0, FALSE);\n', `${raised}    KeWaitForSingleObject(event, Executive, KernelMode, FALSE, NULL);\n`));
    await workspace.findingsSoon(file);
    expect(workspace.findingsNow(file)!.map((f) => f.line)).toEqual([6]);
    await workspace.settled();
    expect(shown.slice(1)).toEqual([['6:5 Helper'], ['6:5 Helper', '14:5 Caller']]);
  });

  it('moves the findings of the others along', async () => {
    const { workspace, file, shown } = open();
    workspace.change(file, text.replace('    Helper(event);', `    Helper(event);\n${raised}`));
    await workspace.settled();
    const before = shown.at(-1);
    expect(before).toHaveLength(1);
    workspace.change(file, text.replace('    KeSetEvent(', '\n\n    KeSetEvent(').replace('    Helper(event);', `    Helper(event);\n${raised}`));
    expect(await workspace.findingsSoon(file)).toMatchObject([{ line: 15, function: 'Caller' }]);
    await workspace.settled();
    expect(shown.at(-1)).toEqual(['15:5 Caller']);
  });

  it('keeps what is linked, and links anew where a declaration differs', async () => {
    const { workspace, file } = open();
    await workspace.settled();
    const [project] = workspace.loadedProjects;
    const { funcs } = project!.project!;
    workspace.change(file, text.replace('FALSE', 'TRUE'));
    await workspace.settled();
    expect(project!.project!.funcs).toBe(funcs);
    workspace.change(file, text.replace('VOID Caller(', 'VOID Other('));
    await workspace.settled();
    expect(project!.project!.funcs).not.toBe(funcs);
  });
});

describe('a file nothing is known of', () => {
  const waiting = `#include <ntddk.h>
_IRQL_requires_(DISPATCH_LEVEL)
VOID Waits(PKEVENT event)
{
    KeWaitForSingleObject(event, Executive, KernelMode, FALSE, NULL);
    ExAllocatePoolZero(NonPagedPoolNx, 8, ' kdD');
}
`;

  function opened({ folder = scratch({ 'a.c': waiting }), remembered, ...options }: { partAfter?: number; folder?: string; remembered?: string } = {}): { folder: string; workspace: Workspace; file: string; shown: string[][]; stored: string[] } {
    const file = path.join(folder, 'a.c');
    const shown: string[][] = [];
    const stored: string[] = [];
    const workspace: Workspace = new Workspace({
      cwd: folder, rules, parser, debounce: 0, overrides: { only: ['irql-too-high', 'default-pool-tag', 'unused-suppression'] }, onInternal: (p) => { throw new Error(p.stack ?? p.message); }, ...options,
      memory: { load: async () => remembered, save: (_, value) => stored.push(value) },
      onFindings: () => shown.push((workspace.findingsNow(file) ?? []).map((f) => `${f.line} ${f.rule}`)),
    });
    workspace.open(file, waiting);
    return { folder, workspace, file, shown, stored };
  }

  const all = ['5 irql-too-high', '6 default-pool-tag'];

  it('is shown without levels first when they take long, and remembered whole', async () => {
    const { workspace, file, shown, stored } = opened({ partAfter: 0 });
    expect((await workspace.findings(file)).map((f) => f.rule)).toEqual(['irql-too-high', 'default-pool-tag']);
    await workspace.settled();
    expect(shown).toEqual([['6 default-pool-tag'], all]);
    expect(stored).toHaveLength(1);
    expect(stored[0]).toContain('irql-too-high');
  });

  it('is shown once when they do not', async () => {
    const { workspace, shown } = opened({ partAfter: 1e9 });
    await workspace.settled();
    expect(shown).toEqual([all]);
  });

  it('keeps what the last session said until all is known', async () => {
    const before = opened();
    await before.workspace.settled();
    before.workspace.dispose();
    const { workspace, file, shown } = opened({ partAfter: 0, folder: before.folder, remembered: before.stored[0] });
    expect((await workspace.findings(file)).map((f) => f.rule)).toEqual(['irql-too-high', 'default-pool-tag']);
    await workspace.settled();
    expect(shown).toEqual([all, all]);
  });

  it('is typed into before all is known', async () => {
    const { workspace, file, shown } = opened({ partAfter: 0 });
    await workspace.findingsSoon(file);
    workspace.change(file, waiting.replace('8, ', '16, '));
    expect((await workspace.findings(file)).map((f) => f.line)).toEqual([5, 6]);
    await workspace.settled();
    expect(shown.at(-1)).toEqual(all);
  });
});
