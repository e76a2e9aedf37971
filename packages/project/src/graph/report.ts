// Linked facts and the texts they are of to the outcome of the project: what a run over it would have found. The facts' places are told
// by the texts as they are now, which may differ in comments from those that were summarized.

import path from 'node:path';
import { createParser, type FileFacts, type Rule } from '@drvlint/core';
import { problemEntries, type PartialRun } from '../analyse.js';
import { buildId } from '../cache/key.js';
import type { Configurations } from '../config/configurations.js';
import { absoluteProblems } from '../outcome.js';
import { runProject } from '../project-run.js';
import { readingOf } from '../reading.js';
import { Sources } from '../sources.js';
import { restore } from './description.js';
import { unpackFile } from './facts-file.js';
import type { Linked } from './link.js';

export interface ReportContext {
  cwd: string;
  rules: readonly Rule[];
  /** Their level scale must be the project's: `head.project.settings.arch`. */
  configurations: Configurations;
  signal?: AbortSignal;
}

/** The part of a run that the project is. */
export async function outcomeOfLinked({ head, files }: Linked, context: ReportContext): Promise<PartialRun | { problem: string }> {
  const { cwd, rules, configurations, signal } = context;
  if (head.build !== buildId()) return { problem: `project ${head.project.name}: the facts were linked by another build of drvlint` };
  const { planned, settings, targets } = restore(head.project, cwd);
  const sources = new Sources(cwd);
  for (const file of planned.plan.files) sources.read(file);
  for (const [file, { text }] of readingOf(planned, settings, cwd, sources).knowledge) sources.overlay(path.resolve(cwd, file), text);
  const facts: FileFacts[] = [];
  for (const file of files) {
    const source = sources.read(path.resolve(cwd, file.entry.path));
    const unpacked = source && unpackFile(file, source);
    if (!unpacked) return { problem: `${file.entry.path} is not the text that was summarized` };
    facts.push(unpacked);
  }
  const outcome = await runProject(planned, {
    cwd, rules, configurations, sources, settings, targets, parser: await createParser(),
    ...(head.inOrder ? {} : { facts }), ...(signal ? { signal } : {}),
  });
  const problems = [...(head.project.problems ?? []).map((p) => ({ ...p, file: path.resolve(cwd, p.file) })), ...absoluteProblems(outcome, cwd).filter((p) => targets.has(p.file))];
  return { total: head.project.total, outcomes: [[head.project.index, outcome]], notAnalysed: problemEntries(problems, cwd) };
}
