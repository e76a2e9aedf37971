// The server: hears the client, keeps the workspaces up to date, and answers. One connection, any number of workspace folders.

import path from 'node:path';
import {
  CodeActionKind, DidChangeConfigurationNotification, DidChangeWatchedFilesNotification, FileChangeType, TextDocumentSyncKind,
  type ClientCapabilities, type Connection, type FileEvent, type InitializeParams, type InitializeResult, type TextDocumentContentChangeEvent, type TextDocumentItem,
} from 'vscode-languageserver';
import type { InternalProblem, Rule } from '@drvlint/core';
import { sourceKind, Workspace, type FileProblem } from '@drvlint/project';
import { commands, fixAllKind } from './actions/index.js';
import { Documents, textOf, type OpenDocument } from './documents.js';
import { Folders } from './folders.js';
import type { Platform } from './platform.js';
import { Progress } from './progress.js';
import { methods, type InitializationOptions, type StatusMessage } from './protocol.js';
import { Publisher } from './publisher.js';
import { answerRequests } from './requests.js';
import { readSettings, type Settings } from './settings.js';
import { documentUri, hasUri, isText, listOf } from './shapes.js';
import { Uris } from './uris.js';
import { foldersOf, watched } from './workspace-files.js';

export interface ServerOptions { connection: Connection; platform: Platform; rules: readonly Rule[] }

export class Server {
  readonly connection: Connection;
  readonly platform: Platform;
  readonly rules: readonly Rule[];
  readonly documents = new Documents();
  readonly uris = new Uris();
  settings: Settings;
  capabilities: ClientCapabilities = {};
  options: InitializationOptions = {};
  publisher!: Publisher;
  #folders!: Folders;
  #progress!: Progress;
  readonly #workspaceOf = new Map<OpenDocument, Workspace>();
  #initial: string[] = [];
  #ready: Promise<void> = Promise.resolve();
  readonly #told = new Set<string>();

  constructor({ connection, platform, rules }: ServerOptions) {
    this.connection = connection;
    this.platform = platform;
    this.rules = rules;
    this.settings = readSettings(undefined, rules);
  }

  listen(): void {
    const { connection } = this;
    connection.onInitialize((params) => this.#initialize(params));
    connection.onInitialized(() => {
      this.#ready = this.#initialized().catch((e: unknown) => this.failed(e));
      // Heard at once: a client may change its folders while the parser is still being loaded.
      if (this.capabilities.workspace?.workspaceFolders) connection.workspace.onDidChangeWorkspaceFolders((event) => this.#later(() => this.#foldersChanged(listOf(event?.added, hasUri), listOf(event?.removed, hasUri))));
    });
    connection.onDidOpenTextDocument((params) => this.#document(params, (uri) => this.#open(uri, params.textDocument)));
    connection.onDidChangeTextDocument((params) => this.#document(params, (uri) => this.#change(uri, params.textDocument.version, params.contentChanges)));
    connection.onDidSaveTextDocument((params) => this.#document(params, (uri) => this.#saved(uri)));
    connection.onDidCloseTextDocument((params) => this.#document(params, (uri) => this.#close(uri)));
    connection.onDidChangeWatchedFiles((params) => this.#later(() => this.#touched(listOf(params?.changes, hasUri) as FileEvent[])));
    connection.onDidChangeConfiguration((params) => this.#later(() => this.#configure(params?.settings)));
    connection.onShutdown(() => this.#shutdown());
    answerRequests(this);
    connection.listen();
  }

  // --- for requests -----------------------------------------------------------------------------------

  /** The document and its workspace, once the server is ready; undefined for what is not analysed. */
  async documentAt(uri: string): Promise<{ open: OpenDocument; workspace: Workspace } | undefined> {
    await this.#ready;
    const open = this.documents.get(uri);
    const workspace = open && this.#workspaceOf.get(open);
    return open && workspace ? { open, workspace } : undefined;
  }

  /** Resolves when everything the client said so far is taken in. */
  get ready(): Promise<void> {
    return this.#ready;
  }

  get workspaces(): Workspace[] {
    return this.#folders.all;
  }

  /** URI of a file as a workspace names it in findings. */
  uriOf(workspace: Workspace, file: string): string {
    return this.uris.toUri(path.resolve(workspace.cwd, file));
  }

  failed(e: unknown): void {
    const error = e instanceof Error ? e : new Error(String(e));
    this.connection.console.error(error.stack ?? error.message);
  }

  touched(file: string): void {
    for (const w of this.workspaces) w.touched([{ file, exists: true, isNew: true }]);
  }

  // --- lifecycle --------------------------------------------------------------------------------------

  #initialize(params: InitializeParams): InitializeResult {
    this.capabilities = params.capabilities ?? {};
    this.options = (params.initializationOptions ?? {}) as InitializationOptions;
    const { textDocument, window, workspace } = this.capabilities;
    const pull = this.options.diagnostics === 'pull' || (this.options.diagnostics !== 'push' && textDocument?.diagnostic !== undefined);
    const published = textDocument?.publishDiagnostics ?? {};
    this.publisher = new Publisher(this.connection, {
      pull, refresh: workspace?.diagnostics?.refreshSupport === true,
      shows: { related: published.relatedInformation !== false, tags: pull || published.tagSupport !== undefined, links: pull || published.codeDescriptionSupport === true },
      showNotAnalysed: () => this.settings.showNotAnalysed, uriOf: (w, file) => this.uriOf(w, file),
    });
    this.#progress = new Progress(this.connection, window?.workDoneProgress === true);
    if (this.options.settings !== undefined) this.settings = readSettings(this.options.settings, this.rules);
    this.#initial = foldersOf(params);
    const own = new Set(this.options.clientCommands ?? []);
    return {
      serverInfo: { name: 'drvlint', version: this.platform.version },
      capabilities: {
        positionEncoding: 'utf-16',
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
        hoverProvider: true, documentSymbolProvider: true, definitionProvider: true, declarationProvider: true, inlayHintProvider: true,
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite, fixAllKind] },
        codeLensProvider: { resolveProvider: true },
        executeCommandProvider: { commands: [...Object.values(commands)].filter((c) => !own.has(c)) },
        ...(pull ? { diagnosticProvider: { identifier: 'drvlint', interFileDependencies: true, workspaceDiagnostics: false } } : {}),
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      },
    };
  }

  async #initialized(): Promise<void> {
    const { workspace } = this.capabilities;
    const parser = await this.platform.parser();
    const memory = this.platform.memory(this.options.storagePath);
    for (const uri of this.#initial) this.uris.addBase(uri);
    await this.platform.prepare?.(this.#initial);
    await this.#fetchSettings();
    this.#folders = new Folders((place) => new Workspace({
      ...place, rules: this.rules, parser, overrides: this.settings.overrides, debounce: this.settings.debounce, maxFiles: this.settings.maxFiles, version: this.platform.version,
      ...(memory ? { memory } : {}),
      onProgress: (p) => this.#showProgress(p),
      onFindings: (file) => this.#found(place.cwd, file),
      onProblems: (problems) => this.#tellProblems(problems),
      onInternal: (problem) => this.#internal(problem),
    }));
    for (const uri of this.#initial) this.#addFolder(uri);
    if (workspace?.didChangeConfiguration?.dynamicRegistration) void this.connection.client.register(DidChangeConfigurationNotification.type, { section: 'drvlint' });
    if (workspace?.didChangeWatchedFiles?.dynamicRegistration) void this.connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: watched.map((globPattern) => ({ globPattern })) });
  }

  /** Notifications that come before the server is ready wait, in order. */
  #later(run: () => void | Promise<void>): void {
    this.#ready = this.#ready.then(run).catch((e: unknown) => this.failed(e));
  }

  #shutdown(): void {
    this.publisher?.dispose();
    this.#folders?.dispose();
  }

  // --- documents --------------------------------------------------------------------------------------

  #document(params: unknown, run: (uri: string) => void): void {
    const uri = documentUri(params);
    if (uri !== undefined) this.#later(() => run(uri));
  }

  #open(uri: string, { languageId, version, text }: TextDocumentItem): void {
    if (!isText(text)) return;
    const file = this.uris.toPath(uri);
    if (file === undefined || (!sourceKind(file) && languageId !== 'c' && languageId !== 'cpp')) return;
    if (this.documents.get(uri)) this.#close(uri);
    this.uris.learn(file, uri);
    this.#attach(this.documents.open(uri, file, languageId, version, text));
  }

  #change(uri: string, version: number, changes: unknown): void {
    const open = this.documents.change(uri, Array.isArray(changes) ? changes as TextDocumentContentChangeEvent[] : [], version);
    if (open) this.#workspaceOf.get(open)?.change(open.path, textOf(open.document));
  }

  #attach(open: OpenDocument): void {
    if (!this.settings.enable) return;
    const workspace = this.#folders.of(open.path);
    this.#workspaceOf.set(open, workspace);
    workspace.open(open.path, textOf(open.document));
  }

  #detach(open: OpenDocument): void {
    this.#workspaceOf.get(open)?.close(open.path);
    this.#workspaceOf.delete(open);
    this.#folders.tidy();
  }

  #close(uri: string): void {
    const open = this.documents.close(uri);
    if (!open) return;
    this.#detach(open);
    this.uris.forget(open.path);
    this.publisher.clear(uri);
  }

  #saved(uri: string): void {
    const open = this.documents.get(uri);
    const file = open?.path ?? this.uris.toPath(uri);
    if (open) this.#workspaceOf.get(open)?.saved(open.path);
    // A client that does not watch the disk: see what else has changed.
    if (this.capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration) return;
    for (const w of this.workspaces) {
      if (!open && file !== undefined) w.touched([{ file, exists: true, isNew: false }]);
      w.rescan();
    }
  }

  async #touched(changes: readonly { uri: string; type: FileChangeType }[]): Promise<void> {
    await this.platform.refetch?.(changes.map((c) => c.uri));
    const files = changes.flatMap(({ uri, type }) => {
      const file = this.uris.toPath(uri);
      return file === undefined ? [] : [{ file, exists: type !== FileChangeType.Deleted, isNew: type === FileChangeType.Created }];
    });
    // Of a folder that is gone, or has another name now, clients tell nothing but that.
    const isFolder = files.some((f) => !f.exists && path.extname(f.file) === '');
    for (const w of this.workspaces) {
      w.touched(files);
      if (isFolder) w.rescan();
    }
  }

  // --- folders and settings ---------------------------------------------------------------------------

  #addFolder(uri: string): void {
    this.uris.addBase(uri);
    const folder = this.uris.toPath(uri);
    if (folder !== undefined) this.#folders.add(path.resolve(folder));
  }

  async #foldersChanged(added: readonly { uri: string }[], removed: readonly { uri: string }[]): Promise<void> {
    const open = this.documents.all;
    for (const d of open) this.#detach(d);
    for (const { uri } of removed) {
      const folder = this.uris.toPath(uri);
      if (folder !== undefined) this.#folders.remove(path.resolve(folder));
    }
    await this.platform.prepare?.(added.map((f) => f.uri));
    for (const { uri } of added) this.#addFolder(uri);
    for (const d of open) this.#attach(d);
  }

  async #configure(pushed: unknown): Promise<void> {
    const own = (pushed as { drvlint?: unknown } | undefined)?.drvlint;
    if (own !== undefined && !this.capabilities.workspace?.configuration) this.settings = readSettings(own, this.rules);
    else await this.#fetchSettings();
    for (const d of this.documents.all) {
      const workspace = this.#workspaceOf.get(d);
      if (this.settings.enable && !workspace) this.#attach(d);
      else if (!this.settings.enable && workspace) {
        this.#detach(d);
        this.publisher.clear(d.uri);
      }
    }
    for (const w of this.workspaces) w.configure(this.settings.overrides, { debounce: this.settings.debounce, maxFiles: this.settings.maxFiles });
  }

  async #fetchSettings(): Promise<void> {
    if (!this.capabilities.workspace?.configuration) return;
    try {
      const own: unknown = await this.connection.workspace.getConfiguration('drvlint');
      if (own !== null && own !== undefined) this.settings = readSettings(own, this.rules);
    } catch (e) {
      this.failed(e);
    }
  }

  // --- what workspaces say ----------------------------------------------------------------------------

  #found(cwd: string, file: string): void {
    const open = this.documents.at(file);
    const workspace = open && this.#workspaceOf.get(open);
    if (!open || workspace?.cwd !== cwd) return;
    this.publisher.publish(workspace, open);
    this.platform.rested?.();
    if (this.options.status) void this.connection.sendNotification(methods.analysed, { uri: open.uri, version: open.document.version });
  }

  #showProgress(progress: Parameters<Progress['show']>[0]): void {
    this.#progress.show(progress);
    if (!this.options.status) return;
    const message: StatusMessage = progress ? { state: 'reading', text: `${progress.project}${progress.total > 0 ? ` ${progress.done}/${progress.total}` : ''}` } : { state: 'ready', text: '' };
    void this.connection.sendNotification(methods.status, message);
  }

  #tellProblems(problems: readonly FileProblem[]): void {
    for (const p of problems) {
      const text = `${[p.file, p.line, p.column].filter((v) => v !== undefined).join(':')}: ${p.reason}`;
      if (this.#told.has(text)) continue;
      this.#told.add(text);
      if (path.basename(p.file) === 'drvlint.config.json') this.connection.window.showWarningMessage(`drvlint: ${text}`);
      else this.connection.console.warn(text);
    }
  }

  #internal(problem: InternalProblem): void {
    this.connection.console.error(`internal error${problem.rule ? ` in rule ${problem.rule}` : ''}${problem.file ? ` at ${problem.file}` : ''}: ${problem.stack ?? problem.message}`);
  }
}
