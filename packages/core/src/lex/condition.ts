// Conditions of `#if` in three values: true, false, not known. What is not known is a name nobody defined or undefined.

import type { Lookup } from './environment.js';

/** Parsed condition; `assume` walks it. */
export type Cond =
  | { k: 'num'; v: number }
  | { k: 'name'; name: string }
  | { k: 'defined'; name: string }
  | { k: 'not' | 'neg' | 'compl' | 'plus'; e: Cond }
  | { k: 'bin'; op: string; l: Cond; r: Cond }
  | { k: 'cond'; c: Cond; a: Cond; b: Cond }
  | { k: 'unknown' };

/** A number, or undefined when not known. */
type Value = number | undefined;

export interface ConditionScope {
  lookup(name: string): Lookup;
  assumed(key: string): boolean | undefined;
}

const parsed = new Map<string, Cond>();

/** The condition of an `#if` text; what cannot be parsed is unknown as a whole. */
export function parseCondition(text: string): Cond {
  let cond = parsed.get(text);
  if (!cond) {
    if (parsed.size > 5000) parsed.clear();
    cond = new Parser(text).all();
    parsed.set(text, cond);
  }
  return cond;
}

/** Value of a condition: true, false, or undefined when it hangs on something not known. */
export function evaluate(cond: Cond, scope: ConditionScope): boolean | undefined {
  const value = valueOf(cond, scope, 0);
  return value === undefined ? undefined : value !== 0;
}

/** Finds assumptions that make `cond` come out as `want`, in terms of names' definedness; conditions that are no such thing are assumed as text. */
export function assume(cond: Cond, want: boolean, scope: ConditionScope, set: (key: string, value: boolean) => void): void {
  if (evaluate(cond, scope) !== undefined) return;
  switch (cond.k) {
    case 'defined':
    case 'name':
      set(cond.name, want);
      break;
    case 'not':
      assume(cond.e, !want, scope, set);
      break;
    case 'bin':
      assumeBinary(cond, want, scope, set);
      break;
    default:
      break;
  }
}

function assumeBinary(cond: Cond & { k: 'bin' }, want: boolean, scope: ConditionScope, set: (key: string, value: boolean) => void): void {
  if (cond.op === '&&' || cond.op === '||') {
    const both = (cond.op === '&&') === want;
    assume(cond.l, want, scope, set);
    if (both || evaluate(cond, scope) === undefined) assume(cond.r, want, scope, set);
    return;
  }
  set(textOf(cond), want);
}

/** Normalised text, the key of an assumption about a comparison. */
export function textOf(cond: Cond): string {
  switch (cond.k) {
    case 'num': return String(cond.v);
    case 'name': return cond.name;
    case 'defined': return `defined(${cond.name})`;
    case 'not': return `!${textOf(cond.e)}`;
    case 'neg': return `-${textOf(cond.e)}`;
    case 'compl': return `~${textOf(cond.e)}`;
    case 'plus': return textOf(cond.e);
    case 'bin': return `(${textOf(cond.l)} ${cond.op} ${textOf(cond.r)})`;
    case 'cond': return `(${textOf(cond.c)} ? ${textOf(cond.a)} : ${textOf(cond.b)})`;
    case 'unknown': return '?';
  }
}

function valueOf(cond: Cond, scope: ConditionScope, depth: number): Value {
  switch (cond.k) {
    case 'num': return cond.v;
    case 'unknown': return undefined;
    case 'defined': return definedness(cond.name, scope);
    case 'name': return nameValue(cond.name, scope, depth);
    case 'not': return map(valueOf(cond.e, scope, depth), (v) => Number(v === 0));
    case 'neg': return map(valueOf(cond.e, scope, depth), (v) => -v);
    case 'compl': return map(valueOf(cond.e, scope, depth), (v) => -v - 1);
    case 'plus': return valueOf(cond.e, scope, depth);
    case 'cond': {
      const c = valueOf(cond.c, scope, depth);
      return c === undefined ? undefined : valueOf(c !== 0 ? cond.a : cond.b, scope, depth);
    }
    case 'bin': return binaryValue(cond, scope, depth);
  }
}

function definedness(name: string, scope: ConditionScope): Value {
  const macro = scope.lookup(name);
  if (macro) return 1;
  if (macro === null) return 0;
  return map(scope.assumed(name), Number);
}

function nameValue(name: string, scope: ConditionScope, depth: number): Value {
  if (name === 'true') return 1;
  if (name === 'false') return 0;
  const macro = scope.lookup(name);
  if (macro === null) return 0;
  if (macro === undefined) {
    // An assumption that a name is defined says nothing about its value, except that `#if NAME` was taken to be true.
    const assumed = scope.assumed(name);
    return assumed === undefined ? undefined : Number(assumed);
  }
  if (macro.params || depth > 16) return undefined;
  if (macro.body === '') return 1;
  return valueOf(parseCondition(macro.body), scope, depth + 1);
}

function map<T>(value: T | undefined, f: (v: T) => number): Value {
  return value === undefined ? undefined : f(value);
}

function binaryValue(cond: Cond & { k: 'bin' }, scope: ConditionScope, depth: number): Value {
  const l = valueOf(cond.l, scope, depth);
  if (cond.op === '&&' && l === 0) return 0;
  if (cond.op === '||' && l !== undefined && l !== 0) return 1;
  const r = valueOf(cond.r, scope, depth);
  if (cond.op === '&&') return r === 0 ? 0 : l === undefined || r === undefined ? undefined : 1;
  if (cond.op === '||') return r !== undefined && r !== 0 ? 1 : l === undefined || r === undefined ? undefined : 0;
  if (isEqualityOfNothing(cond, scope)) return arithmetic(cond.op, l ?? 0, r ?? 0);
  if (l === undefined || r === undefined || isAssumption(cond.l, scope) || isAssumption(cond.r, scope)) return map(scope.assumed(textOf(cond)), Number);
  return arithmetic(cond.op, l, r);
}

/**
 * `NAME == 1` of a name that nothing defines: C takes it for 0, and a switch that is compared by `==` is the project's own. Versions are
 * compared by order, and may come from the kits.
 */
function isEqualityOfNothing(cond: Cond & { k: 'bin' }, scope: ConditionScope): boolean {
  if (cond.op !== '==' && cond.op !== '!=') return false;
  const [name, value] = cond.l.k === 'name' ? [cond.l.name, cond.r] : cond.r.k === 'name' ? [cond.r.name, cond.l] : [];
  return name !== undefined && value?.k === 'num' && scope.lookup(name) === undefined && scope.assumed(name) === undefined;
}

/** A comparison with a name of which only an assumption is known is not known. */
function isAssumption(cond: Cond, scope: ConditionScope): boolean {
  return cond.k === 'name' && scope.lookup(cond.name) === undefined && cond.name !== 'true' && cond.name !== 'false';
}

function arithmetic(op: string, l: number, r: number): Value {
  switch (op) {
    case '+': return l + r;
    case '-': return l - r;
    case '*': return l * r;
    case '/': return r === 0 ? undefined : Math.trunc(l / r);
    case '%': return r === 0 ? undefined : l % r;
    case '<<': return l * 2 ** r;
    case '>>': return Math.floor(l / 2 ** r);
    case '<': return Number(l < r);
    case '>': return Number(l > r);
    case '<=': return Number(l <= r);
    case '>=': return Number(l >= r);
    case '==': return Number(l === r);
    case '!=': return Number(l !== r);
    case '&': return Number(BigInt(l) & BigInt(r));
    case '|': return Number(BigInt(l) | BigInt(r));
    case '^': return Number(BigInt(l) ^ BigInt(r));
    default: return undefined;
  }
}

const LEVEL: Record<string, number> = {
  '||': 1, '&&': 2, '|': 3, '^': 4, '&': 5, '==': 6, '!=': 6, '<': 7, '>': 7, '<=': 7, '>=': 7, '<<': 8, '>>': 8, '+': 9, '-': 9, '*': 10, '/': 10, '%': 10,
};

const MAX_DEPTH = 200;

class Parser {
  private readonly tokens: string[];
  private at = 0;
  private depth = 0;

  constructor(text: string) {
    this.tokens = text.match(/[\w$]+(?:'\w+)*|'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|<<|>>|&&|\|\||[<>=!]=|[^\s]/g) ?? [];
  }

  all(): Cond {
    const cond = this.ternary();
    return this.at === this.tokens.length ? cond : { k: 'unknown' };
  }

  private ternary(): Cond {
    if (++this.depth > MAX_DEPTH) return { k: 'unknown' };
    const c = this.binary(1);
    let result = c;
    if (this.tokens[this.at] === '?') {
      this.at++;
      const a = this.ternary();
      if (this.tokens[this.at] === ':') {
        this.at++;
        result = { k: 'cond', c, a, b: this.ternary() };
      } else result = { k: 'unknown' };
    }
    this.depth--;
    return result;
  }

  private binary(level: number): Cond {
    let l = this.unary();
    for (;;) {
      const op = this.tokens[this.at];
      const own = op === undefined ? 0 : LEVEL[op] ?? 0;
      if (own < level) return l;
      this.at++;
      const r = this.binary(own + 1);
      l = { k: 'bin', op, l, r };
    }
  }

  private unary(): Cond {
    const token = this.tokens[this.at++];
    if (token === undefined || ++this.depth > MAX_DEPTH) return { k: 'unknown' };
    let result: Cond;
    if (token === '!') result = { k: 'not', e: this.unary() };
    else if (token === '-') result = { k: 'neg', e: this.unary() };
    else if (token === '~') result = { k: 'compl', e: this.unary() };
    else if (token === '+') result = { k: 'plus', e: this.unary() };
    else if (token === '(') {
      result = this.ternary();
      if (this.tokens[this.at] === ')') this.at++;
      else result = { k: 'unknown' };
    } else result = this.primary(token);
    this.depth--;
    return result;
  }

  private primary(token: string): Cond {
    if (/^\d/.test(token)) return number(token);
    if (token[0] === "'") return { k: 'num', v: token.charCodeAt(token.length - 2) };
    if (!/^[\w$]/.test(token)) return { k: 'unknown' };
    if (token === 'defined') return this.defined();
    if (this.tokens[this.at] !== '(') return { k: 'name', name: token };
    this.skipArguments();
    return /^(?:__has_|_has_)/.test(token) ? { k: 'num', v: 0 } : { k: 'unknown' };
  }

  private defined(): Cond {
    const bracket = this.tokens[this.at] === '(';
    if (bracket) this.at++;
    const name = this.tokens[this.at++];
    if (bracket && this.tokens[this.at++] !== ')') return { k: 'unknown' };
    return name === undefined ? { k: 'unknown' } : { k: 'defined', name };
  }

  private skipArguments(): void {
    let depth = 0;
    for (; this.at < this.tokens.length; this.at++) {
      if (this.tokens[this.at] === '(') depth++;
      else if (this.tokens[this.at] === ')' && --depth === 0) {
        this.at++;
        return;
      }
    }
  }
}

function number(token: string): Cond {
  const digits = token.replace(/'/g, '').replace(/(?:ui|i)(?:8|16|32|64)$/i, '').replace(/(?<![uUlLzZ])[uUlLzZ]+$/, '');
  const v = /^0[0-7]+$/.test(digits) ? parseInt(digits, 8) : Number(digits);
  return Number.isNaN(v) ? { k: 'unknown' } : { k: 'num', v };
}
