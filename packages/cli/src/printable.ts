// Text of unknown origin made safe for a terminal: what could move the cursor, change colours or reverse the reading direction
// becomes a visible sign of the same length.

// eslint-disable-next-line no-control-regex -- these are the characters it is about
const dangerous = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** What remains of them in JSON, whose writer escapes the others. */
const dangerousInJson = /[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** A value as JSON that is safe on a terminal too and says the same. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(dangerousInJson, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The same with line ends left as they are, for formats that have their own way with them. */
export function printableLines(text: string): string {
  return text.split(/([\r\n])/).map((part, i) => (i % 2 === 0 ? printable(part) : part)).join('');
}

/** Tabs stay; each dangerous unit becomes one printable unit. */
export function printable(text: string): string {
  return text.replace(dangerous, (c) => {
    const code = c.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? '\u2421' : '\ufffd';
  });
}
