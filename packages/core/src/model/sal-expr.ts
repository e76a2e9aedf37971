// Expressions inside annotations (`_When_(Wait != FALSE, ...)`, `_IRQL_requires_max_(DISPATCH_LEVEL)`, `_Acquires_lock_(Ext->Lock)`)
// read from their text into the expressions of bodies, offsets included. What it cannot read gives undefined, never a guess.

import type { Expr } from './expr.js';
import type { TypeRef } from './types.js';

interface Token { text: string; start: number; end: number; kind: 'name' | 'num' | 'str' | 'char' | 'op' }

const tokenPattern = /\s+|\\\r?\n|\/\*[\s\S]*?\*\/|\/\/[^\n]*|([A-Za-z_]\w*(?:::[A-Za-z_]\w*)*)|(0[xX][0-9a-fA-F]+[uUlL]*|\d[\w.]*)|(L?"(?:[^"\\\n]|\\.)*")|(L?'(?:[^'\\\n]|\\.)+')|(->|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^~!<>=?:.,()[\]])/y;

function tokens(text: string, base: number): Token[] | undefined {
  const found: Token[] = [];
  tokenPattern.lastIndex = 0;
  while (tokenPattern.lastIndex < text.length) {
    const at = tokenPattern.lastIndex;
    const m = tokenPattern.exec(text);
    if (!m) return undefined;
    const kind = m[1] !== undefined ? 'name' : m[2] !== undefined ? 'num' : m[3] !== undefined ? 'str' : m[4] !== undefined ? 'char' : m[5] !== undefined ? 'op' : undefined;
    if (kind !== undefined) found.push({ text: m[0], start: base + at, end: base + at + m[0].length, kind });
  }
  return found;
}

const precedence: Readonly<Record<string, number>> = {
  '||': 1, '&&': 2, '|': 3, '^': 4, '&': 5, '==': 6, '!=': 6, '<': 7, '>': 7, '<=': 7, '>=': 7, '<<': 8, '>>': 8, '+': 9, '-': 9, '*': 10, '/': 10, '%': 10,
};

class Reader {
  private at = 0;
  constructor(private readonly list: Token[]) {}

  get done(): boolean { return this.at >= this.list.length; }
  private peek(offset = 0): Token | undefined { return this.list[this.at + offset]; }
  private is(text: string): boolean { return this.peek()?.text === text && this.peek()?.kind === 'op'; }
  private eat(text: string): Token | undefined { return this.is(text) ? this.list[this.at++] : undefined; }

  conditional(): Expr | undefined {
    const c = this.binary(1);
    if (!c || !this.eat('?')) return c;
    const a = this.conditional();
    if (!a || !this.eat(':')) return undefined;
    const b = this.conditional();
    return b && { k: 'cond', c, a, b, start: c.start, end: b.end };
  }

  private binary(least: number): Expr | undefined {
    let l = this.unary();
    for (;;) {
      const op = this.peek();
      const rank = op?.kind === 'op' ? precedence[op.text] : undefined;
      if (!l || !op || rank === undefined || rank < least) return l;
      this.at++;
      const r = this.binary(rank + 1);
      if (!r) return undefined;
      l = { k: 'binary', op: op.text, l, r, start: l.start, end: r.end };
    }
  }

  private unary(): Expr | undefined {
    const t = this.peek();
    if (!t) return undefined;
    if (t.kind === 'op' && /^[*&!~+-]$/.test(t.text)) {
      this.at++;
      const e = this.unary();
      return e && { k: 'unary', op: t.text as '*', e, start: t.start, end: e.end };
    }
    return this.cast() ?? this.postfix(this.primary());
  }

  /** `(KIRQL)x`, `(PVOID *)p`: a name and stars in parentheses before something that can only be an operand. */
  private cast(): Expr | undefined {
    if (!this.is('(')) return undefined;
    const open = this.peek()!;
    let i = 1;
    const words: string[] = [];
    while (this.peek(i)?.kind === 'name') words.push(this.peek(i++)!.text);
    let ptr = 0;
    while (this.peek(i)?.text === '*') { ptr++; i++; }
    const after = this.peek(i + 1);
    const operand = after !== undefined && (after.kind !== 'op' || after.text === '(');
    if (words.length === 0 || this.peek(i)?.text !== ')' || !operand) return undefined;
    this.at += i + 1;
    const e = this.unary();
    const type: TypeRef = { base: words.join(' '), ptr };
    return e && { k: 'cast', cast: 'c', type, e, start: open.start, end: e.end };
  }

  private primary(): Expr | undefined {
    const t = this.peek();
    if (!t) return undefined;
    this.at++;
    const place = { start: t.start, end: t.end };
    if (t.kind === 'name') return { k: 'name', name: t.text, ...place };
    if (t.kind === 'num') return numberExpr(t.text, place);
    if (t.kind === 'str') return { k: 'str', text: t.text, ...place };
    if (t.kind === 'char') return { k: 'char', text: t.text, value: NaN, ...place };
    if (t.text !== '(') return undefined;
    const e = this.conditional();
    return e && this.eat(')') ? e : undefined;
  }

  private postfix(first: Expr | undefined): Expr | undefined {
    let e = first;
    while (e) {
      const next: Expr | undefined | null = this.suffix(e);
      if (next === null) return e;
      e = next;
    }
    return e;
  }

  /** One `.f`, `->f`, `[i]` or `(args)`; null when none follows, undefined when it is broken. */
  private suffix(e: Expr): Expr | undefined | null {
    const dot = this.eat('->') ?? this.eat('.');
    if (dot) {
      const name = this.peek();
      if (name?.kind !== 'name') return undefined;
      this.at++;
      return { k: 'field', e, name: name.text, arrow: dot.text === '->', nameStart: name.start, start: e.start, end: name.end };
    }
    if (this.eat('[')) {
      const i = this.conditional();
      const close = i && this.eat(']');
      return i && close ? { k: 'index', e, i, start: e.start, end: close.end } : undefined;
    }
    if (!this.eat('(')) return null;
    const args: Expr[] = [];
    let close = this.eat(')');
    while (!close) {
      const a = this.conditional();
      if (!a) return undefined;
      args.push(a);
      close = this.eat(')');
      if (!close && !this.eat(',')) return undefined;
    }
    return { k: 'call', callee: e, args, start: e.start, end: close.end };
  }
}

function numberExpr(text: string, place: { start: number; end: number }): Expr | undefined {
  const digits = text.replace(/(?:ui64|i64|(?<![ul])[ul]+)$/i, '');
  const value = /^0[0-7]+$/.test(digits) ? parseInt(digits, 8) : Number(digits);
  return Number.isNaN(value) ? undefined : { k: 'num', value, text, ...place };
}

/** The expression that `text` is, placed from offset `base` on; undefined when it is none. */
export function parseSalExpr(text: string, base: number): Expr | undefined {
  const list = tokens(text, base);
  if (!list || list.length === 0) return undefined;
  const reader = new Reader(list);
  const e = reader.conditional();
  return e && reader.done ? e : undefined;
}

/** Integer value of a constant expression; names through `constant`, undefined as soon as one is unknown. */
export function evalSalExpr(e: Expr, constant: (name: string) => number | undefined): number | undefined {
  switch (e.k) {
    case 'num': return Number.isNaN(e.value) ? undefined : e.value;
    case 'name': return constant(e.name);
    case 'cast': return evalSalExpr(e.e, constant);
    case 'unary': {
      const v = evalSalExpr(e.e, constant);
      if (v === undefined) return undefined;
      return e.op === '-' ? -v : e.op === '+' ? v : e.op === '!' ? Number(v === 0) : e.op === '~' ? ~v : undefined;
    }
    case 'cond': {
      const c = evalSalExpr(e.c, constant);
      return c === undefined ? undefined : evalSalExpr(c !== 0 ? e.a : e.b, constant);
    }
    case 'binary': return evalBinary(e.op, evalSalExpr(e.l, constant), evalSalExpr(e.r, constant));
    default: return undefined;
  }
}

function evalBinary(op: string, l: number | undefined, r: number | undefined): number | undefined {
  if (l === undefined || r === undefined) return undefined;
  switch (op) {
    case '+': return l + r;
    case '-': return l - r;
    case '*': return l * r;
    case '/': return r === 0 ? undefined : Math.trunc(l / r);
    case '%': return r === 0 ? undefined : l % r;
    case '&': return l & r;
    case '|': return l | r;
    case '^': return l ^ r;
    case '<<': return l << r;
    case '>>': return l >> r;
    case '==': return Number(l === r);
    case '!=': return Number(l !== r);
    case '<': return Number(l < r);
    case '>': return Number(l > r);
    case '<=': return Number(l <= r);
    case '>=': return Number(l >= r);
    case '&&': return Number(l !== 0 && r !== 0);
    case '||': return Number(l !== 0 || r !== 0);
    default: return undefined;
  }
}
