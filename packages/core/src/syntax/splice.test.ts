import { describe, expect, it } from 'vitest';
import { createParser, isParseFailure } from './parser.js';
import { SplicingParser } from './splice.js';
import type { FlatTree, Language } from './tree.js';

const parser = await createParser();

function parse(text: string, language: Language): FlatTree {
  const tree = parser.parse(text, language);
  if (isParseFailure(tree)) throw new Error(tree.reason);
  return tree;
}

/** Parses the texts one after the other as versions of one file and compares each tree with that of a fresh parse. */
function versions(language: Language, ...texts: string[]): number {
  const splicing = new SplicingParser(parser);
  splicing.remember('a', true);
  for (const text of texts) expect(splicing.within('a', () => splicing.parse(text, language)), text).toEqual(parse(text, language));
  return splicing.splices;
}

const two = 'int a(void)\n{\n  return b(1);\n}\n\nint c(int x)\n{\n  if (x) { a(); }\n  return x;\n}\n\nint after;\n';

describe('splicing a function into a tree', () => {
  it('parses one function when the change lies in its body', () => {
    const edited = two.replace('b(1)', 'b(1 + 2)');
    expect(versions('c', two, edited, edited.replace('a();', ''), edited, two)).toBe(4);
  });

  it('parses the whole text when the change touches anything else', () => {
    expect(versions('c', two, two.replace('int c', 'long c'), two.replace('int after', 'int before'), two.replace('void)\n{', 'void)\n{{'))).toBe(0);
  });

  it('parses the whole text while the function is broken, and one function once it is whole again', () => {
    expect(versions('c', two, two.replace('b(1)', 'b(1'), two.replace('b(1)', 'b(1}'), two.replace('b(1)', 'b(12)'))).toBe(1);
  });

  it('knows a brace that ends the function early', () => {
    expect(versions('c', two, two.replace('if (x) {', '} int d(void) { {'))).toBe(0);
  });

  it('sees functions in namespaces and extern "C", but not methods in a class body', () => {
    const cpp = 'namespace n {\nextern "C" {\nint f() { return g(); }\n}\n}\nclass K { int m() { return 1; } };\nint K2::m() { auto l = [](int q) { return q; }; return l(2); }\n';
    expect(versions('cpp', cpp, cpp.replace('g()', 'g(1)'))).toBe(1);
    expect(versions('cpp', cpp, cpp.replace('return 1', 'return 11'))).toBe(0);
    expect(versions('cpp', cpp, cpp.replace('return q', 'return q + q'))).toBe(1);
  });

  it('keeps no tree of a file it is not to remember', () => {
    const splicing = new SplicingParser(parser);
    splicing.within('a', () => splicing.parse(two, 'c'));
    splicing.within('a', () => splicing.parse(two.replace('b(1)', 'b(2)'), 'c'));
    expect(splicing.splices).toBe(0);
  });
});
