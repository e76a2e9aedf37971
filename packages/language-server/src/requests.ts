// The client's requests. Each waits until the facts are those of the document's present text, and is answered with an error when the
// text changed meanwhile or the client no longer wants to know. A request that goes wrong costs nothing but itself.

import { LSPErrorCodes, ResponseError, type CancellationToken, type CodeLens, type Location, type Position } from 'vscode-languageserver';
import type { FileView, Workspace } from '@drvlint/project';
import { actionsAt, commands, type ActionContext, type BaselineArgument } from './actions/index.js';
import { baselineEdit } from './actions/baseline.js';
import { pageUrl } from './diagnostics.js';
import type { OpenDocument } from './documents.js';
import { declarationsAt, definitionsAt, type Target } from './features/definition.js';
import { hintsIn } from './features/hints.js';
import { hoverAt, levelText } from './features/hover.js';
import { lensesOf, lensTarget, type LensData } from './features/lenses.js';
import { raisedLines } from './features/levels.js';
import { bodyAt } from './features/lookup.js';
import type { Links } from './features/markdown.js';
import { symbolsOf } from './features/symbols.js';
import { offsetAt, rangeAt } from './positions.js';
import { methods, type CoverageMessage } from './protocol.js';
import { countByLevel, reportOf } from './report.js';
import type { Server } from './server.js';
import { documentUri, hasUri, invalid, isDiagnostic, isPosition, isRange, isText, listOf } from './shapes.js';
import { writeBaseline } from './write-baseline.js';

interface At { textDocument: { uri: string } }

interface Ready { open: OpenDocument; workspace: Workspace; view: FileView; links: Links }

type Need = 'now' | 'in time';

export function answerRequests(server: Server): void {
  new Requests(server).register();
}

class Requests {
  readonly #server: Server;

  constructor(server: Server) {
    this.#server = server;
  }

  register(): void {
    const { connection } = this.#server;
    connection.onHover((p, token) => this.#answerAt(p, token, ({ view, links }, position) => (this.#server.settings.hover ? hoverAt(view, position, links) : undefined)));
    connection.onDefinition((p, token) => this.#answerAt(p, token, (r, position) => this.#locations(r, definitionsAt(r.view, position))));
    connection.onDeclaration((p, token) => this.#answerAt(p, token, (r, position) => this.#locations(r, declarationsAt(r.view, position))));
    connection.onDocumentSymbol((p, token) => this.#answer(p, token, 'in time', undefined, ({ view }) => symbolsOf(view)));
    connection.languages.inlayHint.on((p, token) => (isRange(p?.range) ? undefined : invalid('there is no range')) ?? this.#answer(p, token, 'in time', undefined, ({ view }) => hintsIn(view, p.range, this.#server.settings.hints)));
    connection.onCodeLens((p, token) => this.#answer(p, token, 'in time', undefined, ({ view, open }) => lensesOf(view, open.uri, this.#server.settings.lenses)));
    connection.onCodeLensResolve((lens, token) => this.#resolveLens(lens, token));
    connection.onCodeAction((p, token) => this.#codeActions(p, token));
    connection.onExecuteCommand((p) => this.#execute(p?.command, Array.isArray(p?.arguments) ? p.arguments : []));
    connection.languages.diagnostics.on((p, token) => this.#diagnostics(p, token));
    this.#registerOwn();
  }

  #registerOwn(): void {
    const { connection, platform } = this.#server;
    connection.onRequest(methods.raisedLines, (p: At, token: CancellationToken) => this.#answer(p, token, 'in time', [], ({ view }) => raisedLines(view)));
    connection.onRequest(methods.levelAt, (p: At & { position: Position }, token: CancellationToken) => this.#answerAt(p, token, ({ view, links }, position) => {
      const offset = offsetAt(view.facts.lineStarts, view.facts.length, position);
      return bodyAt(view.facts, offset) ? levelText(view, offset, offset + 1, links) : undefined;
    }));
    connection.onRequest(methods.coverage, (p: At, token: CancellationToken) => this.#answer(p, token, 'in time', undefined, (r) => coverageOf(r)));
    connection.onRequest(methods.report, async () => {
      await this.#server.ready;
      return reportOf(this.#server.workspaces, (w, file) => this.#server.uriOf(w, file));
    });
    // Nothing but the pages of rules: the name becomes a path.
    connection.onRequest(methods.rulePage, (p: { rule: string } | undefined) => (this.#isRule(p?.rule) ? platform.rulePage(p!.rule) ?? null : null));
  }

  #isRule(name: unknown): name is string {
    return this.#server.rules.some((r) => r.meta.id === name);
  }

  /** The same for a position, which people wait for. */
  #answerAt<T>(params: At & { position: Position }, token: CancellationToken, make: (ready: Ready, position: Position) => T | undefined): Promise<T | null | ResponseError<void>> | ResponseError<void> {
    const position = params?.position;
    return isPosition(position) ? this.#answer(params, token, 'now', undefined, (ready) => make(ready, position)) : invalid('there is no position');
  }

  /** Runs `make` on the facts of the present text. */
  async #answer<T>(params: At, token: CancellationToken, need: Need, otherwise: T | undefined, make: (ready: Ready) => T | undefined): Promise<T | null | ResponseError<void>> {
    const uri = documentUri(params);
    if (uri === undefined) return invalid('there is no document');
    try {
      const at = await this.#server.documentAt(uri);
      if (!at) return otherwise ?? null;
      const { version } = at.open.document;
      const view = await at.workspace.view(at.open.path, need === 'now');
      if (token.isCancellationRequested) return new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled');
      if (at.open.document.version !== version) return new ResponseError(LSPErrorCodes.ContentModified, 'the text has changed');
      if (!view) return otherwise ?? null;
      return make({ ...at, view, links: { uriOf: (file) => this.#server.uriOf(at.workspace, file) } }) ?? otherwise ?? null;
    } catch (e) {
      this.#server.failed(e);
      return otherwise ?? null;
    }
  }

  #locations({ view, workspace }: Ready, targets: readonly Target[]): Location[] {
    return targets.flatMap(({ file, start, end }) => {
      const lines = view.project.fileOf(file)?.lineStarts;
      return lines ? [{ uri: this.#server.uriOf(workspace, file), range: rangeAt(lines, start, end) }] : [];
    });
  }

  async #resolveLens(lens: CodeLens, token: CancellationToken): Promise<CodeLens | ResponseError<void>> {
    const data = lens?.data as LensData | null | undefined;
    if (!hasUri(data)) return invalid('this is no lens of drvlint');
    const resolved = await this.#answer({ textDocument: { uri: data.uri } }, token, 'in time', undefined, (ready) => {
      const target = lensTarget(ready.view, data);
      return target && { title: target.title, command: commands.showPlaces, arguments: [data.uri, lens.range.start, this.#locations(ready, target.places)] };
    });
    return { ...lens, command: resolved && !(resolved instanceof ResponseError) ? resolved : { title: '', command: '' } };
  }

  async #codeActions(p: Parameters<Parameters<Server['connection']['onCodeAction']>[0]>[0], token: CancellationToken): Promise<ReturnType<typeof actionsAt> | null | ResponseError<void>> {
    const uri = documentUri(p);
    const range = p?.range;
    if (uri === undefined || !isRange(range)) return invalid('there is no document or no range');
    const { only, diagnostics } = p.context ?? {};
    const at = await this.#server.documentAt(uri);
    if (!at) return null;
    await at.workspace.findings(at.open.path);
    return this.#answer(p, token, 'now', undefined, ({ view, workspace, open }) => {
      const findings = workspace.findingsNow(open.path) ?? [];
      return actionsAt({ uri, range, ...(Array.isArray(only) ? { only: listOf(only, isText) } : {}), diagnostics: listOf(diagnostics, isDiagnostic) }, { ...this.#editTarget(workspace), view, findings });
    });
  }

  #editTarget(workspace: Workspace): Omit<ActionContext, 'view' | 'findings'> {
    const edits = this.#server.capabilities.workspace?.workspaceEdit;
    return {
      uriOf: (file) => this.#server.uriOf(workspace, file), versionOf: (uri) => this.#server.documents.get(uri)?.document.version ?? null,
      documentChanges: edits?.documentChanges === true, snippets: edits?.snippetEditSupport === true, rules: this.#server.rules,
    };
  }

  async #diagnostics(p: { textDocument: { uri: string }; previousResultId?: string }, token: CancellationToken): Promise<ReturnType<Server['publisher']['report']>> {
    const { publisher } = this.#server;
    const uri = documentUri(p);
    if (uri === undefined) throw invalid('there is no document');
    const at = await this.#server.documentAt(uri);
    if (!at) return { kind: 'full', items: [] };
    const { version } = at.open.document;
    // Who cannot be told to ask again is told once, and all of it.
    const findings = await (publisher.canAskAgain ? at.workspace.findingsSoon(at.open.path) : at.workspace.findings(at.open.path, false));
    // The client is to ask again for the text it has now.
    if (token.isCancellationRequested || at.open.document.version !== version) throw new ResponseError(LSPErrorCodes.ServerCancelled, 'the text has changed', { retriggerRequest: !token.isCancellationRequested });
    return publisher.report(uri, publisher.diagnostics(at.workspace, at.open.path, findings), p.previousResultId);
  }

  // --- commands ---------------------------------------------------------------------------------------

  async #execute(command: unknown, args: readonly unknown[]): Promise<unknown> {
    switch (command) {
      case commands.showPage: return this.#showPage(String(args[0]));
      case commands.addToBaseline: return this.#addToBaseline(args[0] as BaselineArgument | undefined);
      case commands.showPlaces: return this.#showPlaces(args[2]);
      default: throw invalid(`there is no command ${String(command)}`);
    }
  }

  async #showPage(rule: string): Promise<void> {
    const { connection, capabilities } = this.#server;
    if (!this.#isRule(rule)) throw invalid(`there is no rule ${rule}`);
    if (capabilities.window?.showDocument?.support) await connection.window.showDocument({ uri: pageUrl(rule), external: true });
    else connection.window.showInformationMessage(pageUrl(rule));
  }

  async #showPlaces(places: unknown): Promise<void> {
    const [first] = listOf(places, hasUri) as Location[];
    if (first && isRange(first.range) && this.#server.capabilities.window?.showDocument?.support) await this.#server.connection.window.showDocument({ uri: first.uri, selection: first.range, takeFocus: true });
  }

  async #addToBaseline(argument: BaselineArgument | undefined): Promise<void> {
    const { connection, capabilities } = this.#server;
    if (!hasUri(argument)) throw invalid('there is no finding');
    const { uri, fingerprint, rule } = argument;
    const at = await this.#server.documentAt(uri);
    const findings = at && await at.workspace.findings(at.open.path);
    const finding = findings?.find((f) => f.fingerprint === fingerprint && f.rule === rule && !f.suppressed);
    if (!at || !finding) return void connection.window.showWarningMessage('drvlint: the finding is no longer there');
    const target = { configurations: at.workspace.configurations, cwd: at.workspace.cwd, uriOf: (file: string) => this.#server.uris.toUri(file) };
    const edit = baselineEdit(finding, target);
    if (typeof edit === 'string') return void connection.window.showErrorMessage(`drvlint: ${edit}`);
    if (capabilities.workspace?.applyEdit && capabilities.workspace.workspaceEdit?.resourceOperations?.includes('create')) await connection.workspace.applyEdit({ label: 'Add to the baseline', edit });
    else for (const file of writeBaseline(edit, (u) => this.#server.uris.toPath(u))) this.#server.touched(file);
  }
}

function coverageOf({ workspace, open }: Ready): CoverageMessage | undefined {
  const coverage = workspace.coverage(open.path);
  if (!coverage) return undefined;
  const { functions, analysed, project, partial } = coverage;
  return { functions, analysed, project, ...(partial ? { partial } : {}), findings: countByLevel(workspace.findingsNow(open.path) ?? []) };
}
