import { describe, expect, it } from 'vitest';
import { parsePragma } from './pragmas.js';

describe('parsePragma', () => {
  it.each([
    ['warning(suppress: 28121)', [{ kind: 'suppress', family: 'warning', ids: ['28121'] }]],
    ['warning( disable : 28121 28150 )', [{ kind: 'disable', family: 'warning', ids: ['28121', '28150'] }]],
    ['warning (default:28121)', [{ kind: 'enable', family: 'warning', ids: ['28121'] }]],
    ['prefast(suppress: 28121, "held (briefly); fine")', [{ kind: 'suppress', family: 'prefast', ids: ['28121'], reason: 'held (briefly); fine' }]],
    ['prefast(suppress:__WARNING_IRQ_TOO_HIGH, "why")', [{ kind: 'suppress', family: 'prefast', ids: ['__WARNING_IRQ_TOO_HIGH'], reason: 'why' }]],
    ['warning(suppress: 28121, justification: "by design")', [{ kind: 'suppress', family: 'warning', ids: ['28121'], reason: 'by design' }]],
    ['prefast(suppress: 28719, 28720)', [{ kind: 'suppress', family: 'prefast', ids: ['28719', '28720'] }]],
    ['warning(push)', [{ kind: 'push', family: 'warning' }]],
    ['warning(push, 3)', [{ kind: 'push', family: 'warning' }]],
    ['prefast( pop )', [{ kind: 'pop', family: 'prefast' }]],
    ['warning(push; disable: 28118)', [{ kind: 'push', family: 'warning' }, { kind: 'disable', family: 'warning', ids: ['28118'] }]],
    ['warning(disable: 4996; once: 4385; error: 164)', [
      { kind: 'disable', family: 'warning', ids: ['4996'] }, { kind: 'enable', family: 'warning', ids: ['4385'] }, { kind: 'enable', family: 'warning', ids: ['164'] }]],
    ['prefast(suppress: cpp/drivers/irql-too-high)', [{ kind: 'suppress', family: 'prefast', ids: ['cpp/drivers/irql-too-high'] }]],
    ['warning(suppress: 28121', [{ kind: 'suppress', family: 'warning', ids: ['28121'] }]],
  ])('reads %s', (text, expected) => {
    expect(parsePragma(text)).toEqual(expected);
  });

  it.each(['once', 'code_seg("PAGE")', 'warning', 'warning(what: 1)', 'warning()', 'pack(push, 1)'])('ignores %s', (text) => {
    expect(parsePragma(text)).toEqual([]);
  });
});
