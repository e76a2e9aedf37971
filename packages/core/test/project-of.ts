// A linked project out of texts given by path, for tests: quoted includes resolve among the texts, included code files belong to
// the unit that includes them.

import { analyseText, type AnalysedText } from '../src/syntax/front-end.js';
import { createParser, isParseFailure, type SyntaxParser } from '../src/syntax/parser.js';
import { configuration } from '../src/lex/configuration.js';
import { baseLayer, MacroEnvironment } from '../src/lex/environment.js';
import { MacroNames } from '../src/lex/macro-names.js';
import { rewrite } from '../src/rewrite/rewrite.js';
import { scanFile } from '../src/lex/scan.js';
import { resolveConditionals } from '../src/lex/conditionals.js';
import { buildFacts } from '../src/model/build.js';
import { linkProject } from '../src/model/link.js';
import type { FileFacts } from '../src/model/facts.js';
import type { Project } from '../src/model/project.js';
import { sourceFromString } from '../src/source/text.js';
import type { Language } from '../src/source/language.js';

let parser: SyntaxParser | undefined;

const languageOf = (path: string): Language => (/\.(cpp|cc|cxx|hpp|hxx)$/.test(path) ? 'cpp' : 'c');

/** `projectOf({ 'a.c': 'void f(void) { }' })`. */
export async function projectOf(texts: Record<string, string>, arch: 'amd64' | 'arm64' | 'x86' = 'amd64'): Promise<Project> {
  parser ??= await createParser();
  const p = parser;
  const config = configuration({ arch });
  const names = new MacroNames();
  const facts = new Map<string, FileFacts>();
  const environments = new Map<string, MacroEnvironment>();
  const resolve = (from: string, target: string): string | undefined => {
    const folder = from.slice(0, from.lastIndexOf('/') + 1);
    return [folder + target, target].find((name) => name in texts);
  };
  const read = (path: string, env: MacroEnvironment, language: Language, isHeader: boolean): void => {
    const source = sourceFromString(texts[path]!, path);
    const analysed = analyseText(source, language, env, p, {
      onInclude(include) {
        const target = include.angled ? undefined : resolve(path, include.target);
        if (target === undefined) return;
        include.resolved = target;
        if (!/\.(h|hpp|hxx)$/.test(target)) {
          if (!facts.has(target)) read(target, env, language, false);
          return;
        }
        let header = environments.get(target);
        if (!header) {
          header = MacroEnvironment.create(baseLayer(config, language, names));
          environments.set(target, header);
          header.readIn(env, () => read(target, header!, language, true));
        }
        env.include(header);
      },
    });
    facts.set(path, factsOf(analysed, language, isHeader, env, p));
  };
  const included = new Set(Object.entries(texts).flatMap(([path, text]) => [...text.matchAll(/#include\s+"([^"]+)"/g)].map((m) => resolve(path, m[1]!))));
  for (const path of Object.keys(texts)) {
    if (!facts.has(path) && !included.has(path)) read(path, MacroEnvironment.create(baseLayer(config, languageOf(path), names)), languageOf(path), /\.(h|hpp)$/.test(path));
  }
  return linkProject([...facts.values()], { name: 'test', arch, textOf: (path) => texts[path] ?? '' });
}

function factsOf(a: AnalysedText, language: Language, isHeader: boolean, env: MacroEnvironment, p: SyntaxParser): FileFacts {
  return buildFacts({
    source: a.source, language, isHeader, ...(a.tree && { tree: a.tree }), code: a.code, ...(a.failure && { failure: a.failure.reason }),
    records: a.records, uses: a.uses, macros: a.active.macros, includes: a.active.includes, pragmas: a.pragmas,
    directives: a.lexed.directiveComments, inactive: a.active.inactive, assumptions: a.active.assumptions,
    parseSnippet: (text) => {
      const lexed = scanFile(sourceFromString(text));
      const { code } = rewrite(resolveConditionals(lexed, env, {}), language);
      const tree = p.parse(code, language);
      return isParseFailure(tree) ? undefined : { tree, code };
    },
  });
}
