// Hash over the C and C++ files below a folder. ESLint's cache knows a file by its own text and configuration only; with this hash in the
// configuration, a change in any other file of the project makes cached results void.

import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const SOURCE = /\.(?:c|h|cpp|cc|cxx|hpp|hxx|inl|vcxproj|props)$|^(?:drvlint\.config\.json|sources)$/i;
const SKIPPED = new Set(['node_modules', '.git', '.drvlint-cache']);

export function factsHash(folder: string): string {
  const hash = createHash('sha256');
  const walk = (at: string): void => {
    let entries: fs.Dirent[];
    try {
      entries = fs.readdirSync(at, { withFileTypes: true });
    } catch {
      return;
    }
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const file = path.join(at, entry.name);
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) walk(file);
      else if (entry.isFile() && SOURCE.test(entry.name)) {
        hash.update(path.relative(folder, file)).update('\0');
        try {
          hash.update(fs.readFileSync(file));
        } catch {
          hash.update('unreadable');
        }
      }
    }
  };
  walk(folder);
  return hash.digest('hex').slice(0, 32);
}
