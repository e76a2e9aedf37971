// The parser of choice: tree-sitter with both grammars and the flattening in one WebAssembly module of our own (packages/core/kernel).
// One call per text, no objects per node, nothing to free, no install script. Its trees are those of the native addon.

import { ERROR_SYMBOL, symbolEntry } from './flatten.js';
import { FieldName } from './node-types.js';
import type { FlatTree, Language } from './tree.js';

/** What the module exports; see packages/core/kernel/kernel.c. */
interface Exports {
  memory: WebAssembly.Memory;
  symbol_table(language: number): number;
  field_table(language: number): number;
  symbol_count(language: number): number;
  symbol_name(language: number, symbol: number): number;
  symbol_named(language: number, symbol: number): number;
  field_count(language: number): number;
  field_name(language: number, field: number): number;
  result(): number;
  text(units: number): number;
  parse(language: number, text: number, units: number, budget: number, onlyParse: number): number;
}

const NUMBER: Readonly<Record<Language, number>> = { c: 0, cpp: 1 };
/** A heap that has grown beyond this is let go after the parse. */
const KEEP_BYTES = 384 * 1024 * 1024;

export class Kernel {
  private exports: Exports;

  constructor(private readonly module: WebAssembly.Module) {
    this.exports = instantiate(module);
  }

  /** The flat tree, undefined when the time was up. Throws when the module ran out of memory or failed; it can be used again then. */
  parse(text: string, language: Language, budget: number): FlatTree | undefined {
    return this.run(text, language, budget, false) === 1 ? this.tree(language) : undefined;
  }

  /** Parses without making a flat tree; false when the time was up. */
  raw(text: string, language: Language, budget: number): boolean {
    return this.run(text, language, budget, true) !== 0;
  }

  private run(text: string, language: Language, budget: number, onlyParse: boolean): number {
    if (this.exports.memory.buffer.byteLength > KEEP_BYTES) this.exports = instantiate(this.module);
    try {
      const at = this.exports.text(text.length);
      const units = new Uint16Array(this.exports.memory.buffer, at, text.length);
      for (let i = 0; i < text.length; i++) units[i] = text.charCodeAt(i);
      return this.exports.parse(NUMBER[language], at, text.length, budget, onlyParse ? 1 : 0);
    } catch (e) {
      this.exports = instantiate(this.module);
      throw e;
    }
  }

  private tree(language: Language): FlatTree {
    const { buffer } = this.exports.memory;
    const [count, type, start, end, parent, next, field, flags] = new Uint32Array(buffer, this.exports.result(), 8);
    return {
      language, count, type: new Uint16Array(buffer, type, count).slice(), start: new Int32Array(buffer, start, count).slice(), end: new Int32Array(buffer, end, count).slice(),
      parent: new Int32Array(buffer, parent, count).slice(), next: new Int32Array(buffer, next, count).slice(),
      field: new Uint8Array(buffer, field, count).slice(), flags: new Uint8Array(buffer, flags, count).slice(),
    };
  }
}

function instantiate(module: WebAssembly.Module): Exports {
  const host: { memory?: WebAssembly.Memory } = {};
  const instance = new WebAssembly.Instance(module, { wasi_snapshot_preview1: {
    /** For the time budget: nanoseconds of a clock that never goes back. */
    clock_time_get(_clock: number, _precision: bigint, result: number): number {
      if (host.memory) new DataView(host.memory.buffer).setBigUint64(result, BigInt(Math.round(performance.now() * 1e6)), true);
      return 0;
    },
    // Linked in for tree-sitter's debug output, which nobody asks for.
    fd_write: () => 8, fd_close: () => 8, fd_seek: () => 8,
  } });
  const exports = instance.exports as unknown as Exports;
  host.memory = exports.memory;
  for (const number of Object.values(NUMBER)) fillTables(exports, number);
  return exports;
}

function fillTables(exports: Exports, language: number): void {
  const { buffer } = exports.memory;
  const bytes = new Uint8Array(buffer);
  const text = (at: number): string => String.fromCharCode(...bytes.subarray(at, bytes.indexOf(0, at)));
  const symbols = new Uint16Array(buffer, exports.symbol_table(language), ERROR_SYMBOL + 1);
  for (let s = 0; s < exports.symbol_count(language); s++) symbols[s] = symbolEntry(text(exports.symbol_name(language, s)), exports.symbol_named(language, s) !== 0);
  symbols[ERROR_SYMBOL] = symbolEntry('ERROR', true);
  const fields = new Uint8Array(buffer, exports.field_table(language), 256);
  for (let f = 1; f <= exports.field_count(language); f++) fields[f] = (FieldName as Record<string, number>)[text(exports.field_name(language, f))] ?? FieldName.none;
}
