// One file: what the front end made of it -> its facts.

import { aliasOf, isKnownType } from '@drvlint/wdk';
import type { Annotation, DirectiveComment, FileFacts, Include, MacroDef, MacroUse, NotAnalysed, Pragma } from './facts.js';
import type { Range } from '../source/range.js';
import type { SourceText } from '../source/text.js';
import type { FlatTree, Language } from '../syntax/tree.js';
import { AnnotationIndex } from './annotation-binding.js';
import { Declarations } from './declarations.js';
import { lowerMacros, type SnippetParser } from './macro-bodies.js';
import { TreeReader } from './tree-reader.js';

export interface BuildInput {
  source: SourceText;
  language: Language;
  isHeader: boolean;
  /** Tree of the rewritten text; absent when parsing failed (`failure` says why). */
  tree?: FlatTree;
  /** Rewritten text, as long as the original. */
  code: string;
  failure?: string;
  records: readonly Annotation[];
  uses: MacroUse[];
  macros: MacroDef[];
  includes: Include[];
  pragmas: Pragma[];
  directives: DirectiveComment[];
  inactive: Range[];
  assumptions: Record<string, boolean>;
  parseSnippet: SnippetParser;
  /** Whether a header the file includes declares a type of that name. */
  isDeclaredType?(name: string): boolean;
}

export function buildFacts(input: BuildInput): FileFacts {
  const notAnalysed: NotAnalysed[] = [];
  const facts: FileFacts = {
    path: input.source.path, language: input.language, isHeader: input.isHeader, lineStarts: input.source.lineStarts, length: input.source.text.length,
    includes: input.includes, macros: input.macros, functions: [], variables: [], typedefs: [], records: [], enums: [], pragmas: input.pragmas, uses: input.uses,
    directives: input.directives, notAnalysed, assumptions: input.assumptions, inactive: input.inactive,
  };
  if (!input.tree) {
    notAnalysed.push({ start: 0, end: 0, reason: input.failure ?? 'not parsed' });
    return facts;
  }
  const reader = new TreeReader(input.tree, input.code, input.source.text);
  const isType = typeOracle(facts, (name) => input.isDeclaredType?.(name) === true);
  new Declarations(reader, new AnnotationIndex(input.records), input.language === 'cpp', facts, isType).run();
  lowerMacros(input.macros, input.language, input.parseSnippet, isType);
  return facts;
}

/** Names of types a file declares: typedefs, and in C++ classes and enumerations as well. */
export function declaredTypes(facts: FileFacts): string[] {
  const own = facts.typedefs.map((t) => t.name);
  return facts.language === 'cpp' ? [...own, ...facts.records.map((r) => r.name), ...facts.enums.map((e) => e.name)].filter((name) => name !== '') : own;
}

/** Whether a name is one of a type, as far as the Windows headers, the included ones and this file so far tell. */
function typeOracle(facts: FileFacts, included: (name: string) => boolean): (name: string) => boolean {
  const own = new Set<string>();
  const others = new Map<string, boolean>();
  let [typedefs, records] = [0, 0];
  return (name) => {
    while (typedefs < facts.typedefs.length) own.add(facts.typedefs[typedefs++].name);
    while (facts.language === 'cpp' && records < facts.records.length) own.add(facts.records[records++].name);
    if (own.has(name) || isSystemType(name)) return true;
    let known = others.get(name);
    if (known === undefined) others.set(name, known = included(name));
    return known;
  };
}

const systemTypes = new Map<string, boolean>();

function isSystemType(name: string): boolean {
  let known = systemTypes.get(name);
  if (known === undefined) {
    known = isKnownType(name) || aliasOf(name) !== undefined;
    if (systemTypes.size < 20_000) systemTypes.set(name, known);
  }
  return known;
}
