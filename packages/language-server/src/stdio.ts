// The server as a process of its own. Building puts the protocol's library into this file: loading its hundred modules one by one takes
// as long as all else that is loaded.

import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { compileLess, keepHeapSmall } from '@drvlint/project';
import { rules } from '@drvlint/rules';
import { nodePlatform } from './node-platform.js';
import { Server } from './server.js';

/**
 * Serves one client over standard input and output, until it leaves. Nothing else may write to standard output meanwhile. The heap is kept
 * small once there is something to see: before, collecting only makes a start longer (docs/performance.md).
 */
export function runStdio(): void {
  compileLess();
  const connection = createConnection(ProposedFeatures.all, process.stdin, process.stdout);
  new Server({ connection, platform: { ...nodePlatform(), rested: keepHeapSmall }, rules }).listen();
}
