// Pages of rules, as the server has them, shown as Markdown.

import * as vscode from 'vscode';
import type { AnyClient } from './client.js';

const scheme = 'drvlint-rule';

export class RulePages implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #registration: vscode.Disposable;
  readonly #client: () => AnyClient | undefined;

  constructor(client: () => AnyClient | undefined) {
    this.#client = client;
    this.#registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const rule = uri.path.replace(/^\/|\.md$/g, '');
    return await this.#client()?.sendRequest<string | null>('drvlint/rulePage', { rule }).catch(() => null) ?? `There is no page of ${rule}.`;
  }

  async show(rule: string): Promise<void> {
    const uri = vscode.Uri.from({ scheme, path: `/${rule}.md` });
    try {
      await vscode.commands.executeCommand('markdown.showPreview', uri);
    } catch {
      await vscode.window.showTextDocument(uri, { preview: true });
    }
  }

  dispose(): void {
    this.#registration.dispose();
  }
}
