// Evaluates a .vcxproj as far as sources, defines and include folders need it: properties, conditions, imports that exist,
// item definitions and items, in MSBuild's order (all properties first). Targets, tasks and item transforms are ignored, and no
// file is written or run.

import fs from 'node:fs';
import path from 'node:path';
import { decode } from '@drvlint/core';
import type { Directories } from '../directory.js';
import { fromBuildFile } from '../paths.js';
import { reasonOf, type FileProblem } from '../problems.js';
import { holds } from './condition.js';
import { expandProperties } from './expand.js';
import { readXml, type Element } from './xml.js';

/** One evaluated item: `<ClCompile Include="a.c">` with its metadata. */
export interface Item {
  /** Absolute paths its Include names (wildcards expanded, missing files kept). */
  files: string[];
  include: string;
  metadata: Map<string, string>;
}

/** Types of items that are asked for. */
const itemTypes = new Set(['ClCompile', 'ClInclude', 'ProjectReference', 'ProjectConfiguration']);

export interface Evaluation {
  properties: Map<string, string>;
  /** By item type; only those that are asked for. */
  items: Map<string, Item[]>;
  problems: FileProblem[];
}

/** Project and props files as parsed, each once: many projects import the same ones. */
export class ProjectXml {
  readonly directories: Directories;
  readonly #parsed = new Map<string, { root: Element } | { reason: string }>();

  constructor(directories: Directories) {
    this.directories = directories;
  }

  /** Every file that was asked for. */
  files(): string[] {
    return [...this.#parsed.keys()];
  }

  /** The `<Project>` element of a file, or why there is none. */
  parse(file: string): { root: Element } | { reason: string } {
    let parsed = this.#parsed.get(file);
    if (!parsed) this.#parsed.set(file, parsed = parseProject(file));
    return parsed;
  }
}

function parseProject(file: string): { root: Element } | { reason: string } {
  try {
    const read = readXml(decode(fs.readFileSync(file), file).text);
    if ('reason' in read) return { reason: `line ${read.line}: ${read.reason}` };
    return read.name === 'Project' ? { root: read } : { reason: 'has no <Project> element' };
  } catch (e) {
    return { reason: reasonOf(e) };
  }
}

/** `globals` are what the command line of MSBuild would set: Configuration and Platform. */
export function evaluateProject(file: string, globals: Readonly<Record<string, string>>, xml: ProjectXml): Evaluation {
  const run = new Evaluator(file, globals, xml);
  run.load(file);
  return run.finish();
}

class Evaluator {
  readonly #project: string;
  readonly #xml: ProjectXml;
  readonly #directories: Directories;
  readonly #properties = new Map<string, string>();
  readonly #fixed: Set<string>;
  readonly #later: { element: Element; file: string }[] = [];
  readonly #definitions = new Map<string, Map<string, string>>();
  readonly #items = new Map<string, Item[]>();
  readonly #problems: FileProblem[] = [];
  readonly #loading = new Set<string>();

  constructor(project: string, globals: Readonly<Record<string, string>>, xml: ProjectXml) {
    const { directories } = xml;
    this.#project = project;
    this.#xml = xml;
    this.#directories = directories;
    const folder = path.dirname(project);
    const name = path.basename(project, path.extname(project));
    const solution = `${solutionFolder(folder, directories) ?? folder}${path.sep}`;
    const known = {
      msbuildprojectdirectory: folder, msbuildprojectname: name, msbuildprojectfile: path.basename(project), msbuildprojectfullpath: project,
      msbuildprojectextension: path.extname(project), projectdir: folder + path.sep, projectname: name, projectpath: project, solutiondir: solution,
    };
    for (const [key, value] of Object.entries({ ...known, ...globals })) this.#properties.set(key.toLowerCase(), value);
    this.#fixed = new Set(Object.keys(globals).map((key) => key.toLowerCase()));
  }

  load(file: string): void {
    if (this.#loading.has(file)) return;
    this.#loading.add(file);
    const parsed = this.#xml.parse(file);
    if ('root' in parsed) this.#pass1(parsed.root.children, file);
    else this.#problems.push({ file, reason: `cannot be read as a project: ${parsed.reason}`, note: true });
    this.#loading.delete(file);
  }

  finish(): Evaluation {
    for (const { element, file } of this.#later) if (element.name === 'ItemDefinitionGroup') this.#define(element, file);
    for (const { element, file } of this.#later) if (element.name === 'ItemGroup') this.#group(element, file);
    return { properties: this.#properties, items: this.#items, problems: this.#problems };
  }

  /** Properties and imports, in order; the rest is kept until all properties are known. */
  #pass1(elements: readonly Element[], file: string): void {
    for (const element of elements) {
      this.#properties.set('msbuildthisfiledirectory', path.dirname(file) + path.sep);
      this.#properties.set('msbuildthisfile', path.basename(file));
      if (!this.#holds(element)) continue;
      if (element.name === 'PropertyGroup') this.#setProperties(element);
      else if (element.name === 'ImportGroup') this.#pass1(element.children, file);
      else if (element.name === 'Import') this.#import(element, file);
      else if (element.name === 'Choose') this.#pass1(this.#chosen(element), file);
      else if (element.name === 'ItemGroup' || element.name === 'ItemDefinitionGroup') this.#later.push({ element, file });
    }
  }

  #setProperties(group: Element): void {
    for (const property of group.children) {
      if (this.#fixed.has(property.name.toLowerCase()) || !this.#holds(property)) continue;
      this.#properties.set(property.name.toLowerCase(), this.#expand(property.text));
    }
  }

  #chosen(choose: Element): Element[] {
    const branch = choose.children.find((b) => b.name === 'Otherwise' || (b.name === 'When' && this.#holds(b)));
    return branch?.children ?? [];
  }

  #import(element: Element, from: string): void {
    const written = this.#expand(element.attributes.Project ?? '');
    // Microsoft's own props are not here; the point where they stand is where Directory.Build.props comes in.
    if (/Microsoft\.Cpp\.Default\.props$/i.test(written)) {
      const shared = this.#above(path.dirname(this.#project), 'Directory.Build.props');
      if (shared) this.load(shared);
      return;
    }
    if (written === '' || /[*?]/.test(written)) return;
    const found = this.#directories.findFile(fromBuildFile(path.dirname(from), written));
    if (found) this.load(found);
  }

  #above(folder: string, name: string): string | undefined {
    for (let at = folder; ; at = path.dirname(at)) {
      const found = this.#directories.findFile(path.join(at, name));
      if (found || path.dirname(at) === at) return found;
    }
  }

  #define(group: Element, file: string): void {
    this.#inFile(file);
    if (!this.#holds(group)) return;
    for (const type of group.children) {
      if (!itemTypes.has(type.name)) continue;
      const values = this.#definitions.get(type.name) ?? new Map<string, string>();
      this.#definitions.set(type.name, values);
      this.#setMetadata(type, values);
    }
  }

  #group(group: Element, file: string): void {
    this.#inFile(file);
    if (!this.#holds(group)) return;
    for (const element of group.children) {
      if (!itemTypes.has(element.name) || !this.#holds(element)) continue;
      const metadata = new Map(this.#definitions.get(element.name));
      this.#setMetadata(element, metadata);
      const include = this.#expand(element.attributes.Include ?? '');
      const excluded = new Set(this.#files(this.#expand(element.attributes.Exclude ?? '')));
      const files = this.#files(include).filter((f) => !excluded.has(f));
      const removed = new Set(this.#files(this.#expand(element.attributes.Remove ?? '')));
      const items = (this.#items.get(element.name) ?? []).filter((item) => !item.files.some((f) => removed.has(f)));
      if (include !== '') items.push({ files, include, metadata });
      this.#items.set(element.name, items);
    }
  }

  #inFile(file: string): void {
    this.#properties.set('msbuildthisfiledirectory', path.dirname(file) + path.sep);
  }

  /** `%(Name)` stands for the value so far. */
  #setMetadata(element: Element, values: Map<string, string>): void {
    for (const child of element.children) {
      if (!this.#holds(child)) continue;
      const text = this.#expand(child.text).replace(/%\((?:\w+\.)?(\w+)\)/g, (_, name: string) => values.get(name.toLowerCase()) ?? '');
      values.set(child.name.toLowerCase(), text);
    }
  }

  /** Includes are relative to the project, whichever file they are written in. */
  #files(list: string): string[] {
    return list.split(';').map((s) => s.trim()).filter((s) => s !== '').flatMap((entry) => {
      const absolute = fromBuildFile(path.dirname(this.#project), entry);
      if (/[*?]/.test(entry)) return this.#matching(absolute);
      return [this.#directories.findFile(absolute) ?? absolute];
    });
  }

  /** `folder\*.c` and `folder\**\*.c`. */
  #matching(pattern: string): string[] {
    const [folder, deep] = path.basename(path.dirname(pattern)) === '**' ? [path.dirname(path.dirname(pattern)), true] : [path.dirname(pattern), false];
    if (/[*?]/.test(folder)) return [];
    const name = new RegExp(`^${path.basename(pattern).replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.')}$`, 'i');
    const found: string[] = [];
    const visit = (at: string, depth: number): void => {
      for (const entry of [...this.#directories.names(at)].sort()) {
        const full = path.join(at, entry);
        if (name.test(entry) && this.#directories.findFile(full)) found.push(full);
        else if (deep && depth < 32 && entry !== 'node_modules' && entry !== '.git') visit(full, depth + 1);
      }
    };
    visit(folder, 0);
    return found;
  }

  #holds(element: Element): boolean {
    return holds(element.attributes.Condition, this.#properties, (p) => p !== '' && this.#directories.find(fromBuildFile(path.dirname(this.#project), p)) !== undefined);
  }

  #expand(text: string): string {
    return expandProperties(text, this.#properties).trim();
  }
}

/** Nearest parent with a solution: what `$(SolutionDir)` means when one builds the solution. */
function solutionFolder(folder: string, directories: Directories): string | undefined {
  for (let at = folder; path.dirname(at) !== at; at = path.dirname(at)) {
    if (directories.names(at, /\.slnx?$/i).length > 0) return at;
  }
  return undefined;
}
