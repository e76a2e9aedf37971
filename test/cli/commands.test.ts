// The commands beside check.

import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { options } from 'drvlint';
import { testRules } from '../harness/plain-rule.js';
import { addFiles, drvlint, scratch } from '../harness/scratch.js';

const bad = (name: string) => `void ${name}(void)\n{\n    Forbidden();\n}\n`;
const run = (cwd: string, ...words: string[]) => drvlint(cwd, words, { rules: testRules });

describe('baseline', () => {
  it('hides what it knows, survives edits above, lets new findings through, and prunes', async () => {
    const cwd = scratch({ 'a.c': bad('F'), 'b.c': bad('G') });
    expect(await run(cwd, 'baseline', 'create')).toEqual({ status: 0, out: '', err: 'drvlint: 2 findings in drvlint-baseline.json\n' });
    expect((await run(cwd, 'baseline', 'create')).err).toBe('drvlint: drvlint-baseline.json exists: --force writes it again, `baseline prune` drops what is gone\n');
    addFiles(cwd, { 'a.c': `// new first line\n\nint x;\n${bad('F').replace('    Forbidden', 'Forbidden')}${bad('New')}`, 'b.c': 'void G(void) { }\n' });
    const checked = await run(cwd, 'baseline', 'check', '--format', 'compact');
    expect(checked).toMatchObject({ status: 1, out: 'a.c:10:5: error: Forbidden is called in New [plain-rule]\n' });
    expect(checked.err).toContain('drvlint: 1 entries of drvlint-baseline.json match nothing any more: `drvlint baseline prune` drops them\n');
    expect((await run(cwd, 'baseline', 'prune')).err).toBe('drvlint: 1 findings in drvlint-baseline.json\n');
    expect((await run(cwd, '--baseline', 'drvlint-baseline.json', '--format', 'compact')).out).toBe(checked.out);
    expect((await run(cwd, '--format', 'compact')).out.match(/called in \w+/g)).toEqual(['called in F', 'called in New']);
  });

  it('may be named by the configuration, and switched off', async () => {
    const cwd = scratch({ 'a.c': bad('F'), 'drvlint.config.json': '{ "baseline": "ci/base.json" }', 'ci/x': '' });
    await run(cwd, 'baseline', 'create');
    expect(fs.existsSync(path.join(cwd, 'ci/base.json'))).toBe(true);
    expect((await run(cwd)).status).toBe(0);
    expect((await run(cwd, '--no-baseline')).status).toBe(1);
    const json = JSON.parse((await run(cwd, '--format', 'json')).out) as { findings: { suppressed: unknown }[]; summary: unknown };
    expect(json.findings[0].suppressed).toEqual({ kind: 'baseline', reason: 'in the baseline' });
  });

  it('from another version, broken or absent is a failure', async () => {
    const cwd = scratch({ 'a.c': bad('F'), 'v9.json': '{"version":9}', 'x.json': '{' });
    const first = async (file: string) => (await run(cwd, '--baseline', file)).err.split('\n')[0];
    expect(await first('v9.json')).toBe('drvlint: v9.json: the baseline has version 9, this drvlint reads version 1; create it again with `drvlint baseline create`');
    expect(await first('x.json')).toMatch(/^drvlint: x\.json: the baseline is not JSON: /);
    expect(await first('gone.json')).toBe('drvlint: gone.json: the baseline cannot be read: no such file or folder');
    expect((await run(cwd, '--baseline', 'v9.json')).status).toBe(2);
  });

  it('is not written for half of the sources', async () => {
    const cwd = scratch({ 'a.c': bad('F') });
    expect(await run(cwd, 'baseline', 'create', 'a.c', 'gone.c')).toEqual({ status: 2, out: '', err: 'drvlint: gone.c: no such file or folder\ndrvlint: the baseline was not written\n' });
    expect(fs.readdirSync(cwd)).toEqual(['a.c']);
  });
});

describe('explain', () => {
  it('shows the page of a rule by id or number', async () => {
    const { status, out } = await drvlint(scratch(), ['explain', 'unused-suppression']);
    expect(status).toBe(0);
    expect(out).toMatch(/^# unused-suppression\n[\s\S]*## How to fix/);
    expect(out).not.toContain('<!--');
    expect((await run(scratch(), 'explain', 'C28999')).out).toBe('# plain-rule\n\n**A call of Forbidden.** Call Allowed.\n');
    expect(await run(scratch(), 'explain', 'plan-rule')).toMatchObject({ status: 2, err: expect.stringContaining("there is no rule 'plan-rule'; did you mean plain-rule?") as string });
    expect((await run(scratch(), 'explain')).status).toBe(2);
  });

  it('tells about a place', async () => {
    const cwd = scratch({ 'a.c': '#include <ntddk.h>\nKSTART_ROUTINE Worker;\nVOID Worker(PVOID Context)\n{\n    Forbidden();\n}\n' });
    const { status, out } = await run(cwd, 'explain', '--at', 'a.c:5');
    expect(status).toBe(0);
    expect(out).toMatch(/^a\.c:5: in Worker\n {2}role KSTART_ROUTINE, by declaration at a\.c:2\n/);
    addFiles(cwd, { 'b.c': '#include <ntddk.h>\nVOID Take(PKSPIN_LOCK Lock)\n{\n    KIRQL old;\n    KeAcquireSpinLock(Lock, &old);\n    Forbidden();\n    KeReleaseSpinLock(Lock, old);\n}\n' });
    const held = (await run(cwd, 'explain', '--at', 'b.c:6')).out;
    expect(held).toMatch(/^b\.c:6: in Take\n {2}The IRQL is DISPATCH_LEVEL\.\n {4}1\. b\.c:5: .*\[DISPATCH\]\n {2}held: /);
    expect((await run(cwd, 'explain', '--at', 'a.c')).status).toBe(2);
    expect(await run(cwd, 'explain', '--at', 'gone.c:1')).toMatchObject({ status: 2, err: expect.stringContaining('gone.c: no such file or folder') as string });
  });
});

describe('list', () => {
  it('rules, functions, roles, projects', async () => {
    const cwd = scratch({ 'a.c': '#include <ntddk.h>\nDRIVER_UNLOAD Unload;\nVOID Unload(PDRIVER_OBJECT D)\n{\n}\nvoid Helper(void)\n{\n}\n' });
    expect((await run(cwd, 'list', 'rules')).out).toMatch(/^rule +level +family.*\nplain-rule +error +driver +recommended +C28999 +both +A call of Forbidden\n/);
    expect(JSON.parse((await run(cwd, 'list', 'roles', '--json')).out)).toEqual([{ function: 'Unload', role: 'DRIVER_UNLOAD', because: 'declaration', file: 'a.c', line: 3, at: 'a.c:2' }]);
    expect((await run(cwd, 'list', 'functions')).out).toMatch(/Helper +a\.c +6/);
    expect((await run(cwd, 'list', 'projects')).out).toMatch(/files under the path given/);
    expect(await run(cwd, 'list', 'rule')).toMatchObject({ status: 2, err: expect.stringContaining('did you mean rules?') as string });
  });
});

it('init writes what was asked for, once', async () => {
  const cwd = scratch();
  expect((await run(cwd, 'init', '--eslint', '--pre-commit', '--github')).status).toBe(0);
  expect(fs.readdirSync(cwd).sort()).toEqual(['.github', '.pre-commit-config.yaml', 'drvlint.config.json', 'eslint.config.mjs']);
  expect(await run(cwd, 'init')).toEqual({ status: 2, out: '', err: 'drvlint: drvlint.config.json exists: left as it is (--force overwrites it)\n' });
  expect((await run(cwd, 'init', '--force')).status).toBe(0);
  addFiles(cwd, { 'a.c': bad('F') });
  expect((await run(cwd, '--format', 'compact', '.')).status).toBe(1);
});

it('doctor checks what is there', async () => {
  const { status, out } = await run(scratch({ 'drvlint.config.json': '{}' }), 'doctor');
  expect(status).toBe(0);
  expect(out).toMatch(/^drvlint [\d.]+, 2 rules\nok {4}Node\.js /);
  expect(out).toContain('ok    configuration: drvlint.config.json; 2 rules are on\n');
  expect(await run(scratch({ 'drvlint.config.json': '{ "x": 1 }' }), 'doctor')).toMatchObject({ status: 2, out: expect.stringContaining('BAD   configuration: drvlint.config.json:1:3: unknown key "x"') as string });
});

describe('usage', () => {
  it.each([
    [['expalin', 'plain-rule'], "there is no file and no command 'expalin'; did you mean drvlint explain?"],
    [['--json'], '--json belongs to drvlint list and drvlint config; for a report in that form: --format json'],
    [['--github'], '--github belongs to drvlint init; for annotations: --format github'],
    [['list', 'rules', '--at', 'a.c:1'], '--at belongs to drvlint explain'],
    [['baseline', 'create', '--staged'], 'drvlint baseline looks at everything: it takes no --staged'],
    [['--staged', '--since', 'HEAD'], '--staged and --since exclude each other'],
    [['--fix', '--fix-dry-run'], '--fix and --fix-dry-run exclude each other'],
    [['--format', 'json', '--format', 'sarif'], 'json and sarif cannot both go to standard output: give --output FILE'],
    [['--rule', 'plain-rul=off'], "there is no rule 'plain-rul'; did you mean plain-rule?"],
  ])('%j', async (words, message) => {
    expect(await run(scratch({ 'a.c': bad('F') }), ...words)).toEqual({ status: 2, out: '', err: `drvlint: ${message}\ndrvlint --help shows how it is used\n` });
  });

  it('a file of that name is a file', async () => {
    expect((await run(scratch({ 'lst/a.c': bad('F') }), 'lst', '--format', 'compact')).out).toBe('lst/a.c:3:5: error: Forbidden is called in F [plain-rule]\n');
  });
});

describe('help', () => {
  it('names every option, in the help, the manual and the completions', async () => {
    const cwd = scratch();
    const texts = [(await run(cwd, '--help')).out, (await run(cwd, 'man')).out.replaceAll('\\-', '-'), ...await Promise.all(['bash', 'zsh', 'fish', 'powershell'].map(async (s) => (await run(cwd, 'completion', s)).out))];
    for (const text of texts) for (const o of options) expect(text).toMatch(new RegExp(`(?:--|-l )${o.name}\\b`));
  });

  it('is short enough for a terminal', async () => {
    expect((await run(scratch(), '--help')).out.split('\n').every((line) => line.length <= 100)).toBe(true);
  });

  it('wraps to the terminal', async () => {
    const { helpText } = await import('drvlint');
    for (const width of [80, 100]) expect(Math.max(...helpText('1.0.0', width).split('\n').map((line) => line.length))).toBeLessThanOrEqual(Math.max(width, 83));
    expect(helpText('1.0.0', 20)).toContain('--format FORMAT');
  });

  it('the manual is one for man', async () => {
    if (spawnSync('man', ['--version']).status !== 0) return;
    const shown = spawnSync('man', ['-l', '-'], { input: (await run(scratch(), 'man')).out, encoding: 'utf8', env: { ...process.env, MANWIDTH: '100', LC_ALL: 'C' } });
    expect(shown.stderr).toBe('');
    expect(shown.stdout).toMatch(/NAME\n +drvlint - static analysis/);
    expect(shown.stdout).toMatch(/--max-warnings N/);
  });

  it('bash takes the completion', async () => {
    const script = (await run(scratch(), 'completion', 'bash')).out;
    const complete = (words: string) => execFileSync('bash', ['-c', `${script}\nCOMP_WORDS=(${words}); COMP_CWORD=$((\${#COMP_WORDS[@]}-1)); _drvlint; echo "\${COMPREPLY[@]}"`], { encoding: 'utf8' }).trim();
    expect(complete('drvlint --format s')).toBe('sarif');
    expect(complete('drvlint --only plain')).toBe('plain-rule');
    expect(complete('drvlint --stat')).toBe('--statistics --stats');
    expect(complete('drvlint baseline p')).toBe('prune');
    expect(complete('drvlint explain unu')).toBe('unused-suppression');
  });

  it.each(['zsh', 'fish'])('%s can read its completion', async (shell) => {
    if (spawnSync(shell, ['--version']).status !== 0) return;
    const file = path.join(scratch({ 'completion': (await run(scratch(), 'completion', shell)).out }), 'completion');
    expect(spawnSync(shell, ['-n', file], { encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
    if (shell === 'fish') expect(execFileSync('fish', ['-c', `source ${file}; complete -C 'drvlint list r'`], { encoding: 'utf8' })).toBe('roles\nrules\n');
  });

  it('says the version', async () => {
    const { version } = JSON.parse(fs.readFileSync(new URL('../../packages/cli/package.json', import.meta.url), 'utf8')) as { version: string };
    expect(await run(scratch(), '--version')).toEqual({ status: 0, out: `${version}\n`, err: expect.stringMatching(/^parser kernel sha256 [0-9a-f]{64}\n$/) as string });
  });
});
