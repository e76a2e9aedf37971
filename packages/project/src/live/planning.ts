// Discovery and planning for an editor: the projects of a folder, or those around single files where the folder is too large to walk
// or there is none. Plans that came out the same as before keep their project.

import os from 'node:os';
import path from 'node:path';
import type { Configurations } from '../config/configurations.js';
import { Directories } from '../directory.js';
import { discover, type Discovery } from '../discovery.js';
import { planProjects, type PlannedProject } from '../plan.js';
import type { FileProblem } from '../problems.js';
import type { Sources } from '../sources.js';

export interface WorkspacePlan {
  projects: PlannedProject[];
  /** Files findings are wanted in, absolute. */
  targets: ReadonlySet<string>;
  problems: FileProblem[];
}

export interface PlanningOptions {
  cwd: string;
  sources: Sources;
  configurations: Configurations;
  /** Open files, absolute; they count although they may not exist on disk. */
  open: readonly string[];
  /** Look around the open files only. */
  aroundFiles: boolean;
}

export async function planWorkspace(options: PlanningOptions): Promise<WorkspacePlan> {
  const { cwd, sources, configurations, open, aroundFiles } = options;
  const discovery = await discover(cwd, aroundFiles ? [] : [cwd], configurations.ignoresFor(cwd));
  for (const file of open) addOpen(discovery, file, aroundFiles);
  discovery.sources.sort();
  const first = discovery.folders[0] ?? (discovery.sources[0] === undefined ? cwd : path.dirname(discovery.sources[0]));
  const settings = configurations.settingsFor(first);
  const planned = await planProjects(discovery, { cwd, arch: settings.arch, configuration: settings.configuration, directories: new Directories(), sources });
  return { projects: planned.projects, targets: new Set(discovery.sources), problems: [...discovery.problems, ...planned.problems] };
}

/** A file of the folder that the walk did not find was ignored, is new, or lies outside: it is looked at because it is open. */
function addOpen(discovery: Discovery, file: string, named: boolean): void {
  if (discovery.sources.includes(file)) return;
  discovery.sources.push(file);
  if (named || !discovery.folders.some((folder) => file.startsWith(folder + path.sep))) discovery.named.add(file);
}

/** Folders that are no project: walking them would read a whole disk. */
export function isTooWide(folder: string): boolean {
  return folder === path.parse(folder).root || folder === os.homedir() || folder === path.dirname(os.homedir());
}

/** Equal plans read the same files in the same way. */
export function planKey({ plan }: PlannedProject): string {
  return JSON.stringify([plan.root, plan.name, plan.why, plan.kind, plan.arch, plan.configuration, plan.units, plan.files]);
}
