// Configuration files: what holds where, and how each mistake is told.

import { describe, expect, it } from 'vitest';
import { testRules } from '../harness/plain-rule.js';
import { drvlint, scratch, type Ran } from '../harness/scratch.js';

const bad = 'void F(void)\n{\n    Forbidden();\n}\n';
const check = (cwd: string, ...words: string[]): Promise<Ran> => drvlint(cwd, ['--format', 'compact', ...words], { rules: testRules });
const config = (text: string) => ({ 'a.c': bad, 'drvlint.config.json': text });

describe('mistakes', () => {
  it.each([
    ['{ "rules": { "plain-rul": "off" } }', 'drvlint.config.json:1:14: unknown rule "plain-rul"; did you mean "plain-rule"?'],
    ['{\n  "rule": {}\n}', 'drvlint.config.json:2:3: unknown key "rule"; did you mean "rules"?'],
    ['{\n  // comment\n  "rules": { "plain-rule": "fatal", },\n}', 'drvlint.config.json:3:28: rules.plain-rule: "fatal" is none of "off", "info", "warning", "error"'],
    ['{ "rules": { "plain-rule": ["error", { "nam": "x" }] } }', 'drvlint.config.json:1:40: unknown key "nam"; did you mean "name"?'],
    ['{ "rules": { "plain-rule": ["error", { "name": 1 }] } }', 'drvlint.config.json:1:48: rules.plain-rule.1.name: must be a string, not 1'],
    ['{ "root": "yes" }', 'drvlint.config.json:1:11: root: must be a boolean, not "yes"'],
    ['{ "extends": "stric" }', 'drvlint.config.json:1:14: extends: "stric" is none of "recommended", "strict", "cluster", "all", "mustfix"'],
    ['{ "overrides": [{ "rules": {} }] }', "drvlint.config.json:1:17: overrides.0: must have required property 'files'"],
    ['{ "architecture": "mips" }', 'drvlint.config.json:1:19: architecture: "mips" is none of "amd64", "arm64", "x86"'],
    ['{ "rules": {} "level": "info" }', 'drvlint.config.json:1:15: not valid JSON: comma expected'],
    ['{ "rules": {', 'drvlint.config.json:1:13: not valid JSON: close brace expected'],
    ['', 'drvlint.config.json:1:1: not valid JSON: value expected'],
    ['{ "root": true, "root": false }', 'drvlint.config.json:1:17: key "root" is given twice'],
    ['[]', 'drvlint.config.json:1:1: must be an object, not []'],
  ])('%s', async (text, message) => {
    const { status, out, err } = await check(scratch(config(text)));
    expect({ status, out, first: err.split('\n')[0] }).toEqual({ status: 2, out: '', first: `drvlint: ${message}` });
  });

  it('a file named that is not there', async () => {
    expect(await check(scratch(config('{}')), '--config', 'other.json')).toEqual({ status: 2, out: '', err: 'drvlint: other.json: cannot be read: no such file or folder\n' });
  });

  it('in a folder below', async () => {
    const { status, err } = await check(scratch({ 'a.c': bad, 'sub/b.c': bad, 'sub/drvlint.config.json': '{ "x": 1 }' }));
    expect({ status, first: err.split('\n')[0] }).toEqual({ status: 2, first: 'drvlint: sub/drvlint.config.json:1:3: unknown key "x"' });
  });
});

describe('what holds', () => {
  const places = async (files: Record<string, string>, ...words: string[]): Promise<string[]> => (await check(scratch(files), ...words)).out.split('\n').filter(Boolean).map((l) => l.replace(/^([^:]+):\d+:\d+: (\w+):.*/, '$1 $2'));

  it('nearer values win, parents add, root stops', async () => {
    const files = {
      'drvlint.config.json': '{ "rules": { "plain-rule": "warning" } }',
      'a.c': bad, 'sub/b.c': bad, 'sub/drvlint.config.json': '{ "rules": { "C28999": "error" } }',
      'own/c.c': bad, 'own/drvlint.config.json': '{ "root": true }', 'add/d.c': bad, 'add/drvlint.config.json': '{ "level": "info" }',
    };
    expect(await places(files)).toEqual(['a.c warning', 'add/d.c warning', 'own/c.c error', 'sub/b.c error']);
    expect(await places(files, '--no-config')).toEqual(['a.c error', 'add/d.c error', 'own/c.c error', 'sub/b.c error']);
    expect(await places(files, '--config', 'own/drvlint.config.json')).toEqual(['a.c error', 'add/d.c error', 'own/c.c error', 'sub/b.c error']);
    expect(await places(files, '--rule', 'plain-rule=warning')).toEqual(['a.c warning', 'add/d.c warning', 'own/c.c warning', 'sub/b.c warning']);
  });

  it('overrides by pattern, later ones winning', async () => {
    const files = {
      'drvlint.config.json': '\ufeff{ "overrides": [{ "files": ["legacy/"], "rules": { "plain-rule": "off" } }, { "files": ["legacy/keep.c", "*.gen.c"], "rules": { "plain-rule": ["warning", {}] } }] }',
      'a.c': bad, 'b.gen.c': bad, 'legacy/x.c': bad, 'legacy/keep.c': bad,
    };
    expect(await places(files)).toEqual(['a.c error', 'b.gen.c warning', 'legacy/keep.c warning']);
  });

  it('options, per file', async () => {
    const files = {
      'drvlint.config.json': '{ "rules": { "plain-rule": ["error", { "name": "Other" }] }, "overrides": [{ "files": ["b.c"], "rules": { "plain-rule": ["error", { "name": "Forbidden" }] } }] }',
      'a.c': `${bad}void O(void) { Other(); }\n`, 'b.c': `${bad}void P(void) { Other(); }\n`.replace('F(', 'Q('),
    };
    expect((await check(scratch(files))).out).toBe('a.c:5:16: error: Other is called in O [plain-rule]\nb.c:3:5: error: Forbidden is called in Q [plain-rule]\n');
  });

  it('presets, ignores, defines, architecture and level', async () => {
    expect(await places({ 'drvlint.config.json': '{ "extends": "cluster" }', 'a.c': bad })).toEqual([]);
    expect(await places({ 'drvlint.config.json': '{ "extends": ["cluster", "recommended"] }', 'a.c': bad })).toEqual(['a.c error']);
    expect(await places({ 'drvlint.config.json': '{ "ignores": ["third_party/", "*.gen.c"] }', 'a.c': bad, 'third_party/b.c': bad, 'x.gen.c': bad })).toEqual(['a.c error']);
    expect(await places({ 'drvlint.config.json': '{ "defines": { "A": 1, "B": false, "C": "2", "D": true } }', 'a.c': `#if A == 1 && !defined(B) && C == 2 && D\n${bad}#endif\n` })).toEqual(['a.c error']);
    expect(await places({ 'drvlint.config.json': '{ "architecture": "x86" }', 'a.c': `#ifdef _X86_\n${bad}#endif\n` })).toEqual(['a.c error']);
    expect(await places({ 'drvlint.config.json': '{ "level": "error" }', 'a.c': bad.replace('()', '(1)').replace('Forbidden()', 'Forbidden(1)') })).toEqual([]);
  });

  it('config --file shows every value and its origin', async () => {
    const folder = scratch({ 'drvlint.config.json': '{ "rules": { "plain-rule": "warning" }, "defines": { "X": 1 } }', 'sub/drvlint.config.json': '{ "level": "info" }', 'sub/a.c': bad });
    const { status, out } = await drvlint(folder, ['config', '--file', 'sub/a.c', '--rule', 'unused-suppression=off'], { rules: testRules });
    expect(status).toBe(0);
    expect(JSON.parse(out)).toEqual({
      file: 'sub/a.c', configurations: ['drvlint.config.json', 'sub/drvlint.config.json'], presets: ['recommended'], level: 'info', architecture: 'amd64',
      defines: { X: '1' }, undefines: [], settings: { 'defines.X': { value: 1, from: 'drvlint.config.json' }, level: { value: 'info', from: 'sub/drvlint.config.json' } },
      rules: { 'plain-rule': { level: 'warning', options: { name: 'Forbidden' }, from: 'drvlint.config.json' }, 'unused-suppression': { level: 'off', from: 'command line' } },
    });
  });

  it('knowledge of own interfaces becomes annotated declarations', async () => {
    const folder = scratch({
      'drvlint.config.json': '{ "knowledge": { "functions": { "MyWait": { "max": 1, "params": ["PVOID Object"] } }, "roles": { "MY_CALLBACK": { "min": 0, "max": "DISPATCH_LEVEL", "params": ["PVOID Context"] } } } }',
      'a.c': 'MY_CALLBACK Callback;\nvoid Callback(PVOID Context)\n{\n    MyWait(Context);\n}\n',
    });
    const { out } = await drvlint(folder, ['list', 'roles'], { rules: testRules });
    expect(out).toMatch(/Callback +MY_CALLBACK +declaration +a\.c +2 +a\.c:1/);
  });
});
