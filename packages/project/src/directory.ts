// Names in a folder, read once and found without regard to case: driver sources are written on Windows, where `NTDDK.h` and
// `Ntddk.h` are one file, and analysed anywhere.

import fs from 'node:fs';
import path from 'node:path';

export class Directories {
  /** Lower-case name to the names that are spelt so. */
  readonly #listed = new Map<string, Map<string, string[]> | undefined>();
  readonly #found = new Map<string, string | undefined>();
  readonly #known: ReadonlyMap<string, readonly string[]>;
  readonly #files: ReadonlySet<string>;
  /** What was asked about each folder: everything, a name, names of a kind, or whether it is one. */
  readonly #asked = new Map<string, Set<string>>();

  /** What was found just before: names in folders, and regular files. */
  constructor(known: ReadonlyMap<string, readonly string[]> = new Map(), files: Iterable<string> = []) {
    this.#known = known;
    this.#files = new Set(files);
  }

  /** The existing path that `wanted` (absolute) means, exact or differing in case only. */
  find(wanted: string): string | undefined {
    if (this.#found.has(wanted)) return this.#found.get(wanted);
    const found = this.#look(wanted);
    this.#found.set(wanted, found);
    return found;
  }

  /** Like `find`, for regular files only. */
  findFile(wanted: string): string | undefined {
    const found = this.find(wanted);
    return found !== undefined && (this.#files.has(found) || !this.#isFolder(found)) ? found : undefined;
  }

  /** Names in a folder, all or those that fit; none when it is no folder or cannot be read. */
  names(folder: string, fitting?: RegExp): string[] {
    this.#ask(folder, fitting ? `~${fitting.source}` : '*');
    const all = [...this.#names(folder)?.values() ?? []].flat();
    return fitting ? all.filter((name) => fitting.test(name)) : all;
  }

  /** What was asked so far, by folder. */
  asked(): [string, string[]][] {
    return [...this.#asked].map(([folder, questions]) => [folder, [...questions]]);
  }

  /** The answer to such a question, as text. */
  answer(folder: string, question: string): string {
    const names = this.#names(folder);
    if (names === undefined) return '';
    if (question === '?') return '/';
    if (question.startsWith('=')) return (names.get(question.slice(1)) ?? []).join('/');
    const all = [...names.values()].flat().sort();
    return (question === '*' ? all : all.filter((name) => new RegExp(question.slice(1), 'i').test(name))).join('/');
  }

  /** Folders that were walked are taken as a whole, others by what was asked: they change for many reasons. */
  #ask(folder: string, question: string): void {
    const asked = this.#asked.get(folder);
    const noted = this.#known.has(folder) ? '*' : question;
    if (asked) asked.add(noted);
    else this.#asked.set(folder, new Set([noted]));
  }

  #isFolder(folder: string): boolean {
    this.#ask(folder, '?');
    return this.#names(folder) !== undefined;
  }

  #look(wanted: string): string | undefined {
    const parent = path.dirname(wanted);
    if (parent === wanted) return wanted;
    const own = this.#nameIn(parent, path.basename(wanted));
    if (own !== undefined) return path.join(parent, own);
    const folder = this.find(parent);
    if (folder === undefined || folder === parent) return undefined;
    const other = this.#nameIn(folder, path.basename(wanted));
    return other === undefined ? undefined : path.join(folder, other);
  }

  #nameIn(folder: string, name: string): string | undefined {
    this.#ask(folder, `=${name.toLowerCase()}`);
    const spellings = this.#names(folder)?.get(name.toLowerCase());
    return spellings?.includes(name) ? name : spellings?.[0];
  }

  #names(folder: string): Map<string, string[]> | undefined {
    if (this.#listed.has(folder)) return this.#listed.get(folder);
    let names: Map<string, string[]> | undefined;
    try {
      names = new Map();
      for (const name of this.#known.get(folder) ?? fs.readdirSync(folder)) put(names, name);
    } catch {
      names = undefined;
    }
    this.#listed.set(folder, names);
    return names;
  }
}

function put(names: Map<string, string[]>, name: string): void {
  const key = name.toLowerCase();
  const spellings = names.get(key);
  if (spellings) spellings.push(name);
  else names.set(key, [name]);
}
