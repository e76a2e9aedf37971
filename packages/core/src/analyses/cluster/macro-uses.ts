// Uses of function-like macros in the text of a file, with their arguments: for macros that paste names at file scope, which no parser
// sees as what they are. Comments, strings and directives are skipped.

export interface MacroArg { text: string; start: number; end: number }
export interface MacroUse { name: string; start: number; nameEnd: number; args: MacroArg[] }

const SKIP = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'|^[ \t]*#(?:\\\r?\n|[^\n])*/gm;

/** Same length, everything that is no code blanked. */
export function codeOnly(text: string): string {
  return text.replace(SKIP, (m) => m.replace(/[^\r\n]/g, ' '));
}

export function readMacroUses(text: string, names: readonly string[]): MacroUse[] {
  if (!names.some((n) => text.includes(n))) return [];
  const code = codeOnly(text);
  const uses: MacroUse[] = [];
  for (const m of code.matchAll(new RegExp(`\\b(${names.join('|')})\\b\\s*\\(`, 'g'))) {
    const args = readArgs(code, m.index + m[0].length);
    if (args) uses.push({ name: m[1]!, start: m.index, nameEnd: m.index + m[1]!.length, args });
  }
  return uses;
}

function readArgs(code: string, from: number): MacroArg[] | undefined {
  const args: MacroArg[] = [];
  let depth = 0;
  let start = from;
  const push = (end: number): void => {
    const raw = code.slice(start, end);
    const text = raw.trim();
    const at = start + raw.indexOf(text);
    args.push({ text, start: at, end: at + text.length });
    start = end + 1;
  };
  for (let i = from; i < code.length; i++) {
    const c = code[i]!;
    if ('([{'.includes(c)) depth++;
    else if (c === ')' && depth === 0) { push(i); return args; }
    else if (')]}'.includes(c)) depth--;
    else if (c === ',' && depth === 0) push(i);
    else if (c === ';') return undefined;
  }
  return undefined;
}
