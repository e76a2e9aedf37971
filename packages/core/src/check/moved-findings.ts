// Findings of a text that was edited since, at the places they have now: what an editor shows until the new text has been looked at.

import type { FileFacts } from '../model/facts.js';
import { shifted, type TextChange } from '../model/text-change.js';
import type { Finding, FindingFix, Place } from './finding.js';
import { placeOf } from './place.js';

/** Moves findings along with the texts in `moved`, whose facts are those of the new text. Findings inside a replaced part are gone. */
export function movedFindings(findings: readonly Finding[], moved: ReadonlyMap<FileFacts, TextChange>): Finding[] {
  const byPath = new Map([...moved].map(([facts, change]) => [facts.path, { facts, change }]));
  const place = <T extends Place>(p: T): T => {
    const at = byPath.get(p.file);
    if (!at) return p;
    const { from, newTo } = at.change;
    return { ...p, ...placeOf(p.file, at.facts.lineStarts, shifted(p.start, at.change) ?? from, shifted(p.end, at.change) ?? newTo) };
  };
  const fix = (f: FindingFix): FindingFix => ({ ...f, edits: f.edits.map(place) });
  return findings.filter((f) => {
    const change = byPath.get(f.file)?.change;
    return !change || shifted(f.start, change) !== undefined || shifted(f.end, change) !== undefined;
  }).map((f) => ({
    ...place(f), related: f.related.map(place), flow: f.flow.map(place), suggestions: f.suggestions.map(fix), ...(f.fix ? { fix: fix(f.fix) } : {}),
  }));
}
