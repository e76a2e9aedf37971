// The division of a folder into projects, kept between runs: valid while the same sources and build files are found and everything that
// was looked at on the way says the same: names in folders, contents of build files, include lines of sources, repositories.

import fs from 'node:fs';
import { createHash } from 'node:crypto';
import { Directories } from '../directory.js';
import { repositoryOf, type Discovery } from '../discovery.js';
import { Includes, type IncludesSeed } from '../includes.js';
import { planProjects, type Planned, type PlannedProject, type PlanOptions } from '../plan.js';
import type { ProjectPlan, UnitSettings } from '../plan-types.js';
import type { FileProblem } from '../problems.js';
import type { Sources } from '../sources.js';
import { Cache } from './cache.js';
import { buildId } from './key.js';

type Question = Omit<PlanOptions, 'directories' | 'sources'>;

interface Looked { folders: [string, string[]][]; files: string[]; repositories: string[]; sources: string[] }

/** A plan with paths and settings as indexes: most stand in it many times. */
interface StoredProject { plan: Omit<ProjectPlan, 'units' | 'files'>; units: [number, number][]; files: number[]; seed: { folders: number[]; top: number; files: number[]; nearby: number[] } }
interface Stored { looked: Looked; digest: string; paths: string[]; settings: UnitSettings[]; projects: StoredProject[]; problems: FileProblem[] }

/** The plan as it was made before, when it would come out the same; else a new one. */
export async function planWithCache(discovery: Discovery, question: Question, sources: Sources, cache: Cache | undefined): Promise<Planned> {
  const directories = new Directories(discovery.listings, [...discovery.sources, ...discovery.buildFiles].filter((f) => !discovery.named.has(f)));
  if (!cache) return planProjects(discovery, { ...question, directories, sources });
  const key = Cache.key([buildId(), question, discovery.sources, [...discovery.named], discovery.folders, discovery.buildFiles]);
  const stored = cache.getPlan(key) as Stored | undefined;
  if (stored && digestOf(stored.looked, directories, sources) === stored.digest) return restored(stored, directories);
  const planned = await planProjects(discovery, { ...question, directories, sources });
  if (planned.uses) {
    const { files, repositories } = planned.uses;
    const looked: Looked = { folders: directories.asked(), files, repositories: repositories.map(([folder]) => folder), sources: sources.searched() };
    cache.putPlan(key, packed(planned, looked, digestOf(looked, directories, sources)));
  }
  return planned;
}

function digestOf({ folders, files, repositories, sources: searched }: Looked, directories: Directories, sources: Sources): string {
  const hash = createHash('sha256');
  for (const [folder, questions] of folders) for (const question of questions) hash.update(`\0${directories.answer(folder, question)}`);
  for (const file of files) hash.update(contentOf(file)).update('\0');
  for (const folder of repositories) hash.update(`\0${repositoryOf(folder) ?? ''}`);
  for (const file of searched) hash.update(`\0${sources.includeLines(file)}`);
  return hash.digest('base64url');
}

function contentOf(file: string): Uint8Array | string {
  try {
    return fs.readFileSync(file);
  } catch {
    return '-';
  }
}

class Numbers {
  readonly list: string[] = [];
  readonly #index = new Map<string, number>();

  of(text: string): number {
    let index = this.#index.get(text);
    if (index === undefined) {
      this.#index.set(text, index = this.list.length);
      this.list.push(text);
    }
    return index;
  }
}

function packed({ projects, problems }: Planned, looked: Looked, digest: string): Stored {
  const paths = new Numbers();
  const all = (list: readonly string[]): number[] => list.map((p) => paths.of(p));
  const settings: UnitSettings[] = [];
  const known = new Map<UnitSettings, number>();
  const settingsOf = (s: UnitSettings): number => {
    let index = known.get(s);
    if (index === undefined) known.set(s, index = settings.push(s) - 1);
    return index;
  };
  const stored = projects.map(({ plan, includes }): StoredProject => {
    const { units, files, ...rest } = plan;
    const seed = includes.seed();
    return {
      plan: rest, units: units.map((u) => [paths.of(u.file), settingsOf(u.settings)]), files: all(files),
      seed: { folders: all(seed.folders), top: paths.of(seed.top), files: all(seed.files), nearby: all(seed.nearby) },
    };
  });
  return { looked, digest, paths: paths.list, settings, projects: stored, problems };
}

function restored({ paths, settings, projects, problems }: Stored, directories: Directories): Planned {
  const all = (list: readonly number[]): string[] => list.map((i) => paths[i]);
  return {
    problems,
    projects: projects.map(({ plan, units, files, seed }) => new RestoredProject(
      { ...plan, units: units.map(([file, s]) => ({ file: paths[file], settings: settings[s] })), files: all(files) },
      () => ({ folders: all(seed.folders), top: paths[seed.top], files: all(seed.files), nearby: all(seed.nearby) }), directories,
    )),
  };
}

/** Its includes are made when somebody asks: most projects come from the cache whole. */
class RestoredProject implements PlannedProject {
  #includes: Includes | undefined;

  constructor(readonly plan: ProjectPlan, private readonly seed: () => IncludesSeed, private readonly directories: Directories) {}

  get includes(): Includes {
    return this.#includes ??= Includes.from(this.seed(), this.directories);
  }
}
