// The server as a process: what it offers, how it is configured, several folders, clients that ask, and everything that can go wrong.

import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Diagnostic, TextDocumentContentChangeEvent } from 'vscode-languageserver-types';
import { addFiles, scratch } from '../harness/scratch.js';
import { applyEdit, Random, randomEdit } from '../harness/random-edits.js';
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

describe('what it offers', () => {
  it('is told at the start, and it leaves when told to', async () => {
    const client = await start({ folders: [scratch(sample)] });
    expect(client.initializeResult?.serverInfo).toEqual({ name: 'drvlint', version: '0.1.0' });
    expect(client.initializeResult?.capabilities).toMatchObject({
      positionEncoding: 'utf-16', hoverProvider: true, inlayHintProvider: true, codeLensProvider: { resolveProvider: true }, documentSymbolProvider: true, definitionProvider: true,
      codeActionProvider: { codeActionKinds: ['quickfix', 'refactor.rewrite', 'source.fixAll.drvlint'] },
      executeCommandProvider: { commands: ['drvlint.showRulePage', 'drvlint.addToBaseline', 'drvlint.showPlaces'] },
    });
    expect(client.initializeResult?.capabilities.diagnosticProvider).toBeUndefined();
    expect(await client.stop()).toBe(0);
  });

  it('leaves commands to a client that has them', async () => {
    const client = await start({ folders: [], initializationOptions: { clientCommands: ['drvlint.showRulePage', 'drvlint.showPlaces'] } });
    expect(client.initializeResult?.capabilities.executeCommandProvider).toEqual({ commands: ['drvlint.addToBaseline'] });
  });
});

describe('a client that asks for diagnostics', () => {
  const pulling = { ...capable, textDocument: { ...capable.textDocument, diagnostic: {} }, workspace: { ...capable.workspace, diagnostics: { refreshSupport: true } } };
  interface Report { kind: string; resultId: string; items?: Diagnostic[] }

  it('gets them when it asks, and nothing when nothing has changed', async () => {
    const folder = scratch(sample);
    const file = path.join(folder, 'dev.c');
    const client = await start({ folders: [folder], capabilities: pulling });
    expect(client.initializeResult?.capabilities.diagnosticProvider).toMatchObject({ interFileDependencies: true });
    void client.open(file);
    const full = await client.request<Report>('textDocument/diagnostic', file);
    expect(codes(full.items ?? [])).toEqual(expected);
    expect(await client.request<Report>('textDocument/diagnostic', file, { previousResultId: full.resultId })).toEqual({ kind: 'unchanged', resultId: full.resultId });
    expect(client.published).toEqual([]);
  });

  it('is told to ask again when another file changes what was found', async () => {
    const folder = scratch(sample);
    const client = await start({ folders: [folder], capabilities: pulling });
    const [file, flush] = ['dev.c', 'flush.c'].map((f) => path.join(folder, f));
    void client.open(file);
    void client.open(flush);
    await client.request('textDocument/diagnostic', file);
    client.send(flush, { text: 'int nothing;\n' });
    for (let i = 0; i < 500 && !client.asked.some((a) => a.method === 'workspace/diagnostic/refresh'); i++) await new Promise((r) => setTimeout(r, 20));
    expect(client.asked.map((a) => a.method)).toContain('workspace/diagnostic/refresh');
    expect(codes((await client.request<Report>('textDocument/diagnostic', file)).items ?? [])).toEqual(expected.slice(0, 2));
  });

  it('is told to ask again when the text changed while it waited', async () => {
    const folder = scratch(sample);
    const file = path.join(folder, 'dev.c');
    const client = await start({ folders: [folder], capabilities: pulling, initializationOptions: { settings: { debounce: 300 } } });
    void client.open(file);
    await client.request('textDocument/diagnostic', file);
    client.send(file, { text: `${device}\n` });
    const asked = client.request('textDocument/diagnostic', file);
    client.send(file, { text: `${device}\n\n` });
    await expect(asked).rejects.toMatchObject({ code: -32802, data: { retriggerRequest: true } });
  });
});

describe('configuration', () => {
  it('comes from the client, and changes at once', async () => {
    const folder = scratch(sample);
    const file = path.join(folder, 'dev.c');
    const settings: Record<string, unknown> = { debounce: 0, rules: { C28121: 'off' } };
    const client = await start({ folders: [folder], capabilities: { ...capable, workspace: { ...capable.workspace, configuration: true } }, settings });
    expect(codes(await client.open(file))).toEqual(expected.slice(0, 2));
    settings.rules = { 'role-type-declaration': 'error', 'use-decl-annotations': 'off' };
    await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
    expect((await client.until(file, (all) => all.some((d) => d.code === 'irql-too-high'))).map((d) => [d.code, d.severity])).toEqual([['role-type-declaration', 1], ['irql-too-high', 1]]);
    settings.enable = false;
    await client.connection.sendNotification('workspace/didChangeConfiguration', { settings: null });
    expect(await client.until(file, (all) => all.length === 0)).toEqual([]);
  });

  it('of the wrong kind counts as not set', async () => {
    const folder = scratch(sample);
    const settings = { enable: 'yes', preset: 7, rules: ['x'], defines: 'A', debounce: Number.NaN, inlayHints: null, level: 'loud' };
    const client = await start({ folders: [folder], initializationOptions: { settings } });
    expect(codes(await client.open(path.join(folder, 'dev.c')))).toEqual(expected);
  });

  it('in a file is data: a broken one is told, and nothing in the folder is run', async () => {
    const folder = scratch({ ...sample, 'drvlint.config.json': '{ "rules": { "irql-too-hihg": "off" } }', 'drvlint.config.js': 'require("fs").writeFileSync(__dirname + "/ran", "")', 'package.json': '{ "scripts": { "postinstall": "touch ran" } }' });
    const client = await start({ folders: [folder] });
    expect(codes(await client.open(path.join(folder, 'dev.c')))).toEqual(expected);
    const told = client.asked.filter((n) => n.method === 'window/showMessageRequest').map((n) => (n.params as { message: string }).message);
    expect(told).toEqual([expect.stringContaining('drvlint.config.json:1:14: unknown rule "irql-too-hihg"; did you mean "irql-too-high"?')]);
    expect(fs.existsSync(path.join(folder, 'ran'))).toBe(false);
  });
});

describe('folders', () => {
  it('are apart: the same names in two of them are two things', async () => {
    const [a, b] = [scratch(sample), scratch({ ...sample, 'flush.c': 'int nothing;\n' })];
    const client = await start({ folders: [a, b] });
    expect(codes(await client.open(path.join(a, 'dev.c')))).toEqual(expected);
    expect(codes(await client.open(path.join(b, 'dev.c')))).toEqual(expected.slice(0, 2));
  });

  it('come and go', async () => {
    const [a, b] = [scratch(sample), scratch(sample)];
    const client = await start({ folders: [a] });
    const file = path.join(b, 'dev.c');
    // Outside of all folders, what belongs to it is found around it; a folder without a build file is no project.
    await client.open(file);
    await client.connection.sendNotification('workspace/didChangeWorkspaceFolders', { event: { added: [{ uri: client.uri(b), name: 'b' }], removed: [{ uri: client.uri(a), name: 'a' }] } });
    expect(codes(await client.until(file, (all) => all.some((d) => d.code === 'irql-too-high')))).toEqual(expected);
  });

  it('are not needed for a single file', async () => {
    const folder = scratch(sample);
    const client = await start({ folders: [] });
    expect(codes(await client.open(path.join(folder, 'dev.c')))).toEqual(expected.slice(0, 2));
  });
});

describe('the disk', () => {
  it('may change under it: files appear, change and go', async () => {
    const folder = scratch({ 'dev.h': sample['dev.h'], 'dev.c': device });
    const file = path.join(folder, 'dev.c');
    const client = await start({ folders: [folder] });
    expect(codes(await client.open(file))).toEqual(expected.slice(0, 2));
    const flush = path.join(folder, 'flush.c');
    const touch = (type: number) => client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: client.uri(flush), type }] });
    fs.writeFileSync(flush, sample['flush.c']);
    await touch(1);
    expect(codes(await client.until(file, (all) => all.length === 3))).toEqual(expected);
    fs.writeFileSync(flush, 'NTSTATUS DevFlush(void *Dev)\n{\n    return 0;\n}\n');
    await touch(2);
    expect(codes(await client.until(file, (all) => all.length === 2))).toEqual(expected.slice(0, 2));
    fs.writeFileSync(flush, sample['flush.c']);
    await touch(2);
    expect(codes(await client.until(file, (all) => all.length === 3))).toEqual(expected);
    fs.rmSync(flush);
    await touch(3);
    expect(codes(await client.until(file, (all) => all.length === 2))).toEqual(expected.slice(0, 2));
    // The open file itself goes; its buffer stays.
    fs.rmSync(file);
    await client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes: [{ uri: client.uri(file), type: 3 }] });
    expect(codes(await client.change(file, { text: `${device}\n` }))).toEqual(expected.slice(0, 2));
  });

  it('is looked at again on saving where the client does not watch it', async () => {
    const folder = scratch(sample);
    const file = path.join(folder, 'dev.c');
    const client = await start({ folders: [folder], capabilities: { ...capable, workspace: {} } });
    expect(codes(await client.open(file))).toEqual(expected);
    fs.writeFileSync(path.join(folder, 'flush.c'), 'int nothing;\n');
    await client.connection.sendNotification('textDocument/didSave', { textDocument: { uri: client.uri(file) } });
    expect(codes(await client.until(file, (all) => all.length === 2))).toEqual(expected.slice(0, 2));
  });

  it('keeps the findings of the last session for a quick start', async () => {
    const [folder, cache] = [scratch(sample), scratch()];
    const file = path.join(folder, 'dev.c');
    const first = await start({ folders: [folder], cache });
    const found = await first.open(file);
    for (let i = 0; i < 200 && !fs.existsSync(path.join(cache, 'drvlint', 'findings')); i++) await new Promise((r) => setTimeout(r, 20));
    await first.stop();
    const second = await start({ folders: [folder], cache });
    expect(await second.open(file)).toEqual(found);
    await second.stop();
    // What is remembered of other texts does not count.
    fs.writeFileSync(path.join(folder, 'flush.c'), 'int nothing;\n');
    const third = await start({ folders: [folder], cache });
    expect(codes(await third.open(file))).toEqual(expected.slice(0, 2));
  });
});

describe('bad input', () => {
  const everything = async (client: Client, file: string): Promise<void> => {
    const range = { start: { line: 0, character: 0 }, end: { line: 5000, character: 0 } };
    await Promise.all([
      client.hover(file, { line: 20, character: 6 }), client.actions(file, range), client.request('textDocument/inlayHint', file, { range }), client.request('textDocument/documentSymbol', file),
      client.request('textDocument/codeLens', file), client.request('textDocument/definition', file, { position: { line: 5, character: 3 } }), client.request('drvlint/raisedLines', file),
    ].map((p) => p.catch((e: { code?: number }) => expect([-32800, -32801, -32802]).toContain(e.code))));
  };

  it('edits that break the file in every way, faster than it can be analysed', async () => {
    const folder = scratch(sample);
    const file = path.join(folder, 'dev.c');
    const client = await start({ folders: [folder] });
    const found = await client.open(file);
    const random = new Random(4711);
    let text = device;
    for (let i = 0; i < 200; i++) {
      const edit = randomEdit(random, text);
      const before = { lines: text.split('\n') };
      const at = (offset: number) => {
        const lines = text.slice(0, offset).split('\n');
        return { line: Math.min(lines.length - 1, before.lines.length), character: lines.at(-1)!.length };
      };
      client.send(file, { range: { start: at(edit.start), end: at(edit.end) }, text: edit.text });
      text = applyEdit(text, edit);
      if (i % 10 === 0) void everything(client, file);
    }
    await everything(client, file);
    expect(await client.change(file, { text: device })).toEqual(found);
    expect(client.logged).toEqual([]);
  });

  it('ranges and positions that are none', async () => {
    const folder = scratch(sample);
    const file = path.join(folder, 'dev.c');
    const client = await start({ folders: [folder] });
    const found = await client.open(file);
    const far = { line: 100_000, character: 100_000 };
    for (const position of [far, { line: -1, character: -5 }, { line: 3, character: 9999 }, { line: 1.5, character: 0.5 }]) {
      await client.hover(file, position);
      await client.request('textDocument/definition', file, { position });
      await client.actions(file, { start: far, end: position });
    }
    client.send(file, { range: { start: far, end: { line: 0, character: 0 } }, text: 'x' } as TextDocumentContentChangeEvent);
    client.send(file, { range: { start: { line: null, character: 0 }, end: far }, text: 'y' } as unknown as TextDocumentContentChangeEvent);
    client.send(file, { text: undefined } as unknown as TextDocumentContentChangeEvent);
    expect(await client.change(file, { text: device })).toEqual(found);
  });

  it('documents that were never opened, opened twice, of no file, of a broken URI', async () => {
    const folder = scratch(sample);
    const file = path.join(folder, 'dev.c');
    const client = await start({ folders: [folder] });
    client.send(path.join(folder, 'other.c'), { text: 'int x;' });
    await client.close(path.join(folder, 'other.c'));
    expect(await client.hover(path.join(folder, 'other.c'), { line: 0, character: 0 })).toBeNull();
    for (const uri of ['untitled:Untitled-1', 'not a uri', 'file:', 'git:/x/dev.c?%7B%7D']) {
      await client.connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'c', version: 1, text: device } });
      expect(await client.connection.sendRequest('textDocument/hover', { textDocument: { uri }, position: { line: 0, character: 0 } })).toBeNull();
    }
    await client.open(file, 'int x;\n');
    await client.open(file);
    expect(codes(await client.until(file, (all) => all.length === 3))).toEqual(expected);
    await expect(client.connection.sendRequest('workspace/executeCommand', { command: 'drvlint.showRulePage', arguments: ['../../etc/passwd'] })).rejects.toMatchObject({ code: -32602 });
    await expect(client.connection.sendRequest('workspace/executeCommand', { command: 'rm' })).rejects.toMatchObject({ code: -32602 });
  });

  it('buffers that are not text, with lone surrogates, NULs, byte order marks, other line ends', async () => {
    const folder = scratch(sample);
    const file = path.join(folder, 'dev.c');
    const client = await start({ folders: [folder] });
    const found = await client.open(file);
    for (const text of ['\u0000\u0001\ud800', '\uFFFD\uFFFE'.repeat(1000), '{'.repeat(5000), '#if\n'.repeat(3000), '/*', '"', '\\', `${device.slice(0, 200)}\ud83d`]) await client.change(file, { text });
    const crlf = device.replaceAll('\n', '\r\n');
    expect((await client.change(file, { text: crlf })).map((d) => d.range)).toEqual(found.map((d) => d.range));
    expect(codes(await client.change(file, { text: `\uFEFF${device}` }))).toEqual(codes(found));
    expect(await client.change(file, { text: device })).toEqual(found);
  });

  it('a file of 5 MB', async () => {
    const folder = scratch(sample);
    const file = path.join(folder, 'dev.c');
    const client = await start({ folders: [folder] });
    const found = await client.open(file);
    const filler = Array.from({ length: 60_000 }, (_, i) => `static int Filler${i}(int x)\n{\n    return x + ${i} + (x << 3) - Other(x);\n}\n`).join('');
    expect(filler.length).toBeGreaterThan(4_500_000);
    // What is known without levels may come first.
    await client.change(file, { text: device + filler });
    expect(codes(await client.until(file, (all) => all.length === 3))).toEqual(expected);
    expect(await client.change(file, { text: device })).toEqual(found);
  }, 240_000);

  it('a client that dies takes the server with it', async () => {
    const folder = scratch(sample);
    const client = await start({ folders: [folder] });
    await client.open(path.join(folder, 'dev.c'));
    client.process.stdin!.destroy();
    expect(await client.exitCode).toBe(1);
  });

  it('ten thousand files: it answers while it reads, and only what is open is read', async () => {
    const folder = scratch(sample);
    for (let d = 0; d < 100; d++) {
      addFiles(folder, Object.fromEntries([['sources', 'TARGETNAME=x\n'], ...Array.from({ length: 100 }, (_, i) => [`f${i}.c`, `#include "dev.h"\nint F${d}_${i}(int x)\n{\n    return x;\n}\n`])].map(([name, text]) => [`d${d}/${name}`, text])));
    }
    const client = await start({ folders: [folder] });
    const found = await client.open(path.join(folder, 'dev.c'));
    expect(codes(found)).toEqual(expected);
    expect(codes(await client.open(path.join(folder, 'd7', 'f7.c')))).toEqual([]);
    expect(await client.hover(path.join(folder, 'd7', 'f7.c'), positionOf('#include "dev.h"\nint F7_7(int x)', 'F7_7'))).not.toBeNull();
    const rss = Number(/VmRSS:\s+(\d+)/.exec(fs.readFileSync(`/proc/${client.process.pid}/status`, 'utf8'))?.[1]) / 1024;
    expect(rss).toBeLessThan(600);
  }, 120_000);
});
