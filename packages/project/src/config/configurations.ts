// Which configuration holds for a file: those of its folder and the folders above up to one with `root`, nearer values winning,
// then the command line. Reads data only; analysing a folder never runs code from it.

import fs from 'node:fs';
import path from 'node:path';
import ignore, { type Ignore } from 'ignore';
import { RuleNames, selectRules, type ActiveRules, type Arch, type Level, type Preset, type Rule, type RuleSetting, type Selection } from '@drvlint/core';
import { isInside, slashes } from '../paths.js';
import { reasonOf, type FileProblem } from '../problems.js';
import { configReader, type ConfigData, type ConfigReader, type Knowledge, type RuleValue } from './parse.js';
import { configSchema } from './schema.js';

export const configName = 'drvlint.config.json';

/** What the command line (or an editor) says; it wins over files. */
export interface Overrides {
  presets?: readonly Preset[];
  rules?: Readonly<Record<string, RuleSetting>>;
  only?: readonly string[];
  arch?: Arch;
  configuration?: string;
  defines?: Readonly<Record<string, string>>;
  undefines?: readonly string[];
  level?: Level;
}

export interface ConfigurationOptions {
  cwd: string;
  rules: readonly Rule[];
  /** Use this file for everything; false: use none. */
  file?: string | false;
  overrides?: Overrides;
}

/** What holds for a project as a whole. */
export interface ProjectSettings {
  arch: Arch;
  configuration?: string;
  defines: Record<string, string>;
  undefines: string[];
  knowledge: Knowledge[];
}

/** A value and the file it comes from, for `drvlint config`. */
export interface Origin { value: unknown; from: string }

interface ConfigFile { file: string; folder: string; data: ConfigData; overrides: { matches: Ignore; entry: NonNullable<ConfigData['overrides']>[number] }[] }

export class Configurations {
  readonly problems: FileProblem[] = [];
  readonly #options: ConfigurationOptions;
  readonly #names: RuleNames;
  readonly #byFolder = new Map<string, readonly ConfigFile[]>();
  readonly #read = new Map<string, ConfigFile | undefined>();
  readonly #active = new Map<string, ActiveRules>();
  readonly #byFile = new Map<string, ActiveRules>();
  #reader: ConfigReader | undefined;

  constructor(options: ConfigurationOptions) {
    this.#options = options;
    this.#names = new RuleNames(options.rules);
  }

  /** What these configurations were made of, the rules left out: for another thread. */
  plainOptions(): Omit<ConfigurationOptions, 'rules'> {
    const { cwd, file, overrides } = this.#options;
    return { cwd, ...(file === undefined ? {} : { file }), ...(overrides ? { overrides } : {}) };
  }

  /** Rules of a file (absolute path); equal settings are one object. */
  rulesFor(file: string): ActiveRules {
    let active = this.#byFile.get(file);
    if (!active) {
      const selection = this.selectionFor(file);
      const key = JSON.stringify([selection.presets, selection.arch, Object.entries(selection.rules).sort(([a], [b]) => (a < b ? -1 : 1)), selection.only]);
      active = this.#active.get(key) ?? selectRules(this.#options.rules, selection);
      this.#active.set(key, active);
      this.#byFile.set(file, active);
    }
    return active;
  }

  selectionFor(file: string): Selection {
    const { overrides = {} } = this.#options;
    const rules: Record<string, RuleSetting> = {};
    let presets: readonly Preset[] = ['recommended'];
    for (const layer of this.#layers(file)) {
      if (layer.extends !== undefined) presets = layer.add ? [...new Set([...presets, ...list(layer.extends)])] : list(layer.extends);
      this.#mergeRules(rules, layer.rules ?? {});
    }
    for (const [id, setting] of Object.entries(overrides.rules ?? {})) rules[id] = { ...rules[id], ...setting };
    return { presets: overrides.presets ?? presets, arch: this.settingsFor(path.dirname(file)).arch, rules, ...(overrides.only ? { only: overrides.only } : {}) };
  }

  /** What holds for the sources below a folder. */
  settingsFor(folder: string): ProjectSettings {
    const { overrides = {} } = this.#options;
    const settings: ProjectSettings = { arch: 'amd64', defines: {}, undefines: [], knowledge: [] };
    for (const { data } of this.chain(folder)) {
      settings.arch = data.architecture ?? settings.arch;
      settings.configuration = data.configuration ?? settings.configuration;
      for (const [name, value] of Object.entries(data.defines ?? {})) define(settings, name, value);
      if (data.knowledge) settings.knowledge.push(data.knowledge);
    }
    for (const [name, value] of Object.entries(overrides.defines ?? {})) define(settings, name, value);
    for (const name of overrides.undefines ?? []) define(settings, name, false);
    settings.arch = overrides.arch ?? settings.arch;
    settings.configuration = overrides.configuration ?? settings.configuration;
    return settings;
  }

  levelFor(folder: string): Level {
    return this.#options.overrides?.level ?? this.chain(folder).findLast((c) => c.data.level !== undefined)?.data.level ?? 'warning';
  }

  /** Absolute path of the baseline the configuration names. */
  baselineFor(folder: string): string | undefined {
    const found = this.chain(folder).findLast((c) => c.data.baseline !== undefined);
    return found && path.resolve(found.folder, found.data.baseline ?? '');
  }

  /** Patterns left out, relative to `cwd`. */
  ignoresFor(folder: string): string[] {
    return this.chain(folder).flatMap((c) => (c.data.ignores ?? []).map((pattern) => rebase(pattern, c.folder, this.#options.cwd)));
  }

  /** Configuration files that hold in a folder, outermost first. */
  chain(folder: string): readonly ConfigFile[] {
    const { file, cwd } = this.#options;
    if (file === false) return [];
    if (file !== undefined) {
      const found = this.#load(path.resolve(cwd, file), true);
      return found ? [found] : [];
    }
    let chain = this.#byFolder.get(folder);
    if (!chain) {
      const own = this.#load(path.join(folder, configName), false);
      const parent = path.dirname(folder);
      const above = own?.data.root || parent === folder ? [] : this.chain(parent);
      chain = own ? [...above, own] : above;
      this.#byFolder.set(folder, chain);
    }
    return chain;
  }

  /** Every effective value for a file with the configuration file it comes from. */
  explain(file: string): { rules: Record<string, Origin>; settings: Record<string, Origin> } {
    const rules: Record<string, Origin> = {};
    const settings: Record<string, Origin> = {};
    for (const { data, file: from } of this.chain(path.dirname(file))) {
      for (const key of ['extends', 'level', 'architecture', 'configuration', 'baseline'] as const) if (data[key] !== undefined) settings[key] = { value: data[key], from };
      for (const [name, value] of Object.entries(data.defines ?? {})) settings[`defines.${name}`] = { value, from };
    }
    for (const layer of this.#layers(file)) {
      for (const [name, value] of Object.entries(layer.rules ?? {})) for (const id of this.#names.lookUp(name)) rules[id] = { value, from: layer.from };
    }
    for (const [id, setting] of Object.entries(this.#options.overrides?.rules ?? {})) rules[id] = { value: setting.level ?? 'on', from: 'command line' };
    return { rules, settings };
  }

  *#layers(file: string): Iterable<{ extends?: ConfigData['extends']; rules?: Record<string, RuleValue>; add: boolean; from: string }> {
    for (const config of this.chain(path.dirname(file))) {
      yield { extends: config.data.extends, rules: config.data.rules, add: false, from: config.file };
      if (!isInside(file, config.folder)) continue;
      const relative = slashes(path.relative(config.folder, file));
      for (const { matches, entry } of config.overrides) {
        if (relative !== '' && matches.ignores(relative)) yield { extends: entry.extends, rules: entry.rules, add: true, from: `${config.file} (overrides)` };
      }
    }
  }

  #mergeRules(rules: Record<string, RuleSetting>, added: Readonly<Record<string, RuleValue>>): void {
    for (const [name, value] of Object.entries(added)) {
      const [level, options] = Array.isArray(value) ? value : [value];
      for (const id of this.#names.lookUp(name)) rules[id] = { ...rules[id], level, ...(options ? { options: { ...rules[id]?.options, ...options } } : {}) };
    }
  }

  #load(file: string, required: boolean): ConfigFile | undefined {
    if (this.#read.has(file)) return this.#read.get(file);
    const loaded = this.#readFile(file, required);
    this.#read.set(file, loaded);
    return loaded;
  }

  #readFile(file: string, required: boolean): ConfigFile | undefined {
    let text: string;
    try {
      text = fs.readFileSync(file, 'utf8');
    } catch (e) {
      const code = (e as NodeJS.ErrnoException).code;
      if (required || (code !== 'ENOENT' && code !== 'ENOTDIR')) this.problems.push({ file, reason: `cannot be read: ${reasonOf(e)}` });
      return undefined;
    }
    const { rules } = this.#options;
    this.#reader ??= configReader((named) => configSchema(rules, named), rules.flatMap(({ meta }) => [meta.id, ...meta.aliases]));
    const result = this.#reader(file, text);
    if ('problems' in result) {
      this.problems.push(...result.problems);
      return undefined;
    }
    const overrides = (result.data.overrides ?? []).map((entry) => ({ entry, matches: ignore().add(entry.files) }));
    return { file, folder: path.dirname(file), data: result.data, overrides };
  }
}

function list(value: Preset | Preset[]): Preset[] {
  return Array.isArray(value) ? value : [value];
}

function define(settings: ProjectSettings, name: string, value: string | number | boolean): void {
  delete settings.defines[name];
  settings.undefines = settings.undefines.filter((n) => n !== name);
  if (value === false) settings.undefines.push(name);
  else settings.defines[name] = value === true ? '1' : String(value);
}

/** A `.gitignore` pattern written relative to `from`, for use relative to `to`. */
function rebase(pattern: string, from: string, to: string): string {
  const prefix = slashes(path.relative(to, from));
  if (prefix === '' || prefix.startsWith('..')) return pattern;
  const negated = pattern.startsWith('!') ? '!' : '';
  const body = pattern.slice(negated.length);
  const anchored = /\/(?!$)/.test(body);
  return `${negated}/${prefix}/${anchored ? body.replace(/^\//, '') : `**/${body}`}`;
}
