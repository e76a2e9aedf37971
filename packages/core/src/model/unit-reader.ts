// Reads one unit apart from the others of its project, and tells what of it another unit would have to see in the same way: whose macros
// each header leaves behind, and which files of code were read as parts. With that, units read one by one can be put together.

import type { Language } from '../source/language.js';
import type { MacroEnvironment, MacroState } from '../lex/environment.js';
import { ProjectReader } from './reader.js';

/** What a header leaves behind for those who include it, besides its facts. */
export interface HeaderState extends MacroState {
  /** Headers it made visible, in order. */
  readonly includes: readonly string[];
}

export class UnitReader extends ProjectReader {
  /** Files of code that another one includes. */
  readonly parts = new Set<string>();
  private readonly made = new Map<string, string[]>();

  /** Undefined for a file that was read as a unit or part. */
  stateOf(path: string): HeaderState | undefined {
    const layer = this.headerLayers.get(path);
    return layer && { ...layer.state(), includes: this.made.get(path) ?? [] };
  }

  protected override readHeader(path: string, language: Language, includer: MacroEnvironment, from: string): void {
    const list = this.made.get(from);
    if (list) list.push(path);
    else this.made.set(from, [path]);
    super.readHeader(path, language, includer, from);
  }

  protected override readPart(path: string, language: Language, env: MacroEnvironment, from: string): void {
    this.parts.add(path);
    super.readPart(path, language, env, from);
  }
}
