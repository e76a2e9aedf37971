// A client of the language server for tests: the built server as a process, spoken to over its standard input and output.

import { spawn, type ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { createMessageConnection, StreamMessageReader, StreamMessageWriter, type MessageConnection } from 'vscode-jsonrpc/node';
import type { CodeAction, Diagnostic, Position, PublishDiagnosticsParams, Range, TextDocumentContentChangeEvent } from 'vscode-languageserver-types';
import { root } from '../harness/fixtures.js';

const bin = path.join(root, 'packages/language-server/bin/drvlint-language-server.js');

export interface ClientOptions {
  folders: readonly string[];
  capabilities?: Record<string, unknown>;
  initializationOptions?: Record<string, unknown>;
  /** Answer to workspace/configuration. */
  settings?: unknown;
  /** Folder of the server's memory. */
  cache?: string;
}

/** What a capable editor says it can do. */
export const capable = {
  textDocument: {
    publishDiagnostics: { relatedInformation: true, tagSupport: { valueSet: [1, 2] }, codeDescriptionSupport: true, versionSupport: true, dataSupport: true },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix', 'refactor', 'source'] } } },
  },
  workspace: { workspaceEdit: { documentChanges: true, resourceOperations: ['create'] }, applyEdit: true, workspaceFolders: true, didChangeWatchedFiles: { dynamicRegistration: true } },
  window: { workDoneProgress: true, showDocument: { support: true } },
};

export class Client {
  readonly connection: MessageConnection;
  readonly process: ChildProcess;
  readonly published: PublishDiagnosticsParams[] = [];
  readonly notified: { method: string; params: unknown }[] = [];
  readonly asked: { method: string; params: unknown }[] = [];
  readonly logged: string[] = [];
  stderr = '';
  initializeResult: { capabilities: Record<string, unknown>; serverInfo: { name: string; version: string } } | undefined;
  readonly #versions = new Map<string, number>();
  readonly #waiting: { uri: string; version: number; resolve(d: Diagnostic[]): void }[] = [];
  exitCode: Promise<number | null>;

  private constructor(options: ClientOptions) {
    this.process = spawn(process.execPath, [bin, '--stdio'], { stdio: 'pipe', env: { ...process.env, XDG_CACHE_HOME: options.cache ?? '/dev/null' } });
    this.process.stderr?.on('data', (text: Buffer) => { this.stderr += String(text); });
    this.exitCode = new Promise((resolve) => this.process.on('exit', resolve));
    this.connection = createMessageConnection(new StreamMessageReader(this.process.stdout!), new StreamMessageWriter(this.process.stdin!));
    this.connection.onNotification('textDocument/publishDiagnostics', (p: PublishDiagnosticsParams) => this.#publish(p));
    this.connection.onNotification('window/logMessage', ({ message }: { message: string }) => void this.logged.push(message));
    this.connection.onNotification((method, params) => void this.notified.push({ method, params }));
    this.connection.onUnhandledProgress((params) => void this.notified.push({ method: '$/progress', params }));
    this.connection.onRequest('workspace/configuration', () => [options.settings ?? null]);
    this.connection.onRequest('workspace/applyEdit', (params: unknown) => {
      this.asked.push({ method: 'workspace/applyEdit', params });
      return { applied: true };
    });
    this.connection.onRequest((method, params) => {
      this.asked.push({ method, params });
      return null;
    });
    this.connection.onError(() => undefined);
    this.connection.listen();
  }

  static async start(options: ClientOptions): Promise<Client> {
    const client = new Client(options);
    const folders = options.folders.map((f) => ({ uri: pathToFileURL(f).href, name: path.basename(f) }));
    client.initializeResult = await client.connection.sendRequest('initialize', {
      processId: process.pid, rootUri: folders[0]?.uri ?? null, workspaceFolders: folders, capabilities: options.capabilities ?? capable, initializationOptions: options.initializationOptions,
    });
    await client.connection.sendNotification('initialized', {});
    return client;
  }

  #publish(p: PublishDiagnosticsParams): void {
    this.published.push(p);
    for (const [i, w] of [...this.#waiting.entries()].reverse()) {
      if (w.uri !== p.uri || (p.version ?? 0) < w.version) continue;
      this.#waiting.splice(i, 1);
      w.resolve(p.diagnostics);
    }
  }

  uri(file: string): string {
    return pathToFileURL(file).href;
  }

  /** Opens a document (with the text on disk) and waits for its first diagnostics. */
  async open(file: string, text = fs.readFileSync(file, 'utf8'), languageId = 'c'): Promise<Diagnostic[]> {
    const uri = this.uri(file);
    this.#versions.set(uri, 1);
    const found = this.#wait(uri, 1);
    await this.connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId, version: 1, text } });
    return found;
  }

  /** Sends changes and waits for the diagnostics of that version. */
  async change(file: string, ...changes: TextDocumentContentChangeEvent[]): Promise<Diagnostic[]> {
    const uri = this.uri(file);
    const version = this.send(file, ...changes);
    return this.#wait(uri, version);
  }

  /** Sends changes without waiting. */
  send(file: string, ...changes: TextDocumentContentChangeEvent[]): number {
    const uri = this.uri(file);
    const version = (this.#versions.get(uri) ?? 0) + 1;
    this.#versions.set(uri, version);
    void this.connection.sendNotification('textDocument/didChange', { textDocument: { uri, version }, contentChanges: changes });
    return version;
  }

  /** Waits until the latest diagnostics of a file are as wanted; gives the latest after ten seconds in any case. */
  async until(file: string, wanted: (diagnostics: Diagnostic[]) => boolean): Promise<Diagnostic[]> {
    const uri = this.uri(file);
    const latest = (): Diagnostic[] => this.published.findLast((p) => p.uri === uri)?.diagnostics ?? [];
    for (let i = 0; i < 500 && !wanted(latest()); i++) await new Promise((r) => setTimeout(r, 20));
    return latest();
  }

  async close(file: string): Promise<void> {
    await this.connection.sendNotification('textDocument/didClose', { textDocument: { uri: this.uri(file) } });
  }

  #wait(uri: string, version: number): Promise<Diagnostic[]> {
    return new Promise((resolve) => this.#waiting.push({ uri, version, resolve }));
  }

  request<T>(method: string, file: string, more: Record<string, unknown> = {}): Promise<T> {
    return this.connection.sendRequest(method, { textDocument: { uri: this.uri(file) }, ...more });
  }

  hover(file: string, position: Position): Promise<{ contents: { value: string }; range?: Range } | null> {
    return this.request('textDocument/hover', file, { position });
  }

  actions(file: string, range: Range, diagnostics: Diagnostic[] = [], only?: string[]): Promise<CodeAction[]> {
    return this.request('textDocument/codeAction', file, { range, context: { diagnostics, ...(only ? { only } : {}) } });
  }

  async stop(): Promise<number | null> {
    await this.connection.sendRequest('shutdown');
    await this.connection.sendNotification('exit');
    return this.exitCode;
  }
}

/** Position of the `n`th occurrence of `word`, `into` characters into it. */
export function positionOf(text: string, word: string, n = 1, into = 0): Position {
  let at = -1;
  for (let i = 0; i < n; i++) at = text.indexOf(word, at + 1);
  if (at < 0) throw new Error(`there is no ${word}`);
  const before = text.slice(0, at + into).split('\n');
  return { line: before.length - 1, character: before.at(-1)!.length };
}

/** Applies the edits of an action to one text. */
export function applied(text: string, action: CodeAction | undefined, uri: string): string {
  const edits = action?.edit?.changes?.[uri] ?? action?.edit?.documentChanges?.flatMap((d) => ('edits' in d && d.textDocument.uri === uri ? d.edits : [])) ?? [];
  const offset = ({ line, character }: Position): number => text.split('\n').slice(0, line).reduce((n, l) => n + l.length + 1, 0) + character;
  const placed = edits.map((e) => ({ start: offset(e.range.start), end: offset(e.range.end), text: 'newText' in e ? e.newText : e.snippet.value }));
  placed.sort((a, b) => b.start - a.start);
  return placed.reduce((t, e) => t.slice(0, e.start) + e.text + t.slice(e.end), text);
}
