// `$(Name)` and the property functions that project files of drivers use. An unknown property is the empty string, as in MSBuild;
// an unknown function is too.

export type Properties = ReadonlyMap<string, string>;

/** Replaces every `$(...)` of `text`; property names have no case. */
export function expandProperties(text: string, properties: Properties): string {
  let result = '';
  let at = 0;
  for (let open = text.indexOf('$('); open >= 0; open = text.indexOf('$(', at)) {
    const close = closing(text, open + 2);
    if (close < 0) break;
    result += text.slice(at, open) + valueOf(text.slice(open + 2, close), properties);
    at = close + 1;
  }
  return result + text.slice(at);
}

function closing(text: string, from: number): number {
  let depth = 1;
  let quote = '';
  for (let i = from; i < text.length; i++) {
    const c = text[i];
    if (quote !== '') quote = c === quote ? '' : quote;
    else if (c === "'" || c === '"' || c === '`') quote = c;
    else if (c === '(') depth++;
    else if (c === ')' && --depth === 0) return i;
  }
  return -1;
}

function valueOf(expression: string, properties: Properties): string {
  const name = /^\s*([\w-]+)\s*/.exec(expression);
  if (!name) return '';
  const value = properties.get(name[1].toLowerCase()) ?? '';
  const rest = expression.slice(name[0].length);
  return rest === '' ? value : callMethods(value, rest, properties);
}

/** `.Replace('a','b').ToLower()` on a value. */
function callMethods(value: string, calls: string, properties: Properties): string {
  let result = value;
  for (const call of calls.matchAll(/\.(\w+)\(((?:'[^']*'|"[^"]*"|`[^`]*`|[^()'"`])*)\)/g)) {
    const args = [...call[2].matchAll(/'([^']*)'|"([^"]*)"|`([^`]*)`|([^,\s][^,]*)/g)]
      .map((m) => expandProperties(m[1] ?? m[2] ?? m[3] ?? m[4].trim(), properties));
    result = callMethod(result, call[1].toLowerCase(), args);
  }
  return result;
}

function callMethod(value: string, method: string, args: readonly string[]): string {
  switch (method) {
    case 'endswith': return truth(value.endsWith(args[0] ?? ''));
    case 'startswith': return truth(value.startsWith(args[0] ?? ''));
    case 'contains': return truth(value.includes(args[0] ?? ''));
    case 'equals': return truth(value === args[0]);
    case 'tolower': case 'tolowerinvariant': return value.toLowerCase();
    case 'toupper': case 'toupperinvariant': return value.toUpperCase();
    case 'trim': return value.trim();
    case 'trimend': return value.replace(/(?<![\s\\/])[\s\\/]+$/, '');
    case 'replace': return value.replaceAll(args[0] ?? '', args[1] ?? '');
    case 'substring': return value.substring(Number(args[0]), args[1] === undefined ? undefined : Number(args[0]) + Number(args[1]));
    default: return '';
  }
}

function truth(b: boolean): string {
  return b ? 'True' : 'False';
}
