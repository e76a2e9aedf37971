// Which literals the grammars read as one token: the scan of drvlint is more generous than they are.

/** A number of the C grammar. */
const C_NUMBER = /^(?:0[xX][0-9a-fA-F]+(?:[uUlL][uUlLfF]*)?|(?:[0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?|\.[0-9]+(?:[eE][-+]?[0-9]+)?)[uUlLfF]*)$/;
/** A number of the C++ grammar; with any other suffix it is a literal of the program's own. */
const CPP_NUMBER = /^(?:(?:0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)(?:(?:ll|LL)[uU]?|[uU](?:ll|LL|[lL])?|[lL][uU]?)?|(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?[fFlL]?|[0-9]+[eE][-+]?[0-9]+[fFlL]?)$/;

/** The number at text[start, end) is one number literal, and nothing of what follows belongs to it. */
export function isPlainNumber(text: string, start: number, end: number, cpp: boolean): boolean {
  const first = text.charCodeAt(start);
  if (end - start === 1 && first >= 48 && first <= 57) return true;
  const last = text.charCodeAt(end - 1) | 32;
  const next = text.charCodeAt(end);
  // `0x1e+1` is one number to the grammar.
  if ((last === 101 || last === 112) && (next === 43 || next === 45)) return false;
  return (cpp ? CPP_NUMBER : C_NUMBER).test(text.slice(start, end));
}

/** The string or character constant at text[start, end) is closed and has no escape sequence the grammars stumble over. */
export function isPlainText(text: string, start: number, end: number, quote: number): boolean {
  let i = start;
  while (i < end && text.charCodeAt(i) !== quote) if (text.charCodeAt(i++) === 82) return false;
  if (i + 1 >= end || text.charCodeAt(end - 1) !== quote || (quote === 39 && end - i < 3)) return false;
  for (i++; i < end - 1; i++) {
    const c = text.charCodeAt(i);
    if (c === 10 || c === 13) return false;
    if (c !== 92) continue;
    const next = text.charCodeAt(++i);
    if (next === 10 || next === 13 || i === end - 1) return false;
    if (next === 120 ? !isHex(text.charCodeAt(i + 1)) : (next | 32) === 117) return false;
  }
  return true;
}

function isHex(c: number): boolean {
  return (c >= 48 && c <= 57) || ((c | 32) >= 97 && (c | 32) <= 102);
}
