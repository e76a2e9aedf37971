// Edits as a user at a keyboard makes them, by a generator with a seed: typing and deleting characters, whole words, lines and braces,
// copying lines, undoing. Shared by the tests that compare incremental work with a fresh start.

export interface TextEdit { start: number; end: number; text: string }

/** Mulberry32: small, and the same everywhere. */
export class Random {
  constructor(private state: number) {}

  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  below(n: number): number {
    return Math.floor(this.next() * n);
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)];
  }
}

const typed = [
  ';', '{', '}', '(', ')', '"', '\'', '/*', '*/', '//', '#', '\n', ' ', ',', 'x', '0', '=', '*', '&', '\\\n', '\u00e9', '\ud83d',
  '\n#if 0\n', '\n#endif\n', '\n#define KeRaiseIrql(a,b) foo(a)\n', 'return;', 'KIRQL old;\n', 'KeAcquireSpinLock(&l, &old);\n', 'KeReleaseSpinLock(&l, old);\n',
  'if (x) {\n', '}\n', 'static VOID Extra(VOID)\n{\n  KeLowerIrql(0);\n}\n', 'PAGED_CODE();\n', '_IRQL_requires_max_(PASSIVE_LEVEL)\n', 'goto out;\n', 'typedef int NEWTYPE;\n',
];

/** One edit of `text`. */
export function randomEdit(random: Random, text: string): TextEdit {
  const at = random.below(text.length + 1);
  switch (random.below(6)) {
    case 0: return { start: at, end: Math.min(text.length, at + 1 + random.below(3)), text: '' };
    case 1: return { start: at, end: Math.min(text.length, at + random.below(60)), text: random.pick(typed) };
    case 2: {
      const start = text.lastIndexOf('\n', at - 1) + 1;
      const end = text.indexOf('\n', at) + 1 || text.length;
      return random.below(2) === 0 ? { start, end, text: '' } : { start, end: start, text: text.slice(start, end) };
    }
    default: return { start: at, end: at, text: random.pick(typed) };
  }
}

export function applyEdit(text: string, edit: TextEdit): string {
  return text.slice(0, edit.start) + edit.text + text.slice(edit.end);
}
