// MSBuild conditions: comparisons, `and`, `or`, `!`, `Exists`, `HasTrailingSlash`. What cannot be read counts as true, so that a
// condition drvlint does not understand leaves nothing out.

import { expandProperties, type Properties } from './expand.js';

export function holds(condition: string | undefined, properties: Properties, exists: (path: string) => boolean): boolean {
  if (condition === undefined || condition.trim() === '') return true;
  try {
    return new Condition(tokensOf(condition), properties, exists).value();
  } catch (e) {
    if (e instanceof Unreadable) return true;
    throw e;
  }
}

class Unreadable extends Error {}

const known = new Map<string, readonly Token[]>();

/** The projects of a tree have the same few conditions. */
function tokensOf(condition: string): readonly Token[] {
  let list = known.get(condition);
  if (!list) {
    if (known.size > 5000) known.clear();
    known.set(condition, list = tokens(condition));
  }
  return list;
}

type Token = { kind: 'text'; text: string } | { kind: 'sign'; text: string };

function tokens(condition: string): Token[] {
  const list: Token[] = [];
  let at = 0;
  while (at < condition.length) {
    const rest = condition.slice(at);
    const sign = /^(==|!=|<=|>=|<|>|!|\(|\)|,)/.exec(rest);
    const blank = /^\s+/.exec(rest);
    const word = /^'([^']*)'/.exec(rest) ?? /^((?:[@%]\([^()]*\)|[^\s()'!=<>,$]|\$(?!\())+)/.exec(rest);
    if (blank) at += blank[0].length;
    else if (rest.startsWith('$(')) {
      const end = propertyEnd(rest);
      list.push({ kind: 'text', text: rest.slice(0, end) });
      at += end;
    } else if (sign) {
      list.push({ kind: 'sign', text: sign[1] });
      at += sign[0].length;
    } else if (word) {
      list.push({ kind: 'text', text: word[1] });
      at += word[0].length;
    } else throw new Unreadable();
  }
  return list;
}

function propertyEnd(text: string): number {
  let depth = 0;
  for (let i = 1; i < text.length; i++) {
    if (text[i] === '(') depth++;
    else if (text[i] === ')' && --depth === 0) return i + 1;
  }
  return text.length;
}

class Condition {
  #at = 0;

  constructor(private readonly tokens: readonly Token[], private readonly properties: Properties, private readonly exists: (path: string) => boolean) {}

  value(): boolean {
    const result = this.#or();
    if (this.#at < this.tokens.length) throw new Unreadable();
    return result;
  }

  #or(): boolean {
    let result = this.#and();
    while (this.#word('or')) result = this.#and() || result;
    return result;
  }

  #and(): boolean {
    let result = this.#not();
    while (this.#word('and')) result = this.#not() && result;
    return result;
  }

  #not(): boolean {
    if (this.#sign('!')) return !this.#not();
    if (this.#sign('(')) {
      const inner = this.#or();
      if (!this.#sign(')')) throw new Unreadable();
      return inner;
    }
    return this.#comparison();
  }

  #comparison(): boolean {
    const left = this.#operand();
    if (/^(?:exists|hastrailingslash)$/i.test(left) && this.#sign('(')) {
      const argument = this.#operand();
      if (!this.#sign(')')) throw new Unreadable();
      return left.toLowerCase() === 'exists' ? this.exists(argument) : /[\\/]$/.test(argument);
    }
    const sign = this.tokens[this.#at];
    if (sign?.kind !== 'sign' || !['==', '!=', '<', '>', '<=', '>='].includes(sign.text)) return left.toLowerCase() === 'true';
    this.#at++;
    return compare(left, sign.text, this.#operand());
  }

  #operand(): string {
    const token = this.tokens[this.#at++];
    if (token?.kind !== 'text') throw new Unreadable();
    return expandProperties(token.text, this.properties);
  }

  #sign(text: string): boolean {
    const token = this.tokens[this.#at];
    if (token?.kind !== 'sign' || token.text !== text) return false;
    this.#at++;
    return true;
  }

  #word(text: string): boolean {
    const token = this.tokens[this.#at];
    if (token?.kind !== 'text' || token.text.toLowerCase() !== text) return false;
    this.#at++;
    return true;
  }
}

function compare(left: string, sign: string, right: string): boolean {
  if (sign === '==') return left.toLowerCase() === right.toLowerCase();
  if (sign === '!=') return left.toLowerCase() !== right.toLowerCase();
  const [a, b] = [Number(left), Number(right)];
  if (left.trim() === '' || right.trim() === '' || Number.isNaN(a) || Number.isNaN(b)) return false;
  return sign === '<' ? a < b : sign === '>' ? a > b : sign === '<=' ? a <= b : a >= b;
}
