// The files open in the client, with their versions, as the analysis knows them: by path, without byte order mark.

import { TextDocument } from 'vscode-languageserver-textdocument';
import type { TextDocumentContentChangeEvent } from 'vscode-languageserver';
import { isRange } from './shapes.js';

export interface OpenDocument {
  readonly uri: string;
  readonly path: string;
  document: TextDocument;
}

export function textOf(document: TextDocument): string {
  const text = document.getText();
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

export class Documents {
  readonly #byUri = new Map<string, OpenDocument>();
  readonly #byPath = new Map<string, OpenDocument>();

  open(uri: string, path: string, languageId: string, version: number, text: string): OpenDocument {
    const opened: OpenDocument = { uri, path, document: TextDocument.create(uri, languageId, numberOf(version, 0), text) };
    this.#byUri.set(uri, opened);
    this.#byPath.set(path, opened);
    return opened;
  }

  /** Applies the client's changes; ranges outside of the text are cut to it. */
  change(uri: string, changes: TextDocumentContentChangeEvent[], version: number): OpenDocument | undefined {
    const open = this.#byUri.get(uri);
    if (open) open.document = TextDocument.update(open.document, changes.filter(isReadable), numberOf(version, open.document.version + 1));
    return open;
  }

  close(uri: string): OpenDocument | undefined {
    const open = this.#byUri.get(uri);
    this.#byUri.delete(uri);
    if (open) this.#byPath.delete(open.path);
    return open;
  }

  get(uri: string): OpenDocument | undefined {
    return this.#byUri.get(uri);
  }

  at(path: string): OpenDocument | undefined {
    return this.#byPath.get(path);
  }

  get all(): OpenDocument[] {
    return [...this.#byUri.values()];
  }
}

/** A version that is none must not cost the text. */
function numberOf(version: unknown, otherwise: number): number {
  return typeof version === 'number' ? version : otherwise;
}

function isReadable(change: TextDocumentContentChangeEvent): boolean {
  if (typeof change?.text !== 'string') return false;
  return !('range' in change) || change.range === undefined || isRange(change.range);
}
