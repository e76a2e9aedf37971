// Text of unknown origin made safe for a terminal: what could move the cursor, change colours or reverse the reading direction
// becomes a visible sign of the same length.

// eslint-disable-next-line no-control-regex -- these are the characters it is about
const dangerous = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Tabs stay; each dangerous unit becomes one printable unit. */
export function printable(text: string): string {
  return text.replace(dangerous, (c) => {
    const code = c.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? '\u2421' : '\ufffd';
  });
}
