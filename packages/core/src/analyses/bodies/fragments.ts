// Calls in files that are included in the middle of a function. The front end reads such a part as a file of its own, where a call is a use
// of a name with arguments outside of any function.

import type { FileFacts, MacroUse } from '../../model/facts.js';
import type { Func, Project } from '../../model/project.js';

export interface FragmentUse {
  file: FileFacts;
  use: MacroUse;
  /** Offset of the include in the function's file. */
  at: number;
}

/** Uses in the parts a function's body includes, in order. */
export function fragmentUses(project: Project, fn: Func): FragmentUse[] {
  const def = fn.def;
  const body = def?.decl.body;
  if (!body) return [];
  return def.file.includes.filter((i) => i.start > body.start && i.end < body.end && i.resolved !== undefined).flatMap((i) => {
    const file = project.fileOf(i.resolved!);
    return file ? file.uses.map((use) => ({ file, use, at: i.start })) : [];
  });
}
