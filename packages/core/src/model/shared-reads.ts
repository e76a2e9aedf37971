// Files that several projects read, read once: what reading one asked of its surroundings (macros, assumptions, types of included
// files) and did to them is written down in order. Where another project answers all of it the same way, its facts are the same too and
// are taken as they are; the files it includes are read, or taken, on the way.

import { sameLookup, type EnvironmentLog, type Lookup, type MacroEnvironment } from '../lex/environment.js';
import { nameOf } from '../lex/names.js';
import type { Include, MacroText } from '../lex/records.js';
import type { FileFacts } from './facts.js';

type Event =
  | { k: 'lookup'; name: string; found: Lookup }
  | { k: 'ever'; name: string; found: MacroText | undefined }
  | { k: 'assumed'; key: string; found: boolean | undefined }
  | { k: 'define'; macro: MacroText }
  | { k: 'undefine'; name: string }
  | { k: 'assume'; key: string; value: boolean }
  | { k: 'include'; include: Include };

/** What the reading of one file asked and did. */
export class ReadLog implements EnvironmentLog {
  readonly events: Event[] = [];
  /** Names that no project macro had: interned. */
  readonly plain = new Set<number>();
  /** Whether a name is a type, as the included files tell. */
  readonly types = new Map<string, boolean>();
  /** Of all definitions in the text, in force or not. */
  readonly macroNames: string[] = [];
  /** The file read another one as part of itself: not to be shared. */
  partial = false;
  /** While an included file is read, questions are its own. */
  private paused = 0;
  /** Questions since what may answer them changed last. */
  private readonly asked = new Set<string>();

  lookup(name: string, found: Lookup): void {
    if (this.isNew(`l${name}`)) this.events.push({ k: 'lookup', name, found });
  }

  everDefined(name: string, found: MacroText | undefined): void {
    if (this.isNew(`e${name}`)) this.events.push({ k: 'ever', name, found });
  }

  assumed(key: string, found: boolean | undefined): void {
    if (this.isNew(`a${key}`)) this.events.push({ k: 'assumed', key, found });
  }

  named(name: string): void {
    this.macroNames.push(name);
  }

  noMacro(id: number): void {
    this.plain.add(id);
  }

  define(macro: MacroText): void {
    this.events.push({ k: 'define', macro });
  }

  undefine(name: string): void {
    this.events.push({ k: 'undefine', name });
  }

  assume(key: string, value: boolean): void {
    this.events.push({ k: 'assume', key, value });
  }

  /** Runs `read`, which makes the included file visible. */
  include(include: Include, read: () => void): void {
    this.events.push({ k: 'include', include });
    this.paused++;
    try {
      read();
    } finally {
      this.paused--;
      this.asked.clear();
    }
  }

  declares(name: string, found: boolean): boolean {
    this.types.set(name, found);
    return found;
  }

  private isNew(question: string): boolean {
    if (this.paused > 0 || this.asked.has(question)) return false;
    this.asked.add(question);
    return true;
  }
}

/** What a replay asks of the reader. */
export interface ReplayHost {
  resolve(include: Include): string | undefined;
  include(include: Include): void;
  declares(name: string): boolean;
}

export class SharedRead {
  constructor(readonly text: string, readonly facts: FileFacts, private readonly log: ReadLog) {}

  /** Does to an environment what reading the file did; false as soon as something is answered in another way. */
  replay(env: MacroEnvironment, host: ReplayHost): boolean {
    for (const name of this.log.macroNames) env.mark(name);
    for (const event of this.log.events) if (!this.step(event, env, host)) return false;
    for (const id of this.log.plain) if (env.names.has(id) && env.everDefined(nameOf(id))) return false;
    for (const [name, found] of this.log.types) if (host.declares(name) !== found) return false;
    return true;
  }

  private step(event: Event, env: MacroEnvironment, host: ReplayHost): boolean {
    switch (event.k) {
      case 'lookup': return sameMacro(env.lookup(event.name), event.found);
      case 'ever': return sameMacro(env.everDefined(event.name), event.found);
      case 'assumed': return env.assumed(event.key) === event.found;
      case 'define': env.define(event.macro); return true;
      case 'undefine': env.undefine(event.name); return true;
      case 'assume': env.assume(event.key, event.value); return true;
      case 'include':
        if (host.resolve(event.include) !== event.include.resolved) return false;
        host.include(event.include);
        return true;
    }
  }
}

/** A macro of the configuration has no place and is told from one of a file. */
function sameMacro(a: Lookup, b: Lookup): boolean {
  return sameLookup(a, b) && (!a || !b || (a.end > 0) === (b.end > 0));
}

/** Surroundings a file is kept for. */
const VARIANTS = 4;
/** Units of text whose facts are kept at most. */
const CAPACITY = 6_000_000;

export class SharedReads {
  private readonly reads = new Map<string, SharedRead[]>();
  private units = 0;

  /** `isShared` tells the files, by path as reported, that more than one project reads. */
  constructor(private readonly isShared: (path: string) => boolean) {}

  wants(path: string): boolean {
    return this.isShared(path);
  }

  of(key: string): readonly SharedRead[] {
    return this.reads.get(key) ?? [];
  }

  keep(key: string, read: SharedRead): void {
    const list = this.reads.get(key) ?? [];
    if (list.length >= VARIANTS) return;
    list.push(read);
    this.reads.set(key, list);
    this.units += read.text.length;
    for (const oldest of this.reads.keys()) {
      if (this.units <= CAPACITY) break;
      this.drop(oldest);
    }
  }

  private drop(key: string): void {
    for (const { text } of this.reads.get(key) ?? []) this.units -= text.length;
    this.reads.delete(key);
  }

  /** No project will read the file any more. */
  release(path: string): void {
    for (const key of keysOf(path)) this.drop(key);
  }
}

/** How a file is read: as which language, by itself or included. */
export function readKey(path: string, language: string, isHeader: boolean): string {
  return `${isHeader ? 'h' : 'u'} ${language} ${path}`;
}

const keysOf = (path: string): string[] => ['c', 'cpp'].flatMap((language) => [readKey(path, language, true), readKey(path, language, false)]);
