// Divides what a run is about into projects: Visual C++ projects with the static libraries they reference, compilation
// databases, folders with another build file, and the rest. Declarations and the call graph are shared inside a project only.

import path from 'node:path';
import type { Arch } from '@drvlint/core';
import { readCompileCommands } from './compile-commands.js';
import type { Directories } from './directory.js';
import { buildFile, discover, repositoryOf, type Discovery } from './discovery.js';
import { languageOf, sourceKind } from './file-kinds.js';
import { Includes } from './includes.js';
import { ProjectXml } from './msbuild/evaluate.js';
import { readSolution } from './msbuild/solution.js';
import { readVcxProject, type VcxProject } from './msbuild/vcxproj.js';
import { ancestors, displayPath, isInside } from './paths.js';
import { noSettings, type PlanUnit, type ProjectPlan } from './plan-types.js';
import type { FileProblem } from './problems.js';
import type { Sources } from './sources.js';

export interface PlanOptions {
  cwd: string;
  arch: Arch;
  directories: Directories;
  sources: Sources;
  /** `Debug|x64` instead of the release configuration. */
  configuration?: string;
  /** Folders that hold a named file's project where no build file tells: a host that asks file by file means what a run over them finds. */
  context?: readonly string[];
}

export interface Planned {
  projects: PlannedProject[];
  problems: FileProblem[];
  /** What was looked at besides folders and include lines; absent when more was. */
  uses?: PlanUses;
}

/** Build files that were read, and repositories by the folders they were looked for from. */
export interface PlanUses { files: string[]; repositories: [string, string | undefined][] }

/** A project and the way its includes are found. */
export interface PlannedProject { plan: ProjectPlan; includes: Includes }

export async function planProjects(discovery: Discovery, options: PlanOptions): Promise<Planned> {
  const planner = new Planner(discovery, options, new ProjectXml(options.directories));
  planner.visualStudio(planner.projectFiles());
  planner.compilationDatabases();
  if (planner.unplanned().length > 0) planner.visualStudio(planner.solutionProjects());
  await planner.folders();
  planner.looseHeaders();
  return planner.result();
}

class Planner {
  readonly #discovery: Discovery;
  readonly #options: PlanOptions;
  readonly #targets: ReadonlySet<string>;
  readonly #projects: PlannedProject[] = [];
  readonly #problems: FileProblem[] = [];
  readonly #planned = new Set<string>();
  readonly #xml: ProjectXml;
  readonly #seenProjects = new Set<string>();
  readonly #buildFilesRead: string[] = [];
  readonly #repositories = new Map<string, string | undefined>();
  /** Files of code that were asked for, sorted: those below a folder stand together. */
  readonly #code: readonly string[];
  #walkedMore = false;
  /** Folders above what was given, where build files are looked for. */
  readonly #above: string[];

  constructor(discovery: Discovery, options: PlanOptions, xml: ProjectXml) {
    this.#discovery = discovery;
    this.#options = options;
    this.#xml = xml;
    this.#targets = new Set(discovery.sources);
    this.#code = discovery.sources.filter((f) => sourceKind(f) === 'unit').sort();
    const starts = new Set([...discovery.folders, ...[...discovery.named].map((f) => path.dirname(f))]);
    this.#above = [...new Set([...starts].flatMap((start) => ancestors(start, this.#top(start))))];
  }

  result(): Planned {
    const uses = { files: [...this.#buildFilesRead, ...this.#xml.files()], repositories: [...this.#repositories] };
    return { projects: this.#projects, problems: this.#problems, ...(this.#walkedMore ? {} : { uses }) };
  }

  unplanned(): string[] {
    return this.#discovery.sources.filter((f) => !this.#planned.has(f) && sourceKind(f) !== 'header');
  }

  projectFiles(): string[] {
    return this.#buildFiles(/\.vcxproj$/i);
  }

  solutionProjects(): string[] {
    const files = this.#buildFiles(/\.slnx?$/i);
    this.#buildFilesRead.push(...files);
    return files.flatMap((file) => readSolution(file, this.#options.directories));
  }

  visualStudio(files: readonly string[]): void {
    const { arch, configuration } = this.#options;
    const read = new Map<string, VcxProject>();
    const load = (file: string): VcxProject => {
      let project = read.get(file);
      if (!project) read.set(file, project = readVcxProject(file, arch, this.#xml, configuration));
      return project;
    };
    const fresh = files.filter((f) => !this.#seenProjects.has(f));
    for (const file of fresh) {
      this.#seenProjects.add(file);
      load(file);
    }
    const referenced = new Set(fresh.flatMap((file) => load(file).references));
    for (const file of fresh) {
      const project = load(file);
      if (project.isStaticLibrary && referenced.has(file)) continue;
      this.#addVisualStudio(project, librariesOf(project, load));
    }
  }

  compilationDatabases(): void {
    for (const file of this.#buildFiles(/^compile_commands\.json$/i)) {
      this.#buildFilesRead.push(file);
      const { units, problems } = readCompileCommands(file, this.#options.directories);
      this.#problems.push(...problems);
      const open = units.filter((u) => !this.#planned.has(u.file));
      const root = path.dirname(file);
      this.#add({ name: path.basename(root), why: this.#shown(file), root, kind: 'unknown', units: open }, []);
    }
  }

  /** What no project lists, by the nearest folder with a build file. */
  async folders(): Promise<void> {
    const groups = new Map<string, { why: string; files: string[] }>();
    for (const file of this.unplanned()) {
      const { root, why } = this.#folderOf(file);
      const group = groups.get(root) ?? { why, files: [] };
      group.files.push(file);
      groups.set(root, group);
    }
    for (const file of [...this.#discovery.named].filter((f) => !this.#planned.has(f))) {
      const { root, why } = this.#folderOf(file);
      const isKnown = why !== '' || this.#options.context?.includes(root);
      if (isKnown && sourceKind(file) === 'header' && !groups.has(root)) groups.set(root, { why, files: [] });
    }
    for (const [root, { why, files }] of groups) {
      const context = await this.#context(root, why !== '');
      const members = [...new Set([...files, ...context])].filter((f) => sourceKind(f) !== 'header').sort();
      if (members.length === 0) continue;
      const units = members.map((file) => ({ file, settings: noSettings }));
      this.#add({ name: path.basename(root), why: why || 'files under the path given', root, kind: 'unknown', units }, this.#headersBelow(root));
    }
  }

  /** Headers nobody includes join the project around them, else they are one of their own. */
  looseHeaders(): void {
    const loose = this.#discovery.sources.filter((f) => !this.#planned.has(f));
    const alone = new Map<string, string[]>();
    for (const file of loose) {
      const around = this.#projects.filter((p) => isInside(file, p.plan.root)).sort((a, b) => b.plan.root.length - a.plan.root.length)[0];
      if (around) {
        around.plan.files.push(file);
        this.#planned.add(file);
      } else {
        const { root } = this.#folderOf(file);
        alone.set(root, [...alone.get(root) ?? [], file]);
      }
    }
    for (const [root, files] of alone) {
      this.#add({ name: path.basename(root), why: 'headers that no source includes', root, kind: 'unknown', units: [] }, files);
    }
  }

  #addVisualStudio(project: VcxProject, libraries: readonly VcxProject[]): void {
    const all = [project, ...libraries];
    const seen = new Set<string>();
    const units = all.flatMap((p) => p.units).filter(({ file }) => !seen.has(file) && seen.add(file));
    const details = [project.configuration, project.driverType, ...libraries.map((l) => `with ${l.name}`)].filter((d) => d !== '');
    const added = this.#add({
      name: project.name, why: `${this.#shown(project.file)} (${details.join(', ')})`, root: path.dirname(project.file), kind: project.kind,
      units, configuration: project.configuration, driverType: project.driverType,
    }, all.flatMap((p) => p.headers));
    if (added || project.isBroken) this.#problems.push(...all.flatMap((p) => p.problems));
  }

  /** Adds the project if anything of it was asked for. */
  #add(start: Omit<ProjectPlan, 'arch' | 'files'>, headers: readonly string[]): boolean {
    const units = start.units;
    const folders = [...new Set(units.flatMap((u) => u.settings.includeDirs))];
    const includes = new Includes(this.#options.directories, folders, this.#top(start.root));
    for (const file of [...units.map((u) => u.file), ...headers]) includes.add(file);
    for (const file of this.#codeBelow(start.root)) includes.addNearby(file);
    const files = this.#closure([...units.map((u) => u.file), ...headers], units, includes);
    if (![...files].some((f) => this.#targets.has(f))) return false;
    for (const file of files) this.#planned.add(file);
    const included = this.#includedCode(units, includes, files);
    this.#projects.push({
      plan: { ...start, units: units.filter((u) => !included.has(u.file)), arch: this.#options.arch, files: [...files].sort() },
      includes,
    });
    return true;
  }

  #codeBelow(folder: string): string[] {
    const start = folder.endsWith(path.sep) ? folder : folder + path.sep;
    let [low, high] = [0, this.#code.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#code[middle] < start) low = middle + 1;
      else high = middle;
    }
    for (high = low; high < this.#code.length && this.#code[high].startsWith(start); high++);
    return this.#code.slice(low, high);
  }

  /** Everything reached through includes, whatever conditionals they stand in. */
  #closure(start: readonly string[], units: readonly PlanUnit[], includes: Includes): Set<string> {
    const files = new Set(start);
    const open = [...start];
    const forced = new Set(units.flatMap((u) => u.settings.forcedIncludes));
    for (const name of forced) {
      const target = units[0] && includes.resolve(name, units[0].file, false);
      if (target === undefined || files.has(target)) continue;
      open.push(target);
      files.add(target);
    }
    for (let file = open.pop(); file !== undefined; file = open.pop()) {
      for (const { target, angled } of this.#options.sources.includes(file)) {
        const found = includes.resolve(target, file, angled);
        if (found === undefined || files.has(found)) continue;
        includes.add(found);
        files.add(found);
        open.push(found);
      }
    }
    return files;
  }

  /** Units without settings of their own that another file includes (`#include "part.c"`) are part of that one. */
  #includedCode(units: readonly PlanUnit[], includes: Includes, files: ReadonlySet<string>): Set<string> {
    const guessed = new Set(units.filter((u) => u.settings === noSettings).map((u) => u.file));
    const included = new Set<string>();
    for (const file of guessed.size > 0 ? files : []) {
      for (const { target, angled } of this.#options.sources.includes(file)) {
        const found = includes.resolve(target, file, angled);
        if (found !== undefined && found !== file && guessed.has(found)) included.add(found);
      }
    }
    return included.size < units.length ? included : new Set();
  }

  #buildFiles(name: RegExp): string[] {
    const above = this.#above.flatMap((folder) => this.#options.directories.names(folder, name).map((n) => path.join(folder, n)));
    return [...new Set([...this.#discovery.buildFiles.filter((f) => name.test(path.basename(f))), ...above])].sort();
  }

  /** The folder whose build file covers a file that no project lists. `why` is empty when there is none. */
  #folderOf(file: string): { root: string; why: string } {
    const given = [...this.#discovery.folders, ...this.#options.context ?? []].filter((f) => isInside(file, f)).sort((a, b) => b.length - a.length)[0];
    const start = path.dirname(file);
    for (const folder of ancestors(start, this.#top(given ?? start))) {
      const build = this.#options.directories.names(folder, buildFile).sort()[0];
      if (build !== undefined) return { root: folder, why: `files below ${this.#shown(path.join(folder, build))}` };
    }
    return { root: given ?? start, why: '' };
  }

  /** Other sources that belong to a build file's folder, or to one given as context, when only some of them were asked for. */
  async #context(root: string, hasBuildFile: boolean): Promise<string[]> {
    if (!(hasBuildFile || this.#options.context?.includes(root)) || this.#discovery.folders.some((f) => isInside(root, f))) return [];
    this.#walkedMore = true;
    const all = await discover(this.#options.cwd, [root]);
    return all.sources.filter((f) => !this.#planned.has(f) && sourceKind(f) === 'unit' && this.#folderOf(f).root === root);
  }

  #headersBelow(root: string): string[] {
    return this.#discovery.sources.filter((f) => sourceKind(f) === 'header' && isInside(f, root) && !this.#planned.has(f) && this.#folderOf(f).root === root);
  }

  /** Nothing above is looked at: the repository, else the working directory, else the folder that was named, else the folder itself. */
  #top(folder: string): string {
    if (!this.#repositories.has(folder)) this.#repositories.set(folder, repositoryOf(folder));
    return this.#repositories.get(folder) ?? [this.#options.cwd, ...this.#discovery.folders].find((f) => isInside(folder, f)) ?? folder;
  }

  #shown(file: string): string {
    return displayPath(this.#options.cwd, file);
  }
}

/** Static libraries a project references, directly or through another library. */
function librariesOf(project: VcxProject, load: (file: string) => VcxProject): VcxProject[] {
  const found: VcxProject[] = [];
  const open = [...project.references];
  for (let file = open.shift(); file !== undefined; file = open.shift()) {
    if (file === project.file || found.some((l) => l.file === file)) continue;
    const library = load(file);
    if (!library.isStaticLibrary) continue;
    found.push(library);
    open.push(...library.references);
  }
  return found;
}

/** The grammar for a file of a project: its own, else what the project is mostly written in. */
export function languageIn(plan: ProjectPlan, file: string, settings?: { language?: 'c' | 'cpp' }): 'c' | 'cpp' {
  const own = settings?.language ?? languageOf(file);
  if (own) return own;
  const kinds = plan.units.map((u) => u.settings.language ?? languageOf(u.file));
  return kinds.length > 0 && !kinds.includes('c') ? 'cpp' : 'c';
}
