// Bytes to text: which encoding a file is in, and whether it is text at all. UTF-8 and UTF-16 by byte order mark,
// UTF-16 without one by its pattern of NUL bytes, anything that is not valid UTF-8 as windows-1252. Nothing is normalised.

import { lineTable } from './text.js';
import type { Encoding, SourceText } from './text.js';

/** How many bytes at the start of a file decide about its encoding and whether it is binary. */
const SAMPLE = 8192;

/** Bytes of a file to its text. Never fails: bytes that are no valid UTF-8 are read as windows-1252. */
export function decode(bytes: Uint8Array, path: string): SourceText {
  const { encoding, skip } = encodingOf(bytes);
  const body = skip ? bytes.subarray(skip) : bytes;
  if (encoding === 'utf-16le' || encoding === 'utf-16be') return make(path, decodeUtf16(body, encoding), encoding);
  const utf8 = decodeUtf8(body);
  if (utf8 !== undefined) return make(path, utf8, encoding);
  return make(path, decodeSingleByte(body), 'latin-1');
}

/**
 * True when the bytes are no text: control characters other than white space, or NUL bytes that are more than a stray
 * one and not those of UTF-16. An executable or object file renamed to .c answers true.
 */
export function looksBinary(bytes: Uint8Array): boolean {
  const { encoding } = encodingOf(bytes);
  if (encoding === 'utf-16le' || encoding === 'utf-16be') return false;
  const length = Math.min(bytes.length, SAMPLE);
  let controls = 0;
  for (let i = 0; i < length; i++) {
    const byte = bytes[i];
    if (byte < 32 && (byte < 8 || byte > 13) && byte !== 26 && byte !== 27) controls++;
  }
  return controls > 2 && controls * 50 > length;
}

function make(path: string, text: string, encoding: Encoding): SourceText {
  return { path, text, encoding, lineStarts: lineTable(text) };
}

function encodingOf(bytes: Uint8Array): { encoding: Encoding; skip: number } {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return { encoding: 'utf-8-bom', skip: 3 };
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return { encoding: 'utf-16le', skip: 2 };
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return { encoding: 'utf-16be', skip: 2 };
  const guess = utf16ByPattern(bytes);
  return { encoding: guess ?? 'utf-8', skip: 0 };
}

/** UTF-16 of mostly Latin text has a NUL in nearly every second byte, always on the same side, and printable text on the other. */
function utf16ByPattern(bytes: Uint8Array): Encoding | undefined {
  const length = Math.min(bytes.length, SAMPLE) & ~1;
  if (length < 4 || bytes.length % 2 !== 0 || !bytes.subarray(0, length).includes(0)) return undefined;
  let evenNul = 0;
  let oddNul = 0;
  let evenText = 0;
  let oddText = 0;
  for (let i = 0; i < length; i += 2) {
    if (bytes[i] === 0) evenNul++;
    else if (isTextByte(bytes[i])) evenText++;
    if (bytes[i + 1] === 0) oddNul++;
    else if (isTextByte(bytes[i + 1])) oddText++;
  }
  const units = length / 2;
  if (oddNul > units * 0.8 && evenNul === 0 && evenText > units * 0.8) return 'utf-16le';
  if (evenNul > units * 0.8 && oddNul === 0 && oddText > units * 0.8) return 'utf-16be';
  return undefined;
}

function isTextByte(byte: number): boolean {
  return (byte >= 32 && byte < 127) || (byte >= 9 && byte <= 13);
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** An odd last byte is dropped, surrogates stay as they are, paired or not. */
function decodeUtf16(bytes: Uint8Array, encoding: 'utf-16le' | 'utf-16be'): string {
  const units = new Uint16Array(bytes.length >> 1);
  const [low, high] = encoding === 'utf-16le' ? [0, 1] : [1, 0];
  for (let i = 0; i < units.length; i++) units[i] = bytes[2 * i + low] | (bytes[2 * i + high] << 8);
  return textOfUnits(units);
}

/** windows-1252 where the five bytes it leaves open are read as Latin-1: every byte has exactly one unit. */
function decodeSingleByte(bytes: Uint8Array): string {
  const units = new Uint16Array(bytes.length);
  for (let i = 0; i < units.length; i++) units[i] = bytes[i] >= 0x80 && bytes[i] < 0xa0 ? WINDOWS_1252[bytes[i] - 0x80] : bytes[i];
  return textOfUnits(units);
}

/** The text of UTF-16 units. */
function textOfUnits(units: Uint16Array): string {
  const pieces: string[] = [];
  for (let i = 0; i < units.length; i += 16384) pieces.push(String.fromCharCode.apply(null, units.subarray(i, i + 16384) as unknown as number[]));
  return pieces.join('');
}

/** Code points of bytes 0x80..0x9f; WHATWG encoding standard, index windows-1252. */
const WINDOWS_1252 = [
  0x20ac, 0x81, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0x8d, 0x17d, 0x8f,
  0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc, 0x2122, 0x161, 0x203a, 0x153, 0x9d, 0x17e, 0x178,
];
