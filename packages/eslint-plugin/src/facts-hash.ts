// Hash over everything below a folder that findings depend on. ESLint's cache knows a file by its own text and configuration only; with
// this hash in the configuration, a change in any other file of the project makes cached results void.

import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { Configurations } from '@drvlint/project';
import { rules } from '@drvlint/rules';

const SOURCE = /\.(?:c|h|cpp|cc|cxx|hpp|hxx|inl|vcxproj|props|targets|sln|slnx|cmake)$|^(?:drvlint[\w.-]*\.json|compile_commands\.json|sources|(?:gnu)?makefile|cmakelists\.txt|meson\.build|\.gitignore)$/i;
const SKIPPED = new Set(['node_modules', '.git', '.hg', '.svn', '.drvlint-cache']);

export function factsHash(folder: string): string {
  const hash = createHash('sha256');
  const add = (file: string): void => {
    hash.update(path.relative(folder, file)).update('\0');
    try {
      hash.update(fs.readFileSync(file));
    } catch {
      hash.update('unreadable');
    }
  };
  for (const file of sourcesBelow(folder)) add(file);
  const baseline = new Configurations({ cwd: folder, rules }).baselineFor(folder);
  if (baseline !== undefined) add(baseline);
  return hash.digest('hex').slice(0, 32);
}

function* sourcesBelow(folder: string): Generator<string> {
  let entries: fs.Dirent[];
  try {
    entries = fs.readdirSync(folder, { withFileTypes: true });
  } catch {
    return;
  }
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory() && !SKIPPED.has(entry.name)) yield* sourcesBelow(file);
    else if (entry.isFile() && SOURCE.test(entry.name)) yield file;
  }
}
