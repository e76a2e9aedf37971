// Times and sizes of files and folders when they were last read, to find changes on disk without being told of them.

import fs from 'node:fs';
import path from 'node:path';
import { statOf } from '../file-stat.js';

export interface DiskChange { file: string; exists: boolean; isNew: boolean }

export class Stamps {
  readonly #stamps = new Map<string, string>();
  readonly #folders = new Map<string, Set<string>>();

  /** Notes how `files` and `others` are now, and which files there are in their folders. */
  take(files: readonly string[], others: readonly string[]): void {
    this.#stamps.clear();
    this.#folders.clear();
    for (const file of new Set([...files, ...others])) this.#stamps.set(file, stampOf(file));
    for (const folder of new Set(files.map((f) => path.dirname(f)))) this.#folders.set(folder, namesIn(folder));
  }

  changes(): DiskChange[] {
    const changes: DiskChange[] = [];
    for (const [file, stamp] of this.#stamps) {
      const now = stampOf(file);
      if (now === stamp) continue;
      this.#stamps.set(file, now);
      changes.push({ file, exists: now !== '', isNew: stamp === '' });
    }
    for (const [folder, names] of this.#folders) {
      for (const name of namesIn(folder)) {
        if (names.has(name)) continue;
        names.add(name);
        changes.push({ file: path.join(folder, name), exists: true, isNew: true });
      }
    }
    return changes;
  }
}

function stampOf(file: string): string {
  const stat = statOf(file);
  return stat ? `${stat.mtimeMs}:${stat.size}` : '';
}

function namesIn(folder: string): Set<string> {
  try {
    return new Set(fs.readdirSync(folder));
  } catch {
    return new Set();
  }
}
