// Results that are kept over an edit say where things stand: their places are moved along with the text.

import type { FileFacts } from '../../model/facts.js';
import { shifted, type TextChange } from '../../model/text-change.js';

interface Placed { start: number; end: number }

/** Things of the model and of other results: they are not part of the result that names them, and are up to date by themselves. */
const elsewhere = new Set(['func', 'fn', 'place', 'expr', 'lock', 'on', 'pre', 'post', 'ret']);

/** The places inside a result by the paths of their files, found when it is moved for the first time: results do not change, and most have none. */
const known = new WeakMap<object, ReadonlyMap<string, readonly Placed[]>>();

/** Moves every place inside results that lies in a file whose text changed. What stood in the replaced part itself now stands where that begins. */
export function movePlaces(results: Iterable<object>, moved: ReadonlyMap<FileFacts, TextChange>): void {
  const changes = [...moved].map(([file, change]) => ({ path: file.path, change, done: new Set<Placed>() }));
  for (const result of results) {
    let places = known.get(result);
    if (!places) known.set(result, (places = placesIn(result)));
    if (places.size === 0) continue;
    for (const { path, change, done } of changes) {
      for (const at of places.get(path) ?? []) if (at.end >= change.from && !done.has(at)) move(at, change, done);
    }
  }
}

/** Results share steps: each place is moved once. */
function move(at: Placed, change: TextChange, done: Set<Placed>): void {
  done.add(at);
  at.start = shifted(at.start, change) ?? change.from;
  at.end = shifted(at.end, change) ?? change.newTo;
}

const none: ReadonlyMap<string, readonly Placed[]> = new Map();

function placesIn(result: object): ReadonlyMap<string, readonly Placed[]> {
  const found = new Map<string, Placed[]>();
  const seen = new Set<object>();
  /** `file`: the one that `start` and `end` are in, where the object does not name one itself. */
  const collect = (value: object, file: string | undefined): void => {
    if (seen.has(value)) return;
    seen.add(value);
    const at = value as Partial<Placed> & { file?: unknown };
    const own = typeof at.file === 'string' ? at.file : file;
    if (own !== undefined && typeof at.start === 'number' && typeof at.end === 'number') {
      const list = found.get(own);
      if (list) list.push(at as Placed);
      else found.set(own, [at as Placed]);
    }
    for (const [key, inner] of Object.entries(value) as [string, unknown][]) if (typeof inner === 'object' && inner !== null && !elsewhere.has(key)) collect(inner, own);
  };
  collect(result, undefined);
  return found.size === 0 ? none : found;
}
