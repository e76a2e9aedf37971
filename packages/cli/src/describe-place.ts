// What is known about a place of the source: the function, its roles and why, its section, the interrupt level.

import { lineIndexAt, type FileFacts, type Project } from '@drvlint/core';

/** Lines of text; none when no function stands at the offset. */
export function describePlace(project: Project, file: FileFacts, offset: number): string[] {
  const decl = file.functions.filter((f) => f.isDefinition && f.start <= offset && offset < Math.max(f.end, f.body?.end ?? 0)).at(-1);
  const fn = decl && project.funcOf(decl);
  if (!decl || !fn) return [];
  const place = (f: FileFacts, at: number): string => `${f.path}:${lineIndexAt(f.lineStarts, at) + 1}`;
  const lines = [`in ${fn.qualified}${decl.notAnalysed === undefined ? '' : ` (not analysed: ${decl.notAnalysed})`}`];
  for (const role of project.rolesOf(fn)) lines.push(`  role ${role.role}, by ${role.reason} at ${place(role.file, role.start)}`);
  const section = project.sectionOf(fn);
  if (section) lines.push(`  in section ${section.name}, by ${place(section.file, section.start)}`);
  return lines;
}
