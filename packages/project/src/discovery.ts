// Which files a run is about: files named by the user, and the C and C++ files and build files below the folders named.
// `.gitignore` files are honoured in folders, those of the parents up to the repository too; links are followed
// once, and none that leads out of the tree.

import fs from 'node:fs';
import path from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { glob, isDynamicPattern } from 'tinyglobby';
import { sourceKind } from './file-kinds.js';
import { ancestors, isInside, slashes } from './paths.js';
import { reasonOf, type FileProblem } from './problems.js';
import { statOf } from './file-stat.js';

export interface Discovery {
  /** Files the user named, and those found in folders: what is reported on. Absolute, sorted, each once. */
  sources: string[];
  /** Named on the command line: analysed whatever `.gitignore` or their extension says. */
  named: Set<string>;
  /** Folders that were walked. */
  folders: string[];
  /** Build files found on the way, absolute. */
  buildFiles: string[];
  problems: FileProblem[];
  /** Names in the folders that were walked. */
  listings?: ReadonlyMap<string, readonly string[]>;
}

/** Names of files that a build is described in. */
export const buildFile = /^(?:sources|makefile|gnumakefile|cmakelists\.txt|meson\.build|compile_commands\.json|.*\.(?:vcxproj|sln|slnx))$/i;
const alwaysSkipped = new Set(['.git', '.hg', '.svn', 'node_modules', '.drvlint-cache']);

export function isBuildFile(name: string): boolean {
  return buildFile.test(name);
}

/** Nearest parent of `folder` that holds a `.git`; undefined outside of a repository. */
export function repositoryOf(folder: string): string | undefined {
  for (let at = folder; ; at = path.dirname(at)) {
    if (fs.existsSync(path.join(at, '.git'))) return at;
    if (path.dirname(at) === at) return undefined;
  }
}

/** `ignored` are further patterns of the configuration, in `.gitignore` form, relative to `cwd`. */
export async function discover(cwd: string, inputs: readonly string[], ignored: readonly string[] = []): Promise<Discovery> {
  const found = new Walk(cwd, ignored);
  for (const input of inputs) await found.add(input);
  return found.result();
}

class Walk {
  readonly #cwd: string;
  readonly #configured: Ignore;
  readonly #hasConfigured: boolean;
  readonly #sources = new Set<string>();
  readonly #named = new Set<string>();
  readonly #folders: string[] = [];
  readonly #buildFiles = new Set<string>();
  readonly #problems: FileProblem[] = [];
  readonly #visited = new Set<string>();
  readonly #listings = new Map<string, string[]>();
  /** The tree that is walked, without links: a repository, the working directory, or the folder itself. */
  #top = '';

  constructor(cwd: string, ignored: readonly string[]) {
    this.#cwd = cwd;
    this.#configured = ignore().add([...ignored]);
    this.#hasConfigured = ignored.length > 0;
  }

  result(): Discovery {
    return {
      sources: [...this.#sources].sort(), named: this.#named, folders: this.#folders, buildFiles: [...this.#buildFiles].sort(), problems: this.#problems,
      listings: this.#listings,
    };
  }

  async add(input: string): Promise<void> {
    const absolute = path.resolve(this.#cwd, input);
    let stat: fs.Stats;
    try {
      stat = fs.statSync(absolute);
    } catch (e) {
      if (isDynamicPattern(input) && await this.#addPattern(input)) return;
      this.#problem(absolute, e);
      return;
    }
    if (stat.isDirectory()) {
      this.#folders.push(absolute);
      this.#top = fs.realpathSync.native(repositoryOf(absolute) ?? (isInside(absolute, this.#cwd) ? this.#cwd : absolute));
      this.#folder(absolute, this.#parentIgnores(absolute));
    } else this.#addNamed(absolute);
  }

  #addNamed(file: string): void {
    if (isBuildFile(path.basename(file)) && !sourceKind(file)) this.#buildFiles.add(file);
    else {
      this.#sources.add(file);
      this.#named.add(file);
    }
  }

  /** For shells that leave `*.c` as it is. */
  async #addPattern(pattern: string): Promise<boolean> {
    const files = await glob(slashes(pattern), { cwd: this.#cwd, absolute: true, ignore: ['**/node_modules/**'] });
    for (const file of files) this.#addNamed(path.resolve(file));
    return files.length > 0;
  }

  #folder(folder: string, ignores: readonly Scoped[]): void {
    let entries: fs.Dirent[];
    try {
      const real = fs.realpathSync.native(folder);
      if (this.#visited.has(real)) return;
      this.#visited.add(real);
      entries = fs.readdirSync(folder, { withFileTypes: true });
      this.#listings.set(folder, entries.map((e) => e.name));
    } catch (e) {
      this.#problem(folder, e);
      return;
    }
    const own = entries.some((e) => e.name === '.gitignore') ? readIgnore(folder) : undefined;
    const scoped = own ? [...ignores, own] : ignores;
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) this.#entry(path.join(folder, entry.name), entry, scoped);
  }

  #entry(full: string, entry: fs.Dirent, ignores: readonly Scoped[]): void {
    let folder = entry.isDirectory();
    if (entry.isSymbolicLink()) {
      const target = statOf(full);
      if (!target || this.#leadsOut(full)) return;
      folder = target.isDirectory();
    } else if (!folder && !entry.isFile()) return;
    if (folder ? alwaysSkipped.has(entry.name) : !sourceKind(full) && !isBuildFile(entry.name)) return;
    if (isIgnored(ignores, full, folder) || this.#isConfiguredOut(full, folder)) return;
    if (folder) this.#folder(full, ignores);
    else if (sourceKind(full)) this.#sources.add(full);
    else this.#buildFiles.add(full);
  }

  /** A link that leads out of the tree is not followed: what lies there was not given. Naming it is the way to have it analysed. */
  #leadsOut(link: string): boolean {
    if (isInside(fs.realpathSync.native(link), this.#top)) return false;
    if (sourceKind(link)) this.#problems.push({ file: link, reason: 'is a link that leads out of the tree', note: true });
    return true;
  }

  #isConfiguredOut(full: string, folder: boolean): boolean {
    if (!this.#hasConfigured) return false;
    const relative = slashes(path.relative(this.#cwd, full));
    return ignore.isPathValid(relative) && this.#configured.ignores(folder ? `${relative}/` : relative);
  }

  #parentIgnores(folder: string): Scoped[] {
    const top = repositoryOf(folder);
    if (top === undefined || top === folder) return [];
    return ancestors(path.dirname(folder), top).reverse().map(readIgnore).filter((s) => s !== undefined);
  }

  #problem(absolute: string, e: unknown): void {
    this.#problems.push({ file: absolute, reason: reasonOf(e) });
  }
}

interface Scoped { folder: string; rules: Ignore }

function readIgnore(folder: string): Scoped | undefined {
  try {
    return { folder, rules: ignore().add(fs.readFileSync(path.join(folder, '.gitignore'), 'utf8')) };
  } catch {
    return undefined;
  }
}

/** The innermost `.gitignore` that says anything decides. */
function isIgnored(ignores: readonly Scoped[], full: string, folder: boolean): boolean {
  for (let i = ignores.length - 1; i >= 0; i--) {
    const relative = slashes(path.relative(ignores[i].folder, full));
    const verdict = ignores[i].rules.test(folder ? `${relative}/` : relative);
    if (verdict.ignored || verdict.unignored) return verdict.ignored;
  }
  return false;
}
