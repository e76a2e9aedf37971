// What is known about a place of the source: the function, its roles and why, its section, the interrupt level and how it came about.

import { analysisOf, irql, levelAt, lineIndexAt, scaleOf, shortMask, type FileFacts, type Project } from '@drvlint/core';

/** Lines of text; none when no function stands there. [from, to) are offsets. */
export function describePlace(project: Project, file: FileFacts, from: number, to: number): string[] {
  const decl = file.functions.filter((f) => f.isDefinition && f.start < to && from < Math.max(f.end, f.body?.end ?? 0)).at(-1);
  const fn = decl && project.funcOf(decl);
  if (!decl || !fn) return [];
  const place = (path: string, at: number): string => {
    const lines = project.fileOf(path)?.lineStarts;
    return lines ? `${path}:${lineIndexAt(lines, at) + 1}` : path;
  };
  const lines = [`in ${fn.qualified}${decl.notAnalysed === undefined ? '' : ` (not analysed: ${decl.notAnalysed})`}`];
  for (const role of project.rolesOf(fn)) lines.push(`  role ${role.role}, by ${role.reason} at ${place(role.file.path, role.start)}`);
  const section = project.sectionOf(fn);
  if (section) lines.push(`  in section ${section.name}, by ${place(section.file.path, section.start)}`);
  const level = levelAt(analysisOf(project, irql), file.path, from, to);
  if (!level) return lines;
  lines.push(`  ${level.text}`);
  level.why.forEach((step, i) => lines.push(`    ${i + 1}. ${place(step.file, step.start)}: ${step.text}${step.mask === undefined ? '' : ` [${shortMask(step.mask, scaleOf(project.arch))}]`}`));
  if (level.locks.length > 0) lines.push(`  held: ${level.locks.join(', ')}`);
  return lines;
}
