// Starts the server: a process beside VS Code's extensions on the desktop, a worker in the browser. Both are the same file.

import * as vscode from 'vscode';
import type { BaseLanguageClient, LanguageClientOptions } from 'vscode-languageclient';
import { answerFileRequests } from './files.js';

export type AnyClient = BaseLanguageClient;

/** Commands the extension carries out itself. */
export const ownCommands = ['drvlint.showRulePage', 'drvlint.showPlaces'];

const isNode = typeof (globalThis as { process?: { versions?: { node?: string } } }).process?.versions?.node === 'string';

export async function startClient(context: vscode.ExtensionContext, output: vscode.LogOutputChannel): Promise<AnyClient> {
  const options: LanguageClientOptions = {
    documentSelector: ['c', 'cpp'].map((language) => ({ language })),
    outputChannel: output,
    initializationOptions: { clientCommands: ownCommands, status: true, ...(isNode ? { storagePath: context.globalStorageUri.fsPath } : {}) },
    middleware: { provideHover: async (document, position, token, next) => trusted(await next(document, position, token)) },
  };
  const client = isNode ? await desktopClient(context, options) : await browserClient(context, options);
  answerFileRequests(client);
  await client.start();
  return client;
}

async function desktopClient(context: vscode.ExtensionContext, options: LanguageClientOptions): Promise<AnyClient> {
  const { LanguageClient, TransportKind } = await import('vscode-languageclient/node');
  const module = vscode.Uri.joinPath(context.extensionUri, 'dist', 'server.js').fsPath;
  return new LanguageClient('drvlint', 'drvlint', { module, transport: TransportKind.ipc, args: [`--storage=${context.globalStorageUri.fsPath}`] }, options);
}

async function browserClient(context: vscode.ExtensionContext, options: LanguageClientOptions): Promise<AnyClient> {
  const { LanguageClient } = await import('vscode-languageclient/browser');
  const worker = new Worker(vscode.Uri.joinPath(context.extensionUri, 'dist', 'server.js').toString(true));
  await giveData(worker, await vscode.workspace.fs.readFile(vscode.Uri.joinPath(context.extensionUri, 'dist', 'data.bin')));
  return new LanguageClient('drvlint', 'drvlint', worker, options);
}

/** A worker cannot read what lies beside it: its parser and tables are its first message. */
async function giveData(worker: Worker, data: Uint8Array): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    worker.onmessage = () => resolve();
    worker.onerror = (e) => reject(new Error(e.message));
    worker.postMessage({ data });
  });
  worker.onmessage = worker.onerror = null;
}

/** Links to places in files only: nothing in a hover may run a command. */
function trusted(hover: vscode.Hover | null | undefined): vscode.Hover | null | undefined {
  for (const content of hover?.contents ?? []) if (content instanceof vscode.MarkdownString) content.isTrusted = false;
  return hover;
}
