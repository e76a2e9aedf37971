import { describe, expect, it } from 'vitest';
import { applyBaseline, createBaseline, parseBaseline } from './baseline.js';
import type { Finding } from './finding.js';

function finding(file: string, fingerprint: string, more: Partial<Finding> = {}): Finding {
  return {
    file, fingerprint, rule: 'irql-too-high', level: 'error', message: 'm', function: 'F', start: 0, end: 1, line: 1, column: 1, endLine: 1, endColumn: 2,
    related: [], flow: [], suggestions: [], ...more,
  };
}

describe('baseline', () => {
  const old = [finding('a.c', 'h1:1'), finding('a.c', 'h1:2'), finding('b.c', 'h2:1')];

  it('knows what it was made from', () => {
    const { findings, stale } = applyBaseline(old, createBaseline(old));
    expect(findings.map((f) => f.suppressed?.kind)).toEqual(['baseline', 'baseline', 'baseline']);
    expect(stale).toEqual([]);
  });

  it('lets a further equal statement of the file through, and names what is gone', () => {
    const { findings, stale } = applyBaseline([...old.slice(0, 2), finding('a.c', 'h1:3')], createBaseline(old));
    expect(findings.map((f) => f.suppressed?.kind)).toEqual(['baseline', 'baseline', undefined]);
    expect(stale.map((e) => e.fingerprint)).toEqual(['h2:1']);
  });

  it('does not take an entry of another file that is still there', () => {
    const { findings } = applyBaseline([finding('a.c', 'h1:1'), finding('b.c', 'h1:1')], createBaseline([finding('a.c', 'h1:1')]));
    expect(findings.map((f) => f.suppressed?.kind)).toEqual(['baseline', undefined]);
  });

  it('follows a renamed file', () => {
    const { findings, stale } = applyBaseline([finding('new.c', 'h2:1')], createBaseline([finding('b.c', 'h2:1')]));
    expect(findings[0].suppressed).toEqual({ kind: 'baseline', reason: 'in the baseline' });
    expect(stale).toEqual([]);
  });

  it('leaves out what the source suppresses', () => {
    expect(createBaseline([finding('a.c', 'h:1', { suppressed: { kind: 'pragma' } })]).findings).toEqual([]);
  });

  it.each([
    ['{', /^is not JSON: /],
    ['[]', /^is not a drvlint baseline: it has no "version"$/],
    ['{"version": 7}', /^has version 7, this drvlint reads version 1; create it again/],
    ['{"version": 1, "findings": 3}', /"findings" is no list$/],
    ['{"version": 1, "findings": [{"rule": "x"}]}', /^has a broken entry: findings\[0\] needs/],
  ])('refuses %s', (text, message) => {
    const result = parseBaseline(text);
    expect('error' in result && result.error).toMatch(message);
  });
});
