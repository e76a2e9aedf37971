// One file: what the front end made of it -> its facts.

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
  const reader = new TreeReader(input.tree, input.code);
  new Declarations(reader, new AnnotationIndex(input.records), input.language === 'cpp', facts).run();
  lowerMacros(input.macros, input.language, input.parseSnippet);
  return facts;
}
