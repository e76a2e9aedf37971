import { describe, expect, it } from 'vitest';
import { defineRule } from '@drvlint/core';
import { parseCommandLine } from './arguments.js';

const rules = [defineRule({
  meta: { id: 'irql-too-high', title: '', family: 'irql', level: 'error', presets: [], since: '', aliases: ['C28121'], models: ['kernel'], help: '' },
})];
const parse = (...words: string[]) => parseCommandLine(words, rules);

describe('command line', () => {
  it('checks by default', () => {
    expect(parse('src', 'a.c')).toMatchObject({ command: 'check', operands: ['src', 'a.c'], reports: [{ format: 'text' }], failOn: 'warning' });
    expect(parse('check', 'list')).toMatchObject({ command: 'check', operands: ['list'] });
    expect(parse('list', 'rules')).toMatchObject({ command: 'list', operands: ['rules'] });
    expect(parse('--', '--strange.c')).toMatchObject({ operands: ['--strange.c'] });
  });

  it('pairs formats with outputs', () => {
    expect(parse('--format', 'sarif', '--output', 'a', '--format', 'text').reports).toEqual([{ format: 'sarif', output: 'a' }, { format: 'text' }]);
    expect(parse('--output', 'a', '--format', 'sarif').reports).toEqual([{ format: 'sarif', output: 'a' }]);
    expect(parse('-f', 'text', '-f', 'sarif', '-o', 'b').reports).toEqual([{ format: 'text' }, { format: 'sarif', output: 'b' }]);
    expect(parse('-o', 'x.sarif', '-o', 'y.html').reports).toEqual([{ format: 'sarif', output: 'x.sarif' }, { format: 'html', output: 'y.html' }]);
    expect(parse('-o', 'report.txt').reports).toEqual([{ format: 'text', output: 'report.txt' }]);
  });

  it('reads rules by id and alias', () => {
    expect(parse('--rule', 'C28121=off').rules).toEqual({ 'irql-too-high': { level: 'off' } });
    expect(parse('--rule=irql-too-high').rules).toEqual({ 'irql-too-high': {} });
    expect(parse('--only', '28121,irql-too-high').only).toEqual(['irql-too-high', 'irql-too-high']);
  });

  it('reads defines', () => {
    expect(parse('-D', 'A', '--define', 'B=2=3', '--define=C=', '--undefine', 'D')).toMatchObject({ defines: { A: '1', B: '2=3', C: '' }, undefines: ['D'] });
  });

  it.each([
    [['--formt', 'json'], 'unknown option --formt; did you mean --format?'],
    [['-z'], 'unknown option -z'],
    [['--format'], '--format needs a value: --format FORMAT'],
    [['--format', 'jsn'], '--format jsn: did you mean json?'],
    [['--format', 'pdf'], '--format pdf: is none of text, compact, json, sarif, github, gitlab, azure, junit, html'],
    [['--coverage=yes'], '--coverage takes no value'],
    [['--format', 'json', '--format', 'text'], 'json and text cannot both go to standard output: give --output FILE'],
    [['-o', 'a', '-f', 'json', '-o', 'a'], '--output a is given twice'],
    [['--rule', 'irql-to-high'], "there is no rule 'irql-to-high'; did you mean irql-too-high?"],
    [['--rule', 'irql-too-high=fatal'], "--rule irql-too-high=fatal: 'fatal' is none of off, info, warning, error"],
    [['--only', 'zebra'], "there is no rule 'zebra' (drvlint list rules shows all)"],
    [['--config', 'a', '--no-config'], '--config and --no-config exclude each other'],
    [['--config', 'a', '--config', 'b'], '--config is given twice'],
    [['--define', '1A'], "--define 1A: '1A' is no macro name"],
    [['--threads', '0'], '--threads 0: must be a whole number of at least 1'],
    [['--max-warnings', '-1'], '--max-warnings -1: must be a whole number of at least 0'],
    [['--max-warnings', 'x'], '--max-warnings x: must be a whole number of at least 0'],
    [['--arch', 'mips'], '--arch mips: is none of amd64, arm64, x86'],
    [['--stdin'], '--stdin needs --stdin-filename FILE, which tells the language and the project'],
  ])('refuses %j', (words, message) => {
    expect(() => parse(...words)).toThrow(message);
  });
});
