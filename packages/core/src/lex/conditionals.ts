// Which parts of a scanned file are in force: every `#if` group is decided under an environment, exactly one of its branches
// (or none) is kept, and what had to be assumed is remembered. An unknown condition takes the first branch.

import { assume, evaluate, parseCondition } from './condition.js';
import type { Cond } from './condition.js';
import type { MacroEnvironment } from './environment.js';
import type { Range } from '../source/range.js';
import type { Directive, Include, LexProblem, MacroText, Pragma } from './records.js';
import type { LexedFile } from './scan.js';
import { emptyTokens } from './tokens.js';
import type { Tokens } from './tokens.js';

/** A file under one environment. */
export interface ActiveFile {
  readonly lexed: LexedFile;
  readonly env: MacroEnvironment;
  /** Tokens in force; the file's own arrays when nothing is switched off. */
  readonly tokens: Tokens;
  /** Regions switched off, directives not included. */
  readonly inactive: Range[];
  readonly macros: MacroText[];
  readonly includes: Include[];
  readonly pragmas: Pragma[];
  /** What was assumed while this file was read: macro name or condition -> value. */
  readonly assumptions: Record<string, boolean>;
  readonly problems: LexProblem[];
}

export interface ResolveOptions {
  /** Called at every include in force, in order, before the text behind it is read: process the file there and make its macros visible in the environment. */
  onInclude?(include: Include): void;
}

/** One open `#if` group. */
interface Group {
  directive: Directive;
  /** The text around the group is in force. */
  outer: boolean;
  /** A branch was taken. */
  taken: boolean;
  /** The branch being read is in force. */
  active: boolean;
}

/** Decides the conditionals of a file, defining its macros in `env` as they come. */
export function resolveConditionals(lexed: LexedFile, env: MacroEnvironment, options: ResolveOptions = {}): ActiveFile {
  return new Resolver(lexed, env, options).run();
}

class Resolver {
  private readonly groups: Group[] = [];
  private readonly inactive: Range[] = [];
  private readonly macros: MacroText[] = [];
  private readonly includes: Include[] = [];
  private readonly pragmas: Pragma[] = [];
  private readonly assumptions: Record<string, boolean> = {};
  private readonly problems: LexProblem[];
  /** Token ranges in force. */
  private readonly kept: number[] = [];
  private active = true;
  private since = 0;
  private offFrom = 0;

  constructor(private readonly lexed: LexedFile, private readonly env: MacroEnvironment, private readonly options: ResolveOptions) {
    this.problems = [...lexed.problems];
  }

  run(): ActiveFile {
    const { directives } = this.lexed;
    for (const { macro } of directives) if (macro) this.env.mark(macro.name);
    for (let i = 0; i < directives.length; i++) this.directive(directives[i], i);
    for (const group of this.groups) this.problems.push({ start: group.directive.start, end: group.directive.end, reason: '#if without #endif' });
    this.switchTo(true, this.lexed.source.text.length, this.lexed.tokens.count, this.lexed.source.text.length);
    if (this.active) this.keep(this.lexed.tokens.count);
    return {
      lexed: this.lexed, env: this.env, tokens: this.activeTokens(), inactive: this.inactive, macros: this.macros, includes: this.includes,
      pragmas: this.pragmas, assumptions: this.assumptions, problems: this.problems,
    };
  }

  private directive(directive: Directive, index: number): void {
    switch (directive.kind) {
      case 'if': case 'ifdef': case 'ifndef':
        this.open(directive, index);
        break;
      case 'elif': case 'elifdef': case 'elifndef': case 'else':
        this.nextBranch(directive, index);
        break;
      case 'endif':
        this.close(directive);
        break;
      default:
        if (this.active) this.plain(directive);
    }
  }

  private open(directive: Directive, index: number): void {
    const outer = this.active;
    const taken = outer && this.decide(directive, index);
    this.groups.push({ directive, outer, taken, active: taken });
    this.switchTo(taken, directive.start, directive.token, directive.end);
  }

  private nextBranch(directive: Directive, index: number): void {
    const group = this.groups[this.groups.length - 1];
    if (!group) {
      this.problems.push({ start: directive.start, end: directive.end, reason: `#${directive.kind} without #if` });
      return;
    }
    const take = group.outer && !group.taken && (directive.kind === 'else' || this.decide(directive, index));
    if (take) group.taken = true;
    group.active = take;
    this.switchTo(take, directive.start, directive.token, directive.end);
  }

  private close(directive: Directive): void {
    const group = this.groups.pop();
    if (!group) this.problems.push({ start: directive.start, end: directive.end, reason: '#endif without #if' });
    else this.switchTo(group.outer, directive.start, directive.token, directive.end);
  }

  private decide(directive: Directive, index: number): boolean {
    const cond = conditionOf(directive);
    const value = evaluate(cond, this.env);
    if (value !== undefined) return value;
    const take = !this.leadsToError(index);
    assume(cond, take, this.env, (key, assumed) => {
      this.env.assume(key, assumed);
      this.assumptions[key] = assumed;
    });
    return take;
  }

  /** A branch that is an `#error` is not the one a build takes. */
  private leadsToError(index: number): boolean {
    const { directives } = this.lexed;
    for (let i = index + 1, depth = 0; i < directives.length; i++) {
      const { kind } = directives[i];
      if (kind === 'if' || kind === 'ifdef' || kind === 'ifndef') depth++;
      else if (kind === 'endif' && depth-- === 0) return false;
      else if (depth === 0 && (kind === 'else' || kind === 'elif' || kind === 'elifdef' || kind === 'elifndef')) return false;
      else if (depth === 0 && kind === 'error') return true;
    }
    return false;
  }

  private plain(directive: Directive): void {
    if (directive.macro) {
      // A copy: the scanned file is shared by all environments it is read under.
      const macro = { ...directive.macro };
      this.macros.push(macro);
      this.env.define(macro);
    } else if (directive.kind === 'undef') {
      const name = /^[\w$]+/.exec(directive.text)?.[0];
      if (name === undefined) return;
      for (const macro of this.macros) if (macro.name === name && macro.undefAt === undefined) macro.undefAt = directive.start;
      this.env.undefine(name);
    } else if (directive.include) {
      const include = { ...directive.include };
      this.includes.push(include);
      this.options.onInclude?.(include);
    } else if (directive.kind === 'pragma') this.pragmas.push({ start: directive.start, end: directive.end, text: directive.text });
  }

  /** From the directive at `start` on, the text is in force or not. */
  private switchTo(active: boolean, start: number, token: number, end: number): void {
    if (this.active === active) {
      if (!active) {
        this.dropped(start);
        this.offFrom = end;
      }
      return;
    }
    if (active) this.dropped(start);
    else {
      this.keep(token);
      this.offFrom = end;
    }
    this.since = token;
    this.active = active;
  }

  private dropped(end: number): void {
    if (end > this.offFrom) this.inactive.push({ start: this.offFrom, end });
  }

  private keep(end: number): void {
    if (end > this.since) this.kept.push(this.since, end);
  }

  private activeTokens(): Tokens {
    const { tokens } = this.lexed;
    const { kept } = this;
    if (kept.length === 2 && kept[0] === 0 && kept[1] === tokens.count) return tokens;
    let count = 0;
    for (let i = 0; i < kept.length; i += 2) count += kept[i + 1] - kept[i];
    const result = emptyTokens(count);
    for (let i = 0; i < kept.length; i += 2) {
      const [from, to] = [kept[i], kept[i + 1]];
      result.kind.set(tokens.kind.subarray(from, to), result.count);
      result.start.set(tokens.start.subarray(from, to), result.count);
      result.end.set(tokens.end.subarray(from, to), result.count);
      result.id.set(tokens.id.subarray(from, to), result.count);
      result.count += to - from;
    }
    return result;
  }
}

function conditionOf(directive: Directive): Cond {
  const name = /^[\w$]+/.exec(directive.text)?.[0];
  if (directive.kind === 'ifdef' || directive.kind === 'elifdef') return name === undefined ? { k: 'unknown' } : { k: 'defined', name };
  if (directive.kind === 'ifndef' || directive.kind === 'elifndef') return name === undefined ? { k: 'unknown' } : { k: 'not', e: { k: 'defined', name } };
  return parseCondition(directive.text);
}
