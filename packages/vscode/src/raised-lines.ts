// Stripes at the lines that run at DISPATCH_LEVEL and above, as the server tells them.

import * as vscode from 'vscode';
import type { AnyClient } from './client.js';

interface RaisedRange { from: number; to: number; level: string; mask: number }

/** DISPATCH_LEVEL alone, as a mask. */
const dispatchOnly = 1 << 2;

export class RaisedLines implements vscode.Disposable {
  readonly #dispatch = stripe('drvlint.raisedLine');
  readonly #device = stripe('drvlint.deviceLine');
  readonly #listeners: vscode.Disposable[] = [];
  #client: AnyClient | undefined;

  constructor() {
    this.#listeners.push(
      vscode.window.onDidChangeVisibleTextEditors(() => this.#updateAll()),
      vscode.workspace.onDidChangeConfiguration((e) => { if (e.affectsConfiguration('drvlint.raisedLines')) this.#updateAll(); }),
    );
  }

  attach(client: AnyClient): void {
    this.#client = client;
    client.onNotification('drvlint/analysed', ({ uri }: { uri: string }) => {
      for (const editor of vscode.window.visibleTextEditors) if (editor.document.uri.toString() === vscode.Uri.parse(uri).toString()) void this.#update(editor);
    });
    this.#updateAll();
  }

  async toggle(): Promise<void> {
    const settings = vscode.workspace.getConfiguration('drvlint');
    await settings.update('raisedLines', !settings.get<boolean>('raisedLines', true), vscode.ConfigurationTarget.Global);
  }

  #updateAll(): void {
    for (const editor of vscode.window.visibleTextEditors) void this.#update(editor);
  }

  async #update(editor: vscode.TextEditor): Promise<void> {
    const { document } = editor;
    if (!['c', 'cpp'].includes(document.languageId)) return;
    const { version } = document;
    const wanted = vscode.workspace.getConfiguration('drvlint').get<boolean>('raisedLines', true);
    const lines = wanted ? await this.#client?.sendRequest<RaisedRange[] | null>('drvlint/raisedLines', { textDocument: { uri: document.uri.toString() } }).catch(() => null) : [];
    if (!lines || document.version !== version) return;
    const optionsOf = (some: RaisedRange[]): vscode.DecorationOptions[] => some.map((l) => ({ range: new vscode.Range(l.from, 0, l.to, 0), hoverMessage: `runs at ${l.level}` }));
    editor.setDecorations(this.#dispatch, optionsOf(lines.filter((l) => l.mask === dispatchOnly)));
    editor.setDecorations(this.#device, optionsOf(lines.filter((l) => l.mask !== dispatchOnly)));
  }

  dispose(): void {
    for (const one of [this.#dispatch, this.#device, ...this.#listeners]) one.dispose();
  }
}

function stripe(color: string): vscode.TextEditorDecorationType {
  return vscode.window.createTextEditorDecorationType({
    isWholeLine: true, borderStyle: 'solid', borderWidth: '0 0 0 3px', borderColor: new vscode.ThemeColor(color),
    overviewRulerColor: new vscode.ThemeColor(color), overviewRulerLane: vscode.OverviewRulerLane.Left,
  });
}
