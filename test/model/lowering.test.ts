import { describe, expect, it } from 'vitest';
import { typeText, walkStmts, type Expr, type Stmt } from '@drvlint/core';
import { functionOf, projectOf } from '../harness/project-of-texts.js';

/** Compact spelling of an expression, to compare shapes. */
function show(e: Expr): string {
  switch (e.k) {
    case 'name': return e.name;
    case 'num': case 'str': case 'char': return e.text;
    case 'unary': return `${e.op}${show(e.e)}`;
    case 'update': return e.prefix ? `${e.op}${show(e.e)}` : `${show(e.e)}${e.op}`;
    case 'binary': case 'assign': return `(${show(e.l)} ${e.op} ${show(e.r)})`;
    case 'comma': return `(${show(e.l)}, ${show(e.r)})`;
    case 'call': return `${show(e.callee)}(${e.args.map(show).join(', ')})`;
    case 'field': return `${show(e.e)}${e.arrow ? '->' : '.'}${e.name}`;
    case 'index': return `${show(e.e)}[${show(e.i)}]`;
    case 'cast': return `<${e.cast} ${typeText(e.type)}>${show(e.e)}`;
    case 'cond': return `(${show(e.c)} ? ${show(e.a)} : ${show(e.b)})`;
    case 'sizeof': return e.type ? `sizeof<${typeText(e.type)}>` : `sizeof ${show(e.e!)}`;
    case 'init': return `{${e.items.map((i) => (i.field ? `.${i.field}=` : i.index ? `[${show(i.index)}]=` : '') + show(i.value)).join(', ')}}`;
    case 'lambda': return `lambda[${e.captures}](${e.params.map((p) => p.name).join(',')})`;
    case 'new': return `new ${typeText(e.type)}${e.args ? `(${e.args.map(show).join(', ')})` : ''}`;
    case 'delete': return `delete${e.array ? '[]' : ''} ${show(e.e)}`;
    default: return `?(${e.parts.map(show).join(', ')})`;
  }
}

function bodyOf(text: string, path = 'a.c', name = 'f'): Stmt[] {
  const fn = functionOf(projectOf({ [path]: text }), name);
  if (!fn.def?.decl.body) throw new Error(`not analysed: ${fn.def?.decl.notAnalysed}`);
  return fn.def.decl.body.stmts;
}

function expressions(text: string, path?: string): string[] {
  return bodyOf(text, path).flatMap((s) => (s.k === 'expr' ? [show(s.e)] : s.k === 'return' && s.e ? [`return ${show(s.e)}`] : []));
}

describe('expressions', () => {
  it('assigns the variable that a while condition declares', () => {
    const [block] = bodyOf('void f() { while (const bool go = !g()) h(go); }', 'a.cpp');
    expect(block).toMatchObject({ k: 'block', body: [{ k: 'decl', vars: [{ name: 'go' }] }, { k: 'while' }] });
    expect(block.k === 'block' && block.body[1].k === 'while' && show(block.body[1].c)).toBe('(go = !g())');
  });

  it('keeps operators, calls, fields and drops parentheses', () => {
    expect(expressions('void f(void) { a = (b + c) * -d; p->q.r[i++](x, &y); *p |= ~m; g(), h(); }')).toEqual([
      '(a = ((b + c) * -d))', 'p->q.r[i++](x, &y)', '(*p |= ~m)', '(g(), h())',
    ]);
  });

  it('keeps a comparison that the grammar of C++ would read as a template', () => {
    const p = projectOf({ 'a.cpp': '#define OUT(a, b) (a < (b) || b > (a))\nint f(int a, int b) { return a < (b) || b > (a) || a <= (b); }\n' });
    const [stmt] = functionOf(p, 'f').def!.decl.body!.stmts;
    expect(JSON.stringify(stmt).match(/(?<="op":")[^"]+/g)).toEqual(['||', '||', '<', '>', '<=']);
    expect(JSON.stringify(p.fileOf('a.cpp')!.macros[0].expr).match(/(?<="op":")[^"]+/g)).toEqual(['||', '<', '>']);
  });

  it('reads casts with their types, sizeof, conditionals and literals', () => {
    expect(expressions("long f(void) { x = (PVOID)y; z = sizeof(ULONG) + sizeof *p; t = 'mdW '; return a ? 0x10UL : L\"s\" ? 1 : 2; }")).toEqual([
      '(x = <c PVOID>y)', '(z = (sizeof<ULONG> + sizeof *p))', "(t = 'mdW ')", 'return (a ? 0x10UL : (L"s" ? 1 : 2))',
    ]);
  });

  it('gives values of numbers and packed characters', () => {
    const values: number[] = [];
    walkStmts(bodyOf("void f(void) { g(0x1F, 010, 42ui64, 'ab', '\\x41', '\\n', 1.5f); }"), { expr: (e) => { if (e.k === 'num' || e.k === 'char') values.push(e.value); } });
    expect(values).toEqual([31, 8, 42, 0x6162, 0x41, 10, 1.5]);
  });

  it('reads C++ casts, new, delete, lambdas and qualified names', () => {
    expect(expressions('void f() { g(reinterpret_cast<PVOID>(x), static_cast<const A*>(y)); p = new B(1, 2); delete[] q; N::h<int>(z); run([&](int n) { n++; }); }', 'a.cpp')).toEqual([
      'g(<reinterpret PVOID>x, <static const A *>y)', '(p = new B(1, 2))', 'delete[] q', 'N::h(z)', 'run(lambda[&](n))',
    ]);
  });

  it('reads a long chain of operators without using the stack', () => {
    const chain = Array.from({ length: 900 }, (_, i) => `a${i}`).join(' | ');
    const s = bodyOf(`void f(void) { x = ${chain}; }`)[0];
    let depth = 0;
    for (let e = (s as Stmt & { k: 'expr' }).e as Expr; e.k === 'binary' || e.k === 'assign'; e = e.k === 'assign' ? e.r : e.l) depth++;
    expect(depth).toBe(900);
  });
});

describe('statements', () => {
  it('reads control flow', () => {
    const kinds: string[] = [];
    walkStmts(bodyOf(`void f(int a) {
      if (a) { g(); } else if (b) h(); else { }
      while (a) a--; do { k(); } while (0); for (int i = 0; i < 3; i++) { continue; }
      switch (a) { case 1: g(); break; case 2: case 3: default: goto out; }
      out: return;
    }`), { stmt: (s) => { if (s.k !== 'block' && s.k !== 'expr') kinds.push(s.k); } });
    expect(kinds).toEqual(['if', 'if', 'while', 'do', 'for', 'decl', 'continue', 'switch', 'case', 'break', 'case', 'case', 'case', 'goto', 'label', 'return']);
  });

  it('reads structured exception handling, also through the lower-case macros', () => {
    const [a, b] = bodyOf('void f(void) { __try { g(); __leave; } __finally { h(); } try { g(); } except (EXCEPTION_EXECUTE_HANDLER) { k(); } }');
    expect(a).toMatchObject({ k: 'seh', finally: { k: 'block' } });
    expect(b).toMatchObject({ k: 'seh', handler: { k: 'block' }, filter: { k: 'name', name: 'EXCEPTION_EXECUTE_HANDLER' } });
  });

  it('takes a C++ declaration in a condition and constructor arguments apart', () => {
    const [s, d] = bodyOf('void f() { if (auto p = g()) h(p); Guard lock(mutex); }', 'a.cpp');
    expect(s).toMatchObject({ k: 'if', init: { k: 'decl', vars: [{ name: 'p' }] }, c: { k: 'name', name: 'p' } });
    expect(d).toMatchObject({ k: 'decl', vars: [{ name: 'lock', type: { base: 'Guard' }, ctorArgs: [{ k: 'name', name: 'mutex' }] }] });
  });

  it('lists the calls of a body in source order', () => {
    const fn = functionOf(projectOf({ 'a.c': 'void f(void) { a(b(), c(d())); if (e()) g(); }' }), 'f');
    expect(fn.def!.decl.body!.calls.map((c) => show(c.callee))).toEqual(['a', 'b', 'c', 'd', 'e', 'g']);
  });
});

describe('macro bodies', () => {
  const macro = (text: string, name: string) => projectOf({ 'a.c': text }).files[0].macros.find((m) => m.name === name)!;

  it('are an expression or statements', () => {
    expect(show(macro('#define IS_SET(x) (((x) & 1) != 0)\n', 'IS_SET').expr!)).toBe('((x & 1) != 0)');
    expect(macro('#define TAKE(l) do { KeAcquireSpinLock(&(l)->Lock, &(l)->Irql); } while (0)\n', 'TAKE').stmts).toMatchObject([{ k: 'do' }]);
    expect(macro('#define TWO(a, b) first(a); second(b)\n', 'TWO').stmts).toHaveLength(2);
    expect(macro('#define Alias Target\n', 'Alias').expr).toMatchObject({ k: 'name', name: 'Target' });
  });

  it('keep pasted names apart and leave text that is no code alone', () => {
    expect(macro('#define LOCK_OF(n) n##Lock\n', 'LOCK_OF').expr).toMatchObject({ k: 'name', name: 'n__drvlint_paste__Lock' });
    const open = macro('#define BEGIN {\n', 'BEGIN');
    expect([open.expr, open.stmts]).toEqual([undefined, undefined]);
  });
});
