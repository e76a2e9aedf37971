import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyseText, baseLayer, configuration, MacroEnvironment } from '../../packages/core/src/index.js';
import { nameOf } from '../../packages/core/src/lex/names.js';
import { scanFile } from '../../packages/core/src/lex/scan.js';
import { sourceFromString } from '../../packages/core/src/source/text.js';
import { createParser, isParseFailure } from '../../packages/core/src/syntax/parser.js';
import type { FlatTree, Language } from '../../packages/core/src/syntax/tree.js';
import { DirectParser } from '../../packages/core/src/syntax/direct/parser.js';
import { S, wordSymbol } from '../../packages/core/src/syntax/direct/symbols.js';

const kernel = await createParser({ direct: false });
const ROOT = path.resolve(import.meta.dirname, '../..');
const LANGUAGES: readonly Language[] = ['c', 'cpp'];

function byKernel(text: string, language: Language): FlatTree {
  const tree = kernel.parse(text, language);
  if (isParseFailure(tree)) throw new Error(tree.reason);
  return tree;
}

/** The kernel's tree, and names that are what stands in the text. */
function expectSame(tree: FlatTree, text: string, expected: FlatTree): void {
  const { name, ...bare } = tree;
  expect(bare, text).toEqual(expected);
  name?.forEach((id, n) => {
    if (id !== 0 && nameOf(id) !== text.slice(tree.start[n], tree.end[n])) throw new Error(`${nameOf(id)} is not at ${tree.start[n]} of ${text}`);
  });
}

/** Reads a text directly and compares with the kernel's tree. What was read without the kernel's help, in tokens; -1 when the text was given up. */
function compare(text: string, language: Language): number {
  const parser = new DirectParser((part, l) => byKernel(part, l));
  const tree = parser.parse(scanFile(sourceFromString(text)).tokens, text, language);
  if (!tree) return -1;
  expectSame(tree, text, byKernel(text, language));
  return parser.counts.direct;
}

const C_TEXTS = [
  '', ';', 'int a, *b = 0, c[3];\n', 'typedef struct _S { int a : 3; union { T *b; void (*c)(int, ...); }; } S, *PS;\n', 'enum E { A, B = A + 1, } e;\n',
  'static T f(const U *a, unsigned long b, V c[], W (*d)(X *)) { return (T)a[b] + d(c)->e.f; }\n',
  'extern "C" { T f(void); struct S { int a; }; }\n',
  'void f(void) { __try { g(); __leave; } __finally { h(); } __try { g(); } __except (F(1)) { } }\n',
  'void f(void) { for (int i = 0, j; i < n; i++, j--) { if (a) b(); else if (c) { continue; } else break; } do x--; while (x > 0); while (1) ; }\n',
  'void f(void) { switch (a) { int q; case 1: case A: { T b; } b * c; g(); break; default: out: x = 1; } goto out; }\n',
  'void f(void) { a * b; a *b = c, d; a(b); a(*b)(c); T (c); (a)(b); *a = b; a[1].b->c++; ++*p; const T t = { .a = 1, [2] = { 3 }, 4, }; }\n',
  'void f(void) { x = (a) - b; x = (a) - b * c; x = (a) & b == c; x = (a) * b; x = (a)(b); x = (a)(b)c; x = (a)b->c; x = (a *)b; x = (T (*)(int))b; x = (a) && b; x = (a) && b >= 4; }\n',
  'void f(void) { x = sizeof(a); x = sizeof(T *) * 2; x = sizeof a[1]; x = sizeof(a) / sizeof(a[0]); x = offsetof(T, a); x = !b--; x = -1; x = a -1; x = - 1; x = 0x1e+1; x = "a" B "c" L"\\n"; }\n',
  'void f(void) { x = a ? b : c ? d : e; x = b ? c, d : e; x = y = z; x = TRUE | NULL; x = 1.5f + .5 + 10UL + \'\\x41\'; return (a), b; }\n',
  'unsigned __int64 a; unsigned int b; typedef unsigned long(h)(k); T const * volatile p; int f(a, b) int a; int b; { return a; }\n',
  'T (*a)(b); static T (*a)(b) = c; int (*a)(b); NAME(x); T a(b (c)); int f() {} int g(int) { { } }\n',
  'void f(void) { g({ h(); }); x = (T){ 1 }; asm("nop"); }\n',
];

const CPP_TEXTS = [
  'namespace N { class A : public B, virtual C::D { public: A(); A(int a) : m(a), n{b} { } virtual ~A() { } T f(int a = 1, const U& b) const override; static int s; int m = 0; virtual void g() = 0; private: T* n; }; }\n',
  'A::A(B* b) : c(b) { } A::~A() { } T A::f(U&& u) const { return u.v; } T* N::A::g() { return this; }\n',
  'void f() { A::B c; A::B * d; A::f(c); a & b; T t(1, a); T t(a, nullptr); T t(a.b); T t(a); x = (A::b)c; x = A::B::c(1); auto a = b; const auto& r = c; for (auto& i : v) g(i); }\n',
  'void f() { if (a < b && c > d) g(); if (a < b) h(a < b, c > d); while (T* t = g()) ; x = a<b>(c); x = static_cast<T*>(a); x = reinterpret_cast<const T&>(a)->b; x = new T(a); delete a; delete[] b; }\n',
  'void f() { x = (a) - b; x = (A::a) - b; x = [=](int y) { return y; }; x = {}; return { a, b }; try { g(); } catch (...) { } x = 12_km; x = "a"_s; x = int(a); void (*p)(int) = q; }\n',
  'template<class T> T f(T a) { return a; } using A = B; struct S final { S() = default; S(const S&) = delete; operator int(); }; int f() { { } } union U { int a; ~U(); }; enum class E : int { A };\n',
];

/** Numbers from a seed, the same in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % below;
  };
}

function words(text: string): string[] {
  const { tokens } = scanFile(sourceFromString(text));
  return Array.from({ length: tokens.count }, (_, i) => text.slice(tokens.start[i], tokens.end[i]));
}

function expression(random: (below: number) => number, depth: number): string {
  const sub = (): string => expression(random, depth - 1);
  if (depth === 0) return ['a', 'b', '1', '-1', '"s"', 'NULL'][random(6)];
  switch (random(14)) {
    case 0: case 1: case 2: return `${sub()} ${['+', '-', '*', '&', '&&', '||', '==', '<', '>', '<<', '|', '/'][random(12)]} ${sub()}`;
    case 3: return `(${sub()})`;
    case 4: return `(a)${sub()}`;
    case 5: return `(T *)${sub()}`;
    case 6: return `${['-', '!', '~', '*', '&', '++', '- '][random(7)]}${sub()}`;
    case 7: return `${sub()}(${sub()}, ${sub()})`;
    case 8: return `${sub()}->m`;
    case 9: return `${sub()}[${sub()}]`;
    case 10: return `sizeof(${sub()})`;
    case 11: return `${sub()} ? ${sub()} : ${sub()}`;
    case 12: return `(a)(${sub()})`;
    default: return `b = ${sub()}`;
  }
}

function files(folder: string): string[] {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const file = path.join(folder, entry.name);
    return entry.isDirectory() ? files(file) : /\.(?:c|cpp|h)$/.test(file) ? [file] : [];
  });
}

const fixtures = files(path.join(ROOT, 'fixtures')).map((file) => {
  const source = fs.readFileSync(file, 'utf8');
  return { file, source, text: words(source).join(' ') };
});

describe('direct parser', () => {
  it.each(C_TEXTS)('makes the tree of C text %#', (text) => { for (const piece of [text, ...text.split('; ').map((part) => `void f(void) { ${part}; }`)]) compare(piece, 'c'); });

  it.each(CPP_TEXTS)('makes the tree of C++ text %#', (text) => { for (const piece of [text, ...text.split('; ').map((part) => `void f() { ${part}; }`)]) compare(piece, 'cpp'); });

  it('reads plain functions without the kernel', () => {
    const text = 'int a;\nint f(T *p) { return p->a ? (int)p->b : g(p, &a); }\n';
    for (const language of LANGUAGES) expect(compare(text, language)).toBe(words(text).length);
  });

  it('gives single items to the kernel', () => {
    const parts: string[] = [];
    const text = 'int a;\nint f(T *p) { return _Alignof(T); }\nint g() { return 1; }\n';
    const parser = new DirectParser((part, language) => { parts.push(part); return byKernel(part, language); });
    expectSame(parser.parse(scanFile(sourceFromString(text)).tokens, text, 'c')!, text, byKernel(text, 'c'));
    expect(parts).toEqual(['int f(T *p) { return _Alignof(T); }']);
  });

  it('makes no tree of a text with an error', () => {
    for (const language of LANGUAGES) expect(compare('int f() { return ( }\nint g() { return 1; }\n', language)).toBe(-1);
  });

  it('makes no tree that is too deep', () => {
    expect(compare(`int x = ${'1 + '.repeat(1500)}1;`, 'c')).toBe(-1);
    expect(compare(`int x = ${'('.repeat(2000)}1${')'.repeat(2000)};`, 'c')).toBe(-1);
    expect(compare(`int f() { ${'if (a) b(); else '.repeat(3000)} c(); }`, 'c')).toBe(-1);
    for (const language of LANGUAGES) {
      for (const long of ['* ', 'a::', '& ', '(', '[', '{', 'if (', '! ', '(a) ', 'a = ', 'a ? ', 'a, ', '~', 'struct { ', 'namespace n { ', 'a<', 'f(', 'l: ', 'case 1: ', 'else ', 'const ', '- ', '"s" ', 'int ', '*f(']) {
        for (const head of ['int ', 'int f() { x = ', 'int f() { ', 'x(', '']) {
          const text = `${head}${long.repeat(20_000)}`;
          const parser = new DirectParser(() => undefined);
          expect(parser.parse(scanFile(sourceFromString(text)).tokens, text, language)).toBeUndefined();
        }
      }
    }
  });

  it('makes the trees of all fixtures as the front end rewrites them', () => {
    let direct = 0;
    let all = 0;
    const config = configuration();
    for (const { file, source } of fixtures) {
      for (const language of LANGUAGES) {
        if (language === 'c' && file.endsWith('.cpp')) continue;
        analyseText(sourceFromString(source), language, MacroEnvironment.create(baseLayer(config, language)), {
          ...kernel,
          parse(text, l, tokens) {
            const parser = new DirectParser((part, m) => byKernel(part, m));
            const tree = tokens && parser.parse(tokens, text, l);
            const expected = byKernel(text, l);
            if (tree) expectSame(tree, text, expected);
            all += tokens?.count ?? 0;
            direct += tree ? parser.counts.direct : 0;
            return expected;
          },
        });
      }
    }
    expect(direct / all).toBeGreaterThan(0.8);
  });

  it('makes the trees of broken texts or none', () => {
    const random = numbers(7);
    for (let n = 0; n < 3000; n++) {
      const { file, text } = fixtures[random(fixtures.length)];
      const tokens = text.split(' ');
      const from = random(Math.max(1, tokens.length - 100));
      const piece = tokens.slice(from, from + 30 + random(90));
      for (let edits = 1 + random(3); edits > 0; edits--) {
        const [a, b] = [random(piece.length), random(piece.length)];
        const kind = random(3);
        if (kind === 0) piece.splice(a, 1);
        else if (kind === 1) piece.splice(a, 0, piece[b]);
        else [piece[a], piece[b]] = [piece[b], piece[a]];
      }
      const body = piece.join(' ');
      compare(random(2) === 0 ? body : `int f ( void ) { ${body} }`, file.endsWith('.c') ? 'c' : 'cpp');
    }
  });

  it('makes the trees of random expressions', () => {
    const random = numbers(11);
    let read = 0;
    for (let n = 0; n < 4000; n++) if (compare(`int f(void) { x = ${expression(random, 1 + random(4))}; }`, LANGUAGES[random(2)]) > 0) read++;
    expect(read).toBeGreaterThan(1000);
  });

  it('knows every word of the grammars', () => {
    for (const language of LANGUAGES) {
      const grammar = fs.readFileSync(path.join(ROOT, `node_modules/tree-sitter-${language}/src/grammar.json`), 'utf8');
      const found = [...grammar.matchAll(/"type": "STRING",\s*"value": "([A-Za-z_]\w*)"/g)].map((match) => match[1]);
      const unknown = [...new Set(found)].filter((word) => wordSymbol(language, word) === S.Ident);
      expect(unknown, language).toEqual([]);
    }
  });
});
