// What the server needs of the place it runs in: Node with a disk, or a browser's worker with the files its client sends.

import type { SyntaxParser } from '@drvlint/core';
import type { FindingsMemory } from '@drvlint/project';

export interface Platform {
  /** Of drvlint. */
  readonly version: string;
  parser(): Promise<SyntaxParser>;
  /** Findings of earlier sessions; `folder` is where the client lets the server store things. */
  memory(folder: string | undefined): FindingsMemory | undefined;
  /** Page of a rule in Markdown, undefined where pages are not shipped. */
  rulePage(id: string): string | undefined;
  /** Called before the first look at a folder: a browser fetches its files now. */
  prepare?(folders: readonly string[]): Promise<void>;
  /** Called when the client says that files changed; a browser fetches them again. */
  refetch?(uris: readonly string[]): Promise<void>;
  /** Called when findings were shown, again and again. */
  rested?(): void;
}
