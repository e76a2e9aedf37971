// Which workspace answers for a file: that of the innermost workspace folder it lies in, else one of its own around the file's folder.

import path from 'node:path';
import { isInside, Workspace, type WorkspaceOptions } from '@drvlint/project';

export type MakeWorkspace = (options: Pick<WorkspaceOptions, 'cwd' | 'aroundFiles'>) => Workspace;

export class Folders {
  readonly #folders = new Map<string, Workspace>();
  /** Workspaces of files outside of all folders, by the file's folder. */
  readonly #loose = new Map<string, Workspace>();
  readonly #make: MakeWorkspace;

  constructor(make: MakeWorkspace) {
    this.#make = make;
  }

  add(folder: string): void {
    if (!this.#folders.has(folder)) this.#folders.set(folder, this.#make({ cwd: folder }));
  }

  remove(folder: string): void {
    this.#folders.get(folder)?.dispose();
    this.#folders.delete(folder);
  }

  get all(): Workspace[] {
    return [...this.#folders.values(), ...this.#loose.values()];
  }

  /** The workspace for an open file, made when there is none yet. */
  of(file: string): Workspace {
    const folder = this.folderOf(file);
    const known = folder === undefined ? undefined : this.#folders.get(folder);
    if (known) return known;
    const around = path.dirname(file);
    let loose = this.#loose.get(around);
    if (!loose) this.#loose.set(around, loose = this.#make({ cwd: around, aroundFiles: true }));
    return loose;
  }

  folderOf(file: string): string | undefined {
    return [...this.#folders.keys()].filter((folder) => isInside(file, folder)).sort((a, b) => b.length - a.length)[0];
  }

  /** Drops loose workspaces that have no open file any more. */
  tidy(): void {
    for (const [folder, workspace] of this.#loose) {
      if (workspace.openFiles.length > 0) continue;
      workspace.dispose();
      this.#loose.delete(folder);
    }
  }

  dispose(): void {
    for (const workspace of this.all) workspace.dispose();
  }
}
