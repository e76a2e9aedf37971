// One line per finding, as compilers print them; editors and `grep` read it.

import { printable } from '../printable.js';
import type { ReportData } from './report.js';

export function compact(report: ReportData): string {
  return report.findings.filter((f) => !f.suppressed)
    .map((f) => `${printable(`${f.file}:${f.line}:${f.column}`)}: ${f.level}: ${printable(f.message)} [${f.rule}]\n`).join('');
}
