// How a planned project is read: its configuration, its units in order, where its texts come from and its includes lead. Shared by the
// run over everything and by the projects an editor keeps open.

import path from 'node:path';
import { configuration, sourceFromString, type Configuration, type Language, type ReaderHost, type SourceText } from '@drvlint/core';
import type { ProjectSettings } from './config/configurations.js';
import { knowledgeHeader } from './config/knowledge.js';
import { displayPath } from './paths.js';
import { languageIn, type PlannedProject } from './plan.js';
import type { Sources } from './sources.js';

/** Paths as reports show them. */
export interface ReadingUnit { file: string; language: Language; before: string[] }

export interface Reading {
  config: Configuration;
  host: ReaderHost;
  /** Units first, then the listed headers that no unit may include. */
  units: ReadingUnit[];
  /** Headers made of the configuration's own interfaces, by path. */
  knowledge: ReadonlyMap<string, SourceText>;
  /** Text under a path as shown; '' when there is none. */
  textOf(file: string): string;
}

export function readingOf({ plan, includes }: PlannedProject, settings: ProjectSettings, cwd: string, sources: Sources): Reading {
  const shown = (file: string): string => displayPath(cwd, file);
  const absolute = remembered((file) => path.resolve(cwd, file));
  const own = knowledgeHeaders(settings, cwd);
  const source = (file: string): SourceText | undefined => own.get(file) ?? sources.read(absolute(file));
  const host: ReaderHost = {
    source,
    resolveInclude: (include, from) => {
      const found = includes.resolve(include.target, absolute(from), include.angled);
      return found === undefined ? undefined : shown(found);
    },
  };
  const listed = new Set(plan.units.map((u) => u.file));
  const all = [...plan.units, ...plan.files.filter((f) => !listed.has(f)).map((file) => ({ file, settings: undefined }))];
  const units = all.map(({ file, settings: unit }): ReadingUnit => {
    const forced = (unit?.forcedIncludes ?? []).map((f) => includes.resolve(f, file, false)).filter((f) => f !== undefined).map(shown);
    return { file: shown(file), language: languageIn(plan, file, unit), before: [...own.keys(), ...forced] };
  });
  return { config: configurationOf(plan, settings), host, units, knowledge: own, textOf: (file) => source(file)?.text ?? '' };
}

/** Paths are asked for again and again, and making one costs more than all that is done with it. */
export function remembered(make: (key: string) => string): (key: string) => string {
  const made = new Map<string, string>();
  return (key) => {
    let value = made.get(key);
    if (value === undefined) made.set(key, value = make(key));
    return value;
  };
}

function configurationOf(plan: PlannedProject['plan'], settings: ProjectSettings): Configuration {
  const defines = Object.assign({}, ...plan.units.map((u) => u.settings.defines), settings.defines) as Record<string, string>;
  const undefines = [...plan.units.flatMap((u) => u.settings.undefines), ...settings.undefines].filter((name) => !(name in defines));
  return configuration({ arch: settings.arch, defines, undefines, kernel: plan.kind !== 'user' });
}

/** Own interfaces of the configuration as headers every unit sees first, by path. */
function knowledgeHeaders(settings: ProjectSettings, cwd: string): Map<string, SourceText> {
  return new Map(settings.knowledge.map((knowledge, index) => {
    const file = displayPath(cwd, path.join(cwd, `drvlint-knowledge-${index}.h`));
    return [file, sourceFromString(knowledgeHeader(knowledge), file)];
  }));
}
