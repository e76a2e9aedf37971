// Brings findings to the client: pushed with the version they are of, or handed out when the client asks, whichever it can.

import { DiagnosticRefreshRequest, type Connection, type Diagnostic, type DocumentDiagnosticReport } from 'vscode-languageserver';
import { hashText, type Finding } from '@drvlint/core';
import type { Workspace } from '@drvlint/project';
import { coverageHints, diagnosticOf, type Shows } from './diagnostics.js';
import type { OpenDocument } from './documents.js';

export interface PublisherOptions {
  /** The client asks for diagnostics. */
  pull: boolean;
  /** The client can be told to ask again. */
  refresh: boolean;
  shows: Shows;
  showNotAnalysed(): boolean;
  uriOf(workspace: Workspace, file: string): string;
}

export class Publisher {
  readonly #connection: Connection;
  readonly #options: PublisherOptions;
  /** What the client was given last, by URI. */
  readonly #given = new Map<string, string>();
  #refreshing: ReturnType<typeof setTimeout> | undefined;

  constructor(connection: Connection, options: PublisherOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  get pulls(): boolean {
    return this.#options.pull;
  }

  get canAskAgain(): boolean {
    return this.#options.refresh;
  }

  diagnostics(workspace: Workspace, file: string, findings: readonly Finding[]): Diagnostic[] {
    const { shows, showNotAnalysed } = this.#options;
    const made = findings.filter((f) => !f.suppressed).map((f) => diagnosticOf(f, shows, (name) => this.#options.uriOf(workspace, name)));
    const [coverage, view] = [workspace.coverage(file), workspace.viewNow(file)];
    return coverage && view && showNotAnalysed() ? [...made, ...coverageHints(coverage, view)] : made;
  }

  /** New findings of an open file are there. */
  publish(workspace: Workspace, open: OpenDocument): void {
    const findings = workspace.findingsNow(open.path);
    if (!findings) return;
    const diagnostics = this.diagnostics(workspace, open.path, findings);
    if (this.#options.pull) this.#askAgain(open.uri, diagnostics);
    else {
      const given = `${open.document.version} ${resultId(diagnostics)}`;
      if (this.#given.get(open.uri) === given) return;
      this.#given.set(open.uri, given);
      void this.#connection.sendDiagnostics({ uri: open.uri, version: open.document.version, diagnostics });
    }
  }

  /** A client that asks learns of changes it did not make itself by being told to ask again. */
  #askAgain(uri: string, diagnostics: Diagnostic[]): void {
    const given = this.#given.get(uri);
    if (!this.#options.refresh || given === undefined || given === resultId(diagnostics) || this.#refreshing) return;
    this.#refreshing = setTimeout(() => {
      this.#refreshing = undefined;
      this.#connection.sendRequest(DiagnosticRefreshRequest.type).catch(() => undefined);
    }, 50);
  }

  report(uri: string, diagnostics: Diagnostic[], previous: string | undefined): DocumentDiagnosticReport {
    const id = resultId(diagnostics);
    this.#given.set(uri, id);
    return id === previous ? { kind: 'unchanged', resultId: id } : { kind: 'full', resultId: id, items: diagnostics };
  }

  clear(uri: string): void {
    if (!this.#options.pull && this.#given.has(uri)) void this.#connection.sendDiagnostics({ uri, diagnostics: [] });
    this.#given.delete(uri);
  }

  dispose(): void {
    clearTimeout(this.#refreshing);
  }
}

function resultId(diagnostics: readonly Diagnostic[]): string {
  return hashText(JSON.stringify(diagnostics));
}
