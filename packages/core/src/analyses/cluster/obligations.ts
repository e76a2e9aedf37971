// Which workers owe the Resource Monitor a final state: those that Online or Offline start. A worker whose start is not in sight, or in
// a DLL whose entry points are not known, owes nothing that could be told.

import type { Func } from '../../model/project.js';
import type { ClusterModel } from './model.js';
import type { Worker } from './workers.js';

export type Operation = 'Online' | 'Offline';

/** Operations that start a worker, by the entry points its create sites are reached from. */
export function operationsOf(worker: Worker, model: ClusterModel): ReadonlySet<Operation> {
  const found = new Set<Operation>();
  for (const site of worker.sites) {
    for (const e of model.reach.entriesReaching(site.inside, ['Online', 'Offline'])) found.add(e.role as Operation);
    for (const starter of startersOf(site.inside, model)) for (const op of starter) found.add(op);
  }
  return found;
}

/** A worker may be started by the worker of an operation. */
function startersOf(fn: Func, model: ClusterModel): Operation[][] {
  return model.reach.workersReaching(fn).filter((w) => w.func !== fn).map((w) => w.sites.flatMap((s) => model.reach.entriesReaching(s.inside, ['Online', 'Offline']).map((e) => e.role as Operation)));
}

/** Entry points other than Online and Offline that start the worker, when those two do not. */
export function foreignStarters(worker: Worker, model: ClusterModel): string[] {
  if (worker.sites.length === 0 || operationsOf(worker, model).size > 0) return [];
  return [...new Set(worker.sites.flatMap((s) => model.reach.entriesReaching(s.inside).map((e) => e.role)))];
}
