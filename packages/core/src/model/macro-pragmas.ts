// Pragmas that come out of project macros at file scope: `#define PAGED_BEGIN __pragma(code_seg(push)) __pragma(code_seg("PAGE"))`.
// Each counts as written where the macro is used.

import type { Annotation, MacroUse, Pragma } from './facts.js';

/** Replacement text and parameters of a macro visible in the file, undefined for other names. */
export type MacroLookup = (name: string) => { body: string; params?: string[] } | undefined;

const OPERATOR = '__pragma';

/** All pragmas of a file in order of position: those written, and those of macro uses. */
export function withMacroPragmas(written: readonly Pragma[], records: readonly Annotation[], uses: readonly MacroUse[], macro: MacroLookup): Pragma[] {
  const found: Pragma[] = [];
  for (const use of [...records, ...uses]) {
    if ('kind' in use && (use.kind !== 'decoration' || use.via !== undefined)) continue;
    const definition = macro(use.name);
    if (!definition?.body.includes(OPERATOR)) continue;
    for (const text of pragmaTexts(substituted(definition.body, definition.params, use.args))) {
      found.push({ start: use.start, end: use.end, text, operator: true });
    }
  }
  return found.length === 0 ? [...written] : [...written, ...found].sort((a, b) => a.start - b.start);
}

function substituted(body: string, params: string[] | undefined, args: string[] | undefined): string {
  if (!params || !args) return body;
  return body.replace(/[A-Za-z_]\w*/g, (word) => {
    const at = params.indexOf(word);
    return at < 0 ? word : args[at] ?? '';
  });
}

/** The balanced text of every `__pragma(...)`. */
function pragmaTexts(body: string): string[] {
  const texts: string[] = [];
  for (let at = body.indexOf(OPERATOR); at >= 0; at = body.indexOf(OPERATOR, at + 1)) {
    const open = body.indexOf('(', at);
    if (open < 0) break;
    let depth = 0;
    let close = open;
    for (; close < body.length; close++) {
      if (body[close] === '(') depth++;
      else if (body[close] === ')' && --depth === 0) break;
    }
    if (close < body.length) texts.push(body.slice(open + 1, close).trim().replace(/\s+/g, ' '));
  }
  return texts;
}
