// The VS Code extension: starts the language server, shows its state, and offers what an editor-neutral protocol has no place for. There
// is no analysis here.

import * as vscode from 'vscode';
import { startClient, type AnyClient } from './client.js';
import { registerCommands } from './commands.js';
import { RaisedLines } from './raised-lines.js';
import { RulePages } from './rule-pages.js';
import { Status } from './status.js';

let client: AnyClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const output = vscode.window.createOutputChannel('drvlint', { log: true });
  const status = new Status();
  const raised = new RaisedLines();
  const pages = new RulePages(() => client);
  context.subscriptions.push(output, status, raised, pages);
  const start = async (): Promise<void> => {
    status.show({ state: 'reading', text: 'starting' });
    try {
      client = await startClient(context, output);
      status.attach(client);
      raised.attach(client);
    } catch (e) {
      status.show({ state: 'failed', text: e instanceof Error ? e.message : String(e) });
      output.error(e instanceof Error ? e : String(e));
    }
  };
  registerCommands(context, {
    client: () => client, output, pages, raised,
    restart: async () => {
      await client?.stop().catch(() => undefined);
      client = undefined;
      await start();
    },
  });
  await start();
}

export async function deactivate(): Promise<void> {
  await client?.stop().catch(() => undefined);
}
