// For people at a terminal: the place, the message, the source line with a caret, the numbered path, what to do.

import pc from 'picocolors';
import { lineText, type Finding, type Place, type SourceText } from '@drvlint/core';
import { printable } from '../printable.js';
import type { FormatOptions, ReportData } from './report.js';

const widest = 160;

export function text(report: ReportData, { color }: FormatOptions): string {
  const colors = pc.createColors(color);
  const help = new Map(report.rules.map((r) => [r.meta.id, r.meta.help]));
  return report.findings.filter((f) => !f.suppressed).map((f) => finding(f, report, colors, help.get(f.rule))).join('');
}

function finding(f: Finding, report: ReportData, c: ReturnType<typeof pc.createColors>, help: string | undefined): string {
  const level = { error: c.red, warning: c.yellow, info: c.cyan }[f.level](f.level);
  const lines = [`${c.bold(printable(`${f.file}:${f.line}:${f.column}`))}  ${level}  ${printable(f.message)}  ${c.dim(f.rule)}`];
  const gutter = String(Math.max(f.line, ...f.flow.map((s) => s.line))).length;
  lines.push(...excerpt(f, report.sources.get(f.file), gutter, c));
  const indent = ' '.repeat(gutter + 3);
  f.flow.forEach((step, i) => {
    const irql = step.irql ? c.dim(` [${step.irql}]`) : '';
    lines.push(`${indent}${i + 1}. ${c.dim(printable(place(step, f)))} ${printable(step.message)}${irql}`);
  });
  for (const related of f.related) lines.push(`${indent}${c.dim(`${printable(place(related, f))}`)} ${printable(related.message)}`);
  for (const fix of [...(f.fix ? [f.fix] : []), ...f.suggestions]) lines.push(`${indent}${c.green(fix === f.fix ? 'fix:' : 'suggestion:')} ${printable(fix.title)}`);
  if (help !== undefined) lines.push(`${indent}${c.dim(`help: ${help}`)}`);
  return `${lines.join('\n')}\n\n`;
}

function place(at: Place, f: Finding): string {
  return at.file === f.file ? `line ${at.line}:` : `${at.file}:${at.line}:`;
}

function excerpt(at: Place, source: SourceText | undefined, gutter: number, c: ReturnType<typeof pc.createColors>): string[] {
  if (!source) return [];
  const full = lineText(source, at.line);
  const from = full.length > widest ? Math.max(0, Math.min(at.column - 41, full.length - widest)) : 0;
  const shown = full.slice(from, from + widest);
  const start = Math.min(at.column - 1 - from, shown.length);
  const end = at.endLine > at.line ? shown.length : Math.min(at.endColumn - 1 - from, shown.length);
  const under = shown.slice(0, start).replace(/[^\t]/g, ' ') + '^'.repeat(Math.max(1, end - start));
  return [`  ${c.dim(`${String(at.line).padStart(gutter)} |`)} ${printable(shown)}`, `  ${' '.repeat(gutter)} ${c.dim('|')} ${c.red(under)}`];
}
