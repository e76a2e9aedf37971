// Facts as bytes and back: plain data in a compact form that depends on nothing but the data. Objects that stand in several places stay
// one object, places are told by marks (marks.ts), and no bit depends on the order of a hash table, the machine or the version of Node.js.

import { MarkKind, type Marks } from './marks.js';

/** Fields that are offsets in the file's text. */
const OFFSETS = new Set(['start', 'end', 'nameStart', 'nameEnd', 'bodyStart', 'undefAt']);
/** Lists of them. */
const OFFSET_LISTS = new Set(['argStarts']);
/** Below these fields of a macro, offsets are those of a made-up text. */
const MADE_UP = new Set(['expr', 'stmts']);

const enum Tag { Integer = 0, Text = 1, Object = 2, Array = 3, Again = 4, Constant = 5, Double = 6, Slice = 7 }
const enum Constant { False = 0, True = 1, Null = 2, Undefined = 3 }

/** Kinds of marks, and what stands for none. */
const KINDS = 6;
const NO_MARK = 5;

type Plain = Record<string, unknown>;

export function pack(value: unknown, marks: Marks, text: string): Uint8Array {
  return new Packer(marks, text).run(value);
}

/** Throws when the bytes are no packed value. */
export function unpack(bytes: Uint8Array, marks: Marks, text: string): unknown {
  return new Unpacker(bytes, marks, text).run();
}

class Bytes {
  #data = new Uint8Array(4096);
  length = 0;

  varint(value: number): void {
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.byte((rest % 128) | 128);
    this.byte(rest);
  }

  byte(value: number): void {
    this.#room(1);
    this.#data[this.length++] = value;
  }

  add(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#data.set(bytes, this.length);
    this.length += bytes.length;
  }

  done(): Uint8Array {
    return this.#data.subarray(0, this.length);
  }

  #room(more: number): void {
    if (this.length + more <= this.#data.length) return;
    const larger = new Uint8Array(Math.max(this.#data.length * 2, this.length + more));
    larger.set(this.#data.subarray(0, this.length));
    this.#data = larger;
  }
}

class Packer {
  readonly #out = new Bytes();
  readonly #strings = new Map<string, number>();
  readonly #shapes = new Map<string, number>();
  readonly #seen = new Map<object, number>();
  #last = 0;
  #madeUp = false;

  constructor(private readonly marks: Marks, private readonly text: string) {}

  run(value: unknown): Uint8Array {
    this.#value(value);
    const head = new Bytes();
    const strings = new TextEncoder().encode(JSON.stringify([[...this.#shapes.keys()], [...this.#strings.keys()]]));
    head.varint(strings.length);
    head.add(strings);
    head.add(this.#out.done());
    return head.done();
  }

  #tag(tag: Tag, value: number): void {
    this.#out.varint(value * 8 + tag);
  }

  #value(value: unknown): void {
    if (typeof value === 'number') this.#number(value);
    else if (typeof value === 'string') this.#tag(Tag.Text, this.#string(value));
    else if (typeof value === 'boolean') this.#tag(Tag.Constant, value ? Constant.True : Constant.False);
    else if (value === undefined) this.#tag(Tag.Constant, Constant.Undefined);
    else if (value === null) this.#tag(Tag.Constant, Constant.Null);
    else if (typeof value === 'object') this.#object(value);
    else throw new Error(`a ${typeof value} is no plain data`);
  }

  #number(value: number): void {
    if (Number.isSafeInteger(value) && Math.abs(value) < 2 ** 45 && !Object.is(value, -0)) this.#tag(Tag.Integer, zigzag(value));
    else {
      this.#tag(Tag.Double, 0);
      const bytes = new Uint8Array(8);
      new DataView(bytes.buffer).setFloat64(0, value);
      this.#out.add(bytes);
    }
  }

  #string(text: string): number {
    return numberOf(this.#strings, text);
  }

  #object(value: object): void {
    const again = this.#seen.get(value);
    if (again !== undefined) return this.#tag(Tag.Again, again);
    this.#seen.set(value, this.#seen.size);
    if (Array.isArray(value)) {
      this.#tag(Tag.Array, value.length);
      for (const each of value) this.#value(each);
      return;
    }
    const fields = value as Plain;
    const keys = Object.keys(fields);
    this.#tag(Tag.Object, numberOf(this.#shapes, keys.join('\0')));
    for (const key of keys) this.#field(fields, key);
  }

  #field(fields: Plain, key: string): void {
    const value = fields[key];
    if (MADE_UP.has(key) && !this.#madeUp && 'body' in fields && 'bodyStart' in fields) {
      this.#madeUp = true;
      this.#value(value);
      this.#madeUp = false;
    } else if (this.#madeUp) this.#value(value);
    else if (OFFSETS.has(key)) this.#mark(value, isLineEnd(fields, key));
    else if (OFFSET_LISTS.has(key) && isNumbers(value)) {
      this.#tag(Tag.Slice, value.length);
      for (const each of value) this.#mark(each);
    } else if (key === 'args' && isStrings(value) && isNumbers(fields.argStarts)) this.#slices(value, fields.argStarts);
    else this.#value(value);
  }

  /** Texts as they stand in the source: one that holds a comment or a line end is told by its place, so that its comments do not matter. */
  #slices(texts: readonly string[], starts: readonly number[]): void {
    this.#tag(Tag.Slice, texts.length);
    for (const [i, text] of texts.entries()) {
      const [start, end] = [starts[i] ?? -1, (starts[i] ?? -1) + text.length];
      if (start < 0 || this.text.slice(start, end) !== text || this.marks.isPlain(start, end)) this.#out.varint(this.#string(text) + 1);
      else {
        this.#out.varint(0);
        this.#mark(start);
        this.#mark(end);
      }
    }
  }

  /** What is no offset of the text is kept as it is. */
  #mark(offset: unknown, ofLine = false): void {
    if (typeof offset !== 'number' || !Number.isSafeInteger(offset) || offset < 0 || offset > this.text.length) {
      this.#out.varint(NO_MARK);
      this.#value(offset);
      return;
    }
    const { at, kind, rest } = this.marks.of(offset, ofLine);
    this.#out.varint(zigzag(at - this.#last) * KINDS + kind);
    if (kind === MarkKind.Between) this.#out.varint(rest ?? 0);
    this.#last = at;
  }
}

class Unpacker {
  #at = 0;
  #last = 0;
  #shapes: string[][] = [];
  #strings: string[] = [];
  readonly #seen: object[] = [];
  #madeUp = false;

  constructor(private readonly bytes: Uint8Array, private readonly marks: Marks, private readonly text: string) {}

  run(): unknown {
    const length = this.#varint();
    const [shapes, strings] = JSON.parse(new TextDecoder().decode(this.bytes.subarray(this.#at, this.#at += length))) as [string[], string[]];
    this.#shapes = shapes.map((s) => (s === '' ? [] : s.split('\0')));
    this.#strings = strings;
    return this.#value();
  }

  #varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.bytes[this.#at++];
      if (byte === undefined) throw new Error('packed facts end too early');
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }

  #value(head = this.#varint()): unknown {
    const value = Math.floor(head / 8);
    switch (head % 8) {
      case Tag.Integer: return unzigzag(value);
      case Tag.Text: return this.#strings[value];
      case Tag.Object: return this.#object(this.#shapes[value]);
      case Tag.Array: return this.#array(value);
      case Tag.Again: return this.#seen[value];
      case Tag.Constant: return [false, true, null, undefined][value];
      case Tag.Double: return new DataView(this.bytes.buffer, this.bytes.byteOffset + (this.#at += 8) - 8, 8).getFloat64(0);
      default: throw new Error('packed facts hold something unknown');
    }
  }

  #array(length: number): unknown[] {
    const list: unknown[] = [];
    this.#seen.push(list);
    for (let i = 0; i < length; i++) list.push(this.#value());
    return list;
  }

  #object(keys: readonly string[]): Plain {
    const made: Plain = {};
    this.#seen.push(made);
    const isMacro = !this.#madeUp && keys.includes('body') && keys.includes('bodyStart');
    const hasSlices = !this.#madeUp && keys.includes('args') && keys.includes('argStarts');
    for (const key of keys) {
      const value = this.#field(key, isMacro, hasSlices);
      // A name from the source may be any.
      if (key === '__proto__') Object.defineProperty(made, key, { value, enumerable: true, writable: true, configurable: true });
      else made[key] = value;
    }
    return made;
  }

  #field(key: string, isMacro: boolean, hasSlices: boolean): unknown {
    if (this.#madeUp) return this.#value();
    if (isMacro && MADE_UP.has(key)) {
      this.#madeUp = true;
      const value = this.#value();
      this.#madeUp = false;
      return value;
    }
    if (OFFSETS.has(key)) return this.#mark();
    if (!OFFSET_LISTS.has(key) && !(key === 'args' && hasSlices)) return this.#value();
    const head = this.#varint();
    if (head % 8 !== Tag.Slice) return this.#value(head);
    return Array.from({ length: Math.floor(head / 8) }, () => (key === 'args' ? this.#slice() : this.#mark()));
  }

  #slice(): string {
    const index = this.#varint();
    if (index > 0) return this.#strings[index - 1];
    const start = this.#mark() as number;
    return this.text.slice(start, this.#mark() as number);
  }

  #mark(): unknown {
    const head = this.#varint();
    const kind = head % KINDS;
    if (kind === NO_MARK) return this.#value();
    const at = this.#last += unzigzag(Math.floor(head / KINDS));
    return this.marks.offset({ at, kind, ...(kind === MarkKind.Between ? { rest: this.#varint() } : {}) });
  }
}

/** Ends of `#define` and `#include`, and beginnings of what conditionals switch off. */
function isLineEnd(fields: Plain, key: string): boolean {
  return key === 'end' ? 'bodyStart' in fields || 'angled' in fields : key === 'start' && Object.keys(fields).length === 2;
}

function numberOf(map: Map<string, number>, key: string): number {
  let index = map.get(key);
  if (index === undefined) map.set(key, index = map.size);
  return index;
}

function zigzag(value: number): number {
  return value < 0 ? -value * 2 - 1 : value * 2;
}

function unzigzag(value: number): number {
  return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((v) => typeof v === 'number');
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((v) => typeof v === 'string');
}
