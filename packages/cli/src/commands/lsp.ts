// `drvlint lsp`: the language server over standard input and output. It is a package of its own and is found by its name when it is
// asked for; this host does not depend on that one.

import { UsageError, type Request } from '../arguments.js';
import type { Io } from '../io.js';
import { Failure } from '../run-analysis.js';

const serverPackage = '@drvlint/language-server';

interface ServerPackage { runStdio(): void }

export async function lsp(request: Request, _io: Io): Promise<number> {
  if (!request.values.has('stdio')) throw new UsageError('lsp needs --stdio, which is the only way it talks');
  const server = await load();
  server.runStdio();
  // The server ends the process when its client leaves.
  return new Promise(() => undefined);
}

async function load(): Promise<ServerPackage> {
  try {
    return await import(`${serverPackage}/stdio`) as ServerPackage;
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw e;
    throw new Failure([`the language server is not installed beside drvlint: npm install ${serverPackage}`]);
  }
}
