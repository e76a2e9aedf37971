// Annotations in one normal form: reads a blanked-out annotation of either SAL generation, through project macros and through the
// composing ones (`_When_`, `_At_`, `_Always_`, `_On_failure_`), into flat records. Buffer sizes and value ranges are left as 'other'.

import type { Range } from '../source/range.js';
import type { Expr } from './expr.js';
import type { Annotation } from './facts.js';
import { evalSalExpr, parseSalExpr } from './sal-expr.js';
import { looksLikeSal, meaningOf, paramMeaning } from './sal-table.js';
import type { LockMode, SalKind, SalMeaning } from './sal-table.js';

/** Text of an argument as written (comments kept) and where it stands; for text out of a macro body the range is the use. */
export interface SalArg extends Range { text: string; /** The argument as an expression, when it is one. */ e?: Expr }

/** One statement that an annotation makes, with everything around it that qualifies it. */
export interface Sal extends Range {
  kind: SalKind;
  /** As written: `_IRQL_requires_max_`, `__drv_maxIRQL`. */
  name: string;
  args: SalArg[];
  /** Conditions of enclosing `_When_`, outermost first; all must hold. `return` is a name in them. */
  when: SalArg[];
  /** Target of the innermost enclosing `_At_` (`*Irql`, `return`, `Lock->OldIrql`). */
  at?: SalArg;
  /** Holds at exit also when the call failed (`_Always_`), or only then (`_On_failure_`). */
  state?: 'always' | 'failure';
  /** The level of an irql kind that has one. */
  level?: SalArg;
  /** The lock of a lock kind; absent where the annotated parameter itself is the lock. */
  lock?: SalArg;
  mode?: LockMode;
  /** Of kind 'param': direction and optionality; `bare` marks `IN`/`OUT`, which state nothing. */
  dir?: 'in' | 'out' | 'inout';
  optional?: boolean;
  bare?: boolean;
  /** Outermost annotation it was found in, and the project macro it came out of. */
  source: Annotation;
  via?: string;
}

export type SalProblemKind = 'unbalanced' | 'argument-count' | 'unknown-nested' | 'no-expression';
export interface SalProblem extends Range { what: SalProblemKind; name: string; /** For people: `takes 1 argument, has 2`. */ detail: string }

/** What a reader asks of its surroundings: project macros that stand for annotations. */
export interface SalEnv { macro(name: string): { params?: string[]; body: string } | undefined }

export interface SalReading { items: Sal[]; problems: SalProblem[] }

/** An annotation as it stands in a text: name and arguments with their offsets. */
interface Piece extends Range { name: string; args?: SalArg[]; malformed?: boolean }

const maxDepth = 8;

const readings = new WeakMap<SalEnv, WeakMap<Annotation, SalReading>>();

/** Every statement an annotation makes, and what could not be read in it. Read once for one surroundings: not to be changed. */
export function readAnnotation(a: Annotation, env?: SalEnv): SalReading {
  if (!env) return read(a, env);
  let known = readings.get(env);
  if (!known) readings.set(env, (known = new WeakMap()));
  let reading = known.get(a);
  if (!reading) known.set(a, (reading = read(a, env)));
  return reading;
}

function read(a: Annotation, env: SalEnv | undefined): SalReading {
  const reading: SalReading = { items: [], problems: [] };
  const args = a.args?.map((text, i): SalArg => {
    const start = a.argStarts?.[i] ?? a.start;
    return { text, start, end: a.argStarts?.[i] === undefined ? a.end : start + text.length };
  });
  const piece: Piece = { name: a.name, start: a.start, end: a.end, ...(args && { args }), ...(a.malformed && { malformed: true }) };
  new Reader(a, env, reading).read(piece, { when: [] }, 0, a.via);
  return reading;
}

/** The statements of several annotations, in order. */
export function readAnnotations(list: readonly Annotation[], env?: SalEnv): Sal[] {
  return list.flatMap((a) => readAnnotation(a, env).items);
}

interface Context { when: SalArg[]; at?: SalArg; state?: 'always' | 'failure'; nested?: boolean }

class Reader {
  constructor(private readonly source: Annotation, private readonly env: SalEnv | undefined, private readonly out: SalReading) {}

  read(piece: Piece, context: Context, depth: number, via: string | undefined): void {
    if (depth > maxDepth) return;
    if (piece.malformed) { this.problem('unbalanced', piece, 'its parentheses do not balance'); return; }
    if (this.expand(piece, context, depth)) return;
    const meaning = meaningOf(piece.name);
    if (meaning) { this.known(piece, meaning, context, depth, via); return; }
    const param = paramMeaning(piece.name);
    if (param) this.push('param', piece, context, via, param);
    else if (looksLikeSal(piece.name)) this.push('other', piece, context, via);
    else if (context.nested && depth > 0 && via === undefined) this.problem('unknown-nested', piece, `'${piece.name}' is no annotation`);
  }

  private known(piece: Piece, meaning: SalMeaning, context: Context, depth: number, via: string | undefined): void {
    const args = piece.args ?? [];
    const count = args.length === 1 && args[0]!.text === '' ? 0 : args.length;
    const [least, most] = meaning.args ?? [0, Infinity];
    if (count === 0 && least > 0 && this.env?.macro(piece.name)?.body === '') return;
    if (count < least || count > most) {
      this.problem('argument-count', piece, `takes ${least} argument${least === 1 ? '' : 's'}, has ${count}`);
      return;
    }
    if (meaning.wrapper !== undefined) this.wrapped(piece, meaning, context, depth, via);
    else this.push(meaning.kind, piece, context, via, lockAndLevel(meaning, args));
  }

  private wrapped(piece: Piece, meaning: SalMeaning, context: Context, depth: number, via: string | undefined): void {
    const args = piece.args ?? [];
    const inner: Context = { ...context, nested: true };
    const list = args[args.length - 1];
    if (meaning.wrapper === 'when') {
      const condition = withExpr(args[0]!);
      if (!condition.e && via === undefined) this.problem('no-expression', { ...condition, name: piece.name }, `'${condition.text}' is no expression`);
      inner.when = [...context.when, condition];
    }
    if (meaning.wrapper === 'at') inner.at = withExpr(args[0]!);
    if (meaning.wrapper === 'always' || meaning.wrapper === 'failure') inner.state = meaning.wrapper;
    if (list) for (const p of splitAnnotations(list)) this.read(p, inner, depth + 1, via);
  }

  /**
   * Replaces a project macro by what it stands for; its records keep the range of the use. A known annotation that the project defines
   * as nothing (for compilers without SAL) keeps its meaning.
   */
  private expand(piece: Piece, context: Context, depth: number): boolean {
    const macro = this.env?.macro(piece.name);
    if (!macro || (macro.body === '' && looksLikeSal(piece.name))) return false;
    const body = substitute(macro.body, macro.params, piece.args);
    const at = { start: piece.start, end: piece.end };
    for (const p of splitAnnotations({ text: body, ...at }, at)) {
      if (p.name === piece.name) continue;
      this.read(p, { ...context, nested: false }, depth + 1, piece.name);
    }
    return true;
  }

  private push(kind: SalKind, piece: Piece, context: Context, via: string | undefined, extra?: Partial<Sal>): void {
    const sal: Sal = { kind, name: piece.name, args: piece.args ?? [], when: context.when, source: this.source, start: piece.start, end: piece.end };
    if (context.at) sal.at = context.at;
    if (context.state) sal.state = context.state;
    if (via !== undefined) sal.via = via;
    this.out.items.push(extra ? Object.assign(sal, extra) : sal);
  }

  private problem(what: SalProblemKind, at: Range & { name: string }, detail: string): void {
    this.out.problems.push({ what, name: at.name, detail, start: at.start, end: at.end });
  }
}

function withExpr(arg: SalArg): SalArg {
  const e = parseSalExpr(arg.text, arg.start);
  return e ? { ...arg, e } : arg;
}

function lockAndLevel(meaning: SalMeaning, args: SalArg[]): Partial<Sal> {
  const extra: Partial<Sal> = {};
  if (meaning.kind.startsWith('irql-') && args[0] && meaning.args?.[1] === 1) extra.level = withExpr(args[0]);
  if (meaning.mode !== undefined) {
    extra.mode = meaning.mode;
    const at = meaning.lockArg ?? 0;
    if (meaning.lock !== undefined) extra.lock = { text: meaning.lock, start: 0, end: 0, e: { k: 'name', name: meaning.lock, start: 0, end: 0 } };
    else if (at >= 0 && args[at]) extra.lock = withExpr(args[at]);
  }
  return extra;
}

function substitute(body: string, params: string[] | undefined, args: SalArg[] | undefined): string {
  if (!params || params.length === 0) return body;
  const values = new Map(params.map((p, i) => [p, args?.[i]?.text ?? '']));
  const rest = args?.slice(params.length).map((a) => a.text).join(', ') ?? '';
  return body.replace(/[A-Za-z_]\w*/g, (word) => word === '__VA_ARGS__' ? rest : values.get(word) ?? word);
}

/** The annotations in a text such as the second argument of `_When_`; with `at` all get that one range. */
export function splitAnnotations(text: SalArg, at?: Range): Piece[] {
  const pieces: Piece[] = [];
  const word = /[A-Za-z_]\w*/y;
  let i = 0;
  const s = text.text;
  while (i < s.length) {
    const skipped = skipBlank(s, i);
    if (skipped !== i) { i = skipped; continue; }
    word.lastIndex = i;
    const m = word.exec(s);
    if (!m) { i++; continue; }
    const place = (from: number, to: number): Range => at ?? { start: text.start + from, end: text.start + to };
    let end = i + m[0].length;
    const open = skipBlank(s, end);
    const piece: Piece = { name: m[0], ...place(i, end) };
    if (s[open] === '(') {
      const close = closing(s, open);
      end = close === -1 ? s.length : close + 1;
      if (close === -1) piece.malformed = true;
      else piece.args = splitArgs(s, open + 1, close).map(([from, to]) => ({ text: s.slice(from, to), ...place(from, to) }));
      Object.assign(piece, place(i, end));
    }
    pieces.push(piece);
    i = end;
  }
  return pieces;
}

function skipBlank(s: string, from: number): number {
  const blank = /(?:\s+|\\\r?\n|\/\*[\s\S]*?\*\/|\/\/[^\n]*)+/y;
  blank.lastIndex = from;
  return blank.test(s) ? blank.lastIndex : from;
}

const literal = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)+'/y;

/** Offset of the parenthesis that closes the one at `open`; -1 when none does. */
function closing(s: string, open: number): number {
  let depth = 0;
  for (let i = open; i < s.length; i++) {
    literal.lastIndex = i;
    if (literal.test(s)) { i = literal.lastIndex - 1; continue; }
    if (s[i] === '/') { const next = skipBlank(s, i); if (next > i) { i = next - 1; continue; } }
    if ('([{'.includes(s[i]!)) depth++;
    else if (')]}'.includes(s[i]!) && --depth === 0) return i;
  }
  return -1;
}

/** Ranges of the trimmed arguments between two parentheses. */
function splitArgs(s: string, from: number, to: number): [number, number][] {
  const parts: [number, number][] = [];
  let depth = 0;
  let start = from;
  for (let i = from; i <= to; i++) {
    literal.lastIndex = i;
    if (i < to && literal.test(s)) { i = literal.lastIndex - 1; continue; }
    if (i < to && s[i] === '/') { const next = skipBlank(s, i); if (next > i) { i = Math.min(next, to) - 1; continue; } }
    if (i < to && '([{'.includes(s[i]!)) depth++;
    else if (i < to && ')]}'.includes(s[i]!)) depth--;
    else if (i === to || (s[i] === ',' && depth === 0)) {
      parts.push(trimmed(s, start, i));
      start = i + 1;
    }
  }
  return parts;
}

function trimmed(s: string, from: number, to: number): [number, number] {
  let a = Math.min(skipBlank(s, from), to);
  let b = to;
  while (b > a && /\s/.test(s[b - 1]!)) b--;
  if (a > b) a = b;
  return [a, b];
}

/** Value of an annotation's argument: numbers and operators as they are, names through `constant`. */
export function salValue(arg: SalArg, constant: (name: string) => number | undefined): number | undefined {
  const e = arg.e ?? parseSalExpr(arg.text, arg.start);
  return e && evalSalExpr(e, constant);
}
