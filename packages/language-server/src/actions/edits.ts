// Edits of findings and texts as the protocol's workspace edits.

import type { TextEdit, WorkspaceEdit } from 'vscode-languageserver';
import type { FindingFix } from '@drvlint/core';
import { rangeOf } from '../positions.js';

export interface EditTarget {
  /** URI of a file as findings name it. */
  uriOf(file: string): string;
  /** Version of an open document, null for a file on disk. */
  versionOf(uri: string): number | null;
  /** The client understands versioned document edits. */
  documentChanges: boolean;
}

export function fixEdit(fix: FindingFix, target: EditTarget): WorkspaceEdit {
  const byFile = new Map<string, TextEdit[]>();
  for (const e of fix.edits) {
    const list = byFile.get(e.file) ?? [];
    list.push({ range: rangeOf(e), newText: e.text });
    byFile.set(e.file, list);
  }
  return workspaceEdit([...byFile].map(([file, edits]) => ({ uri: target.uriOf(file), edits })), target);
}

export function workspaceEdit(files: readonly { uri: string; edits: TextEdit[] }[], target: EditTarget): WorkspaceEdit {
  if (!target.documentChanges) return { changes: Object.fromEntries(files.map(({ uri, edits }) => [uri, edits])) };
  return { documentChanges: files.map(({ uri, edits }) => ({ textDocument: { uri, version: target.versionOf(uri) }, edits })) };
}
