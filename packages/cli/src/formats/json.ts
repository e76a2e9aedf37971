// The report as data; its schema is drvlint.report.schema.json of this package.

import type { Finding, FindingFix } from '@drvlint/core';
import { printableJson } from '../printable.js';
import { countByLevel, type ReportData } from './report.js';

export function json(report: ReportData): string {
  const { suppressed, ...findings } = countByLevel(report.findings);
  return `${printableJson({
    version: 1,
    tool: report.tool,
    summary: {
      files: report.files, filesFailed: report.filesFailed, functions: report.functions, functionsAnalysed: report.functionsAnalysed,
      findings, suppressed, ms: Math.round(report.ms), peakMemoryMB: Math.round(report.peakMemoryMB),
    },
    findings: report.findings.map(finding),
    notAnalysed: report.notAnalysed.map(({ file, line, function: fn, reason }) => ({ file, ...(line === undefined ? {} : { line }), ...(fn === undefined ? {} : { function: fn }), reason })),
  })}\n`;
}

function finding(f: Finding): Record<string, unknown> {
  return {
    rule: f.rule, level: f.level, file: f.file, line: f.line, column: f.column, endLine: f.endLine, endColumn: f.endColumn,
    message: f.message, function: f.function, fingerprint: f.fingerprint,
    related: f.related.map((r) => ({ file: r.file, line: r.line, column: r.column, endLine: r.endLine, endColumn: r.endColumn, text: r.message })),
    flow: f.flow.map((s) => ({ file: s.file, line: s.line, column: s.column, text: s.message, ...(s.irql ? { irql: s.irql } : {}) })),
    fixes: [...(f.fix ? [fix(f.fix, 'fix')] : []), ...f.suggestions.map((s) => fix(s, 'suggestion'))],
    ...(f.variant ? { variant: f.variant } : {}),
    ...(f.suppressed ? { suppressed: f.suppressed } : {}),
  };
}

function fix({ title, edits }: FindingFix, kind: 'fix' | 'suggestion'): Record<string, unknown> {
  return {
    kind, title,
    edits: edits.map((e) => ({ file: e.file, line: e.line, column: e.column, endLine: e.endLine, endColumn: e.endColumn, start: e.start, end: e.end, text: e.text })),
  };
}
