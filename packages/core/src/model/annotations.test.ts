import { describe, expect, it } from 'vitest';
import type { Annotation } from './facts.js';
import { readAnnotation, salValue } from './annotations.js';
import type { SalEnv } from './annotations.js';
import { parseSalExpr } from './sal-expr.js';
import { paramMeaning } from './sal-table.js';

/** An annotation as the front end records it, from its text at offset 100. */
function annotation(text: string): Annotation {
  const m = /^(\w+)(?:\(([\s\S]*)\))?$/.exec(text)!;
  const base: Annotation = { name: m[1]!, kind: 'sal', start: 100, end: 100 + text.length };
  if (m[2] === undefined) return base;
  const args: string[] = [];
  const argStarts: number[] = [];
  let depth = 0;
  let from = 0;
  const inner = m[2];
  for (let i = 0; i <= inner.length; i++) {
    if (inner[i] === '(') depth++;
    if (inner[i] === ')') depth--;
    if (i < inner.length && (inner[i] !== ',' || depth > 0)) continue;
    const raw = inner.slice(from, i);
    args.push(raw.trim());
    argStarts.push(100 + m[1]!.length + 1 + from + (raw.length - raw.trimStart().length));
    from = i + 1;
  }
  return { ...base, args, argStarts };
}

const levels = (name: string) => ({ PASSIVE_LEVEL: 0, APC_LEVEL: 1, DISPATCH_LEVEL: 2 })[name];
const kinds = (text: string, env?: SalEnv) => readAnnotation(annotation(text), env).items.map((s) => s.kind);

describe('annotations in normal form', () => {
  it('gives both generations one kind and the level', () => {
    for (const text of ['_IRQL_requires_max_(DISPATCH_LEVEL)', '__drv_maxIRQL(DISPATCH_LEVEL)']) {
      const [sal] = readAnnotation(annotation(text)).items;
      expect(sal?.kind).toBe('irql-max');
      expect(sal?.level && salValue(sal.level, levels)).toBe(2);
    }
  });

  it('flattens _When_ with its condition and offsets', () => {
    const text = '_When_(Wait != FALSE, _IRQL_requires_max_(APC_LEVEL) _Acquires_lock_(Ext->Lock))';
    const { items, problems } = readAnnotation(annotation(text));
    expect(problems).toEqual([]);
    expect(items.map((s) => [s.kind, s.when.map((w) => w.text)])).toEqual([
      ['irql-max', ['Wait != FALSE']], ['lock-acquires', ['Wait != FALSE']],
    ]);
    expect(items[0]!.start).toBe(100 + text.indexOf('_IRQL'));
    expect(items[0]!.level!.start).toBe(100 + text.indexOf('APC_LEVEL'));
    expect(items[0]!.when[0]!.e).toMatchObject({ k: 'binary', op: '!=' });
    expect(items[1]!.lock).toMatchObject({ text: 'Ext->Lock', e: { k: 'field', name: 'Lock', arrow: true } });
  });

  it('keeps the target of _At_ and the state of _Always_ and _On_failure_', () => {
    const [sal] = readAnnotation(annotation('_At_(*Irql, _Always_(_IRQL_saves_))')).items;
    expect(sal).toMatchObject({ kind: 'irql-saves', at: { text: '*Irql' }, state: 'always' });
    expect(readAnnotation(annotation('_On_failure_(_IRQL_raises_(APC_LEVEL))')).items[0]).toMatchObject({ kind: 'irql-raises', state: 'failure' });
  });

  it('sees through project macros with and without parameters', () => {
    const bodies: Record<string, { params?: string[]; body: string }> = {
      AT_DISPATCH: { body: '_IRQL_requires_(DISPATCH_LEVEL) _IRQL_requires_same_' },
      HOLDS: { params: ['l'], body: '_Requires_lock_held_(l)' },
      LOOP: { body: 'LOOP LOOP' },
    };
    const env: SalEnv = { macro: (name) => bodies[name] };
    expect(kinds('AT_DISPATCH', env)).toEqual(['irql-requires', 'irql-same']);
    const [held] = readAnnotation(annotation('HOLDS(Queue->Lock)'), env).items;
    expect(held).toMatchObject({ kind: 'lock-held', lock: { text: 'Queue->Lock' }, via: 'HOLDS', start: 100 });
    expect(kinds('LOOP', env)).toEqual([]);
  });

  it('says what cannot be read', () => {
    const problems = (text: string) => readAnnotation(annotation(text)).problems.map((p) => [p.what, p.name]);
    expect(problems('_IRQL_requires_max_()')).toEqual([['argument-count', '_IRQL_requires_max_']]);
    expect(problems('_IRQL_requires_same_(1)')).toEqual([['argument-count', '_IRQL_requires_same_']]);
    expect(problems('_When_(x ==, _IRQL_requires_same_)')).toEqual([['no-expression', '_When_']]);
    expect(problems('_When_(x == 1, Banana)')).toEqual([['unknown-nested', 'Banana']]);
    expect(problems('_When_(return >= 0, _Post_satisfies_(*p == 1))')).toEqual([]);
  });

  it('reads directions of parameters in both generations', () => {
    expect(paramMeaning('_In_opt_')).toEqual({ dir: 'in', optional: true });
    expect(paramMeaning('_In_reads_bytes_opt_')).toEqual({ dir: 'in', optional: true });
    expect(paramMeaning('_Outptr_result_maybenull_')).toEqual({ dir: 'out', optional: false });
    expect(paramMeaning('_Inout_updates_')).toEqual({ dir: 'inout', optional: false });
    expect(paramMeaning('__deref_out_opt')).toEqual({ dir: 'out', optional: false });
    expect(paramMeaning('__out_ecount_opt')).toEqual({ dir: 'out', optional: true });
    expect(paramMeaning('IN')).toEqual({ dir: 'in', optional: false, bare: true });
    expect(paramMeaning('_Inexpressible_')).toBeUndefined();
  });

  it('parses expressions with precedence, casts and calls, and nothing else', () => {
    expect(parseSalExpr('a + b * 2 == c', 0)).toMatchObject({ k: 'binary', op: '==', l: { op: '+', r: { op: '*' } } });
    expect(parseSalExpr('(KIRQL)x', 0)).toMatchObject({ k: 'cast', type: { base: 'KIRQL', ptr: 0 } });
    expect(parseSalExpr('(x) + 1', 0)).toMatchObject({ k: 'binary', op: '+' });
    expect(parseSalExpr('_Old_(p->n) > 0', 5)).toMatchObject({ k: 'binary', l: { k: 'call', start: 5, end: 16 } });
    expect(parseSalExpr('0x10UL', 0)).toMatchObject({ k: 'num', value: 16 });
    for (const bad of ['', 'a b', '1 +', 'f(', 'a.1', '@']) expect(parseSalExpr(bad, 0)).toBeUndefined();
  });
});
