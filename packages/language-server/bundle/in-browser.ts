// The server in a browser's worker.

import { rules } from '@drvlint/rules';
import { BrowserMessageReader, BrowserMessageWriter, createConnection } from 'vscode-languageserver/browser';
import { Server } from '../src/server.js';
import { browserPlatform } from './browser-platform.js';

declare const drvlintVersion: string;

export function start(): void {
  const worker = globalThis as unknown as ConstructorParameters<typeof BrowserMessageReader>[0];
  const connection = createConnection(new BrowserMessageReader(worker), new BrowserMessageWriter(worker));
  new Server({ connection, platform: browserPlatform(drvlintVersion, connection), rules }).listen();
}
