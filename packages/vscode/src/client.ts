// Starts the server: a process beside VS Code's extensions on the desktop, a worker in the browser. Both are the same file.

import * as vscode from 'vscode';
import type { BaseLanguageClient, LanguageClientOptions } from 'vscode-languageclient';
import { answerFileRequests } from './files.js';

export type AnyClient = BaseLanguageClient;

/** Commands the extension carries out itself. */
export const ownCommands = ['drvlint.showRulePage', 'drvlint.showPlaces'];

const isNode = typeof (globalThis as { process?: { versions?: { node?: string } } }).process?.versions?.node === 'string';

/** A server that runs, and how to end it. */
export interface Running { client: AnyClient; stop(): Promise<void> }

/** What one start may take on a slow machine, in milliseconds; after that the next one is tried. */
const startLimit = 20_000;
const attempts = 2;

/** Throws when the server does not come up: with what it said, or that it said nothing. */
export async function startClient(context: vscode.ExtensionContext, output: vscode.LogOutputChannel): Promise<Running> {
  const options: LanguageClientOptions = {
    documentSelector: ['c', 'cpp'].map((language) => ({ language })),
    outputChannel: output,
    initializationOptions: { clientCommands: ownCommands, status: true, ...(isNode ? { storagePath: context.globalStorageUri.fsPath } : {}) },
    middleware: { provideHover: async (document, position, token, next) => trusted(await next(document, position, token)) },
  };
  for (let attempt = 1; ; attempt++) {
    try {
      return isNode ? await desktopClient(context, options) : await browserClient(context, options, output);
    } catch (e) {
      if (attempt === attempts) throw e;
      output.warn(`the server is started again: ${e instanceof Error ? e.message : String(e)}`);
    }
  }
}

async function desktopClient(context: vscode.ExtensionContext, options: LanguageClientOptions): Promise<Running> {
  const { LanguageClient, TransportKind } = await import('vscode-languageclient/node');
  const module = vscode.Uri.joinPath(context.extensionUri, 'dist', 'server.js').fsPath;
  return connected(new LanguageClient('drvlint', 'drvlint', { module, transport: TransportKind.ipc, args: [`--storage=${context.globalStorageUri.fsPath}`] }, options));
}

/** The worker lives until it is told to go: a client that stops only ends the talk with it. */
async function browserClient(context: vscode.ExtensionContext, options: LanguageClientOptions, output: vscode.LogOutputChannel): Promise<Running> {
  const { LanguageClient } = await import('vscode-languageclient/browser');
  const data = await inTime(vscode.workspace.fs.readFile(vscode.Uri.joinPath(context.extensionUri, 'dist', 'data.bin')), 'the data of the server did not come');
  const worker = new Worker(vscode.Uri.joinPath(context.extensionUri, 'dist', 'server.js').toString(true));
  try {
    output.info('the worker is made');
    await inTime(giveData(worker, data), 'the worker does not answer');
    output.info('the worker has its data');
    const { client, stop } = await connected(new LanguageClient('drvlint', 'drvlint', worker, options));
    return { client, stop: async () => stop().finally(() => worker.terminate()) };
  } catch (e) {
    worker.terminate();
    throw e;
  }
}

async function connected(client: AnyClient): Promise<Running> {
  const stop = async (): Promise<void> => client.stop().catch(() => undefined);
  answerFileRequests(client);
  try {
    await inTime(client.start(), 'the server does not answer');
    return { client, stop };
  } catch (e) {
    void stop();
    throw e;
  }
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

async function inTime<T>(work: Thenable<T>, otherwise: string): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${otherwise} within ${startLimit / 1000} s`)), startLimit);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** Links to places in files only: nothing in a hover may run a command. */
function trusted(hover: vscode.Hover | null | undefined): vscode.Hover | null | undefined {
  for (const content of hover?.contents ?? []) if (content instanceof vscode.MarkdownString) content.isTrusted = false;
  return hover;
}
