// Values of C and C++ literals.

const SUFFIX = /(?:[uU]?(?:i64|I64|i32|I32)|[uU]?[lL]{0,2}[uU]?|[fF])$/;

/** Nearly all numbers: nothing to take off, and not too large. */
const PLAIN = /^(?:0|[1-9]\d{0,14}|0[xX][\da-fA-F]{1,13})$/;

/** Value of a number literal; NaN when it cannot be read. Integers above 2^53 lose precision and give NaN. */
export function numberValue(text: string): { value: number; float: boolean } {
  if (PLAIN.test(text)) return { value: Number(text), float: false };
  // The grammars read the sign of `x ? 0 : -1` as part of the literal.
  const sign = /^\s*([+-])\s*/.exec(text);
  if (sign) {
    const bare = numberValue(text.slice(sign[0].length));
    return sign[1] === '-' ? { ...bare, value: -bare.value } : bare;
  }
  const plain = text.replace(/'/g, '');
  const hex = /^0[xX]/.test(plain);
  const float = hex ? /[.pP]/.test(plain) : /[.eE]/.test(plain) || (/[fF]$/.test(plain) && !hex);
  if (float) return { value: Number.parseFloat(plain), float: true };
  const digits = hex ? plain.replace(/(?:[uU]?(?:i64|I64)|(?<![uUlL])[uUlL]*)$/, '') : plain.replace(SUFFIX, '');
  let value = Number.NaN;
  if (hex) value = Number(digits);
  else if (/^0[bB][01]+$/.test(digits)) value = Number(digits);
  else if (/^0[0-7]+$/.test(digits)) value = Number.parseInt(digits, 8);
  else if (/^\d+$/.test(digits)) value = Number(digits);
  return { value: Number.isSafeInteger(value) ? value : Number.NaN, float: false };
}

const ESCAPES: Record<string, number> = { n: 10, r: 13, t: 9, v: 11, f: 12, a: 7, b: 8, '0': 0, '\\': 92, "'": 39, '"': 34, '?': 63 };

/** Value of a character literal; several characters are packed as MSVC does it, the first in the highest byte. */
export function charValue(text: string): number {
  const open = text.indexOf("'");
  const body = text.slice(open + 1, text.endsWith("'") ? -1 : undefined);
  let value = 0;
  for (let i = 0; i < body.length; i++) {
    let unit = body.charCodeAt(i);
    if (unit === 92) {
      const rest = /^(?:x([0-9a-fA-F]+)|([0-7]{1,3})|(.))/.exec(body.slice(i + 1));
      if (!rest) return Number.NaN;
      unit = rest[1] ? Number.parseInt(rest[1], 16) : rest[2] ? Number.parseInt(rest[2], 8) : (ESCAPES[rest[3]] ?? rest[3].charCodeAt(0));
      i += rest[0].length;
    }
    value = (value * 256 + (unit & (open > 0 ? 0xffff : 0xff))) >>> 0;
  }
  return value;
}
