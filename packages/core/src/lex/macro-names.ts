// Of one project: which names have a macro somewhere, and who defines or takes back each of them. Most names are one file's alone, so
// that whether a file sees the macro is one question: does it include that file, through whatever headers.

import { idOfName } from './names.js';
import type { MacroText } from './records.js';

/** Who defines macros or takes them back. */
export interface Holder {
  /** Number of the environment in its project. */
  readonly number: number;
  readonly own: ReadonlyMap<string, MacroText | null>;
  readonly ever: ReadonlyMap<string, MacroText>;
}

export class MacroNames {
  private flags = new Uint8Array(1 << 12);
  /** The only one who has a name; null: there are several, or the configuration has it. */
  private readonly holders = new Map<string, Holder | null>();
  private readonly assumptions = new Set<string>();
  private environments = 0;

  /** Number of a new environment. */
  next(): number {
    return this.environments++;
  }

  /** A macro of that name stands in a file that was read, or in the configuration. */
  mark(name: string): void {
    const id = idOfName(name);
    if (id >= this.flags.length) {
      const larger = new Uint8Array(Math.max(id + 1, this.flags.length * 2));
      larger.set(this.flags);
      this.flags = larger;
    }
    this.flags[id] = 1;
  }

  /** False for a name (interned) of which the project has no macro: it need not be looked up. */
  has(id: number): boolean {
    return id < this.flags.length && this.flags[id] === 1;
  }

  /** `holder` defines the name or takes it back; null: it comes from the configuration. */
  hold(name: string, holder: Holder | null): void {
    const known = this.holders.get(name);
    if (known === undefined) this.holders.set(name, holder);
    else if (known !== holder) this.holders.set(name, null);
  }

  /** Something was assumed about a name or condition. */
  assume(key: string): void {
    this.assumptions.add(key);
  }

  isAssumed(key: string): boolean {
    return this.assumptions.has(key);
  }

  /** Undefined: nobody has the name. */
  holderOf(name: string): Holder | null | undefined {
    return this.holders.get(name);
  }
}

/** A set of environments of one project, by number. */
export class EnvironmentSet {
  private words = new Int32Array(4);

  has(number: number): boolean {
    const word = number >> 5;
    return word < this.words.length && (this.words[word] & (1 << (number & 31))) !== 0;
  }

  add(number: number): void {
    const word = number >> 5;
    if (word >= this.words.length) this.grow(word + 1);
    this.words[word] |= 1 << (number & 31);
  }

  addAll({ words }: EnvironmentSet): void {
    if (words.length > this.words.length) this.grow(words.length);
    for (let i = 0; i < words.length; i++) this.words[i] |= words[i];
  }

  private grow(least: number): void {
    const larger = new Int32Array(Math.max(least, this.words.length * 2));
    larger.set(this.words);
    this.words = larger;
  }
}
