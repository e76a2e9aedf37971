// Findings remembered in a folder of the user's, between sessions.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { FindingsMemory } from '@drvlint/project';

/** Where programs keep what they can make again. */
function cacheFolder(): string {
  if (process.platform === 'win32') return path.join(process.env.LOCALAPPDATA ?? path.join(os.homedir(), 'AppData', 'Local'), 'drvlint', 'cache');
  if (process.platform === 'darwin') return path.join(os.homedir(), 'Library', 'Caches', 'drvlint');
  return path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'drvlint');
}

/** Files kept; the oldest go first. */
const mostFiles = 500;

/** One small file per source file that was open. What cannot be read or written is not remembered. */
export function diskMemory(folder = cacheFolder()): FindingsMemory {
  const at = path.join(folder, 'findings');
  return {
    load: async (key) => fs.promises.readFile(path.join(at, `${key}.json`), 'utf8').catch(() => undefined),
    save: (key, value) => {
      void save(at, key, value).catch(() => undefined);
    },
  };
}

async function save(folder: string, key: string, value: string): Promise<void> {
  await fs.promises.mkdir(folder, { recursive: true });
  const aside = path.join(folder, `${key}.${process.pid}.tmp`);
  await fs.promises.writeFile(aside, value);
  await fs.promises.rename(aside, path.join(folder, `${key}.json`));
  const all = await fs.promises.readdir(folder);
  if (all.length <= mostFiles) return;
  const aged = await Promise.all(all.map(async (name) => ({ name, at: (await fs.promises.stat(path.join(folder, name))).mtimeMs })));
  for (const { name } of aged.sort((a, b) => a.at - b.at).slice(0, all.length - mostFiles)) await fs.promises.rm(path.join(folder, name), { force: true });
}
