// Which macros are visible: a chain of layers, one per header and one per unit. A header is read once and sealed into a layer
// that every includer shares; nothing is copied. Names that one layer alone has are found without a search, other look-ups are remembered.

import type { Language } from '../source/language.js';
import type { Configuration } from './configuration.js';
import { EnvironmentSet, MacroNames, type Holder } from './macro-names.js';
import type { MacroText } from './records.js';

/** A definition; null: known not to be defined; undefined: nothing is known. */
export type Lookup = MacroText | null | undefined;

/** What a file leaves behind for those who include it. */
export interface MacroLayer {
  lookup(name: string): Lookup;
  /** The definition even when it was taken back later. */
  everDefined(name: string): MacroText | undefined;
  /** What was assumed about a condition: a macro's name, or a whole condition's normalised text. */
  assumed(key: string): boolean | undefined;
}

/** The bottom of every environment of a project. */
export interface BaseLayer extends MacroLayer { readonly names: MacroNames }

/** Is told what an environment is asked beyond its own definitions, and what it is made to hold. */
export interface EnvironmentLog {
  lookup(name: string, found: Lookup): void;
  everDefined(name: string, found: MacroText | undefined): void;
  assumed(key: string, found: boolean | undefined): void;
  /** The text defines a macro of that name somewhere. */
  named(name: string): void;
  /** The project has no macro of that (interned) name so far. */
  noMacro(id: number): void;
  define(macro: MacroText): void;
  undefine(name: string): void;
  assume(key: string, value: boolean): void;
}

/** Macros visible at the end of what was read so far. One per unit (a `.c` file and the code it includes) or header. */
export class MacroEnvironment implements MacroLayer, Holder {
  /** Those of the project. */
  readonly names: MacroNames;
  readonly number: number;
  readonly own = new Map<string, MacroText | null>();
  readonly ever = new Map<string, MacroText>();
  private readonly layers: MacroEnvironment[] = [];
  /** Itself and all it includes, through whatever headers; undefined: to be found anew. */
  private seen: EnvironmentSet | undefined;
  private readonly memo = new Map<string, { found: Lookup }>();
  private readonly assumptions = new Map<string, boolean>();
  /** Asked last, while a header is read for its first includer: see readIn. */
  private context: MacroLayer | undefined;
  private log: EnvironmentLog | undefined;

  /** An environment that knows the configuration only. `base` may be shared by all files of a project and language. */
  static create(base: BaseLayer): MacroEnvironment {
    return new MacroEnvironment(base);
  }

  private constructor(private base: BaseLayer) {
    this.names = base.names;
    this.number = base.names.next();
  }

  /**
   * Lets the environment of a header ask its first includer while `read` runs: conditions in a header may test what was
   * defined before it. Afterwards nothing of the includer is seen through the header.
   */
  readIn<T>(context: MacroLayer, read: () => T): T {
    this.context = context;
    try {
      return read();
    } finally {
      this.context = undefined;
      this.memo.clear();
    }
  }

  /** Tells `log` what happens while `read` runs. */
  logged<T>(log: EnvironmentLog, read: () => T): T {
    this.log = log;
    try {
      return read();
    } finally {
      this.log = undefined;
    }
  }

  /** The text has a macro of that name somewhere, in force or not. */
  mark(name: string): void {
    this.names.mark(name);
    this.log?.named(name);
  }

  /** False for a name (interned) of which no file read so far has a macro: it need not be looked up. */
  maybeMacro(id: number): boolean {
    if (this.names.has(id)) return true;
    this.log?.noMacro(id);
    return false;
  }

  define(macro: MacroText): void {
    this.log?.define(macro);
    this.names.hold(macro.name, this);
    this.own.set(macro.name, macro);
    this.ever.set(macro.name, macro);
  }

  undefine(name: string): void {
    this.log?.undefine(name);
    this.names.hold(name, this);
    this.own.set(name, null);
  }

  /** Makes the macros of a header visible from here on. */
  include(layer: MacroEnvironment): void {
    if (layer === this || this.layers.includes(layer)) return;
    this.layers.push(layer);
    this.seen?.addAll(layer.environments());
    this.memo.clear();
  }

  private environments(): EnvironmentSet {
    if (!this.seen) this.addTo(this.seen = new EnvironmentSet());
    return this.seen;
  }

  private addTo(set: EnvironmentSet): void {
    if (set.has(this.number)) return;
    set.add(this.number);
    for (const layer of this.layers) layer.addTo(set);
  }

  assume(key: string, value: boolean): void {
    this.log?.assume(key, value);
    this.names.assume(key);
    this.assumptions.set(key, value);
  }

  lookup(name: string): Lookup {
    const own = this.own.get(name);
    if (own !== undefined) return own;
    const found = this.lookupOutside(name);
    this.log?.lookup(name, found);
    return found;
  }

  private lookupOutside(name: string): Lookup {
    const holder = this.names.holderOf(name);
    if (holder === null) return this.search(name);
    const found = holder && this.environments().has(holder.number) ? holder.own.get(name) : undefined;
    return found ?? this.inContext(name, found);
  }

  /** What the first includer makes of a name of which only `found` is known. */
  private inContext(name: string, found: null | undefined): Lookup {
    const outside = this.context?.lookup(name);
    return outside === undefined ? found : outside;
  }

  /** Asks what is included, last first. */
  private search(name: string): Lookup {
    const known = this.memo.get(name);
    if (known) return known.found;
    const entry: { found: Lookup } = { found: undefined };
    // Set before asking the layers: headers that include each other form cycles.
    this.memo.set(name, entry);
    for (let i = this.layers.length - 1; i >= 0 && entry.found === undefined; i--) entry.found = this.layers[i].lookup(name);
    if (entry.found === undefined) entry.found = this.base.lookup(name);
    entry.found ??= this.inContext(name, entry.found);
    return entry.found;
  }

  everDefined(name: string): MacroText | undefined {
    const visible = this.lookup(name);
    if (visible) return visible;
    const own = this.ever.get(name);
    if (own) return own;
    if (this.asking) return undefined;
    this.asking = true;
    const found = this.everOutside(name) ?? this.context?.everDefined(name);
    this.asking = false;
    this.log?.everDefined(name, found);
    return found;
  }
  private asking = false;

  private everOutside(name: string): MacroText | undefined {
    const holder = this.names.holderOf(name);
    if (holder !== null) return holder && this.environments().has(holder.number) ? holder.ever.get(name) : undefined;
    let found: MacroText | undefined;
    for (let i = this.layers.length - 1; i >= 0 && !found; i--) found = this.layers[i].everDefined(name);
    return found ?? this.base.everDefined(name);
  }

  assumed(key: string): boolean | undefined {
    const own = this.assumptions.get(key);
    if (own !== undefined) return own;
    if (this.asking) return undefined;
    this.asking = true;
    let found: boolean | undefined;
    for (let i = this.names.isAssumed(key) ? this.layers.length - 1 : -1; i >= 0 && found === undefined; i--) found = this.layers[i].assumed(key);
    found ??= this.context?.assumed(key);
    this.asking = false;
    this.log?.assumed(key, found);
    return found;
  }

  /** Empties the environment, so that its file can be read anew while those who include it keep the same layer; gives what it held. */
  restart(base: BaseLayer): MacroState {
    const before = this.state();
    this.base = base;
    this.rollback(0);
    return before;
  }

  /** How much is included. */
  included(): number {
    return this.layers.length;
  }

  /** Back to an environment without definitions of its own that includes its first `included` layers. */
  rollback(included: number): void {
    this.own.clear();
    this.ever.clear();
    this.assumptions.clear();
    this.layers.length = included;
    this.forgetLookups();
  }

  /** What the environment itself holds now. */
  state(): MacroState {
    return { own: new Map(this.own), ever: new Map(this.ever), assumptions: new Map(this.assumptions) };
  }

  /** Names (and conditions) that mean something else than they did. */
  changedSince(before: MacroState): Set<string> {
    const changed = new Set<string>();
    for (const key of new Set([...before.own.keys(), ...this.own.keys()])) if (!sameLookup(before.own.get(key), this.own.get(key))) changed.add(key);
    for (const key of new Set([...before.ever.keys(), ...this.ever.keys()])) if (!sameLookup(before.ever.get(key), this.ever.get(key))) changed.add(key);
    for (const key of new Set([...before.assumptions.keys(), ...this.assumptions.keys()])) if (before.assumptions.get(key) !== this.assumptions.get(key)) changed.add(key);
    return changed;
  }

  /** Forgets what look-ups found: a layer below has changed. */
  forgetLookups(): void {
    this.seen = undefined;
    this.memo.clear();
  }

  /** Own assumptions only: a macro's name (defined or not) or a condition's text (true or not). */
  ownAssumptions(): Record<string, boolean> {
    return Object.fromEntries(this.assumptions);
  }
}

/** What one environment defines itself, at one time. */
export interface MacroState {
  readonly own: ReadonlyMap<string, MacroText | null>;
  readonly ever: ReadonlyMap<string, MacroText>;
  readonly assumptions: ReadonlyMap<string, boolean>;
}

/** Equal definitions, wherever they stand. */
export function sameLookup(a: Lookup, b: Lookup): boolean {
  if (a === b) return true;
  if (!a || !b) return false;
  return a.body === b.body && a.variadic === b.variadic && (a.params === b.params || (a.params !== undefined && b.params !== undefined && a.params.join() === b.params.join()));
}

/** Configuration and language; the layers of one project share the names. */
export function baseLayer(config: Configuration, language: Language, names = new MacroNames()): BaseLayer {
  const macros = new Map<string, MacroText | null>();
  for (const name of config.undefines) macros.set(name, null);
  for (const [name, body] of config.defines) macros.set(name, { name, nameStart: 0, start: 0, end: 0, body, bodyStart: 0 });
  if (language === 'cpp') macros.set('__cplusplus', { name: '__cplusplus', nameStart: 0, start: 0, end: 0, body: '202002', bodyStart: 0 });
  else macros.set('__cplusplus', null);
  for (const name of macros.keys()) {
    names.mark(name);
    names.hold(name, null);
  }
  return {
    names,
    lookup: (name) => macros.get(name),
    everDefined: (name) => macros.get(name) ?? undefined,
    assumed: () => undefined,
  };
}
