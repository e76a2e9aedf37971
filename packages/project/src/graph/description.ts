// A planned project as a file of its own: what the actions on its units, on their facts and on the project agree about. It says the same
// whoever makes it and wherever the tree lies: paths are relative to the working directory, with forward slashes.

import path from 'node:path';
import type { ProjectSettings } from '../config/configurations.js';
import { Directories } from '../directory.js';
import { Includes } from '../includes.js';
import { displayPath } from '../paths.js';
import type { PlannedProject } from '../plan.js';
import { noSettings, type ProjectPlan, type UnitSettings } from '../plan-types.js';
import type { FileProblem } from '../problems.js';

export interface ProjectDescription {
  version: 1;
  name: string;
  why: string;
  root: string;
  kind: ProjectPlan['kind'];
  configuration?: string;
  driverType?: string;
  settings: ProjectSettings;
  /** Files that are compiled, in order, each with the index of its settings. */
  units: { file: string; settings: number }[];
  unitSettings: UnitSettings[];
  /** Units, headers and everything they include. */
  files: string[];
  /** Those of them that are reported on; absent: all. */
  targets?: string[];
  /** Where includes lead: see Includes. */
  includes: { folders: string[]; top: string; files: string[]; nearby: string[] };
  /** Its place among the projects of a run, whose outcomes are put together in that order. */
  index: number;
  total: number;
  /** Of the run as a whole, with its first project. */
  problems?: FileProblem[];
}

export interface Described {
  planned: PlannedProject;
  settings: ProjectSettings;
  targets: ReadonlySet<string>;
}

export interface DescribeContext { cwd: string; settings: ProjectSettings; targets: ReadonlySet<string>; index: number; total: number; problems?: readonly FileProblem[] }

export function describe({ plan, includes }: PlannedProject, { cwd, settings, targets, index, total, problems = [] }: DescribeContext): ProjectDescription {
  const shown = (file: string): string => displayPath(cwd, file) || '.';
  const seed = includes.seed();
  const known: UnitSettings[] = [];
  const numberOf = (s: UnitSettings): number => (known.includes(s) ? known.indexOf(s) : known.push(s) - 1);
  const units = plan.units.map((u) => ({ file: shown(u.file), settings: numberOf(u.settings) }));
  const reported = plan.files.filter((f) => targets.has(f));
  return {
    version: 1, name: plan.name, why: plan.why, root: shown(plan.root), kind: plan.kind,
    ...(plan.configuration === undefined ? {} : { configuration: plan.configuration }), ...(plan.driverType === undefined ? {} : { driverType: plan.driverType }),
    settings, units, unitSettings: known.map((s) => ({ ...s, includeDirs: s.includeDirs.map(shown) })), files: plan.files.map(shown),
    ...(reported.length === plan.files.length ? {} : { targets: reported.map(shown) }),
    includes: { folders: seed.folders.map(shown), top: shown(seed.top), files: seed.files.map(shown), nearby: seed.nearby.map(shown) },
    index, total, ...(problems.length > 0 ? { problems: problems.map((p) => ({ ...p, file: shown(p.file) })) } : {}),
  };
}

/** The project a description is of. */
export function restore(description: ProjectDescription, cwd: string): Described {
  const absolute = (file: string): string => path.resolve(cwd, file);
  const all = (files: readonly string[]): string[] => files.map(absolute);
  const { name, why, kind, settings, configuration, driverType, includes } = description;
  const unitSettings = description.unitSettings.map((s) => ({ ...s, includeDirs: all(s.includeDirs) }));
  const plan: ProjectPlan = {
    name, why, kind, root: absolute(description.root), arch: settings.arch, files: all(description.files),
    units: description.units.map((u) => ({ file: absolute(u.file), settings: unitSettings[u.settings] ?? noSettings })),
    ...(configuration === undefined ? {} : { configuration }), ...(driverType === undefined ? {} : { driverType }),
  };
  const seed = { folders: all(includes.folders), top: absolute(includes.top), files: all(includes.files), nearby: all(includes.nearby) };
  return { planned: { plan, includes: Includes.from(seed, new Directories()) }, settings, targets: new Set(all(description.targets ?? description.files)) };
}

/** What is wrong with a value that should be a description; undefined when it is one. */
export function descriptionProblem(value: unknown): string | undefined {
  const { version, units, files, includes, settings } = (value ?? {}) as Partial<ProjectDescription>;
  if (version !== 1) return 'is no description of a project (version 1)';
  return Array.isArray(units) && Array.isArray(files) && includes !== undefined && settings !== undefined ? undefined : 'lacks its units, files, includes or settings';
}
