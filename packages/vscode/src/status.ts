// The status bar item: what the server is doing, and how much of the file in front was analysed.

import * as vscode from 'vscode';
import type { AnyClient } from './client.js';

interface State { state: 'reading' | 'ready' | 'failed'; text: string }

interface Coverage { functions: number; analysed: number; project: string; partial?: string; findings: { error: number; warning: number; info: number; suppressed: number } }

export class Status implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem('drvlint', vscode.StatusBarAlignment.Right, 90);
  readonly #listeners: vscode.Disposable[] = [];
  #client: AnyClient | undefined;
  #state: State = { state: 'reading', text: '' };

  constructor() {
    this.#item.name = 'drvlint';
    this.#item.command = 'drvlint.showMenu';
    this.#listeners.push(vscode.window.onDidChangeActiveTextEditor(() => void this.#update()));
  }

  attach(client: AnyClient): void {
    this.#client = client;
    client.onNotification('drvlint/status', (state: State) => this.show(state));
    client.onNotification('drvlint/analysed', () => void this.#update());
    this.show({ state: 'ready', text: '' });
  }

  show(state: State): void {
    this.#state = state;
    void this.#update();
  }

  async #update(): Promise<void> {
    const document = vscode.window.activeTextEditor?.document;
    if (!document || !['c', 'cpp'].includes(document.languageId)) return this.#item.hide();
    this.#item.show();
    const { state, text } = this.#state;
    this.#item.backgroundColor = state === 'failed' ? new vscode.ThemeColor('statusBarItem.errorBackground') : undefined;
    if (state !== 'ready') {
      this.#item.text = state === 'failed' ? '$(error) drvlint' : `$(sync~spin) drvlint ${text}`;
      this.#item.tooltip = text;
      return;
    }
    const coverage = await this.#client?.sendRequest<Coverage | null>('drvlint/coverage', { textDocument: { uri: document.uri.toString() } }).catch(() => null);
    if (document !== vscode.window.activeTextEditor?.document || this.#state.state !== 'ready') return;
    this.#item.text = coverage ? `$(circuit-board) drvlint ${coverage.analysed}/${coverage.functions}` : '$(circuit-board) drvlint';
    this.#item.tooltip = coverage ? tooltipOf(coverage) : 'This file is not analysed.';
  }

  dispose(): void {
    this.#item.dispose();
    for (const listener of this.#listeners) listener.dispose();
  }
}

function tooltipOf({ functions, analysed, project, partial, findings }: Coverage): string {
  const { error, warning, info, suppressed } = findings;
  return [
    `Project ${project}${partial ? ` (${partial})` : ''}`, `${analysed} of ${functions} functions of this file analysed`,
    `${error} errors, ${warning} warnings, ${info} infos${suppressed > 0 ? `, ${suppressed} suppressed` : ''}`,
  ].join('\n');
}
