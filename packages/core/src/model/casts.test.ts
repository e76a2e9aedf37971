import { describe, expect, it } from 'vitest';
import { configuration, createParser, ProjectReader, sourceFromString, walkStmts, type Expr } from '../index.js';

const parser = await createParser();

/** The arguments of the calls of `probe` in a text, written in prefix form. */
function argumentsIn(body: string, headers: Record<string, string> = {}): string[] {
  const texts: Record<string, string> = { ...headers, 'a.c': `#include "a.h"\nvoid f(void) { probe(${body}); }\n` };
  const reader = new ProjectReader({
    source: (path) => (path in texts ? sourceFromString(texts[path]!, path) : undefined), resolveInclude: (i) => (i.target in texts ? i.target : undefined),
  }, parser, configuration());
  reader.readUnit('a.c', 'c');
  const fn = reader.files.flatMap((f) => f.functions).find((d) => d.name === 'f');
  const found: string[] = [];
  walkStmts(fn!.body!.stmts, { expr: (e) => { if (e.k === 'call' && e.callee.k === 'name' && e.callee.name === 'probe') found.push(...e.args.map(shown)); } });
  return found;
}

function shown(e: Expr): string {
  switch (e.k) {
    case 'name': return e.name;
    case 'num': return e.text;
    case 'cast': return `(${e.type.base}${'*'.repeat(e.type.ptr)})[${shown(e.e)}]`;
    case 'unary': return `${e.op}[${shown(e.e)}]`;
    case 'binary': return `${e.op}[${shown(e.l)} ${shown(e.r)}]`;
    case 'field': return `${shown(e.e)}${e.arrow ? '->' : '.'}${e.name}`;
    case 'index': return `${shown(e.e)}{${shown(e.i)}}`;
    case 'sizeof': return `sizeof ${e.type ? e.type.base : `[${shown(e.e!)}]`}`;
    case 'call': return `${shown(e.callee)}(${e.args.map(shown).join(' ')})`;
    default: return e.k;
  }
}

describe('casts to a named type', () => {
  it('takes an address, dereferences and negates', () => {
    expect(argumentsIn('(PVOID)&x, (PDEVICE_OBJECT)*pp, (ULONG)-1, (PVOID)&x.y[1]')).toEqual(['(PVOID)[&[x]]', '(PDEVICE_OBJECT)[*[pp]]', '(ULONG)[-[1]]', '(PVOID)[&[x.y{1}]]']);
  });

  it('binds tighter than any operator after it', () => {
    expect(argumentsIn('(PUCHAR)&x + 4, (PVOID)&a == p && q, (ULONG)-a * b, (ULONG)-1 & mask')).toEqual([
      '+[(PUCHAR)[&[x]] 4]', '&&[==[(PVOID)[&[a]] p] q]', '*[(ULONG)[-[a]] b]', '&[(ULONG)[-[1]] mask]',
    ]);
  });

  it('casts what stands in parentheses, members included', () => {
    expect(argumentsIn('(ULONG)(a + b), (PIRP)(p)->Context, (ULONG)(a)[2] | 1, (PUCHAR)(a) + 4')).toEqual([
      '(ULONG)[+[a b]]', '(PIRP)[p->Context]', '|[(ULONG)[a{2}] 1]', '+[(PUCHAR)[a] 4]',
    ]);
  });

  it('knows typedefs of the file and of included headers', () => {
    expect(argumentsIn('(PTHING)&x, (thing_t)(n)', { 'a.h': '#include "b.h"\ntypedef unsigned thing_t;\n', 'b.h': 'typedef struct _THING { int a; } THING, *PTHING;\n' })).toEqual(['(PTHING)[&[x]]', '(thing_t)[n]']);
  });

  it('tells the size of a type from that of a value', () => {
    expect(argumentsIn('sizeof(IO_STACK_LOCATION), sizeof(ULONG) * 2, sizeof(x), sizeof(*p)')).toEqual(['sizeof IO_STACK_LOCATION', '*[sizeof ULONG 2]', 'sizeof [x]', 'sizeof [*[p]]']);
  });

  it('leaves values in parentheses alone', () => {
    expect(argumentsIn('(Length)&Mask, (PAGE_SIZE)-1, (count)*4, (KeFunction)(a, b), (f)(x)->y')).toEqual([
      '&[Length Mask]', '-[PAGE_SIZE 1]', '*[count 4]', 'KeFunction(a b)', 'f(x)->y',
    ]);
  });
});
