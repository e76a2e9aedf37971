// A text table: one row per line, columns separated by ';', the first column is the key, lines sorted by key. A row is found by
// binary search in the text and decoded once, so that importing the package costs no more than its string literals. A table that is
// asked for many keys is indexed: most names of a driver are in no table, and a search says so only at its end.

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

/** Searches before an index pays. */
const FEW = 200;

/** The lines of a sorted text by their keys. */
export class Lines {
  readonly text: string;
  #searches = 0;
  #starts: Map<string, number> | undefined;

  constructor(text: string) {
    this.text = text;
  }

  /** The line of a key, undefined when there is none. */
  find(key: string): string | undefined {
    if (!this.#starts) {
      if (this.#searches++ < FEW) return findLine(this.text, key);
      this.#starts = starts(this.text);
    }
    const start = this.#starts.get(key);
    if (start === undefined) return undefined;
    const end = this.text.indexOf('\n', start);
    return end < 0 ? this.text.slice(start) : this.text.slice(start, end);
  }

  has(key: string): boolean {
    return this.find(key) !== undefined;
  }
}

/** Where the line of each key begins. */
function starts(text: string): Map<string, number> {
  const found = new Map<string, number>();
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('\n', at);
    const stop = end < 0 ? text.length : end;
    const line = text.slice(at, stop);
    const key = line.indexOf(';');
    found.set(key < 0 ? line : line.slice(0, key), at);
    at = stop + 1;
  }
  return found;
}

/** The line of a key in a sorted text, undefined when there is none. */
function findLine(text: string, key: string): string | undefined {
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
  readonly #lines: Lines;
  readonly #decode: (columns: string[]) => Row;
  /** Decoded rows, and `null` for names that were asked for and are not there. */
  readonly #rows = new Map<string, Row | null>();

  constructor(text: string, decode: (columns: string[]) => Row) {
    this.#lines = new Lines(text);
    this.#decode = decode;
  }

  get(key: string): Row | undefined {
    let row = this.#rows.get(key);
    if (row === undefined) {
      const line = this.#lines.find(key);
      this.#rows.set(key, row = line === undefined ? null : this.#decode(line.split(';')));
    }
    return row ?? undefined;
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  keys(): string[] {
    return this.lines().map((line) => line.split(';', 1)[0]);
  }

  /** The undecoded lines, for an index over one column of every row. */
  lines(): string[] {
    return this.#lines.text.split('\n');
  }
}
