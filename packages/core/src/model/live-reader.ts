// A reader that reads single files again after their text has changed, for editors. What it gives is what a reader that starts anew
// would give: a header is read in the light of its first includer, so the questions it asked there are remembered and asked again;
// a header whose macros changed has every file that mentions them read again. A change of what is included is beyond it.

import type { MacroEnvironment, MacroLayer, MacroState } from '../lex/environment.js';
import type { Configuration } from '../lex/configuration.js';
import type { LexedFile } from '../lex/scan.js';
import type { Language } from '../source/language.js';
import type { SourceText } from '../source/text.js';
import type { SyntaxParser } from '../syntax/parser.js';
import { SplicingParser } from '../syntax/splice.js';
import type { FileFacts, FunctionDecl } from './facts.js';
import { analyseText } from '../syntax/front-end.js';
import { AskedLayer } from './asked-layer.js';
import { EditedFile, type BodyEdit } from './body-edit.js';
import { declaredTypes } from './build.js';
import { ProjectReader, type ReaderHost } from './reader.js';

interface Root { path: string; language: Language; forced: readonly string[] }

/** How a header came to be read. */
interface FirstUse {
  from: string;
  language: Language;
  asked: AskedLayer;
  /** What the includer itself had defined by then. */
  includer: MacroState;
}

export class LiveReader extends ProjectReader {
  private readonly roots: Root[] = [];
  private readonly firstUses = new Map<string, FirstUse>();
  /** Code files that were read as part of another: to the file that includes them. */
  private readonly partOf = new Map<string, string>();
  private readonly splicing: SplicingParser;
  private readonly texts = new Map<string, SourceText>();
  /** Units whose trees are kept, as long as what they include is what it was when they were read. */
  private readonly edited = new Map<string, EditedFile>();
  private pass: Pass | undefined;

  constructor(host: ReaderHost, parser: SyntaxParser, config: Configuration) {
    const splicing = new SplicingParser(parser);
    super(host, splicing, config);
    this.splicing = splicing;
  }

  /** Keeps the tree of a file that is being edited, so that an edit parses one function; undo with `false`. */
  keepTree(path: string, keep: boolean): void {
    this.splicing.remember(path, keep);
    if (!keep) this.edited.delete(path);
  }

  /** The text a file's facts were made of; the host may have a newer one by now. */
  textOf(path: string): SourceText | undefined {
    return this.texts.get(path);
  }

  factsOf(path: string): FileFacts | undefined {
    return this.read.get(path);
  }

  override readUnit(path: string, language: Language, forced: readonly string[] = []): void {
    if (this.has(path)) return;
    super.readUnit(path, language, forced);
    if (this.has(path)) this.roots.push({ path, language, forced });
  }

  /** The facts to go on with, where those that were read have been put into others. */
  adopt(facts: FileFacts): void {
    if (this.read.has(facts.path)) this.read.set(facts.path, facts);
  }

  /** What the new text of a file is, where only the body of one function has changed; undefined when it must be read again. */
  bodyEdit(path: string): BodyEdit | undefined {
    const [file, facts, before] = [this.edited.get(path), this.read.get(path), this.texts.get(path)];
    const after = file && super.sourceOf(path);
    const edit = facts && before && after && file.edit(facts, before, after);
    return edit && {
      ...edit, apply: () => {
        edit.apply();
        this.texts.set(path, after);
      },
    };
  }

  /**
   * Reads again what depends on the text of the files given, one unit per step. Ends with the files read again, or with undefined when
   * the files of the project are no longer the same or include each other differently: then the project must be read anew.
   */
  *refresh(dirty: Iterable<string>): Generator<void, ReadonlySet<string> | undefined> {
    const pass = new Pass(this.read);
    this.pass = pass;
    this.edited.clear();
    try {
      for (const path of dirty) if (!this.demand(path)) return undefined;
      for (const root of this.roots) {
        if (!pass.stale.has(root.path)) continue;
        this.reread(root);
        if (pass.broken) return undefined;
        yield;
      }
      return pass.finish();
    } finally {
      this.pass = undefined;
    }
  }

  /** Marks a file and whatever leads to it from its unit. False: no unit leads to it. */
  private demand(path: string): boolean {
    const { stale } = this.pass!;
    for (let at: string | undefined = path; at !== undefined && !stale.has(at); at = this.firstUses.get(at)?.from ?? this.partOf.get(at)) {
      if (!this.read.has(at)) return false;
      stale.add(at);
    }
    return true;
  }

  private reread(root: Root): void {
    this.forgetParts(root.path);
    this.read.delete(root.path);
    super.readUnit(root.path, root.language, root.forced);
    if (!this.read.has(root.path)) this.pass!.broken = true;
  }

  /** Code files included by a file that is read again are read again with it. */
  private forgetParts(of: string): void {
    for (const [path, from] of this.partOf) {
      if (from !== of || !this.read.delete(path)) continue;
      this.pass!.stale.add(path);
      this.forgetParts(path);
    }
  }

  protected override readText(path: string, language: Language, env: MacroEnvironment, isHeader: boolean): void {
    this.splicing.within(path, () => super.readText(path, language, env, isHeader));
    const facts = this.read.get(path);
    if (facts) this.pass?.took(path, facts);
    if (isHeader || this.partOf.has(path) || !this.splicing.readsAlone(path)) this.edited.delete(path);
    else this.edited.set(path, new EditedFile(path, (lexed, file, decl) => this.readFunction(lexed, file, decl, env)));
  }

  /** A function as its file has it: its macros and types are those before it. */
  private readFunction(lexed: LexedFile, file: FileFacts, decl: FunctionDecl, env: MacroEnvironment): FileFacts | undefined {
    const analysed = this.splicing.within('', () => analyseText(lexed.source, file.language, env, this.parser, { lexed }));
    const { tree } = analysed;
    // An error may have been read otherwise as part of the file, where it does not stay in the function.
    const isContained = tree?.name !== undefined && decl.scope.every((s) => s.kind === 'class') && (file.language === 'c' || decl.externC !== true);
    if (!tree || ((tree.flags[0] & 1) !== 0 && !isContained)) return undefined;
    let own: Set<string> | undefined;
    return this.facts(analysed, env, false, (name) => {
      own ??= new Set(declaredTypes({ ...file, typedefs: file.typedefs.filter((t) => t.start < decl.start), records: file.records.filter((r) => r.start < decl.start), enums: [] }));
      return own.has(name) || this.declares(file.includes, name);
    });
  }

  protected override sourceOf(path: string): SourceText | undefined {
    const source = super.sourceOf(path);
    if (source) this.texts.set(path, source);
    return source;
  }

  protected override parseSnippet(text: string, language: Language, env: MacroEnvironment): ReturnType<ProjectReader['parseSnippet']> {
    return this.splicing.within('', () => super.parseSnippet(text, language, env));
  }

  protected override readPart(path: string, language: Language, env: MacroEnvironment, from: string): void {
    this.partOf.set(path, from);
    super.readPart(path, language, env, from);
  }

  protected override readHeader(path: string, language: Language, includer: MacroEnvironment, from: string): void {
    const known = this.pass && this.firstUses.get(path);
    if (this.pass && !known) this.pass.broken = true;
    if (this.pass && known?.from === from && !this.pass.met.has(path)) {
      this.pass.met.add(path);
      if (this.pass.stale.has(path)) this.rereadHeader(path, language, includer, from);
      else if (known.language !== language || !this.asksTheSame(known, includer, from)) this.pass.broken = true;
    }
    super.readHeader(path, language, includer, from);
    this.firstUses.get(path)?.asked.close();
  }

  /** In a unit that defines the same as before up to here, with no header changed, there is nothing to ask. */
  private asksTheSame(known: FirstUse, includer: MacroEnvironment, from: string): boolean {
    if (!this.pass!.headersChanged && !this.firstUses.has(from) && includer.changedSince(known.includer).size === 0) return true;
    return known.asked.sameAnswers(includer);
  }

  private rereadHeader(path: string, language: Language, includer: MacroEnvironment, from: string): void {
    const layer = this.headerLayers.get(path)!;
    const before = layer.restart(this.bases[language]);
    this.forgetParts(path);
    layer.readIn(this.contextOf(path, language, includer, from), () => this.readText(path, language, layer, true));
    const changed = layer.changedSince(before);
    for (const other of this.headerLayers.values()) other.forgetLookups();
    if (changed.size === 0) return;
    this.pass!.headersChanged = true;
    this.demandUsers(path, changed);
  }

  /** Everything that sees the header and mentions a changed name, or a macro whose text does. */
  private demandUsers(header: string, changed: Set<string>): void {
    const names = this.affectedNames(changed);
    const mentions = new RegExp(`(?<![\\w$])(?:${[...names].map((n) => n.replace(/\$/g, '\\$')).join('|')})(?![\\w$])`);
    for (const path of this.seeing(header)) {
      if (this.pass!.stale.has(path) || !mentions.test(this.texts.get(path)?.text ?? '')) continue;
      if (!this.demand(path)) this.pass!.broken = true;
    }
  }

  private affectedNames(changed: Set<string>): Set<string> {
    // Keys of conditions that were assumed are texts with several names.
    const names = new Set([...changed].flatMap((key) => key.match(/[A-Za-z_$][\w$]*/g) ?? []));
    const macros = [...this.read.values()].flatMap((f) => f.macros);
    for (let size = -1; size !== names.size;) {
      size = names.size;
      for (const m of macros) if (!names.has(m.name) && m.body.match(/[A-Za-z_$][\w$]*/g)?.some((n) => names.has(n))) names.add(m.name);
    }
    return names;
  }

  private seeing(header: string): Set<string> {
    const found = new Set([header]);
    for (let size = 0; size !== found.size;) {
      size = found.size;
      for (const [path, facts] of this.read) if (facts.includes.some((i) => i.resolved !== undefined && found.has(i.resolved))) found.add(path);
    }
    found.delete(header);
    return found;
  }

  protected override contextOf(path: string, language: Language, includer: MacroEnvironment, from: string): MacroLayer {
    const asked = new AskedLayer(includer);
    this.firstUses.set(path, { from, language, asked, includer: includer.state() });
    return asked;
  }
}

/** One refresh: what is to be read again, what was, and how the files stood before. */
class Pass {
  readonly stale = new Set<string>();
  /** Headers that came up at the place where they were first read. */
  readonly met = new Set<string>();
  broken = false;
  /** A header means something else than before. */
  headersChanged = false;
  private readonly before: ReadonlyMap<string, FileFacts>;
  private readonly taken = new Set<string>();

  constructor(private readonly read: Map<string, FileFacts>) {
    this.before = new Map(read);
  }

  took(path: string, facts: FileFacts): void {
    const old = this.before.get(path);
    if (!old || old.isHeader !== facts.isHeader || old.language !== facts.language || !sameIncludes(old, facts)) this.broken = true;
    this.taken.add(path);
  }

  /** The files in their old order, since nothing about it has changed. */
  finish(): ReadonlySet<string> | undefined {
    if (this.before.size !== this.read.size || [...this.stale].some((path) => !this.taken.has(path))) return undefined;
    const now = [...this.before.keys()].map((path): [string, FileFacts | undefined] => [path, this.read.get(path)]);
    this.read.clear();
    for (const [path, facts] of now) if (facts) this.read.set(path, facts);
    return this.read.size === this.before.size ? this.taken : undefined;
  }
}

/** Includes of the system's headers do not matter to what is read. */
function sameIncludes(a: FileFacts, b: FileFacts): boolean {
  const [before, now] = [a, b].map((f) => f.includes.flatMap((i) => i.resolved ?? []));
  return before.length === now.length && before.every((path, n) => path === now[n]);
}
