// Reads the pragmas that switch warnings off and on: `#pragma warning(...)` of the compiler and `#pragma prefast(...)` of code
// analysis, in every form either accepts. Other pragmas are ignored; a malformed one is read as far as it goes.

export type PragmaFamily = 'warning' | 'prefast';

export interface PragmaStack { kind: 'push' | 'pop'; family: PragmaFamily }
export interface PragmaSwitch { kind: 'suppress' | 'disable' | 'enable'; family: PragmaFamily; ids: string[]; reason?: string }
export type PragmaAction = PragmaStack | PragmaSwitch;

/** The actions of one pragma in order; `text` is what stands after `#pragma`. */
export function parsePragma(text: string): PragmaAction[] {
  const head = /^\s*(warning|prefast)\s*\(([\s\S]*)$/i.exec(text);
  if (!head) return [];
  const family = head[1].toLowerCase() as PragmaFamily;
  const actions: PragmaAction[] = [];
  for (const specifier of splitOutsideStrings(insideOfParentheses(head[2]), ';')) {
    const action = readSpecifier(specifier, family);
    if (action) actions.push(action);
  }
  return actions;
}

const words: Record<string, 'suppress' | 'disable' | 'enable'> = {
  suppress: 'suppress', disable: 'disable', enable: 'enable', default: 'enable', once: 'enable', error: 'enable', 1: 'enable', 2: 'enable', 3: 'enable', 4: 'enable',
};

function readSpecifier(specifier: string, family: PragmaFamily): PragmaAction | undefined {
  const stack = /^\s*(push|pop)\b/i.exec(specifier);
  if (stack) return { kind: stack[1].toLowerCase() as 'push' | 'pop', family };
  const match = /^\s*(\w+)\s*:([\s\S]*)$/.exec(specifier);
  const kind = match && words[match[1].toLowerCase()];
  if (!match || !kind) return undefined;
  const strings = [...match[2].matchAll(/"((?:\\.|[^"\\])*)"/g)].map((m) => m[1]);
  const bare = match[2].replace(/"(?:\\.|[^"\\])*"?/g, ' ').replace(/\bjustification\s*:/gi, ' ');
  const ids = bare.split(/[\s,]+/).filter((id) => id !== '');
  const reason = strings.join('').trim();
  return { kind, family, ids, ...(reason ? { reason } : {}) };
}

/** The text up to the parenthesis that closes the one before it; all of it when none does. */
function insideOfParentheses(text: string): string {
  let depth = 1;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (quoted) {
      if (c === '\\') i++;
      else if (c === '"') quoted = false;
    } else if (c === '"') quoted = true;
    else if (c === '(') depth++;
    else if (c === ')' && --depth === 0) return text.slice(0, i);
  }
  return text;
}

function splitOutsideStrings(text: string, separator: string): string[] {
  const parts: string[] = [];
  let from = 0;
  for (const m of text.matchAll(/"(?:\\.|[^"\\])*"|;/g)) {
    if (m[0] !== separator) continue;
    parts.push(text.slice(from, m.index));
    from = m.index + 1;
  }
  return [...parts, text.slice(from)];
}
