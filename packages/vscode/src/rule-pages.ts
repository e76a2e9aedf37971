// Pages of rules, shipped with the extension, shown as Markdown.

import * as vscode from 'vscode';

const scheme = 'drvlint-rule';

export class RulePages implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #registration: vscode.Disposable;
  readonly #extension: vscode.Uri;
  #pages: Promise<Record<string, string>> | undefined;

  constructor(extension: vscode.Uri) {
    this.#extension = extension;
    this.#registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const rule = uri.path.replace(/^\/|\.md$/g, '');
    return (await this.#load())[rule] ?? `There is no page of ${rule}.`;
  }

  async show(rule: string): Promise<void> {
    const uri = vscode.Uri.from({ scheme, path: `/${rule}.md` });
    try {
      await vscode.commands.executeCommand('markdown.showPreview', uri);
    } catch {
      await vscode.window.showTextDocument(uri, { preview: true });
    }
  }

  async #load(): Promise<Record<string, string>> {
    this.#pages ??= Promise.resolve(vscode.workspace.fs.readFile(vscode.Uri.joinPath(this.#extension, 'dist', 'pages.json'))).then((bytes) => JSON.parse(new TextDecoder().decode(bytes)) as Record<string, string>);
    return this.#pages;
  }

  dispose(): void {
    this.#registration.dispose();
  }
}
