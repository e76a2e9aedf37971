import { describe, expect, it } from 'vitest';
import { defineRule, type Level, type Preset } from '../rule/kit.js';
import { nearestWord, RuleNames } from './alias.js';
import { selectRules, type Selection } from './selection.js';

const rule = (id: string, level: Level, presets: Preset[], aliases: string[] = []) => defineRule({
  meta: { id, title: id, family: 'irql', level, presets, since: '0.1.0', aliases, models: ['kernel'], help: '', defaults: { depth: 1 }, ...(id === 'float' ? { presetsOnX86: ['recommended'] as Preset[] } : {}) },
});
const rules = [
  rule('irql-too-high', 'error', ['recommended'], ['C28121', 'cpp/drivers/irql-too-high']),
  rule('irql-change-unannotated', 'warning', ['strict']),
  rule('worker', 'error', ['recommended', 'cluster']),
  rule('float', 'warning', ['strict']),
];
const select = (s: Partial<Selection>) => [...selectRules(rules, { presets: ['recommended'], arch: 'amd64', rules: {}, ...s })].map(([id, a]) => `${id}=${a.level}`);

describe('selectRules', () => {
  it('goes by the preset', () => {
    expect(select({})).toEqual(['irql-too-high=error', 'worker=error']);
    expect(select({ presets: ['strict'] })).toEqual(['irql-too-high=error', 'irql-change-unannotated=warning', 'worker=error', 'float=warning']);
    expect(select({ presets: ['cluster'] })).toEqual(['worker=error']);
    expect(select({ presets: ['all'] })).toHaveLength(4);
    expect(select({ arch: 'x86' })).toEqual(['irql-too-high=error', 'worker=error', 'float=warning']);
  });

  it('lets a setting switch off, on, or change the level', () => {
    expect(select({ rules: { worker: { level: 'off' }, 'irql-too-high': { level: 'warning' }, float: {} } })).toEqual(['irql-too-high=warning', 'float=warning']);
  });

  it('runs just what `only` names', () => {
    expect(select({ only: ['float'], rules: { float: { level: 'off' } } })).toEqual(['float=warning']);
  });

  it('merges options over the defaults', () => {
    const active = selectRules(rules, { presets: ['recommended'], arch: 'amd64', rules: { worker: { options: { width: 2 } } } });
    expect(active.get('worker')?.options).toEqual({ depth: 1, width: 2 });
  });
});

describe('RuleNames', () => {
  const names = new RuleNames(rules);

  it.each(['irql-too-high', 'C28121', '28121', 'c28121', '__WARNING_IRQ_TOO_HIGH', 'cpp/drivers/irql-too-high', 'cpp/windows/drivers/queries/irql-too-high'])('knows %s', (name) => {
    expect(names.lookUp(name)).toEqual(['irql-too-high']);
  });

  it.each(['4996', '__WARNING_POOL_TAG', 'nothing', 'constructor', '__WARNING_constructor'])('knows nothing of %s', (name) => {
    expect(names.lookUp(name)).toEqual([]);
  });

  it('names the nearest rule', () => {
    expect(names.nearest('irql-to-high')).toBe('irql-too-high');
    expect(names.nearest('zebra-stripes')).toBeUndefined();
    expect(nearestWord('defnes', ['defines', 'rules'])).toBe('defines');
  });
});
