// Answers a server without a disk: which files a folder has that matter to it, and what is in them.

import * as vscode from 'vscode';
import type { AnyClient } from './client.js';

const source = /\.(?:c|h|cc|cpp|cxx|hpp|hxx|inl)$/i;
const other = /(?:^|\.)(?:drvlint\.config\.json|drvlint-baseline\.json|gitignore|vcxproj|sln|slnx|props|targets)$|^(?:compile_commands\.json|CMakeLists\.txt|(?:GNU)?[Mm]akefile|meson\.build|sources)$/;
const skipped = new Set(['.git', 'node_modules', '.vs', '.svn']);
/** More than that is no driver; the server looks around open files then. */
const mostFiles = 5000;
const mostBytes = 4 * 1024 * 1024;

export function answerFileRequests(client: AnyClient): void {
  client.onRequest('drvlint/listFiles', async ({ folder }: { folder: string }) => (await filesIn(vscode.Uri.parse(folder))).map(String));
  client.onRequest('drvlint/readFiles', async ({ uris }: { uris: string[] }) => Promise.all(uris.map((uri) => contentOf(vscode.Uri.parse(uri)))));
}

/** By walking: virtual folders can be listed, but often not searched. Near files come first. */
async function filesIn(base: vscode.Uri): Promise<vscode.Uri[]> {
  const found: vscode.Uri[] = [];
  for (let level = [base]; level.length > 0 && found.length < mostFiles;) {
    const below: vscode.Uri[] = [];
    await Promise.all(level.map(async (folder) => {
      for (const [name, type] of await entriesOf(folder)) {
        if (type & vscode.FileType.Directory) {
          if (!skipped.has(name)) below.push(vscode.Uri.joinPath(folder, name));
        } else if (source.test(name) || other.test(name)) found.push(vscode.Uri.joinPath(folder, name));
      }
    }));
    level = below;
  }
  return found.slice(0, mostFiles);
}

async function entriesOf(folder: vscode.Uri): Promise<[string, vscode.FileType][]> {
  try {
    return await vscode.workspace.fs.readDirectory(folder);
  } catch {
    return [];
  }
}

async function contentOf(uri: vscode.Uri): Promise<Uint8Array | null> {
  try {
    if ((await vscode.workspace.fs.stat(uri)).size > mostBytes) return null;
    return new Uint8Array(await vscode.workspace.fs.readFile(uri));
  } catch {
    return null;
  }
}
