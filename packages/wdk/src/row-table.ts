// A text table: one row per line, columns separated by ';', the first column is the key, lines sorted by key. A row is found by
// binary search in the text and decoded once, so that importing the package costs no more than its string literals.

/** Compares the key of the line at `start` with `key`, by code unit: negative when the line comes first. */
function compareAt(text: string, start: number, key: string): number {
  for (let i = 0; i < key.length; i++) {
    const unit = text.charCodeAt(start + i);
    if (unit !== unit || unit === 59 || unit === 10) return -1;
    const difference = unit - key.charCodeAt(i);
    if (difference !== 0) return difference;
  }
  const next = text.charCodeAt(start + key.length);
  return next !== next || next === 59 || next === 10 ? 0 : 1;
}

/** The line of a key in a sorted text, undefined when there is none. */
export function findLine(text: string, key: string): string | undefined {
  let low = 0;
  let high = text.length;
  while (low < high) {
    const start = text.lastIndexOf('\n', ((low + high) >>> 1) - 1) + 1;
    const from = start < low ? low : start;
    const end = text.indexOf('\n', from);
    const stop = end < 0 ? text.length : end;
    const order = compareAt(text, from, key);
    if (order === 0) return text.slice(from, stop);
    if (order < 0) low = stop + 1;
    else high = from;
  }
  return undefined;
}

export class RowTable<Row> {
  readonly #text: string;
  readonly #decode: (columns: string[]) => Row;
  /** Decoded rows, and `undefined` for names that were asked for and are not there. */
  readonly #rows = new Map<string, Row | undefined>();

  constructor(text: string, decode: (columns: string[]) => Row) {
    this.#text = text;
    this.#decode = decode;
  }

  get(key: string): Row | undefined {
    const known = this.#rows.get(key);
    if (known !== undefined || this.#rows.has(key)) return known;
    const line = findLine(this.#text, key);
    const row = line === undefined ? undefined : this.#decode(line.split(';'));
    this.#rows.set(key, row);
    return row;
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  keys(): string[] {
    return this.lines().map((line) => line.split(';', 1)[0]);
  }

  /** The undecoded lines, for an index over one column of every row. */
  lines(): string[] {
    return this.#text.split('\n');
  }
}
