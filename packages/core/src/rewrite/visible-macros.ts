// The macros the names of one file stand for, and their shapes: worked out once per file for all steps of rewriting.

import type { MacroEnvironment } from '../lex/environment.js';
import { nameOf } from '../lex/names.js';
import type { MacroText } from '../lex/records.js';
import { shapeOf } from './macro-shape.js';
import type { MacroShape } from './macro-shape.js';

export class VisibleMacros {
  /** By name id; null for a name that is no macro here. */
  private readonly macros = new Map<number, MacroText | null>();
  private readonly shapes = new Map<MacroText, MacroShape>();

  constructor(private readonly env: MacroEnvironment) {}

  /** Whether a name may stand for a macro. */
  maybe(id: number): boolean {
    return this.env.maybeMacro(id);
  }

  /** The macro a name stands for, also one that was taken back later; undefined for one of the configuration, which has no place. */
  of(id: number): MacroText | undefined {
    if (!this.env.maybeMacro(id)) return undefined;
    let macro = this.macros.get(id);
    if (macro === undefined) {
      const found = this.env.everDefined(nameOf(id));
      macro = found && found.end > 0 ? found : null;
      this.macros.set(id, macro);
    }
    return macro ?? undefined;
  }

  shape(macro: MacroText): MacroShape {
    let shape = this.shapes.get(macro);
    if (!shape) this.shapes.set(macro, shape = shapeOf(macro, this.env));
    return shape;
  }
}
