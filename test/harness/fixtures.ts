// The fixtures of the repository: `fixtures/<rule id>/<file>` is a project of one file (with the headers it includes),
// `fixtures/<rule id>/<case>/` and `fixtures/projects/<name>/` are projects of a folder.

import fs from 'node:fs';
import path from 'node:path';

export interface Fixture {
  /** `irql-too-high/wait.c`. */
  name: string;
  /** Rule folder it stands in; `projects` for whole drivers. */
  rule: string;
  /** Absolute: working directory of the run. */
  folder: string;
  /** Absolute files handed to the run: sources, headers, build files. */
  inputs: string[];
  /** Absolute sources and headers whose markers count. */
  sources: string[];
}

export const root = path.resolve(import.meta.dirname, '../..');
const source = /\.(?:c|cc|cpp|cxx|h|hpp|hxx|inl)$/i;
const unit = /\.(?:c|cc|cpp|cxx)$/i;
const result = /\.(?:fixed|suggested)\.\w+$/i;

export function listFixtures(folder = path.join(root, 'fixtures')): Fixture[] {
  return subfolders(folder).flatMap((rule) => {
    const own = path.join(folder, rule);
    const projects = subfolders(own).map((name): Fixture => {
      const at = path.join(own, name);
      const inputs = filesBelow(at).filter((f) => !result.test(f));
      return { name: `${rule}/${name}`, rule, folder: at, inputs, sources: inputs.filter((f) => source.test(f)) };
    });
    const files = fs.readdirSync(own).filter((f) => unit.test(f) && !result.test(f)).map((file): Fixture => {
      const at = path.join(own, file);
      return { name: `${rule}/${file}`, rule, folder: own, inputs: [at], sources: [at, ...headersOf(at)] };
    });
    return [...files, ...projects];
  }).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Headers of the same folder that a file includes, directly or not. */
function headersOf(file: string): string[] {
  const found: string[] = [];
  const open = [file];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const [, name] of fs.readFileSync(at, 'utf8').matchAll(/^\s*#\s*include\s*"([^"]+)"/gm)) {
      const header = path.join(path.dirname(at), name);
      if (found.includes(header) || header === file || !fs.existsSync(header)) continue;
      found.push(header);
      open.push(header);
    }
  }
  return found;
}

function subfolders(folder: string): string[] {
  if (!fs.existsSync(folder)) return [];
  return fs.readdirSync(folder, { withFileTypes: true }).filter((e) => e.isDirectory()).map((e) => e.name).sort();
}

function filesBelow(folder: string): string[] {
  return fs.readdirSync(folder, { withFileTypes: true })
    .flatMap((e) => (e.isDirectory() ? filesBelow(path.join(folder, e.name)) : [path.join(folder, e.name)])).sort();
}
