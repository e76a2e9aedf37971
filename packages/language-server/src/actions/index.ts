// The code actions at a range: fixes and suggestions of the findings there, suppressing them, adding them to the baseline, their rules'
// pages, and what can be written down about the function: its role, its inferred annotations.

import { CodeActionKind, type CodeAction, type Command, type Diagnostic, type Range, type TextEdit, type WorkspaceEdit } from 'vscode-languageserver';
import { applyFixes, type Finding, type FindingFix, type Rule } from '@drvlint/core';
import type { FileView } from '@drvlint/project';
import type { DiagnosticData } from '../diagnostics.js';
import { declaredAt, definitionAt, engineOf } from '../features/lookup.js';
import { offsetAt, overlaps, rangeAt, rangeOf } from '../positions.js';
import { inferredAnnotation } from './annotate.js';
import { roleDeclarations } from './declare-role.js';
import { fixEdit, workspaceEdit, type EditTarget } from './edits.js';
import { suppressions } from './suppress.js';

export const fixAllKind = `${CodeActionKind.SourceFixAll}.drvlint`;

export const commands = { showPage: 'drvlint.showRulePage', addToBaseline: 'drvlint.addToBaseline', showPlaces: 'drvlint.showPlaces' } as const;

/** Argument of `addToBaseline`. */
export interface BaselineArgument extends DiagnosticData { uri: string }

export interface ActionRequest {
  uri: string;
  range: Range;
  /** Kinds the client wants; all when absent. */
  only?: readonly string[];
  diagnostics: readonly Diagnostic[];
}

export interface ActionContext extends EditTarget {
  view: FileView;
  findings: readonly Finding[];
  rules: readonly Rule[];
  /** The client takes snippets in workspace edits. */
  snippets: boolean;
}

export function actionsAt(request: ActionRequest, context: ActionContext): CodeAction[] {
  const wants = (kind: string): boolean => request.only === undefined || request.only.some((k) => kind === k || kind.startsWith(`${k}.`));
  const open = context.findings.filter((f) => !f.suppressed);
  const here = open.filter((f) => overlaps(rangeOf(f), request.range));
  const actions: CodeAction[] = [];
  if (wants(CodeActionKind.QuickFix)) for (const f of here) actions.push(...actionsOf(f, open, request, context));
  if (wants(CodeActionKind.RefactorRewrite)) actions.push(...rewrites(request, context).filter((a) => !actions.some((b) => b.title === a.title)));
  if (wants(fixAllKind)) actions.push(...fixAll(open, 'Fix all drvlint findings of this file', fixAllKind, context));
  return actions;
}

function diagnosticsOf(f: Finding, request: ActionRequest): { diagnostics?: Diagnostic[] } {
  const own = request.diagnostics.filter((d) => (d.data as DiagnosticData | undefined)?.fingerprint === f.fingerprint || (d.code === f.rule && d.range.start.line === f.line - 1));
  return own.length > 0 ? { diagnostics: own } : {};
}

function actionsOf(f: Finding, all: readonly Finding[], request: ActionRequest, context: ActionContext): CodeAction[] {
  const own = diagnosticsOf(f, request);
  const made = (fix: FindingFix, isPreferred: boolean): CodeAction => ({ title: fix.title, kind: CodeActionKind.QuickFix, ...own, ...(isPreferred ? { isPreferred } : {}), edit: fixEdit(fix, context) });
  const actions = [...(f.fix ? [made(f.fix, true)] : []), ...f.suggestions.map((s, i) => made(s, !f.fix && i === 0 && f.suggestions.length === 1))];
  const same = all.filter((o) => o.rule === f.rule && o.fix);
  if (f.fix && same.length > 1) actions.push(...fixAll(same, `Fix all ${f.rule} findings of this file`, CodeActionKind.QuickFix, context).map((a) => ({ ...a, ...own })));
  const aliases = context.rules.find((r) => r.meta.id === f.rule)?.meta.aliases ?? [];
  for (const s of suppressions(f, context.view.facts, context.view.source.text, aliases)) {
    actions.push({ title: s.title, kind: CodeActionKind.QuickFix, ...own, edit: suppressionEdit(s, request.uri, context) });
  }
  const baseline: BaselineArgument = { uri: request.uri, rule: f.rule, fingerprint: f.fingerprint };
  actions.push(commandAction(`Add this ${f.rule} finding to the baseline`, commands.addToBaseline, baseline, own));
  actions.push(commandAction(`Show the page of ${f.rule}`, commands.showPage, f.rule, own));
  return actions;
}

function commandAction(title: string, command: string, argument: unknown, own: { diagnostics?: Diagnostic[] }): CodeAction {
  const run: Command = { title, command, arguments: [argument] };
  return { title, kind: CodeActionKind.QuickFix, ...own, command: run };
}

function suppressionEdit(s: ReturnType<typeof suppressions>[number], uri: string, context: ActionContext): WorkspaceEdit {
  const range = rangeAt(context.view.facts.lineStarts, s.offset, s.offset);
  if (!context.snippets || !context.documentChanges) return workspaceEdit([{ uri, edits: [{ range, newText: s.text }] }], context);
  const literal = (text: string): string => text.replace(/[\\$}]/g, '\\$&');
  const [from, to] = s.reason;
  const value = `${literal(s.text.slice(0, from))}\${1:${literal(s.text.slice(from, to))}}${literal(s.text.slice(to))}`;
  return { documentChanges: [{ textDocument: { uri, version: context.versionOf(uri) }, edits: [{ range, snippet: { kind: 'snippet', value } }] }] };
}

/** All fixes that go together, as one edit; those that collide are for the next time. */
function fixAll(findings: readonly Finding[], title: string, kind: string, context: ActionContext): CodeAction[] {
  const file = context.view.facts.path;
  // Fixes that reach into other files are left to be looked at one by one.
  const fixes = findings.flatMap((f) => (f.fix && f.fix.edits.every((e) => e.file === file) ? [f.fix] : []));
  if (fixes.length === 0) return [];
  const { applied } = applyFixes(context.view.source.text, fixes.map((f) => f.edits));
  const unique = new Map<string, TextEdit>();
  for (const e of applied.flatMap((i) => fixes[i].edits)) unique.set(`${e.start}:${e.end}:${e.text}`, { range: rangeOf(e), newText: e.text });
  return [{ title, kind, edit: workspaceEdit([{ uri: context.uriOf(file), edits: [...unique.values()] }], context) }];
}

function rewrites(request: ActionRequest, context: ActionContext): CodeAction[] {
  const { view } = context;
  const offset = offsetAt(view.facts.lineStarts, view.facts.length, request.range.start);
  const decl = declaredAt(view.facts, offset) ?? definitionAt(view.facts, offset);
  const isHead = decl && offset <= (decl.body?.start ?? decl.end);
  const fn = isHead ? view.project.funcOf(decl) : undefined;
  const engine = engineOf(view.project);
  if (!fn) return [];
  const inserts: { title: string; file: string; start: number; end: number; text: string }[] = [...roleDeclarations(view.project, fn)];
  const inferred = engine && fn.def ? inferredAnnotation(engine, fn, view.project.textOf(fn.def.file.path)) : undefined;
  if (inferred && fn.def) inserts.push({ title: inferred.title, file: fn.def.file.path, start: inferred.offset, end: inferred.offset, text: inferred.text });
  return inserts.flatMap(({ title, file, start, end, text }) => {
    const lines = view.project.fileOf(file)?.lineStarts;
    if (!lines) return [];
    return [{ title, kind: CodeActionKind.RefactorRewrite, edit: workspaceEdit([{ uri: context.uriOf(file), edits: [{ range: rangeAt(lines, start, end), newText: text }] }], context) }];
  });
}
