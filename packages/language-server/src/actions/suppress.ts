// Comments and pragmas that suppress a finding where it stands. Both cover the statement that begins on the next line, so they go above
// the line on which the statement with the finding begins.

import { lineIndexAt, type FileFacts, type Finding, type Stmt, stmtParts } from '@drvlint/core';

export interface Suppression { title: string; offset: number; text: string; /** Range of the reason inside `text`, to be written over. */ reason: [number, number] }

const reason = 'why this is right';

/** The ways to suppress a finding; none where a line in front would break the source. */
export function suppressions(finding: Finding, facts: FileFacts, text: string, aliases: readonly string[]): Suppression[] {
  const start = facts.lineStarts[lineIndexAt(facts.lineStarts, statementStart(facts, finding.start))];
  // A line in the middle of a macro or after a line that goes on.
  if (/\\\r?\n$/.test(text.slice(Math.max(0, start - 3), start)) || facts.macros.some((m) => m.start < start && start < m.end)) return [];
  const indent = /^[ \t]*/.exec(text.slice(start, start + 200))?.[0] ?? '';
  const eol = /\r\n/.test(text.slice(Math.max(0, start - 2), start)) || (start === 0 && text.includes('\r\n')) ? '\r\n' : '\n';
  const comment = `${indent}// drvlint-disable-next-line ${finding.rule} -- `;
  const made = [suppression(`Suppress ${finding.rule} here, with a reason (comment)`, start, comment, `${eol}`)];
  const number = aliases.map((a) => /^C(\d{4,6})$/.exec(a)?.[1]).find((n) => n !== undefined);
  if (number) made.push(suppression(`Suppress C${number} here, with a reason (pragma)`, start, `#pragma prefast(suppress: ${number}, "`, `")${eol}`));
  return made;
}

function suppression(title: string, offset: number, before: string, after: string): Suppression {
  return { title, offset, text: before + reason + after, reason: [before.length, before.length + reason.length] };
}

/** Offset of the innermost statement around an offset that begins a line of its own; the offset itself outside of bodies. */
function statementStart(facts: FileFacts, offset: number): number {
  const body = facts.functions.find((f) => f.body && f.body.start < offset && offset < f.body.end)?.body;
  let found = offset;
  let list: readonly Stmt[] = body?.stmts ?? [];
  for (;;) {
    const inner = list.find((s) => s.start <= offset && offset < s.end);
    if (!inner) return found;
    if (inner.k !== 'block') found = inner.start;
    list = stmtParts(inner).flatMap((p) => (p.k === 's' ? [p.s] : []));
  }
}
