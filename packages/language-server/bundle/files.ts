// A file system in memory with the few calls the analysis makes of `node:fs`: what a browser's worker has instead of a disk. It holds what
// the client sent, and answers like a disk that holds only that.

export interface Entry { name: string; isDirectory(): boolean; isFile(): boolean; isSymbolicLink(): boolean }

interface Stat { size: number; mtimeMs: number; isFile(): boolean; isDirectory(): boolean }

export class MemoryFiles {
  readonly #files = new Map<string, { bytes: Uint8Array; time: number }>();
  /** Folder to the names in it. */
  readonly #folders = new Map<string, Set<string>>([['/', new Set()]]);
  #clock = 0;

  put(path: string, bytes: Uint8Array): void {
    this.#files.set(path, { bytes, time: ++this.#clock });
    for (let at = path; at !== '/' && at !== ''; at = parentOf(at)) {
      const parent = parentOf(at);
      const names = this.#folders.get(parent) ?? new Set();
      names.add(at.slice(at.lastIndexOf('/') + 1));
      this.#folders.set(parent, names);
    }
  }

  remove(path: string): void {
    this.#files.delete(path);
    this.#folders.get(parentOf(path))?.delete(path.slice(path.lastIndexOf('/') + 1));
  }

  existsSync(path: string): boolean {
    return this.#files.has(path) || this.#folders.has(path);
  }

  statSync(path: string, options?: { throwIfNoEntry?: boolean }): Stat | undefined {
    const file = this.#files.get(path);
    if (!file && !this.#folders.has(path)) {
      if (options?.throwIfNoEntry === false) return undefined;
      throw missing(path);
    }
    return { size: file?.bytes.length ?? 0, mtimeMs: file?.time ?? 0, isFile: () => file !== undefined, isDirectory: () => file === undefined };
  }

  readFileSync(path: string, encoding?: string): Uint8Array | string {
    const file = this.#files.get(path);
    if (!file) throw missing(path);
    return encoding === undefined ? file.bytes : new TextDecoder().decode(file.bytes);
  }

  readdirSync(path: string, options?: { withFileTypes?: boolean }): string[] | Entry[] {
    const names = this.#folders.get(path);
    if (!names) throw missing(path);
    if (!options?.withFileTypes) return [...names];
    return [...names].map((name) => {
      const isFolder = this.#folders.has(path === '/' ? `/${name}` : `${path}/${name}`);
      return { name, isDirectory: () => isFolder, isFile: () => !isFolder, isSymbolicLink: () => false };
    });
  }

  /** There are no links. */
  readonly realpathSync = Object.assign((path: string): string => path, { native: (path: string): string => path });
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

function missing(path: string): Error {
  return Object.assign(new Error(`no such file: ${path}`), { code: 'ENOENT' });
}

/** The one file system of the worker. */
export const memoryFiles = new MemoryFiles();
