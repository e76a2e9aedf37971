// The VS Code extension: starts the language server, shows its state, and offers what an editor-neutral protocol has no place for. There
// is no analysis here.

import * as vscode from 'vscode';
import { startClient, type Running } from './client.js';
import { registerCommands } from './commands.js';
import { RaisedLines } from './raised-lines.js';
import { RulePages } from './rule-pages.js';
import { Status } from './status.js';

let running: Running | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const output = vscode.window.createOutputChannel('drvlint', { log: true });
  const status = new Status();
  const raised = new RaisedLines();
  const pages = new RulePages(() => running?.client);
  context.subscriptions.push(output, status, raised, pages);
  const start = async (): Promise<void> => {
    status.show({ state: 'reading', text: 'starting' });
    try {
      running = await startClient(context, output);
      status.attach(running.client);
      raised.attach(running.client);
    } catch (e) {
      status.show({ state: 'failed', text: e instanceof Error ? e.message : String(e) });
      output.error(e instanceof Error ? e : String(e));
    }
  };
  const stop = async (): Promise<void> => {
    const old = running;
    running = undefined;
    await old?.stop();
  };
  // One after the other: two restarts at once would leave two servers.
  let last = Promise.resolve();
  const inTurn = (...steps: (() => Promise<void>)[]): Promise<void> => (last = steps.reduce(async (before, step) => before.then(step), last));
  registerCommands(context, { client: () => running?.client, output, pages, raised, restart: () => inTurn(stop, start) });
  await inTurn(start);
}

export async function deactivate(): Promise<void> {
  await running?.stop();
}
