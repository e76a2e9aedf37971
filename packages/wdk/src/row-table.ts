// A text table: one row per line, columns separated by ';', the first column is the key. The index is built when the first
// row is asked for and a row is decoded once, so that importing the package costs no more than the string literals.

export class RowTable<Row> {
  readonly #text: string;
  readonly #decode: (columns: string[]) => Row;
  #lines: Map<string, string> | undefined;
  readonly #rows = new Map<string, Row>();

  constructor(text: string, decode: (columns: string[]) => Row) {
    this.#text = text;
    this.#decode = decode;
  }

  get(key: string): Row | undefined {
    const known = this.#rows.get(key);
    if (known !== undefined) return known;
    const line = this.#index().get(key);
    if (line === undefined) return undefined;
    const row = this.#decode(line.split(';'));
    this.#rows.set(key, row);
    return row;
  }

  has(key: string): boolean {
    return this.#index().has(key);
  }

  keys(): Iterable<string> {
    return this.#index().keys();
  }

  /** The undecoded line of a row, for indexes that need one column of every row. */
  lines(): Iterable<[string, string]> {
    return this.#index();
  }

  #index(): Map<string, string> {
    if (this.#lines) return this.#lines;
    const lines = new Map<string, string>();
    for (const line of this.#text.split('\n')) {
      const end = line.indexOf(';');
      lines.set(end < 0 ? line : line.slice(0, end), line);
    }
    return (this.#lines = lines);
  }
}
