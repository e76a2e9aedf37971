// Results of earlier runs on disk. An entry is a file of its own, named by the hash of everything its content depends on, written aside
// and renamed: a run that dies or runs beside another one leaves whole entries or none. An entry that is not what was written (its
// first line is the hash of the rest) is dropped and made again.

import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { IncludeTarget } from '../includes.js';
import type { ProjectOutcome } from '../outcome.js';
import type { IncludeIndex } from '../sources.js';

export interface CacheStats { folder: string; entries: number; bytes: number; corrupt: number }

const ENTRY = /^[\w-]{32}\.json$/;
const PLAN = /^[\w-]{32}\.plan\.json$/;
const ASIDE = /^\.[\w-]+\.tmp$/;
const INDEX = 'includes.json';
const DEFAULT_MAX_BYTES = 256 * 1024 * 1024;
/** A file written aside that is older than this was left by a run that died. */
const STALE_MS = 60 * 60 * 1000;
const MAX_INDEX = 50_000;

export class Cache {
  readonly folder: string;
  /** Entries that were damaged and dropped. */
  corrupt = 0;
  readonly #max: number;
  #wrote = false;
  #index: DiskIndex | undefined;

  /** `folder` is made when something is written. */
  constructor(folder: string, maxBytes = DEFAULT_MAX_BYTES) {
    this.folder = path.join(folder, 'v1');
    this.#max = maxBytes;
  }

  /** A name for an entry from all that decides about its content. */
  static key(parts: unknown): string {
    return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 32);
  }

  get(key: string): ProjectOutcome | undefined {
    return this.#used(`${key}.json`) as ProjectOutcome | undefined;
  }

  put(key: string, outcome: ProjectOutcome): void {
    this.#write(`${key}.json`, JSON.stringify({ ...outcome, stages: [], rules: [] }));
  }

  getPlan(key: string): unknown {
    return this.#used(`${key}.plan.json`);
  }

  putPlan(key: string, plan: unknown): void {
    this.#write(`${key}.plan.json`, JSON.stringify(plan));
  }

  /** An entry that counts as used now. */
  #used(name: string): unknown {
    const body = this.#read(name);
    if (body === undefined) return undefined;
    try {
      const now = new Date();
      fs.utimesSync(path.join(this.folder, name), now, now);
    } catch {
      // Only the order of dropping depends on it.
    }
    return JSON.parse(body);
  }

  /** Include lines by content hash. */
  get includes(): IncludeIndex {
    return this.#index ??= new DiskIndex(this.#read(INDEX));
  }

  /** Writes what is left to write and keeps the folder within its bound. */
  finish(): void {
    const fresh = this.#index?.text();
    if (fresh !== undefined) this.#write(INDEX, fresh);
    if (this.#wrote) this.#prune();
  }

  stats(): CacheStats {
    const entries = this.#list();
    let corrupt = 0;
    for (const { name } of entries) if (this.#read(name) === undefined) corrupt++;
    return { folder: this.folder, entries: entries.filter(({ name }) => ENTRY.test(name)).length, bytes: entries.reduce((sum, e) => sum + e.bytes, 0), corrupt };
  }

  /** Removes the cache's own files and nothing else. */
  clear(): number {
    const names = this.#names().filter((n) => ENTRY.test(n) || PLAN.test(n) || ASIDE.test(n) || n === INDEX);
    for (const name of names) fs.rmSync(path.join(this.folder, name), { force: true });
    try {
      fs.rmdirSync(this.folder);
    } catch {
      // Not empty, or not there.
    }
    return names.length;
  }

  #read(name: string): string | undefined {
    let text: string;
    try {
      text = fs.readFileSync(path.join(this.folder, name), 'utf8');
    } catch {
      return undefined;
    }
    const end = text.indexOf('\n');
    const body = text.slice(end + 1);
    if (end > 0 && text.slice(0, end) === checksum(body)) return body;
    this.corrupt++;
    fs.rmSync(path.join(this.folder, name), { force: true });
    return undefined;
  }

  /** A cache that cannot be written costs time, not results. */
  #write(name: string, body: string): void {
    const aside = path.join(this.folder, `.${process.pid}-${randomBytes(6).toString('hex')}.tmp`);
    try {
      fs.mkdirSync(this.folder, { recursive: true });
      fs.writeFileSync(aside, `${checksum(body)}\n${body}`, { flag: 'wx' });
      fs.renameSync(aside, path.join(this.folder, name));
      this.#wrote = true;
    } catch {
      fs.rmSync(aside, { force: true });
    }
  }

  #names(): string[] {
    try {
      return fs.readdirSync(this.folder);
    } catch {
      return [];
    }
  }

  #list(): { name: string; bytes: number; used: number }[] {
    return this.#names().filter((n) => ENTRY.test(n) || PLAN.test(n)).flatMap((name) => {
      const stat = fs.statSync(path.join(this.folder, name), { throwIfNoEntry: false });
      return stat ? [{ name, bytes: stat.size, used: stat.mtimeMs }] : [];
    });
  }

  #prune(): void {
    const entries = this.#list().sort((a, b) => b.used - a.used);
    let bytes = 0;
    for (const { name, bytes: size } of entries) {
      bytes += size;
      if (bytes > this.#max) fs.rmSync(path.join(this.folder, name), { force: true });
    }
    for (const name of this.#names().filter((n) => ASIDE.test(n))) {
      const stat = fs.statSync(path.join(this.folder, name), { throwIfNoEntry: false });
      if (stat && Date.now() - stat.mtimeMs > STALE_MS) fs.rmSync(path.join(this.folder, name), { force: true });
    }
  }
}

function checksum(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}

/** Hash to targets as `<` or `"` and the name; those of this run first when it grows too large. */
class DiskIndex implements IncludeIndex {
  readonly #known: Map<string, string[]>;
  readonly #used = new Map<string, string[]>();
  #grew = false;

  constructor(text: string | undefined) {
    this.#known = new Map(text === undefined ? [] : JSON.parse(text) as [string, string[]][]);
  }

  get(hash: string): readonly IncludeTarget[] | undefined {
    const found = this.#known.get(hash);
    if (found) this.#used.set(hash, found);
    return found?.map((t) => ({ target: t.slice(1), angled: t.startsWith('<') }));
  }

  set(hash: string, targets: readonly IncludeTarget[]): void {
    if (this.#known.has(hash)) return;
    const made = targets.map((t) => (t.angled ? '<' : '"') + t.target);
    this.#known.set(hash, made);
    this.#used.set(hash, made);
    this.#grew = true;
  }

  /** What is to be written; undefined when nothing has changed. */
  text(): string | undefined {
    if (!this.#grew) return undefined;
    return JSON.stringify([...new Map([...this.#used, ...this.#known])].slice(0, MAX_INDEX));
  }
}
