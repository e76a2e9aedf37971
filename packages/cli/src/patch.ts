// A unified diff of two texts that differ in few places: enough for the edits of fixes.

/** Lines that are equal at both ends and between changes are found greedily; three lines of context. */
export function patchOf(file: string, before: string, after: string): string {
  const a = before.split('\n');
  const b = after.split('\n');
  let out = `--- a/${file}\n+++ b/${file}\n`;
  for (const h of hunks(changes(a, b), a.length)) {
    const from = Math.max(0, h[0].a - 3);
    const last = h[h.length - 1];
    const to = Math.min(a.length, last.a + last.removed + 3);
    const shift = h[0].b - h[0].a;
    const grown = h.reduce((n, c) => n + c.added - c.removed, 0);
    out += `@@ -${from + 1},${to - from} +${from + shift + 1},${to - from + grown} @@\n`;
    let at = from;
    for (const c of h) {
      out += lines(' ', a.slice(at, c.a)) + lines('-', a.slice(c.a, c.a + c.removed)) + lines('+', b.slice(c.b, c.b + c.added));
      at = c.a + c.removed;
    }
    out += lines(' ', a.slice(at, to));
  }
  return out;
}

interface Change { a: number; b: number; removed: number; added: number }

function changes(a: readonly string[], b: readonly string[]): Change[] {
  const list: Change[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      i++;
      j++;
      continue;
    }
    const [di, dj] = nextEqual(a, b, i, j);
    list.push({ a: i, b: j, removed: di, added: dj });
    i += di;
    j += dj;
  }
  return list;
}

/** Fewest lines to leave out on both sides until the texts agree again for two lines (or end). */
function nextEqual(a: readonly string[], b: readonly string[], i: number, j: number): [number, number] {
  const limit = Math.max(a.length - i, b.length - j);
  for (let total = 1; total <= limit * 2; total++) {
    for (let di = Math.max(0, total - (b.length - j)); di <= Math.min(total, a.length - i); di++) {
      const [x, y] = [i + di, j + total - di];
      if (a[x] === b[y] && (a[x + 1] === b[y + 1] || x + 1 >= a.length)) return [di, total - di];
    }
  }
  return [a.length - i, b.length - j];
}

function hunks(list: readonly Change[], length: number): Change[][] {
  const result: Change[][] = [];
  for (const c of list) {
    const last = result.at(-1)?.at(-1);
    if (last && c.a - (last.a + last.removed) <= 6 && c.a <= length) result[result.length - 1].push(c);
    else result.push([c]);
  }
  return result;
}

function lines(sign: string, list: readonly string[]): string {
  return list.map((line) => `${sign}${line}\n`).join('');
}
