// Inline expectations of a fixture, read from its comments. A marker speaks about its own line; alone on a line (with other
// markers at most), about the next line that is no such line.

export type Marker =
  | { kind: 'expect' | 'todo-expect'; line: number; rule: string; level?: string; part?: string }
  | { kind: 'ok' | 'todo-ok'; line: number; rule: string }
  | { kind: 'irql'; line: number; range: string }
  | { kind: 'step'; line: number; number: number; part: string };

/** Settings a fixture may carry in comments of their own: `// rules: a, b`, `// preset: all`, `// arch: x86`, `// define: X=1`, `// options: id {..}`. */
export interface FixtureHeader {
  rules: string[];
  preset?: string;
  arch?: string;
  defines: Record<string, string>;
  options: Record<string, Record<string, unknown>>;
}

export interface MarkedText { markers: Marker[]; header: FixtureHeader; errors: string[] }

const comment = /\/\/[^\r\n]*|\/\*[\s\S]*?\*\//g;
const word = /^(todo-expect|todo-ok|expect|ok|irql|step):\s*/;

export function readMarkers(text: string): MarkedText {
  const result: MarkedText = { markers: [], header: { rules: [], defines: {}, options: {} }, errors: [] };
  const lines = text.split(/\r\n|\r|\n/);
  const targets = targetLines(lines);
  lines.forEach((line, index) => {
    for (const match of line.matchAll(comment)) {
      // Several markers may share a comment: `// expect: a "x" // ok: b - why`.
      for (const piece of splitComment(match[0])) readPiece(piece, targets[index] + 1, result);
    }
  });
  return result;
}

/** 0-based line each line's markers are about. */
function targetLines(lines: readonly string[]): number[] {
  const alone = lines.map((line) => {
    const bare = line.replace(comment, '').trim();
    const pieces = [...line.matchAll(comment)].flatMap((m) => splitComment(m[0]));
    return bare === '' && pieces.some((p) => word.test(p));
  });
  return lines.map((_, index) => {
    let target = index;
    while (alone[target] && target + 1 < lines.length) target++;
    return target;
  });
}

function splitComment(text: string): string[] {
  const body = text.startsWith('//') ? text.slice(2) : text.slice(2, -2);
  return body.split('//').map((piece) => piece.trim());
}

function readPiece(piece: string, line: number, result: MarkedText): void {
  const marker = word.exec(piece);
  if (!marker) return readHeader(piece, result);
  const rest = piece.slice(marker[0].length);
  const fail = (why: string): void => void result.errors.push(`line ${line}: ${why}: ${piece}`);
  switch (marker[1]) {
    case 'expect': case 'todo-expect': {
      const parts = [...rest.matchAll(/([a-z0-9][\w-]*)(?:\((\w+)\))?(?:\s+"((?:[^"\\]|\\.)*)")?\s*(?:,\s*|$)/g)];
      if (parts.map((p) => p[0]).join('') !== rest) return fail('cannot read the expectation');
      for (const [, rule, level, part] of parts) {
        result.markers.push({ kind: marker[1], line, rule, ...(level ? { level } : {}), ...(part === undefined ? {} : { part: part.replace(/\\(.)/g, '$1') }) });
      }
      return;
    }
    case 'ok': case 'todo-ok': {
      const [, rule, why] = /^([a-z0-9][\w-]*)\s+-\s+(.+)$/.exec(rest) ?? [];
      if (rule === undefined || why === undefined) return fail('needs a rule and, after " - ", the reason');
      result.markers.push({ kind: marker[1], line, rule });
      return;
    }
    case 'irql':
      result.markers.push({ kind: 'irql', line, range: rest.trim() });
      return;
    default: {
      const [, number, part] = /^(\d+)\s+"((?:[^"\\]|\\.)*)"$/.exec(rest) ?? [];
      if (number === undefined) return fail('needs a number and a quoted text');
      result.markers.push({ kind: 'step', line, number: Number(number), part: part.replace(/\\(.)/g, '$1') });
    }
  }
}

function readHeader(piece: string, { header, errors }: MarkedText): void {
  const match = /^(rules|preset|arch|define|options):\s*(.+)$/.exec(piece);
  if (!match) return;
  const [, key, value] = match;
  if (key === 'rules') header.rules.push(...value.split(/[\s,]+/).filter((id) => id !== ''));
  else if (key === 'preset') header.preset = value.trim();
  else if (key === 'arch') header.arch = value.trim();
  else if (key === 'define') {
    const equals = value.indexOf('=');
    header.defines[(equals < 0 ? value : value.slice(0, equals)).trim()] = equals < 0 ? '1' : value.slice(equals + 1).trim();
  } else {
    const option = /^([a-z0-9][\w-]*)\s+(\{.*\})$/.exec(value.trim());
    try {
      header.options[option?.[1] ?? ''] = JSON.parse(option?.[2] ?? '') as Record<string, unknown>;
    } catch {
      errors.push(`cannot read the options: ${piece}`);
    }
  }
}
