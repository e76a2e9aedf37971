// The server as one file for the VS Code extension: forked by the desktop, a worker in the browser.

import { rules } from '@drvlint/rules';
import type { Platform } from '../src/platform.js';
import { Server } from '../src/server.js';
import { browserPlatform } from './browser-platform.js';
import { isNode } from './fs.js';

declare const drvlintVersion: string;
declare const __dirname: string;

async function startInNode(): Promise<void> {
  const { createConnection, ProposedFeatures } = await import('vscode-languageserver/node');
  const { diskMemory } = await import('../src/disk-memory.js');
  const { createParser } = await import('@drvlint/core');
  const fs = (await import('./fs.js')).default as typeof import('node:fs');
  const platform: Platform = {
    version: drvlintVersion, parser: () => createParser({ kernel: fs.readFileSync(`${__dirname}/kernel.wasm`) }), memory: diskMemory, rulePage: () => undefined,
  };
  new Server({ connection: createConnection(ProposedFeatures.all), platform, rules }).listen();
}

async function startInBrowser(): Promise<void> {
  const { BrowserMessageReader, BrowserMessageWriter, createConnection } = await import('vscode-languageserver/browser');
  const worker = globalThis as unknown as ConstructorParameters<typeof BrowserMessageReader>[0];
  const connection = createConnection(new BrowserMessageReader(worker), new BrowserMessageWriter(worker));
  new Server({ connection, platform: browserPlatform(drvlintVersion, connection), rules }).listen();
}

void (isNode ? startInNode() : startInBrowser());
