// Reads a source file of a resource DLL as far as changing it on purpose needs: functions, calls, statements, loops, by brackets in a text
// whose comments and strings are blanked. Offsets are those of the text itself.

const QUIET = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|"(?:\\[\s\S]|[^"\\\n])*"|'(?:\\[\s\S]|[^'\\\n])*'/g;

export class SourceText {
  constructor(path, text) {
    this.path = path;
    this.text = text;
    this.code = text.replace(QUIET, (m) => (m.startsWith('/') ? m.replace(/[^\r\n]/g, ' ') : m[0] + ' '.repeat(m.length - 2) + m[0]));
    this.functions = findFunctions(this.code);
  }

  /** Offset behind the bracket that closes the one at `open`; -1 when there is none. */
  closing(open) {
    const pairs = { '(': ')', '{': '}' };
    const [a, b] = [this.code[open], pairs[this.code[open]]];
    let depth = 0;
    for (let i = open; i < this.code.length; i++) {
      if (this.code[i] === a) depth++;
      else if (this.code[i] === b && --depth === 0) return i + 1;
    }
    return -1;
  }

  slice(r) {
    return this.text.slice(r.start, r.end);
  }

  /** Calls of a function or pointer named like `pattern`, also written `(pointer)(`, with their arguments. */
  calls(pattern, from = 0, to = this.code.length) {
    const found = [];
    for (const m of this.code.matchAll(new RegExp(`(?:\\b(?:${pattern})|\\(\\s*(?:${pattern})\\s*\\))\\s*\\(`, 'g'))) {
      if (m.index < from || m.index >= to) continue;
      const open = m.index + m[0].length - 1;
      const end = this.closing(open);
      if (end > 0) found.push({ start: m.index, open, end, args: this.args(open, end) });
    }
    return found;
  }

  args(open, end) {
    const args = [];
    let depth = 0;
    let start = open + 1;
    for (let i = open + 1; i < end; i++) {
      const c = this.code[i];
      if (i === end - 1 || (c === ',' && depth === 0)) {
        const raw = this.code.slice(start, i);
        if (raw.trim() !== '') args.push({ start: start + raw.search(/\S/), end: start + raw.trimEnd().length });
        start = i + 1;
      } else if ('([{'.includes(c)) depth++;
      else if (')]}'.includes(c)) depth--;
    }
    return args;
  }

  /** The statement around an offset: from behind the last `;`, `{` or `}` to its `;`, `if (..) {..}` and `else` included. */
  statement(at) {
    let start = at;
    let depth = 0;
    for (; start > 0; start--) {
      const c = this.code[start - 1];
      if (c === ')') depth++;
      else if (c === '(') depth--;
      else if (depth <= 0 && ';{}:'.includes(c) && this.code[start - 2] !== ':' && this.code[start] !== ':') break;
    }
    start += this.code.slice(start).search(/\S/);
    return { start, end: this.statementEnd(start) };
  }

  statementEnd(start) {
    const head = /^(?:if|while|for|switch|do|else)\b/.exec(this.code.slice(start));
    if (!head) {
      if (this.code[start] === '{') return this.closing(start);
      let depth = 0;
      for (let i = start; i < this.code.length; i++) {
        if ('({'.includes(this.code[i])) depth++;
        else if (')}'.includes(this.code[i])) depth--;
        else if (this.code[i] === ';' && depth === 0) return i + 1;
      }
      return this.code.length;
    }
    let i = start + head[0].length;
    i += this.code.slice(i).search(/\S/);
    if (this.code[i] === '(') i = this.closing(i);
    i += this.code.slice(i).search(/\S/);
    let end = this.statementEnd(i);
    if (head[0] === 'do') end = this.code.indexOf(';', end) + 1;
    const after = /^\s*else\b/.exec(this.code.slice(end));
    return head[0] === 'if' && after ? this.statementEnd(end + after[0].length - 4) : end;
  }

  /** Loops in a range: keyword, condition in parentheses, body. */
  loops(from, to) {
    const found = [];
    for (const m of this.code.slice(from, to).matchAll(/\b(while|for)\s*\(/g)) {
      const open = from + m.index + m[0].length - 1;
      const close = this.closing(open);
      const body = close + this.code.slice(close).search(/\S/);
      if (this.code[body] === '{') found.push({ kind: m[1], start: from + m.index, open, close, body, end: this.closing(body) });
    }
    return found;
  }

  /** Places where a function is declared or defined: `DWORD WINAPI Name( .. )`. */
  heads(name) {
    const found = [];
    for (const m of this.code.matchAll(new RegExp(`\\b(DWORD|RESID|BOOL|void)\\s+(WINAPI)\\s+((?:\\w+::)?${name})\\s*\\(`, 'g'))) {
      const open = m.index + m[0].length - 1;
      const end = this.closing(open);
      const convention = m.index + m[0].indexOf('WINAPI');
      const nameAt = m.index + m[0].lastIndexOf(m[3]);
      found.push({
        start: m.index, result: { start: m.index, end: m.index + m[1].length }, convention: { start: convention, end: convention + 6 },
        nameAt, open, end, params: this.args(open, end), defines: /^\s*\{/.test(this.code.slice(end)),
      });
    }
    return found;
  }
}

function findFunctions(code) {
  const found = [];
  for (const m of code.matchAll(/\b((?:\w+::)?~?\w+)\s*\(((?:[^;{}()]|\([^;{}()]*\))*)\)\s*(?:const\s*)?(?::[^;{}]*)?\{/g)) {
    const name = m[1];
    if (/^(?:if|while|for|switch|catch|sizeof|return)$/.test(name)) continue;
    const open = m.index + m[0].length - 1;
    if (found.some((f) => f.open < open && open < f.close)) continue;
    let depth = 0;
    let close = open;
    for (; close < code.length; close++) {
      if (code[close] === '{') depth++;
      else if (code[close] === '}' && --depth === 0) break;
    }
    const params = m[2].split(',').map((p) => /(\w+)\s*$/.exec(p)?.[1] ?? '');
    found.push({ name, short: name.replace(/^.*::/, ''), nameAt: m.index, open, close, params });
  }
  return found;
}
