// What came of one project, as plain data: it crosses threads, lies in the cache, and is handed from the shards of a run to the
// one that reports. Outcomes are put together in the order of the plan, so that who made which one when does not show.

import path from 'node:path';
import { compareFindings, unusedSuppressionId, type Finding, type InternalProblem } from '@drvlint/core';
import type { FileProblem } from './problems.js';

/** A part of the input that was not analysed. Paths as the report shows them. */
export interface NotAnalysedEntry {
  file: string;
  line?: number;
  function?: string;
  reason: string;
  /** The whole file failed: the run ends with exit status 2. */
  failed?: boolean;
}

export interface ProjectSummary {
  name: string;
  why: string;
  kind: string;
  files: number;
  functions: number;
  functionsAnalysed: number;
}

/** Functions defined in a file: by offset of the name. */
export interface FunctionCounts {
  file: string;
  analysed: number[];
  /** Defined without a body that was read; another project may have read it. */
  open: OpenFunction[];
}

export interface OpenFunction { at: number; line: number; function: string; reason: string; failed: boolean }

export interface ProjectOutcome {
  summary?: ProjectSummary;
  findings: Finding[];
  notAnalysed: NotAnalysedEntry[];
  /** Files that were analysed and are reported on. */
  analysed: string[];
  functions: FunctionCounts[];
  /** Every file of the project. */
  files: string[];
  internal: InternalProblem[];
  /** Files that could not be read, by path as the report shows them: another checkout finds the same entry of a cache. */
  problems: FileProblem[];
  stages: [string, number][];
  rules: [string, number][];
  /** A file was read that the plan does not name: the outcome depends on more than the plan says. */
  readOthers?: boolean;
  interrupted?: boolean;
}

/** The same by absolute path. */
export function absoluteProblems({ problems }: ProjectOutcome, cwd: string): FileProblem[] {
  return problems.map((p) => ({ ...p, file: path.resolve(cwd, p.file) }));
}

export interface Merged {
  findings: Finding[];
  projects: ProjectSummary[];
  notAnalysed: NotAnalysedEntry[];
  /** Bugs of drvlint or of a rule, contained. */
  internal: InternalProblem[];
  files: number;
  filesFailed: number;
  functions: number;
  functionsAnalysed: number;
  /** Stage or rule to milliseconds. */
  stages: Map<string, number>;
  rules: Map<string, number>;
}

export class Merge {
  readonly #findings = new Map<string, { finding: Finding; projects: number }>();
  readonly #projectsOfFile = new Map<string, number>();
  readonly #functions = new Map<string, boolean>();
  readonly #notAnalysed = new Map<string, NotAnalysedEntry>();
  readonly #analysed = new Set<string>();
  readonly #summaries: ProjectSummary[] = [];
  readonly #internal: InternalProblem[] = [];
  readonly #stages = new Map<string, number>();
  readonly #rules = new Map<string, number>();

  add(outcome: ProjectOutcome): void {
    for (const finding of outcome.findings) {
      const key = [finding.rule, finding.file, finding.start, finding.end, finding.message].join('\0');
      const known = this.#findings.get(key);
      if (known) known.projects++;
      else this.#findings.set(key, { finding, projects: 1 });
    }
    for (const file of outcome.files) this.#projectsOfFile.set(file, (this.#projectsOfFile.get(file) ?? 0) + 1);
    for (const file of outcome.analysed) this.#analysed.add(file);
    for (const entry of outcome.notAnalysed) this.leaveOut(entry);
    this.#count(outcome);
    this.#internal.push(...outcome.internal);
    for (const [stage, ms] of outcome.stages) this.time(stage, ms);
    for (const [rule, ms] of outcome.rules) this.#rules.set(rule, (this.#rules.get(rule) ?? 0) + ms);
  }

  leaveOut(entry: NotAnalysedEntry): void {
    this.#notAnalysed.set([entry.file, entry.line, entry.function, entry.reason].join('\0'), entry);
  }

  time(stage: string, ms: number): void {
    this.#stages.set(stage, (this.#stages.get(stage) ?? 0) + ms);
  }

  bug(problem: InternalProblem): void {
    this.#internal.push(problem);
  }

  #count({ functions, summary }: ProjectOutcome): void {
    let analysed = 0;
    let all = 0;
    for (const { file, analysed: ok, open } of functions) {
      for (const at of ok) this.#functions.set(`${file}\0${at}`, true);
      for (const f of open) {
        const key = `${file}\0${f.at}`;
        const known = this.#functions.get(key) === true;
        this.#functions.set(key, known);
        if (known && !f.failed) analysed++;
        else this.leaveOut({ file, line: f.line, function: f.function, reason: f.reason });
      }
      analysed += ok.length;
      all += ok.length + open.length;
    }
    if (summary) this.#summaries.push({ ...summary, functions: all, functionsAnalysed: analysed });
  }

  result(): Merged {
    const findings = [...this.#findings.values()]
      // A suppression in a shared header is unused only when no project needs it.
      .filter(({ finding, projects }) => finding.rule !== unusedSuppressionId || projects === this.#projectsOfFile.get(finding.file))
      .map(({ finding }) => finding)
      .sort(compareFindings);
    const notAnalysed = [...this.#notAnalysed.values()].sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : (a.line ?? 0) - (b.line ?? 0)));
    return {
      findings, notAnalysed, projects: this.#summaries, internal: this.#internal, files: this.#analysed.size,
      filesFailed: new Set(notAnalysed.filter((n) => n.failed).map((n) => n.file)).size,
      functions: this.#functions.size, functionsAnalysed: [...this.#functions.values()].filter(Boolean).length,
      stages: this.#stages, rules: this.#rules,
    };
  }
}
