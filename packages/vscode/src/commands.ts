// The commands of the palette, and those that lenses and code actions call.

import * as vscode from 'vscode';
import type { AnyClient } from './client.js';
import type { RaisedLines } from './raised-lines.js';
import type { RulePages } from './rule-pages.js';

interface Surroundings {
  client(): AnyClient | undefined;
  output: vscode.LogOutputChannel;
  pages: RulePages;
  raised: RaisedLines;
  restart(): Promise<void>;
}

interface Place { uri: string; range: { start: Point; end: Point } }
interface Point { line: number; character: number }

export function registerCommands(context: vscode.ExtensionContext, around: Surroundings): void {
  const commands: Record<string, (...args: never[]) => unknown> = {
    restart: () => around.restart(),
    showOutput: () => around.output.show(),
    toggleRaisedLines: () => around.raised.toggle(),
    showLevelHere: () => showLevelHere(around),
    openReport: () => openReport(around),
    showMenu,
    showRulePage: (rule: string) => around.pages.show(rule),
    showPlaces: (uri: string, at: Point, places: Place[]) => showPlaces(uri, at, places),
  };
  for (const [name, run] of Object.entries(commands)) context.subscriptions.push(vscode.commands.registerCommand(`drvlint.${name}`, run));
}

/** The level at the cursor, as the hover tells it. */
async function showLevelHere(around: Surroundings): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const client = around.client();
  if (!editor || !client) return;
  const { line, character } = editor.selection.active;
  const params = { textDocument: { uri: editor.document.uri.toString() }, position: { line, character } };
  const text = await client.sendRequest<string | null>('drvlint/levelAt', params).catch(() => null);
  // What runs here as one line; the way there is in the hover.
  const first = text?.split('\n', 1)[0].replace(/\*\*|\\/g, '');
  if (!first) return void vscode.window.showInformationMessage('drvlint: the IRQL is not known here.');
  if (await vscode.window.showInformationMessage(first, 'Why?') === 'Why?') await vscode.commands.executeCommand('editor.action.showHover');
}

async function openReport(around: Surroundings): Promise<void> {
  const content = await around.client()?.sendRequest<string>('drvlint/report').catch(() => undefined);
  if (content === undefined) return;
  const document = await vscode.workspace.openTextDocument({ language: 'markdown', content });
  await vscode.window.showTextDocument(document, { preview: true });
  await vscode.commands.executeCommand('markdown.showPreviewToSide').then(undefined, () => undefined);
}

async function showMenu(): Promise<void> {
  const items = [
    { label: '$(circuit-board) Show the IRQL at the cursor', command: 'drvlint.showLevelHere' },
    { label: '$(checklist) Open the report of the open files', command: 'drvlint.openReport' },
    { label: '$(symbol-color) Toggle the marks of raised code', command: 'drvlint.toggleRaisedLines' },
    { label: '$(gear) Settings', command: 'workbench.action.openSettings', argument: 'drvlint' },
    { label: '$(output) Show the output', command: 'drvlint.showOutput' },
    { label: '$(refresh) Restart the language server', command: 'drvlint.restart' },
  ];
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: 'drvlint' });
  if (chosen) await vscode.commands.executeCommand(chosen.command, ...(chosen.argument ? [chosen.argument] : []));
}

async function showPlaces(uri: string, at: Point, places: readonly Place[]): Promise<void> {
  const locations = places.map((p) => new vscode.Location(vscode.Uri.parse(p.uri), new vscode.Range(p.range.start.line, p.range.start.character, p.range.end.line, p.range.end.character)));
  await vscode.commands.executeCommand('editor.action.showReferences', vscode.Uri.parse(uri), new vscode.Position(at.line, at.character), locations);
}
