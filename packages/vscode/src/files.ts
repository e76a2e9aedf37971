// Answers a server without a disk: which files a folder has that matter to it, and what is in them.

import * as vscode from 'vscode';
import type { AnyClient } from './client.js';

const sources = '**/*.{c,h,cc,cpp,cxx,hpp,hxx,inl,C,H,CPP}';
const others = '**/{drvlint.config.json,drvlint-baseline.json,.gitignore,*.vcxproj,*.sln,*.slnx,*.props,*.targets,compile_commands.json,CMakeLists.txt,Makefile,makefile,GNUmakefile,meson.build,sources}';
/** More than that is no driver; the server looks around open files then. */
const mostFiles = 5000;
const mostBytes = 4 * 1024 * 1024;

export function answerFileRequests(client: AnyClient): void {
  client.onRequest('drvlint/listFiles', async ({ folder }: { folder: string }) => {
    const base = vscode.Uri.parse(folder);
    const found = await Promise.all([others, sources].map((glob) => vscode.workspace.findFiles(new vscode.RelativePattern(base, glob), undefined, mostFiles)));
    return found.flat().map(String);
  });
  client.onRequest('drvlint/readFiles', async ({ uris }: { uris: string[] }) => Promise.all(uris.map((uri) => contentOf(vscode.Uri.parse(uri)))));
}

async function contentOf(uri: vscode.Uri): Promise<Uint8Array | null> {
  try {
    if ((await vscode.workspace.fs.stat(uri)).size > mostBytes) return null;
    return new Uint8Array(await vscode.workspace.fs.readFile(uri));
  } catch {
    return null;
  }
}
