// What the bundle has outside of its code, since it packs far better that way: the parser, the tables of knowledge, the pages of rules. One file, packed
// with LZMA: a line of JSON saying what lies where, then the bytes. It is given before the code that needs it is loaded.

import { unpack } from './lzma.js';

/** Name to offset behind the first line and length in bytes. */
type Places = Readonly<Record<string, readonly [number, number]>>;

let bytes: Uint8Array = new Uint8Array();
let places: Places = {};
let from = 0;

/** Takes the file as it was before packing. */
export function provide(unpacked: Uint8Array): void {
  bytes = unpacked;
  from = unpacked.indexOf(10) + 1;
  places = JSON.parse(new TextDecoder().decode(unpacked.subarray(0, from))) as Places;
}

export function providePacked(packed: Uint8Array): void {
  provide(unpack(packed));
}

export function dataOf(name: string): Uint8Array<ArrayBuffer> {
  const place = places[name];
  if (!place) throw new Error(`no ${name} in the data`);
  return new Uint8Array(bytes.subarray(from + place[0], from + place[0] + place[1]));
}

/** A table of `@drvlint/wdk`, for the module that stands for it in the bundle. */
export function table(name: string): string {
  return new TextDecoder().decode(dataOf(name));
}

/** The page of a rule in Markdown. */
export function pageOf(rule: string): string | undefined {
  const pages = JSON.parse(table('pages')) as Record<string, string>;
  return Object.hasOwn(pages, rule) ? pages[rule] : undefined;
}
