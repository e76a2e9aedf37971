// Suppressions that suppress nothing, as reports. Only of rules that ran, and only where the code was analysed: elsewhere
// nobody knows. A pragma with one of our numbers may still be needed by Microsoft's own tools, so it is mentioned at level info.

import type { FileFacts } from '../model/facts.js';
import type { Edit, Report } from '../rule/kit.js';
import { lineIndexAt } from '../source/text.js';
import type { RuleNames } from './alias.js';
import type { Mark, Suppression, Suppressions } from './suppressions.js';

export const unusedSuppressionId = 'unused-suppression';

export interface WhatRan {
  names: RuleNames;
  ran(rule: string): boolean;
  /** All rules that report errors or warnings ran. */
  everyRule: boolean;
}

export function unusedSuppressions(file: FileFacts, text: string, suppressions: Suppressions, what: WhatRan): Report[] {
  const reports: Report[] = [];
  for (const s of suppressions.all) {
    const idle = s.marks.filter((mark) => isIdle(mark, file, what));
    if (idle.length === 0) continue;
    const at = { file: file.path, start: s.start, end: s.end, message: messageOf(s, idle, what.names) };
    if (s.kind === 'pragma') reports.push({ ...at, level: 'info' });
    else reports.push({ ...at, fix: { title: 'Remove the unused suppression', edits: [removal(file, text, s, idle)] } });
  }
  return reports;
}

function isIdle(mark: Mark, file: FileFacts, what: WhatRan): boolean {
  if (mark.used) return false;
  if (mark.spans.some((s) => file.notAnalysed.some((hole) => hole.start < s.end && s.start < hole.end))) return false;
  if (mark.text === undefined) return what.everyRule;
  return [...mark.rules].every((rule) => what.ran(rule));
}

function messageOf(s: Suppression, idle: readonly Mark[], names: RuleNames): string {
  const known = idle.filter((m) => m.text === undefined || m.rules.size > 0);
  const list = known.map((m) => m.text).filter((t) => t !== undefined).map((t) => `\`${t}\``).join(', ');
  const parts: string[] = [];
  if (s.form === 'enable') parts.push(known.length > 0 ? 'nothing is switched off here that this comment could switch on' : '');
  else if (known.length > 0) parts.push(`this ${s.kind} suppresses no finding${list ? ` of ${list}` : ''}`);
  for (const mark of idle) {
    if (mark.text === undefined || mark.rules.size > 0) continue;
    const near = names.nearest(mark.text);
    parts.push(`there is no rule \`${mark.text}\`${near ? `; did you mean \`${near}\`?` : ''}`);
  }
  return parts.filter((p) => p !== '').join('; ');
}

/** Takes the idle ids out of the comment, or the comment out of the file when none is left (with its line, when alone on it). */
function removal(facts: FileFacts, text: string, s: Suppression, idle: readonly Mark[]): Edit {
  const file = facts.path;
  const ids = s.directive?.ids ?? [];
  const kept = ids.filter((id) => !idle.some((m) => m.text === id.text));
  if (kept.length > 0) {
    const last = ids[ids.length - 1];
    return { file, start: s.start + ids[0].start, end: s.start + last.start + last.text.length, text: kept.map((id) => id.text).join(', ') };
  }
  const lineStart = facts.lineStarts[lineIndexAt(facts.lineStarts, s.start)];
  const indent = text.slice(lineStart, s.start);
  const blanks = indent.length - indent.trimEnd().length;
  const after = blanksToLineEnd(text, s.end);
  if (blanks === indent.length && after >= 0) return { file, start: lineStart, end: after, text: '' };
  return { file, start: after >= 0 ? s.start - blanks : s.start, end: s.end, text: '' };
}

/** Offset behind the line end when nothing but blanks is left on the line, else -1. */
function blanksToLineEnd(text: string, from: number): number {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t') at++;
  if (text.startsWith('\r\n', at)) return at + 2;
  if (at === text.length) return at;
  return text[at] === '\n' || text[at] === '\r' ? at + 1 : -1;
}
