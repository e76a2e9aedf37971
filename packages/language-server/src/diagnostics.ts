// Findings as the protocol's diagnostics: place, level, rule with a link to its page, the flow as related places.

import { DiagnosticSeverity, DiagnosticTag, type Diagnostic, type DiagnosticRelatedInformation } from 'vscode-languageserver';
import type { Finding, Level } from '@drvlint/core';
import type { Coverage, FileView } from '@drvlint/project';
import { rangeAt, rangeOf } from './positions.js';

const documentation = 'https://github.com/drvlint/drvlint/blob/main/rules';

/** Where a rule's page is read on the web. */
export function pageUrl(rule: string): string {
  return `${documentation}/${rule}/README.md`;
}

const severities: Readonly<Record<Level, DiagnosticSeverity>> = { error: DiagnosticSeverity.Error, warning: DiagnosticSeverity.Warning, info: DiagnosticSeverity.Information };

/** Rules about code that can go, and about interfaces that are to be used no more: editors show both in their own way. */
const tags: Readonly<Record<string, DiagnosticTag>> = {
  'unused-suppression': DiagnosticTag.Unnecessary,
  'use-decl-annotations-unneeded': DiagnosticTag.Unnecessary,
  'paged-code-multiple': DiagnosticTag.Unnecessary,
  'extended-deprecated-apis': DiagnosticTag.Deprecated,
  'wdk-deprecated-apis': DiagnosticTag.Deprecated,
};

/** What a diagnostic carries, to find its finding again. */
export interface DiagnosticData { rule: string; fingerprint: string }

/** What the client can show. */
export interface Shows { related: boolean; tags: boolean; links: boolean }

const source = 'drvlint';
/** Code of the hint at what was not analysed. */
export const notAnalysed = 'not-analysed';

export function diagnosticOf(finding: Finding, shows: Shows, uriOf: (file: string) => string): Diagnostic {
  const related = shows.related ? relatedOf(finding, uriOf) : [];
  const tag = shows.tags ? tags[finding.rule] : undefined;
  const data: DiagnosticData = { rule: finding.rule, fingerprint: finding.fingerprint };
  return {
    range: rangeOf(finding), severity: severities[finding.level], code: finding.rule, source, message: finding.message, data,
    ...(shows.links ? { codeDescription: { href: pageUrl(finding.rule) } } : {}),
    ...(tag ? { tags: [tag] } : {}), ...(related.length > 0 ? { relatedInformation: related } : {}),
  };
}

/** Most places that are shown below a finding. */
const mostRelated = 30;

function relatedOf(finding: Finding, uriOf: (file: string) => string): DiagnosticRelatedInformation[] {
  const steps = finding.flow.map((s, i) => ({ place: s, message: `${i + 1}. ${s.message}${s.irql ? ` [${s.irql}]` : ''}` }));
  const others = finding.related.map((r) => ({ place: r, message: r.message }));
  return [...steps, ...others].slice(0, mostRelated).map(({ place, message }) => ({ location: { uri: uriOf(place.file), range: rangeOf(place) }, message }));
}

/** One hint per function, or part of the file, that the analysis gave up. */
export function coverageHints({ reasons }: Coverage, { facts }: FileView): Diagnostic[] {
  return reasons.slice(0, 200).map(({ start, end, function: fn, reason }) => {
    const range = rangeAt(facts.lineStarts, start, Math.max(start, end));
    const line = { start: range.start, end: range.end.line > range.start.line ? { line: range.start.line + 1, character: 0 } : range.end };
    return { range: line, severity: DiagnosticSeverity.Hint, code: notAnalysed, source, message: `${fn ? `'${fn}' is` : 'This is'} not analysed: ${reason}` };
  });
}
