// SARIF 2.1.0 for code scanning: one run, all rules, relative URIs, columns in UTF-16 units, flows, fixes, fingerprints without line
// numbers, suppressions, and notifications for what was not analysed. Stays within the limits GitHub documents.

import type { ArtifactLocation, CodeFlow, Fix, Invocation, Location, Log, Notification, PhysicalLocation, Region, ReportingDescriptor, Result, Suppression } from 'sarif';
import { lineText, type Finding, type FindingFix, type FlowPlace, type Level, type Place, type RuleMeta, type SourceText } from '@drvlint/core';
import { printableJson } from '../printable.js';
import { pageUrl, type ReportData } from './report.js';
import { folderUri, isAbsoluteUri, uriOf } from './uri.js';

/** GitHub: "SARIF results exceed limits"; it shows 5,000 of 25,000 results and 10 of 20 tags. */
export const limits = { results: 5000, flowSteps: 30, locations: 100, tags: 10, notifications: 1000 } as const;

const base = '%SRCROOT%';
/** Longer lines are not repeated in the report. */
const widest = 1000;

export function sarif(report: ReportData): string {
  const indexes = new Map(report.rules.map((r, i) => [r.meta.id, i]));
  const { kept, dropped } = capped(report.findings);
  const anySuppressed = kept.some((f) => f.suppressed);
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{
      tool: {
        driver: {
          name: 'drvlint', version: report.tool.version, semanticVersion: report.tool.version, informationUri: 'https://github.com/drvlint/drvlint',
          rules: report.rules.map((r) => descriptor(r.meta, report)),
        },
      },
      automationDetails: { id: 'drvlint/' },
      columnKind: 'utf16CodeUnits',
      originalUriBaseIds: { [base]: { uri: folderUri(report.cwd), description: { text: 'The folder drvlint was run in.' } } },
      invocations: [invocation(report, dropped)],
      results: kept.map((f) => result(f, indexes.get(f.rule) ?? -1, anySuppressed, report)),
    }],
  };
  return `${printableJson(log)}\n`;
}

const weight: Record<Level, number> = { error: 0, warning: 1, info: 2 };

/** The heaviest findings that fit, in report order. */
function capped(findings: readonly Finding[]): { kept: readonly Finding[]; dropped: number } {
  if (findings.length <= limits.results) return { kept: findings, dropped: 0 };
  const order = findings.map((f, i) => ({ i, rank: weight[f.level] + (f.suppressed ? 3 : 0) })).sort((a, b) => a.rank - b.rank || a.i - b.i);
  const chosen = new Set(order.slice(0, limits.results).map((o) => o.i));
  return { kept: findings.filter((_, i) => chosen.has(i)), dropped: findings.length - limits.results };
}

function descriptor(meta: RuleMeta, report: ReportData): ReportingDescriptor {
  const page = report.pageOf(meta.id)?.replace(/<!--[\s\S]*?-->\n?/g, '');
  const numbers = meta.aliases.filter((a) => /^C\d+$/.test(a));
  return {
    id: meta.id,
    name: meta.id.replace(/(?:^|-)(\w)/g, (_, c: string) => c.toUpperCase()),
    shortDescription: { text: `${meta.title}.` },
    fullDescription: { text: `${meta.title}. ${meta.help}` },
    help: { text: meta.help, markdown: page ?? meta.help },
    helpUri: pageUrl(meta.id),
    defaultConfiguration: { level: sarifLevel(meta.level), enabled: report.active.has(meta.id) },
    properties: {
      tags: [...new Set(['windows-driver', meta.family, ...numbers, ...meta.models])].slice(0, limits.tags),
      precision: meta.level === 'error' ? 'very-high' : meta.level === 'warning' ? 'high' : 'medium',
      'problem.severity': meta.level === 'info' ? 'recommendation' : meta.level,
      ...(meta.aliases.length > 0 ? { aliases: meta.aliases } : {}),
    },
  };
}

function sarifLevel(level: Level): 'error' | 'warning' | 'note' {
  return level === 'info' ? 'note' : level;
}

function result(f: Finding, ruleIndex: number, anySuppressed: boolean, report: ReportData): Result {
  const fixes = [...(f.fix ? [fix(f.fix)] : []), ...f.suggestions.map(fix)];
  return {
    ruleId: f.rule,
    ...(ruleIndex >= 0 ? { ruleIndex } : {}),
    level: sarifLevel(f.level),
    message: { text: f.message },
    locations: [{ physicalLocation: withSnippets(f, report.sources.get(f.file)), ...(f.function ? { logicalLocations: [{ fullyQualifiedName: f.function, kind: 'function' }] } : {}) }],
    partialFingerprints: { primaryLocationLineHash: f.fingerprint, 'drvlint/v1': f.fingerprint },
    ...(f.related.length > 0 ? { relatedLocations: f.related.slice(0, limits.locations).map((r, i): Location => ({ id: i + 1, physicalLocation: physical(r), message: { text: r.message } })) } : {}),
    ...(f.flow.length > 0 ? { codeFlows: [codeFlow(f)] } : {}),
    ...(fixes.length > 0 ? { fixes } : {}),
    ...(anySuppressed ? { suppressions: suppressions(f) } : {}),
    ...(f.variant ? { properties: { variant: f.variant } } : {}),
  };
}

function suppressions({ suppressed }: Finding): Suppression[] {
  if (!suppressed) return [];
  return [{ kind: suppressed.kind === 'baseline' ? 'external' : 'inSource', status: 'accepted', ...(suppressed.reason ? { justification: suppressed.reason } : {}) }];
}

/** The path to the finding, which is its last step. */
function codeFlow(f: Finding): CodeFlow {
  const last = f.flow[f.flow.length - 1];
  const steps: FlowPlace[] = last.file === f.file && last.line === f.line ? f.flow : [...f.flow, { ...f, message: f.message }];
  const half = limits.flowSteps / 2;
  const shown = steps.length > limits.flowSteps ? [...steps.slice(0, half), ...steps.slice(-half)] : steps;
  return {
    threadFlows: [{
      locations: shown.map((s, i) => ({
        executionOrder: i + 1,
        location: { physicalLocation: physical(s), message: { text: s.message } },
        ...(s.irql ? { state: { irql: { text: s.irql } } } : {}),
      })),
    }],
  };
}

function fix({ title, edits }: FindingFix): Fix {
  const files = [...new Set(edits.map((e) => e.file))];
  return {
    description: { text: title },
    artifactChanges: files.map((file) => ({
      artifactLocation: artifact(file),
      replacements: edits.filter((e) => e.file === file).map((e) => ({ deletedRegion: region(e), ...(e.text === '' ? {} : { insertedContent: { text: e.text } }) })),
    })),
  };
}

function physical(at: Place): PhysicalLocation {
  return { artifactLocation: artifact(at.file), region: region(at) };
}

/** The place with its own text and the lines around it, for viewers without the sources. */
function withSnippets(at: Place, source: SourceText | undefined): PhysicalLocation {
  const place = physical(at);
  if (!source || !place.region) return place;
  const startLine = Math.max(1, at.line - 1);
  const endLine = Math.min(source.lineStarts.length, at.endLine + 1);
  const lines = Array.from({ length: endLine - startLine + 1 }, (_, i) => lineText(source, startLine + i));
  if (at.end - at.start > widest || lines.some((line) => line.length > widest)) return place;
  return {
    ...place,
    region: { ...place.region, snippet: { text: source.text.slice(at.start, at.end) } },
    contextRegion: { startLine, endLine, snippet: { text: lines.join('\n') } },
  };
}

function artifact(file: string): ArtifactLocation {
  const uri = uriOf(file);
  return isAbsoluteUri(uri) ? { uri } : { uri, uriBaseId: base };
}

function region(at: Place): Region {
  return { startLine: at.line, startColumn: at.column, endLine: at.endLine, endColumn: at.endColumn };
}

function invocation(report: ReportData, dropped: number): Invocation {
  const notes: Notification[] = report.failures.map((failure) => ({ level: 'error', message: { text: failure } }));
  if (dropped > 0) notes.push({ level: 'warning', message: { text: `${dropped} findings of lower level were left out: at most ${limits.results} are written.` } });
  for (const n of report.notAnalysed.slice(0, limits.notifications)) {
    notes.push({
      level: n.failed ? 'error' : 'note',
      message: { text: `${n.function ? `Function ${n.function}` : n.line === undefined ? 'The file' : 'This part'} was not analysed: ${n.reason}.` },
      locations: [{ physicalLocation: { artifactLocation: artifact(n.file), ...(n.line === undefined ? {} : { region: { startLine: n.line } }) } }],
    });
  }
  const more = report.notAnalysed.length - limits.notifications;
  if (more > 0) notes.push({ level: 'note', message: { text: `${more} further parts were not analysed: \`drvlint --coverage\` lists them.` } });
  const failed = report.failures.length > 0 || report.notAnalysed.some((n) => n.failed);
  return { executionSuccessful: !failed, ...(notes.length > 0 ? { toolExecutionNotifications: notes } : {}) };
}
