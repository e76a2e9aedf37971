// Reads the files of one project: units in order, quoted includes on the way, headers once. A file of code that another file
// includes is read in its includer's environment, as part of that unit.

import { analyseText, type AnalysedText } from '../syntax/front-end.js';
import { isParseFailure, type SyntaxParser } from '../syntax/parser.js';
import { baseLayer, MacroEnvironment, type BaseLayer, type MacroLayer } from '../lex/environment.js';
import { MacroNames } from '../lex/macro-names.js';
import type { Configuration } from '../lex/configuration.js';
import { resolveConditionals } from '../lex/conditionals.js';
import { scanFile } from '../lex/scan.js';
import { rewrite } from '../rewrite/rewrite.js';
import { sourceFromString, type SourceText } from '../source/text.js';
import type { Language } from '../source/language.js';
import { buildFacts, declaredTypes } from './build.js';
import { withMacroPragmas } from './macro-pragmas.js';
import type { FileFacts, Include, MacroDef } from './facts.js';
import { ReadLog, readKey, SharedRead, type SharedReads } from './shared-reads.js';

export interface ReaderHost {
  /** Decoded text of a file; undefined when it cannot be read (the host keeps the reason). */
  source(path: string): SourceText | undefined;
  /** Path of a quoted include, undefined when it is not in the project's reach. */
  resolveInclude(include: Include, from: string): string | undefined;
}

const CODE_FILE = /\.(?:c|cpp|cc|cxx|inl)$/i;

export class ProjectReader {
  protected readonly read = new Map<string, FileFacts>();
  protected readonly headerLayers = new Map<string, MacroEnvironment>();
  protected readonly bases: Record<Language, BaseLayer>;
  private readonly types = new WeakMap<FileFacts, ReadonlySet<string>>();
  /** Names of types that any file read so far declares, of all but the files in `unlisted`: most names that are asked for are none. */
  private readonly typeNames = new Set<string>();
  private readonly unlisted: FileFacts[] = [];
  /** Of files whose reading is written down. */
  private readonly logs = new Map<MacroEnvironment, ReadLog>();
  /** Files being read, to cut include cycles. */
  protected readonly open = new Set<string>();

  /** `shared`: what other projects read, under whatever configuration. */
  constructor(protected readonly host: ReaderHost, protected readonly parser: SyntaxParser, private readonly config: Configuration, private readonly shared?: SharedReads) {
    const names = new MacroNames();
    this.bases = { c: baseLayer(this.config, 'c', names), cpp: baseLayer(this.config, 'cpp', names) };
  }

  /** Facts of everything read so far, in the order files were first met. */
  get files(): FileFacts[] {
    return [...this.read.values()];
  }

  has(path: string): boolean {
    return this.read.has(path);
  }

  /**
   * Reads a file and what it includes; does nothing when it was read before. Native trees are freed only after a turn of the
   * event loop: yield between units.
   */
  readUnit(path: string, language: Language, forcedIncludes: readonly string[] = []): void {
    if (this.read.has(path)) return;
    const env = MacroEnvironment.create(this.bases[language]);
    for (const forced of forcedIncludes) this.readHeader(forced, language, env, path);
    this.readFresh(path, language, env, false);
  }

  /** Reads a file whose environment holds nothing yet, or takes what another project read where that would be the same. */
  private readFresh(path: string, language: Language, env: MacroEnvironment, isHeader: boolean): void {
    const source = this.shared?.wants(path) ? this.sourceOf(path) : undefined;
    if (!this.shared || !source) return this.readText(path, language, env, isHeader);
    const key = readKey(path, language, isHeader);
    for (const read of this.shared.of(key)) if (read.text === source.text && this.replayed(read, path, language, env)) return;
    const log = new ReadLog();
    this.logs.set(env, log);
    env.logged(log, () => this.readText(path, language, env, isHeader));
    this.logs.delete(env);
    const facts = this.read.get(path);
    if (facts && !log.partial) this.shared.keep(key, new SharedRead(source.text, facts, log));
  }

  private replayed(read: SharedRead, path: string, language: Language, env: MacroEnvironment): boolean {
    const included = env.included();
    this.open.add(path);
    const same = read.replay(env, {
      resolve: (include) => this.host.resolveInclude(include, path),
      include: (include) => this.include(include, path, language, env),
      declares: (name) => this.declares(read.facts.includes, name),
    });
    this.open.delete(path);
    if (same) this.took(path, read.facts);
    else env.rollback(included);
    return same;
  }

  protected readText(path: string, language: Language, env: MacroEnvironment, isHeader: boolean): void {
    const source = this.sourceOf(path);
    if (!source) return;
    this.open.add(path);
    const analysed = analyseText(source, language, env, this.parser, { onInclude: this.includer(path, language, env) });
    this.open.delete(path);
    this.took(path, this.facts(analysed, env, isHeader));
  }

  private took(path: string, facts: FileFacts): void {
    this.read.set(path, facts);
    this.unlisted.push(facts);
  }

  protected sourceOf(path: string): SourceText | undefined {
    return this.host.source(path);
  }

  private includer(path: string, language: Language, env: MacroEnvironment): (include: Include) => void {
    const log = this.logs.get(env);
    const read = (include: Include): void => this.include(include, path, language, env);
    return log ? (include) => log.include(include, () => read(include)) : read;
  }

  private include(include: Include, from: string, language: Language, env: MacroEnvironment): void {
    const target = this.host.resolveInclude(include, from);
    if (target === undefined) return;
    include.resolved = target;
    if (this.open.has(target)) return;
    if (!CODE_FILE.test(target)) return this.readHeader(target, language, env, from);
    const log = this.logs.get(env);
    if (log) log.partial = true;
    if (!this.read.has(target)) this.readPart(target, language, env, from);
  }

  /** Reads a file of code that `from` includes. */
  protected readPart(path: string, language: Language, env: MacroEnvironment, _from: string): void {
    this.readText(path, language, env, false);
  }

  /** Makes the macros of a header visible in `includer`, the environment of the file `from`; reads it the first time. */
  protected readHeader(path: string, language: Language, includer: MacroEnvironment, from: string): void {
    let layer = this.headerLayers.get(path);
    if (!layer) {
      layer = MacroEnvironment.create(this.bases[language]);
      this.headerLayers.set(path, layer);
      const own = layer;
      own.readIn(this.contextOf(path, language, includer, from), () => this.readFresh(path, language, own, true));
    }
    includer.include(layer);
  }

  /** What a header sees of its first includer while it is read. */
  protected contextOf(_path: string, _language: Language, includer: MacroEnvironment, _from: string): MacroLayer {
    return includer;
  }

  /** `declares`: whether what stands around the text or is included declares a type. */
  protected facts(
    analysed: AnalysedText, env: MacroEnvironment, isHeader: boolean, declares = (name: string): boolean => this.declares(analysed.active.includes, name),
  ): FileFacts {
    const { active, language } = analysed;
    const log = this.logs.get(env);
    const facts = buildFacts({
      source: analysed.source, language, isHeader, ...(analysed.tree ? { tree: analysed.tree } : {}), code: analysed.code,
      ...(analysed.failure ? { failure: analysed.failure.reason } : {}), records: analysed.records, uses: analysed.uses,
      macros: active.macros.map((m): MacroDef => ({ ...m })), includes: active.includes, pragmas: withMacroPragmas(analysed.pragmas, analysed.records, analysed.uses, (name) => env.everDefined(name)),
      directives: analysed.lexed.directiveComments, inactive: active.inactive, assumptions: active.assumptions,
      parseSnippet: (text, lang) => this.parseSnippet(text, lang, env), isDeclaredType: log ? (name) => log.declares(name, declares(name)) : declares,
    });
    for (const p of active.problems) facts.notAnalysed.push({ start: p.start, end: p.end, reason: p.reason });
    facts.notAnalysed.sort((a, b) => a.start - b.start);
    return facts;
  }

  /** Whether one of the included files, or one they include, declares a type. */
  protected declares(includes: readonly Include[], name: string): boolean {
    for (let facts = this.unlisted.pop(); facts; facts = this.unlisted.pop()) for (const type of this.typesOf(facts)) this.typeNames.add(type);
    return this.typeNames.has(name) && this.declaresAmong(includes, name, new Set());
  }

  private declaresAmong(includes: readonly Include[], name: string, seen: Set<string>): boolean {
    return includes.some(({ resolved }) => {
      const facts = resolved === undefined || seen.has(resolved) ? undefined : this.read.get(resolved);
      if (!facts) return false;
      seen.add(facts.path);
      return this.typesOf(facts).has(name) || this.declaresAmong(facts.includes, name, seen);
    });
  }

  private typesOf(facts: FileFacts): ReadonlySet<string> {
    let own = this.types.get(facts);
    if (!own) this.types.set(facts, own = new Set(declaredTypes(facts)));
    return own;
  }

  /** The same way as a file's text, but without an effect on the environment. */
  protected parseSnippet(text: string, language: Language, env: MacroEnvironment): ReturnType<Parameters<typeof buildFacts>[0]['parseSnippet']> {
    const lexed = scanFile(sourceFromString(text));
    const { code, tokens, refused } = rewrite(resolveConditionals(lexed, env), language);
    if (refused) return undefined;
    const tree = this.parser.parse(code, language, tokens);
    return isParseFailure(tree) ? undefined : { tree, code };
  }
}
