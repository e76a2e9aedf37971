// The language server of drvlint, for hosts that run it themselves.

import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { compileLess } from '@drvlint/project';
import { rules } from '@drvlint/rules';
import { nodePlatform } from './node-platform.js';
import { Server } from './server.js';

/** Serves one client over standard input and output, until it leaves. Nothing else may write to standard output meanwhile. */
export function runStdio(): void {
  compileLess();
  const connection = createConnection(ProposedFeatures.all, process.stdin, process.stdout);
  new Server({ connection, platform: nodePlatform(), rules }).listen();
}

export { Server, type ServerOptions } from './server.js';
export type { Platform } from './platform.js';
export { methods, type CoverageMessage, type InitializationOptions, type StatusMessage } from './protocol.js';
