// The baseline a configuration names, applied to the findings of one file. Entries of other files that still exist are theirs.

import fs from 'node:fs';
import path from 'node:path';
import { applyBaseline, parseBaseline, type Baseline, type Finding } from '@drvlint/core';
import type { Configurations } from '../config/configurations.js';

interface Read { stamp: string; baseline?: Baseline; problem?: string }

const read = new Map<string, Read>();

/** The baseline that holds in `folder`; undefined when there is none or it cannot be read. */
export function baselineOf(configurations: Configurations, folder: string): Baseline | undefined {
  return readFor(configurations, folder)?.baseline;
}

/** What is wrong with the baseline that holds in `folder`. */
export function baselineProblem(configurations: Configurations, folder: string): string | undefined {
  const file = configurations.baselineFor(folder);
  const problem = file === undefined ? undefined : readFor(configurations, folder)?.problem;
  return problem === undefined ? undefined : `${file}: the baseline ${problem}`;
}

function readFor(configurations: Configurations, folder: string): Read | undefined {
  const file = configurations.baselineFor(folder);
  if (file === undefined) return undefined;
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (!stat) return { stamp: '', problem: 'cannot be read: no such file or folder' };
  const stamp = `${stat.mtimeMs}:${stat.size}`;
  let known = read.get(file);
  if (known?.stamp !== stamp) read.set(file, known = { stamp, ...load(file) });
  return known;
}

function load(file: string): Omit<Read, 'stamp'> {
  try {
    const parsed = parseBaseline(fs.readFileSync(file, 'utf8'));
    return 'error' in parsed ? { problem: parsed.error } : { baseline: parsed };
  } catch (e) {
    return { problem: String(e) };
  }
}

/** Marks the findings of `file` (as shown from `cwd`) that the baseline knows. */
export function withBaseline(findings: readonly Finding[], baseline: Baseline | undefined, file: string, cwd: string): readonly Finding[] {
  if (!baseline) return findings;
  const own = baseline.findings.filter((e) => e.file === file || !fs.existsSync(path.resolve(cwd, e.file)));
  return own.length === 0 ? findings : applyBaseline(findings, { ...baseline, findings: own }).findings;
}
