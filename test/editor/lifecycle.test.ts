// Between client and server: requests that are called off, progress while a project is read, tags, files that are renamed or go, folders
// that come before the server is ready, parameters of no known shape, folders nobody trusts.

import fs from 'node:fs';
import path from 'node:path';
import { CancellationTokenSource } from 'vscode-jsonrpc/node';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Diagnostic } from 'vscode-languageserver-types';
import { addFiles, scratch } from '../harness/scratch.js';
import { capable, Client, positionOf, type ClientOptions } from './client.js';
import { device, sample } from './sample.js';

async function start(options: ClientOptions): Promise<Client> {
  const client = await Client.start({ initializationOptions: { settings: { debounce: 0 } }, ...options });
  onTestFinished(async () => {
    if (client.process.exitCode === null) client.process.kill();
    await client.exitCode;
  });
  return client;
}

const codes = (list: readonly Diagnostic[]): unknown[] => list.map((d) => d.code);
const expected = ['role-type-declaration', 'use-decl-annotations', 'irql-too-high'];

/** Headers and sources enough that reading them takes a while. */
function manyFiles(count: number): Record<string, string> {
  const body = Array.from({ length: 60 }, (_, i) => `static int Part${i}(int x)\n{\n    if (x > ${i}) return x - ${i};\n    return x + ${i};\n}\n`).join('');
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`more${i}.c`, `#include "dev.h"\n${body}`]));
}

describe('a request that is called off', () => {
  it('is answered as cancelled, and the next one gets its result', async () => {
    const folder = scratch({ ...sample, ...manyFiles(40) });
    const file = path.join(folder, 'dev.c');
    const client = await start({ folders: [folder] });
    void client.open(file);
    const [source, position] = [new CancellationTokenSource(), positionOf(device, 'DevFlush(dev)', 1, 2)];
    const textDocument = { uri: client.uri(file) };
    const hover = client.connection.sendRequest('textDocument/hover', { textDocument, position }, source.token);
    const symbols = client.connection.sendRequest('textDocument/documentSymbol', { textDocument }, source.token);
    source.cancel();
    await expect(hover).rejects.toMatchObject({ code: -32800 });
    await expect(symbols).rejects.toMatchObject({ code: -32800 });
    expect((await client.hover(file, position))?.contents.value).toContain('DevFlush');
    expect(client.logged).toEqual([]);
  });
});

describe('progress', () => {
  const progressOf = (client: Client): { kind: string; title?: string; message?: string; percentage?: number }[] =>
    client.notified.filter((n) => n.method === '$/progress').map((n) => (n.params as { value: { kind: string } }).value);

  it('begins, tells how far it is, and ends', async () => {
    const folder = scratch({ ...sample, ...manyFiles(120) });
    const client = await start({ folders: [folder] });
    await client.open(path.join(folder, 'dev.c'));
    for (let i = 0; i < 500 && progressOf(client).at(-1)?.kind !== 'end'; i++) await new Promise((r) => setTimeout(r, 20));
    const told = progressOf(client);
    expect(told[0]).toMatchObject({ kind: 'begin', title: 'drvlint' });
    expect(told.at(-1)).toEqual({ kind: 'end' });
    const between = told.slice(1, -1);
    expect(between.length).toBeGreaterThan(0);
    for (const { kind, message, percentage } of between) expect([kind, message, percentage! >= 0 && percentage! <= 100]).toEqual(['report', expect.stringMatching(/: \d+ of \d+ files$/), true]);
    expect(client.asked.map((a) => a.method)).toContain('window/workDoneProgress/create');
  });

  it('is not told to a client that does not show it', async () => {
    const folder = scratch({ ...sample, ...manyFiles(60) });
    const client = await start({ folders: [folder], capabilities: { ...capable, window: {} } });
    await client.open(path.join(folder, 'dev.c'));
    expect(progressOf(client)).toEqual([]);
    expect(client.asked.map((a) => a.method)).not.toContain('window/workDoneProgress/create');
  });
});

describe('tags', () => {
  const driver = '#include <ntddk.h>\n#pragma warning(suppress: 28121)\nVOID Nothing(VOID);\nPVOID Get(SIZE_T n)\n{\n    return ExAllocatePoolWithTag(NonPagedPool, n, 1);\n}\n';
  const tagged = (list: readonly Diagnostic[]): unknown[] => list.filter((d) => d.tags).map((d) => [d.code, d.tags]);

  it('say what is deprecated and what is not needed', async () => {
    const folder = scratch({ 'a.c': driver });
    const client = await start({ folders: [folder], initializationOptions: { settings: { debounce: 0, preset: 'all', level: 'info' } } });
    const found = tagged(await client.open(path.join(folder, 'a.c')));
    expect(found).toContainEqual(['unused-suppression', [1]]);
    expect(found).toContainEqual(['wdk-deprecated-apis', [2]]);
  });

  it('are left out for a client that has none', async () => {
    const folder = scratch({ 'a.c': driver });
    const client = await start({ folders: [folder], capabilities: { textDocument: { publishDiagnostics: {} } }, initializationOptions: { settings: { debounce: 0, preset: 'all', level: 'info' } } });
    expect(tagged(await client.open(path.join(folder, 'a.c')))).toEqual([]);
  });
});

describe('files on disk', () => {
  const told = (client: Client, changes: Record<string, number>): Promise<void> => client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: Object.entries(changes).map(([file, type]) => ({ uri: client.uri(file), type })) });

  it('may be renamed: what they define stays known under the new name', async () => {
    const folder = scratch(sample);
    const [file, from, to] = ['dev.c', 'flush.c', 'sub/wait.c'].map((f) => path.join(folder, f));
    const client = await start({ folders: [folder] });
    const flowFiles = (list: readonly Diagnostic[]): string[] => list.flatMap((d) => d.relatedInformation ?? []).map((r) => path.basename(r.location.uri));
    expect(flowFiles(await client.open(file))).toContain('flush.c');
    addFiles(folder, { 'sub/wait.c': sample['flush.c'].replace('"dev.h"', '"../dev.h"') });
    fs.rmSync(from);
    await told(client, { [from]: 3, [to]: 1 });
    const after = await client.until(file, (all) => flowFiles(all).includes('wait.c'));
    expect(codes(after)).toEqual(expected);
    expect(flowFiles(after)).not.toContain('flush.c');
  });

  it('may be renamed while they are open', async () => {
    const folder = scratch(sample);
    const [from, to] = ['dev.c', 'renamed.c'].map((f) => path.join(folder, f));
    const client = await start({ folders: [folder] });
    expect(codes(await client.open(from))).toEqual(expected);
    fs.renameSync(from, to);
    await client.close(from);
    await told(client, { [from]: 3, [to]: 1 });
    expect(codes(await client.open(to))).toEqual(expected);
    expect(client.published.findLast((p) => p.uri === client.uri(from))?.diagnostics).toEqual([]);
  });

  it('may go with their folder', async () => {
    const folder = scratch({ 'dev.h': sample['dev.h'], 'dev.c': device, 'sub/flush.c': sample['flush.c'].replace('"dev.h"', '"../dev.h"') });
    const file = path.join(folder, 'dev.c');
    const client = await start({ folders: [folder] });
    expect(codes(await client.open(file))).toEqual(expected);
    fs.rmSync(path.join(folder, 'sub'), { recursive: true });
    await told(client, { [path.join(folder, 'sub')]: 3 });
    expect(codes(await client.until(file, (all) => all.length === 2))).toEqual(expected.slice(0, 2));
  });
});

describe('several folders', () => {
  it('may be named before the server is ready', async () => {
    const [a, b] = [scratch(sample), scratch({ ...sample, 'flush.c': 'int nothing;\n' })];
    const client = await start({ folders: [] });
    void client.connection.sendNotification('workspace/didChangeWorkspaceFolders', { event: { added: [a, b].map((f) => ({ uri: client.uri(f), name: f })), removed: [] } });
    expect(codes(await client.open(path.join(a, 'dev.c')))).toEqual(expected);
    expect(codes(await client.open(path.join(b, 'dev.c')))).toEqual(expected.slice(0, 2));
  });

  it('may lie in each other: the inner one answers for its files, with its own configuration', async () => {
    const folder = scratch({ ...sample, 'inner/drvlint.config.json': '{ "root": true, "rules": { "irql-too-high": "off" } }', ...Object.fromEntries(Object.entries(sample).map(([n, t]) => [`inner/${n}`, t])) });
    const client = await start({ folders: [folder, path.join(folder, 'inner')] });
    expect(codes(await client.open(path.join(folder, 'inner', 'dev.c')))).toEqual(expected.slice(0, 2));
    await client.connection.sendNotification('workspace/didChangeWorkspaceFolders', { event: { added: [], removed: [{ uri: client.uri(path.join(folder, 'inner')), name: 'inner' }] } });
    expect(codes(await client.until(path.join(folder, 'inner', 'dev.c'), (all) => all.length === 2))).toEqual(expected.slice(0, 2));
  });
});

describe('parameters of no known shape', () => {
  it('are answered as such and cost nothing else', async () => {
    const folder = scratch(sample);
    const file = path.join(folder, 'dev.c');
    const client = await start({ folders: [folder] });
    const found = await client.open(file);
    const textDocument = { uri: client.uri(file) };
    const bad: [string, unknown][] = [
      ['textDocument/hover', {}], ['textDocument/hover', { textDocument }], ['textDocument/definition', { textDocument: { uri: 7 }, position: { line: 0, character: 0 } }], ['textDocument/declaration', { textDocument, position: { line: 'x' } }],
      ['textDocument/inlayHint', { textDocument }], ['textDocument/codeAction', { textDocument }], ['textDocument/codeLens', { textDocument: null }], ['codeLens/resolve', { range: null }], ['textDocument/documentSymbol', {}],
      ['textDocument/diagnostic', {}], ['workspace/executeCommand', {}], ['workspace/executeCommand', { command: 'drvlint.addToBaseline' }], ['drvlint/coverage', {}], ['drvlint/levelAt', { textDocument }], ['drvlint/raisedLines', null],
    ];
    for (const [method, params] of bad) await expect(client.connection.sendRequest(method, params), method).rejects.toMatchObject({ code: -32602 });
    expect(await client.connection.sendRequest('drvlint/rulePage', { rule: '../packages/language-server' })).toBeNull();
    expect(await client.connection.sendRequest('workspace/executeCommand', { command: 'drvlint.showPlaces', arguments: [1, 2, [{ uri: 'x' }]] })).toBeNull();
    for (const [method, params] of [['textDocument/didOpen', { textDocument: {} }], ['textDocument/didOpen', { textDocument }], ['textDocument/didChange', { textDocument }], ['textDocument/didClose', {}], ['textDocument/didSave', { textDocument: 7 }], ['workspace/didChangeWatchedFiles', { changes: [null, {}] }], ['workspace/didChangeWorkspaceFolders', {}], ['workspace/didChangeConfiguration', {}]] as const) void client.connection.sendNotification(method, params);
    // Without a version the text counts even so.
    void client.connection.sendNotification('textDocument/didChange', { textDocument: { ...textDocument, version: null }, contentChanges: [{ text: 'int x;\n' }] });
    expect(await client.until(file, (all) => all.length === 0)).toEqual([]);
    expect(await client.change(file, { text: device })).toEqual(found);
    expect([client.logged, client.stderr]).toEqual([[], '']);
  });

  it('do not keep the server from starting', async () => {
    const client = await start({ folders: [], capabilities: { workspace: { workspaceFolders: true } } });
    expect(await client.connection.sendRequest('drvlint/report')).toContain('No C or C++ file is open.');
  });
});

describe('a folder nobody trusts', () => {
  it('runs nothing and is not written to, whatever is opened and asked', async () => {
    const run = 'require("node:fs").writeFileSync(require("node:path").join(__dirname, "ran"), "")';
    const hostile = {
      'drvlint.config.js': run, 'drvlint.config.mjs': run, 'eslint.config.js': run, 'index.js': run, '.vscode/settings.json': '{ "drvlint.path": "./run.sh" }', 'run.sh': '#!/bin/sh\ntouch ran\n', Makefile: '$(shell touch ran)\nall:\n\ttouch ran\n',
      'package.json': '{ "main": "index.js", "scripts": { "preinstall": "touch ran", "postinstall": "touch ran" } }', 'node_modules/@drvlint/rules/package.json': '{ "main": "index.js" }', 'node_modules/@drvlint/rules/index.js': run,
      'Directory.Build.props': '<Project><Target Name="x" BeforeTargets="Build"><Exec Command="touch ran"/></Target><PropertyGroup><X>$([System.IO.File]::WriteAllText(\'ran\', \'\'))</X></PropertyGroup></Project>',
      'drv.vcxproj': '<Project><Import Project="Directory.Build.props"/><ItemGroup><ClCompile Include="dev.c"/><ClCompile Include="flush.c"/></ItemGroup><Target Name="Build"><Exec Command="touch ran"/></Target></Project>',
      'drvlint.config.json': '{ "extends": "./drvlint.config.js", "plugins": ["./index.js"], "baseline": "../outside.json" }',
    };
    const folder = scratch({ ...sample, ...hostile });
    const before = fs.readdirSync(folder, { recursive: true }).sort();
    const file = path.join(folder, 'dev.c');
    const client = await start({ folders: [folder] });
    await client.open(file);
    const range = { start: { line: 0, character: 0 }, end: { line: 500, character: 0 } };
    await Promise.all([client.hover(file, { line: 8, character: 6 }), client.actions(file, range), client.request('textDocument/codeLens', file), client.request('drvlint/coverage', file)]);
    expect(fs.readdirSync(folder, { recursive: true }).sort()).toEqual(before);
    expect(fs.existsSync(path.join(folder, '..', 'outside.json'))).toBe(false);
  });
});
