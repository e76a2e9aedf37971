import { describe, expect, it } from 'vitest';
import { configuration, createParser, ProjectReader, sourceFromString, walkStmts, type Body } from '../index.js';
import { bodyParts, isLocal } from './body-parts.js';

const parser = await createParser();

function bodyOf(path: string, text: string): Body {
  const reader = new ProjectReader({ source: (asked) => (asked === path ? sourceFromString(text, path) : undefined), resolveInclude: () => undefined }, parser, configuration());
  reader.readUnit(path, path.endsWith('.c') ? 'c' : 'cpp');
  return reader.files[0]!.functions.find((f) => f.body)!.body!;
}

const every = bodyOf('a.cpp', `
  int f(S *s, int n)
  {
    int a = g(n), *b = new int[n];
    Guard guard(&s->Lock);
    T t = { .x = s->x, .y = h(n) };
    if (int k = g(1); k) MACRO; else s->x = (T)g(2);
    while (S *p = next(s)) p->x += 1;
    do { continue; } while (!(s->a[g(3)].b = g(4)));
    for (int i = 0; i < n; i++) use((T){ i, { s->z } }, sizeof(s->x = g(5)));
    for (auto x : s->all) { OTHER; delete x; }
    switch (g(6)) { case 1: return g(7); default: goto end; }
    auto l = [&](int q) { int inner = q; LAST; return inner = g(q); };
    __try { s->y++; } __except (g(8)) { return (int)(g(9), a ? *b : -n); }
    try { throw g(10); } catch (E e) { e.x = &l; }
  end:
    return a;
  }`);

/** A line per part: its text is told by its place. */
const place = (x: { start: number; end: number; k?: string }): string => `${x.k ?? 'local'} ${x.start}-${x.end}`;

describe('parts of a body', () => {
  it('are what a walk meets, in its order', () => {
    const exprs: string[] = [];
    const givers: string[] = [];
    const locals: string[] = [];
    const bare: string[] = [];
    walkStmts(every.stmts, {
      stmt: (s) => { if (s.k === 'expr' && s.e.k === 'name') bare.push(s.e.name); },
      local: (v) => {
        locals.push(v.name);
        givers.push(place(v));
      },
      expr: (e) => {
        if (/^(?:call|assign|update|field|cast|delete|sizeof|lambda)$/.test(e.k) || (e.k === 'unary' && /[&!]/.test(e.op))) exprs.push(place(e));
        if (e.k === 'call' || (e.k === 'assign' && e.op === '=') || (e.k === 'init' && e.type)) givers.push(place(e));
      },
    });
    const parts = bodyParts(every);
    expect(parts.exprs.map(place)).toEqual(exprs);
    expect(parts.givers.map(place)).toEqual(givers);
    expect(parts.locals.map((v) => v.name)).toEqual(locals);
    expect(parts.bare.map((e) => e.name)).toEqual(bare);
    expect(bare).toEqual(['MACRO', 'OTHER', 'LAST']);
    expect(locals).toEqual(['a', 'b', 'guard', 't', 'k', 'p', 'i', 'x', 'l', 'inner', 'e']);
    expect(new Set([...exprs, ...givers].map((line) => line.split(' ')[0]))).toEqual(new Set(['call', 'assign', 'update', 'unary', 'field', 'cast', 'delete', 'sizeof', 'lambda', 'init', 'local']));
  });

  it('have the returns of the function itself', () => {
    expect(bodyParts(every).returns.map((r) => r.e?.k)).toEqual(['call', 'cast', 'name']);
    expect(bodyParts(every).hasLambdas).toBe(true);
  });

  it('are found once, and are no facts', () => {
    expect(bodyParts(every)).toBe(bodyParts(every));
    expect(Object.keys(every)).not.toContain('parts');
    expect(JSON.stringify(every)).not.toContain('givers');
  });

  it('tell locals from expressions', () => {
    expect(bodyParts(bodyOf('b.c', 'void f(void) { int a = 1; b = a; c(); }')).givers.map(isLocal)).toEqual([true, false, false]);
  });
});
