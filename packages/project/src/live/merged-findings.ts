// The findings of a file that several projects have, such as a header that two drivers share.

import { compareFindings, unusedSuppressionId, type Finding } from '@drvlint/core';
import type { LiveProject } from './live-project.js';

/** What several projects find in one file as far as they know, equal findings once. */
export function mergedFindings(file: string, projects: readonly LiveProject[]): readonly Finding[] {
  if (projects.length === 1) return projects[0].findings(file) ?? [];
  const found = new Map<string, { finding: Finding; projects: number }>();
  for (const finding of projects.flatMap((p) => p.findings(file) ?? [])) {
    const key = [finding.rule, finding.start, finding.end, finding.message].join('\0');
    const known = found.get(key);
    if (known) known.projects++;
    else found.set(key, { finding, projects: 1 });
  }
  const having = projects.filter((p) => p.facts(file)).length;
  // A suppression in a shared header is unused only when no project needs it.
  const kept = [...found.values()].filter((f) => f.finding.rule !== unusedSuppressionId || f.projects === having);
  return kept.map((f) => f.finding).sort(compareFindings);
}
