// Pragmas that reach a file through a macro, `#define QUIETLY __pragma(warning(suppress: 28121))`: one per use of the macro, as if
// it had been written there. Uses are found in the text, since a macro that is only a pragma leaves nothing in the tree.

import type { MacroDef, Pragma } from '../model/facts.js';
import type { CodeLines } from './code-lines.js';

/** Bodies of `__pragma(...)` and `_Pragma("...")` in a replacement text. */
export function pragmasInBody(body: string): string[] {
  return [...body.matchAll(/\b__pragma\s*\(|\b_Pragma\s*\(\s*"/g)].map((m) => body.slice(m.index + m[0].length));
}

/** A pragma at a use of a macro; `whole`: the use is code itself, so the pragma covers it. */
export interface MacroPragma extends Pragma { whole: boolean }

export function pragmasOfMacros(macros: Iterable<MacroDef>, text: string, lines: () => CodeLines): MacroPragma[] {
  const found: MacroPragma[] = [];
  for (const macro of macros) {
    if (!text.includes(macro.name)) continue;
    const bodies = pragmasInBody(macro.body).filter((text) => /^\s*(?:warning|prefast)\b/i.test(text));
    if (bodies.length === 0) continue;
    const rest = macro.body.replace(/\b(?:__pragma|_Pragma)\s*(\((?:[^()]|\([^()]*\))*\))/g, '').trim();
    for (const start of lines().wordsAt(macro.name)) {
      const name = start + macro.name.length;
      const end = macro.params ? lines().argumentsEnd(name) : name;
      for (const text of bodies) found.push({ start, end, text, operator: true, whole: rest !== '' });
    }
  }
  return found.sort((a, b) => a.start - b.start);
}
