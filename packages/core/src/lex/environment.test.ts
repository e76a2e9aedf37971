import { describe, expect, it } from 'vitest';
import { configuration } from './configuration.js';
import { baseLayer, MacroEnvironment, type BaseLayer } from './environment.js';
import type { MacroText } from './records.js';

const macro = (name: string, body: string): MacroText => ({ name, body, start: 0, end: 1, nameStart: 0, bodyStart: 0 });

function environments<const N extends string>(...names: N[]): Record<N, MacroEnvironment> & { base: BaseLayer } {
  const base = baseLayer(configuration({ defines: { CONFIGURED: '1' } }), 'c');
  return { base, ...Object.fromEntries(names.map((name) => [name, MacroEnvironment.create(base)])) as Record<N, MacroEnvironment> };
}

describe('macro environments', () => {
  it('see a macro of one header through others, and only where they include it', () => {
    const { unit, outer, inner, stranger } = environments('unit', 'outer', 'inner', 'stranger');
    inner.define(macro('A', '1'));
    expect(unit.lookup('A')).toBeUndefined();
    outer.include(inner);
    unit.include(outer);
    expect(unit.lookup('A')?.body).toBe('1');
    expect(stranger.lookup('A')).toBeUndefined();
    expect(inner.lookup('A')?.body).toBe('1');
  });

  it('see the definition of the header included last where several have one', () => {
    const { unit, first, second } = environments('unit', 'first', 'second');
    first.define(macro('A', '1'));
    unit.include(first);
    expect(unit.lookup('A')?.body).toBe('1');
    second.define(macro('A', '2'));
    unit.include(second);
    expect(unit.lookup('A')?.body).toBe('2');
    expect(first.lookup('A')?.body).toBe('1');
  });

  it('know what was taken back, and what it was', () => {
    const { unit, header } = environments('unit', 'header');
    header.define(macro('A', '1'));
    header.undefine('A');
    unit.include(header);
    expect(unit.lookup('A')).toBeNull();
    expect(unit.everDefined('A')?.body).toBe('1');
    unit.define(macro('B', '2'));
    unit.undefine('B');
    expect(unit.everDefined('B')?.body).toBe('2');
  });

  it('take a macro back in another file than the one that defines it', () => {
    const { unit, header, other } = environments('unit', 'header', 'other');
    header.define(macro('A', '1'));
    unit.include(header);
    unit.undefine('A');
    other.include(header);
    expect(unit.lookup('A')).toBeNull();
    expect(unit.everDefined('A')?.body).toBe('1');
    expect(other.lookup('A')?.body).toBe('1');
  });

  it('see the configuration, and a header that defines the same name before it', () => {
    const { unit, header } = environments('unit', 'header');
    expect(unit.lookup('CONFIGURED')?.body).toBe('1');
    expect(unit.lookup('__cplusplus')).toBeNull();
    header.define(macro('CONFIGURED', '2'));
    unit.include(header);
    expect(unit.lookup('CONFIGURED')?.body).toBe('2');
  });

  it('ask the first includer while a header is read, and nobody afterwards', () => {
    const { unit, header } = environments('unit', 'header');
    unit.define(macro('A', '1'));
    unit.assume('DEBUG', true);
    header.readIn(unit, () => {
      expect(header.lookup('A')?.body).toBe('1');
      expect(header.everDefined('A')?.body).toBe('1');
      expect(header.assumed('DEBUG')).toBe(true);
    });
    expect(header.lookup('A')).toBeUndefined();
    expect(header.everDefined('A')).toBeUndefined();
    expect(header.assumed('DEBUG')).toBeUndefined();
    unit.include(header);
    expect(unit.assumed('DEBUG')).toBe(true);
  });

  it('see nothing of what was rolled back, and what a header includes when it is read again', () => {
    const { base, unit, header, kept, dropped } = environments('unit', 'header', 'kept', 'dropped');
    kept.define(macro('KEPT', '1'));
    dropped.define(macro('DROPPED', '1'));
    header.include(kept);
    header.include(dropped);
    header.define(macro('OWN', '1'));
    unit.include(header);
    expect(['KEPT', 'DROPPED', 'OWN'].map((name) => unit.lookup(name)?.body)).toEqual(['1', '1', '1']);
    header.rollback(1);
    unit.forgetLookups();
    expect(['KEPT', 'DROPPED', 'OWN'].map((name) => unit.lookup(name)?.body)).toEqual(['1', undefined, undefined]);
    header.restart(base);
    header.include(dropped);
    unit.forgetLookups();
    expect(['KEPT', 'DROPPED'].map((name) => unit.lookup(name)?.body)).toEqual([undefined, '1']);
  });
});
