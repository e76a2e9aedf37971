// Everything the outcome of a project depends on, as one value: the tool, the project's plan and settings, the rules of the files
// that are reported on, and the content of every file. Paths are those of the report, so that another checkout finds the same entry.

import fs from 'node:fs';
import { randomBytes } from 'node:crypto';
import type { ActiveRules } from '@drvlint/core';
import type { Configurations } from '../config/configurations.js';
import { displayPath } from '../paths.js';
import type { PlannedProject } from '../plan.js';
import { remembered } from '../reading.js';
import type { Sources } from '../sources.js';
import { Cache } from './cache.js';

export interface KeyContext { cwd: string; configurations: Configurations; targets: ReadonlySet<string>; wholeProjects?: boolean; sources: Sources }

let build: string | undefined;

/** Identity of this build of the tool; one of its own per process when it runs from sources. */
export function buildId(): string {
  if (build === undefined) {
    try {
      build = fs.readFileSync(new URL('../build-id', import.meta.url), 'utf8');
    } catch {
      build = randomBytes(16).toString('hex');
    }
  }
  return build;
}

const rulesKeys = new WeakMap<ActiveRules, string>();

/** A set of rules with their settings: many projects have the same one. */
function rulesKey(set: ActiveRules): string {
  let key = rulesKeys.get(set);
  if (key === undefined) rulesKeys.set(set, key = Cache.key([...set].sort(([a], [b]) => (a < b ? -1 : 1))));
  return key;
}

/** The content of a project's files as it was read. */
export function contentOf({ plan }: PlannedProject, sources: Sources): string {
  return Cache.key(plan.files.map((file) => sources.hash(file)));
}

/** Name of the entry for the outcome of a project. */
export function outcomeKey(planned: PlannedProject, context: KeyContext): string {
  const { plan, includes } = planned;
  const { cwd, configurations, targets, wholeProjects } = context;
  const shown = remembered((file) => displayPath(cwd, file));
  const reported = plan.files.filter((f) => wholeProjects || targets.has(f));
  const sets = new Map<ActiveRules, number>();
  const rules = reported.map((file) => {
    const active = configurations.rulesFor(file);
    if (!sets.has(active)) sets.set(active, sets.size);
    return sets.get(active);
  });
  const { folders, top } = includes.places;
  return Cache.key([
    buildId(), plan.name, plan.why, plan.kind, plan.arch, plan.configuration, plan.driverType, shown(plan.root), shown(top), folders.map(shown),
    plan.units.map((u) => [shown(u.file), u.settings.defines, u.settings.undefines, u.settings.includeDirs.map(shown), u.settings.forcedIncludes, u.settings.language]),
    configurations.settingsFor(plan.root), configurations.levelFor(plan.root), reported.map(shown), plan.files.map((f) => targets.has(f)), rules, [...sets.keys()].map(rulesKey),
    plan.files.map(shown), contentOf(planned, context.sources),
  ]);
}
