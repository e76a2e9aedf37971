// What a browser's worker has instead of a disk: all files come from the client.

import type { Connection } from 'vscode-languageserver';
import { createParser } from '@drvlint/core';
import { URI } from 'vscode-uri';
import type { Platform } from '../src/platform.js';
import { methods } from '../src/protocol.js';
import { dataOf, pageOf } from './data.js';
import { memoryFiles } from './files.js';

/** Files asked for at once. */
const batch = 64;

export function browserPlatform(version: string, connection: Connection): Platform {
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
    parser: () => createParser({ kernel: dataOf('kernel') }),
    memory: () => undefined,
    rulePage: pageOf,
    prepare: async (folders) => {
      for (const folder of folders) await read(await connection.sendRequest<string[]>(methods.listFiles, { folder }));
    },
    refetch: read,
  };
}
