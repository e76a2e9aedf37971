// Damage to source text: tokens deleted, doubled and swapped, brackets unbalanced, two files spliced, random units, truncation.

const TOKEN = /[A-Za-z_]\w*|\d\w*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\/\*|\*\/|\/\/|#|\\\n|\s+|./gs;
const NASTY = ['"', "'", '/*', '*/', '//', '\\\n', '#if 1\n', '#else\n', '#endif\n', '#define X(', '#include "self.c"\n', '(', ')', '{', '}', '[', ']', '<', '>', ';', ',', '\0', '\ufeff', '\ud800', '\r', '\u2028', '__try {', '__finally', 'R"(', '_In_', '_When_(', '#pragma warning(suppress:', '??/', '##', '%:', 'template<', 'operator', '~'];

export function mutate(text, other, pick) {
  const tokens = text.match(TOKEN) ?? [];
  const rounds = 1 + pick(4);
  for (let i = 0; i < rounds; i++) {
    const at = pick(Math.max(1, tokens.length));
    switch (pick(8)) {
      case 0: tokens.splice(at, 1 + pick(5)); break;
      case 1: tokens.splice(at, 0, ...tokens.slice(at, at + 1 + pick(30))); break;
      case 2: {
        const to = pick(Math.max(1, tokens.length));
        [tokens[at], tokens[to]] = [tokens[to] ?? '', tokens[at] ?? ''];
        break;
      }
      case 3: tokens.splice(at, 0, NASTY[pick(NASTY.length)]); break;
      case 4: tokens.splice(at, tokens.length, ...(other.match(TOKEN) ?? []).slice(pick(50))); break;
      case 5: tokens.splice(at, 0, Array.from({ length: 1 + pick(40) }, () => String.fromCharCode(pick(4) === 0 ? pick(65536) : pick(128))).join('')); break;
      case 6: tokens.length = at; break;
      default: tokens.splice(at, 0, NASTY[pick(NASTY.length)].repeat(1 + pick(200)));
    }
  }
  return tokens.join('').slice(0, 200_000);
}
