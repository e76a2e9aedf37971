/* global require, exports, fetch, URL, TextEncoder */
// A file system in memory with the sample driver, so that VS Code in the browser has a folder to open. The texts are fetched from the
// test's server. It can be listed, read and written, and not searched, like most virtual file systems.

// eslint-disable-next-line @typescript-eslint/no-require-imports -- VS Code loads extensions of the web as CommonJS
const vscode = require('vscode');

exports.activate = async (context) => {
  const changed = new vscode.EventEmitter();
  const loaded = (async () => new Map(Object.entries(await (await fetch(new URL('/sample.json', context.extensionUri.toString(true)))).json()).map(([name, text]) => [`/sample/${name}`, new TextEncoder().encode(text)])))();
  const isFolder = (path) => path === '/' || path === '/sample';
  const missing = (uri) => vscode.FileSystemError.FileNotFound(uri);
  context.subscriptions.push(vscode.workspace.registerFileSystemProvider('memory', {
    onDidChangeFile: changed.event,
    watch: () => new vscode.Disposable(() => undefined),
    stat: async (uri) => {
      if (isFolder(uri.path)) return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
      const bytes = (await loaded).get(uri.path);
      if (!bytes) throw missing(uri);
      return { type: vscode.FileType.File, ctime: 0, mtime: 0, size: bytes.length };
    },
    readDirectory: async (uri) => (uri.path === '/sample' ? [...(await loaded).keys()].map((path) => [path.slice('/sample/'.length), vscode.FileType.File]) : []),
    readFile: async (uri) => {
      const bytes = (await loaded).get(uri.path);
      if (!bytes) throw missing(uri);
      return bytes;
    },
    writeFile: async (uri, bytes) => {
      (await loaded).set(uri.path, bytes);
      changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
    },
    createDirectory: () => undefined, delete: () => undefined, rename: () => undefined,
  }, { isCaseSensitive: true }));
};
