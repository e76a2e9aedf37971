// The facts of a project's units put together. Read as a whole, a project reads a header once, in the light of the first unit that
// includes it; read apart, every unit reads it. Where all see the same, as nearly always, the first one's facts are those of the whole; where
// they do not, that is said, and the project is read as a whole when it is reported on: the result is the same, not the time.

import { buildId } from '../cache/key.js';
import type { ProjectDescription } from './description.js';
import { readFacts, writeFacts, type FactsEntry, type Packed } from './facts-file.js';
import { settingsDigest, type UnitFacts } from './summarize.js';

const KIND = 'drvlint linked facts 1';

export interface LinkedHead {
  build: string;
  project: ProjectDescription;
  /** Why the units cannot be put together; there are no files then. */
  inOrder?: string[];
}

export interface Linked { head: LinkedHead; files: Packed[] }

/** Facts in any order; what is missing or does not fit is a problem. */
export function linkFacts(project: ProjectDescription, facts: readonly UnitFacts[]): { bytes: Uint8Array; inOrder: string[] } | { problem: string } {
  const settings = settingsDigest(project);
  const byUnit = new Map<string, UnitFacts>();
  for (const each of facts) {
    if (each.head.build !== buildId()) return { problem: `the facts of ${each.head.unit || 'the other files'} were made by another build of drvlint` };
    if (each.head.settings !== settings) return { problem: `the facts of ${each.head.unit || 'the other files'} were made under other settings than the project's` };
    byUnit.set(each.head.unit, each);
  }
  const units = project.units.map((u) => u.file);
  const missing = units.filter((unit) => !byUnit.has(unit));
  if (missing.length > 0) return { problem: `the facts of ${missing[0]} are missing${missing.length > 1 ? `, and those of ${missing.length - 1} more` : ''}` };
  const ordered = [...units, ''].flatMap((unit) => byUnit.get(unit) ?? []);
  const { files, inOrder } = together(ordered);
  const read = new Set([...units, ...ordered.flatMap((u) => u.files.map((f) => f.entry.path))]);
  const open = byUnit.has('') ? [] : project.files.filter((f) => !read.has(f));
  if (open.length > 0) return { problem: `no unit reads ${open[0]}${open.length > 1 ? ` and ${open.length - 1} more` : ''}: facts of \`summarize --rest\` are missing` };
  const head: LinkedHead = { build: buildId(), project, ...(inOrder.length > 0 ? { inOrder } : {}) };
  return { bytes: writeFacts(KIND, head, inOrder.length > 0 ? [] : files), inOrder };
}

export function readLinked(bytes: Uint8Array): Linked | undefined {
  return readFacts<LinkedHead>(KIND, bytes);
}

function together(units: readonly UnitFacts[]): { files: Packed[]; inOrder: string[] } {
  const first = new Map<string, Packed>();
  const inOrder = new Set<string>();
  const open = contested(units);
  for (const { head, files } of units) {
    if (head.bug !== undefined) inOrder.add(`${head.unit || 'another file'} could not be read`);
    for (const file of files) {
      const known = first.get(file.entry.path);
      if (!known) first.set(file.entry.path, file);
      else if (known.entry.part || file.entry.part) inOrder.add(`${file.entry.path} is a part of several units`);
      else if (!sameReading(known.entry, file.entry, open)) inOrder.add(`${file.entry.path} means something else in ${head.unit || 'another file'}`);
    }
  }
  return { files: [...first.values()], inOrder: [...inOrder] };
}

/** Conditions that were assumed to hold in one file and not to in another. */
function contested(units: readonly UnitFacts[]): ReadonlySet<string> {
  const values = new Map<string, boolean>();
  const found = new Set<string>();
  for (const [key, value] of units.flatMap((u) => u.files.flatMap((f) => Object.entries(f.entry.assumptions ?? {})))) {
    if (values.get(key) === !value) found.add(key);
    values.set(key, value);
  }
  return found;
}

/** Who was the first to assume something does not matter while everybody assumes the same. */
function sameReading(a: FactsEntry, b: FactsEntry, open: ReadonlySet<string>): boolean {
  const all = [...Object.entries(a.assumptions ?? {}), ...Object.entries(b.assumptions ?? {})];
  return a.facts === b.facts && a.state === b.state && a.text === b.text && all.every(([key]) => !open.has(key) || a.assumptions?.[key] === b.assumptions?.[key]);
}
