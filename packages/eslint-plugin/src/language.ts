// C and C++ as ESLint languages. The findings come from the engine (rules.ts); the tree here is for users' own rules and is only made when
// `languageOptions.tree` asks for it, since making nodes costs more than parsing.

import type { File, Language, OkParseResult } from '@eslint/core';
import { analyseText, baseLayer, configuration, createParser, MacroEnvironment, sourceFromString, type SourceText } from '@drvlint/core';
import { DrvlintSourceCode } from './source-code.js';
import { nodesOf, nodeTypeNames, rootOnly, type SyntaxNode } from './syntax-nodes.js';

export interface DrvlintLanguageOptions extends Record<string, unknown> {
  /** Give the whole syntax tree to rules with selectors. */
  tree?: boolean;
  /** Hash of the project's files: makes ESLint's cache forget results when another file changed. */
  facts?: string;
}

const parser = await createParser();
const config = configuration();
const visitorKeys = Object.fromEntries(nodeTypeNames.map((name) => [name, ['children']]));

interface Parsed extends OkParseResult<SyntaxNode> { source: SourceText }

type Types = { LangOptions: DrvlintLanguageOptions; Code: never; RootNode: SyntaxNode; Node: SyntaxNode };

export function drvlintLanguage(language: 'c' | 'cpp'): Language<Types> {
  return {
    fileType: 'text',
    lineStart: 1,
    columnStart: 0,
    nodeTypeKey: 'type',
    visitorKeys,
    defaultLanguageOptions: { tree: false },
    validateLanguageOptions(options) {
      for (const [name, value] of Object.entries(options)) {
        if (name === 'tree' && typeof value === 'boolean') continue;
        if (name === 'facts' && typeof value === 'string') continue;
        throw new TypeError(`drvlint/${language}: unexpected language option "${name}": ${JSON.stringify(value)}; known are "tree" (boolean) and "facts" (string)`);
      }
    },
    parse(file: File, context) {
      const source = sourceFromString(file.body as string, file.path);
      if (!context.languageOptions.tree) return { ok: true, ast: rootOnly(source), source } as Parsed;
      const analysed = analyseText(source, language, MacroEnvironment.create(baseLayer(config, language)), parser);
      if (!analysed.tree) {
        const reason = analysed.failure?.reason ?? 'not parsed';
        return { ok: false, errors: [{ message: `drvlint: ${reason}`, line: 1, column: 0 }] };
      }
      return { ok: true, ast: nodesOf(analysed.tree, source), source } as Parsed;
    },
    createSourceCode(_file, parsed) {
      const { source, ast } = parsed as Parsed;
      return new DrvlintSourceCode(source, ast, language, visitorKeys) as never;
    },
  };
}
