// Where an `#include` leads inside a project: beside the file, in the include folders, else the one project file whose path ends
// like the name written. Files outside of the workspace (an installed WDK) are not followed: their facts come from @drvlint/wdk.

import path from 'node:path';
import type { Directories } from './directory.js';
import { fromBuildFile, isInside, slashes } from './paths.js';

/** What Includes are made of, for another thread. */
export interface IncludesSeed { folders: readonly string[]; top: string; files: readonly string[]; nearby: readonly string[] }

export class Includes {
  readonly #directories: Directories;
  readonly #folders: readonly string[];
  readonly #top: string;
  /** Lower-case base name to the project's files of that name. */
  readonly #byName = new Map<string, string[]>();
  /** The same for code that stands below the project's folder without being listed: parts that only an `#include` brings in. */
  readonly #nearby = new Map<string, string[]>();
  readonly #resolved = new Map<string, string | undefined>();

  /** `top` is the folder nothing outside of which is followed. */
  constructor(directories: Directories, folders: readonly string[], top: string) {
    this.#directories = directories;
    this.#folders = folders;
    this.#top = top;
  }

  static from(seed: IncludesSeed, directories: Directories): Includes {
    const made = new Includes(directories, seed.folders, seed.top);
    for (const file of seed.files) made.add(file);
    for (const file of seed.nearby) made.addNearby(file);
    return made;
  }

  /** Include folders, and the folder nothing outside of which is followed. */
  get places(): { folders: readonly string[]; top: string } {
    return { folders: this.#folders, top: this.#top };
  }

  seed(): IncludesSeed {
    return { ...this.places, files: [...this.#byName.values()].flat(), nearby: [...this.#nearby.values()].flat() };
  }

  /** A file of the project, for the look-up by its path's end. */
  add(file: string): void {
    put(this.#byName, file);
  }

  /** A file of code that is looked for last. */
  addNearby(file: string): void {
    put(this.#nearby, file);
  }

  /** Absolute path of what `target` means in the file `from`. */
  resolve(target: string, from: string, angled: boolean): string | undefined {
    const key = `${path.dirname(from)}\0${angled ? '<' : '"'}${target}`;
    if (this.#resolved.has(key)) return this.#resolved.get(key);
    const found = this.#look(target, from, angled);
    // A miss by suffix may become a hit when the project has grown.
    if (found !== undefined) this.#resolved.set(key, found);
    return found;
  }

  #look(target: string, from: string, angled: boolean): string | undefined {
    if (target.trim() === '' || target.includes('\0')) return undefined;
    const folders = angled ? this.#folders : [path.dirname(from), ...this.#folders];
    for (const folder of folders) {
      const found = this.#directories.findFile(fromBuildFile(folder, target));
      if (found !== undefined && isInside(found, this.#top)) return found;
    }
    return angled ? undefined : bySuffix(target, this.#byName) ?? bySuffix(target, this.#nearby);
  }
}

function put(byName: Map<string, string[]>, file: string): void {
  const name = path.basename(file).toLowerCase();
  const list = byName.get(name);
  if (!list) byName.set(name, [file]);
  else if (!list.includes(file)) list.push(file);
}

function bySuffix(target: string, byName: ReadonlyMap<string, string[]>): string | undefined {
  const wanted = target.replaceAll('\\', '/').toLowerCase().replace(/^(?:\.{1,2}\/)+/, '');
  const named = byName.get(wanted.slice(wanted.lastIndexOf('/') + 1)) ?? [];
  const fitting = named.filter((file) => slashes(file).toLowerCase().endsWith(`/${wanted}`));
  return fitting.length === 1 ? fitting[0] : undefined;
}

export interface IncludeTarget { target: string; angled: boolean }

const WORD = 'include';
const written = /[ \t]*(?:"([^"\r\n]+)"|<([^>\r\n]+)>)/y;

/** Targets of the `#include` lines of a text, whatever conditionals they stand in. The word is searched for: few lines have it. */
export function includeTargets(text: string): IncludeTarget[] {
  const targets: IncludeTarget[] = [];
  for (let at = text.indexOf(WORD); at >= 0; at = text.indexOf(WORD, written.lastIndex)) {
    written.lastIndex = at + WORD.length;
    const match = isDirective(text, at) ? written.exec(text) : null;
    if (match) targets.push({ target: match[1] ?? match[2], angled: match[1] === undefined });
    else written.lastIndex = at + WORD.length;
  }
  return targets;
}

/** Before the word at `word` stands nothing on its line but a `#` and blanks. */
function isDirective(text: string, word: number): boolean {
  const hash = beforeBlanks(text, word);
  if (text[hash] !== '#') return false;
  const end = beforeBlanks(text, hash);
  return end < 0 || /[\r\n\u2028\u2029]/.test(text[end]);
}

function beforeBlanks(text: string, from: number): number {
  let i = from - 1;
  while (text[i] === ' ' || text[i] === '\t') i--;
  return i;
}
