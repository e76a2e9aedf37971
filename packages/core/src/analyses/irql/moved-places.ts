// Results that are kept over an edit say where things stand: their places are moved along with the text.

import type { FileFacts } from '../../model/facts.js';
import { shifted, type TextChange } from '../../model/graft.js';

/** Things of the model and of other results: they are not part of the result that names them, and are up to date by themselves. */
const elsewhere = new Set(['func', 'fn', 'place', 'expr', 'lock', 'on', 'pre', 'post', 'ret']);

/** Moves every place inside results that lies in a file whose text changed. What stood in the replaced part itself now stands where that begins. */
export class MovedPlaces {
  private readonly changes: ReadonlyMap<string, TextChange>;
  private readonly done = new Set<object>();

  constructor(moved: ReadonlyMap<FileFacts, TextChange>) {
    this.changes = new Map([...moved].map(([file, change]) => [file.path, change]));
  }

  /** `change`: what was done to the file that `start` and `end` are in, where the object does not name one itself. */
  move(value: unknown, change?: TextChange): void {
    if (typeof value !== 'object' || value === null || this.done.has(value)) return;
    this.done.add(value);
    if (Array.isArray(value)) {
      for (const item of value) this.move(item, change);
      return;
    }
    const at = value as { file?: unknown; start?: number; end?: number };
    const own = typeof at.file === 'string' ? this.changes.get(at.file) : change;
    if (own && typeof at.start === 'number' && typeof at.end === 'number') {
      at.start = shifted(at.start, own) ?? own.from;
      at.end = shifted(at.end, own) ?? own.newTo;
    }
    for (const [key, inner] of Object.entries(value)) if (typeof inner === 'object' && !elsewhere.has(key)) this.move(inner, own);
  }
}
