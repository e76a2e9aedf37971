// Formats that continuous-integration services read from the log or as an artifact: GitHub annotations, Azure Pipelines logging
// commands, GitLab code quality, JUnit.

import type { Finding } from '@drvlint/core';
import { printableJson, printableLines } from '../printable.js';
import type { ReportData } from './report.js';

function counted(report: ReportData): readonly Finding[] {
  return report.findings.filter((f) => !f.suppressed);
}

/** GitHub workflow commands: an annotation per finding. */
export function github(report: ReportData): string {
  const property = (text: string | number): string => githubData(String(text)).replaceAll(':', '%3A').replaceAll(',', '%2C');
  const kind = { error: 'error', warning: 'warning', info: 'notice' } as const;
  return counted(report).map((f) => {
    const place = { file: f.file, line: f.line, endLine: f.endLine, ...(f.line === f.endLine ? { col: f.column, endColumn: f.endColumn } : {}), title: f.rule };
    return `::${kind[f.level]} ${Object.entries(place).map(([k, v]) => `${k}=${property(v)}`).join(',')}::${githubData(f.message)}\n`;
  }).join('');
}

function githubData(text: string): string {
  return printableLines(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** Azure Pipelines logging commands; there are only errors and warnings. */
export function azure(report: ReportData): string {
  const property = (text: string | number): string => azureData(String(text)).replaceAll(']', '%5D').replaceAll(';', '%3B');
  return counted(report).map((f) => {
    const place = { type: f.level === 'error' ? 'error' : 'warning', sourcepath: f.file, linenumber: f.line, columnnumber: f.column, code: f.rule };
    return `##vso[task.logissue ${Object.entries(place).map(([k, v]) => `${k}=${property(v)};`).join('')}]${azureData(f.message)}\n`;
  }).join('');
}

function azureData(text: string): string {
  return printableLines(text).replaceAll('%', '%AZP25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** GitLab code quality report: an array, fingerprints unique in it. */
export function gitlab(report: ReportData): string {
  const severity = { error: 'critical', warning: 'major', info: 'info' } as const;
  const seen = new Map<string, number>();
  const issues = counted(report).map((f) => {
    const own = `${f.file}:${f.fingerprint}`;
    const ordinal = (seen.get(own) ?? 0) + 1;
    seen.set(own, ordinal);
    return {
      description: f.message, check_name: f.rule, fingerprint: ordinal === 1 ? own : `${own}:${ordinal}`, severity: severity[f.level],
      location: { path: f.file, lines: { begin: f.line, end: f.endLine } },
    };
  });
  return `${printableJson(issues)}\n`;
}

/** JUnit: a suite per file, a failed case per finding; one passed case when there is none. */
export function junit(report: ReportData): string {
  const findings = counted(report);
  const files = [...new Set(findings.map((f) => f.file))];
  const suites = files.map((file) => {
    const own = findings.filter((f) => f.file === file);
    const cases = own.map((f) => `    <testcase name="${xml(`${f.rule} at line ${f.line}`)}" classname="${xml(file)}" file="${xml(file)}" line="${f.line}">
      <failure type="${xml(f.rule)}" message="${xml(f.message)}">${xml(`${f.file}:${f.line}:${f.column}: ${f.level}: ${f.message}`)}</failure>
    </testcase>\n`).join('');
    return `  <testsuite name="${xml(file)}" tests="${own.length}" failures="${own.length}" errors="0">\n${cases}  </testsuite>\n`;
  });
  if (suites.length === 0) suites.push('  <testsuite name="drvlint" tests="1" failures="0" errors="0">\n    <testcase name="no findings" classname="drvlint"/>\n  </testsuite>\n');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="drvlint" tests="${Math.max(1, findings.length)}" failures="${findings.length}" errors="0">\n${suites.join('')}</testsuites>\n`;
}

/** Escaped for XML 1.0; characters it does not allow become a replacement sign. */
export function xml(text: string): string {
  return text
    // eslint-disable-next-line no-control-regex -- these are the characters it is about
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
    .replace(/[<>&"'\n\r\t\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, (c) => `&#${c.charCodeAt(0)};`);
}
