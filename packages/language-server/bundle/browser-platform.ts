// The server in a browser's worker: the parser's bytes and all files come from the client.

import type { Connection } from 'vscode-languageserver';
import { createParser } from '@drvlint/core';
import { URI } from 'vscode-uri';
import type { Platform } from '../src/platform.js';
import { methods, type InitializationOptions } from '../src/protocol.js';
import { memoryFiles } from './files.js';

/** Files asked for at once. */
const batch = 64;

export function browserPlatform(version: string, connection: Connection): Platform {
  let options: InitializationOptions = {};
  const read = async (uris: readonly string[]): Promise<void> => {
    for (let i = 0; i < uris.length; i += batch) {
      const part = uris.slice(i, i + batch);
      const contents = await connection.sendRequest<(Uint8Array | null)[]>(methods.readFiles, { uris: part });
      for (const [n, bytes] of contents.entries()) {
        const { path } = URI.parse(part[n]);
        if (bytes) memoryFiles.put(path, new Uint8Array(bytes));
        else memoryFiles.remove(path);
      }
    }
  };
  return {
    version,
    configure: (given) => { options = given; },
    parser: () => createParser({ prefer: 'kernel', ...(options.kernel ? { kernel: new Uint8Array(options.kernel) } : {}) }),
    memory: () => undefined,
    rulePage: () => undefined,
    prepare: async (folders) => {
      for (const folder of folders) await read(await connection.sendRequest<string[]>(methods.listFiles, { folder }));
    },
    refetch: read,
  };
}
