// For clients that cannot create files themselves: the texts of an edit are written to disk, aside first and then renamed.

import fs from 'node:fs';
import type { WorkspaceEdit } from 'vscode-languageserver';

/** Writes whole texts; gives the paths written. */
export function writeBaseline(edit: WorkspaceEdit, toPath: (uri: string) => string | undefined): string[] {
  const written: string[] = [];
  for (const change of edit.documentChanges ?? []) {
    if (!('textDocument' in change)) continue;
    const file = toPath(change.textDocument.uri);
    const [only] = change.edits;
    if (file === undefined || !only || !('newText' in only)) continue;
    const aside = `${file}.${process.pid}.tmp`;
    fs.writeFileSync(aside, only.newText);
    fs.renameSync(aside, file);
    written.push(file);
  }
  return written;
}
