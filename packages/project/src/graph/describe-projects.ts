// The projects of an input as descriptions: what `drvlint check` would divide it into, each for actions of its own.

import path from 'node:path';
import { discover } from '../discovery.js';
import { problemEntries, rootOf, type NotAnalysedEntry } from '../analyse.js';
import { Directories } from '../directory.js';
import type { Configurations } from '../config/configurations.js';
import { planProjects } from '../plan.js';
import { displayPath } from '../paths.js';
import { Sources } from '../sources.js';
import { describe, type ProjectDescription } from './description.js';

export interface GraphPlan {
  projects: ProjectDescription[];
  /** Everything that decides about them: folders of sources, build files, configurations, sources. Paths as shown. */
  inputs: string[];
  /** What could not be used. */
  problems: NotAnalysedEntry[];
}

export async function describeProjects(cwd: string, inputs: readonly string[], configurations: Configurations): Promise<GraphPlan> {
  const discovery = await discover(cwd, inputs, configurations.ignoresFor(cwd));
  const settings = configurations.settingsFor(rootOf(discovery, cwd));
  const sources = new Sources(cwd);
  const directories = new Directories(discovery.listings, [...discovery.sources, ...discovery.buildFiles].filter((f) => !discovery.named.has(f)));
  const planned = await planProjects(discovery, { cwd, arch: settings.arch, configuration: settings.configuration, directories, sources });
  const targets = new Set(discovery.sources);
  const problems = [...discovery.problems, ...planned.problems];
  const total = planned.projects.length;
  const projects = planned.projects.map((p, index) => describe(p, {
    cwd, settings: configurations.settingsFor(p.plan.root), targets, index, total, ...(index === 0 ? { problems } : {}),
  }));
  const configured = [...new Set(planned.projects.flatMap((p) => configurations.chain(p.plan.root).map((c) => c.file)))];
  const read = [...discovery.sources, ...planned.projects.flatMap((p) => p.plan.files), ...discovery.buildFiles, ...planned.uses?.files ?? [], ...configured];
  const folders = discovery.sources.map((f) => path.dirname(f));
  return { projects, inputs: [...new Set([...read, ...folders].map((f) => displayPath(cwd, f) || '.'))].sort(), problems: problemEntries(problems, cwd) };
}
