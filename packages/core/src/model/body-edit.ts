// An edit inside the body of one function, for which that function alone is read again: scanned, rewritten, parsed and lowered as a
// text of its own. Only where that gives what reading the whole file would give: the function has no directive, ends where its first
// brace is closed, and read by itself as it was before the edit it is what the file has. Anything else is refused.

import { scanFile, type LexedFile } from '../lex/scan.js';
import { Punct, TokenKind } from '../lex/tokens.js';
import { matchBrackets } from '../rewrite/brackets.js';
import type { Range } from '../source/range.js';
import { sourceFromString, type SourceText } from '../source/text.js';
import type { FileFacts, FunctionDecl } from './facts.js';
import { FilePlaces, moveAll, moveOwn } from './file-places.js';
import { changedBodies, Comparison } from './graft.js';
import { textChange, type TextChange } from './text-change.js';

/** A function read again, while the facts of its file are still those of the text before. */
export interface BodyEdit {
  readonly facts: FileFacts;
  readonly decl: FunctionDecl;
  readonly change: TextChange;
  /** What the function alone was and is; offsets are those of the file. */
  readonly before: FileFacts;
  readonly now: FileFacts;
  /** Makes the facts those of the text after; nothing else may have changed them meanwhile. */
  apply(): void;
}

/** Reads the text of a function alone, as if it stood where `file` has `decl`; undefined when that cannot be told. */
export type FunctionReader = (lexed: LexedFile, file: FileFacts, decl: FunctionDecl) => FileFacts | undefined;

/** A function nested deeper than this may be refused as part of its file. */
const maxDepth = 200;

/** What a file has of each of its parts, besides functions. */
const lists = ['includes', 'macros', 'variables', 'typedefs', 'records', 'enums', 'pragmas', 'uses', 'inactive', 'directives', 'notAnalysed'] as const;

export class EditedFile {
  private places: FilePlaces | undefined;
  /** The function edited last, as it is by itself. */
  private last: { decl: FunctionDecl; part: FileFacts } | undefined;

  constructor(private readonly path: string, private readonly read: FunctionReader) {}

  /** What an edit does to `facts`; undefined when the file has to be read again. */
  edit(facts: FileFacts, before: SourceText, after: SourceText): BodyEdit | undefined {
    const change = textChange(before.text, after.text);
    const decl = functionAround(facts, change);
    const { last } = this;
    this.last = undefined;
    if (!decl) return undefined;
    const was = last?.decl === decl ? last.part : this.alone(before.text.slice(decl.start, decl.end), facts, decl, change.from);
    if (!was || !agrees(facts, decl, was)) return undefined;
    const now = this.alone(after.text.slice(decl.start, decl.end + change.newTo - change.oldTo), facts, decl, change.from);
    if (!now || !changedBodies(was, now, change)) return undefined;
    return { facts, decl, change, before: was, now, apply: () => { this.apply(facts, decl, now, change, after); } };
  }

  /** A function by itself, at its place in the file, when `from` lies behind its first brace and the last one closes that. */
  private alone(text: string, facts: FileFacts, decl: FunctionDecl, from: number): FileFacts | undefined {
    const lexed = scanFile(sourceFromString(text, this.path));
    const open = bodyStart(lexed);
    if (open < 0 || decl.start + open >= from) return undefined;
    const part = this.read(lexed, facts, decl);
    const [own, ...inner] = part?.functions ?? [];
    if (!part || !own || own.start !== 0 || own.end !== text.length) return undefined;
    // What stands at 0 has no place, but for the function.
    moveAll(part, { from: 0, oldTo: 1, newTo: decl.start + 1 });
    for (const missed of part.notAnalysed) if (missed.function === own.qualified) missed.function = decl.qualified;
    Object.assign(own, { start: decl.start, qualified: decl.qualified, scope: decl.scope });
    const index = facts.functions.indexOf(decl);
    for (const fn of inner) fn.insideOf = index;
    return part;
  }

  private apply(facts: FileFacts, decl: FunctionDecl, now: FileFacts, change: TextChange, after: SourceText): void {
    const places = this.places ??= new FilePlaces(facts);
    const inside = within(decl);
    const others = { directives: facts.directives.filter((d) => !inside(d)), notAnalysed: facts.notAnalysed.filter((n) => !inside(n)) };
    const [own] = now.functions as [FunctionDecl];
    for (const other of [...others.directives, ...others.notAnalysed]) moveOwn(other, change);
    places.move(change, decl);
    delete decl.body;
    delete decl.notAnalysed;
    if (own.body) decl.body = own.body;
    if (own.notAnalysed !== undefined) decl.notAnalysed = own.notAnalysed;
    facts.directives = [...others.directives, ...now.directives].sort(byStart);
    facts.notAnalysed = [...others.notAnalysed, ...now.notAnalysed].sort(byStart);
    // A list of its own: what was worked out of the one before names places.
    facts.pragmas = [...facts.pragmas];
    facts.lineStarts = after.lineStarts;
    facts.length = after.text.length;
    places.addBody(decl);
    this.last = { decl, part: now };
  }
}

/** The one function definition that holds a change, and stands in no class; undefined when there is none. */
function functionAround(facts: FileFacts, { from, oldTo }: TextChange): FunctionDecl | undefined {
  const around = facts.functions.filter((f) => f.isDefinition && f.nameEnd < from && oldTo < f.end);
  const [decl] = around;
  if (!decl || around.length > 1 || decl.isTemplate || decl.insideOf !== undefined) return undefined;
  const holds = (r: Range): boolean => r.start <= decl.start && decl.end <= r.end;
  return facts.records.some(holds) || facts.functions.some((f) => f !== decl && f.isDefinition && within(decl)(f)) ? undefined : decl;
}

/** Offset of the brace that opens the body; -1 when the last token does not close it, or there is a directive. */
function bodyStart({ tokens, directives }: LexedFile): number {
  const { kind, id, start, count } = tokens;
  if (directives.length > 0 || count === 0) return -1;
  const { partner, depth } = matchBrackets(tokens);
  let open = 0;
  while (open < count && !(kind[open] === TokenKind.Punct && id[open] === Punct.LBrace)) open = kind[open] === TokenKind.Punct && partner[open]! > open ? partner[open]! + 1 : open + 1;
  return open < count && partner[open] === count - 1 && depth < maxDepth ? start[open]! : -1;
}

/** The function by itself is what its file has of it. */
function agrees(facts: FileFacts, decl: FunctionDecl, part: FileFacts): boolean {
  const same = new Comparison({ from: 0, oldTo: 0, newTo: 0 });
  const [own, ...inner] = part.functions as [FunctionDecl, ...FunctionDecl[]];
  const seen = (f: FunctionDecl): unknown => [f.name, f.nameStart, f.nameEnd, f.start, f.end, f.params, f.notAnalysed, f.body];
  const inside = within(decl);
  return same.equal(seen(decl), seen(own)) && same.equal(facts.functions.filter((f) => f !== decl && inside(f)), inner)
    && lists.every((key) => same.equal((facts[key] as readonly Range[]).filter(inside), part[key]));
}

const within = (decl: Range) => (r: Range): boolean => decl.start <= r.start && r.end <= decl.end;
const byStart = (a: Range, b: Range): number => a.start - b.start;
