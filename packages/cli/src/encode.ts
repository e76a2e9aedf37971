// The reverse of decoding: a text back to bytes in the encoding its file was read in.

import { decode, type Encoding } from '@drvlint/core';

/** `original` are the bytes the file had: whether a UTF-16 file has a byte order mark is taken from them. */
export function encode(text: string, encoding: Encoding, original: Uint8Array): Uint8Array {
  switch (encoding) {
    case 'utf-8': return Buffer.from(text, 'utf8');
    case 'utf-8-bom': return Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text, 'utf8')]);
    case 'utf-16le': return Buffer.concat([original[0] === 0xff && original[1] === 0xfe ? Buffer.from([0xff, 0xfe]) : Buffer.alloc(0), Buffer.from(text, 'utf16le')]);
    case 'utf-16be': return Buffer.concat([original[0] === 0xfe && original[1] === 0xff ? Buffer.from([0xfe, 0xff]) : Buffer.alloc(0), Buffer.from(text, 'utf16le').swap16()]);
    case 'latin-1': return singleByte(text);
  }
}

/** Inverse of the single-byte decoding, built from it. */
const toByte = new Map(Array.from({ length: 256 }, (_, byte) => [decode(Uint8Array.from([byte, 0xff, 0xc0]), '').text[0], byte] as const));

function singleByte(text: string): Uint8Array {
  return Uint8Array.from(text, (c) => toByte.get(c) ?? 0x3f);
}
