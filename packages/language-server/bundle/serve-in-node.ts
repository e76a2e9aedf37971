// Loaded when the data is there.

import { createParser } from '@drvlint/core';
import { rules } from '@drvlint/rules';
import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { diskMemory } from '../src/disk-memory.js';
import type { Platform } from '../src/platform.js';
import { Server } from '../src/server.js';
import { dataOf, pageOf } from './data.js';

export async function serve(version: string): Promise<void> {
  const platform: Platform = { version, parser: () => createParser({ kernel: dataOf('kernel') }), memory: diskMemory, rulePage: pageOf };
  new Server({ connection: createConnection(ProposedFeatures.all), platform, rules }).listen();
}
