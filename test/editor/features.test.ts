// What the server answers about a small driver, through the protocol.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CodeLens, Diagnostic, DocumentSymbol, InlayHint, Location } from 'vscode-languageserver-types';
import { addFiles } from '../harness/scratch.js';
import { applied, capable, Client, positionOf } from './client.js';
import { device, sample } from './sample.js';

let client: Client;
let folder: string;
let file: string;
let diagnostics: Diagnostic[];

beforeAll(async () => {
  folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'drvlint-editor-')));
  addFiles(folder, sample);
  file = path.join(folder, 'dev.c');
  client = await Client.start({ folders: [folder], capabilities: { ...capable, workspace: { ...capable.workspace, configuration: true } }, settings: { debounce: 0 } });
  diagnostics = await client.open(file);
});

afterEach(async () => {
  await client.close(path.join(folder, 'flush.c'));
  await client.open(file, device);
  expect(await client.until(file, (all) => isDeepStrictEqual(all, diagnostics))).toEqual(diagnostics);
});

afterAll(async () => {
  expect(await client.stop()).toBe(0);
  expect(client.stderr).toBe('');
  expect(client.logged).toEqual([]);
  fs.rmSync(folder, { recursive: true });
});

const line = (word: string, n = 1): number => positionOf(device, word, n).line;
const named = (list: Diagnostic[], rule: string): Diagnostic => list.find((d) => d.code === rule)!;
const whole = { start: { line: 0, character: 0 }, end: { line: 999, character: 0 } };

describe('diagnostics', () => {
  it('carry place, level, rule with its page, version, and the flow', () => {
    expect(client.published.at(-1)).toMatchObject({ uri: client.uri(file), version: 1, diagnostics });
    const found = named(diagnostics, 'irql-too-high');
    expect(found).toMatchObject({
      severity: 1, source: 'drvlint', range: { start: positionOf(device, 'DevFlush(dev)', 2), end: positionOf(device, 'DevFlush(dev)', 2, 'DevFlush(dev)'.length) },
      codeDescription: { href: 'https://github.com/drvlint/drvlint/blob/main/rules/irql-too-high/README.md' },
    });
    expect(found.message).toContain("'DevFlush' leads to 'KeWaitForSingleObject', which may be called at APC_LEVEL at most, but the IRQL is DISPATCH_LEVEL");
    expect(found.relatedInformation?.[0]).toMatchObject({ message: '1. DevDpc has the role KDEFERRED_ROUTINE [DISPATCH]', location: { uri: client.uri(file), range: { start: positionOf(device, 'DevDpc') } } });
    expect(found.relatedInformation?.at(-1)?.location.uri).toBe(client.uri(path.join(folder, 'flush.c')));
  });

  it('follow an edit of the unsaved text, and only of it', async () => {
    const start = positionOf(device, 'DevFlush(dev);', 2);
    const fixed = await client.change(file, { range: { start, end: { ...start, character: start.character + 'DevFlush(dev);'.length } }, text: 'dev->Count = 0;' });
    expect(fixed.map((d) => d.code)).not.toContain('irql-too-high');
    expect(client.published.at(-1)?.version).toBe(2);
    const back = await client.change(file, { text: device });
    expect(back).toEqual(diagnostics);
  });

  it('of one file follow an edit of another', async () => {
    const flush = path.join(folder, 'flush.c');
    await client.open(flush);
    await client.change(flush, { text: '#include "dev.h"\nNTSTATUS DevFlush(PDEV Dev)\n{\n    return Dev->Count;\n}\n' });
    expect((await client.until(file, (all) => all.length === 2)).map((d) => d.code)).toEqual(['role-type-declaration', 'use-decl-annotations']);
  });

  it('say what is not analysed', async () => {
    const broken = await client.change(file, { text: device.replace('Dev->Count++;', 'Dev->Count++ ] ] foo bar;') });
    expect(broken.find((d) => d.code === 'not-analysed')).toMatchObject({ severity: 4, range: { start: positionOf(device, 'DevStart') } });
    expect(broken.find((d) => d.code === 'not-analysed')?.message).toMatch(/^'DevStart' is not analysed: /);
  });

  it('mark code that can go as unnecessary', async () => {
    await client.change(file, { text: device.replace('static VOID', '// drvlint-disable-next-line wait-pageable -- old\nstatic VOID') });
    const found = await client.until(file, (all) => all.some((d) => d.code === 'unused-suppression'));
    expect(named(found, 'unused-suppression').tags).toEqual([1]);
  });

  it('go when the document is closed', async () => {
    await client.close(file);
    await client.until(file, (all) => all.length === 0);
    expect(client.published.at(-1)).toEqual({ uri: client.uri(file), diagnostics: [] });
  });
});

describe('code actions', () => {
  const titled = async (rule: string, title: string | RegExp) => {
    const actions = await client.actions(file, named(diagnostics, rule).range, [named(diagnostics, rule)]);
    return actions.find((a) => (typeof title === 'string' ? a.title === title : title.test(a.title)))!;
  };

  it('apply a fix, which is then no longer needed', async () => {
    const action = await titled('use-decl-annotations', /_Use_decl_annotations_/);
    expect(action).toMatchObject({ kind: 'quickfix', isPreferred: true, diagnostics: [{ code: 'use-decl-annotations' }] });
    const text = applied(device, action, client.uri(file));
    expect(text).toContain('_Use_decl_annotations_\nVOID DevDpc(');
    expect((await client.change(file, { text })).map((d) => d.code)).not.toContain('use-decl-annotations');
  });

  it('apply a suggestion', async () => {
    const action = await titled('role-type-declaration', "Declare 'DevWorker' as KSTART_ROUTINE");
    const text = applied(device, action, client.uri(file));
    expect(text).toContain('static KSTART_ROUTINE DevWorker;\n\nstatic VOID DevWorker(');
    expect((await client.change(file, { text })).map((d) => d.code)).not.toContain('role-type-declaration');
  });

  it('fix everything in the file', async () => {
    const [action] = await client.actions(file, whole, [], ['source.fixAll']);
    expect(action).toMatchObject({ kind: 'source.fixAll.drvlint' });
    expect(applied(device, action, client.uri(file))).toBe(device.replace('VOID DevDpc(', '_Use_decl_annotations_\nVOID DevDpc('));
  });

  it.each([['comment', /with a reason \(comment\)/, '    // drvlint-disable-next-line irql-too-high -- why this is right\n'], ['pragma', /with a reason \(pragma\)/, '#pragma prefast(suppress: 28121, "why this is right")\n']])('suppress with a %s', async (_, title, inserted) => {
    const text = applied(device, await titled('irql-too-high', title), client.uri(file));
    expect(text).toBe(device.replace('    UNREFERENCED_PARAMETER(B);\n    DevFlush', `    UNREFERENCED_PARAMETER(B);\n${inserted}    DevFlush`));
    expect((await client.change(file, { text })).map((d) => d.code)).not.toContain('irql-too-high');
  });

  it('add a finding to a new baseline and name it in the configuration', async () => {
    const { command } = await titled('irql-too-high', /to the baseline/);
    await client.connection.sendRequest('workspace/executeCommand', command);
    const { edit } = client.asked.find((a) => a.method === 'workspace/applyEdit')!.params as { edit: { documentChanges: { kind?: string; uri?: string; edits?: { newText: string }[] }[] } };
    expect(edit.documentChanges.map((c) => c.kind ?? 'edit')).toEqual(['create', 'edit', 'create', 'edit']);
    const [, baseline, , configuration] = edit.documentChanges;
    expect(JSON.parse(baseline.edits![0].newText)).toMatchObject({ version: 1, findings: [{ rule: 'irql-too-high', file: 'dev.c', function: 'DevDpc' }] });
    expect(JSON.parse(configuration.edits![0].newText)).toEqual({ baseline: 'drvlint-baseline.json' });
    // What the editor would save.
    fs.writeFileSync(path.join(folder, 'drvlint-baseline.json'), baseline.edits![0].newText);
    fs.writeFileSync(path.join(folder, 'drvlint.config.json'), configuration.edits![0].newText);
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: client.uri(path.join(folder, 'drvlint.config.json')), type: 1 }] });
    expect((await client.until(file, (all) => all.length === 2)).map((d) => d.code)).toEqual(['role-type-declaration', 'use-decl-annotations']);
    for (const name of ['drvlint.config.json', 'drvlint-baseline.json']) fs.rmSync(path.join(folder, name));
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: client.uri(path.join(folder, 'drvlint.config.json')), type: 3 }] });
  });

  it('show the page of a rule', async () => {
    const { command } = await titled('irql-too-high', /page of irql-too-high/);
    await client.connection.sendRequest('workspace/executeCommand', command);
    expect(client.asked).toContainEqual({ method: 'window/showDocument', params: { uri: 'https://github.com/drvlint/drvlint/blob/main/rules/irql-too-high/README.md', external: true } });
  });

  it('write down what was inferred about a function, and the role it is registered for', async () => {
    const flush = path.join(folder, 'flush.c');
    await client.open(flush);
    const text = sample['flush.c'];
    const at = positionOf(text, 'DevFlush');
    const actions = await client.actions(flush, { start: at, end: at }, [], ['refactor']);
    expect(applied(text, actions[0], client.uri(flush))).toBe(text.replace('NTSTATUS DevFlush', '_IRQL_requires_max_(APC_LEVEL)\n_IRQL_requires_same_\nNTSTATUS DevFlush'));
    const worker = positionOf(device, 'DevWorker');
    const roles = await client.actions(file, { start: worker, end: worker }, [], ['refactor']);
    expect(roles.map((a) => a.title)).toContain("Declare 'DevWorker' as KSTART_ROUTINE");
  });
});

describe('hover', () => {
  const over = async (word: string, n = 1): Promise<string> => (await client.hover(file, positionOf(device, word, n, 1)))?.contents.value ?? '';

  it('on a call: the contract, its conditions and source, the level there and why', async () => {
    const text = await over('KeReleaseSpinLock');
    expect(text).toContain('IRQL: **DISPATCH_LEVEL**');
    expect(text).toContain('releases a lock and goes back to the level from before');
    expect(text).toContain('Source: documentation of the DDI (wdm)');
    expect(text).toContain('**The IRQL is DISPATCH\\_LEVEL.**');
    expect(text).toContain(`[line ${line('KeAcquireSpinLock') + 1}](${client.uri(file)}#L${line('KeAcquireSpinLock') + 1})`);
  });

  it('on a lock: where it was acquired', async () => {
    expect(await over('KeReleaseSpinLock')).toMatch(/`(?:&)?Dev->Lock` was acquired at \[line 29\]/);
  });

  it('on a function: role, entry level, inferred summary, registration', async () => {
    const text = await over('DevDpc', 2);
    expect(text).toContain('role `KDEFERRED_ROUTINE` (declared, [line 4]');
    expect(text).toContain('registered as `KDEFERRED_ROUTINE` at [line 28]');
    expect(text).toContain('entered at **DISPATCH_LEVEL**');
    expect(text).toContain('inferred: returns at the level it was entered at');
    expect(await over('DevFlush(dev)')).toMatch(/inferred: needs <= APC_LEVEL \(`KeWaitForSingleObject`, \[flush\.c:6\]/);
  });

  it('on an annotation: what it means', async () => {
    expect(await over('_IRQL_requires_max_')).toContain('callers must be at PASSIVE_LEVEL (0) or below');
  });

  it('on a role type: its signature and levels', async () => {
    expect(await over('KDEFERRED_ROUTINE')).toContain('runs at **DISPATCH_LEVEL**');
  });

  it('anywhere in a body: the level', async () => {
    expect(await over('Count++')).toContain('**The IRQL is DISPATCH\\_LEVEL.**');
  });

  it('in a comment or outside of everything: nothing', async () => {
    expect(await client.hover(file, { line: 4, character: 0 })).toBeNull();
    await client.change(file, { text: `/* KeAcquireSpinLock */\n${device}` });
    expect(await client.hover(file, { line: 0, character: 6 })).toBeNull();
  });
});

it('inlay hints show levels at heads and after changes, as configured', async () => {
  const hints = await client.request<InlayHint[]>('textDocument/inlayHint', file, { range: whole });
  expect(hints.map((h) => [h.position.line, h.label])).toEqual([
    [line('static VOID DevWorker'), 'IRQL PASSIVE'], [line('VOID DevDpc'), 'IRQL DISPATCH'], [line('NTSTATUS DevStart'), 'IRQL PASSIVE'],
    [line('KeAcquireSpinLock'), '→ DISPATCH'], [line('KeReleaseSpinLock'), '→ PASSIVE'],
  ]);
});

it('code lenses show roles with the registration, and the levels of callers', async () => {
  const lenses = await client.request<CodeLens[]>('textDocument/codeLens', file);
  const resolved = await Promise.all(lenses.map((l) => client.connection.sendRequest<CodeLens>('codeLens/resolve', l)));
  expect(resolved.map((l) => [l.range.start.line, l.command?.title])).toEqual([
    [line('static VOID DevWorker'), 'KSTART_ROUTINE · registered in DevStart'], [line('VOID DevDpc'), 'KDEFERRED_ROUTINE · registered in DevStart'],
  ]);
  const [, , places] = resolved[0].command!.arguments as [string, unknown, Location[]];
  expect(places).toEqual([{ uri: client.uri(file), range: { start: positionOf(device, 'DevWorker, Dev'), end: positionOf(device, 'DevWorker, Dev', 1, 'DevWorker'.length) } }]);
  const flush = path.join(folder, 'flush.c');
  await client.open(flush);
  const [callers] = await client.request<CodeLens[]>('textDocument/codeLens', flush);
  expect((await client.connection.sendRequest<CodeLens>('codeLens/resolve', callers)).command?.title).toBe('called from 2 places at PASSIVE..DISPATCH');
});

it('document symbols have roles and levels', async () => {
  const symbols = await client.request<DocumentSymbol[]>('textDocument/documentSymbol', file);
  expect(symbols.map((s) => [s.name, s.detail])).toEqual([['DevWorker', 'KSTART_ROUTINE · PASSIVE'], ['DevDpc', 'KDEFERRED_ROUTINE · DISPATCH'], ['DevStart', 'PASSIVE']]);
});

it('goes to registrations, definitions and role declarations', async () => {
  const at = async (method: string, word: string, n: number): Promise<Location[]> => client.request<Location[]>(method, file, { position: positionOf(device, word, n, 1) });
  expect(await at('textDocument/definition', 'DevDpc', 2)).toEqual([{ uri: client.uri(file), range: { start: positionOf(device, 'DevDpc', 3), end: positionOf(device, 'DevDpc', 3, 6) } }]);
  expect((await at('textDocument/definition', 'DevFlush', 1))[0].uri).toBe(client.uri(path.join(folder, 'flush.c')));
  expect(await at('textDocument/declaration', 'DevDpc', 2)).toEqual([{ uri: client.uri(file), range: { start: positionOf(device, 'DevDpc'), end: positionOf(device, 'DevDpc', 1, 6) } }]);
});

it('tells the lines that run raised, the level at a place, and the coverage', async () => {
  expect(await client.request('drvlint/raisedLines', file)).toEqual([
    { from: line('PDEV dev', 2), to: line('DevFlush(dev)', 2) + 1, level: 'DISPATCH', mask: 4 }, { from: line('Dev->Count++'), to: line('KeReleaseSpinLock'), level: 'DISPATCH', mask: 4 },
  ]);
  expect(await client.request('drvlint/levelAt', file, { position: positionOf(device, 'Dev->Count++') })).toContain('**The IRQL is DISPATCH\\_LEVEL.**');
  expect(await client.request('drvlint/coverage', file)).toEqual({ functions: 3, analysed: 3, project: path.basename(folder), findings: { error: 1, warning: 2, info: 0, suppressed: 0 } });
  expect(await client.connection.sendRequest('drvlint/report')).toContain('1 errors, 2 warnings, 0 infos');
  expect(await client.connection.sendRequest('drvlint/rulePage', { rule: 'unused-suppression' })).toContain('unused-suppression');
});
