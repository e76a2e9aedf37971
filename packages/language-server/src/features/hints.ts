// Inlay hints: the level range at function heads and after each change of level.

import type { InlayHint, Range } from 'vscode-languageserver';
import type { FileView } from '@drvlint/project';
import { offsetAt, positionAt } from '../positions.js';
import type { Settings } from '../settings.js';
import { engineOf } from './lookup.js';
import { changesOf, levelsOf, type FunctionLevels } from './levels.js';
import { shortMask } from './wdk.js';

export function hintsIn(view: FileView, range: Range, settings: Settings['hints']): InlayHint[] {
  const { lineStarts, length } = view.facts;
  const [start, end] = [offsetAt(lineStarts, length, range.start), offsetAt(lineStarts, length, range.end)];
  const hints: InlayHint[] = [];
  for (const levels of levelsOf(view, start, end)) {
    const head = settings.functions ? headHint(view, levels) : undefined;
    if (head) hints.push(head);
    if (settings.changes) hints.push(...changeHints(view, levels));
  }
  return hints.filter((h) => h.position.line >= range.start.line && h.position.line <= range.end.line);
}

function headHint(view: FileView, { fn, entry, why, configurable }: FunctionLevels): InlayHint | undefined {
  const engine = engineOf(view.project);
  const decl = fn.def?.decl;
  if (entry === undefined || !engine || !decl || entry === engine.scale.all) return undefined;
  const head = view.source.text.slice(decl.nameEnd, decl.body?.start ?? decl.nameEnd);
  const after = decl.nameEnd + head.trimEnd().length;
  return {
    position: positionAt(view.facts.lineStarts, after), label: `IRQL ${shortMask(entry, engine.scale)}${configurable ? '?' : ''}`, paddingLeft: true,
    ...(why ? { tooltip: why } : {}),
  };
}

function changeHints(view: FileView, levels: FunctionLevels): InlayHint[] {
  const { lineStarts } = view.facts;
  return changesOf(view, levels).map(({ at, text }) => ({ position: positionAt(lineStarts, afterStatement(view.source.text, at)), label: `→ ${text}`, paddingLeft: true, tooltip: `IRQL after this: ${text}` }));
}

/** Behind the semicolon or comma that ends the step, when it stands right there. */
function afterStatement(text: string, end: number): number {
  const rest = /^[\s)]*;/.exec(text.slice(end, end + 40));
  return rest && !rest[0].includes('\n') ? end + rest[0].length : end;
}
