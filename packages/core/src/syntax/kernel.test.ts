import { describe, expect, it } from 'vitest';
import { createParser, isParseFailure } from './parser.js';
import type { Language } from './tree.js';

const kernel = await createParser();
const native = await createParser({ prefer: 'native' });

const TEXTS: readonly [Language, string][] = [
  ['c', ''],
  ['c', 'int f(int a, char *b[3]) { if (a == 1) return b[0][a ? 1 : 2]; else { do a--; while (a > 0); } return sizeof(int) + (a << 3); }\n'],
  ['c', 'VOID\nDrvUnload(PDRIVER_OBJECT d) { __try { x->y(d, &z); } __except (EXCEPTION_EXECUTE_HANDLER) { goto out; }\nout: ; }\r\n'],
  ['c', 'int broken( { return 1 }\nint ok(void) { return 2; }\n'],
  ['c', 'struct S { int a : 3; union { void (*cb)(int); long b; }; } s = { .a = 1, [2] = 3 };\n#define X(y) (y + 1)\n'],
  ['c', 'char *t = "\\n\\t" L"wide" "\u00e9\u{1f600}"; // \u{1f600}\nint after;\n'],
  ['cpp', 'namespace N { template<class T> class C : public B { public: virtual ~C() override; int m(T&& t) const { return [=](auto x) { return x + t; }(1); } }; }\n'],
  ['cpp', 'auto s = R"x(raw " text)x"; enum class E : int { A, B }; void f() { for (auto& i : v) delete[] i; try { throw 1; } catch (...) {} }\n'],
  ['cpp', 'class X { int f( ; }; \\\n)) (((\n'],
];

describe('kernel', () => {
  it('is the parser that createParser gives', () => {
    expect(kernel.backend).toBe('kernel');
    expect(native.backend).toBe('native');
  });

  it.each(TEXTS)('makes the native tree of %s text %#', (language, text) => {
    const expected = native.parse(text, language);
    const made = kernel.parse(text, language);
    if (isParseFailure(expected) || isParseFailure(made)) throw new Error('not parsed');
    expect(made).toEqual(expected);
  });

  it('forgets one text before the next', () => {
    const [language, text] = TEXTS[1];
    const before = kernel.parse(text, language);
    kernel.parse('int '.repeat(20_000), 'cpp');
    expect(kernel.parse(text, language)).toEqual(before);
  });

  it('gives up when the time is up, and goes on', async () => {
    const hasty = await createParser({ timeBudget: 1 });
    expect(hasty.parse('((((int x) {'.repeat(60_000), 'cpp')).toEqual({ reason: 'parsing took too long' });
    expect(isParseFailure(hasty.parse('int x;', 'c'))).toBe(false);
  });

  it('keeps nodes up to a depth', () => {
    const deep = kernel.parse(`int x = ${'('.repeat(3000)}1${')'.repeat(3000)};`, 'c');
    if (isParseFailure(deep)) throw new Error('not parsed');
    expect(deep.flags[0] & 1).toBe(1);
  });
});
