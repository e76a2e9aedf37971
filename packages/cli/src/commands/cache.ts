// `drvlint cache`: what the cache holds, and emptying it.

import path from 'node:path';
import { Cache, defaultCacheFolder } from '@drvlint/project';
import { UsageError, type Request } from '../arguments.js';
import type { Io } from '../io.js';
import { printable } from '../printable.js';
import { Failure } from '../run-analysis.js';

export function cache(request: Request, io: Io): number {
  const given = request.values.get('cache-dir')?.[0];
  const folder = given === undefined ? defaultCacheFolder(io.env, process.platform) : path.resolve(io.cwd, given);
  if (folder === undefined) throw new Failure(['there is no folder for a cache: --cache-dir names one']);
  const [what, ...rest] = request.operands;
  if ((what !== 'stats' && what !== 'clear') || rest.length > 0) throw new UsageError('cache needs one word: stats or clear');
  const opened = new Cache(folder);
  if (what === 'clear') io.out(`${printable(opened.folder)}: ${opened.clear()} files removed\n`);
  else {
    const { entries, bytes, corrupt } = opened.stats();
    io.out(`${printable(opened.folder)}: ${entries} entries, ${(bytes / 1024 / 1024).toFixed(1)} MB${corrupt > 0 ? `, ${corrupt} damaged ones dropped` : ''}\n`);
  }
  return 0;
}
