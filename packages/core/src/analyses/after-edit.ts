// What analyses know of a project is kept for the project that an edit inside a function body makes of it, as far as it still holds.

import type { Relinked } from '../model/link.js';
import type { Func, Project, Registration } from '../model/project.js';
import { callbacksAfter, callbacksOf, keepCallbacks, knownRegistrations } from '../model/registrations.js';
import { keepLevels } from './irql/engine-of.js';

/** `from` must not be used any more. */
export function keepAnalyses(from: Project, relinked: Relinked): void {
  const { project } = relinked;
  if (callbacksAfter(from, relinked)) return keepLevels(from, relinked, new Set());
  const before = knownRegistrations(from);
  keepCallbacks(from, relinked);
  const reassigned = before ? differing(before, callbacksOf(project).registrations) : new Set<Func>();
  keepLevels(from, relinked, reassigned);
}

/** Functions that are registered otherwise, wherever that stands. */
function differing(a: readonly Registration[], b: readonly Registration[]): ReadonlySet<Func> {
  const [before, now] = [byFunction(a), byFunction(b)];
  const functions = new Set([...before.keys(), ...now.keys()]);
  return new Set([...functions].filter((fn) => before.get(fn) !== now.get(fn)));
}

function byFunction(list: readonly Registration[]): Map<Func, string> {
  const found = new Map<Func, string>();
  for (const r of list) found.set(r.func, `${found.get(r.func) ?? ''}\n${JSON.stringify([r.role, r.conf, r.slot, r.via, r.file.path, r.entry])}`);
  return found;
}
