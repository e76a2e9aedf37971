// From a rule's report to a finding: offsets become places, the function is found, fixes take the file's line ends.

import type { Project } from '../model/project.js';
import type { Fix, Level, Report } from '../rule/kit.js';
import { withLineEnds } from './edits.js';
import type { Finding, FindingFix, Place } from './finding.js';
import { placeOf } from './place.js';
import { functionAt } from './statements.js';

export class FindingBuilder {
  readonly #project: Project;

  constructor(project: Project) {
    this.#project = project;
  }

  /** The fingerprint is left empty: it depends on the other findings of the file. */
  build(rule: string, report: Report, level: Level): Finding {
    const file = this.#project.fileOf(report.file);
    return {
      ...this.#place(report),
      rule,
      level,
      message: report.message,
      function: report.function ?? (file && functionAt(file, report.start)?.qualified) ?? '',
      fingerprint: '',
      related: (report.related ?? []).map((r) => ({ ...this.#place(r), message: r.message })),
      flow: (report.flow ?? []).map((s) => ({ ...this.#place(s), message: s.message, ...(s.irql ? { irql: s.irql } : {}) })),
      ...(report.fix ? { fix: this.#fix(report.fix) } : {}),
      suggestions: (report.suggestions ?? []).map((s) => this.#fix(s)),
      ...(report.variant ? { variant: report.variant } : {}),
    };
  }

  #fix(fix: Fix): FindingFix {
    const edits = fix.edits.map((e) => ({ ...this.#place(e), text: withLineEnds(e.text, this.#project.textOf(e.file)) }));
    return { title: fix.title, edits };
  }

  #place(at: { file: string; start: number; end: number }): Place {
    const lineStarts = this.#project.fileOf(at.file)?.lineStarts;
    return placeOf(at.file, lineStarts ?? [0], at.start, at.end);
  }
}
