// What a file's pragmas and drvlint comments switch off, as spans of offsets per rule, and which of them were needed. A pragma
// counts in the file it stands in only, from there on; `suppress` and `disable-next-line` cover the construct that begins on
// the next line that holds code. ESLint's own comments are the ESLint host's business.

import type { DirectiveComment, FileFacts, MacroDef, Pragma } from '../model/facts.js';
import type { Range } from '../source/range.js';
import type { RuleNames } from './alias.js';
import { CodeLines } from './code-lines.js';
import { parseDirective, type Directive } from './directives.js';
import type { Suppressed } from './finding.js';
import { lineIndexAt } from '../source/text.js';
import { pragmasOfMacros, type MacroPragma } from './macro-pragmas.js';
import { parsePragma, type PragmaFamily, type PragmaSwitch } from './pragmas.js';
import { constructEnd } from './statements.js';

/** A stretch of the file in which a mark holds; `except` are rules switched on again in it. */
interface Span extends Range { readonly except?: ReadonlySet<string> }

/** One id of a suppression (or none: all rules) and where it holds. */
export interface Mark {
  /** As written; undefined stands for every rule. */
  readonly text?: string;
  /** Rules meant; empty when the name is not ours. */
  readonly rules: ReadonlySet<string>;
  readonly spans: Span[];
  used: boolean;
}

/** One pragma action or comment. */
export interface Suppression extends Range {
  readonly kind: 'pragma' | 'comment';
  readonly form: 'suppress' | 'disable' | 'enable' | 'line' | 'next-line';
  /** 1-based. */
  readonly line: number;
  readonly reason?: string;
  readonly marks: Mark[];
  readonly directive?: Directive;
}

export class Suppressions {
  readonly all: Suppression[] = [];
  readonly #file: FileFacts;
  readonly #text: string;
  readonly #names: RuleNames;
  #codeLines: CodeLines | undefined;

  /** `macros` are those the file can see. */
  constructor(file: FileFacts, text: string, names: RuleNames, macros: Iterable<MacroDef> = []) {
    this.#file = file;
    this.#text = text;
    this.#names = names;
    const expanded = pragmasOfMacros(macros, text, () => this.#lines()).filter((p) => !file.pragmas.some((own) => own.start === p.start));
    this.#readPragmas([...file.pragmas, ...expanded].filter((p) => !this.#inactive(p)).sort((a, b) => a.start - b.start));
    this.#readComments(file.directives.filter((d) => !this.#inactive(d)));
  }

  /** The suppression that covers a finding of `rule` at `offset`; marks every one that does as used. */
  cover(rule: string, offset: number): Suppressed | undefined {
    let found: Suppression | undefined;
    for (const suppression of this.all) {
      for (const mark of suppression.marks) {
        if (!covers(mark, rule, offset)) continue;
        mark.used = true;
        if (!found || suppression.kind === 'comment') found = suppression;
      }
    }
    return found && { kind: found.kind, line: found.line, ...(found.reason ? { reason: found.reason } : {}) };
  }

  #inactive(r: Range): boolean {
    return this.#file.inactive.some((hole) => r.start >= hole.start && r.start < hole.end);
  }

  #readPragmas(pragmas: readonly (Pragma | MacroPragma)[]): void {
    const states: Record<PragmaFamily, PragmaState> = { warning: new PragmaState(), prefast: new PragmaState() };
    for (const pragma of pragmas) {
      for (const action of parsePragma(pragma.text)) {
        const state = states[action.family];
        if ('ids' in action) this.#switch(pragma, action, state);
        else if (action.kind === 'push') state.push(pragma, action.family);
        else state.pop(pragma);
      }
    }
    for (const state of Object.values(states)) state.close(this.#text.length);
  }

  #switch(pragma: Pragma | MacroPragma, action: PragmaSwitch, state: PragmaState): void {
    const marks = this.#marks(action.ids);
    if (marks.length === 0) return;
    if (action.kind === 'enable') return state.enable(marks, pragma.start);
    if (action.kind === 'suppress') {
      const span = 'whole' in pragma && pragma.whole ? this.#use(pragma) : this.#nextCode(pragma, pragma.operator === true);
      if (span) for (const mark of marks) mark.spans.push(span);
    } else state.disable(marks, pragma.end);
    this.#add({ kind: 'pragma', form: action.kind, marks, reason: action.reason }, pragma);
  }

  #readComments(comments: readonly DirectiveComment[]): void {
    const open = new OpenMarks();
    for (const comment of comments) {
      const directive = parseDirective(this.#text.slice(comment.start, comment.end));
      if (!directive) continue;
      const marks = directive.ids.length === 0 ? [everyRule()] : this.#marks(directive.ids.map((id) => id.text), true);
      if (directive.kind === 'disable') for (const mark of marks) open.start(mark, comment.end);
      else if (directive.kind === 'enable') for (const mark of marks) mark.used = open.stop(mark, comment.start);
      else {
        const span = directive.kind === 'disable-line' ? this.#line(comment.end) : this.#nextCode(comment, false);
        if (span) for (const mark of marks) mark.spans.push(span);
      }
      const form = directive.kind.replace(/^disable-/, '') as Suppression['form'];
      this.#add({ kind: 'comment', form, marks, reason: directive.reason, directive }, comment);
    }
    open.stopAll(this.#text.length);
  }

  #add(s: Omit<Suppression, 'start' | 'end' | 'line'>, at: Range): void {
    this.all.push({ ...s, start: at.start, end: at.end, line: lineIndexAt(this.#file.lineStarts, at.start) + 1 });
  }

  #marks(ids: readonly string[], keepUnknown = false): Mark[] {
    return ids
      .map((text): Mark => ({ text, rules: new Set(this.#names.lookUp(text)), spans: [], used: false }))
      .filter((mark) => keepUnknown || mark.rules.size > 0);
  }

  #line(offset: number): Span {
    const line = lineIndexAt(this.#file.lineStarts, offset);
    return { start: this.#file.lineStarts[line], end: this.#lines().endOf(line) };
  }

  /** The construct that a use of a macro begins or stands in. */
  #use(at: Range): Span {
    const end = this.#lines().endOf(lineIndexAt(this.#file.lineStarts, at.end));
    return { start: at.start, end: constructEnd(this.#file, at.start, end) };
  }

  #nextCode(after: Range, sameLine: boolean): Span | undefined {
    const lines = this.#lines();
    const own = lineIndexAt(this.#file.lineStarts, after.end);
    const line = sameLine && lines.follows(after.end, own) ? own : lines.after(own);
    if (line === undefined) return undefined;
    const start = Math.max(this.#file.lineStarts[line], line === own ? after.end : 0);
    return { start, end: constructEnd(this.#file, start, lines.endOf(line)) };
  }

  #lines(): CodeLines {
    return this.#codeLines ??= new CodeLines(this.#text, this.#file.lineStarts, this.#file.pragmas.filter((p) => p.operator));
  }
}

function everyRule(): Mark {
  return { rules: new Set(), spans: [], used: false };
}

function covers(mark: Mark, rule: string, offset: number): boolean {
  if (mark.text !== undefined && !mark.rules.has(rule)) return false;
  return mark.spans.some((s) => offset >= s.start && offset < s.end && !s.except?.has(rule));
}

/** Marks that hold from some offset on, until they are stopped. */
class OpenMarks {
  readonly #open = new Map<Mark, { from: number; except: ReadonlySet<string> }>();

  get marks(): Mark[] {
    return [...this.#open.keys()];
  }

  start(mark: Mark, from: number): void {
    this.#open.set(mark, { from, except: new Set() });
  }

  /** Stops what `by` names; false when nothing of it was open. */
  stop(by: Mark, at: number): boolean {
    let any = false;
    for (const [mark, { except }] of [...this.#open]) {
      if (by.text === undefined || isSubset(mark, by)) {
        this.stopMark(mark, at);
        any = true;
      } else if (mark.text === undefined || [...by.rules].some((r) => mark.rules.has(r))) {
        this.stopMark(mark, at);
        this.#open.set(mark, { from: at, except: new Set([...except, ...by.rules]) });
        any = true;
      }
    }
    return any;
  }

  stopMark(mark: Mark, at: number): void {
    const held = this.#open.get(mark);
    if (!held) return;
    mark.spans.push({ start: held.from, end: at, ...(held.except.size > 0 ? { except: held.except } : {}) });
    this.#open.delete(mark);
  }

  stopAll(at: number): void {
    for (const mark of this.marks) this.stopMark(mark, at);
  }
}

function isSubset(mark: Mark, by: Mark): boolean {
  return mark.text !== undefined && mark.rules.size > 0 && [...mark.rules].every((r) => by.rules.has(r));
}

/**
 * Push and pop of one family. `warning(push)` keeps what is disabled in force, as the compiler does; `prefast(push)` opens a
 * fresh frame, as Microsoft's suppression query for the driver suite does.
 */
class PragmaState {
  readonly #open = new OpenMarks();
  readonly #saved: Mark[][] = [];

  push(at: Range, family: PragmaFamily): void {
    this.#saved.push(this.#open.marks);
    if (family === 'prefast') this.#open.stopAll(at.start);
  }

  pop(at: Range): void {
    const saved = this.#saved.pop();
    if (!saved) return;
    const held = new Set(this.#open.marks);
    for (const mark of held) if (!saved.includes(mark)) this.#open.stopMark(mark, at.start);
    for (const mark of saved) if (!held.has(mark)) this.#open.start(mark, at.end);
  }

  disable(marks: readonly Mark[], from: number): void {
    for (const mark of marks) this.#open.start(mark, from);
  }

  enable(marks: readonly Mark[], at: number): void {
    for (const mark of marks) this.#open.stop(mark, at);
  }

  close(at: number): void {
    this.#open.stopAll(at);
  }
}
