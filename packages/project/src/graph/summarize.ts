// One unit of a project to its facts and those of everything it includes: a function of the description of the project and of the texts
// that were read, and of nothing else. What no unit reads (listed headers nobody includes) is read by an action of its own.

import path from 'node:path';
import { UnitReader, type HeaderState, type SyntaxParser } from '@drvlint/core';
import { buildId } from '../cache/key.js';
import { readingOf } from '../reading.js';
import type { Reading, ReadingUnit } from '../reading.js';
import { Sources } from '../sources.js';
import { restore, type ProjectDescription } from './description.js';
import { digest, packFile, readFacts, writeFacts, type FactsEntry, type Packed } from './facts-file.js';

const KIND = 'drvlint facts 1';

export interface FactsHead {
  build: string;
  /** Path of the unit; '' for the files no unit reads. */
  unit: string;
  /** Hash of what it was read under. */
  settings: string;
  /** A bug of drvlint that kept the unit from being read. */
  bug?: string;
}

export interface UnitFacts { head: FactsHead; files: Packed[] }

export interface Summary {
  bytes: Uint8Array;
  /** Files that were read, as shown. */
  read: string[];
  bug?: string;
}

/** Undefined when the project has no such unit. `unit` is a path as the description shows it. */
export function summarizeUnit(description: ProjectDescription, unit: string, cwd: string, parser: SyntaxParser): Summary | undefined {
  const summarizer = new Summarizer(description, cwd, parser);
  const wanted = summarizer.reading.units.find((u) => u.file === unit);
  return wanted && summarizer.run(unit, [wanted]);
}

/** The facts of the listed files that none of `units` has read. */
export function summarizeRest(description: ProjectDescription, units: readonly UnitFacts[], cwd: string, parser: SyntaxParser): Summary {
  const summarizer = new Summarizer(description, cwd, parser);
  const seen = new Set(units.flatMap((u) => u.files.map((f) => f.entry.path)));
  const own = new Set(description.units.map((u) => u.file));
  return summarizer.run('', summarizer.reading.units.filter((u) => !own.has(u.file) && !seen.has(u.file)));
}

export function readUnitFacts(bytes: Uint8Array): UnitFacts | undefined {
  return readFacts<FactsHead>(KIND, bytes);
}

/** Hash of what the units of a project are read under, other than their texts. */
export function settingsDigest({ settings, kind, unitSettings }: ProjectDescription): string {
  return digest(JSON.stringify([settings.arch, sorted(settings.defines), [...settings.undefines].sort(), settings.knowledge, kind, unitSettings.map((s) => [sorted(s.defines), s.undefines, s.includeDirs, s.forcedIncludes, s.language])]));
}

function sorted(record: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}

class Summarizer {
  readonly reading: Reading;
  readonly #read = new Set<string>();
  readonly #reader: UnitReader;

  constructor(private readonly description: ProjectDescription, cwd: string, parser: SyntaxParser) {
    const { planned, settings } = restore(description, cwd);
    const sources = new Sources(cwd);
    this.reading = readingOf(planned, settings, cwd, sources);
    for (const [file, { text }] of this.reading.knowledge) sources.overlay(path.resolve(cwd, file), text);
    const { host } = this.reading;
    this.#reader = new UnitReader({
      resolveInclude: (include, from) => host.resolveInclude(include, from),
      source: (file) => {
        this.#read.add(file);
        return host.source(file);
      },
    }, parser, this.reading.config);
  }

  run(unit: string, wanted: readonly ReadingUnit[]): Summary {
    let bug: string | undefined;
    try {
      for (const { file, language, before } of wanted) this.#reader.readUnit(file, language, before);
    } catch (e) {
      bug = e instanceof Error ? e.message : String(e);
    }
    const head: FactsHead = { build: buildId(), unit, settings: settingsDigest(this.description), ...(bug === undefined ? {} : { bug }) };
    const files = bug === undefined ? this.#files() : [];
    return { bytes: writeFacts(KIND, head, files), read: [...this.#read].filter((f) => !this.reading.knowledge.has(f)), ...(bug === undefined ? {} : { bug }) };
  }

  #files(): Packed[] {
    return this.#reader.files.map((facts) => {
      const state = this.#reader.stateOf(facts.path);
      const more: Pick<FactsEntry, 'state' | 'part'> = { ...(state ? { state: stateDigest(state) } : {}), ...(this.#reader.parts.has(facts.path) ? { part: true } : {}) };
      const source = this.reading.host.source(facts.path);
      if (!source) throw new Error(`${facts.path} was read and is gone`);
      return packFile(facts, source, more);
    });
  }
}

/** Assumptions are in the facts. */
function stateDigest({ own, ever, includes }: HeaderState): string {
  const macros = (map: HeaderState['own'] | HeaderState['ever']): unknown[] => [...map].map(([name, m]) => (m ? [name, m.body, m.params, m.variadic] : [name]));
  return digest(JSON.stringify([macros(own), macros(ever), includes]));
}
