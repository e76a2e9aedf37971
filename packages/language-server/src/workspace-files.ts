// Where the files of a client are: the folders it names at the start, and which files in them it is asked to watch.

import type { InitializeParams } from 'vscode-languageserver';
import { hasUri, isText, listOf } from './shapes.js';

export const watched = [
  '**/*.{c,h,cc,cpp,cxx,hpp,hxx,inl,C,H,CPP}', '**/drvlint.config.json', '**/drvlint-baseline.json', '**/.gitignore', '**/*.{vcxproj,sln,slnx,props,targets}',
  '**/{compile_commands.json,CMakeLists.txt,Makefile,makefile,GNUmakefile,meson.build,sources,SOURCES}',
];

export function foldersOf(params: InitializeParams): string[] {
  const folders = listOf(params.workspaceFolders, hasUri);
  if (folders.length > 0) return folders.map((f) => f.uri);
  // For clients without workspace folders.
  const root = params.rootUri;
  return isText(root) && root !== '' ? [root] : [];
}
