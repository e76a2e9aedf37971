// From what a user writes to the rules that are meant: rule ids, `C28121` and plain numbers, `__WARNING_*` names, CodeQL ids
// (also older ones, by their last part). One index per set of rules.

import type { Rule } from '../rule/kit.js';
import { warningNumber } from './warning-names.js';

export class RuleNames {
  readonly #byName = new Map<string, string[]>();
  readonly #ids = new Set<string>();
  readonly #nearest = new Map<string, string | undefined>();

  constructor(rules: readonly Rule[]) {
    for (const { meta } of rules) {
      this.#ids.add(meta.id);
      this.#add(meta.id, meta.id);
      for (const alias of meta.aliases) {
        this.#add(alias, meta.id);
        if (/^[CD]\d+$/i.test(alias)) this.#add(alias.slice(1), meta.id);
      }
    }
  }

  /** Ids of the rules a name stands for; empty when it is no name of ours. */
  lookUp(name: string): readonly string[] {
    const direct = this.#byName.get(name.toLowerCase());
    if (direct) return direct;
    const number = warningNumber(name);
    if (number !== undefined) return this.#byName.get(String(number)) ?? [];
    const last = name.slice(name.lastIndexOf('/') + 1);
    return last !== name && this.#ids.has(last) ? [last] : [];
  }

  /** The known rule id nearest to a misspelt one, if one is near. */
  nearest(name: string): string | undefined {
    if (!this.#nearest.has(name)) this.#nearest.set(name, nearestWord(name, this.#ids));
    return this.#nearest.get(name);
  }

  #add(name: string, id: string): void {
    const key = name.toLowerCase();
    const list = this.#byName.get(key);
    if (!list) this.#byName.set(key, [id]);
    else if (!list.includes(id)) list.push(id);
  }
}

/** The candidate with the smallest edit distance to `word`, when that is at most a third of its length. */
export function nearestWord(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length];
}
