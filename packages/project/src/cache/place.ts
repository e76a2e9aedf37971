// Where the cache lies when nobody says: the user's own cache folder, as the platform has it.

import path from 'node:path';

export function defaultCacheFolder(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string | undefined {
  if (env.DRVLINT_CACHE_DIR) return env.DRVLINT_CACHE_DIR;
  const home = env.HOME;
  if (platform === 'win32') return env.LOCALAPPDATA ? path.join(env.LOCALAPPDATA, 'drvlint', 'Cache') : undefined;
  if (platform === 'darwin') return home ? path.join(home, 'Library', 'Caches', 'drvlint') : undefined;
  if (env.XDG_CACHE_HOME && path.isAbsolute(env.XDG_CACHE_HOME)) return path.join(env.XDG_CACHE_HOME, 'drvlint');
  return home ? path.join(home, '.cache', 'drvlint') : undefined;
}
