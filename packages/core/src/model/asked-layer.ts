// What a header asked its first includer while it was read, and what the answers were. As long as the answers are the same, reading it
// again in another includer, or after an edit of that one, would give the same facts.

import { sameLookup, type Lookup, type MacroLayer } from '../lex/environment.js';
import type { MacroText } from '../lex/records.js';

export class AskedLayer implements MacroLayer {
  private readonly lookups = new Map<string, Lookup>();
  private readonly ever = new Map<string, MacroText | undefined>();
  private readonly assumptions = new Map<string, boolean | undefined>();

  constructor(private context: MacroLayer | undefined) {}

  /** Lets go of the includer: nothing more will be asked. */
  close(): void {
    this.context = undefined;
  }

  lookup(name: string): Lookup {
    const found = this.context?.lookup(name);
    this.lookups.set(name, found);
    return found;
  }

  everDefined(name: string): MacroText | undefined {
    const found = this.context?.everDefined(name);
    this.ever.set(name, found);
    return found;
  }

  assumed(key: string): boolean | undefined {
    const found = this.context?.assumed(key);
    this.assumptions.set(key, found);
    return found;
  }

  /** Whether another context would have answered the same. */
  sameAnswers(context: MacroLayer): boolean {
    for (const [name, found] of this.lookups) if (!sameLookup(context.lookup(name), found)) return false;
    for (const [name, found] of this.ever) if (!sameLookup(context.everDefined(name), found)) return false;
    for (const [key, found] of this.assumptions) if (context.assumed(key) !== found) return false;
    return true;
  }
}
