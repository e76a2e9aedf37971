// A text as the numbers of its UTF-16 units, and back. Nearly all sources are ASCII: those go through bytes, which the engine converts as a
// whole instead of unit by unit.

/** For shorter texts the way through bytes costs more than it saves. */
const SHORT = 200;

const encoder = new TextEncoder();
const utf8 = new TextDecoder();
const utf16 = new TextDecoder('utf-16le', { ignoreBOM: true });
let bytes = new Uint8Array(1 << 16);

function bytesOf(length: number): Uint8Array {
  if (length > bytes.length) bytes = new Uint8Array(length * 2);
  return bytes.subarray(0, length);
}

export interface Units {
  readonly units: Uint16Array;
  /** No unit is above 127. */
  readonly ascii: boolean;
}

/** The units of a text with `room` zeros behind them. */
export function unitsOf(text: string, room: number): Units {
  const units = new Uint16Array(text.length + room);
  if (text.length >= SHORT) {
    const encoded = bytesOf(text.length);
    // A unit above 127 takes more than one byte, so that not all of the text has room.
    if (encoder.encodeInto(text, encoded).read === text.length) {
      units.set(encoded);
      return { units, ascii: true };
    }
  }
  let all = 0;
  for (let i = 0; i < text.length; i++) all |= units[i] = text.charCodeAt(i);
  return { units, ascii: all < 128 };
}

/** The text of the first `length` units. */
export function textOfUnits({ units, ascii }: Units, length: number): string {
  const used = units.subarray(0, length);
  if (!ascii) return utf16.decode(used);
  const encoded = bytesOf(length);
  encoded.set(used);
  return utf8.decode(encoded);
}
